"""The tools that can be asked, how each is called, and what its exit codes mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from infraguard.readers.patterns import pattern

_PYTHON = pattern(r".*\.py\Z")
_TERRAFORM = pattern(r".*\.(?:tf|tf\.json|tfvars)\Z")
_DOCKERFILE = pattern(r"(?:.*/)?(?:Dockerfile|Containerfile)(?:[.-][\w.-]+)?\Z|.*\.[Dd]ockerfile\Z")
_WORKFLOWS = pattern(r"\.github/(?:workflows/[^/]+\.ya?ml|dependabot\.ya?ml)\Z|(?:.*/)?action\.ya?ml\Z")
_REQUIREMENTS = pattern(r"(?:.*/)?requirements[\w.-]*\.txt\Z|(?:.*/)?requirements/[^/]+\.(?:txt|lock)\Z")
_SQL = pattern(r".*\.sql\Z")


class Tool(Struct, frozen=True, kw_only=True):
    """A scanner. `program` is what its package installs, and `reads` says what it is given of a repository.

    `call` makes its arguments from the files it is given. It runs in the folder that holds them and nothing else, and
    prints its report, or writes it to the file that `report` names; `format` is what that is. With any exit code but
    those of `done` it did not do its work; `remedies` are what helps by a text of what it then says.
    """

    name: str
    program: str
    reads: tuple[re.Pattern[str], ...]
    call: Callable[[Sequence[str]], list[str]]
    format: str
    done: frozenset[int]
    report: str = ""
    remedies: tuple[tuple[str, str], ...] = ()

    def wants(self, path: str) -> bool:
        """Whether it is given this file of a repository."""
        return any(pattern.match(path) for pattern in self.reads)


def _bandit(paths: Sequence[str]) -> list[str]:
    return ["--quiet", "--format", "sarif", *paths]


def _checkov(paths: Sequence[str]) -> list[str]:
    del paths  # it is given the folder
    frameworks = ["--framework", "terraform", "dockerfile", "github_actions"]
    return [
        "--directory",
        ".",
        *frameworks,
        "--quiet",
        "--compact",
        "--skip-download",
        "--output",
        "sarif",
        "--output-file-path",
        ".",
    ]


def _zizmor(paths: Sequence[str]) -> list[str]:
    # Without --strict-collection a workflow that it cannot read is a warning, and the run looks clean.
    return ["--offline", "--no-progress", "--strict-collection", "--format", "sarif", *paths]


def _hadolint(paths: Sequence[str]) -> list[str]:
    return ["--no-fail", "--format", "sarif", *paths]


def _pip_audit(paths: Sequence[str]) -> list[str]:
    # Nothing is resolved or built: that would run code of the scanned repository's choice. With --strict the first
    # package that could not be looked up would hide the others; its report names each, and each is a gap.
    files = [word for path in paths for word in ("--requirement", path)]
    return ["--disable-pip", "--no-deps", "--progress-spinner", "off", "--format", "json", *files]


def _squawk(paths: Sequence[str]) -> list[str]:
    return ["--reporter", "json", *paths]


TOOLS: Final[dict[str, Tool]] = {
    tool.name: tool
    for tool in (
        Tool(name="bandit", program="bandit", reads=(_PYTHON,), call=_bandit, format="sarif", done=frozenset({0, 1})),
        Tool(
            name="checkov",
            program="checkov",
            reads=(_TERRAFORM, _DOCKERFILE, _WORKFLOWS),
            call=_checkov,
            format="sarif",
            done=frozenset({0, 1}),
            report="results_sarif.sarif",
        ),
        Tool(
            name="hadolint",
            program="hadolint",
            reads=(_DOCKERFILE,),
            call=_hadolint,
            format="sarif",
            done=frozenset({0}),
        ),
        Tool(
            name="pip-audit",
            program="pip-audit",
            reads=(_REQUIREMENTS,),
            call=_pip_audit,
            format="json",
            done=frozenset({0, 1}),
            remedies=(
                (
                    "is not pinned",
                    "lock the dependencies with exact versions: pip-compile or `uv pip compile` writes them",
                ),
            ),
        ),
        Tool(name="squawk", program="squawk", reads=(_SQL,), call=_squawk, format="json", done=frozenset({0, 1})),
        Tool(name="zizmor", program="zizmor", reads=(_WORKFLOWS,), call=_zizmor, format="sarif", done=frozenset({0})),
    )
}
