"""What a module that is not here can make: by the form of its source, by its version, and from git by the script."""

from __future__ import annotations

import json
import runpy
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infraguard.bundled import bundled_folder
from infraguard.collectors.terraform import collect_terraform
from infraguard.evaluation.evaluate import needed_kinds
from infraguard.model.evidence import EVERY_KIND, Evidence, Source
from infraguard.policies.catalogue import load_catalogue
from infraguard.readers.tree import MemoryTree
from infraguard.terraform.known_modules import (
    COMMIT_FIGURES,
    FOLDER,
    NO_RELEASE,
    by_its_name,
    repository,
    taken_releases,
    what_it_makes,
)
from infraguard.terraform.known_modules.addresses import Address, address_of
from infraguard.terraform.known_modules.growth import COMPANIONS, MAIN, may_grow_to, service_of
from infraguard.terraform.known_modules.named import topics_of
from infraguard.terraform.modules.versions import bound, figures
from infraguard.terraform.provider_defaults import resource_kind

ANY = (EVERY_KIND,)
OTHER_VPC = "cloudposse/vpc/aws"
VPC = "terraform-aws-modules/vpc/aws"
VPC_GIT = "github.com/terraform-aws-modules/terraform-aws-vpc"
GIT = "git::https://github.com/terraform-aws-modules/terraform-aws-kms.git"
SCRIPT: dict[str, Any] = runpy.run_path(str(Path(__file__).parents[2] / "scripts" / "known_modules.py"))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (VPC, ("terraform-aws-modules/terraform-aws-vpc", "", None)),
        (f"registry.terraform.io/{VPC}", ("terraform-aws-modules/terraform-aws-vpc", "", None)),
        (f"registry.opentofu.org/{VPC}//modules/a/", ("terraform-aws-modules/terraform-aws-vpc", "modules/a", None)),
        ("cloudposse/label/null", ("cloudposse/terraform-null-label", "", None)),
        ("github.com/O/R", ("o/r", "", "")),
        ("github.com/o/r.git//sub/folder?ref=v1.0.0", ("o/r", "sub/folder", "v1.0.0")),
        ("git@github.com:o/r.git?ref=main", ("o/r", "", "main")),
        ("git::https://github.com/o/r?depth=1&ref=abc", ("o/r", "", "abc")),
        ("git::https://token@github.com/o/a.b.git", ("o/a.b", "", "")),
        ("git::ssh://git@github.com/o/r.git//x?ref=1.0", ("o/r", "x", "1.0")),
    ],
)
def test_a_source_means_a_folder_of_a_repository(source: str, expected: tuple[str, str, str | None]) -> None:
    assert address_of(source) == Address(*expected)


@pytest.mark.parametrize(
    "source",
    ["app.terraform.io/acme/vpc/aws", "git::https://example.com/o/r.git", "s3::https://x/y.zip", "./vpc", "../vpc/aws"],
)
def test_a_source_that_is_somewhere_else_means_none(source: str) -> None:
    assert address_of(source) is None


@pytest.mark.parametrize(
    ("constraints", "expected"),
    [
        ("~> 5.0", (6, 0, 0, 0, 0, 0)),
        ("~> 5.1.2", (5, 2, 0, 0, 0, 0)),
        ("~> 5", None),
        (">= 5.0", None),
        (">= 5.0, < 5.4", (5, 4, 0, 0, 0, 0)),
        ("< 6.0, ~> 5.1", (6, 0, 0, 0, 0, 0)),
        ("<= 5.4.1", (5, 4, 1, 0, 0, 1)),
        ("5.4.1", (5, 4, 1, 0, 0, 1)),
        ("5.4.1-rc1", None),
    ],
)
def test_constraints_have_a_bound_above_or_none(constraints: str, expected: tuple[int, ...] | None) -> None:
    assert bound(constraints) == expected


RELEASES = {"1.0.0": "aaaaaaaaaa", "1.1.0": "bbbbbbbbbb", "1.1.1": "cccccccccc dddddddddd", "2.0.0": "eeeeeeeeee"}


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.1.0", "1.1.0"),
        ("= 1.1", "1.1.0"),
        ("1.1.5", "1.1.1 2.0.0"),
        ("1.2.0", "1.1.1 2.0.0"),
        ("0.9.0", ""),
        ("2.0.1", "2.0.0"),
        ("2.1.0", ""),
        ("~> 2.0.0", "2.0.0"),
        ("~> 2.0.1", ""),
        ("1.1.0-rc1", ""),
        ("~> 1.1.0", "1.1.0 1.1.1 2.0.0"),
        ("~> 1.1", "1.1.0 1.1.1 2.0.0"),
        (">= 1.0, != 1.0.0, < 1.1.1", "1.1.0 1.1.1 2.0.0"),
        ("<= 1.1.0", "1.0.0 1.1.0 1.1.1 2.0.0"),
        ("~> 2.0", ""),
        (">= 1.0", ""),
        ("", ""),
        ("> 2.0.0, < 3.0.0", ""),
        ("nonsense", ""),
    ],
)
def test_a_range_is_known_when_its_end_is_passed(version: str, expected: str) -> None:
    assert taken_releases(Address("o/r", "", None), version, RELEASES) == tuple(expected.split())


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("v1.1.0", "1.1.0"),
        ("1.1.0", "1.1.0"),
        ("refs/tags/v2.0.0", "2.0.0"),
        ("bbbbbbb", "1.1.0"),
        ("d" * 40, "1.1.1"),
        ("bbbbbb", ""),
        ("b" * 9 + "0" * 31, ""),
        ("main", ""),
        ("v2.0.5", "2.0.0"),
        ("v3.0.0", ""),
        ("", ""),
    ],
)
def test_a_reference_is_known_when_it_is_a_release(reference: str, expected: str) -> None:
    assert taken_releases(Address("o/r", "", reference), "", RELEASES) == tuple(expected.split())


def test_a_repair_before_the_first_major_release_may_make_more() -> None:
    assert taken_releases(Address("o/r", "", None), "0.3.1", {"0.3.0": "a"}) == ()
    assert taken_releases(Address("o/r", "", None), "~> 0.3.0", {"0.3.0": "a"}) == ()
    assert taken_releases(Address("o/r", "", None), "0.3.0", {"0.3.0": "a"}) == ("0.3.0",)


@pytest.mark.parametrize(
    ("source", "version", "made", "not_made"),
    [
        (VPC, "5.1.0", "aws_flow_log", "aws_db_instance"),
        (VPC, "~> 5.0", "aws_flow_log", "aws_cloudwatch_metric_alarm"),
        (f"{GIT}?ref=407e3db34a65b384c20ef718f55d9ceacb97a846", "", "aws_kms_key", "aws_flow_log"),
        ("terraform-aws-modules/rds/aws", "6.1.0", "aws_db_instance", "aws_secretsmanager_secret_rotation"),
        ("terraform-aws-modules/rds/aws//modules/db_subnet_group", "6.1.0", "aws_db_subnet_group", "aws_db_instance"),
        ("terraform-aws-modules/alb/aws", "5.0.0", "aws_lb_listener", "aws_alb_listener"),
        ("terraform-aws-modules/eks/aws", "20.8.4", "aws_kms_key", "aws_db_instance"),
    ],
)
def test_what_well_known_modules_make(source: str, version: str, made: str, not_made: str) -> None:
    kinds = what_it_makes(source, version).kinds
    assert made in kinds
    assert not_made not in kinds
    assert EVERY_KIND not in kinds


@pytest.mark.parametrize(
    ("source", "version"),
    [(VPC, ">= 5.0"), (VPC, ""), (VPC, "99.0.0"), (VPC, "6.0.0-rc1"), (f"{VPC_GIT}?ref=main", "")],
)
def test_a_release_that_nobody_has_read_may_make_more_of_its_services(source: str, version: str) -> None:
    kinds = what_it_makes(source, version).kinds
    assert {"aws_flow_log", "aws_vpc_endpoint", "aws_network_interface", "aws_ssm_parameter"} <= set(kinds)
    others = {"aws_cloudwatch_metric_alarm", "aws_s3_bucket", "aws_db_instance", "aws_kms_key", "aws_cloudtrail"}
    assert not (others | {EVERY_KIND}) & set(kinds)


def test_security_groups_make_no_networks() -> None:
    kinds = what_it_makes("terraform-aws-modules/security-group/aws").kinds
    assert {"aws_security_group", "aws_vpc_security_group_ingress_rule"} <= set(kinds)
    assert not {"aws_vpc", "aws_subnet", "aws_flow_log", "aws_ec2_client_vpn_endpoint"} & set(kinds)


def test_a_folder_that_the_newest_release_no_longer_has_is_known_from_those_before() -> None:
    kinds = what_it_makes("terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks").kinds
    assert "aws_iam_role" in kinds
    assert not {"aws_db_instance", EVERY_KIND} & set(kinds)


@pytest.mark.parametrize(
    ("source", "version"), [(f"{VPC}//nowhere", "5.1.0"), ("a/b/c", ""), ("aws-ia/vpc/aws", "4.7.3")]
)
def test_what_nobody_has_read_makes_anything(source: str, version: str) -> None:
    assert what_it_makes(source, version).kinds == ANY


def test_companions_are_what_one_module_in_twenty_came_to_make_beside_its_services() -> None:
    policies = load_catalogue([bundled_folder("policies")])
    read = needed_kinds(policies, Source.TF)
    made: Counter[str] = Counter()
    files = list(FOLDER.glob("*/*.json"))
    for file in files:
        known = repository(f"{file.parent.name}/{file.stem}")
        assert known is not None
        histories = [
            [each[release] or "" for release in sorted(each, key=lambda release: figures(release) or ())]
            for each in known.folders.values()
        ]
        made.update({kind for history in histories for kind in _came_to_make(history)})
    assert {kind for kind, count in made.items() if count * 20 >= len(files)} & read == COMPANIONS


def test_modules_of_a_service_do_not_come_to_make_what_it_is_there_for() -> None:
    counted, came = 0, 0
    services = {kind: service_of(kind) for kind in MAIN}
    for file in FOLDER.glob("*/*.json"):
        known = repository(f"{file.parent.name}/{file.stem}")
        assert known is not None
        for history in known.folders.values():
            first, *later = [set((history[each] or "").split()) for each in sorted(history, key=figures)]  # type: ignore[arg-type]
            about = {service_of(kind) for kind in first - {EVERY_KIND}} if first else set()
            without = [kind for kind, service in services.items() if service in about and kind not in first]
            counted += len(without)
            came += sum(any(kind in each for each in later) for kind in without)
    assert counted > 100
    assert came * 20 < counted
    alias = what_it_makes("terraform-aws-modules/lambda/aws//modules/alias").kinds
    assert "aws_lambda_event_source_mapping" in alias
    assert "aws_lambda_function" not in alias


def test_no_module_that_is_called_after_containers_makes_certificates() -> None:
    called = 0
    for file in FOLDER.glob("*/*.json"):
        known = repository(f"{file.parent.name}/{file.stem}")
        assert known is not None
        for folder, history in known.folders.items():
            if topics_of(folder or file.stem) == frozenset({"ecs"}):
                called += 1
                assert not any("aws_acm_certificate" in (types or "").split() for types in history.values())
    assert called > 10


def _came_to_make(versions: list[str]) -> Iterator[str]:
    """The kinds that a folder added from one change to the next, outside of the services that it had been about."""
    before: set[str] = set()
    for types in versions:
        now = {resource_kind(kind) for kind in types.split()} - {EVERY_KIND}
        about = {service_of(kind) for kind in before}
        if before:
            yield from (kind for kind in now - before if service_of(kind) not in about)
        before |= now


def test_a_module_of_labels_makes_nothing() -> None:
    assert what_it_makes("cloudposse/label/null", "0.25.0").kinds == ()


def _called(source: str, version: str) -> Evidence:
    return collect_terraform(
        MemoryTree({"main.tf": f'module "m" {{\n  source  = "{source}"\n  version = {version}\n}}\n'})
    )


def test_the_gap_of_a_call_hides_what_the_module_can_make() -> None:
    (gap,) = _called(OTHER_VPC, '"2.1.0"').gaps
    assert gap.may_hide("aws_internet_gateway", ".")
    assert not gap.may_hide("aws_db_instance", ".")


def test_a_release_that_nobody_has_read_is_said_to_be() -> None:
    (gap,) = _called(OTHER_VPC, '">= 2.0"').gaps
    assert gap.may_hide("aws_flow_log", ".")
    assert not gap.may_hide("aws_db_instance", ".")
    assert "releases after 3." in gap.detail


def test_a_version_that_is_no_plain_text_is_any() -> None:
    (gap,) = _called(VPC, "var.version").gaps
    assert gap.kinds == ANY


def test_the_data_is_whole() -> None:
    names = [f"{file.parent.name}/{file.stem}" for file in sorted(FOLDER.glob("*/*.json"))]
    assert len(names) > 140
    for name in names:
        known = repository(name)
        assert known is not None, name
        assert known.source == f"https://github.com/{name}"
        assert all(len(commit) == COMMIT_FIGURES for commits in known.releases.values() for commit in commits.split())
        assert list(known.releases) == sorted(known.releases, key=lambda each: figures(each) or ()), name
        for changes in known.folders.values():
            assert list(changes) == [release for release in known.releases if release in changes], name


def _git(folder: Path, *command: str) -> None:
    names = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
    subprocess.run(["git", "-C", str(folder), *names, *command], check=True, capture_output=True)


def _release(folder: Path, version: str, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    _git(folder, "add", ".")
    _git(folder, "commit", "-m", version, "--allow-empty")
    _git(folder, "tag", version)


def test_the_script_reads_releases_with_all_that_they_call(tmp_path: Path) -> None:
    shop, inner = tmp_path / "acme+terraform-aws-shop", tmp_path / "acme+terraform-aws-inner"
    for folder in (shop, inner):
        folder.mkdir()
        _git(folder, "init")
    _release(inner, "1.0.0", {"main.tf": 'resource "aws_sqs_queue" "a" {}\n'})
    _release(inner, "v2.0.0", {"main.tf": 'resource "aws_sns_topic" "a" {}\n'})
    _release(shop, "v1.0.0", {"main.tf": 'resource "aws_s3_bucket" "a" {}\n', "examples/a/main.tf": "resource x y {}"})
    call = 'module "%s" {\n source = "%s"\n version = "%s"\n}\n'
    _release(shop, "v1.1.0", {"calls.tf": call % ("a", "acme/inner/aws", "1.0.0"), "modules/m/m.tf": "data a b {}\n"})
    _release(shop, "1.2.0", {"calls.tf": call % ("a", "acme/inner/aws", "~> 1.0") + call % ("b", "./modules/m", "")})
    _release(shop, "v1.3.0", {"calls.tf": call % ("a", "acme/inner/aws", ">= 1.0")})
    _release(shop, "v1.4.0", {"calls.tf": call % ("a", "acme/absent/aws", "1.0.0")})
    _release(shop, "v1.5.0", {"calls.tf": "resource {"})
    _release(shop, "v2.0.0", {"calls.tf": "", "modules/m/m.tf": "data a b {\n"})
    (shop / "modules/m/m.tf").unlink()
    _release(shop, "v2.1.0", {})
    _release(shop, "v2.2.0-rc1", {"main.tf": ""})
    clones = SCRIPT["Clones"](tmp_path)
    found = json.loads(json.dumps(SCRIPT["entry"](clones, clones.clone("acme/terraform-aws-shop"))))
    assert list(found["releases"]) == ["1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0", "1.5.0", "2.0.0", "2.1.0"]
    assert found["folders"] == {
        "": {
            "1.0.0": "aws_s3_bucket",
            "1.1.0": "aws_s3_bucket aws_sqs_queue",
            "1.2.0": "aws_s3_bucket aws_sns_topic aws_sqs_queue",
            "1.3.0": " ".join(sorted({"aws_s3_bucket", *may_grow_to({"aws_sns_topic", "aws_sqs_queue"})})),
            "1.4.0": EVERY_KIND,
            "2.0.0": "aws_s3_bucket",
        },
        "modules/m": {"1.1.0": "", "2.0.0": EVERY_KIND, "2.1.0": None},
    }
    assert clones.missing == {"acme/terraform-aws-absent"}


@pytest.mark.parametrize(
    ("source", "made", "not_made"),
    [
        ("./modules/secrets", "aws_secretsmanager_secret", "aws_db_instance"),
        ("git::https://git.example.com/acme/modules.git//aws/vpc?ref=v1", "aws_flow_log", "aws_cloudtrail"),
        ("git@git.example.com:acme/terraform-aws-security-groups.git", "aws_security_group", "aws_flow_log"),
        ("app.example.com/acme/load-balancer/aws", "aws_wafv2_web_acl", "aws_budgets_budget"),
        ("github.com/acme/terraform-aws-rds", "aws_cloudwatch_metric_alarm", "aws_guardduty_detector"),
        (
            "git::https://git.example.com/acme/modules.git//observability/ecs-alarms",
            "aws_cloudwatch_metric_alarm",
            "aws_ecs_service",
        ),
        (
            "git::https://git.example.com/acme/modules.git//batch-compute-environment",
            "aws_batch_job_queue",
            "aws_redshift_cluster",
        ),
        ("./modules/ecs", "aws_efs_file_system", "aws_backup_plan"),
        ("./modules/ecs", "aws_lb_listener", "aws_acm_certificate"),
        ("./modules/ecs-alb", "aws_ecs_service", "aws_budgets_budget"),
        ("./modules/ecs-alb", "aws_acm_certificate", "aws_budgets_budget"),
        ("./modules/ec2", "aws_backup_plan", "aws_db_instance"),
        ("./modules/cloudwatch-slack-integration", "aws_chatbot_slack_channel_configuration", "aws_budgets_budget"),
        ("github.com/acme/terraform-aws-eventbridge?ref=main", "aws_scheduler_schedule", "aws_cloudwatch_metric_alarm"),
        ("./modules/api-gateway", "aws_api_gateway_stage", "aws_rds_cluster"),
    ],
)
def test_a_module_that_nobody_has_read_makes_what_its_name_says(source: str, made: str, not_made: str) -> None:
    makes = by_its_name(source)
    assert resource_kind(made) in makes.kinds
    assert resource_kind(not_made) not in makes.kinds
    assert "name" in makes.why


@pytest.mark.parametrize(
    ("source", "given", "makes_network", "makes_certificate"),
    [
        ("./modules/alb", {"name"}, True, True),
        ("./modules/alb", {"vpc_id"}, False, True),
        ("./modules/alb", {"public_subnet_ids_list", "certificate_arn"}, False, False),
        ("./modules/network", {"vpc_id"}, True, False),
    ],
)
def test_what_is_given_a_network_or_a_certificate_makes_none(
    source: str, given: set[str], makes_network: bool, makes_certificate: bool
) -> None:
    kinds = by_its_name(source, frozenset(given)).kinds
    assert ("aws_flow_log" in kinds) == makes_network
    assert ("aws_acm_certificate" in kinds) == makes_certificate


@pytest.mark.parametrize(
    ("source", "given", "made", "not_made"),
    [
        ("./modules/ecs", {"vpc_id"}, {"aws_subnet", "aws_security_group"}, {"aws_security_group_rule"}),
        ("./modules/ecs", {"private_subnet_ids"}, {"aws_security_group"}, {"aws_route", "aws_subnet"}),
        ("./modules/ecs", {"subnets"}, {"aws_ecs_service"}, {"aws_db_subnet_group", "aws_route_table_association"}),
        ("./modules/rds", {"subnet_ids"}, {"aws_db_subnet_group"}, {"aws_route_table"}),
        ("./modules/alb", {"security_group_ids"}, {"aws_lb"}, {"aws_security_group"}),
        ("./modules/lambda", {"name"}, {"aws_lambda_function"}, {"aws_security_group"}),
        ("./modules/sg", {"vpc_id"}, {"aws_security_group_rule"}, {"aws_vpc"}),
    ],
)
def test_what_is_given_subnets_makes_no_routes_and_what_is_given_no_group_has_its_own(
    source: str, given: set[str], made: set[str], not_made: set[str]
) -> None:
    kinds = set(by_its_name(source, frozenset(given)).kinds)
    assert {resource_kind(each) for each in made} <= kinds
    assert not {resource_kind(each) for each in not_made} & kinds


@pytest.mark.parametrize(
    "source", ["./modules/platform", "github.com/acme/modules//rds-forwarder", "./modules/service", "./modules/api", ""]
)
def test_a_name_with_a_word_that_is_not_known_says_nothing(source: str) -> None:
    assert by_its_name(source).kinds == ANY


def test_a_repository_without_releases_is_known_by_its_newest_commit(tmp_path: Path) -> None:
    parts = tmp_path / "acme+parts"
    parts.mkdir()
    _git(parts, "init")
    _release(parts, "latest", {"queue/main.tf": 'resource "aws_sqs_queue" "a" {}\n', "names/main.tf": "locals {}\n"})
    clones = SCRIPT["Clones"](tmp_path)
    found = SCRIPT["entry"](clones, clones.clone("acme/parts"))
    assert list(found["releases"]) == [NO_RELEASE]
    assert found["folders"] == {"names": {NO_RELEASE: ""}, "queue": {NO_RELEASE: "aws_sqs_queue"}}


def test_a_release_may_say_what_it_was_built_of(tmp_path: Path) -> None:
    folder = tmp_path / "acme+scanner"
    folder.mkdir()
    _git(folder, "init")
    _release(folder, "v1.8.10+db9.03", {"main.tf": 'resource "aws_sqs_queue" "a" {}\n'})
    clones = SCRIPT["Clones"](tmp_path)
    found = SCRIPT["entry"](clones, clones.clone("acme/scanner"))
    assert found["folders"] == {"": {"1.8.10": "aws_sqs_queue"}}
    assert taken_releases(Address("acme/scanner", "", None), "1.8.10+db9.03", found["releases"]) == ("1.8.10",)


def test_another_commit_of_such_a_repository_may_make_more_of_the_same() -> None:
    found = what_it_makes("github.com/CMSgov/cdap/terraform/modules/platform?ref=0123456789abcdef")
    assert "aws_sqs_queue" in found.kinds
    assert not {"aws_vpc", "aws_db_instance", EVERY_KIND} & set(found.kinds)
    assert found.why.startswith("its states but that of 2026-")


@pytest.mark.parametrize(
    ("source", "is_list"),
    [
        ("git@github.com:acme/opg-terraform-aws-moj-ip-allow-list.git?ref=v3.0.3", True),
        ("git::https://example.com/office-ip-ranges.git", True),
        ("git::https://example.com/waf-ip-blocklist.git", False),
        ("git::https://example.com/todo-list.git", False),
    ],
)
def test_a_list_of_addresses_makes_no_more_than_lists(source: str, is_list: bool) -> None:
    kinds = what_it_makes(source).kinds
    assert (EVERY_KIND not in kinds) == is_list
    assert ("aws_ec2_managed_prefix_list" in kinds) == is_list
