"""Version constraints of module calls: whether the version that was fetched is one that the call takes."""

from __future__ import annotations

from functools import lru_cache

from infraguard.readers.patterns import pattern

_VERSION = pattern(r"v?(\d{1,9}(?:\.\d{1,9}){0,5})(?:-([0-9A-Za-z.-]+))?(?:\+\S*)?\Z")
_CONSTRAINT = pattern(r"(=|!=|>=|<=|>|<|~>)?\s*(\S+)\Z")


def satisfies(version: str, constraints: str) -> bool:
    """Whether a version meets all constraints of a list such as `>= 1.2, < 2.0`; `~>` lets the last figure grow.

    A version that cannot be read meets only itself, and a pre-release only its exact name, as in Terraform.
    """
    return all(_meets(version.strip(), each.strip()) for each in constraints.split(",") if each.strip())


@lru_cache(maxsize=10_000)
def figures(version: str) -> tuple[int, ...] | None:
    """The figures of a release, for comparing; None for a pre-release, and for what cannot be read."""
    found = _VERSION.match(version.strip())
    return None if found is None or found[2] else _figures(found[1])


def bound(constraints: str) -> tuple[int, ...] | None:
    """The least figures that are above every version which meets the constraints; None where they let it grow."""
    bounds = [above for each in constraints.split(",") if (above := _bound(each.strip()))]
    return min(bounds, default=None)


def _bound(constraint: str) -> tuple[int, ...] | None:
    match = _CONSTRAINT.match(constraint)
    want = figures(match[2]) if match else None
    if match is None or want is None:
        return None
    match match[1]:
        case "<":
            return want
        case "<=" | "=" | None:
            return (*want[:-1], want[-1] + 1)
        case "~>" if match[2].count("."):
            last = match[2].count(".") - 1
            return _figures(".".join(map(str, (*want[:last], want[last] + 1))))
    return None


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
