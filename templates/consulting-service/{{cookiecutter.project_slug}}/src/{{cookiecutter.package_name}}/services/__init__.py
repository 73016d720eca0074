"""What the portal does, apart from how it is asked."""
