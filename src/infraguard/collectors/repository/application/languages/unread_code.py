"""Services in languages that are not read: only what their code has a word for may be there.

A service in another language keeps all that its code decides to itself, but a header that no line of it names is not
sent, and a session that no line of it opens is not kept. Where the words are, the usual ways of setting these up are
understood, and any other keeps the answer open.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from infraguard.collectors.repository.application.languages.foreign import kinds_told
from infraguard.collectors.repository.application.languages.foreign_marks import SAID_ONCE, marked
from infraguard.collectors.repository.found import UNIT, Found
from infraguard.collectors.repository.nature.applications import (
    FRAMEWORK_PACKAGES,
    PYTHON_FRAMEWORKS,
    applications,
    is_dockerfile,
)
from infraguard.collectors.repository.nature.dependencies import dependencies
from infraguard.collectors.repository.nature.places import is_aside
from infraguard.collectors.repository.python.modules import resource
from infraguard.collectors.repository.summary import languages
from infraguard.model.evidence import Gap, GapReason, Resource, Source
from infraguard.model.values import Default, Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

#: Code of the languages that are told apart here, and the files that name what it depends on.
_CODE: Final = pattern(
    r"(?:.*\.(?:[cm]?js|ts|go|rb|java|kt|php|cs|fs|rs|exs?|swift|gradle|gradle\.kts|yml|yaml)"
    r"|(?:.*/)?(?:package|composer)\.json|(?:.*/)?(?:Gemfile|pom\.xml|mix\.exs))\Z"
)
#: What others wrote, what was made from other code, and tests.
_NOT_OWN: Final = pattern(
    r"(?:.*/)?(?:node_modules|vendor|dist|\.yarn|\.next|spec|__tests__|__mocks__)/|.*_test\.go\Z"
    r"|.*\.(?:min|test|spec|stories|d)\.[cm]?[jt]s\Z|.*[.-]lock\.(?:json|ya?ml)\Z"
)
_COMMENT: Final = pattern(r"(?m)^[ \t]*(?:#|//|/?\*).*$")
#: What a Dockerfile has of which the image holds Python.
_HAS_PYTHON: Final = pattern(
    r"(?i)python|\bpip3?\b|\buvx?\b|poetry|\bpdm\b|conda|gunicorn|uvicorn|hypercorn|\buwsgi|\.py\b|requirements"
)
#: What may set the header: by its name, by a library that is about headers, or by a framework that sends it by itself.
_MAY_SET_HSTS: Final = pattern(
    r"(?i)hsts|strict.?transport|\bhelmet\s*\(|fastify.?helmet|koa.?helmet|\blusca\b|STSSeconds|force_?ssl|secure_?headers"
    r"|spring-(?:boot-starter-)?security|springframework\.security|nelmio"
)
#: What may keep a session: in these languages each way of it has a word of its own.
_MAY_KEEP_SESSIONS: Final = pattern(
    r"(?i)session(?!storage)[\w-]*[\"'/]|\breq(?:uest)?\.session\b|next-auth|@auth/|auth\.js|gorilla/sessions"
    r"|\bscs\.|lucia|supertokens|clerk|sessionmanager|sessionstore"
)
#: A part of each word above, in small letters: finding plain words is quick, and most code has none of them.
_OF_HSTS: Final = (
    *("hsts", "strict", "helmet", "lusca", "stsseconds", "force_ssl", "forcessl", "secure_header", "secureheader"),
    *("starter-security", "spring-security", "springframework.security", "nelmio"),
)
_OF_SESSIONS: Final = ("session", "next-auth", "@auth/", "auth.js", "scs.", "lucia", "supertokens", "clerk")
_TELL_SESSIONS_APART: Final = frozenset({"python", "javascript", "go"})
_HEADER: Final = pattern(r"(?i)strict.?transport.?security[^;{}]{0,60}?max-age=(\d+)|STSSeconds\s*:\s*(\d+)")
_HELMET: Final = pattern(r"\b(?:helmet|fastifyHelmet)\s*\(|@fastify/helmet|koa-helmet")
_HELMET_SETS: Final = pattern(
    r"(?:hsts|strictTransportSecurity)\s*[:(]\s*(?:(false)|\{[^}]*?maxAge\s*:\s*([\d_]+)\s*[,}\s])?"
)
_VERSION: Final = pattern(r"[^\d]*(\d+)")
#: Seconds that helmet tells browsers by itself: from its eighth version on a year, before that 180 days.
_HELMET_YEAR_SINCE: Final = 8
_HELMET_AGES: Final = (15552000, 31536000)
_RAILS: Final = pattern(r"(?m)^[ \t]*config\.force_ssl\s*=\s*true\b")
_RAILS_OPTIONS: Final = pattern(r"hsts\s*:")
_RAILS_AGE: Final = 63072000  # a year in old versions, two since 6.1
#: Packages of JavaScript that keep sessions, and where: in a cookie, or in what stands beside them.
_COOKIE_SESSIONS: Final = pattern(r"[\"'](?:cookie-session|iron-session|@fastify/secure-session)[\"']")
_SERVER_SESSIONS: Final = pattern(
    r"(?:\bfrom\s+|\brequire\(\s*)[\"'](?:express-session|@fastify/session|koa-session)[\"']"
)
_STORES: Final = (
    ("redis", pattern(r"(?i)redis")),
    (
        "database",
        pattern(r"connect-(?:mongo|pg-simple|session-sequelize|typeorm)|(?:Mongo|Prisma|Knex|Sequelize|PG)\w*Store"),
    ),
    ("memory", pattern(r"MemoryStore")),
)
_RAILS_STORE: Final = pattern(r"\bsession_store\s*[(=]?\s*:(\w+)")
_RAILS_STORES: Final = {"cookie_store": "cookie", "active_record_store": "database"}
_WRITE_OUT: Final = "write max-age=31536000 out"
_NAME_IT: Final = "name the store where sessions are set up"
_CHOSEN: Final = Unknown("its store is made elsewhere", remedy=_NAME_IT)


def unread_code(tree: Tree, kinds: tuple[str, ...]) -> Found:
    """What a service in another language may hide of these kinds, and what its code tells by plain marks."""
    spoken = languages(tree)
    other, found = [name for name in spoken if name != "python"], applications(tree)
    is_python = FRAMEWORK_PACKAGES & dependencies(tree) or any(each.framework in PYTHON_FRAMEWORKS for each in found)
    if not other or not found or (is_python and not _is_beside(tree)):
        return Found()
    texts = tuple(_texts(tree))
    of_hsts, of_sessions = _with(texts, _OF_HSTS), _with(texts, _OF_SESSIONS)
    settings = tuple(_settings(tree, of_hsts))
    absent = {"hsts_setting"} if settings or not _speaks(of_hsts, _MAY_SET_HSTS) else set()
    sessions = tuple(_sessions(of_sessions))
    if sessions or (_TELL_SESSIONS_APART.issuperset(spoken) and not _speaks(of_sessions, _MAY_KEEP_SESSIONS)):
        absent.add("session_store")
    marks = tuple(marked(tree))
    absent |= {"alembic_chain", "alembic_migration", "schema_script"}  # read wherever they stand
    absent |= kinds_told(tree) | {each.kind for each in marks if each.kind in SAID_ONCE}
    gap = Gap(
        source=Source.REPO,
        scope=f"the code in {' and '.join(other)}",
        reason=GapReason.UNSUPPORTED,
        detail="applications are read in Python only",
        remedy="leave the gates on application code out with --exclude, or attest them",
        unit=UNIT,
        kinds=tuple(kind for kind in kinds if kind not in absent),
    )
    return Found((*settings, *sessions, *marks), (gap,))


def _is_beside(tree: Tree) -> bool:
    """Whether the Python is beside the service, such as a library for its users: images are built, and none has it."""
    built = [path for path in tree.paths if is_dockerfile(path) and not is_aside(path)]
    return bool(built) and not any(_HAS_PYTHON.search(text_or_empty(tree, path)) for path in built)


def _texts(tree: Tree) -> Iterator[tuple[str, str]]:
    for path in tree.paths:
        if _CODE.match(path) and not is_aside(path) and not _NOT_OWN.match(path):
            yield path, text_or_empty(tree, path)


def _with(texts: Iterable[tuple[str, str]], words: tuple[str, ...]) -> dict[str, str]:
    """The code that has one of some words, without its comments."""
    found = ((path, text) for path, text in texts if _has(text.lower(), words))
    return {path: _COMMENT.sub("", text) for path, text in found}


def _has(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text for word in words)


def _speaks(texts: dict[str, str], words: re.Pattern[str]) -> bool:
    return any(words.search(text) for text in texts.values())


def _settings(tree: Tree, texts: dict[str, str]) -> Iterator[Resource]:
    for path, text in texts.items():
        for line, age in _ages(tree, path, text):
            yield resource("hsts_setting", path, line, "hsts", {"max_age": age, "software": "code"})


def _sessions(texts: dict[str, str]) -> Iterator[Resource]:
    for path, text in texts.items():
        if found := _COOKIE_SESSIONS.search(text) if path.endswith(("js", "ts")) else None:
            yield _session(path, text, found, "cookie")
        elif found := _SERVER_SESSIONS.search(text) if path.endswith(("js", "ts")) else None:
            named = next((store for store, words in _STORES if words.search(text)), None)
            yield _session(path, text, found, named or (_CHOSEN if "store" in text else "memory"))
        elif found := _RAILS_STORE.search(text) if path.endswith(".rb") else None:
            store = "redis" if "redis" in found[1] else _RAILS_STORES.get(found[1])
            yield _session(path, text, found, store or Unknown(f"it is the {found[1]} of Rails", remedy=_NAME_IT))


def _session(path: str, text: str, found: re.Match[str], store: Any) -> Resource:
    return resource("session_store", path, _line(text, found.start()), "session", {"store": store})


def _ages(tree: Tree, path: str, text: str) -> Iterable[tuple[int, Any]]:
    if found := _HEADER.search(text):
        return [(_line(text, found.start()), int(found[1] or found[2]))]
    if found := _RAILS.search(text):
        age = Unknown("it is in ssl_options", remedy=_WRITE_OUT) if _RAILS_OPTIONS.search(text) else None
        return [(_line(text, found.start()), age or Default(_RAILS_AGE, "Rails"))]
    if path.endswith(("js", "ts")) and (found := _HELMET.search(text)):
        return [(_line(text, found.start()), _of_helmet(tree, path, text))]
    return []


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _of_helmet(tree: Tree, path: str, text: str) -> Any:
    """The seconds that helmet sends: those that it is given, or what its version sends by itself."""
    if given := _HELMET_SETS.search(text):
        if given[1]:
            return 0
        return int(given[2]) if given[2] else Unknown("its maxAge is worked out when it runs", remedy=_WRITE_OUT)
    version = _version_of_helmet(tree, path)
    if version is None:
        return Unknown("the version of helmet decides, and no package.json names it", ("helmet",), remedy=_WRITE_OUT)
    return Default(_HELMET_AGES[version >= _HELMET_YEAR_SINCE], f"helmet {version}")


def _version_of_helmet(tree: Tree, path: str) -> int | None:
    """The first number of the version in the package.json around a file."""
    folder = posixpath.dirname(path)
    while True:
        try:
            named = json.loads(text_or_empty(tree, posixpath.join(folder, "package.json")) or "{}")["dependencies"][
                "helmet"
            ]
            found = _VERSION.match(named)
        except (ValueError, KeyError, TypeError, RecursionError):
            found = None
        if found or not folder:
            return int(found[1]) if found else None
        folder = posixpath.dirname(folder)
