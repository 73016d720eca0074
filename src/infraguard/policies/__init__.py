"""Policies as data: their schema, loading, catalogue and cases."""
