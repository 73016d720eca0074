"""Expressions to values, with what is unknown carried along."""
