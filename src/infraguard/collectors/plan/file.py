"""One file that the user named, read within bounds."""

from __future__ import annotations

import codecs
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from infraguard.collectors.plan.document import Document
from infraguard.model.errors import UsageError

#: Bytes. A plan of ten thousand resources has some fifty million.
MAX_SIZE: Final = 300_000_000
#: How a state gets the form that is read.
STATE_HINT: Final = "write one with `terraform show -json > state.json`, where the state is"
HINT: Final = "write one with `terraform plan -out=plan.out` and `terraform show -json plan.out > plan.json`"
_ZIP: Final = b"PK\x03\x04"


class _Envelope(msgspec.Struct, frozen=True):
    """What tells the kinds of JSON files apart."""

    format_version: str | None = None
    lineage: str | None = None
    message: str | None = msgspec.field(name="@message", default=None)


def read_document(path: Path) -> Document:
    """The plan or state in a file, whatever the major version of its format. Raises `UsageError` for anything else."""
    content = _content(path)
    if content.startswith(_ZIP):
        raise UsageError(f"{path}: a plan in Terraform's own binary form", hint=HINT)
    try:
        with _without_collecting():
            envelope = msgspec.json.decode(content, type=_Envelope)
            if envelope.format_version is None:
                hint = HINT if envelope.lineage is None else STATE_HINT
                raise UsageError(f"{path}: {_otherwise(envelope)}", hint=hint)
            if not is_understood(envelope.format_version):
                return Document(format_version=envelope.format_version)
            return msgspec.json.decode(content, type=Document)
    except msgspec.ValidationError as error:
        raise UsageError(f"{path}: not the JSON form of a Terraform plan or state: {error}", hint=HINT) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not complete, valid JSON: {error}", hint=HINT) from error
    except RecursionError as error:
        raise UsageError(f"{path}: nested too deeply for a Terraform plan", hint=HINT) from error


def is_understood(format_version: str) -> bool:
    """Whether we know the format: minor versions only add to it, and majors before 1 do not mark what is sensitive."""
    return format_version.partition(".")[0] == "1"


def _content(path: Path) -> bytes:
    """The bytes as UTF-8; PowerShell redirects to UTF-16."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_SIZE + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}", hint=HINT) from error
    if len(content) > MAX_SIZE:
        raise UsageError(f"{path}: larger than {MAX_SIZE // 1_000_000} MB", hint="scan the plans of smaller roots")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace").encode()
    return content.removeprefix(codecs.BOM_UTF8)


def _otherwise(envelope: _Envelope) -> str:
    if envelope.lineage is not None:
        return "a raw state, whose form Terraform may change: give what `terraform show -json` prints"
    if envelope.message is not None:
        return "the log that `terraform plan -json` prints, which is not the plan"
    return "JSON, but neither a Terraform plan nor a state"


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Decoding makes many objects and no cycles: looking for those would take two thirds of its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
