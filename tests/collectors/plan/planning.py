"""Real plans: made by Terraform itself, offline, for the fixtures beside this file.

`python -m tests.collectors.plan.planning` writes the fixtures anew; a test holds them to what Terraform plans today.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from infraguard.collectors.plan import collect_plan
from infraguard.model.evidence import Evidence, Resource
from tests.tools import TERRAFORM, run_ok, terraform_environment, tool

HERE: Final = Path(__file__).parent
EXAMPLES: Final = HERE.parents[2] / "examples"
#: Given to the insecure example: it must never be seen again.
PASSWORD: Final = "swordfish-in-the-plan"
#: State stays in the folder, and the provider asks AWS nothing.
OFFLINE: Final = """
terraform {
  backend "local" {}
}
provider "aws" {
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
"""
#: What changes from one plan of the same files to the next.
_VARYING: Final = ("timestamp", "relevant_attributes", "terraform_version")


def make_plan(root: Path, scratch: Path, *arguments: str, state: Mapping[str, Any] | None = None) -> Path:
    """`terraform plan` of a root, which is written to beside it, as JSON. Skips where there is no Terraform."""
    env = terraform_environment(scratch)
    if state is not None:
        (root / "terraform.tfstate").write_text(json.dumps(state), "utf-8")
    _ready(root, env)
    plan = ("plan", "-refresh=false", "-input=false", "-out=plan.out")
    run_ok(_program(), *plan, *arguments, cwd=root, env=env)
    return _shown(root, scratch / "plan.json", env, "plan.out")


def make_state(root: Path, scratch: Path, state: Mapping[str, Any]) -> Path:
    """`terraform show -json` of a state in a root. Skips where there is no Terraform."""
    env = terraform_environment(scratch)
    (root / "terraform.tfstate").write_text(json.dumps(state), "utf-8")
    _ready(root, env)
    return _shown(root, scratch / "state.json", env)


def _program() -> str:
    return tool("terraform", "install Terraform 1.10 or newer", TERRAFORM)


def _ready(root: Path, env: Mapping[str, str]) -> None:
    """A root that Terraform can work in: with its provider, and without an account."""
    if not (root / ".terraform").exists():
        (root / "offline_override.tf").write_text(OFFLINE, "utf-8")
        run_ok(_program(), "init", "-input=false", cwd=root, env=env)


def _shown(root: Path, path: Path, env: Mapping[str, str], *what: str) -> Path:
    path.write_text(run_ok(_program(), "show", "-json", *what, cwd=root, env=env).stdout, "utf-8")
    return path


def example(name: str, scratch: Path, *arguments: str) -> Path:
    """The plan of an example's production root, or of one of the roots beside this file."""
    source = EXAMPLES / name / "terraform/production"
    if name in ROOTS:
        source = HERE / "roots" / name
    return make_plan(Path(shutil.copytree(source, scratch / name)), scratch, *(arguments or ROOTS.get(name, ())))


#: The fixtures, and what Terraform is told for them beside the files.
ROOTS: Final[dict[str, tuple[str, ...]]] = {"unclear": (), "linked": ()}
FIXTURES: Final = ("secure", "insecure", *ROOTS)
ARGUMENTS: Final[dict[str, tuple[str, ...]]] = {"insecure": (f"-var=database_password={PASSWORD}",)}


def fixture(name: str) -> Path:
    """A plan that Terraform made."""
    return HERE / "plans" / f"{name}.json"


def content(path: Path) -> dict[str, Any]:
    """A plan without what varies."""
    plan: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return {key: value for key, value in plan.items() if key not in _VARYING}


def evidence(plan: Mapping[str, Any], folder: Path) -> Evidence:
    """What is read of a plan that a test has changed."""
    path = folder / "changed.json"
    path.write_text(json.dumps(plan), "utf-8")
    return collect_plan(path)


def by_id(found: Evidence) -> dict[str, Resource]:
    """The resources of a plan by their addresses."""
    return {resource.id: resource for resource in found.resources}


if __name__ == "__main__":
    for each in FIXTURES:
        with tempfile.TemporaryDirectory() as folder:
            made = content(example(each, Path(folder), *ARGUMENTS.get(each, ())))
        fixture(each).parent.mkdir(exist_ok=True)
        fixture(each).write_text(json.dumps(made, indent=1) + "\n", "utf-8")
