"""Dockerfiles as BuildKit reads them. The expected lines agree with BuildKit's own parser."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from infraguard.model.errors import SyntaxProblem
from infraguard.readers.dockerfile import INSTRUCTIONS, Heredoc, read_dockerfile
from tests.readers.attempt import attempt


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("FROM a\nRUN b\n", [("FROM", 1, 1), ("RUN", 2, 2)]),
        ("FROM a\nrun b \\\n  c\nRUN d", [("FROM", 1, 1), ("RUN", 2, 3), ("RUN", 4, 4)]),
        ("FROM a\r\nRUN b \\\r\n  c\r\n", [("FROM", 1, 1), ("RUN", 2, 3)]),
        ("FROM a\nRUN b \\\n # comment \\\n\n  c\nRUN d", [("FROM", 1, 1), ("RUN", 2, 5), ("RUN", 6, 6)]),
        ("FROM a\nRUN b \\ \t\n c\n", [("FROM", 1, 1), ("RUN", 2, 3)]),
        ("FROM a\nRUN b \\\\\nRUN c\n", [("FROM", 1, 1), ("RUN", 2, 2), ("RUN", 3, 3)]),
        ("FROM a\nRUN b \\\n", [("FROM", 1, 1), ("RUN", 2, 2)]),
        ("FROM a\n\\\nRUN b\n", [("FROM", 1, 1), ("RUN", 2, 3)]),
        ("\ufeff# x\n\nFROM a\n", [("FROM", 3, 3)]),
        ("# escape=`\nFROM a\nRUN b `\n c\nRUN d \\\n", [("FROM", 2, 2), ("RUN", 3, 4), ("RUN", 5, 5)]),
        ("# syntax=x\n# escape=`\nFROM a\nRUN b `\n c", [("FROM", 3, 3), ("RUN", 4, 5)]),
        ("FROM a\nRUN cat <<EOF\nFROM fake\nEOF\nRUN b", [("FROM", 1, 1), ("RUN", 2, 4), ("RUN", 5, 5)]),
        ("FROM a\nRUN <<-EOF\n\tx\n\tEOF\nRUN z\n", [("FROM", 1, 1), ("RUN", 2, 4), ("RUN", 5, 5)]),
        ("FROM a\nRUN x <<A <<B\n1\nA\n2\nB\nRUN z\n", [("FROM", 1, 1), ("RUN", 2, 6), ("RUN", 7, 7)]),
        ("FROM a\nRUN 3<<EOF cat\nEOF\nRUN z\n", [("FROM", 1, 1), ("RUN", 2, 3), ("RUN", 4, 4)]),
        ("FROM a\nONBUILD COPY <<A /x\nA\nRUN z\n", [("FROM", 1, 1), ("ONBUILD", 2, 3), ("RUN", 4, 4)]),
        # No heredocs: not a word of its own, quoted, a here-string, the JSON form, another instruction.
        ("FROM a\nRUN cat<<EOF\nRUN b\n", [("FROM", 1, 1), ("RUN", 2, 2), ("RUN", 3, 3)]),
        ("FROM a\nRUN cat << EOF\nRUN b\n", [("FROM", 1, 1), ("RUN", 2, 2), ("RUN", 3, 3)]),
        ('FROM a\nRUN echo "<<EOF"\nRUN b\n', [("FROM", 1, 1), ("RUN", 2, 2), ("RUN", 3, 3)]),
        ("FROM a\nRUN cat <<<EOF\nRUN b\n", [("FROM", 1, 1), ("RUN", 2, 2), ("RUN", 3, 3)]),
        ('FROM a\nRUN ["cat", "<<EOF"]\nRUN b\n', [("FROM", 1, 1), ("RUN", 2, 2), ("RUN", 3, 3)]),
        ("FROM a\nCMD <<EOF\nRUN b\n", [("FROM", 1, 1), ("CMD", 2, 2), ("RUN", 3, 3)]),
    ],
)
def test_instructions_and_their_lines(text: str, lines: list[tuple[str, int, int]]) -> None:
    found = read_dockerfile(text, "Dockerfile").instructions
    assert [(item.name, item.line, item.end_line) for item in found] == lines


def test_a_directive_with_an_unknown_key_ends_the_directives() -> None:
    dockerfile = read_dockerfile("# foo=bar\n# escape=`\nFROM a\nRUN x \\\n y\n", "Dockerfile")
    assert (dockerfile.escape, dockerfile.directives) == ("\\", {})
    assert dockerfile.instructions[1].value == "x  y"


def test_flags_are_apart_from_the_value() -> None:
    text = (
        "FROM --platform=linux/amd64 a AS b\n"
        "RUN --mount=type=cache --mount=type=secret --network=none x --y\n"
        'CMD ["a", "b"]\n'
    )
    start, run, command = read_dockerfile(text, "Dockerfile").instructions
    assert (start.value, start.flag("platform"), start.flag("other")) == ("a AS b", "linux/amd64", None)
    assert run.flags == (("mount", "type=cache"), ("mount", "type=secret"), ("network", "none"))
    assert run.value == "x --y"
    assert (command.items, run.items) == (["a", "b"], None)


def test_heredocs_keep_their_bodies() -> None:
    text = "FROM a\nCOPY <<'one' <<-\"two\" <<three /x/\na $b\none\n\tc\n\ttwo\nthree\n"
    copy = read_dockerfile(text, "Dockerfile").instructions[1]
    assert copy.heredocs == (
        Heredoc("one", "a $b", expand=False),
        Heredoc("two", "\tc", expand=False),
        Heredoc("three", "", expand=True),
    )


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("", 1, "without instructions"),
        ("# only a comment\n", 1, "without instructions"),
        ("FROM a\nRUN\n", 2, "RUN needs an argument"),
        ("FROM a\n\nNOPE x\n", 3, "unknown instruction 'NOPE'"),
        ("FROM a\nRUN cat <<EOF\nx\n", 2, "'EOF' has no end"),
        ("# escape=x\nFROM a\n", 1, "invalid escape character"),
        ("# escape=`\n# escape=`\nFROM a\n", 2, "stands twice"),
    ],
)
def test_what_buildkit_would_refuse(text: str, line: int, why: str) -> None:
    with pytest.raises(SyntaxProblem, match=why) as caught:
        read_dockerfile(text, "Dockerfile")
    assert caught.value.line == line


_LINES = st.lists(
    st.sampled_from(
        [
            *("FROM a", "RUN b", "RUN b \\", "  c", "# d", "", "RUN <<E", "E", "\tE", "COPY <<-E /x", "ENV a=b", "\\"),
            *('CMD ["a"]', "# escape=`", "RUN b `", "ONBUILD RUN <<E", "USER x", "RUN 'a <<E'"),
        ]
    ),
    max_size=12,
)


@given(_LINES)
@example(["FROM a", "RUN b \\", "# d", "", "  c"])
def test_places_follow_each_other_and_name_the_instruction(lines: list[str]) -> None:
    found = attempt(lambda: read_dockerfile("\n".join(lines), "Dockerfile"))
    if isinstance(found, SyntaxProblem):
        assert 1 <= found.line <= max(len(lines), 1)
        return
    last = 0
    for item in found.instructions:
        assert last < item.line <= item.end_line <= len(lines)
        assert item.name in INSTRUCTIONS
        written = " ".join(lines[item.line - 1 : item.end_line])
        assert item.name.lower() in written.lower()
        last = item.end_line


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = attempt(lambda: read_dockerfile(f"FROM a\n{text}", "Dockerfile"))
    if isinstance(found, SyntaxProblem):
        assert found.file == "Dockerfile"
    else:
        assert found.instructions[0].line == 1
