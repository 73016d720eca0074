"""Whether a document gives a command that takes a migration back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from infraguard.readers.patterns import pattern

#: What every such command has in it: most lines have none of it, and are done with quickly.
_PARTS: Final = ("down", "back", "undo", "revert", "migrat")
#: By a tool, with what it goes back to; by a task that is called so; by a script; of other languages' tools. Names are
#: bounded: an image that is written into a document is one word of a megabyte.
_UNDOES: Final = pattern(
    r"""(?xi)
    \bdowngrade['\"]?\s+['\"]?(?:-\d|base\b|\$|\{|<|\[|(?=\w*\d)\w{2,})
    | (?<![\w,{}-])(?:flask\s+db|(?:manage|app|cli)(?:\.py)?\s+db|aerich)\s+downgrade\b
    | \bpiccolo\s+migrations\s+backwards\b
    | (?:\b(?:make|just|task|invoke|inv|poe|nox\s+-s|npm\s+run|yarn|pnpm|composer|rake|rails|tox\s+-e)\s+|`)[^\s`]{0,60}
      (?:migrat\w{0,9}|alembic|db)[-_:.]?\S{0,40}?(?:down|undo|rollback|revert)
    | (?:\b(?:make|just|task|invoke|inv|poe)\s+|`)[^\s`]{0,60}?
      (?:undo|rollback|revert|downgrade)[-_:.]\S{0,40}?(?:migrat|db|database|schema)
    | \bmanage(?:\.py)?\s+migrate\s+\w+\s+(?:zero\b|\d{4}|<|\{|\$|\[)
    | \bmigrate\s+\w+\s+(?:zero\b|\d{4}\w*)
    | (?:roll_?-?backs?|downgrades?|down)/?\S{0,80}\.sql\b | \broll_?-?back\w*\.(?:sh|py)\b
    | \b(?:flyway|liquibase|knex|sequelize(?:-cli)?|goose|dbmate|yoyo|sqlx|diesel|prisma|migrate)\b\s+(?:\S+\s+)?
      (?:undo|rollback|down|revert)\b | migrate:(?:down|rollback|undo)\b | migration:revert\b
    """
)


def undoes_migration(texts: Iterable[str]) -> bool:
    """Whether one of the lines has a command that takes a migration back."""
    lines = tuple(texts)
    return _has_part("\n".join(lines)) and any(_UNDOES.search(line) for line in lines if _has_part(line))


def _has_part(text: str) -> bool:
    lowered = text.lower()
    return any(part in lowered for part in _PARTS)
