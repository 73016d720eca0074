"""Modules and what they declare, evaluated on demand."""
