"""Templates of which parts are not known: the rest is rendered, and what does not need them is known as a whole."""

from __future__ import annotations

import base64

import pytest

from infraguard.collectors.terraform import collect_terraform
from infraguard.evaluation.known_text import known_text
from infraguard.model.values import Unknown
from infraguard.readers.tree import MemoryTree

NAME = 'variable "name" {}\n'
SCRIPT = "#!/bin/sh\nhostname ${name}\nsystemctl start agent\n"


def made(expression: str, **files: str) -> object:
    main = NAME + f'resource "x" "a" {{ made = {expression} }}'
    (resource,) = collect_terraform(MemoryTree({"main.tf": main, **files})).resources
    return resource.attributes["made"]


@pytest.mark.parametrize("around", ["%s", "base64encode(%s)"])
def test_the_known_part_of_a_script_is_kept(around: str) -> None:
    found = made(around % 'templatefile("s.sh", { name = var.name })', **{"s.sh": SCRIPT})
    assert isinstance(found, Unknown)
    assert found.depends_on == ("var.name",)
    assert known_text(found) == "#!/bin/sh\nhostname …\nsystemctl start agent\n"


def test_what_may_be_there_or_not_is_left_out() -> None:
    script = '#!/bin/sh\n%{ if name != "" ~}\nsystemctl start agent\n%{ endif ~}\n'
    assert known_text(made('templatefile("s.sh", { name = var.name })', **{"s.sh": script})) == "#!/bin/sh\n"


def test_a_template_that_needs_no_unknown_name_is_known() -> None:
    found = made('templatefile("s.sh", { name = "web", other = var.name })', **{"s.sh": SCRIPT})
    assert found == "#!/bin/sh\nhostname web\nsystemctl start agent\n"


@pytest.mark.parametrize(
    "expression",
    [
        'templatefile("s.sh", var.name)',  # its names are not known at all
        "templatefile(var.name, {})",  # nor is the file
        '"${var.name}-a"',  # a name is no script
        'upper(templatefile("s.sh", { name = var.name }))',  # what is made of it is another text
    ],
)
def test_of_others_no_part_is_kept(expression: str) -> None:
    found = made(expression, **{"s.sh": SCRIPT})
    assert isinstance(found, Unknown)
    assert found.text == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (base64.b64encode(b"#!/bin/sh\n").decode(), "#!/bin/sh\n"),
        ("plain text", "plain text"),
        (
            base64.b64encode(b"\xff\xfe\xff\xfe\xff\xfe").decode(),
            base64.b64encode(b"\xff\xfe\xff\xfe\xff\xfe").decode(),
        ),
        (Unknown("not known"), ""),
        (None, ""),
    ],
)
def test_text_in_base64_is_read(value: object, text: str) -> None:
    assert known_text(value) == text
