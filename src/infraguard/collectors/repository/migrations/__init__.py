"""Alembic: the graph of revisions, what each does up and down, and the schema that all of them make."""
