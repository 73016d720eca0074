"""Cases: what a policy must say of given evidence. They are its tests, and the examples in its documentation."""

from __future__ import annotations

from typing import Any, Final, Literal

from msgspec import Struct, field

from infraguard.model.errors import PolicyError, SyntaxProblem
from infraguard.model.evidence import Source
from infraguard.model.findings import Verdict
from infraguard.model.policy import At
from infraguard.policies.cursor import Cursor
from infraguard.readers.yaml import read_document

_KEYS: Final = ("name", "source", "verdict", "because", "terraform", "files", "resources", "gaps", "message", "why")
_RESOURCE_KEYS: Final = ("kind", "id", "environment", "attributes", "region")
_GAP_KEYS: Final = ("scope", "reason", "kinds")


class Case(Struct, frozen=True, kw_only=True):
    """One situation and the verdict that the policy must give on it, from one source.

    The evidence is given as Terraform text, as files of a repository, or as resources of a live source.
    `message` and `because` are fragments that a finding's message and reason must hold.
    """

    name: str
    source: Source
    verdict: Verdict
    files: dict[str, str] = field(default_factory=dict)
    resources: tuple[dict[str, Any], ...] = ()
    gaps: tuple[dict[str, Any], ...] = ()
    message: str = ""
    because: str = ""
    why: str = ""
    form: Literal["files", "resources"] = "files"
    at: At = At()


def read_cases(text: str, file: str) -> tuple[Case, ...]:
    """The cases in a file. Raises `PolicyError` at the place of a mistake."""
    try:
        document = read_document(text, file)
    except SyntaxProblem as error:
        raise PolicyError(error.why, file=file, line=error.line, column=error.column, hint=error.hint) from error
    cursor = Cursor(document, file).mapping(("cases",))
    cases = tuple(_case(item) for item in cursor.need("cases").sequence())
    seen: set[str] = set()
    for case in cases:
        if case.name in seen:
            raise PolicyError(f"two cases are named {case.name!r}", file=file, line=case.at.line)
        seen.add(case.name)
    return cases


def _case(cursor: Cursor) -> Case:
    cursor.mapping(_KEYS)
    terraform, files, resources = cursor.get("terraform"), cursor.get("files"), cursor.get("resources")
    gaps = cursor.get("gaps")
    live = resources is not None or gaps is not None
    if sum((terraform is not None, files is not None, live)) != 1:
        cursor.fail("a case gives one of `terraform`, `files`, or `resources` and `gaps`")
    given = {"main.tf": terraform.text() + "\n"} if terraform else _files(files) if files else {}
    optional = {key: found.text() for key in ("message", "because", "why") if (found := cursor.get(key))}
    return Case(
        name=cursor.need("name").text(),
        source=Source(cursor.need("source").choice(Source)),
        verdict=Verdict(cursor.need("verdict").choice(Verdict)),
        files=given,
        resources=tuple(item.mapping(_RESOURCE_KEYS).data for item in resources.sequence()) if resources else (),
        gaps=tuple(item.mapping(_GAP_KEYS).data for item in gaps.sequence()) if gaps else (),
        form="resources" if live else "files",
        at=cursor.at,
        **optional,
    )


def _files(cursor: Cursor) -> dict[str, str]:
    return {
        path: content.data if content.data == "" else content.text() + "\n"
        for path, content in cursor.mapping().items()
    }
