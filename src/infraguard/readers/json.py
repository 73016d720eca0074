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


def mapping(holder: dict[str, Any], key: str) -> dict[str, Any]:
    """The object under a key; an empty one where there is none."""
    value = holder.get(key)
    return value if isinstance(value, dict) else {}


def mappings(holder: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects of a list under a key; none where there is none."""
    items = holder.get(key)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
