"""The generated documents: every link leads somewhere, and what they name is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from infraguard.collectors.terraform import collect_terraform
from infraguard.model.evidence import Resource
from infraguard.readers.tree import DiskTree
from infraguard.workflows.new import NewRequest, new

LINK = re.compile(r"\[[^\]]+\]\(([^)#\s]+)?(#[^)\s]+)?\)")


def test_every_link_leads_to_a_file_and_a_heading(project: Path) -> None:
    seen = 0
    for file in project.glob("docs/**/*.md"):
        for path, anchor in LINK.findall(file.read_text("utf-8")):
            target = file.parent / path if path else file
            assert target.is_file(), f"{file.name}: {path}"
            headings = re.findall(r"(?m)^#+ (.+)$", target.read_text("utf-8"))
            if anchor:
                assert anchor[1:] in {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}
            seen += 1
    assert seen > 20


def test_scripts_and_workflows_that_are_named_exist(project: Path) -> None:
    text = "\n".join(file.read_text("utf-8") for file in project.glob("docs/**/*.md"))
    for path in set(re.findall(r"(?:scripts|\.github/workflows)/[\w-]+\.\w+", text)):
        assert (project / path).is_file(), path
    assert "cookiecutter" not in text


@pytest.fixture(scope="module")
def documents(project: Path) -> dict[str, str]:
    """The README and every document, by its path."""
    files = [project / "README.md", *project.glob("docs/**/*.md")]
    return {str(file.relative_to(project)): file.read_text("utf-8") for file in files}


def test_what_is_called_by_name_is_there(project: Path, documents: dict[str, str]) -> None:
    """Jobs, actions of the deployment, services of compose and extras of the package are those that documents name."""
    text = "\n".join(documents.values())
    source = "\n".join(file.read_text("utf-8") for file in (project / "src").rglob("*.py"))
    jobs = set(
        re.findall(r'^    "([a-z-]+)": [\w.]+,$', source.partition("JOBS: dict")[2].partition("}")[0], re.MULTILINE)
    )
    actions = set(
        re.findall(r'^        "([a-z-]+)": ', (project / "scripts/deploy.py").read_text("utf-8"), re.MULTILINE)
    )
    services = set(re.findall(r"(?m)^  ([a-z]+):$", (project / "compose.yaml").read_text("utf-8")))
    extras = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    for pattern, there in (
        (r"consulting_portal\.jobs ([a-z-]+)", jobs),
        (r"scripts/deploy\.py ([a-z-]+)", actions),
        (r"docker compose run --rm ([a-z]+)", services),
    ):
        named = set(re.findall(pattern, text))
        assert named, pattern
        assert named <= there
    assert set(re.findall(r"'\.\[([a-z]+)\]'", text)) <= set(extras)


def test_documents_that_code_and_terraform_name_exist(project: Path) -> None:
    files = [file for file in project.rglob("*") if file.suffix in {".py", ".sh", ".tf", ".yml", ".yaml", ".tfvars"}]
    named = {path for file in files for path in re.findall(r"\bdocs/[\w/-]+\.md", file.read_text("utf-8"))}
    assert len(named) > 10
    assert [path for path in sorted(named) if not (project / path).is_file()] == []


def test_nobody_is_sent_to_a_vpn_that_was_not_asked_for(tmp_path: Path) -> None:
    request = NewRequest(output_dir=tmp_path, overrides={"extras": "none"}, no_input=True, scanned=False)
    folder = new(request).folder
    told = {file.name: file.read_text("utf-8") for file in [folder / "README.md", *folder.glob("docs/**/*.md")]}
    assert [name for name, text in told.items() if "VPN" in text] == ["database.md"]
    assert "this project has no VPN: set `vpn = true`" in told["database.md"]


@pytest.fixture(scope="module")
def resources(project: Path) -> tuple[Resource, ...]:
    """What the project's Terraform makes."""
    return collect_terraform(DiskTree(project)).resources


def test_paths_that_are_named_exist(project: Path, documents: dict[str, str]) -> None:
    seen = 0
    for name, text in documents.items():
        for path in re.findall(
            r"(?<![\w/.-])(?:terraform|scripts|monitoring|migrations|requirements)/[\w./-]*[\w/]", text
        ):
            written = re.findall(r"cat > (\S+) <<", text)
            assert path in written or (project / _copied(text).get(path, path)).exists(), f"{name}: {path}"
            seen += 1
    assert seen > 40


def _copied(text: str) -> dict[str, str]:
    """What a document has copied, by what the copy is called."""
    return {copy: original for original, copy in re.findall(r"\bcp -r (\S+) (\S+)", text)}


def test_terraform_is_run_where_there_is_a_root(project: Path, documents: dict[str, str]) -> None:
    seen = 0
    for name, text in documents.items():
        for root in re.findall(r"-chdir=\"?([^\s\"$]+)[\s\"]", text):
            assert (project / _copied(text).get(root, root) / ".terraform.lock.hcl").is_file(), f"{name}: {root}"
            seen += 1
    assert seen > 10


def test_outputs_that_are_asked_for_exist(project: Path, documents: dict[str, str]) -> None:
    asked = 0
    for name, text in documents.items():
        for given, output in re.findall(r"terraform (?:-chdir=(\S+) )?output (?:-raw )?(\w+)", text):
            root = given or "terraform/environments/production"
            files = (project / _copied(text).get(root, root)).glob("*.tf")
            declared = {one for file in files for one in _OUTPUT.findall(file.read_text("utf-8"))}
            assert output in declared, f"{name}: {output}"
            asked += 1
    assert asked > 5


_OUTPUT = re.compile(r'^output "(\w+)"', re.MULTILINE)


def test_resources_that_are_named_are_made(resources: tuple[Resource, ...], documents: dict[str, str]) -> None:
    made = {re.sub(r"\[[^]]*\]", "", resource.id) for resource in resources}
    kinds = {resource.kind for resource in resources}
    seen = 0
    for name, text in documents.items():
        for address in re.findall(r"\bmodule\.[\w.\[\]-]+", text):
            asked = re.sub(r"\[[^]]*\]", "", address).rstrip(".")
            assert any(one == asked or one.startswith(f"{asked}.") for one in made), f"{name}: {address}"
            seen += 1
        for kind in re.findall(r"\baws_[a-z0-9_]+\b(?!=)", text):
            # `aws_region` and the like are variables; that is for the next test.
            assert kind in kinds or kind in _VARIABLES, f"{name}: {kind}"
    assert seen


#: Variables whose names begin as resources' do.
_VARIABLES = ("aws_region", "aws_account_id")


def test_alarms_that_runbooks_name_ring(resources: tuple[Resource, ...], documents: dict[str, str]) -> None:
    """The table says for what to read which runbook: each name is one of an alarm, or of a rule of events."""
    names = {
        str(resource.attributes.get(key)).removeprefix("consulting-portal-production-")
        for resource in resources
        for kind, key in (("aws_cloudwatch_metric_alarm", "alarm_name"), ("aws_cloudwatch_event_rule", "name"))
        if resource.kind == kind and str(resource.attributes.get(key)).startswith("consulting-portal-")
    }
    named = re.findall(
        r"`([a-z0-9-]+…?)`", "".join(re.findall(r"(?m)^\| `.*?\|", documents["docs/runbooks/README.md"]))
    )
    assert len(named) > 20
    for name in named:
        assert any(_is_called(one, name) for one in names), f"no alarm {name}: {sorted(names)}"


def _is_called(alarm: str, name: str) -> bool:
    """Whether a document means the alarm: by its name, by how it ends, or, with an ellipsis, by how it begins."""
    if name.endswith("…"):
        return alarm.startswith(name.removesuffix("…"))
    return alarm == name or alarm.endswith(f"-{name}")


def test_clusters_databases_and_vaults_that_are_named_are_made(
    resources: tuple[Resource, ...], documents: dict[str, str]
) -> None:
    """Whatever is called by the project's name and an environment exists under that name."""
    keys = ("name", "identifier", "alarm_name", "family", "bucket", "dashboard_name", "function_name", "cluster_name")
    made = {str(resource.attributes.get(key)) for resource in resources for key in keys}
    seen = 0
    for document, text in documents.items():
        for name in re.findall(r"(?<![\w./-])/?consulting-portal-(?:production|staging)[\w/-]*", text):
            bare = name.strip("/")
            known = any(one.strip("/") == bare for one in made) or bare in _MADE_BY_HAND
            assert known, f"{document}: nothing is called {name}"
            seen += 1
    assert seen > 30


#: What the documents themselves make or rename.
_MADE_BY_HAND = tuple(f"consulting-portal-production-{ending}" for ending in ("2", "lost", "restored"))
