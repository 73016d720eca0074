"""Which files may hold a secret that somebody wrote, and which hold what only looks like one."""

from __future__ import annotations

from typing import Final

from infraguard.collectors.repository.nature.places import is_aside
from infraguard.readers.patterns import pattern

#: Files in which people write settings; one that cannot be read may hide a secret.
_SETTINGS: Final = pattern(
    r"(?i)(?:.*/)?(?:[^/]+\.(?:py|ya?ml|json|toml|ini|cfg|conf|properties|sh|bash|env|tfvars|tf|js|ts|pem|key)"
    r"|\.env(?:\.[^/]*)?|\.npmrc|\.pypirc|\.netrc|id_(?:rsa|dsa|ecdsa|ed25519))\Z"
)
_NEVER: Final = pattern(
    r"(?i)(?:.*/)?(?:"
    r"[^/]+\.(?:lock|lockb|map|svg|png|jpe?g|gif|ico|webp|pdf|woff2?|ttf|eot|otf|zip|gz|baseline|bz2|xz|tar|whl|jar|class|so|dylib"
    r"|dll|exe|pyc|po|mo|pot|csv|tsv|parquet|xlsx?|docx?|mp[34]|wasm|sum|snap|ambr|min\.js|min\.css|css|scss|html?|xml)"
    r"|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|\.terraform\.lock\.hcl|\.secrets\.baseline|openapi\.json"
    r"|\.pre-commit-config\.yaml|CHANGELOG[^/]*|HISTORY[^/]*|requirements[^/]*\.txt"
    r"|(?:locales?|translations?|i18n|l10n|lang(?:uage)?s?|cassettes|dist|vendor|site-packages|__snapshots__)/.*)\Z"
)
#: Beside tests and examples: what developers run on their own machine, and data that is made up.
_MADE_UP: Final = pattern(
    r"(?i)(?:.*/)?(?:(?:e2e|cypress|playwright|mocks?|__mocks__|seeds?|stubs?|local|dev|development|localstack|storybook|\.?ci"
    r"|perf[\w-]*|load[-_]?tests?)/.*"
    r"|(?:[^/]*[._-])?(?:tests?|testing|spec|local|localhost|dev|development|examples?|samples?|templates?|dist|mocks?"
    r"|fixtures?|seeds?|stubs?|ci|devcontainer|cases|e2e|cypress|playwright)(?:[._-][^/]*)?|[^/]+\.(?:md|mdx|rst|txt|adoc))\Z"
)
#: Folders of what runs, though not in production.
_WHAT_RUNS: Final = pattern(r"(?:(?<=/)|\A)(?:[\w-]*[_-])?(?:scripts?|bin)/")
#: Files whose values stand without quotes.
_BARE: Final = pattern(r"(?i)(?:.*/)?(?:\.env(?:\.[^/]*)?|[^/]+\.(?:env|ini|cfg|conf|properties|ya?ml|sh|bash))\Z")
_SUPPLY: Final = pattern(
    r"(?i)(?:\.github/workflows/[^/]+\.ya?ml|(?:.*/)?(?:(?:docker-)?compose[^/]*\.ya?ml|\.env(?:\.[^/]*)?"
    r"|[^/]*task[-_]?def[^/]*\.(?:json|ya?ml)|(?:k8s|kubernetes|helm|charts?|manifests?|deploy(?:ment)?s?)/.*\.ya?ml))\Z"
)


def may_hide_a_secret(path: str) -> bool:
    """Whether a file that cannot be read leaves it open whether a secret is in it."""
    return bool(_SETTINGS.match(path)) and not _NEVER.match(path) and not is_made_up(path)


def is_looked_at(path: str) -> bool:
    """Whether it may be text that somebody wrote."""
    return not _NEVER.match(path)


def is_made_up(path: str) -> bool:
    """Whether what looks like a secret there is for tests, for an example, or for a developer's own machine.

    What scripts of the repository hold is as real as what its code does.
    """
    return is_aside(_WHAT_RUNS.sub("", path.replace(".github/", "", 1))) or bool(_MADE_UP.match(path))


def has_bare_values(path: str) -> bool:
    """Whether values stand there without quotes."""
    return bool(_BARE.match(path))


def supplies(path: str) -> bool:
    """Whether the file is what gives a running program its variables: a workflow, Compose, a task or a manifest."""
    return bool(_SUPPLY.match(path))
