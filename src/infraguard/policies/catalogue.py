"""The policies of some folders: found, compiled or recalled, and selected."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Sequence
from pathlib import Path

from infraguard.model.errors import PolicyError, UsageError
from infraguard.model.nearest import nearest
from infraguard.model.policy import Policy
from infraguard.policies import cache
from infraguard.policies.schema import read_policy

#: The compiled form that a wheel carries beside the YAML.
COMPILED = "catalogue.json"
CASES = ".cases.yaml"
_NOT_POLICIES = frozenset({"frameworks", "gates.yaml"})


def load_catalogue(folders: Sequence[Path]) -> tuple[Policy, ...]:
    """All policies of the folders, by id. Raises `PolicyError` at a mistake, and where an id comes twice.

    A folder that is named twice, in the settings and on the command line, counts once.
    """
    by_id: dict[str, Policy] = {}
    for folder in {folder.resolve(): folder for folder in folders}.values():
        for policy in load_folder(folder):
            if policy.id in by_id:
                raise PolicyError(
                    f"the gate {policy.id!r} has a policy already, in {by_id[policy.id].at.file}",
                    file=policy.at.file,
                    line=1,
                    hint="give yours an id of its own, and leave the other out with --exclude",
                )
            by_id[policy.id] = policy
    return tuple(by_id[name] for name in sorted(by_id))


def load_folder(folder: Path) -> tuple[Policy, ...]:
    """The policies of one folder, from their compiled form where there is one for this very content."""
    compiled = folder / COMPILED
    if compiled.is_file():
        return cache.decode(compiled.read_bytes())
    files = policy_files(folder)
    name = cache.digest({f"{folder}/{path}": content for path, content in files.items()})
    policies = cache.recall(name)
    if policies is None:
        policies = compile_files(files, folder.as_posix())
        cache.remember(name, policies)
    return policies


def policy_files(folder: Path) -> dict[str, bytes]:
    """The policy files of a folder by their path in it. Raises `UsageError` where there is nothing to load."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder of policies")
    files = {
        path.relative_to(folder).as_posix(): _content(path)
        for path in sorted(folder.rglob("*.yaml"))
        if not path.name.endswith(CASES) and path.relative_to(folder).parts[0] not in _NOT_POLICIES
    }
    if not files:
        raise UsageError(f"{folder}: no policy in it", hint="a policy is a file <area>/<name>.yaml")
    return files


def compile_files(files: dict[str, bytes], folder: str) -> tuple[Policy, ...]:
    """Read policy files; `folder` is how messages name where they lie. Raises `PolicyError` at the first mistake."""
    policies = []
    for path, content in files.items():
        shown = f"{folder}/{path}"
        if "/" not in path:
            raise PolicyError("it lies in no area", file=shown, hint="a policy is a file <area>/<name>.yaml")
        policies.append(read_policy(_decoded(content, shown), shown, path.removesuffix(".yaml")))
    return tuple(policies)


def read_text(path: Path) -> str:
    """The text of a file beside policies. Raises `PolicyError` where there is none to read."""
    return _decoded(_content(path), str(path))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PolicyError(f"cannot be read: {error.strerror}", file=str(path)) from error


def _decoded(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PolicyError("not UTF-8 text", file=file, line=content.count(b"\n", 0, error.start) + 1) from error


def select(policies: Iterable[Policy], chosen: Sequence[str], left_out: Sequence[str]) -> tuple[Policy, ...]:
    """The policies that match a chosen glob (all, when there is none) and no glob that is left out.

    Raises `UsageError` for a glob that matches nothing, and when nothing is left: neither must look like a clean scan.
    """
    every = tuple(policies)
    ids = [policy.id for policy in every]
    for pattern in (*chosen, *left_out):
        if not fnmatch.filter(ids, pattern):
            raise UsageError(
                f"no gate matches {pattern!r}",
                hint=nearest(pattern, ids) or "`infraguard policies list` shows them all",
            )
    left = tuple(
        policy
        for policy in every
        if (not chosen or any(fnmatch.fnmatchcase(policy.id, glob) for glob in chosen))
        and not any(fnmatch.fnmatchcase(policy.id, glob) for glob in left_out)
    )
    if every and not left:
        raise UsageError("no gate is left to judge", hint="every gate that is selected is excluded as well")
    return left
