"""An infrastructure request: every line is understood or named, and nothing is guessed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from infraguard.bundled import bundled_folder
from infraguard.model.errors import TemplateError
from infraguard.scaffold.request_file import Line, load_understandings, read_request
from infraguard.scaffold.template import find_template
from infraguard.scaffold.wishes import wishes_in, words_left
from infraguard.workflows.new import NewRequest, new
from tests.house.documents import ROOT

TEMPLATE = find_template("consulting-service")
EXAMPLE = ROOT / "examples" / "request.md"


def lines(tmp_path: Path, *bullets: str) -> list[Line]:
    file = tmp_path / "request.md"
    file.write_text("# Request\n\n- PostgreSQL 15\n" + "".join(f"- {bullet}\n" for bullet in bullets), "utf-8")
    return list(read_request(file, TEMPLATE).lines)[1:]


def test_the_example_is_understood_line_by_line() -> None:
    request = read_request(EXAMPLE, TEMPLATE)
    assert [line.text for line in request.lines if line.refused or line.left] == []
    assert len(request.lines) == sum(line.startswith("- ") for line in EXAMPLE.read_text("utf-8").splitlines())
    assert request.answers == {"database_storage_gb": "100", "instance_class": "t3.medium", "load_balancer": "nlb"}


def test_what_lines_are_said_to_hold_are_gates() -> None:
    listed = yaml.safe_load((bundled_folder("policies") / "gates.yaml").read_text("utf-8"))
    gates = {gate["id"] for area in listed.values() for gate in area}
    named = {gate for one in load_understandings(TEMPLATE) for gate in one.holds}
    assert named - gates == set()


@pytest.mark.parametrize(
    ("bullet", "answers"),
    [
        ("PostgreSQL 15 with 250 GB storage", {"database_storage_gb": "250"}),
        ("Load balancer: ALB", {"load_balancer": "alb"}),
        ("Application: 2 instances (m6i.large)", {"instance_class": "m6i.large"}),
        ("Region: eu-north-1", {"aws_region": "eu-north-1"}),
        ("Off-site backup to region eu-west-3", {"dr_region": "eu-west-3"}),
        ("Domain: time.example.org", {"domain_name": "time.example.org"}),
        ("Load balancer: AWS ALB", {"load_balancer": "alb"}),
        ("AWS ALB load balancer", {"load_balancer": "alb"}),
        ("ALB load balancer", {"load_balancer": "alb"}),
        ("Application load balancer", {"load_balancer": "alb"}),
        ("A network load balancer (NLB) with health checks", {"load_balancer": "nlb"}),
        ("GitHub organisation: acme", {"github_owner": "acme"}),
    ],
)
def test_a_line_becomes_answers(bullet: str, answers: dict[str, str], tmp_path: Path) -> None:
    (line,) = lines(tmp_path, bullet)
    assert (line.answers, line.left, line.refused) == (answers, (), "")


@pytest.mark.parametrize(
    ("bullets", "extras"),
    [
        (["VPN for employees"], "warehouse-vpn"),
        (["without VPN"], "warehouse"),
        (["no VPN"], "warehouse"),
        (["VPN: no"], "warehouse"),
        (["A VPN is not needed"], "warehouse"),
        (["We don't want a VPN"], "warehouse"),
        (["No data warehouse"], "vpn"),
        (["Without VPN or warehouse"], "none"),
        (["Neither a VPN nor a warehouse"], "none"),
        (["No VPN, with a data warehouse for analytics"], "warehouse"),
        (["No VPN but a warehouse"], "warehouse"),
        (["VPN: no, warehouse"], "warehouse"),
        (["No warehouse", "Not a VPN"], "none"),
        (["Warehouse, and a VPN for employees"], "warehouse-vpn"),
    ],
)
def test_what_is_not_wanted_is_left_out(bullets: list[str], extras: str, tmp_path: Path) -> None:
    assert [line for line in lines(tmp_path, *bullets) if line.refused or line.left] == []
    assert read_request(tmp_path / "request.md", TEMPLATE).answers["extras"] == extras


@pytest.mark.parametrize(
    ("bullet", "why"),
    [
        ("Without VPN, warehouse", "'warehouse' can be read as wanted and as not wanted"),
        ("No Kubernetes, Redis 7", "'Redis 7' can be read as wanted and as not wanted"),
        ("VPN or no VPN", "it says of one thing that it is wanted, and that it is not"),
        ("NLB or ALB", "it says load_balancer is 'nlb', and 'alb'"),
        ("No WAF", "'WAF' is in every project that this template makes"),
        ("PostgreSQL 15 without Redis", "'Redis' is in every project that this template makes"),
    ],
)
def test_nothing_is_guessed(bullet: str, why: str, tmp_path: Path) -> None:
    (line,) = lines(tmp_path, bullet)
    assert why in line.refused
    assert (line.answers, line.parts, line.holds) == ({}, {}, ())


@pytest.mark.parametrize(
    ("bullet", "left"),
    [
        ("PostgreSQL 15 with 250 GB storage in Frankfurt", ("Frankfurt",)),
        ("PostgreSQL 15 with 2 TB of storage", ("2 TB of storage",)),
        ("PostgreSQL 15 with 1.5GB", ("1.5GB",)),
        ("PostgreSQL 15, Redis 7, Kafka and a VPN", ("Kafka",)),
        ("nginx load balancer with sticky sessions", ("nginx", "sticky sessions")),
        ("Redis 7 without Kubernetes", ("without Kubernetes",)),
        ("No public access, in a bunker", ("bunker",)),
        ("WAF rules for API protection; 3 of them by hand", ("3 of them by hand",)),
    ],
)
def test_the_part_of_a_line_that_was_not_taken_is_named(bullet: str, left: tuple[str, ...], tmp_path: Path) -> None:
    (line,) = lines(tmp_path, bullet)
    assert (line.left, line.refused) == (left, "")


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1, max_size=200))
def test_any_line_is_taken_or_named(text: str) -> None:
    understandings = load_understandings(TEMPLATE)
    wishes = wishes_in(f"Redis 7, {text}", understandings)
    said = [f"Redis 7, {text}"[wish.start : wish.end] for wish in wishes]
    heard = "".join([*said, *words_left(f"Redis 7, {text}", wishes)])
    lost = {word for word in re.findall(r"[A-Za-z0-9]{9,}", text) if word not in heard}
    assert lost <= {"necessary", "supported"}, "no long word says nothing"


@pytest.mark.parametrize(
    ("bullet", "why"),
    [
        ("PostgreSQL 12", "version is 15 in this template"),
        ("Redis 6", "version is 7"),
        ("Application: 200 instances", "count is 2"),
        ("Daily full backups, 7 days", "days is 30"),
        ("Alert on errors > 5%", "percent is 1"),
        ("PostgreSQL with 5GB", "is too little"),
        ("Application: 2 instances (x9.huge)", "is not one of"),
        ("PostgreSQL 15.4", "version is 15"),
        ("Kubernetes with Istio", "was not understood"),
        ("{{ 7 * 7 }} ${x}", "was not understood"),
    ],
)
def test_what_the_template_cannot_do_is_named(bullet: str, why: str, tmp_path: Path) -> None:
    (line,) = lines(tmp_path, bullet)
    assert why in line.refused
    assert line.answers == {}


def test_a_line_that_contradicts_an_earlier_one_is_named(tmp_path: Path) -> None:
    _, second = lines(tmp_path, "Load balancer: NLB", "Load balancer: ALB")
    assert second.refused == "line 4 says load_balancer is 'nlb'"
    _, second = lines(tmp_path, "With VPN", "No VPN")
    assert second.refused == "line 4 says with vpn"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it has no bullets"),
        (b"We need a portal.\n", "it has no bullets"),
        (b"- lorem ipsum\n- dolor\n", "line 1, 'lorem ipsum': it was not understood; line 2, 'dolor'"),
        (b"- Database: 5 elephants\n- PostgreSQL 12\n", "line 2, 'PostgreSQL 12': version is 15 in this template"),
        (b"- lorem\n" * 7, "line 5, 'lorem': it was not understood; and 2 more"),
        (b"\xff\xfe", "cannot be read"),
    ],
)
def test_nonsense_is_no_request_and_nothing_is_written(content: bytes, why: str, tmp_path: Path) -> None:
    file = tmp_path / "request.md"
    file.write_bytes(content)
    with pytest.raises(TemplateError, match=why):
        new(NewRequest(output_dir=tmp_path / "out", request_file=file, no_input=True))
    assert not (tmp_path / "out").exists()


def test_a_flag_wins_over_the_request(tmp_path: Path) -> None:
    request = NewRequest(
        output_dir=tmp_path, request_file=EXAMPLE, overrides={"load_balancer": "alb"}, no_input=True, pretend=True
    )
    assert new(request).answers["load_balancer"] == "alb"
