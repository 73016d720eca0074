"""HCL text to a syntax tree, with the exact place of every value and of every error."""

from infraguard.terraform.syntax.parser import parse_expression, parse_file, parse_template, parse_what_is_sound

__all__ = ["parse_expression", "parse_file", "parse_template", "parse_what_is_sound"]
