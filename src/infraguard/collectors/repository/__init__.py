"""Reads a repository's files and the result files of its tools. Nothing is executed or imported."""

from infraguard.collectors.repository.collect import collect_repository

__all__ = ["collect_repository"]
