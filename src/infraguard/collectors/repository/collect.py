"""The story of reading a repository: each family of kinds over the tree, then what the tree could not show."""

from __future__ import annotations

import re

from infraguard.collectors.repository import dockerfiles, python_projects, test_commands, workflows
from infraguard.collectors.repository.found import UNIT, Family, Found, gap_of_problem
from infraguard.model.evidence import EVERY_KIND, Collected, Evidence, Gap, GapReason, Source, Target
from infraguard.readers.tree import Problem, Tree

FAMILIES: tuple[Family, ...] = (workflows.FAMILY, dockerfiles.FAMILY, python_projects.FAMILY)
KINDS = (*(kind for family in FAMILIES for kind in family.kinds), *test_commands.KINDS)
_SUFFIX = re.compile(r"[^/]\.[A-Za-z][A-Za-z0-9]{0,7}\Z")


def collect_repository(tree: Tree, *, name: str = ".", read_at: str = "") -> Evidence:
    """Evidence of the files of a repository. `read_at` is the time of reading, UTC, ISO 8601."""
    read = Found.merged(family.read(tree) for family in FAMILIES)
    steps = [resource for resource in read.resources if resource.kind == "workflow_step"]
    found = Found.merged((read, test_commands.commands_of(tree, steps)))
    hidden = tuple(gap for problem in tree.problems if (gap := _gap(problem)))
    empty = () if tree.paths else (_nothing_to_read(),)
    return Evidence(
        targets=(Target(source=Source.REPO, name=name),),
        resources=found.resources,
        gaps=(*found.gaps, *hidden, *empty),
        collected=(Collected(source=Source.REPO, unit=UNIT, kinds=KINDS, read_at=read_at),),
    )


def _gap(problem: Problem) -> Gap | None:
    """What a path that could not be listed may hide: what a file of that name would give, or all of a folder."""
    kinds = tuple(kind for family in FAMILIES if family.wants(problem.path) for kind in family.kinds)
    if kinds:
        return gap_of_problem(problem, kinds)
    is_no_folder = problem.reason is GapReason.EMPTY or _SUFFIX.search(problem.path)
    return None if is_no_folder else gap_of_problem(problem, (EVERY_KIND,))


def _nothing_to_read() -> Gap:
    return Gap(
        source=Source.REPO,
        scope=".",
        reason=GapReason.EMPTY,
        detail="the folder has no files",
        remedy="give the folder that holds the repository",
        unit=UNIT,
    )
