"""One file a format, and one table of formats."""
