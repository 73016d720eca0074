"""What git's history still holds."""
