"""`secret_protection`: what keeps secrets out of a repository, and files of secrets that are in it all the same."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any, Final

from infraguard.collectors.repository.found import UNIT, Family, Found, at
from infraguard.collectors.repository.secrets.ignoring import ignoring
from infraguard.collectors.repository.secrets.places import is_made_up
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Resource, Source
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable, bytes_or_empty, text_or_empty
from infraguard.readers.yaml import read_document

KINDS = ("secret_protection",)
_SCANNERS: Final = pattern(
    r"(?i)(?P<scanner>gitleaks|detect-secrets|trufflehog|ggshield|gitguardian|git-secrets|talisman|kingfisher|secretlint"
    r"|noseyparker|whispers|secret-detection|super-linter|megalinter|detect-private-key|detect-aws-credentials)"
)
#: What such programs keep beside the code; nothing else has a use for it.
_SETTINGS: Final = pattern(
    r"(?:.*/)?(?:\.gitleaks(?:\.toml|ignore)|\.secrets\.baseline|\.gitguardian\.ya?ml|\.talismanrc|\.secretlintrc(?:\.\w+)?"
    r"|\.ggshield\.ya?ml|\.trufflehog[\w.-]*|\.gitallowed)\Z"
)
#: Trivy looks for secrets where it is told to, and by default in folders and repositories.
_TRIVY: Final = pattern(
    r"scan-type:[ \t]*[\"']?(?:fs|filesystem|repo|repository)\b|"
    r"scanners?[\s:=]+[\"']?[a-z,]*\bsecret\b|\btrivy\s+(?:-\S+\s+)*(?:fs|filesystem|repo|repository)\b(?!.*--scanners)"
)
_HOOKS: Final = pattern(
    r"(?:(?:[\w.-]+/)*\.?pre-commit(?:-config)?\.ya?ml|lefthook\.ya?ml|\.husky/[^/]+|\.github/workflows/[^/]+\.ya?ml"
    r"|\.github/actions/(?:[^/]+/)+action\.ya?ml|\.gitlab-ci\.ya?ml|\.circleci/config\.yml|azure-pipelines\.yml"
    r"|(?:[\w-]+/)*Jenkinsfile[\w.-]*|bitbucket-pipelines\.yml|\.travis\.yml|package\.json|tox\.ini|[Jj]ustfile|Taskfile\.ya?ml"
    r"|Makefile|(?:\.?[\w-]+/)?[\w-]+\.mk|(?:(?:\.github|scripts?|ci|bin|tools|\.?(?:git-?)?hooks)/(?:[\w-]+/)*)?[\w-]+\.sh)\Z"
)
#: Files that are made of secrets, by their names.
_KEPT_SECRET: Final = pattern(
    r"(?:.*/)?(?:[^/]*\.(?:p12|pfx|jks|keystore)|[^/]+\.tfstate(?:\.backup)?|id_(?:rsa|dsa|ecdsa|ed25519)|\.netrc|\.htpasswd)\Z"
)
_ENV: Final = pattern(
    r"(?:.*/)?\.env(?:\.(?!(?:.*\.)?(?:example|sample|template|dist|defaults?|vault|schema|j2|jinja2?|tf?tpl|tpl|tmpl)\Z)[\w.-]+)?\Z"
)
_ENV_OF_SECRETS: Final = pattern(
    rb"(?im)^[ \t]*(?:export[ \t]+)?\w*(?:passw(?:or)?d|secret|token|api_?key|private_key)\w*[ \t]*="
    rb"[ \t]*['\"]?(?!\{\{)[^\s'\"#$]{2}"
)
#: What shows which file of the environment a folder has, and keeps none of its secrets.
_EXAMPLE: Final = pattern(
    r"(?P<folder>(?:.*/)?)(?:\.?env[.-](?:example|sample|template|dist)|(?:example|sample)\.env)\Z"
)
_KEYS: Final = pattern(r"(?:.*/)?[^/]+\.(?:pem|key)\Z")
#: What is asked of .gitignore: a name that it should keep out, wherever that is.
_PROBES: Final = {
    "ignores_keys": ("server.key", "server.pem"),
    "ignores_state": ("terraform.tfstate", "terraform.tfstate.backup"),
}
_CODE: Final = pattern(
    r".*\.(?:py|js|ts|tf|go|java|rb|ya?ml|toml|json|sh|env|ini|cfg)\Z|(?:.*/)?(?:\.env|Dockerfile)[^/]*\Z"
)


def _read(tree: Tree) -> Found:
    if not any(_CODE.match(path) for path in tree.paths):
        return Found()
    is_ignored = ignoring(tree)
    committed = secret_files(tree)
    attributes: dict[str, Any] = {
        **{name: any(is_ignored(path) for path in paths) for name, paths in _PROBES.items()},
        "ignores_env": is_ignored(".env") or _ignores_where_it_is(tree),
        "secret_files": committed,
        "scanners": list(dict.fromkeys(_scanners(tree))) or _only_settings(tree),
    }
    place = committed[0] if committed else ".gitignore"
    resource = Resource(kind=KINDS[0], id=".", source=Source.REPO, unit=UNIT, attributes=attributes, location=at(place))
    return Found((resource,))


def _ignores_where_it_is(tree: Tree) -> bool:
    """Whether git ignores the file of the environment in each folder that has an example of it."""
    folders = {match["folder"] for path in tree.paths if (match := _EXAMPLE.match(path))}
    return bool(folders) and all(ignoring(tree)(f"{folder}.env") for folder in folders)


def secret_files(tree: Tree) -> list[str]:
    """Files of secrets that git does not ignore."""
    return [what for path in tree.paths if (what := _kept(tree, path)) and not ignoring(tree)(path)]


def _kept(tree: Tree, path: str) -> str:
    """The path, when the file is one of secrets that neither tests nor examples need."""
    if is_made_up(path):
        return ""
    if _KEPT_SECRET.match(path):
        return path
    if _ENV.match(path):
        return path if _ENV_OF_SECRETS.search(bytes_or_empty(tree, path)) else ""
    return path if _KEYS.match(path) and b"PRIVATE KEY-----" in bytes_or_empty(tree, path) else ""


def _scanners(tree: Tree) -> Iterator[str]:
    """Programs that look for secrets, as hooks before a commit and workflows name them."""
    for path in tree.paths:
        if _HOOKS.match(path) and not _is_for_nobody(tree, path):
            lines = bytes_or_empty(tree, path).decode("utf-8", "replace").splitlines()
            runs_trivy = any("trivy" in line for line in lines)
            for line in lines:
                match = _SCANNERS.search(line)
                name = match["scanner"] if match else "trivy" if runs_trivy and _TRIVY.search(line) else ""
                if name and not line.lstrip().startswith("#"):
                    yield f"{name.lower()} ({posixpath.basename(path)})"


def _is_for_nobody(tree: Tree, path: str) -> bool:
    """Whether a file is a workflow that only others start, and that no other starts."""
    if not path.startswith(".github/workflows/") or "workflow_call" not in text_or_empty(tree, path):
        return False
    try:
        data = read_document(tree.read(path), path).data
    except (SyntaxProblem, Unreadable):
        return False
    on = data.get("on") if isinstance(data, dict) else None
    others = (each for each in tree.paths if each.startswith(".github/workflows/") and each != path)
    is_called = any(path in text_or_empty(tree, each) for each in others if each.endswith((".yml", ".yaml")))
    return not is_called and (on == "workflow_call" or (isinstance(on, dict | list) and list(on) == ["workflow_call"]))


def _only_settings(tree: Tree) -> Any:
    """No scanner; unknown where one has its settings here, and what runs it is elsewhere."""
    kept = next((path for path in tree.paths if _SETTINGS.match(path)), "")
    if not kept:
        return []
    reason = f"{kept} is kept for a program that looks for secrets, and nothing here runs it"
    return Unknown(reason, (kept,), remedy="run it before each commit, or in a workflow")


FAMILY = Family(KINDS, lambda path: posixpath.basename(path) == ".gitignore", _read)
