"""Documents: sections with what they are about, links that lead nowhere, figures in prose and tables."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infraguard.collectors.repository.documents.documents import read_documents
from infraguard.collectors.repository.documents.markup import sections_of
from infraguard.collectors.repository.documents.objectives import objectives_in
from infraguard.collectors.repository.documents.topics import TOPICS, topics_in
from infraguard.model.evidence import Resource
from infraguard.readers.tree import MemoryTree


def sections(path: str, text: str, **files: str) -> dict[str, dict[str, Any]]:
    found = read_documents(MemoryTree({path: text, **files})).resources
    return {one.id: one.attributes for one in found if one.kind == "document_section"}


def plan(**files: str) -> Resource | None:
    tree = MemoryTree({name.replace("__", "/") + ".md": text for name, text in files.items()})
    return next((one for one in read_documents(tree).resources if one.kind == "recovery_plan"), None)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.md", "# Top\n\nWords.\n\n## Below\n\nMore words.\n"),
        ("a.md", "Top\n===\n\nWords.\n\nBelow\n-----\n\nMore words.\n"),
        ("a.rst", "Top\n===\n\nWords.\n\nBelow\n-----\n\nMore words.\n"),
        ("a.adoc", "= Top\n\nWords.\n\n== Below\n\nMore words.\n"),
    ],
)
def test_headings_of_every_language(path: str, text: str) -> None:
    found = sections(path, text)
    assert list(found) == [f"{path}#Top", f"{path}#Top / Below"]
    assert [one["words"] for one in found.values()] == [1, 2]


def test_a_block_of_code_right_below_a_line_of_markdown_makes_it_no_heading() -> None:
    text = "# Top\n1. Install it:\n```\n# a comment\nmake install\n```\nMore.\n"
    (section,) = sections_of(text, "a.md")
    assert (section.titles, section.code, section.text) == (
        ("Top",),
        ["", "# a comment", "make install"],
        ["1. Install it:", "More."],
    )
    assert [one.titles for one in sections_of("Top\n```\n", "a.rst")] == [("Top",)]


def test_code_of_restructuredtext_stands_further_in_and_two_letters_are_underlined_by_two_signs() -> None:
    way_back = "~~~\nWay\n~~~\n\nRun this, see https://a.example/b/c::\n\n    make undo\n    make try\n\nDone.\n\n"
    text = f"{way_back}UI\n^^\nLook.\n"
    way, ui = [one for one in sections_of(text, "a.rst") if one.titles]
    assert (way.titles, way.words, way.commands) == (("Way",), 4, 2)
    assert (ui.titles, ui.words, ui.commands) == (("Way", "UI"), 1, 0)
    (directive,) = sections_of(".. code-block:: sh\n\n   make undo\n\n.. image:: a.png\n   :alt: drawn\n", "a.rst")
    assert directive.commands == 1


@pytest.mark.parametrize(
    ("block", "drawn"),
    [
        ("AI agent \u2500\u2500\u25ba API \u2500\u2500dispatch\u2500\u2500\u25ba Bot \u2500\u2500\u25ba Cloud", 1),
        ("client --> api\napi --> db\napi --> cache", 1),
        ("--> Running\n--> Finished\n--> Processing", 0),
        ("client --> api", 0),
        ("\u251c\u2500\u2500 src\n\u251c\u2500\u2500 docs\n\u2514\u2500\u2500 tests", 0),
    ],
)
def test_arrows_between_names_are_a_drawing(block: str, drawn: int) -> None:
    (section,) = sections_of(f"# Architecture\n\n```\n{block}\n```\n", "a.md")
    assert section.diagrams == drawn


def test_code_and_comments_are_no_prose_and_hold_no_headings() -> None:
    text = "# Run\n\n<!-- # not one\n-->\nType `make`:\n\n```sh\n# not a heading\nmake all\n\n```\n"
    ((name, one),) = sections("a.md", text).items()
    assert (name, one["words"], one["commands"]) == ("a.md#Run", 2, 3)


def test_tables_of_variables_that_a_tool_writes_are_no_words_of_the_project() -> None:
    text = "# Scaling\n\nWords.\n\n## Inputs\n\n| Name | Type |\n|---|---|\n| a | b |\n\n## Outputs\n\nNo outputs.\n"
    assert list(sections("a.md", text)) == ["a.md#Scaling"]
    assert list(sections("a.md", "# Inputs\n\nWhat you need.\n")) == ["a.md#Inputs"]


def test_a_fence_below_a_line_is_no_underline() -> None:
    text = "# Start\n1. Install it:\n```\npip install it\n# and no more\n```\n2. Run it.\n"
    assert list(sections("a.md", text)) == ["a.md#Start"]
    assert [one.titles for one in sections_of("Words\n`````\nmore\n")] == [("Words",)]


def test_a_fence_inside_a_longer_fence_is_text() -> None:
    (section,) = sections_of("# A\n\n````md\n```mermaid\n```\n````\n")
    assert section.diagrams == 0


@pytest.mark.parametrize(
    ("text", "diagrams"),
    [
        ("# A\n```mermaid\nx\n```\n", 1),
        ("# A\n```plantuml\nx\n```\n", 1),
        ("# A\n```sh\nmermaid\n```\n", 0),
        ("# A\n![x](there.png)\n", 1),
        ("# A\n![x](gone.png)\n", 0),
        ('# A\n<img alt="x" src="there.png">\n', 1),
        ("# A\n![build](https://example.com/badge.svg)\n", 0),
        ("# A\n![x](https://img.shields.io/a?logo=x)\n![x](docs/logo.png)\n", 0),
        ("# A\n![x](https://github.com/user-attachments/assets/1)\n", 1),
    ],
)
def test_a_diagram_is_drawn_or_is_there(text: str, diagrams: int) -> None:
    ((_, one),) = sections("a.md", text, **{"there.png": ""}).items()
    assert one["diagrams"] == diagrams


def test_settings_above_a_document_are_no_heading_and_their_title_is_one() -> None:
    text = '---\ntitle: "Scaling"\ndescription: What to do in an incident\n---\n\nWords.\n\n## More\n\nWords.\n'
    found = sections("a.mdx", text)
    assert list(found) == ["a.mdx#Scaling", "a.mdx#Scaling / More"]
    assert [(one["about"], one["words"]) for one in found.values()] == [(["scaling"], 1)] * 2
    assert [one.line for one in sections_of(text, "a.mdx")] == [1, 8]


def test_a_rule_above_a_document_begins_no_settings() -> None:
    assert list(sections("a.md", "---\n\n# Top\n\nWords.\n")) == ["a.md#a.md", "a.md#Top"]


def test_links_that_lead_nowhere_are_named() -> None:
    text = "# A\n[a](b.md) [c](d.md#x) [e](#here) [f](https://e.com) [g](../up.md) [h](docs/)\n"
    one = sections("a.md", text, **{"b.md": "", "docs/x.txt": ""})["a.md#A"]
    assert one["broken_links"] == ["d.md#x", "../up.md"]


def test_a_named_link_of_restructuredtext_is_given_elsewhere_in_it() -> None:
    text = "A\n===\nsee `the\nextensions <extensions_>`_ and `more <more.rst>`_\n\n.. _extensions: https://e.com\n"
    assert sections("a.rst", text)["a.rst#A"]["broken_links"] == ["more.rst"]


def test_what_is_said_in_a_demonstration_is_no_document_of_the_project() -> None:
    assert sections("demos/script.md", "# Scaling\n\nWatch.\n") == {}


def test_what_others_wrote_is_left_alone() -> None:
    assert sections("node_modules/a/README.md", "# Runbook\n") == {}
    assert sections("CHANGELOG.md", "# Rollback\n") == {}
    assert sections("docs/roadmap.md", "# Roadmap\n\n## Scale\n\nRun `make scale`.\n") == {}
    assert sections(".github/instructions/review.instructions.md", "# Architecture\n") == {}
    assert sections("docs/instructions.md", "# Architecture\n") != {}


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["RTO: 1 hour, RPO: 15 min"], {"rto": 60, "rpo": 15}),
        (["The recovery time objective is two hours."], {"rto": 120}),
        (["RPO of 30s"], {"rpo": 0.5}),
        (["| RTO | RPO |", "|---|---|", "| 4h | 1 day |"], {"rto": 240, "rpo": 1440}),
        (["| objective | figure |", "|---|---|", "| Recovery point objective | 1 h |"], {"rpo": 60}),
        (["| RTO | owner |", "|---|---|", "| soon | 4 hours a day |"], {}),
        (["RTO 1h", "RTO 2h for reports"], {"rto": 120}),
        (["An SPRTO of 1 hour", "no figures"], {}),
    ],
)
def test_objectives_are_found_in_prose_and_tables(lines: list[str], found: dict[str, float]) -> None:
    assert objectives_in(lines) == found


def test_a_plan_is_what_the_documents_tell_together() -> None:
    found = plan(
        docs__disaster_recovery="# Disaster recovery\n\nRPO: 1 h. See [restore](restore.md).\n\n## DNS failover\n\nx\n",
        docs__restore="# Restore\n\nRPO: 2 h\n",
        docs__other="# Redeployment\n\nNothing links here.\n",
    )
    assert found is not None
    assert found.attributes["covers"] == ["failover", "restore", "dns"]
    assert found.attributes["rpo_minutes"] == 120


@pytest.mark.parametrize(
    ("path", "text", "topic", "is_about"),
    [
        ("docs/incidents.md", "# Incidents\n\nCall.\n", "incident", True),
        ("docs/adr/0010-incident-bundle.md", "# A bundle for each incident\n\nWhy.\n", "incident", False),
        ("docs/howto/restore.md", "# Restore\n\nCall.\n", "runbook", True),
        ("docs/contributing/howto/add-model.md", "# Add a model\n\nCall.\n", "runbook", False),
        ("docs/incidents/template.md", "# Template\n\nWe are.\n", "template", True),
        ("docs/legal/sla-template.md", "# Service Level Agreement: Template\n\nWe are.\n", "template", False),
        ("terraform/MIGRATION.md", "# Migration to v2\n\nFlip the record.\n", "migration", False),
        ("terraform/MIGRATION.md", "# Migration of the database\n\nChange the schema.\n", "migration", True),
    ],
)
def test_what_a_section_is_about(path: str, text: str, topic: str, is_about: bool) -> None:
    (found,) = (each for each in sections(path, text).values() if each["words"])
    assert (topic in found["about"]) is is_about


@pytest.mark.parametrize(
    ("title", "topics"),
    [
        ("Day-to-day operations", ["runbook"]),
        ("Rotating secret keys", ["runbook"]),
        ("Rotating the database password", ["runbook"]),
        ("Rotating the log files", []),
        ("Incidence Response", ["incident"]),
        ("Incidence of errors", []),
    ],
)
def test_operations_that_a_title_names_are_runbooks(title: str, topics: list[str]) -> None:
    assert topics_in([title]) == topics


def test_without_a_word_of_disasters_there_is_no_plan() -> None:
    assert plan(README="# Service\n\n## Restore\n\nx\n") is None


@pytest.mark.parametrize(("title", "topics"), [("Border Radius Scale", []), ("How to scale out", ["scaling"])])
def test_scales_of_a_design_are_no_growth(title: str, topics: list[str]) -> None:
    assert topics_in([title]) == topics


@settings(deadline=None)
@given(st.text(alphabet="#=-`~|[]()<>! \nabR1hTO", max_size=200))
def test_any_text_is_read(text: str) -> None:
    read_documents(MemoryTree({"a.md": text, "b.rst": text, "c.adoc": text}))


def test_a_topic_is_found_wherever_its_pattern_is() -> None:
    """The words that a text is looked through for only spare patterns that cannot be there."""
    said = [
        "Run-book",
        "runbooks",
        "play books",
        "operational guide",
        "autoscaling",
        "DR plan",
        "post mortem",
        "outage",
    ]
    said += ["rolled back", "rollback", "migration", "schema change", "Release", "components", "failover", "fail-over"]
    said += ["point in time", "recovery from backups", "re-deploy", "redeployed", "another region", "Route53", "outage"]
    said += ["how-to", "play-book", "business continuity", "recovery plan", "on-call", "system design", "second region"]
    said += ["domain name", "status-page", "recovery", "on", "calls on", "schema", "system", "a second", "message"]
    said += ["sample mail", "stakeholder", "message template", "notifications", "address", "prerun", "unrelated"]
    for text in said:
        plain = [
            topic
            for topic, words in TOPICS.items()
            if re.search(rf"(?<![A-Za-z])(?:{words})(?![A-Za-z])", text, re.IGNORECASE)
        ]
        assert topics_in([f"see the {text} here"]) == plain, text


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("1. 전체 아키텍처 개요", "architecture"),
        ("システム構成図", "architecture"),
        ("Архитектура сервиса", "architecture"),
        ("Systemarchitektur und Architektur", "architecture"),
        ("Arquitectura del sistema", "architecture"),
        ("롤백 절차", "rollback"),
        ("灾难恢复计划", "disaster-recovery"),
    ],
)
def test_titles_of_other_languages_say_what_they_are_about(title: str, topic: str) -> None:
    assert topic in topics_in([title])
    assert not topics_in(["설치", "インストール", "Установка"])
