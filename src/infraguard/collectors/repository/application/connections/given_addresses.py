"""Addresses of databases that the repository's own infrastructure and start scripts give to the application."""

from __future__ import annotations

from typing import Final

from infraguard.collectors.repository.application.connections.addresses import speaks_of_tls
from infraguard.collectors.repository.nature.places import is_application, is_aside
from infraguard.collectors.repository.remembering import once
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

#: Terraform, manifests and scripts that containers start with; compose is for developers.
_FILES: Final = pattern(
    r"(?!(?:.*/)?(?:docker-)?compose[^/]*\Z)(?:.*/)?(?:[^/]+\.(?:tf|tpl|ya?ml|sh)|[\w.-]*entrypoint[\w.-]*)\Z"
)
_PART: Final = r"(?:\$\{[^}\n]*\}|\$\([\w.]+\)|\$\w++|\{\{[^}\n]*\}\}|%s)"
#: User or password, host and the rest put in, and the end of the text behind it: no argument asks for TLS.
_WITHOUT_TLS: Final = pattern(
    rf"\b(?:postgres|postgis|mysql|mariadb|mssql|oracle|cockroach)\w*(?:\+\w+)?://(?:[^\"'\s@?$%{{]|{_PART})*{_PART}"
    rf"(?:[^\"'\s@?$%{{]|{_PART})*@(?:[^\"'\s@?$%{{]|{_PART})*(?=[\"'\s]|\Z)"
)
_SPEAKS_OF_TLS: Final = pattern(r"(?i)sslmode|ssl_mode|sslrootcert|ssl_ca\b|[?&]ssl=|tls=|require_tls")


def is_given_without_tls(tree: Tree, name: str) -> bool:
    """Whether what deploys the application here gives a variable that is called so, and its address asks for no TLS.

    Where any of it speaks of TLS, which address is the application's would have to be told first.
    """
    texts = once(tree, "addresses given", lambda: _texts(tree))
    if not texts or not name.isidentifier() or speaks_of_tls(tree):
        return False
    either = "|".join(each.replace("_", "_?") for each in (name, *_variables(tree, name)))
    is_named = pattern(rf"(?i)(?<![a-z0-9])(?:{either})(?![a-z0-9_])")
    return any(is_named.search(text) for text in texts)


def _variables(tree: Tree, name: str) -> list[str]:
    """The variables of the environment that a setting of the application is read from.

    Copilot makes one of each output of an addon, and calls it `DATABASE_URL` where the output is `DatabaseUrl`.
    """
    reads = pattern(
        rf"(?m)^[ \t]*{name}[ \t]*(?::[^=\n]*)?=[^\n]*?(?:environ(?:\.get)?|getenv|env(?:\.\w+)?)[\[(]"
        r"\s*[\"'](?P<variable>\w+)"
    )
    texts = (text_or_empty(tree, path) for path in tree.paths if is_application(path))
    return sorted({found["variable"] for text in texts if name in text for found in reads.finditer(text)})


def _texts(tree: Tree) -> tuple[str, ...]:
    """The files beside one that puts such an address together; none where one of them speaks of TLS."""
    paths = [path for path in tree.paths if _FILES.match(path) and not is_aside(path)]
    texts = {path: text_or_empty(tree, path) for path in paths}
    makers = {path for path, text in texts.items() if "://" in text and _WITHOUT_TLS.search(text)}
    folders = {path.rpartition("/")[0] for path in makers}
    beside = [text for path, text in texts.items() if path.rpartition("/")[0] in folders]
    return () if any(_SPEAKS_OF_TLS.search(text) for text in beside) else tuple(beside)
