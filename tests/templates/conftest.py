"""Projects rendered from the shipped templates, and a Python that can run them."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

import pytest

from infraguard.workflows.new import NewRequest, new
from tests.tools import run_ok

#: Every kind of character that means something in a file that answers go to.
ODD_ANSWERS = {
    "project_name": """'O' \"""S'øn\""" ${x}%{if} #1 $(id)`id` {{y}} {% z %} {#🧾 \\n\\""",
    "project_slug": "odd-1",
    "package_name": "odd_1",
    "owner_email": "on.call+p1@ops.example.co.uk",
    "github_owner": "Odd-Owner-9",
    "aws_region": "us-gov-west-1",
    "dr_region": "us-gov-east-1",
    "domain_name": "a.b-c.example.org",
    "database_storage_gb": "6553",
    "instance_class": "r6i.xlarge",
    "load_balancer": "alb",
    "extras": "warehouse-vpn",
}


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of the template's defaults. Tests only read it."""
    return new(NewRequest(output_dir=tmp_path_factory.mktemp("default"), no_input=True)).folder


@pytest.fixture(scope="session")
def odd_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of answers that try to break out of every file. Tests only read it."""
    request = NewRequest(output_dir=tmp_path_factory.mktemp("odd"), overrides=ODD_ANSWERS, no_input=True)
    return new(request).folder


@pytest.fixture(scope="session")
def service_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment's Python that borrows our installed packages, so that no test needs a network.

    Installing into it (without an index and without build isolation) leaves our own environment alone.
    """
    folder = tmp_path_factory.mktemp("service") / "venv"
    run_ok(sys.executable, "-m", "venv", str(folder))
    (site_packages,) = folder.glob("lib/python*/site-packages")
    (site_packages / "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n", "utf-8")
    return folder / "bin" / "python"


#: What makes pip install a project from its folder alone. As a variable "no build isolation" is on when it says 0:
#: pip stores it under the name of its opposite.
OFFLINE_PIP = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
