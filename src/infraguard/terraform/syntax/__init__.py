"""HCL text to a syntax tree, with the exact place of every value and of every error."""

from infraguard.terraform.syntax.parser import parse_expression, parse_file, parse_template

__all__ = ["parse_expression", "parse_file", "parse_template"]
