"""The application in its Python: what it logs, measures, stores and serves. Read by `ast`, never imported or run."""
