"""Where the application takes its secrets from: a managed store, the environment, or its own text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, Final

from infraguard.collectors.repository.python.modules import Module, literal, resource
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern

KINDS: Final = ("secret_source",)
CONCERNS: Final = pattern(
    rb"secretsmanager|hvac|secretmanager|keyvault|get_secret|SecretsManager|WithDecryption|SecretStr|"
    rb"(?i:environ|getenv|env)\W.{0,20}(?i:secret|passw|token|api_?key)|BaseSettings|"
    rb"^[ ]*\w*(?:SECRET|PASSWORD|API_KEY|TOKEN)\w*[ ]*(?::[ ]*\w+[ ]*)?=",
    re.MULTILINE,
)
_STORES: Final = (
    ("secretsmanager", pattern(r"secretsmanager|SecretsManager|aws_secretsmanager_caching")),
    ("vault", pattern(r"^hvac|hvac\.Client|VaultSettingsSource")),
    ("gcp-secret-manager", pattern(r"google\.cloud\.secretmanager|GoogleSecretManager")),
    ("azure-key-vault", pattern(r"azure\.keyvault|AzureKeyVault")),
    ("parameter-store", pattern(r"parameters\.get_secret|WithDecryption")),
)
_SECRET: Final = pattern(
    r"(?i)(?:secret|passw(?:or)?d|api_?key|(?:access|auth|refresh|private)_?(?:token|key))(?:s|_key|_value)?$"
)
_READS: Final = pattern(r"(?:environ(?:\.get)?|getenv|env|config|environ\.get)$")
_PLACEHOLDER: Final = pattern(
    r"(?i)^$|change|example|placeholder|dummy|test|local|dev|insecure|secret$|password$|postgres$|<|\{|xxx|^\W+$"
)
#: Terraform and manifests that hand a secret of a store to the process.
INJECTION_FILES: Final = pattern(r".*\.(?:tf|ya?ml|json)\Z")
#: Some of which every such file has, in small letters.
_SIGNS: Final = ("valuefrom", "externalsecret", "secretproviderclass", "vault.hashicorp")
_INJECTED: Final = pattern(
    r"valueFrom\"?\s*[=:].{0,120}secret|kind:\s*(?:ExternalSecret|SecretProviderClass)|vault\.hashicorp\.com/agent-inject",
    re.IGNORECASE | re.DOTALL,
)


def read(module: Module) -> Iterator[Resource]:
    """The sources of secrets in a module: one of each."""
    source = module.source
    names = " ".join((*module.imports.values(), *(call.name for call in module.calls)))
    for store, words in _STORES:
        found = words.search(source) or words.search(names)
        if found:
            yield _source(module.path, _line(module, found[0]), store)
            return
    for call in module.calls:
        key = module.text(call.node.args[0]) if call.node.args else None
        if key and _READS.search(call.name) and _SECRET.search(key):
            yield _source(module.path, call.node.lineno, _from_environment(key))
            return
    field = _settings_field(module)
    if field is not None:
        yield _source(module.path, field.lineno, _from_environment(ast.unparse(field.target)))
        return
    for name, value in module.names.items():
        text = literal(value)
        if _SECRET.search(name) and isinstance(text, str) and len(text) >= 8 and not _PLACEHOLDER.search(text):
            yield _source(module.path, value.lineno, "code")
            return


def _settings_field(module: Module) -> ast.AnnAssign | None:
    """The first field of a class of settings that is a secret: pydantic fills it from the environment."""
    for each in module.classes:
        is_settings = any("Settings" in ast.unparse(base) for base in each.bases)
        for node in each.body:
            if isinstance(node, ast.AnnAssign):
                is_secret = is_settings and _SECRET.search(ast.unparse(node.target))
                if is_secret or "SecretStr" in ast.unparse(node.annotation):
                    return node
    return None


def of_text(text: str, path: str) -> Iterator[Resource]:
    """Terraform or a manifest that hands secrets of a store to the process."""
    lowered = text.lower()
    found = _INJECTED.search(text) if any(sign in lowered for sign in _SIGNS) else None
    if found:
        yield _source(path, text.count("\n", 0, found.start()) + 1, "injected")


def _from_environment(name: str) -> Unknown:
    return Unknown(
        f"{name} comes from the environment, and what fills it is not in the code",
        (name,),
        remedy="read it from the managed store, or scan the Terraform that hands it over",
    )


def _line(module: Module, text: str) -> int:
    for node in ast.walk(module.tree):
        if isinstance(node, (ast.Constant, ast.alias, ast.Name, ast.Attribute)):
            shown = str(getattr(node, "value", "")) + str(getattr(node, "name", "")) + str(getattr(node, "id", ""))
            if text in shown and hasattr(node, "lineno"):
                return int(node.lineno)
    return 1


def _source(path: str, line: int, store: Any) -> Resource:
    return resource("secret_source", path, line, "secrets", {"store": store})
