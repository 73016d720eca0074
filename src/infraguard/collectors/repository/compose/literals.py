"""Passwords that a compose file holds in plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from infraguard.collectors.repository.compose.merging import VARIABLE, environment_of
from infraguard.collectors.repository.secrets.aws_keys import may_be_key
from infraguard.readers.patterns import pattern

_SECRET = pattern(
    r"(?:^|_)(?:PASSWORD|PASSWD|PASS|PWD|SECRET|TOKEN|API_?KEY|ACCESS_KEY|PRIVATE_KEY|SECRET_KEY)(?:$|_)", re.IGNORECASE
)
#: How names end that say of a secret where it is, or how it is made and how long it lives.
_ABOUT_SECRETS = pattern(
    r"_(?:FILE|PATH|NAME|URL|EXPIR\w*|TTL|LIFETIME|LENGTH|TYPE|ALGORITHM|HEADER|AGE|TIMEOUT|MINUTES|SECONDS|HOURS|DAYS"
    r"|ENABLED|POLICY|PREFIX|ISSUER|AUDIENCE|ENDPOINT|MIN|MAX)\Z",
    re.IGNORECASE,
)
_ADDRESS = pattern(r"[a-z][a-z0-9+.-]{0,30}://[^/\s:@]*:(?P<password>[^/\s@]+)@", re.IGNORECASE)

#: What the clients of AWS ask for; stand-ins for AWS take any word.
_KEYS_OF_AWS = frozenset({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})
_SESSION_TOKEN_BYTES = 100


def literal_secrets(environment: Mapping[str, Any], service: Mapping[str, Any]) -> list[str]:
    """The names of what holds a literal password: variables, build arguments, and addresses with one inside."""
    build = service.get("build")
    arguments = environment_of(build.get("args")) if isinstance(build, dict) else {}
    named = [name for name, value in {**arguments, **environment}.items() if _is_literal(name, value)]
    command = service.get("command")
    words = command if isinstance(command, list) else [command] if command else []
    return [*named, *_in_command([str(word) for word in words])]


def _is_literal(name: str, value: Any) -> bool:
    if value is None or isinstance(value, bool) or not str(value).strip():
        return False
    text = str(value)
    address = _ADDRESS.search(text)
    if address:
        return bool(_literal_part(address["password"]))
    if name.upper() in _KEYS_OF_AWS and "$" not in text:
        return may_be_key(text) or len(text) > _SESSION_TOKEN_BYTES
    is_secret = bool(_SECRET.search(name)) and not _ABOUT_SECRETS.search(name)
    return is_secret and bool(_literal_part(text))


def _literal_part(text: str) -> str:
    """What of a text stands in the file itself: beside its variables, and in their defaults."""
    defaults = "".join(
        match["word"] or "" for match in VARIABLE.finditer(text) if (match["how"] or "").endswith(("-", "+"))
    )
    return VARIABLE.sub("", text).strip() + defaults


def _in_command(words: list[str]) -> Iterator[str]:
    text = " ".join(words)
    match = re.search(r"--requirepass[ =](\S+)", text)
    if match and _literal_part(match[1]):
        yield "--requirepass"
