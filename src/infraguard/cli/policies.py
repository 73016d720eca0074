"""`infraguard policies`: the gates, what one says, and whether their cases hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from infraguard.cli.terminal import complain, write_out

if TYPE_CHECKING:
    from infraguard.model.policy import Policy
    from infraguard.policies.cases import Case
    from infraguard.workflows.policy_cases import CaseResult

_FORMAT = click.option("--format", "format_", type=click.Choice(["console", "json"]), default="console")
_FOLDERS = click.option(
    "--policies", "folders", multiple=True, metavar="DIR", help="Policies of your own, as well; repeatable."
)
_SELECT = click.option("--select", multiple=True, metavar="GLOB", help="These gates only; repeatable.")


@click.group("policies")
def command() -> None:
    """List the gates, show one, or run their cases."""


@command.command("list")
@_FOLDERS
@_SELECT
@_FORMAT
def list_command(folders: tuple[str, ...], select: tuple[str, ...], format_: str) -> int:
    """List the gates, how severe they are, and what decides them."""
    from infraguard.workflows.policies import list_policies, requirements_by_gate

    policies = list_policies(folders, select)
    if format_ == "json":
        named = requirements_by_gate(policies)
        _write_json([_brief(policy, named) for policy in policies])
        return 0
    from infraguard.cli.tables import list_page

    write_out(list_page(policies))
    return 0


@command.command("show")
@click.argument("gate")
@_FOLDERS
@_FORMAT
def show_command(gate: str, folders: tuple[str, ...], format_: str) -> int:
    """Show what GATE asks, why, and what to do."""
    from infraguard.workflows.policies import requirements_by_gate, show_policy

    policy, cases = show_policy(gate, folders)
    if format_ == "json":
        _write_json(_full(policy, cases, requirements_by_gate((policy,))))
        return 0
    from infraguard.cli.tables import policy_page

    write_out(policy_page(policy, cases))
    return 0


@command.command("test")
@click.argument("folder", required=False)
@_SELECT
@_FORMAT
def test_command(folder: str | None, select: tuple[str, ...], format_: str) -> int:
    """Run the cases beside policies: ours, or those of FOLDER.

    Exit code 1 if a case does not hold.
    """
    from infraguard.workflows.policies import check_policies

    results = check_policies(folder, select)
    if format_ == "json":
        _write_json([_result(result) for result in results])
    else:
        from infraguard.cli.tables import cases_page

        write_out(cases_page(results))
    return 1 if any(result.problem for result in results) else 0


@command.command("docs")
@click.option(
    "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("docs"), show_default=True, metavar="DIR"
)
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 when a page is not what the policies say.")
def docs_command(output: Path, check: bool) -> int:
    """Write a page for each gate and each framework, and remove those of gates that are gone."""
    from infraguard.workflows.policy_documents import stale_documents, write_documents

    changed = stale_documents(output) if check else write_documents(output)
    for path in changed:
        write_out(f"{'stale' if check else 'wrote'}  {(output / path).as_posix()}\n")
    if not (check and changed):
        return 0
    what = "1 page is" if len(changed) == 1 else f"{len(changed)} pages are"
    complain(f"{what} not what the policies say", f"write them: infraguard policies docs --output {output.as_posix()}")
    return 1


@command.command("iam-policy")
@_FOLDERS
@_SELECT
def iam_policy_command(folders: tuple[str, ...], select: tuple[str, ...]) -> int:
    """Print the IAM policy that judging a live account by these gates needs, and no more."""
    from infraguard.workflows.policies import iam_policy

    _write_json(iam_policy(folders, select))
    return 0


def _write_json(data: Any) -> None:
    from infraguard.reports.text import to_json

    write_out(to_json(data), "utf-8")


def _brief(policy: Policy, frameworks: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, Any]:
    return {
        "id": policy.id,
        "title": policy.title,
        "severity": policy.severity.value,
        "environments": [environment.value for environment in policy.environments],
        "sources": [source.value for source in policy.sources],
        "manual": policy.manual,
        "parameters": {
            name: {
                "type": parameter.type,
                "default": parameter.default,
                "tighter": parameter.tighter,
                "description": parameter.description,
            }
            for name, parameter in policy.parameters.items()
        },
        "frameworks": frameworks.get(policy.id, {}),
    }


def _full(
    policy: Policy, cases: Sequence[Case], frameworks: Mapping[str, Mapping[str, Sequence[str]]]
) -> dict[str, Any]:
    return {
        **_brief(policy, frameworks),
        "file": policy.at.file,
        "why": policy.why,
        "remediation": policy.remediation,
        "fix": policy.fix or None,
        "references": list(policy.references),
        "rules": [
            {
                "sources": [source.value for source in rule.sources],
                rule.quantifier: list(rule.kinds),
                "message": rule.message,
            }
            for rule in policy.rules
        ],
        "cases": [
            {
                "name": case.name,
                "source": case.source.value,
                "verdict": case.verdict.value,
                "why": case.why or None,
            }
            for case in cases
        ],
    }


def _result(result: CaseResult) -> dict[str, Any]:
    return {
        "policy": result.policy,
        "case": result.case,
        "source": result.source.value,
        "file": result.file,
        "line": result.line,
        "holds": not result.problem,
        "problem": result.problem or None,
    }
