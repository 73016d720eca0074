"""Prometheus rules and their expressions."""
