"""Real tools that tests run: found, or the test is skipped with the reason.

With INFRAGUARD_REQUIRE_TOOLS=1 in the environment, as in CI, a missing tool fails the test instead. Terraform and its
providers are no Python packages, so `.ci/run` cannot bring them: INFRAGUARD_REQUIRE_TERRAFORM=1 asks for those.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, NoReturn

import pytest

TERRAFORM: Final = "INFRAGUARD_REQUIRE_TERRAFORM"

#: Places where a provider mirror may be, beside those in INFRAGUARD_TERRAFORM_MIRROR.
_MIRRORS = ("/opt", "/usr/share/terraform", "/usr/local/share/terraform", "~/.terraform.d")


def missing(what: str, remedy: str, required_by: str = "INFRAGUARD_REQUIRE_TOOLS") -> NoReturn:
    """Skip the running test because something is not here, or fail it where the environment requires it."""
    reason = f"{what} is missing: {remedy}"
    if os.environ.get(required_by) == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def tool(
    name: str,
    remedy: str = "`make test` installs it",
    required_by: str = "INFRAGUARD_REQUIRE_TOOLS",
) -> str:
    """The path of a program: of this environment first, then of PATH."""
    found = shutil.which(name, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    return found or missing(name, remedy, required_by)


def run(
    *command: str, cwd: Path | None = None, env: Mapping[str, str] | None = None, timeout: float = 300
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, whatever its exit code, with `env` on top of our environment."""
    return subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def run_ok(
    *command: str, cwd: Path | None = None, env: Mapping[str, str] | None = None, timeout: float = 300
) -> subprocess.CompletedProcess[str]:
    """Run a program and fail the test, with its output, unless it succeeds."""
    done = run(*command, cwd=cwd, env=env, timeout=timeout)
    assert done.returncode == 0, f"{' '.join(command)} exited {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done


@cache
def provider_mirror() -> Path | None:
    """A Terraform filesystem mirror that holds the AWS provider, if this machine has one."""
    for root in (os.environ.get("INFRAGUARD_TERRAFORM_MIRROR", ""), *_MIRRORS):
        for layout in ("registry.terraform.io", "*/registry.terraform.io") if root else ():
            for provider in Path(root).expanduser().glob(f"{layout}/hashicorp/aws/*/*/terraform-provider-aws*"):
                return provider.parents[5]
    return None


def terraform_environment(folder: Path) -> dict[str, str]:
    """Variables for Terraform without a network: our own settings file in `folder`, providers from the mirror."""
    mirror = provider_mirror()
    if mirror is None:
        missing(
            "a mirror of the AWS provider",
            "fill one with `TF_PLUGIN_CACHE_DIR=DIR terraform init` and name it in INFRAGUARD_TERRAFORM_MIRROR",
            TERRAFORM,
        )
    settings = folder / "terraform.tfrc"
    settings.write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path    = "{mirror}"\n'
        '    include = ["registry.terraform.io/*/*"]\n  }\n}\ndisable_checkpoint = true\n',
        "utf-8",
    )
    return {"TF_CLI_CONFIG_FILE": str(settings), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
