"""A finished report as text: one file a format, and one table of them in `formats`."""
