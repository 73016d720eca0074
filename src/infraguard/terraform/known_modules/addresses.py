"""Which public repository, folder and state of it the source of a module call means."""

from __future__ import annotations

import posixpath

from msgspec import Struct

from infraguard.readers.patterns import pattern

_PART = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
_REGISTRY = pattern(
    r"(?:(?:registry\.terraform\.io|registry\.opentofu\.org)/)?"
    r"([A-Za-z0-9][A-Za-z0-9_-]*)/([A-Za-z0-9][A-Za-z0-9_-]*)/([a-z0-9]+)(?://([^?]*))?\Z"
)
#: The forms that Terraform takes for a git repository of this host.
_GIT = pattern(
    r"(?:git::(?:https|ssh)://(?:[^/@]*@)?|(?:git::)?git@|(?:git::)?(?=github\.com/))"
    rf"github\.com[:/]({_PART})/({_PART}?)(?:\.git)?(?://?([^?]*))?(?:\?(.*))?\Z"
)


class Address(Struct, frozen=True):
    """A folder of a repository, empty for its top. `reference` is the git reference; None where a registry is asked."""

    repository: str
    folder: str
    reference: str | None


def address_of(source: str) -> Address | None:
    """What a source means, where that is a repository on GitHub or a module of a public registry.

    Both registries publish the module `NAMESPACE/NAME/PROVIDER` from the repository
    `NAMESPACE/terraform-PROVIDER-NAME`, and from no other.
    """
    if found := _REGISTRY.match(source):
        namespace, name, provider, folder = found.groups(default="")
        if namespace not in ("github.com", "bitbucket.org"):
            return Address(f"{namespace}/terraform-{provider}-{name}".lower(), _folder(folder), None)
    if found := _GIT.match(source):
        owner, name, folder, query = found.groups(default="")
        given = dict(each.partition("=")[::2] for each in query.split("&") if each)
        return Address(f"{owner}/{name}".lower(), _folder(folder), given.get("ref", ""))
    return None


def _folder(text: str) -> str:
    return posixpath.normpath(text).strip("/") if text.strip("/") else ""
