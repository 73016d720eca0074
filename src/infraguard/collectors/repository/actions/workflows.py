"""GitHub workflows: `workflow`, `workflow_job` and `workflow_step`. Read as text and never run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, structs

from infraguard.collectors.repository.actions.jobs import job_attributes
from infraguard.collectors.repository.actions.own_calls import with_own_calls
from infraguard.collectors.repository.actions.steps import labels, step_attributes
from infraguard.collectors.repository.actions.triggers import triggers
from infraguard.collectors.repository.found import Family, Found, each_file
from infraguard.model.errors import RepeatedKey, SyntaxProblem
from infraguard.model.evidence import Resource, Source
from infraguard.model.values import Location
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree
from infraguard.readers.yaml import Document, read_document

#: `test_command` is derived from the steps by `test_commands`, and `restore_test` by `restores`.
KINDS = (
    "workflow",
    "workflow_job",
    "workflow_step",
    "test_command",
    "tool_run",
    "image_build",
    "deployment",
    "infrastructure_deployment",
    "task_run",
    "infrastructure_run",
    "infrastructure_job",
    "cloud_login",
    "restore_test",
)
_PATH = pattern(r"\.github/workflows/[^/]+\.ya?ml\Z")


class _File(Struct, frozen=True):
    """A workflow file while it is read."""

    path: str
    document: Document

    def mapping(self, value: Any, path: str, what: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.problem(path, f"{what} must be a mapping")
        return value

    def problem(self, path: str, why: str) -> SyntaxProblem:
        place = self.document.at(path) or Location(file=self.path, line=1)
        hint = "mend the workflow: GitHub does not run it as it is"
        return SyntaxProblem(why, file=self.path, line=place.line, column=place.column, hint=hint)

    def resource(self, kind: str, suffix: str, path: str, attributes: dict[str, Any]) -> Resource:
        """A resource whose attributes stand in the file under the same names, with `-` for `_`."""
        prefix = f"{path}." if path else ""
        named = {key: self.document.places.get(f"{prefix}{key.replace('_', '-')}") for key in attributes}
        references: dict[str, tuple[str, ...]] = {
            key: (str(attributes[key]),) for key in ("workflow", "job") if key in attributes
        }
        return Resource(
            kind=kind,
            id=f"{self.path}{suffix}",
            source=Source.REPO,
            unit=".",
            attributes=attributes,
            location=self.document.keys.get(path) or self.document.at(path) or Location(file=self.path, line=1),
            places={key: place for key, place in named.items() if place},
            references=references,
        )


def _wants(path: str) -> bool:
    return bool(_PATH.match(path))


def _read_workflow(tree: Tree, path: str) -> Iterator[Resource]:
    document, is_refused = _document(tree, path)
    file = _File(path, document)
    if _is_empty(file.document.data):
        return
    data = file.mapping(file.document.data, "", "a workflow")
    on_place = file.document.keys.get("on")
    if on_place is None:
        raise file.problem("", "a workflow without `on`")
    jobs = file.mapping(data.get("jobs"), "jobs", "`jobs`")
    if is_refused:
        data = {**data, "on": {}}
    attributes = {
        "name": data.get("name") or path.rpartition("/")[2],
        "triggers": triggers(data["on"], path, on_place.line),
        "permissions": data.get("permissions"),
        "env": data.get("env"),
        "concurrency": data.get("concurrency"),
        "defaults": data.get("defaults"),
    }
    yield file.resource("workflow", "", "", {key: value for key, value in attributes.items() if value is not None})
    for job_id, job in jobs.items():
        yield from _read_job(file, data, job_id, file.mapping(job, f"jobs.{job_id}", f"the job {job_id!r}"))


def _document(tree: Tree, path: str) -> tuple[Document, bool]:
    """What stands in the file, and whether GitHub refuses it: a key that stands twice lets nothing of it start."""
    text = tree.read(path)
    try:
        return read_document(text, path), False
    except RepeatedKey:
        return read_document(text, path, joins=True), True


def _is_empty(data: Any) -> bool:
    """Whether there is nothing to run: a file without a line, or with no jobs yet, which GitHub refuses."""
    return data is None or (isinstance(data, dict) and "on" in data and data.get("jobs") in (None, {}))


def _read_job(file: _File, workflow: dict[str, Any], job_id: str, job: dict[str, Any]) -> Iterator[Resource]:
    path = f"jobs.{job_id}"
    steps = job.get("steps", [])
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise file.problem(f"{path}.steps", "`steps` must be a list of mappings")
    token = job.get("permissions", workflow.get("permissions", _only_called(workflow)))
    attributes = {"workflow": file.path, "job_id": job_id, **job_attributes(job)}
    if token is not None:
        attributes["token_permissions"] = token
    attributes["events"] = sorted(triggers(workflow["on"], file.path, 1))
    attributes_of_job = attributes
    environment = attributes.get("environment")
    yield file.resource("workflow_job", f"#{job_id}", path, attributes)
    for index, (step, label) in enumerate(zip(steps, labels(steps), strict=True)):
        attributes = {
            "workflow": file.path,
            "job": f"{file.path}#{job_id}",
            "index": index,
            "events": attributes_of_job["events"],
            **step_attributes(step, job, workflow),
        }
        if environment:
            attributes["job_environment"] = environment
        if f"steps.{step.get('id')}.outcome" in str(steps):
            attributes["outcome_is_asked"] = True
        resource = file.resource("workflow_step", f"#{job_id}/{label}", f"{path}.steps.{index}", attributes)
        yield resource


def _only_called(workflow: dict[str, Any]) -> str | None:
    """What a workflow that others call says of its token by saying nothing: it has what the callers give it."""
    return "of the caller" if workflow["on"] == "workflow_call" or list(workflow["on"]) == ["workflow_call"] else None


def _read(tree: Tree) -> Found:
    found = each_file(tree, _wants, KINDS, _read_workflow)
    return structs.replace(found, resources=tuple(with_own_calls(found.resources)))


FAMILY = Family(KINDS, _wants, _read)
