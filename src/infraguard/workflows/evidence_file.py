"""Evidence on disk: saved by one scan, judged again by another, with the same result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from infraguard.model.errors import UsageError
from infraguard.model.evidence import Evidence
from infraguard.model.explanations import Derivation
from infraguard.model.values import with_markers
from infraguard.workflows.masking import masked
from infraguard.writing import write_whole

SCHEMA = "infraguard/evidence/v1"
#: How many resources are written at a time: they are nearly all of a file, which is never in memory whole.
_TOGETHER: Final = 500


class _File(Struct, frozen=True, omit_defaults=True):
    """`ways` are those of the values that decided the findings of the scan that saved it, by unit."""

    schema: str
    read_at: str
    evidence: Evidence
    ways: dict[str, tuple[Derivation, ...]] = {}


class _Parts(Struct, frozen=True):
    """The evidence of a file by the names of its parts, all of which are written, and no others."""

    evidence: dict[str, msgspec.Raw]


def save_evidence(
    evidence: Evidence, path: Path, *, read_at: str, ways: Mapping[str, tuple[Derivation, ...]] = MappingProxyType({})
) -> None:
    """Write evidence, which tells how an account is built, for its owner only. Raises `UsageError`."""
    try:
        write_whole(path, _pieces(evidence, read_at, ways), private=True)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error


def _pieces(evidence: Evidence, read_at: str, ways: Mapping[str, tuple[Derivation, ...]]) -> Iterator[bytes]:
    """The file, its resources some at a time."""
    key, resources = b'\n  "resources": [', evidence.resources
    around = _text(_File(SCHEMA, read_at, replace(evidence, resources=()), dict(ways)))
    before, _, after = around.partition(key)
    yield before + key
    for start in range(0, len(resources), _TOGETHER):
        some = masked(replace(evidence, resources=resources[start : start + _TOGETHER])).resources
        _, _, piece = _text({"evidence": {"resources": some}}).partition(key)
        yield (b"," if start else b"") + piece.removesuffix(b"\n  ]\n }\n}")
    yield (b"\n  " if resources else b"") + after + b"\n"


def _text(document: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(document), indent=1)


def load_evidence(path: Path) -> Evidence:
    """The evidence in a file. Raises `UsageError` for anything else."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        file = msgspec.json.decode(content, type=_File)
        parts = msgspec.json.decode(content, type=_Parts).evidence
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(
            f"{path}: not saved evidence: {error}",
            hint="evidence is what `--save-evidence` writes; a Terraform plan is given with --plan",
        ) from error
    if file.schema != SCHEMA:
        raise UsageError(f"{path}: evidence of the form {file.schema!r}, and {SCHEMA} is understood")
    if set(parts) != set(Evidence.__struct_fields__) or not (file.evidence.collected or file.evidence.gaps):
        raise UsageError(
            f"{path}: evidence of nothing, or not as it was saved", hint="scan again: what is missing is never passed"
        )
    resources = tuple(
        replace(resource, attributes=with_markers(resource.attributes)) for resource in file.evidence.resources
    )
    return replace(file.evidence, resources=resources)


def load_ways(path: Path) -> dict[str, tuple[Derivation, ...]]:
    """The ways that evidence was saved with, by unit; of a file that `load_evidence` understands."""
    file = msgspec.json.decode(path.read_bytes(), type=_File)
    return {unit: tuple(_marked(each) for each in ways) for unit, ways in file.ways.items()}


def _marked(derivation: Derivation) -> Derivation:
    children = tuple(_marked(child) for child in derivation.children)
    return replace(derivation, value=with_markers(derivation.value), children=children)
