"""Secrets in the bytes of a file. What is found is named, placed and masked: the secret itself goes no further."""

from __future__ import annotations

import base64
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from infraguard.readers.patterns import pattern

#: Tokens by the form that their makers document: what they are, text that every one has, and the form.
_TOKENS: Final = (
    (
        "private key",
        b"PRIVATE KEY",
        rb"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\\n|\s)+[A-Za-z0-9+/=:,\s\\-]{40}",
    ),
    ("AWS access key", b"AKIA", rb"\bAKIA[A-Z2-7]{16}\b"),
    ("GitHub token", b"gh", rb"gh(?<!\wgh)[pousr]_[A-Za-z0-9]{36}\b"),  # found many times faster than after \b
    ("GitHub token", b"github_pat_", rb"\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b"),
    ("GitLab token", b"glpat-", rb"\bglpat-[A-Za-z0-9_-]{20,}"),
    ("Slack token", b"xox", rb"\bxox[abpors]-\d{8,}-[A-Za-z0-9-]{20,}"),
    ("Slack webhook", b"hooks.slack.com", rb"hooks\.slack\.com/services/T[A-Z0-9]{8,}/B[A-Z0-9]{8,}/[A-Za-z0-9]{24}"),
    ("Stripe key", b"_live_", rb"\b[rs]k_live_[A-Za-z0-9]{24,}"),
    ("Google API key", b"AIza", rb"\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
    ("SendGrid key", b"SG.", rb"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"),
    ("npm token", b"npm_", rb"\bnpm_[A-Za-z0-9]{36}\b"),
    ("PyPI token", b"pypi-", rb"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}"),
)
_PATTERNS: Final = tuple((kind, sign, pattern(form)) for kind, sign, form in _TOKENS)
#: The same forms, for texts.
TOKEN_FORMS: Final = tuple(pattern(form.decode("ascii")) for _, _, form in _TOKENS)
_URL: Final = pattern(
    rb"\b(?:postgres|mysql|mariadb|mongodb|redis|amqp|https?|ftp|smtp)[a-z0-9+]{0,20}://"
    rb"(?P<user>[^\s:/@'\"<>`]{0,80}):(?P<value>[^\s/@'\"<>`]{3,120})@(?P<host>[A-Za-z0-9.\[\]_-]{1,200})"
)
_NAMED: Final = pattern(
    rb"(?i)(?P<word>passw(?:or)?d|passphrase|secret(?:[_-]?key)?|(?:auth|access|api|bearer)[_-]?token|(?<=_)token|"
    rb"(?:api|access|private|auth|encryption|signing)[_-]?key)"
    rb"['\"]?[ \t]{0,20}(?::[ \t]?str[ \t]?)?(?:=(?!=)|:(?!:)|=>)[ \t]{0,20}"
    rb"(?:(?P<quote>['\"])(?P<quoted>[^'\"\n]{6,200})(?P=quote)"
    rb"|(?P<bare>[^\s'\"#,;(){}\[\]]{6,200})(?=[ \t]*(?:#|\r?$)))",
    re.MULTILINE,
)
_ACCOUNT: Final = pattern(
    rb"create_superuser\(\s*(?:(?:['\"][^'\"\n]{0,100}['\"]|[\w.]{1,60})\s*,\s*){2}(?P<quote>['\"])(?P<value>[^'\"\n]{6,100})(?P=quote)"
)
#: A password that is hashed where it is written.
_HASHED: Final = pattern(
    rb"(?P<name>\b(?:\w*context\.hash|hash_password|get_password_hash|make_password|generate_password_hash|hashpw))"
    rb"\(\s*b?(?P<quote>['\"])(?P<value>[^'\"\n]{6,100})(?P=quote)"
)
_SIGNS: Final = (b"passw", b"passphrase", b"secret", b"token", b"key")
_NAME_BEFORE: Final = pattern(rb"[A-Za-z0-9_.-]{0,60}\Z")
_ALLOWED: Final = pattern(rb"gitleaks:allow|pragma: ?allowlist|nosec\b|trufflehog:ignore")
#: What people write where a secret will be, what stands for one, and what leads to one.
_PLACEHOLDER: Final = pattern(
    r"(?i)change|example|placeholder|dummy|fake|sample|insert|replace|redacted|not.?(?:a|so|very)?.?(?:real|secret)"
    r"|your|^my|my[-_]|xxx|\*\*\*|\.\.\.|^1234|12345|abcd|qwerty|foobar|todo|none|null|undefined|unset|default"
    r"|insecure|unsafe"
    r"|^(?:dev|postgres|admin|root|guest|user|pass|password|passwd|secret|token|redis|rabbitmq|minio|mysql|portal|app)"
    r"(?:[-_]?(?:pass(?:word)?|secret|key|user))*[-_]?\d{0,3}$"
    r"|^[$<%{\[@&!/~.]|\$\{|\$\(|\{\{|\}|<.*>|%\(|^arn:|://|_arn$|environ|getenv"
    r"|^(?:os|env|var|local|data|module|aws_\w+|secrets|config|settings|self)\."
)
#: Words that a password which somebody really uses may hold as well.
_WORD_OF_TESTS: Final = pattern(r"(?i)local|test")
_STRONG: Final = pattern(r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[!#$%^&*+=?~]).{12,}\Z")
_WORDS: Final = pattern(r"(?:[A-Za-z]+\d?|\d{1,4})(?:[-_.:/ ](?:[A-Za-z]+\d?|\d{1,4}))*\Z")
_CAMEL: Final = pattern(r"[a-z]+(?:[A-Z][a-z]+)*\Z|(?:[A-Z][a-z]+)+\Z")
#: A name of a setting, or of an entry in a store.
_CONSTANT: Final = pattern(r"(?!(?:.*?\d+\D+){2})[A-Z]{2,}\d{0,5}(?:_[A-Z]{2,}\d{0,5})+\Z")
_NAMES: Final = (_WORDS, _CAMEL, _CONSTANT)
_LOCAL_HOST: Final = pattern(
    r"(?i)(?:127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1\]?|[^.]+|.*\.(?:local|localhost|internal|test|example|invalid)"
    r"|(?:.*\.)?example\.(?:com|org|net))\Z"
)
#: Hosts by a name that AWS made up: whoever wrote such an address has the database, and its password is the real one.
_OF_AWS: Final = pattern(
    r"(?i)[\w-]+\.(?:cluster-(?:ro-)?)?(?!(\w)\1{5})[a-z0-9]{12}\.[a-z]{2}(?:-[a-z]+)+-\d\.rds\.amazonaws\.com"
)
_BASE64: Final = pattern(r"[A-Za-z0-9+/]{8,}={0,2}")
_PARTS: Final = pattern(r"[A-Za-z]+")
_WORDS_OF_A_SENTENCE: Final = 7
_SHOWN: Final = 4
_UNDER_NAME: Final = "secret under its name"
#: What is said of a password that stands in an address.
IN_ADDRESS: Final = "password in an address"


class Written(Struct, frozen=True):
    """A secret in a file: of what kind, under which name, at which line, and its first letters.

    `identity` tells the same secret from another within this run, and leads back to none.
    """

    kind: str
    name: str
    line: int
    masked: str
    identity: int = 0

    @property
    def is_guessed(self) -> bool:
        """Whether its name or its place tells, and not the form that its maker gave it."""
        return self.kind in (_UNDER_NAME, IN_ADDRESS)

    def at(self, line: int) -> Written:
        """The same at another line."""
        return replace(self, line=line)


def secrets_written(content: bytes, *, made_up: bool, bare: bool) -> Iterator[Written]:
    """The secrets in a text. `made_up` texts are looked at for tokens only, `bare` ones have values without quotes."""
    yield from _tokens(content, made_up=made_up)
    if made_up:
        return
    if b"://" in content and b"@" in content:
        yield from _addresses(content)
    yield from _accounts(content)
    for start, end in _lines_with_signs(content):
        yield from _assignments(content, start, end, bare=bare)


def _tokens(content: bytes, *, made_up: bool) -> Iterator[Written]:
    for kind, sign, form in _PATTERNS:
        if sign not in content or (made_up and kind == "private key"):
            continue
        for match in form.finditer(content):
            text = match[0].decode("ascii", "replace")
            if kind != "private key" and (_is_placeholder(text.replace("://", "")) or _spread(text) < 3):
                continue
            if kind == "AWS access key" and not _has_secret_beside(content, match.end()):
                continue
            yield from _found(content, match.start(), kind, kind, text)


def _has_secret_beside(content: bytes, end: int) -> bool:
    """An identifier alone opens nothing; the forty letters near it do."""
    return bool(
        re.search(
            rb"(?<![A-Za-z0-9/+])(?=[^\s]*[a-z])(?=[^\s]*\d)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])",
            content[end : end + 400],
        )
    )


def _addresses(content: bytes) -> Iterator[Written]:
    for match in _URL.finditer(content):
        value, host = match["value"].decode("utf-8", "replace"), match["host"].decode("ascii", "replace")
        user = match["user"].decode("utf-8", "replace")
        if (
            value != user
            and not _LOCAL_HOST.match(host)
            and (not _is_placeholder(value) or (_OF_AWS.fullmatch(host) and _STRONG.match(value)))
            and "{" not in user
            and "%s" not in value
        ):
            yield from _found(content, match.start(), IN_ADDRESS, "address", value)


def _accounts(content: bytes) -> Iterator[Written]:
    """Passwords that a call takes and that have no name: those of accounts it makes, and those that it hashes."""
    for match in _ACCOUNT.finditer(content) if b"create_superuser" in content else ():
        value = match["value"].decode("utf-8", "replace")
        if _is_secret("password", "password", value):
            yield from _found(content, match.start(), _UNDER_NAME, "create_superuser", value)
    for match in _HASHED.finditer(content) if b"hash" in content or b"make_password" in content else ():
        value = match["value"].decode("utf-8", "replace")
        if _is_secret("password", "password", value):
            yield from _found(content, match.start(), _UNDER_NAME, match["name"].decode("ascii"), value)


def _lines_with_signs(content: bytes) -> list[tuple[int, int]]:
    """Where the lines begin and end that may name a secret: few, and the form of an assignment is slow to look for."""
    lowered = content.lower()
    found: set[tuple[int, int]] = set()
    for sign in _SIGNS:
        at = lowered.find(sign)
        while at >= 0:
            end = lowered.find(b"\n", at)
            end = len(content) if end < 0 else end
            found.add((lowered.rfind(b"\n", 0, at) + 1, end))
            at = lowered.find(sign, end)
    return sorted(found)


def _assignments(content: bytes, start: int, end: int, *, bare: bool) -> Iterator[Written]:
    """The secrets under their names in one line."""
    for match in _NAMED.finditer(content, start, end):
        raw = match["quoted"] or (match["bare"] if bare else None)
        if raw is None:
            continue
        before = _NAME_BEFORE.search(content, max(0, match.start() - 60), match.start())
        name = ((before[0] if before else b"") + match["word"]).decode("ascii", "replace").lstrip(".-")
        if _is_secret(name, match["word"].decode("ascii").lower(), raw.decode("utf-8", "replace")):
            yield from _found(content, match.start(), _UNDER_NAME, name, raw.decode("utf-8", "replace"))


def _is_secret(name: str, word: str, value: str) -> bool:
    if _is_prose(name, value) or _is_placeholder(value) or value.lower() in name.lower():
        return False
    mixed = any(letter.isdigit() for letter in value) and any(letter.isalpha() for letter in value)
    if word.startswith("pass"):
        return mixed and _spread(value) >= 2 and not ("_" in value and _WORDS.match(value))
    return mixed and len(value) >= 16 and _spread(value) >= 3 and not any(form.match(value) for form in _NAMES)


def _is_prose(name: str, value: str) -> bool:
    """Whether it is a text for people under a key that is one: a language without spaces, or a sentence for a name."""
    foreign = sum(not letter.isascii() for letter in value)
    return " " in value or foreign * 3 > len(value) or len(_PARTS.findall(name)) >= _WORDS_OF_A_SENTENCE


def _is_placeholder(value: str) -> bool:
    """Whether a value is none that opens anything. One that only a policy of passwords asks for is no test's."""
    return any(
        bool(_PLACEHOLDER.search(each)) or bool(_WORD_OF_TESTS.search(each) and not _STRONG.match(each))
        for each in (value, *_decoded(value))
    )


def _decoded(value: str) -> list[str]:
    """The text that a value holds in base64, as secrets of Kubernetes are written; nothing where it is none."""
    if len(value) % 4 or not _BASE64.fullmatch(value):
        return []
    content = base64.b64decode(value)
    return [content.decode()] if content.isascii() and content.decode().isprintable() else []


def _spread(value: str) -> float:
    """Shannon's entropy of the letters, in bits."""
    counts = Counter(value)
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts.values())


def _found(content: bytes, start: int, kind: str, name: str, value: str) -> Iterator[Written]:
    end = content.find(b"\n", start)
    line = content[content.rfind(b"\n", 0, start) + 1 : end if end >= 0 else len(content)]
    if _ALLOWED.search(line):
        return
    shown = "" if kind == "private key" else value[: min(_SHOWN, len(value) // 4)]
    yield Written(kind, name, content.count(b"\n", 0, start) + 1, f"{shown}***", hash(value))
