"""Where Django keeps sessions by the engine that its settings name, also by one of the application's own."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from infraguard.collectors.repository.python.modules import Module, module_of
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown
from infraguard.readers.tree import Tree, Unreadable

#: Engines, and where each keeps sessions.
ENGINES: Final = {
    "django.contrib.sessions.backends.cache": "cache",
    "django.contrib.sessions.backends.cached_db": "cache",
    "django.contrib.sessions.backends.db": "database",
    "django.contrib.sessions.backends.signed_cookies": "cookie",
    "django.contrib.sessions.backends.file": "disk",
    "redis_sessions.session": "redis",
}


def settled(tree: Tree, session: Resource) -> Resource:
    """Sessions of an engine that stands in this repository, by the engine of Django that it is derived from.

    One over a cache is left as it is: which cache that is, the settings say, and nothing of them is known here.
    """
    store = session.attributes.get("store")
    name = store.depends_on[0] if isinstance(store, Unknown) and store.depends_on else ""
    end = f"{name.replace('.', '/')}.py" if name else ""
    for path in tree.paths if end else ():
        if path == end or path.endswith(f"/{end}"):
            try:
                kept = _kept_by(module_of(tree, path))
            except (SyntaxProblem, Unreadable):
                return session
            return replace(session, attributes={**session.attributes, "store": kept}) if kept else session
    return session


def _kept_by(module: Module) -> str:
    """The store of the class `SessionStore`, which is what Django takes of an engine."""
    bases = (base for each in module.classes if each.name == "SessionStore" for base in each.bases)
    stores = (ENGINES.get(module.name_of(base).removesuffix(".SessionStore"), "") for base in bases)
    return next((store for store in stores if store and store != "cache"), "")
