"""Scripts as commands, and which of them may fail unseen."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infraguard.model.errors import SyntaxProblem
from infraguard.readers.shell_outcome import Outcome, outcomes
from tests.readers.attempt import attempt


def _words(script: str) -> list[tuple[str, ...]]:
    return [command.words for command in outcomes(script, errexit=True, pipefail=False)]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("a b  c", [("a", "b", "c")]),
        ("a 'b c' \"d e\" f\\ g", [("a", "b c", "d e", "f g")]),
        ("a # b\nc#d '#e'", [("a",), ("c#d", "#e")]),
        ("a \\\n  b; c", [("a", "b"), ("c",)]),
        ("a \\\r\n  b\r\nc", [("a", "b"), ("c",)]),
        ("A=1 B='x y' c", [("A=1", "B=x y", "c")]),
        ("a > out 2>&1 < in b >> log", [("a", "b")]),
        ("a &> out && b", [("a",), ("b",)]),
        ("a <<EOF b\nc || true\nEOF\nd", [("a", "b"), ("d",)]),
        ("a <<-'E'\n\tb\n\tE\nd", [("a",), ("d",)]),
        ("a <<< text\nb", [("a",), ("b",)]),
        ("a <(b c) d", [("a", "d")]),
        ('a "$(b "c d" | e)" `f g`', [("a", '$(b "c d" | e)', "`f g`")]),
        ("a ${x:-y z} $(( 1 + 2 ))", [("a", "${x:-y z}", "$(( 1 + 2 ))")]),
        ("a ${{ matrix.b && 'c' || 'd' }} e", [("a", "${{ matrix.b && 'c' || 'd' }}", "e")]),
        ("a ''", [("a", "")]),
        ("x=(1 2\n 3)\na", [("x=",), ("a",)]),
        ("[[ a && b == c ]] && d", [("[[", "a", "&&", "b", "==", "c", "]]"), ("d",)]),
        ("if (( $(echo 1 | bc) > 2 && x )); then a; fi; ((i++))", [("((",), ("a",), ("((",)]),
        ("((a); (b))", [("a",), ("b",)]),
        ("if a; then b; elif c; then d; else e; fi", [("a",), ("b",), ("c",), ("d",), ("e",)]),
        ("for x in 1 2; do a $x; done; b", [("a", "$x"), ("b",)]),
        ("while a; do b; done < f", [("a",), ("b",)]),
        ("case $x in\n a|b) c;;\n (*) d ;;\nesac\ne", [("c",), ("d",), ("e",)]),
        ("f() { a; }\nfunction g () ( b )\nf", [("f",), ("a",), ("b",)]),
        ("function f {\n a\n}\nfunction g\n{ b; }\ng x; c", [("g", "x"), ("b",), ("c",), ("a",)]),
        ("f() { g; }; g() { a; }; f\nf", [("f",), ("g",), ("a",), ("f",)]),
        ("f() { f; a; }\nf", [("f",), ("f",), ("a",)]),
        ("( a; b ) && { c; }", [("a",), ("b",), ("c",)]),
        ("echo if then }", [("echo", "if", "then", "}")]),
        ("", []),
        ("# nothing\n\n", []),
    ],
)
def test_commands_of_a_script(script: str, words: list[tuple[str, ...]]) -> None:
    assert _words(script) == words


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("a 'b", "' without its end"),
        ('a "b', '" without its end'),
        ("a $(b", "without its end"),
        ("a ${{ b", "without its end"),
        ("if a; then b", "without its fi"),
        ("if a; fi", None),
        ("fi", None),
        ("(a", "expected"),
        ("a )", "did not begin"),
        ("&& a", "a command was expected"),
        ("a ||", "a command was expected"),
        ("{" + "(" * 500, "nested too deeply"),
        ("case x in", "without its esac"),
    ],
)
def test_what_is_no_script_is_refused(script: str, why: str | None) -> None:
    if why is None:
        assert all(isinstance(words, tuple) for words in _words(script))
        return
    with pytest.raises(SyntaxProblem, match=why) as caught:
        _words(script)
    assert caught.value.line == 1


@pytest.mark.parametrize(
    ("script", "ignored"),
    [
        ("test", False),
        ("test || true", True),
        ("test || :", True),
        ("test || echo failed", True),
        ("test || exit 0", True),
        ("test || exit 1", False),
        ("test || exit", False),
        ("test || { echo failed; exit 1; }", False),
        ("test || { echo failed; }", True),
        ("test || false", False),
        ("test || again", None),
        ("test; true", False),
        ("set +e\ntest\necho done", True),
        ("set +e\necho done\ntest", False),
        ("set +o errexit\ntest\ntrue", True),
        ("set +e; set -euo pipefail\ntest | cat\ntrue", False),
        ("test | tee log", True),
        ("set -o pipefail; test | tee log", False),
        ("cat x | test", False),
        ("test && echo good", False),
        ("test && echo good\necho done", True),
        ("prepare && test\necho done", False),
        ("! test", True),
        ("test || [ $? = 1 ]", True),
        ("test || [ $? -eq 5 ]", False),
        ('test || [[ "$?" -lt 2 ]]', True),
        ("test || [ $code = 1 ]", None),
        ("test &\nwait", True),
        ("if test; then echo good; fi", True),
        ("if ! test; then exit 1; fi; more", False),
        ("if ! test; then echo bad; fi; more", True),
        ("if ! test; then failed=1; fi; exit $failed", None),
        ("if test; then echo good; else exit 2; fi; more", False),
        ("if test && other; then echo good; else exit 2; fi", False),
        ("if ! test && ! other; then exit 1; fi", None),
        ("if test; then echo good; elif other; then echo well; else exit 1; fi", None),
        ("if test; then worked=1; fi", None),
        ("while ! test; do sleep 1; done", None),
        ("f() { if ! test; then return 1; fi; }; f", False),
        ("f() { if ! test; then return 1; fi; }; f || true", True),
        ("(if ! test; then exit 1; fi); more", False),
        ("(if ! test; then exit 1; fi) || true", True),
        ("set +e; test; code=$?; echo done; exit $code", False),
        ("set +e; test; code=$?; echo done; exit ${code}", False),
        ("set +e; test; code=$?; echo $code", None),
        ("set +e; test; code=$?; echo done", True),
        ("set +e; test; code=$?; if [ $code -ne 0 ]; then exit 1; fi", None),
        ("show() { exit $1\n}\nset +e\ntest && more\nshow $?", False),
        ("show() { exit $1\n}\nset +e\ntest || more\nshow $?", None),
        ("show() { echo $1\n}\nset +e\ntest && more\nshow $?", True),
        ("if x; then test; fi", False),
        ("if x; then test || true; fi", True),
        ("(cd x && test) || true", True),
        ("{ test; true; } || exit 1", True),
        ("{ true; test; } || exit 1", False),
        ("(test; true) && a", True),
        ("{ true; test; } && a", False),
        ("if { test; true; }; then a; fi", True),
        ("f() { test; true; }; f || exit 1", True),
        ("f() { set -e; test; true; }; f || exit 1", True),
        ("f() { true; test; }; f || exit 1", False),
        ("f() { test; true; }; f", False),
        ("for x in 1 2; do test; done", False),
        ("f() { test; }", None),
        ("f() { test; }\nf", False),
        ("f() { test; }\nf || true", True),
        ("f() { test; }\nif f; then a; fi", True),
        ("f() { test; }\nf || true\nf", False),
        ('f() { test; }\nset +e\nout="$(f 2>&1)"; kept=$?\nset -e\nexit $kept', False),
        ('f() { test; }\nout="$(f)" || true', True),
        ('f() { test; }\nout="$(f)"', False),
        ("f() { g; a; }\ng() { test; }\nx=1 f", False),
        ("f() { set +e; test; a; }\nf", True),
        ("f() { test | a; }\nf", True),
        ("trap f EXIT; f() { test; }", None),
    ],
)
def test_whether_a_failure_is_ignored(script: str, ignored: bool | None) -> None:
    (found,) = [c for c in outcomes(script, errexit=True, pipefail=False) if c.words == ("test",)]
    assert found.ignored is ignored


def test_without_errexit_only_the_last_command_counts() -> None:
    assert outcomes("test\ntrue", errexit=False, pipefail=False) == [
        Outcome(("test",), 1, ignored=True),
        Outcome(("true",), 2, ignored=False),
    ]


_PARTS = st.lists(
    st.sampled_from(["probe", "true", ":", "set +e", "set -e", "set -o pipefail", "cat"]), min_size=1, max_size=4
)
_JOINTS = st.lists(st.sampled_from(["; ", "\n", " && ", " || ", " | "]), min_size=4, max_size=4)


@given(_PARTS, _JOINTS, st.booleans(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_bash_agrees_on_the_failure_of_the_first_probe(
    parts: list[str], joints: list[str], errexit: bool, pipefail: bool
) -> None:
    """Bash runs scripts of `true`, `cat` and a probe that fails; ours must say what its exit status says."""
    parts = ["probe", *(part if part != "probe" else "true" for part in parts)]
    script = parts[0] + "".join(joint + part for joint, part in zip(joints, parts[1:], strict=False))
    flags = [*(["-e"] if errexit else []), *(["-o", "pipefail"] if pipefail else [])]
    run = subprocess.run(
        ["bash", "--norc", *flags, "-c", f"probe() {{ return 3; }}\n{script}"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    said = outcomes(script, errexit=errexit, pipefail=pipefail)[0].ignored
    assert said is None or said is (run.returncode == 0), script


_AROUND = st.sampled_from(
    (
        *("{{ {0}; }}", "( {0} )", "f() {{ {0}; }}\nf", "f() {{ {0}; }}; g() {{ f; {1}; }}; g"),
        *("if {0}; then {1}; fi", "if true; then {0}; else {1}; fi", "for x in 1; do {0}; done"),
        "case x in x) {0};; esac",
    )
)
_FILLING = st.sampled_from(
    ["probe", "probe; true", "true; probe", "set -e; probe; true", "probe && true", "probe | cat", "! probe"]
)
_AFTER = st.sampled_from(["", " || true", " || false", " && true", "\ntrue", " | cat", "; true"])


@given(_AROUND, _FILLING, _AFTER, st.booleans(), st.sampled_from(["true", "cat", "set +e"]))
@settings(max_examples=100, deadline=None)
def test_bash_agrees_on_groups_and_functions(around: str, filling: str, after: str, errexit: bool, other: str) -> None:
    script = around.format(filling, other) + after
    flags = ["-e"] if errexit else []
    run = subprocess.run(
        ["bash", "--norc", *flags, "-c", f"probe() {{ return 3; }}\n{script}"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    (said,) = [each.ignored for each in outcomes(script, errexit=errexit, pipefail=False) if each.words == ("probe",)]
    assert said is None or said is (run.returncode == 0), script


@pytest.mark.parametrize("call", ['"$@"', 'time "${@}"', '"$1"', '${1:-help} "$@"'])
@pytest.mark.parametrize(("setting", "ignored"), [("set -e", False), (":", True)])
def test_a_script_that_runs_its_arguments_calls_its_functions(call: str, setting: str, ignored: bool) -> None:
    found = outcomes(f"{setting}\ncheck() {{\n  black .\n  isort .\n}}\n{call}\n", errexit=False, pipefail=False)
    assert {each.words[0]: each.ignored for each in found if each.within} == {"black": ignored, "isort": False}


@given(st.text("ab \n\t'\"\\$(){}[]|&;<>#`=!ifdone", max_size=40))
def test_any_text_is_taken_apart_or_refused(script: str) -> None:
    found = attempt(lambda: outcomes(script, errexit=True, pipefail=False))
    if isinstance(found, SyntaxProblem):
        assert found.line >= 1
    else:
        assert all(1 <= command.line <= script.count("\n") + 1 for command in found)
