"""Python files as syntax trees. They are never imported and never run."""

from __future__ import annotations

import ast
import warnings

from infraguard.model.errors import SyntaxProblem

#: The parser takes some hundred bytes of memory for each byte; sources of people are far smaller.
MAX_BYTES = 1024 * 1024


def parse_python(content: bytes, path: str) -> ast.Module:
    """The syntax tree of a file, decoded as its coding line says. Raises `SyntaxProblem`."""
    if len(content) > MAX_BYTES:
        raise SyntaxProblem("too large a Python file to parse", file=path, line=1, hint="split the file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # warnings on the source, such as invalid escapes, are its author's matter
            return ast.parse(content, path)
    except SyntaxError as error:
        hint = "it is parsed as the Python that runs the scan reads it; run the scan with the project's version"
        raise SyntaxProblem(f"not Python: {error.msg}", file=path, line=error.lineno or 1, hint=hint) from error
    except ValueError as error:
        raise SyntaxProblem(f"not Python: {error}", file=path, line=1) from error
    except (MemoryError, RecursionError) as error:
        raise SyntaxProblem("nested too deeply", file=path, line=1) from error
