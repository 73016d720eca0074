"""Terraform as Terraform reads it: syntax, expressions, modules, unknowns, provider defaults."""
