"""What a command does, as short straight stories."""
