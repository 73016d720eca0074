"""`infraguard policies`: the gates, what one says, and whether their cases hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from infraguard.cli.terminal import write_out

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
    from infraguard.workflows.policies import list_policies

    policies = list_policies(folders, select)
    if format_ == "json":
        _write_json([_brief(policy) for policy in policies])
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
    from infraguard.workflows.policies import show_policy

    policy, cases = show_policy(gate, folders)
    if format_ == "json":
        _write_json(_full(policy, cases))
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


def _write_json(data: Any) -> None:
    from infraguard.reports.text import to_json

    write_out(to_json(data), "utf-8")


def _brief(policy: Policy) -> dict[str, Any]:
    return {
        "id": policy.id,
        "title": policy.title,
        "severity": policy.severity.value,
        "environments": [environment.value for environment in policy.environments],
        "sources": [source.value for source in policy.sources],
        "manual": policy.manual,
    }


def _full(policy: Policy, cases: Sequence[Case]) -> dict[str, Any]:
    parameters = {
        name: {
            "type": parameter.type,
            "default": parameter.default,
            "tighter": parameter.tighter,
            "description": parameter.description,
        }
        for name, parameter in policy.parameters.items()
    }
    return {
        **_brief(policy),
        "file": policy.at.file,
        "why": policy.why,
        "remediation": policy.remediation,
        "fix": policy.fix or None,
        "references": list(policy.references),
        "parameters": parameters,
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
