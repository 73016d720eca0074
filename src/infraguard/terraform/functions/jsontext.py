"""Values as JSON text, as Go's encoder writes it for Terraform."""

from __future__ import annotations

import json

from infraguard.model.values import Value
from infraguard.terraform.evaluation.conversion import to_text
from infraguard.terraform.evaluation.values import is_list

#: Go escapes these so that JSON can stand in HTML.
_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def json_text(value: Value) -> str:
    """Compact JSON with sorted keys."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{_string(key)}:{json_text(value[key])}" for key in sorted(value)) + "}"
    if is_list(value):
        return "[" + ",".join(json_text(item) for item in value) + "]"
    if isinstance(value, str):
        return _string(value)
    return "null" if value is None else to_text(value)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).translate(_ESCAPED)
