"""Workflows run for real, without containers: nektos/act on the host, with stubs for actions of other repositories.

What act does not do in this mode is for other tests to check in the text: filters of branches and paths, permissions,
environments, concurrency, services.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from infraguard.readers.yaml import read_document
from tests.tools import run, run_ok, tool

#: act brings this one itself: it copies the working tree.
_BUILT_IN = "actions/checkout"


class Stub(Struct, frozen=True):
    """What stands in for an action: commands that it runs, and outputs that it gives."""

    run: str = ":"
    outputs: Mapping[str, str] = field(default_factory=dict)


class Call(Struct, frozen=True):
    """One use of a stubbed action: `owner/name/path@ref`, and its inputs as the run made them."""

    action: str
    inputs: dict[str, str]


class Step(Struct, frozen=True):
    """A step of a job that ran."""

    job: str
    name: str
    result: str


class ActRun(Struct, frozen=True):
    """What happened."""

    exit_code: int
    #: Result of each finished job, by name and values of its matrix.
    jobs: dict[tuple[str, tuple[str, ...]], str]
    steps: list[Step]
    calls: list[Call]
    #: Messages about jobs that act passed over: each is a hole in the test.
    passed_over: list[str]
    #: What act and the steps said.
    output: str

    def inputs(self, action: str) -> list[dict[str, str]]:
        """The inputs of every call of an action, named without its ref."""
        return [call.inputs for call in self.calls if call.action.partition("@")[0] == action]

    @property
    def summary(self) -> str:
        """How many jobs and steps ran, and with which results."""
        parts = []
        for what, results in (("jobs", list(self.jobs.values())), ("steps", [step.result for step in self.steps])):
            counted = Counter(results)
            parts.append(f"{what}: " + ", ".join(f"{counted[one]} {one}" for one in sorted(counted)))
        return "; ".join(parts)

    def result(self, step: str) -> str:
        """The result of the only step of that name."""
        (found,) = (one.result for one in self.steps if one.name == step)
        return found


def make_repository(folder: Path) -> None:
    """Turn a folder into a git repository with one commit and an origin on GitHub, which act wants."""
    git = [tool("git", "install git"), "-c", "user.name=test", "-c", "user.email=test@example.com", "-C", str(folder)]
    run_ok(*git, "init", "--quiet", "--initial-branch=main")
    run_ok(*git, "add", "--all", "--force")
    run_ok(*git, "commit", "--quiet", "--no-gpg-sign", "--message", "start")
    run_ok(*git, "remote", "add", "origin", "https://github.com/example/example.git")


def run_workflow(
    repository: Path,
    workflow: str,
    scratch: Path,
    *,
    event: str = "push",
    actions: Mapping[str, Path] | None = None,
    stubs: Mapping[str, Stub] | None = None,
    environment: Mapping[str, str] | None = None,
    variables: Mapping[str, str] | None = None,
    inputs: Mapping[str, str] | None = None,
) -> ActRun:
    """Run one workflow of a git repository on this machine; `scratch` takes act's files and must be empty.

    An action of another repository comes from its folder in `actions` (`owner/name@ref`), or is replaced by its stub
    (`owner/name`), or by one that only records its inputs. `inputs` are what a person gives who starts it by hand. Jobs
    run one after another: they share this machine.
    """
    calls = scratch / "calls.jsonl"
    calls.touch()
    actions = actions or {}
    documents = [document for folder in (repository, *actions.values()) for document in _documents(folder)]
    command = [
        tool("act"), event, "--directory", str(repository), "--workflows", workflow, "--json",
        "--action-offline-mode", "--action-cache-path", str(scratch / "cache"), "--env-file", os.devnull,
        "--no-cache-server", "--artifact-server-addr", "127.0.0.1", "--concurrent-jobs", "1",
        "--env", f"STUB_CALLS={calls}",
        *_platforms(documents), *_write_stubs(documents, scratch / "stubs", actions, stubs or {}),
    ]  # fmt: skip
    for name, value in (environment or {}).items():
        command += ["--env", f"{name}={value}"]
    for name, value in (variables or {}).items():
        command += ["--var", f"{name}={value}"]
    for name, value in (inputs or {}).items():
        command += ["--input", f"{name}={value}"]
    # Steps find programs by the PATH that act itself has.
    path = {"PATH": environment["PATH"]} if environment and "PATH" in environment else {}
    home = {"HOME": str(scratch), "XDG_CONFIG_HOME": str(scratch), "XDG_CACHE_HOME": str(scratch)}
    done = run(*command, env={**home, **path}, timeout=1800)
    events = [json.loads(line) for line in (done.stdout + done.stderr).splitlines() if line.startswith("{")]
    return ActRun(
        exit_code=done.returncode,
        jobs={_job(event): event["jobResult"] for event in events if "jobResult" in event},
        steps=[
            Step(event["job"], event["step"], event["stepResult"])
            for event in events
            # Steps inside an action have longer ids.
            if event.get("stage") == "Main" and "stepResult" in event and len(event["stepID"]) == 1
        ],
        calls=[Call(**json.loads(line)) for line in calls.read_text("utf-8").splitlines()],
        passed_over=[event["msg"] for event in events if "unsupported platform" in event.get("msg", "")],
        output="\n".join(event.get("msg", "").rstrip() for event in events),
    )


def _job(event: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    name = re.sub(r"-\d+$", "", event["jobID"] if "jobID" in event else event["job"])
    return name, tuple(str(value) for value in (event.get("matrix") or {}).values())


def _documents(repository: Path) -> list[Any]:
    """Workflows and actions of the repository."""
    files = [*repository.glob(".github/workflows/*.y*ml"), *repository.glob("action.y*ml")]
    return [read_document(file.read_text("utf-8"), file.name).data for file in sorted(files)]


def _platforms(documents: list[Any]) -> Iterator[str]:
    """Every label of `runs-on` means this machine; act passes over jobs with a label that it does not know."""
    for document in documents:
        for job in document.get("jobs", {}).values():
            # A job that calls another workflow has no machine of its own.
            if "runs-on" in job:
                yield from ("--platform", f"{job['runs-on']}=-self-hosted")


def _uses(node: Any) -> Iterator[tuple[str, list[str]]]:
    """Each action of another repository, with the names of the inputs it is given."""
    if isinstance(node, dict):
        action = node.get("uses")
        if isinstance(action, str) and not action.startswith(("./", "$/", "docker://", f"{_BUILT_IN}@")):
            yield action, list(node.get("with") or {})
        for value in node.values():
            yield from _uses(value)
    elif isinstance(node, list):
        for value in node:
            yield from _uses(value)


def _write_stubs(
    documents: list[Any], folder: Path, actions: Mapping[str, Path], stubs: Mapping[str, Stub]
) -> Iterator[str]:
    """Write a stub for each action that is not there itself, and yield the flags that make act take them."""
    inputs: dict[str, set[str]] = {}
    for document in documents:
        for action, given in _uses(document):
            inputs.setdefault(action, set()).update(given)
    for action, home in actions.items():
        inputs.pop(action, None)
        yield from ("--local-repository", f"{action}={home}")
    for action, names in inputs.items():
        path, _, ref = action.partition("@")
        owner, name, *rest = path.split("/")
        home = folder / f"{owner}-{name}-{ref}"
        file = home.joinpath(*rest, "action.yml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(_stub_action(action, names, stubs.get(path, Stub()))), "utf-8")
        yield from ("--local-repository", f"{owner}/{name}@{ref}={home}")


def _stub_action(action: str, inputs: set[str], stub: Stub) -> dict[str, Any]:
    """A composite action, as JSON, which is YAML too."""
    outputs = "\n".join(f"echo '{name}={value}' >> \"$GITHUB_OUTPUT\"" for name, value in stub.outputs.items())
    record = 'printf \'{"action": "%s", "inputs": %s}\\n\' "$ACTION" "$(printf %s "$INPUTS" | tr -d "\\n")"'
    return {
        "name": "stub",
        "description": f"Stands in for {action}",
        "inputs": {name: {"description": name, "required": False} for name in sorted(inputs)},
        "outputs": {
            name: {"description": name, "value": f"${{{{ steps.stub.outputs.{name} }}}}"} for name in stub.outputs
        },
        "runs": {
            "using": "composite",
            "steps": [
                {
                    "id": "stub",
                    "shell": "bash",
                    "env": {"ACTION": action, "INPUTS": "${{ toJSON(inputs) }}"},
                    "run": f'{record} >> "$STUB_CALLS"\n{outputs}\n{stub.run}\n',
                }
            ],
        },
    }
