"""`secret_supply`: where the programs of a repository get their secrets from."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Final

from infraguard.collectors.repository.found import UNIT, Family, Found, at
from infraguard.collectors.repository.nature.places import is_application
from infraguard.collectors.repository.remembering import once
from infraguard.collectors.repository.secrets.literals import literals_of
from infraguard.collectors.repository.secrets.places import is_made_up, supplies
from infraguard.collectors.repository.secrets.protection import secret_files
from infraguard.collectors.repository.secrets.written import IN_ADDRESS
from infraguard.model.evidence import Resource, Source
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, bytes_or_empty

KINDS = ("secret_supply",)
_SECRET: Final = rb"\w*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|DATABASE_URL|DATABASE_URI|DB_URL)\w*"
_SECRET_NAME: Final = pattern(r"\w*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|DATABASE_UR[LI]|DB_URL)\w*")
_BY_COMPOSE: Final = "variables that Compose passes on"
_OF_GITHUB: Final = "secrets of GitHub"
_MANAGER: Final = "AWS Secrets Manager"
#: Secrets that Terraform makes, which fill nothing before somebody takes them.
_DECLARED: Final = "secrets that Terraform makes"
#: What takes a secret out of its store, or lets somebody do so.
_TAKES: Final = pattern(
    rb"value_?[Ff]rom|(?i:get[-_]?secret[-_]?value)|secretsmanager:(?:Get|\*)|SecretsManagerReadWrite"
    rb"|(?i:secrets?(?:_?manager)?(?:_version)?_?(?:arns?|names?|ids))\"?\s*[=:]|\bsecrets\"?\s*[=:]"
    rb"|ExternalSecret|SecretProviderClass|SecretsProvider"
)
_MAY_TAKE: Final = pattern(r".*\.(?:tf|tfvars|hcl|py|js|ts|go|java|rb|sh|ya?ml|json|tpl|tftpl)\Z")
_GIVEN_BY_GITHUB: Final = rb"secrets\.(?P<name>(?!GITHUB_TOKEN\b|inherit\b)[A-Z]\w+)"
#: Secrets that workflows have for themselves: tokens of what they speak to, and rights of the accounts they deploy to.
_OF_WORKFLOWS: Final = pattern(
    r"(?:AWS|AZURE|GCP|GKE|GOOGLE|ARM|ECR|GHCR|GH|GITHUB|GITLAB|DOCKER(?:_?HUB)?|REGISTRY|QUAY|CODECOV|COVERALLS|SONAR\w*"
    r"|SNYK|SAFETY|SEMGREP|GITGUARDIAN|NPM|NODE_AUTH|PYPI|TEST_PYPI|TWINE|SLACK|DISCORD|TEAMS|INFRACOST|TF|TFC|TERRAFORM"
    r"|CIRCLE(?:_?CI)?|TRAVIS|JENKINS|BUILDKITE|DRONE|CLOUDFLARE|VERCEL|NETLIFY|FLY|RAILWAY|RENDER|HEROKU|SSH|DEPLOY"
    r"|RELEASE|BOT|PAT|RENOVATE|CHROMATIC|EXPO|SENTRY_AUTH"
    r"|KUBE\w*|PERSONAL_ACCESS|SERVER|REMOTE|HOST|VPS|EC2|DROPLET)_\w+|PASSWORD|TOKEN"
    r"|(?:\w+_)?(?:PAT|SSH_(?:PRIVATE_)?KEY|ACCESS_TOKEN|BOT_TOKEN|WEBHOOK\w*)"
)
#: By what AWS knows who asks: a workflow that deploys has them for that, whoever else reads them.
_KEYS_OF_AWS: Final = frozenset({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})
#: A whole file of variables, kept as one secret.
_FILE_OF_THEM: Final = pattern(
    r"(?:\w+_)?(?:DOT)?_?ENV(?:_FILE|S|_VARS)?(?:_(?:PROD|STAG|DEV|TEST|QA|UAT|LIVE|BACK|FRONT|API|APP|WEB|SERV|FILE)\w*)?"
)
#: Where secrets may come from: how that is called, in which files it is told, what such a file has some of, and what
#: tells it.
_SUPPLIERS: Final = (
    ("AWS Secrets Manager", r".*\.py", (b"secretsmanager",), rb"['\"]secretsmanager['\"]|aws_secretsmanager_caching"),
    (
        "AWS Secrets Manager",
        r".*\.tf",
        (b"aws_secretsmanager_secret", b"manage_master_user_password"),
        rb"\bdata\s+\"aws_secretsmanager_secret|manage_master_user_password\s*=\s*true",
    ),
    (
        _DECLARED,
        r".*\.tf",
        (b"aws_secretsmanager_secret",),
        rb"\bresource\s+\"aws_secretsmanager_secret",
    ),
    (
        "AWS Secrets Manager",
        r".*\.(?:json|ya?ml|tf)",
        (b"secretsmanager",),
        rb":secretsmanager:|secretsmanager-get-secrets|resolve:secretsmanager",
    ),
    ("AWS Parameter Store", r".*\.py", (b"ssm",), rb"client\(\s*['\"]ssm['\"]"),
    (  # of other types it has settings, and is read for those of AWS itself
        "AWS Parameter Store",
        r".*\.tf",
        (b"aws_ssm_parameter",),
        rb"\"SecureString\"|(?i:\"aws_ssm_parameter\"\s+\"" + _SECRET + rb"\")",
    ),
    ("AWS Parameter Store", r".*\.tf", (b"valueFrom",), rb"valueFrom\"?\s*[:=][^\n]*:ssm:[^\n]*parameter/"),
    ("AWS Parameter Store", r".*\.(?:json|ya?ml)", (b"ssm",), rb":ssm:[^\s\"']*parameter/|resolve:ssm-secure"),
    (
        "Vault",
        r".*\.(?:py|tf|ya?ml)",
        (b"hvac", b"vault"),
        rb"\bimport hvac\b|\"vault_|hashicorp/vault-action|vault\.hashicorp\.com/",
    ),
    (
        "Google Secret Manager",
        r".*\.(?:py|tf|ya?ml)",
        (b"secretmanager", b"secret_manager"),
        rb"secretmanager\.SecretManager|google_secret_manager|get-secretmanager-secrets",
    ),
    ("Azure Key Vault", r".*\.(?:py|tf)", (b"vault",), rb"azure\.keyvault|azurerm_key_vault"),
    (
        "Kubernetes secrets",
        r".*\.ya?ml",
        (b"secretKeyRef", b"secretRef", b"Secret"),
        rb"secretKeyRef|\bsecretRef:|kind: (?:External|Sealed)Secret|kind: SecretProviderClass",
    ),
    (
        "credentials of Jenkins",
        r"(?:.*/)?Jenkinsfile[\w.-]*",
        (b"redentials",),
        rb"\bwithCredentials\s*\(|\bcredentials\s*\(\s*['\"]",
    ),
    (
        "secrets of the platform",
        r".*\.(?:sh|ya?ml|md)|(?:.*/)?(?:Makefile|Jenkinsfile)",
        (b"secrets set", b"config:set", b"set-env"),
        rb"\b(?:fly(?:ctl)?|railway|supabase)\s+secrets\s+set\b|\bheroku\s+config:set\b"
        rb"|\bcf\s+set-env\s+\S+\s+['\"]?" + _SECRET,
    ),
    ("services that Cloud Foundry binds", r".*\.py", (b"VCAP_SERVICES",), rb"VCAP_SERVICES"),
    (_OF_GITHUB, r"\.github/workflows/.*\.ya?ml", (b"secrets.",), _GIVEN_BY_GITHUB),
    (
        _BY_COMPOSE,
        r"(?:.*/)?(?:docker-)?compose[^/]*\.ya?ml",
        (b"$",),
        rb"(?i)\$\{?" + _SECRET,
    ),
)
_PATTERNS: Final = tuple(
    (name, pattern(rf"(?:{path})\Z"), signs, pattern(tells)) for name, path, signs, tells in _SUPPLIERS
)
#: A field of settings that pydantic fills from the environment.
_TYPED: Final = rb"[ \t]*:[ \t]*(?:str|SecretStr|Optional\[|PostgresDsn|AnyUrl)"
_FIELD: Final = pattern(rb"(?mi)^[ \t]+" + _SECRET + _TYPED)
_NAME_READ: Final = pattern(
    rb"(?:environ(?:\.get\(|\[)|getenv\(|\benv(?:\.\w+)?\(|config\()\s*['\"](?P<name>[A-Za-z]\w+)"
)
_FIELD_READ: Final = pattern(rb"(?m)^[ \t]+(?P<name>[a-z]\w+)" + _TYPED)
_READS: Final = pattern(
    rb"(?i)(?:environ(?:\.get\(|\[)|getenv\(|\benv(?:\.\w+)?\(|config\()\s*['\"]" + _SECRET + rb"|\bSecretStr\b"
)


def _read(tree: Tree) -> Found:
    suppliers: dict[str, None] = {}
    for path in tree.paths:
        suppliers |= dict.fromkeys(_suppliers(tree, path, known=suppliers))
    if _DECLARED in suppliers:
        del suppliers[_DECLARED]
        suppliers |= {_MANAGER: None} if any(_takes(tree, path) for path in tree.paths) else {}
    literals = [one for one in literals_of(tree).resources if one.attributes["supplies"] or _connects(one)]
    places = [f"{one.attributes['file']}:{one.attributes['line']} ({one.attributes['name']})" for one in literals]
    places += [path for path in secret_files(tree) if supplies(path)]
    reads = next((path for path in tree.paths if is_application(path) and _reads(bytes_or_empty(tree, path))), "")
    if not (suppliers or places or reads):
        return Found()
    stores = [name for name in suppliers if name != _BY_COMPOSE]
    attributes = {
        "filled_by": stores or ([] if places else _nobody(reads, by_compose=_BY_COMPOSE in suppliers)),
        "literals": places,
        "read_in": reads,
    }
    place = literals[0].location if literals else at(reads or ".")
    return Found(
        (Resource(kind=KINDS[0], id=".", source=Source.REPO, unit=UNIT, attributes=attributes, location=place),)
    )


def _takes(tree: Tree, path: str) -> bool:
    """Whether a file takes secrets out of a store; what makes one or shows it to people does not."""
    return bool(_MAY_TAKE.match(path) and _TAKES.search(bytes_or_empty(tree, path)))


def _connects(literal: Resource) -> bool:
    """Whether it is the address, with its password, by which a program of the repository reaches something."""
    file = str(literal.attributes["file"])
    return literal.attributes["what"] == IN_ADDRESS and file.endswith(".py") and is_application(file)


def _reads(content: bytes) -> bool:
    """Whether code reads a secret from its environment, by itself or by a class of settings."""
    return bool(_READS.search(content) or (b"BaseSettings" in content and _FIELD.search(content)))


def _suppliers(tree: Tree, path: str, known: Container[str]) -> Iterator[str]:
    """Those that a file tells of besides the known ones."""
    asked = [
        (name, signs, tells) for name, wanted, signs, tells in _PATTERNS if name not in known and wanted.match(path)
    ]
    if asked and (path.startswith(".github/") or not is_made_up(path)):
        content = bytes_or_empty(tree, path)
        for name, signs, tells in asked:
            is_told = any(sign in content for sign in signs) and tells.search(content)
            if is_told and (name != _OF_GITHUB or _has_some_for_programs(tree, content)):
                yield name


def _has_some_for_programs(tree: Tree, workflow: bytes) -> bool:
    """Whether a workflow has secrets of the programs, by their names, and not of what it speaks to itself alone."""
    read = once(tree, "variables that programs read", lambda: _names_read(tree))
    given = {match["name"].decode().upper() for match in pattern(_GIVEN_BY_GITHUB).finditer(workflow)}
    return any(_is_for_programs(name, read) for name in given)


def _is_for_programs(name: str, read: frozenset[str]) -> bool:
    """Whether a program reads a variable of this name, one of an environment among them, or the name says a secret.

    `HOST` and `REGION` are what anything may be called: a variable tells by a name of several words.
    """
    is_secret = bool(_SECRET_NAME.fullmatch(name))
    if _OF_WORKFLOWS.fullmatch(name):
        return is_secret and "_" in name and name in read and name not in _KEYS_OF_AWS
    if is_secret or _FILE_OF_THEM.fullmatch(name):
        return True
    named = (each for each in read if "_" in each)
    return any(name == each or name.endswith(f"_{each}") or name.startswith(f"{each}_") for each in named)


def _names_read(tree: Tree) -> frozenset[str]:
    """What programs take from their environment, by themselves or by a class of settings."""
    contents = [bytes_or_empty(tree, path) for path in tree.paths if is_application(path)]
    found = [match for content in contents for match in _NAME_READ.finditer(content)]
    found += [match for content in contents if b"BaseSettings" in content for match in _FIELD_READ.finditer(content)]
    return frozenset(match["name"].decode().upper() for match in found)


def _nobody(reads: str, *, by_compose: bool) -> Unknown:
    """Compose hands on what its machine has, which may be a file with all of them in plain text."""
    taken = "Compose takes secrets from where it is started" if by_compose else "it reads secrets from its environment"
    return Unknown(
        f"{taken}, and nothing in the repository tells who puts them there",
        (reads,),
        remedy="describe the deployment here, or read secrets from Secrets Manager or Vault",
    )


FAMILY = Family(KINDS, lambda _: False, _read)
