"""Texts of commands and files with what may be a secret in them made unreadable: evidence is kept, and shown.

This errs towards masking: a word too many that cannot be read changes no verdict.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from infraguard.collectors.repository.secrets.written import TOKEN_FORMS
from infraguard.readers.patterns import pattern

MASK: Final = "***"
_NAME: Final = (
    r"(?:passw|passphrase|passwd|secret|token|credential|(?:api|access|private|auth|signing|encryption)[_-]?key)"
)
#: A name whose value is a secret, or is one under another name.
SECRET_NAME: Final = pattern(rf"(?i){_NAME}")
#: A value that only leads to one: a reference of GitHub, of a shell or of Compose.
REFERENCE: Final = pattern(r"\$[{(A-Za-z_]")
_VALUE: Final = r"(?!\$\()(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\"'`;&|<>(){}\[\],]+)"
#: Each with the part before a secret as its first group; the rest of the match is the secret.
_FORMS: Final = (
    pattern(rf"(?i)((?<![\w.-])[\w.-]{{0,60}}?{_NAME}[\w.-]{{0,60}})(['\"]?\s*[=:]\s*)({_VALUE})"),
    pattern(rf"(?i)(['\"]--?[\w-]{{0,60}}{_NAME}[\w-]{{0,60}}['\"])(\s*,\s*)({_VALUE})"),
    pattern(rf"(?i)(\s--?[\w-]{{0,60}}{_NAME}[\w-]{{0,60}})(\s+)(?!-)({_VALUE})"),
    pattern(
        r"(?i)(\b(?:docker|podman|buildah|skopeo|helm|oras|crane)\b[^\n;&|]{0,80}?\blogin\b[^\n;&|]{0,200}?\s-p)(\s*)(\S+)"
    ),
    pattern(r"(?i)(\b(?:mysql|mysqladmin|mysqldump|mariadb)\b[^\n;&|]{0,200}?\s-p)()([^\s-]\S*)"),
    pattern(r"(?i)(\s(?:-u|--user|--proxy-user)[\s=]['\"]?[^\s:'\"]{1,100})(:)([^\s'\"]+)"),
    pattern(r"(?i)(\b(?:authorization|proxy-authorization)['\"]?\s*:\s*(?:bearer|basic|token))(\s+)([^\s'\"]+)"),
    pattern(r"(://[^\s:/@]{0,100})(:)([^\s/@]{1,200})(?=@)"),
)
#: White space that no word of a command has.
_BETWEEN: Final = "\x1f"
#: Words that a secret is never: switches, and what a workflow grants.
_PLAIN: Final = frozenset({"true", "false", "none", "null", "read", "write", "yes", "no", "on", "off", ""})


def without_secrets(text: str) -> str:
    """The text with what may be a secret in it masked."""
    for form in TOKEN_FORMS:
        text = form.sub(MASK, text)
    for form in _FORMS:
        text = form.sub(_masked, text)
    return text


def words_without_secrets(words: Iterable[str]) -> list[str]:
    """The words of a command with what may be a secret among them masked; what follows a name is its value."""
    found: list[str] = []
    before = ""
    for word in words:
        name, is_given, value = word.partition("=")
        if is_given and SECRET_NAME.search(name):
            found.append(f"{name}={value_without_secret(value)}")
        elif before.startswith("-") and SECRET_NAME.search(before) and "=" not in before and not word.startswith("-"):
            found.append(value_without_secret(word))
        else:
            found.append(without_secrets(word))
        before = word
    return without_secrets(_BETWEEN.join(found)).split(_BETWEEN) if found else []


def value_without_secret(value: str) -> str:
    """What stands for a value of a name that speaks of a secret: itself, where it is none or only leads to one."""
    if value.strip("'\"").lower() in _PLAIN or REFERENCE.search(value):
        return value
    return MASK


def _masked(match: re.Match[str]) -> str:
    return f"{match[1]}{match[2]}{value_without_secret(match[3])}"
