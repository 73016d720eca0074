"""Compose files: services as Compose merges them, and what a project of them holds together."""
