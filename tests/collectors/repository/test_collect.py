"""Reading a repository as a whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from infraguard.collectors import repository as collectors
from infraguard.collectors.repository import collect_repository
from infraguard.collectors.repository.actions.workflows import KINDS as WORKFLOW_KINDS
from infraguard.collectors.repository.collect import FAMILIES, KINDS
from infraguard.model.evidence import EVERY_KIND, Evidence, GapReason, Source
from infraguard.readers.tree import DiskTree, MemoryTree, Problem

WORKFLOW = "on: push\njobs: {a: {steps: [{run: pytest}]}}\n"


def test_an_empty_repository_is_a_gap_and_no_resource() -> None:
    evidence = collect_repository(MemoryTree({}), name="x", read_at="2026-11-23T00:00:00Z")
    (gap,) = evidence.gaps
    assert (gap.reason, gap.kinds, evidence.resources) == (GapReason.EMPTY, (EVERY_KIND,), ())
    (collected,) = evidence.collected
    assert (collected.kinds, collected.unit, collected.read_at) == (KINDS, ".", "2026-11-23T00:00:00Z")
    assert [target.source for target in evidence.targets] == [Source.REPO]


def test_what_a_repository_is() -> None:
    files = dict.fromkeys(
        (
            "a.py",
            "tests/test_a.py",
            "main.tf",
            "Dockerfile",
            "compose.prod.yml",
            "migrations/alembic.ini",
            "x/package.json",
        ),
        "FROM a\n",
    )
    (repository,) = [r for r in collect_repository(MemoryTree(files), name="x").resources if r.kind == "repository"]
    told = dict(repository.attributes)
    for name in ("handles_money", "makes_reports"):
        assert told.pop(name).depends_on == ("javascript",)
    assert told == {
        "name": "x",
        "has_python": True,
        "has_python_tests": True,
        "has_terraform": True,
        "has_dockerfile": True,
        "has_compose": True,
        "has_workflows": False,
        "has_alembic": True,
        "has_django_migrations": False,
        "has_javascript": True,
        "files": 7,
        "is_service": False,
        "serves_web": False,
        "is_library": True,
        "is_infrastructure": False,
        "uses_sqlalchemy": False,
        "uses_redis": False,
        "caches_in_redis": False,
        "uses_memcached": False,
        "languages": ["python", "javascript"],
        "frameworks": [],
        "deploys": False,
        "databases": [],
        "domains": [],
    }


@pytest.mark.parametrize(
    ("problem", "kinds"),
    [
        (Problem("secret", GapReason.DENIED, "d", "r"), (EVERY_KIND,)),
        (Problem("v1.2", GapReason.UNRESOLVED, "d", "r"), (EVERY_KIND,)),
        (Problem("link/out", GapReason.UNRESOLVED, "d", "r"), (EVERY_KIND,)),
        (Problem(".", GapReason.UNSUPPORTED, "d", "r"), (EVERY_KIND,)),
        (
            Problem(".github/workflows/a.yml", GapReason.UNRESOLVED, "d", "r"),
            (*WORKFLOW_KINDS, "test_database", "literal_secret"),
        ),
        (
            Problem("rules.yml", GapReason.EMPTY, "d", "r"),
            ("prometheus_rule", "tls_setting", "literal_secret", "progressive_rollout"),
        ),
        (Problem("logo.png", GapReason.UNRESOLVED, "d", "r"), None),
        (Problem("skills", GapReason.EMPTY, "d", "r"), None),
    ],
)
def test_a_path_that_could_not_be_listed_hides_what_it_may_hide(
    problem: Problem, kinds: tuple[str, ...] | None
) -> None:
    evidence = collect_repository(MemoryTree({"a.md": ""}, [problem]))
    assert [gap.kinds for gap in evidence.gaps] == ([] if kinds is None else [kinds])
    assert all(gap.detail == "d" and gap.remedy == "r" for gap in evidence.gaps)


def test_every_resource_has_a_declared_kind_and_an_id_of_its_own() -> None:
    files = {".github/workflows/a.yml": WORKFLOW, "pyproject.toml": "", "Dockerfile": "FROM a\nFROM a\n", "a.py": ""}
    evidence = collect_repository(MemoryTree(files))
    assert {r.kind for r in evidence.resources} <= set(KINDS)
    assert len({(r.kind, r.id) for r in evidence.resources}) == len(evidence.resources)
    assert len({kind for family in FAMILIES for kind in family.kinds}) == sum(len(family.kinds) for family in FAMILIES)


def test_evidence_can_be_saved_and_read_again() -> None:
    files = {".github/workflows/a.yml": WORKFLOW, "Dockerfile": "ARG A\nFROM $A\n", "coverage.json": "{"}
    evidence = collect_repository(MemoryTree(files))
    again = msgspec.json.decode(msgspec.json.encode(evidence), type=Evidence)
    assert [r.id for r in again.resources] == [r.id for r in evidence.resources]
    assert again.gaps == evidence.gaps


def test_a_dockerfile_that_leads_to_another_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "Dockerfile").write_text("FROM python:3.12-slim\n")
    (tmp_path / "Dockerfile").symlink_to("api/Dockerfile")
    (tmp_path / "build.txt").write_text("FROM python:3.12-slim\n")
    (tmp_path / "Dockerfile.web").symlink_to("build.txt")
    images = [each.id for each in collect_repository(DiskTree(tmp_path)).resources if each.kind == "container_image"]
    assert images == ["Dockerfile.web", "api/Dockerfile"], "a name that says more than the file's own is kept"


def test_a_hostile_folder_on_disk_is_read_as_far_as_it_can_be(tmp_path: Path) -> None:
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (workflows / "good.yml").write_text(WORKFLOW)
    (workflows / "laughs.yml").write_text(
        "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(3)) + "c: &c [*c]\n"
    )
    with (workflows / "huge.yml").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    (workflows / "loop.yml").symlink_to("loop.yml")
    (tmp_path / "Dockerfile").write_bytes(b"\x7fELF\0\0")
    (tmp_path / "again").symlink_to(".")
    evidence = collect_repository(DiskTree(tmp_path))
    assert [r.id for r in evidence.resources if r.kind == "workflow"] == [".github/workflows/good.yml"]
    assert {(gap.scope.rpartition("/")[2], gap.reason) for gap in evidence.gaps} == {
        ("laughs.yml", GapReason.INVALID),
        ("huge.yml", GapReason.UNSUPPORTED),
        ("loop.yml", GapReason.EMPTY),
        ("Dockerfile", GapReason.INVALID),
    }


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")
def test_a_folder_that_may_not_be_read_is_denied(tmp_path: Path) -> None:
    """In a process without root's rights, since root may read everything."""
    (tmp_path / "closed").mkdir()
    (tmp_path / "Dockerfile").write_text("FROM a\n")
    (tmp_path / "Dockerfile").chmod(0)
    (tmp_path / "closed").chmod(0)
    tmp_path.chmod(0o755)
    program = """
import os
from pathlib import Path
from infraguard.collectors import repository as collectors
from infraguard.collectors.repository import collect_repository
from infraguard.readers.tree import DiskTree
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
for gap in collect_repository(DiskTree(Path("."))).gaps:
    print(gap.scope, gap.reason.value, gap.kinds)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path)
    (tmp_path / "closed").chmod(0o755)
    found = sorted(run.stdout.splitlines())
    assert found == ["Dockerfile denied ('dockerfile_stage', 'container_image')", "closed denied ('*',)"], run.stderr


def test_nothing_heavy_is_loaded_and_nothing_of_the_repository_is_imported(tmp_path: Path) -> None:
    (tmp_path / "setup.py").write_text("raise SystemExit('setup.py was run')\n")
    (tmp_path / "conftest.py").write_text("raise SystemExit('conftest.py was run')\n")
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from infraguard.collectors.repository import collect_repository\n"
        "from infraguard.readers.tree import DiskTree\n"
        f"collect_repository(DiskTree(Path({str(tmp_path)!r})))\n"
        "print(sorted({'boto3', 'rich', 'jinja2', 'cookiecutter', 'sqlite3', 'click', 'setup'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (
            ".github/workflows/a.yml",
            'on: push\njobs: {a: {steps: [{run: "' + "cat <<E\\n" + "x\\n" * 200_000 + '"}]}}\n',
        ),
        (".github/workflows/a.yml", 'on: push\njobs: {a: {steps: [{run: "' + "x 'y' $(z) | " * 50_000 + 'w"}]}}\n'),
        ("Dockerfile", "FROM a\nRUN x \\\n" + " y \\\n" * 300_000 + " z\n"),
        ("Dockerfile", "FROM a\nRUN " + "\"'" * 500_000 + "\n"),
        ("nginx.conf", "listen " * 300_000 + "ssl_protocols"),
        ("pyproject.toml", "a = [\n" + "  1,\n" * 100_000 + "]\n"),
        ("setup.cfg", "[a]\n" + "b" * 9_000 + " " * 900 + "\n"),
        ("rules.yml", "groups:\n- rules:\n  - alert: a\n    expr: '" + "({" * 200_000 + "'\n"),
        ("a.py", "x = SSLContext\n" * 60_000),
        ("coverage.xml", "<coverage lines-valid='1'>" + "<line hits='1'/>" * 100_000 + "</coverage>"),
        ("docs/runbook.md", "# Roll back\n\nmake migrate ![x](data:image/png;base64," + "aB3/" * 250_000 + ")\n"),
        ("docs/runbook.md", "# Runbook\n\n" + "[a](https://b) " * 60_000 + "\n"),
        ("docs/runbook.md", "# Runbook\n\n" + "<img " * 100_000 + "[" * 100_000 + "://a" * 100_000 + "\n"),
        (
            ".github/workflows/a.yml",
            'on: push\njobs: {a: {steps: [{run: "pytest' + " " * 400_000 + '"}]}}\n',
        ),
        ("compose.yml", "services: {a: {image: postgres, environment: {X: " + "a" * 400_000 + "}}}\n"),
        ("compose.yml", "services: {a: {build: ., command: " + "a/" * 100_000 + "}}\n"),
        (
            "alembic/versions/a.py",
            'revision = "a"\ndown_revision = None\ndef upgrade():\n    op.execute("CREATE TABLE '
            + "a" * 400_000
            + '")\n',
        ),
        ("Dockerfile", "FROM a\nHEALTHCHECK CMD " + "[" * 200_000 + "\n"),
        ("a.py", "x = 1\n" + " \n" * 200_000),
        ("Dockerfile", "FROM a\n" + " \n" * 200_000),
        ("a.py", 'from django.db import models\nx = """\n' + "a" * 400_000 + '\n"""\n'),
        (
            ".github/workflows/a.yml",
            'on: push\njobs: {a: {steps: [{run: "aws ecs update-service ' + "a" * 100_000 + '"}]}}\n',
        ),
    ],
    ids=[
        *("heredoc", "pipeline", "continuation", "quotes", "listen", "list", "option", "brackets", "contexts", "lines"),
        *(
            "image",
            "links",
            "tags",
            "spaces",
            "variable",
            "path",
            "table",
            "nested",
            "blanks",
            "blank lines",
            "word",
            "argument",
        ),
    ],
)
def test_a_megabyte_of_anything_is_read_or_refused_in_linear_time(path: str, content: str) -> None:
    """What takes quadratic time would not end here; nothing is said about seconds."""
    evidence = collect_repository(MemoryTree({path: content}))
    assert evidence.gaps or len(evidence.resources) > 1 or path in ("a.py", "nginx.conf")


EVERYTHING: dict[str, str | bytes] = {
    ".github/workflows/a.yml": """name: a
on: push
permissions: {}
env: {A: b}
concurrency: c
defaults: {}
jobs:
  a:
    runs-on: x
    needs: []
    if: x
    timeout-minutes: 5
    strategy: {matrix: {python: ['3.11']}}
    steps:
      - {name: a, run: pytest --cov --cov-fail-under=80, if: x}
      - {uses: a, with: {}}
""",
    "Dockerfile": """FROM a:1@sha256:a AS b
USER x
HEALTHCHECK CMD x
FROM b
ENV A=b
EXPOSE 1
CMD x
ENTRYPOINT x
""",
    "pyproject.toml": """[project]
name = 'x'
requires-python = '>=3'
[tool.coverage]
report = {fail_under = 1, precision = 2}
run = {branch = true}
[tool.pytest.ini_options]
addopts = '--cov-fail-under=1'
""",
    "tests/conftest.py": "URL = 'sqlite://'\n",
    "act/action.yml": "runs: {using: composite, steps: [{run: ls, shell: bash}]}\n",
    ".github/workflows/b.yml": """on: push
jobs:
  deploy:
    environment: production
    env: {AWS_ACCESS_KEY_ID: a}
    steps:
      - run: black --check .
      - run: docker build . && docker push x
      - run: kubectl apply -f x
""",
    "rules.yml": "groups: [{name: a, rules: [{alert: a, expr: b > 1}, {record: c, expr: d}]}]\n",
    "nginx.conf": "ssl_protocols TLSv1.3;\n",
    "compose.yaml": """services:
  api: {build: ., environment: {DATABASE_URL: x}, env_file: .env, depends_on: [db, redis]}
  db: {image: "postgres:15", volumes: ["data:/var/lib/postgresql/data"]}
  redis: {image: "redis:7"}
volumes: {data: {}}
""",
    "docs/disaster-recovery.md": "# Disaster recovery\n\nRTO: 1 hour, RPO: 1 hour\n",
    ".github/workflows/c.yml": """on: push
jobs:
  deploy-staging: {steps: [{run: "kubectl apply -f x", env: {A: "${{ secrets.A }}"}}]}
  deploy-production: {steps: [{run: "kubectl apply -f x", env: {A: "${{ secrets.A }}"}}]}
""",
    "config.ini": "password = kq8-Lw2pZr\n",
    "coverage.json": '{"meta": {"timestamp": "x"}, "totals": {"num_statements": 1, "covered_lines": 1}}',
    "x/db.py": "from sqlalchemy import create_engine\nengine = create_engine('postgresql://x')\n",
    "x/models.py": "from sqlalchemy import Column\nclass A(B):\n    __tablename__ = 'a'\n    b = Column(Integer)\n",
    "junit.xml": '<testsuite timestamp="x"><testcase name="a"/></testsuite>',
}


def test_the_table_of_kinds_names_every_kind_and_attribute() -> None:
    """The docstring of the package is what policies are written by."""
    table = collectors.__doc__ or ""
    evidence = collect_repository(MemoryTree(EVERYTHING))
    shown = {resource.kind for resource in evidence.resources}
    assert all(f"`{kind}`" in table for kind in (*KINDS, *shown))
    for resource in evidence.resources:
        row = next(line for line in table.splitlines() if line.startswith("|") and f"`{resource.kind}`" in line)
        assert [name for name in resource.attributes if f"`{name}`" not in row] == []
