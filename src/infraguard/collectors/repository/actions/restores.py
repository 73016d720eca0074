"""Workflows that restore a backup by themselves, and what they do with it afterwards: `restore_test`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from infraguard.collectors.repository.found import UNIT
from infraguard.collectors.repository.suites.elsewhere import PIPELINES
from infraguard.model.evidence import Gap, GapReason, Resource, Source
from infraguard.model.values import Location
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

KINDS: Final = ("restore_test",)
_RESTORES: Final = pattern(
    r"(?i)pg_restore|restore-db-(?:instance|cluster)|start-restore-job|restore-from|point-in-time|\brestor(?:e|es|ing)\b.*\b(?:backup|snapshot|database|db)\b|"
    r"\b(?:backup|snapshot|database|db)s?[ _-]restore|restore[_-](?:test|drill|check|backup|database|db|snapshot)"
)
_VALIDATES: Final = pattern(
    r"(?i)valid|verif|judg|inspect|\bcheck|assert|\bcount\b|\bcompare|checksum|pg_amcheck|smoke|reconcil|put-restore-validation-result"
)
#: A file of the repository that tests work on is no backup.
_SAMPLE: Final = pattern(r"(?i)(?:sample|fixture|demo|dummy)[\w./-]*\.(?:backup|bak|dump|gz|sql|tar|tgz|zip)\b")
_FIELDS: Final = 5


def _restores(text: str) -> bool:
    return any(_RESTORES.search(line) and not _SAMPLE.search(line) for line in text.replace("\\\n", " ").splitlines())


def restore_tests(resources: tuple[Resource, ...]) -> Iterator[Resource]:
    """One for each workflow with a step that restores something."""
    steps: dict[str, list[Resource]] = {}
    for each in resources:
        if each.kind == "workflow_step":
            steps.setdefault(each.attributes["workflow"], []).append(each)
    for workflow in (each for each in resources if each.kind == "workflow"):
        found = [(step, _text(step)) for step in steps.get(workflow.id, ())]
        restoring = next((index for index, (_, text) in enumerate(found) if _restores(text)), None)
        if restoring is None:
            continue
        schedule = (
            workflow.attributes["triggers"].get("schedule")
            if isinstance(workflow.attributes["triggers"], dict)
            else None
        )
        lines = [str(line) for line in schedule] if isinstance(schedule, list) else []
        attributes: dict[str, Any] = {
            "workflow": workflow.id,
            "is_scheduled": bool(lines),
            "is_monthly": any(_at_least_monthly(line) for line in lines),
            "validates": any(_VALIDATES.search(text) for _, text in found[restoring:]),
        }
        place = found[restoring][0].location
        yield Resource(
            kind="restore_test",
            id=workflow.id,
            source=Source.REPO,
            unit=UNIT,
            attributes=attributes,
            location=place,
            places={
                "is_monthly": workflow.places.get("triggers", workflow.location),
                "is_scheduled": workflow.location,
            },
        )


def restores_elsewhere(tree: Tree) -> tuple[Gap, ...]:
    """A gap for each pipeline of another system that restores something: whether it does so every month is not read."""
    found = (path for path in tree.paths if PIPELINES.fullmatch(path) and _restores(text_or_empty(tree, path)))
    return tuple(
        Gap(
            source=Source.REPO,
            scope=path,
            reason=GapReason.UNSUPPORTED,
            detail="it restores a backup, and pipelines of this system are not read",
            remedy="restore it in a scheduled GitHub workflow, or leave the gates on restores out with --exclude",
            unit=UNIT,
            kinds=KINDS,
            location=Location(file=path),
        )
        for path in found
    )


def _text(step: Resource) -> str:
    values = step.attributes
    return " ".join(str(values.get(key, "")) for key in ("name", "run", "uses", "id"))


def _at_least_monthly(cron: str) -> bool:
    """Whether a line of cron goes off in every month: no month and not only a weekday of one is picked out."""
    fields = cron.split()
    return len(fields) == _FIELDS and fields[3] in ("*", "*/1", "1-12")
