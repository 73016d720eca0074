"""Answers that the emulator lacks or gives wrongly, written as botocore would read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatch
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from moto.iam.models import get_account_id_from

from tests.emulator.calls import Call


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an operation answers instead: `output` in the shape that a boto3 client returns, with ISO 8601 times.

    `when` compares arguments of the call, None meaning "not given", so pages can be told apart by their token.
    """

    service: str
    operation: str
    output: dict[str, Any]
    region: str = "*"
    account: str = "*"
    when: dict[str, Any] = field(default_factory=dict)

    def fits(self, call: Call) -> bool:
        return (
            (self.service, self.operation) == (call.service, call.operation)
            and fnmatch(call.region, self.region)
            and fnmatch(get_account_id_from(call.key), self.account)
            and all(call.arguments.get(name) == value for name, value in self.when.items())
        )

    def body(self, call: Call) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body, in the protocol of the call."""
        model = get_service_model(self.service)
        operation = model.operation_model(self.operation)
        serializer = get_serializer_class(model.service_name, call.protocol)(operation_model=operation)
        written = serializer.serialize(_with_times(operation.output_shape, self.output))
        content = written["body"]
        headers = {name: str(value) for name, value in written["headers"].items() if name.lower() != "content-length"}
        return written["status_code"], headers, content.encode() if isinstance(content, str) else content


def _with_times(shape: Shape | None, value: Any) -> Any:
    """The value with its ISO texts as times where the shape says that they are."""
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        return {name: _with_times(shape.members.get(name), item) for name, item in value.items()}
    if isinstance(shape, ListShape):
        return [_with_times(shape.member, item) for item in value]
    if isinstance(shape, MapShape):
        return {name: _with_times(shape.value, item) for name, item in value.items()}
    if shape is not None and shape.type_name == "timestamp" and isinstance(value, str):
        return datetime.fromisoformat(value)
    return value
