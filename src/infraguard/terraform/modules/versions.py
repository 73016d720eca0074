"""Version constraints of module calls: whether the version that was fetched is one that the call takes."""

from __future__ import annotations

from infraguard.readers.patterns import pattern

_VERSION = pattern(r"v?(\d{1,9}(?:\.\d{1,9}){0,5})(?:-([0-9A-Za-z.-]+))?(?:\+\S*)?\Z")
_CONSTRAINT = pattern(r"(=|!=|>=|<=|>|<|~>)?\s*(\S+)\Z")


def satisfies(version: str, constraints: str) -> bool:
    """Whether a version meets all constraints of a list such as `>= 1.2, < 2.0`; `~>` lets the last figure grow.

    A version that cannot be read meets only itself, and a pre-release only its exact name, as in Terraform.
    """
    return all(_meets(version.strip(), each.strip()) for each in constraints.split(",") if each.strip())


def _meets(version: str, constraint: str) -> bool:
    match, found = _CONSTRAINT.match(constraint), _VERSION.match(version)
    wanted = _VERSION.match(match[2]) if match else None
    if match is None or found is None or wanted is None or found[2] or wanted[2]:
        return match is not None and match[1] in (None, "=") and match[2] == version
    have, want = _figures(found[1]), _figures(wanted[1])
    given = wanted[1].count(".") + 1
    match match[1]:
        case ">=":
            return have >= want
        case "<=":
            return have <= want
        case ">":
            return have > want
        case "<":
            return have < want
        case "!=":
            return have != want
        case "~>":
            return have >= want and have[: given - 1] == want[: given - 1]
    return have == want


def _figures(text: str) -> tuple[int, ...]:
    figures = [int(figure) for figure in text.split(".")]
    return (*figures, *([0] * (6 - len(figures))))
