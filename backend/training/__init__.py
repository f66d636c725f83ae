"""Makes the model that marks names and addresses; nothing that serves needs this room."""
