"""`infraguard policies docs`: pages of all gates and frameworks, written, or compared with those that are there."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from infraguard.bundled import bundled_folder
from infraguard.evaluation.predicates import PREDICATES
from infraguard.model.findings import Verdict
from infraguard.model.frameworks import Framework
from infraguard.model.policy import Policy
from infraguard.policies.catalogue import load_catalogue
from infraguard.policies.frameworks import check_framework, framework_names, load_framework
from infraguard.reports.documents.examples import shown_cases
from infraguard.reports.documents.framework import framework_page
from infraguard.reports.documents.gate import GatePage, gate_page
from infraguard.reports.documents.index import frameworks_index, gates_index
from infraguard.workflows.policy_cases import cases_of, findings_of
from infraguard.writing import write_whole

#: The folders of pages. Nothing else may lie in them: a page whose gate is gone is removed.
_FOLDERS: Final = ("gates", "frameworks")


def load_frameworks(policies: Sequence[Policy]) -> tuple[Framework, ...]:
    """All frameworks that are shipped, checked against the policies. Raises `PolicyError` at a mistake."""
    folder = bundled_folder("policies")
    frameworks = tuple(load_framework(folder, name) for name in framework_names(folder))
    for framework in frameworks:
        check_framework(framework, policies)
    return frameworks


def documents() -> dict[str, str]:
    """Every page by its path below the folder of pages."""
    folder = bundled_folder("policies")
    policies = load_catalogue((folder,))
    frameworks = load_frameworks(policies)
    predicates = _predicates()
    pages = {f"gates/{policy.id}.md": gate_page(_page(policy, folder, frameworks, predicates)) for policy in policies}
    manual = frozenset(policy.id for policy in policies if policy.manual)
    pages.update({f"frameworks/{framework.name}.md": framework_page(framework, manual) for framework in frameworks})
    pages["gates/README.md"] = gates_index(policies)
    pages["frameworks/README.md"] = frameworks_index(frameworks)
    return pages


def write_documents(output: Path) -> tuple[str, ...]:
    """Write all pages, remove those of gates that are gone, and return what changed."""
    pages = documents()
    changed = stale_documents(output, pages)
    for path in changed:
        file = output / path
        if path in pages:
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, pages[path].encode())
        else:
            file.unlink()
    return changed


def stale_documents(output: Path, pages: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The pages in a folder that are missing, are not what the policies say, or have no gate; sorted."""
    wanted = documents() if pages is None else pages
    there = {file.relative_to(output).as_posix() for folder in _FOLDERS for file in (output / folder).rglob("*.md")}
    return tuple(
        sorted(
            path
            for path in there | wanted.keys()
            if path not in wanted or path not in there or (output / path).read_text("utf-8") != wanted[path]
        )
    )


def _page(policy: Policy, folder: Path, frameworks: Sequence[Framework], predicates: Mapping[str, str]) -> GatePage:
    cases = cases_of(policy, folder)
    shown = [case for group in shown_cases(cases).values() for case in group if case.verdict is Verdict.FAIL]
    return GatePage(
        policy=policy,
        cases=cases,
        frameworks=tuple(frameworks),
        predicates=predicates,
        findings={case.name: findings_of(policy, case) for case in shown},
    )


def _predicates() -> dict[str, str]:
    """What each predicate asks: its docstring's first line, which begins with "Whether"."""
    return {
        name: (inspect.getdoc(definition.judge) or "").partition("\n")[0].removeprefix("Whether ").rstrip(".")
        for name, definition in PREDICATES.items()
    }
