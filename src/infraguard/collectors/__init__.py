"""One package a source; all I/O with targets happens here."""
