"""What commands that judge have in common: the flags that say what to read and by which policies."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from infraguard.workflows.request import ScanRequest

_EVIDENCE = ".json"
#: What Terraform's variables are called in the environment.
_VARIABLE = "TF_VAR_"

_OPTIONS: Final = (
    click.option(
        "--plan",
        "plans",
        multiple=True,
        metavar="FILE",
        help="Judge a Terraform plan as well, as `terraform show -json` prints it; repeatable.",
    ),
    click.option("--aws", is_flag=True, help="Judge the live AWS account as well."),
    click.option("--profile", metavar="NAME", help="AWS profile to use."),
    click.option("--region", "regions", multiple=True, metavar="REGION", help="AWS region to read; repeatable."),
    click.option("--role-arn", metavar="ARN", help="AWS role to assume."),
    click.option(
        "--results",
        multiple=True,
        metavar="FILE",
        help="Results of tests and scanners, of this commit, from the scanned folder; repeatable.",
    ),
    click.option(
        "--var-file",
        "var_files",
        multiple=True,
        metavar="FILE",
        help="Terraform variables, from the scanned folder; repeatable.",
    ),
    click.option(
        "--tf-var-env",
        "tf_var_env",
        is_flag=True,
        help="Give Terraform the variables that the environment names TF_VAR_..., as it would take them itself.",
    ),
    click.option("--history", is_flag=True, help="Look for secrets in git's history as well."),
    click.option(
        "--policies", "folders", multiple=True, metavar="DIR", help="Policies of your own, as well; repeatable."
    ),
    click.option("--config", metavar="FILE", help="Settings to use in place of the repository's infraguard.toml."),
)


def reading_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that `request_of` and `refuse_inert_reading` understand."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def request_of(flags: dict[str, Any], **more: Any) -> ScanRequest:
    """The scan that the flags ask for, now; `more` are fields of the request that only one command sets."""
    from infraguard.workflows.request import AwsOptions, ScanRequest

    aws = AwsOptions(profile=flags["profile"] or "", regions=flags["regions"], role_arn=flags["role_arn"] or "")
    return ScanRequest(
        now=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        targets=_each_once(flags["targets"]) or (".",),
        aws=aws if flags["aws"] else None,
        plans=flags["plans"],
        results=flags["results"] or None,
        var_files=flags["var_files"],
        variables=_variables(os.environ) if flags["tf_var_env"] else {},
        history=flags["history"],
        policy_folders=flags["folders"],
        config=flags["config"],
        **more,
    )


def _variables(environment: Mapping[str, str]) -> dict[str, str]:
    """What the environment sets of Terraform's variables, by their names."""
    return {name.removeprefix(_VARIABLE): value for name, value in environment.items() if name.startswith(_VARIABLE)}


def _each_once(targets: tuple[str, ...]) -> tuple[str, ...]:
    """The targets without those that are another one by another name: their findings would count twice."""
    return tuple({os.path.realpath(target): target for target in targets}.values())


def refuse_inert_reading(flags: dict[str, Any]) -> None:
    """Raise `click.UsageError` for a flag that would do nothing, before anything is read."""
    for name, value in (("--profile", "profile"), ("--region", "regions"), ("--role-arn", "role_arn")):
        if flags[value] and not flags["aws"]:
            raise click.UsageError(f"{name} does nothing without --aws")
    targets = flags["targets"]
    if "" in targets:  # most often a shell variable that is not set
        raise click.UsageError("a target is empty: name a folder, or . for the current one")
    repeated = [plan for plan in flags["plans"] if flags["plans"].count(plan) > 1]
    if repeated:
        raise click.UsageError(f"--plan names {repeated[0]} twice")
    if targets and all(target.endswith(_EVIDENCE) for target in targets):
        inert = (("--var-file", "var_files"), ("--tf-var-env", "tf_var_env"), ("--results", "results"))
        for name, value in (*inert, ("--history", "history")):
            if flags[value]:
                raise click.UsageError(f"{name} does nothing with saved evidence: give it to the scan that saves")
