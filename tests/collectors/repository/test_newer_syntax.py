"""Python that is newer than the one that runs the scan is read, line by line where it stands."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

import pytest

from infraguard.collectors.repository.python.newer_syntax import in_older_syntax
from infraguard.collectors.repository.python.source import is_template, parse_python
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Evidence

Files = Mapping[str, str | bytes]

NEWER = {
    "def first[T](items: list[T]) -> T:\n    return items[0]\n": "items",
    "async def first[\n    T: (int, str),\n    *Ts,\n](items):\n    return items\n": "items",
    "class Box[T: int = bool](Base):\n    kept = 1\n": "Base",
    "class Box[\n    T,\n]:\n    kept = keeper\n": "keeper",
    "type Names = list[str]\nafter = Names\n": "Names",
    "if on:\n    type Pair[A, B] = tuple[A, B]\n": "Pair",
    "try:\n    run()\nexcept ValueError, TypeError:\n    stop()\n": "TypeError",
    "try:\n    run()\nexcept errors.Missing, errors.Denied: # both\n    stop()\n": "errors",
    'said = f"{names["first"]} and {", ".join(others)}"\n': "others",
    "said = f'{names['first']}'\n": "names",
    "said = f\"{'\\n'.join(lines)} {x!r:>{width}}\"\n": "width",
    'said = f"{\n    one\n    + two\n}"\n': "two",
    'said = f"""{f"{where["schema"]}.{table}"} \'"\' {{}}"""\n': "table",
    'asked = t"select {column}"\n': "column",
    "said = rf'{a['b']}\\d' # it's a comment with \"quotes\n": "a",
}


@pytest.mark.parametrize("text", NEWER)
def test_newer_syntax_is_read(text: str) -> None:
    module = ast.parse(in_older_syntax(text), feature_version=(3, 11))
    names = {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}

    assert NEWER[text] in names
    assert in_older_syntax(text).count("\n") == text.count("\n")


def test_what_follows_stands_where_it_stood() -> None:
    text = 'type A = int\ndef f[\n    T,\n](x):\n    return f"{x["y"]}"\n\n\nlast = 1\n'

    module = parse_python(text.encode(), "app.py")

    assert [node.lineno for node in module.body] == [1, 2, 8]


@pytest.mark.parametrize(
    "text",
    [
        'type(x)[0]\ntype = 1\nsaid = "except A, B: {x["\nlist[T]\nclass_[0]\n',
        "def f(a): # def g[T]():\n    return '''\nclass C[T]:\nexcept A, B:\n'''\n",
        'said = f"{a!r:{b}} {{no}} {c["d"]!s}" if f\'{e}\' else "\\""\n'.replace('c["d"]', "c['d']"),
    ],
)
def test_older_syntax_stays_what_it_is(text: str) -> None:
    assert ast.dump(ast.parse(in_older_syntax(text))) == ast.dump(ast.parse(text))


def test_what_is_wrong_is_said_of_the_text_as_it_is() -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse_python(b"def f[T](x):\n    return (\n", "app.py")

    assert (caught.value.file, caught.value.line) in {("app.py", 1), ("app.py", 2)}


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (b"{% extends 'base.jinja' %}\n", True),
        (b"import os\n  {%- if cloud -%}\nimport boto3\n{% endif %}\n", True),
        (b"said = '{% if x %}'\n", False),
        (b"print 'old'\n", False),
    ],
)
def test_a_template_of_python_is_told_from_broken_python(text: bytes, is_one: bool) -> None:
    assert is_template(text) is is_one


def test_a_template_is_no_application_and_hides_nothing(collect: Callable[[Files], Evidence]) -> None:
    written = "{% block imports %}\nimport logging\n{% endblock %}\nlogging.basicConfig(level=1)\n"
    broken = "import logging\nlogging.basicConfig(level=\n"

    assert collect({"pkg/templates/loader.py": written}).gaps == ()
    assert [gap.scope for gap in collect({"pkg/loader.py": broken}).gaps] == ["pkg/loader.py"]
