"""The functions of the AWS provider: names of resources taken apart and put together."""

from __future__ import annotations

from typing import Final

from infraguard.terraform.evaluation.failures import EvaluationError
from infraguard.terraform.functions.signature import Function, text

_PARTS: Final = ("partition", "service", "region", "account_id", "resource")
_ROLE: Final = "role/"


def _parse(arn: str) -> dict[str, str]:
    if not arn.startswith("arn:"):
        raise EvaluationError("an ARN starts with arn:")
    parts = arn.split(":", 5)[1:]
    if len(parts) < len(_PARTS):
        raise EvaluationError("an ARN has six sections")
    return dict(zip(_PARTS, parts, strict=True))


def _build(*parts: str) -> str:
    return ":".join(("arn", *parts))


def _trim_role_path(arn: str) -> str:
    """The ARN of a role without the path before its name."""
    parts = _parse(arn)
    if parts["service"] != "iam" or parts["region"] or not parts["resource"].startswith(_ROLE):
        raise EvaluationError("it is not the ARN of a role")
    parts["resource"] = _ROLE + parts["resource"].rpartition("/")[2]
    return _build(*parts.values())


FUNCTIONS = {
    "provider::aws::arn_parse": Function(_parse, (text,)),
    "provider::aws::arn_build": Function(_build, (text,) * len(_PARTS)),
    "provider::aws::trim_iam_role_path": Function(_trim_role_path, (text,)),
}
