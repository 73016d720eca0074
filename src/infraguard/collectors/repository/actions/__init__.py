"""Workflows of GitHub Actions: triggers, jobs, steps."""
