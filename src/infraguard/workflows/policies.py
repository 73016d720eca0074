"""`infraguard policies`: what gates there are, what one says, and whether their cases hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from infraguard.bundled import bundled_folder
from infraguard.evaluation import needed_kinds
from infraguard.model.errors import UsageError
from infraguard.model.evidence import Source
from infraguard.model.nearest import nearest
from infraguard.model.policy import Policy
from infraguard.policies.cases import Case
from infraguard.policies.catalogue import load_catalogue, load_folder, select
from infraguard.policies.frameworks import framework_names, load_framework
from infraguard.workflows.policy_cases import CaseResult, cases_of, run_cases


def list_policies(folders: Sequence[str] = (), chosen: Sequence[str] = ()) -> tuple[Policy, ...]:
    """Our policies and those of the folders, by id."""
    return select(load_catalogue((bundled_folder("policies"), *map(Path, folders))), chosen, ())


def show_policy(policy_id: str, folders: Sequence[str] = ()) -> tuple[Policy, tuple[Case, ...]]:
    """One policy with its cases. Raises `UsageError` with the nearest name for one that is not."""
    every = [bundled_folder("policies"), *map(Path, folders)]
    by_id = {policy.id: (policy, folder) for folder in every for policy in load_folder(folder)}
    if policy_id not in by_id:
        hint = nearest(policy_id, by_id) or "`infraguard policies list` shows them all"
        raise UsageError(f"no gate {policy_id!r}", hint=hint)
    policy, folder = by_id[policy_id]
    return policy, cases_of(policy, folder)


def check_policies(folder: str | None = None, chosen: Sequence[str] = ()) -> tuple[CaseResult, ...]:
    """Run the cases of a folder of policies, or of ours."""
    path = Path(folder) if folder else bundled_folder("policies")
    return tuple(run_cases(select(load_folder(path), chosen, ()), path))


def requirements_by_gate(policies: Sequence[Policy]) -> dict[str, dict[str, list[str]]]:
    """For each of the gates, the requirements that name it, by framework."""
    folder = bundled_folder("policies")
    frameworks = [load_framework(folder, name) for name in framework_names(folder)]
    return {
        policy.id: {one.name: list(ids) for one in frameworks if (ids := one.requirements_of(policy.id))}
        for policy in policies
    }


def iam_policy(folders: Sequence[str] = (), chosen: Sequence[str] = ()) -> dict[str, Any]:
    """The IAM policy document that reading an account for these gates needs."""
    from infraguard.collectors.aws.catalogue import permissions

    actions = permissions(needed_kinds(list_policies(folders, chosen), Source.AWS))
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement] if actions else []}
