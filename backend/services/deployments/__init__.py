"""What device management of Windows, macOS and Linux takes, one module each."""
