"""What we read of Terraform source is what Terraform plans: every attribute that both know, of real roots."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from infraguard.collectors.plan import collect_plan
from infraguard.collectors.plan.addresses import block_of, parts_of
from infraguard.collectors.terraform import collect_terraform
from infraguard.evaluation.lookup import first_unknown
from infraguard.model.evidence import Evidence, Source
from infraguard.model.values import Default, Unknown, Value, known
from infraguard.readers.tree import DiskTree
from infraguard.workflows.new import NewRequest, new
from infraguard.workflows.request import ScanRequest
from infraguard.workflows.scan import scan
from tests.collectors.plan.planning import EXAMPLES, HERE, by_id, fixture, make_plan
from tests.gates import FEW_GATES

#: Why a known value of the plan may have no equal in source.
BY_PROVIDER = "the provider fills in what the source leaves out"
OPEN_HERE = "not known from source"
PERHAPS = "resources whose number only the provider can work out"


def differences(source: Evidence, plan: Evidence, counts: Counter[str]) -> Iterator[str]:
    """Where both know a value and it is not the same, or one has a resource that the other lacks."""
    ours, planned = by_id(source), by_id(plan)
    perhaps = {block_of(parts_of(name)) for name, resource in ours.items() if resource.perhaps}
    for every in (ours, planned):
        for name in [name for name in every if block_of(parts_of(name)) in perhaps]:
            del every[name]
            counts[PERHAPS] += 1
    yield from sorted(f"{name} is in one of them only" for name in ours.keys() ^ planned.keys())
    for name in sorted(ours.keys() & planned.keys()):
        # A plan says nowhere by which configuration of a provider a resource is made.
        declared = {key: value for key, value in ours[name].attributes.items() if key != "provider"}
        yield from _differences(name, declared, planned[name].attributes, counts)
        region, planned_region = ours[name].location.region, planned[name].location.region
        counts["regions" if planned_region else "regions that the plan leaves open, as those of locals"] += bool(region)
        if planned_region and region != planned_region:
            yield f"{name}: source has it in {region!r}, plan in {planned_region!r}"


def _differences(path: str, ours: Value, planned: Value, counts: Counter[str]) -> Iterator[str]:
    default = isinstance(ours, Default)
    ours, planned = known(ours), known(planned)
    if isinstance(ours, Unknown) or (isinstance(ours, list) and any(isinstance(item, Unknown) for item in ours)):
        counts[OPEN_HERE if first_unknown(planned) is None else "unknown in both"] += 1
    elif isinstance(planned, Unknown) and isinstance(ours, (dict, list)):
        counts["of which the plan leaves a part open"] += 1
    elif isinstance(ours, dict) and isinstance(planned, dict):
        for name in sorted({*ours, *planned}):
            if name not in ours:
                counts[BY_PROVIDER] += 1
            else:
                yield from _differences(f"{path}.{name}", ours[name], planned.get(name), counts)
    elif isinstance(ours, list) and isinstance(planned, list) and len(ours) == len(planned):
        for index, (one, other) in enumerate(zip(ours, _in_order_of(ours, planned), strict=True)):
            yield from _differences(f"{path}.{index}", one, other, counts)
    else:
        counts["compared"] += 1
        if not _same(ours, planned):
            yield f"{path}: source {'by default ' * default}{ours!r}, plan {planned!r}"


def _same(ours: Value, planned: Value) -> bool:
    """Equal, but for conversions of Terraform and for values that say nothing: empty in source is absent in a plan."""
    if planned is None:
        return ours in ("", [], {})
    return (type(ours) is type(planned) and bool(ours == planned)) or str(ours).lower() == str(planned).lower()


def _in_order_of(ours: list[Value], planned: list[Value]) -> list[Value]:
    """The items of the plan in the order of ours, where they are a set, which the plan sorts by itself."""
    rest = list(planned)
    return [rest.pop(min(range(len(rest)), key=lambda at: _unlike(one, rest[at]))) for one in ours]


def _unlike(ours: Value, planned: Value) -> int:
    return sum(1 for _ in _differences("", ours, planned, Counter()))


def compared(name: str, source: Evidence, plan: Evidence) -> Counter[str]:
    counts: Counter[str] = Counter()
    assert list(differences(source, plan, counts)) == []
    print(f"{name}: {dict(counts)}")  # noqa: T201 - the figures are what this test is read for
    return counts


@pytest.mark.parametrize(("name", "least"), [("secure", 80), ("insecure", 70), ("linked", 60)])
def test_source_gives_what_terraform_plans(name: str, least: int) -> None:
    root = HERE / "roots" / name if name == "linked" else EXAMPLES / name / "terraform/production"
    counts = compared(name, collect_terraform(DiskTree(root)), collect_plan(fixture(name)))
    assert counts["compared"] >= least


class Generated(NamedTuple):
    """A generated project, and what Terraform plans for its production."""

    project: Path
    plan: Path


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    scratch = tmp_path_factory.mktemp("generated")
    project = new(NewRequest(output_dir=scratch / "new", no_input=True)).folder
    folder = Path(shutil.copytree(project / "terraform", scratch / "terraform"))
    offline = HERE.parents[1] / "templates/offline_override.tf"
    shutil.copy(offline, folder / "environments/production/offline_too_override.tf")
    return Generated(project, make_plan(folder / "environments/production", scratch))


def test_source_of_a_generated_project_gives_what_terraform_plans(generated: Generated) -> None:
    every = collect_terraform(DiskTree(generated.project / "terraform"))
    source = Evidence(resources=tuple(one for one in every.resources if one.unit.startswith("environments/production")))
    counts = compared("template", source, collect_plan(generated.plan))
    assert counts["compared"] >= 200
    assert counts["regions"] >= 150


def test_a_generated_project_gets_the_same_verdicts_for_its_source_and_for_its_plan(generated: Generated) -> None:
    """A plan may leave open what source says, as who hears an alarm of a topic that is yet to be made; never differ."""
    targets, plans = (str(generated.project),), (str(generated.plan),)
    report = scan(ScanRequest(now="2026-11-23T12:00:00Z", targets=targets, plans=plans, select=FEW_GATES)).report
    found: dict[Source, dict[tuple[str, str], str]] = {Source.TF: {}, Source.PLAN: {}}
    for one in report.findings:
        if one.source is Source.PLAN or one.resource.unit.startswith("terraform/environments/production"):
            found.setdefault(one.source, {})[one.policy, one.resource.id] = f"{one.verdict} {one.location}"
    told = {key: said for key, said in found[Source.PLAN].items() if not said.startswith("unknown")}
    assert found[Source.PLAN].keys() == found[Source.TF].keys()
    assert told == {key: found[Source.TF][key] for key in told}
    assert {gate.sources[Source.PLAN] for gate in report.gates if Source.PLAN in gate.sources} <= {"pass", "unknown"}
    assert any(one.location and one.location.file.startswith("terraform/modules/") for one in report.findings)


#: What the plan of a new project leaves open: what apply gives a name to, and what is declared in the account's root.
OPEN_IN_A_PLAN = {
    "alerting/someone-is-told",
    "container/non-root",
    "cost/per-service-tracking",
    "cost/spike-alert",
    "database/encrypted-own-key",
    "observability/central-logs",
    "secrets/access-audited",
    "secrets/managed-store",
    "secrets/none-in-code",
}


def test_no_gate_is_said_to_fail_in_the_plan_of_a_generated_project(generated: Generated) -> None:
    """Of one root of several: what another root has, of which no plan is given, is not known to be missing."""
    targets, plans = (str(generated.project),), (str(generated.plan),)
    report = scan(ScanRequest(now="2026-11-23T12:00:00Z", targets=targets, plans=plans)).report
    planned = {gate.policy: gate.sources[Source.PLAN] for gate in report.gates if Source.PLAN in gate.sources}
    assert {name for name, verdict in planned.items() if verdict == "unknown"} == OPEN_IN_A_PLAN
    assert set(planned.values()) == {"pass", "unknown", "not_applicable"}
    assert len(planned) >= 80
    trail = next(one for one in report.findings if (one.policy, one.source) == ("secrets/access-audited", Source.PLAN))
    assert trail.reason
    assert trail.reason.startswith("the plan of terraform/account: it was not given, and module.audit.aws_cloudtrail")


@pytest.mark.parametrize(
    ("ours", "planned", "differ"),
    [
        ({"a": 1}, {"a": 2}, True),
        ({"a": "1"}, {"a": 1, "b": 2}, False),
        ({"a": ["x", "y"]}, {"a": ["y", "x"]}, False),
        ({"a": ["x", "y"]}, {"a": ["y", "z"]}, True),
        ({"a": [{"p": 1, "q": 2}, {"p": 3}]}, {"a": [{"p": 3}, {"p": 1, "q": 2}]}, False),
        ({"a": True}, {"a": None}, True),
        ({"a": ""}, {}, False),
        ({"a": 1}, {"a": Unknown("later", is_set=True)}, True),
    ],
)
def test_the_comparison_finds_what_differs(ours: dict[str, Any], planned: dict[str, Any], differ: bool) -> None:
    assert any(_differences("x", ours, planned, Counter())) == differ
