"""Python files as syntax trees. They are never imported and never run."""

from __future__ import annotations

import ast
import warnings
from typing import Final

from infraguard.collectors.repository.python.newer_syntax import in_older_syntax
from infraguard.model.errors import SyntaxProblem
from infraguard.readers.patterns import pattern

_TEMPLATE: Final = pattern(rb"(?m)^[ \t]*\{%-? *\w[^\n]*%\}[ \t\r]*$")
#: The parser takes some hundred bytes of memory for each byte; sources of people are far smaller.
MAX_BYTES = 1024 * 1024


def parse_python(content: bytes, path: str) -> ast.Module:
    """The syntax tree of a file, decoded as its coding line says. Raises `SyntaxProblem`."""
    if len(content) > MAX_BYTES:
        raise SyntaxProblem("too large a Python file to parse", file=path, line=1, hint="split the file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # warnings on the source, such as invalid escapes, are its author's matter
            return _parsed(content, path)
    except SyntaxError as error:
        hint = "it is parsed as the Python that runs the scan reads it; run the scan with the project's version"
        raise SyntaxProblem(f"not Python: {error.msg}", file=path, line=error.lineno or 1, hint=hint) from error
    except ValueError as error:
        raise SyntaxProblem(f"not Python: {error}", file=path, line=1) from error
    except (MemoryError, RecursionError) as error:
        raise SyntaxProblem("nested too deeply", file=path, line=1) from error


def is_template(content: bytes) -> bool:
    """Whether a text that is no Python is one that Jinja makes Python of, for somebody else to run."""
    return bool(_TEMPLATE.search(content))


def _parsed(content: bytes, path: str) -> ast.Module:
    try:
        return ast.parse(content, path)
    except SyntaxError as error:
        try:
            return ast.parse(in_older_syntax(content.decode("utf-8-sig")), path)
        except (SyntaxError, ValueError):
            raise error from None  # what is wrong with it is said of the text as it was written
