"""JSON that other programs wrote, whose mistakes have a place."""

from __future__ import annotations

import json
from typing import Any

from infraguard.model.errors import SyntaxProblem


def read_json(content: bytes, file: str) -> Any:
    """The document, a byte order mark left out. Raises `SyntaxProblem` for what is none."""
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SyntaxProblem("not UTF-8 text", file=file, line=1) from error
    except json.JSONDecodeError as error:
        raise SyntaxProblem(f"not JSON: {error.msg}", file=file, line=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise SyntaxProblem("nested too deeply", file=file, line=1) from error
