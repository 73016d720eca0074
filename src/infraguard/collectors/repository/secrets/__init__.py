"""Secrets: those written in files, what keeps them out of files, and where programs and workflows get them from."""
