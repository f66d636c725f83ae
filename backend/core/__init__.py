"""The outside world: settings, database, Redis, tokens, clock."""
