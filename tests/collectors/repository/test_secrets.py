"""Secrets in files, and what keeps them out."""

from __future__ import annotations

import msgspec
import pytest

from infraguard.collectors.repository import collect_repository
from infraguard.collectors.repository.remembering import RememberingTree
from infraguard.collectors.repository.secrets.ignoring import ignoring
from infraguard.collectors.repository.secrets.literals import literals_of
from infraguard.readers.tree import MemoryTree

LETTERS = "q7Wm2Zx9Lr4Tb8Vn1Kp6Hs3Jd5Gf0QyR8c2EwUoAi4"
KEY_PART = "kq8-" + "Lw2pZr"


def found(path: str, text: str) -> list[tuple[str, str, int]]:
    resources = literals_of(MemoryTree({path: text})).resources
    return [(r.attributes["what"], r.attributes["name"], r.attributes["line"]) for r in resources]


@pytest.mark.parametrize(
    ("host", "is_secret"),
    [
        ("shop.c9x2k4m7q1wz.eu-west-1.rds.amazonaws.com", True),
        ("shop.cluster-c9x2k4m7q1wz.us-gov-west-1.rds.amazonaws.com", True),
        ("shop.xxxxxxxxxxxx.eu-west-1.rds.amazonaws.com", False),
        ("shop.eu-west-1.rds.amazonaws.com", False),
        ("db.shop.io", False),
    ],
)
def test_what_looks_like_a_stand_in_is_none_in_the_address_of_a_database_that_is_there(
    host: str, is_secret: bool
) -> None:
    """A password that was to be changed opens the database whose address AWS has made up, until it is."""
    text = f'{{"name": "DATABASE_URL", "value": "postgresql://shop:Change{"Me"}2024!x@{host}:5432/shop"}}\n'
    assert bool(found("infra/task-definition.json", text)) is is_secret


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("GitHub token", "ghp_" + LETTERS[:36]),
        ("GitHub token", "github_pat_" + LETTERS[:22] + "_" + (LETTERS * 2)[:59]),
        ("Slack token", "xoxb-" + "20417739856-" + LETTERS[:24]),
        ("Stripe key", "sk_live_" + LETTERS[:24]),
        ("Google API key", "AIza" + LETTERS[:35]),
        ("SendGrid key", "SG." + LETTERS[:22] + "." + (LETTERS * 2)[:43]),
        ("npm token", "npm_" + LETTERS[:36]),
        ("AWS access key", "AKIA" + "Q7WM2ZX6LR4TB2VN\nsecret: " + LETTERS[:40]),
        ("private key", "-----BEGIN OPENSSH PRIVATE KEY-----\n" + (LETTERS * 2)[:64]),
    ],
)
def test_tokens_by_the_forms_of_their_makers(what: str, text: str) -> None:
    assert [one for one in found("notes", f"\n{text}\n") if one[0] == what] == [(what, what, 2)]


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        ("a.py", f'DB_PASSWORD = "{KEY_PART}"\n', "DB_PASSWORD"),
        ("a.py", f'x = dict(password="{KEY_PART}")\n', "password"),
        ("a.py", f'"""What it does."""\nPASSWORD = "{KEY_PART}"\n', "PASSWORD"),
        ("a.py", f'PASSWORD = "Pä{KEY_PART}"\n', "PASSWORD"),
        ("a.py", f'class S:\n    db_password: str = "{KEY_PART}"\n', "db_password"),
        ("a.json", f'{{"client_secret": "{LETTERS[:24]}"}}\n', "client_secret"),
        ("a.toml", f"api_key = '{LETTERS[:24]}'\n", "api_key"),
        ("a.yaml", f"db:\n  password: {KEY_PART}\n", "password"),
        ("a.ini", f"password={KEY_PART}  # of the database\n", "password"),
        ("a.sh", f"export AUTH_TOKEN={LETTERS[:24]}\n", "AUTH_TOKEN"),
        (".env", f"SECRET_KEY={LETTERS[:24]}\n", "SECRET_KEY"),
        ("prod.tfvars", f'db_password = "{KEY_PART}"\n', "db_password"),
        ("scripts/make_admin.py", f'PASSWORD = "{KEY_PART}"\n', "PASSWORD"),
        ("deploy/bin/start.sh", f"export AUTH_TOKEN={LETTERS[:24]}\n", "AUTH_TOKEN"),
        (
            "a.sh",
            f"shell << E\nUser.objects.create_superuser('it', 'it@acme.io', '{KEY_PART}')\nE\n",
            "create_superuser",
        ),
    ],
)
def test_secrets_under_their_names(path: str, text: str, name: str) -> None:
    assert [one[1] for one in found(path, text)] == [name]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", 'password = "changeme123"\n'),
        ("a.py", 'password = os.environ["DB_PASSWORD_1"]\n'),
        ("a.py", 'token_url = "oauth2/token1"\n'),
        ("a.py", "password = get_password1()\n"),
        ("a.py", f'if password == "{KEY_PART}":\n    pass\n'),
        ("a.py", f'password = "{KEY_PART}"  # gitleaks:allow\n'),
        ("a.py", 'SECRET_KEY = "projects/1/secrets-manager/app"\n'),
        ("a.yaml", "password: ${DB_PASSWORD1}\n"),
        ("a.yaml", "password: {{ db_password1 }}\n"),
        ("a.yaml", "password: <your-password1>\n"),
        ("a.yaml", "secret_key: arn:aws:secretsmanager:eu-west-1:111111111111:secret:db\n"),
        ("a.tf", "password = var.database_password1\n"),
        ("tests/a.py", f'password = "{KEY_PART}"\n'),
        ("scripts/tests/a.py", f'password = "{KEY_PART}"\n'),
        ("a.py", "User.objects.create_superuser('it', 'it@acme.io', 'changeme123')\n"),
        ("a.py", f"User.objects.create_superuser(name, '{KEY_PART}', secret('{KEY_PART}'))\n"),
        ("a.py", f'def f():\n    """An answer:\n\n    "passphrase": "{KEY_PART}"\n    """\n'),
        ("values.yaml", "privateKeySecretKey: APP_ED25519_PRIVATE_KEY\n"),
        ("messages.json", '{"new-password": "パスワードは8文字以上"}\n'),
        ("messages.json", f'{{"use-8-characters-or-more-for-your-password": "{KEY_PART}"}}\n'),
        ("frontend/lang/de-DE.json", f'{{"password": "{KEY_PART}"}}\n'),
        (".env.example", f"PASSWORD={KEY_PART}\n"),
        ("README.md", f'password = "{KEY_PART}"\n'),
        ("poetry.lock", f'token = "{LETTERS}"\n'),
        ("a.py", 'URL = "postgresql://postgres:postgres@localhost:5432/app"\n'),
        ("a.py", f'URL = "postgresql://app:{KEY_PART}@db:5432/app"\n'),
        ("a.py", 'URL = f"postgresql://app:{password}@db.acme.io/app"\n'),
        ("a.txt", "AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"),
        ("a.txt", "AKIA" + "Q7WM2ZX6LR4TB2VN alone opens nothing\n"),
    ],
)
def test_what_only_looks_like_a_secret(path: str, text: str) -> None:
    assert found(path, text) == []


def test_no_more_than_four_letters_of_a_secret_leave_the_file() -> None:
    texts = {
        "a.py": f'URL = "https://u:{LETTERS[:20]}@acme.io"\nAPI_KEY = "{LETTERS[:32]}"\nT = "ghp_{LETTERS[:36]}"\n'
    }
    evidence = msgspec.json.encode(collect_repository(MemoryTree(texts))).decode()
    assert len(literals_of(MemoryTree(texts)).resources) == 3
    assert LETTERS[:5] not in evidence


def test_equal_names_in_a_file_have_ids_of_their_own() -> None:
    text = f'password = "{KEY_PART}"\n' * 3
    ids = [r.id for r in literals_of(MemoryTree({"a.py": text})).resources]
    assert ids == ["a.py#password", "a.py#password@2", "a.py#password@3"]


def test_what_git_ignores_is_not_in_the_repository() -> None:
    tree = MemoryTree({".gitignore": "/settings.py\n", "settings.py": f'password = "{KEY_PART}"\n'})
    assert literals_of(tree).resources == ()


@pytest.mark.parametrize(
    ("lines", "path", "expected"),
    [
        (".env", "a/.env", True),
        (".env", ".env.local", False),
        (".env*\n!.env.example", ".env.example", False),
        (".env*\n!.env.example", ".env.production", True),
        ("/.env", "a/.env", False),
        ("build/", "a/build/x.py", True),
        ("**/secret/*", "a/secret/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a/**", "a/x/y", True),
        ("*.[kp]e[my]", "x.pem", True),
        ("*.[!p]em", "x.pem", False),
        ("# .env", ".env", False),
    ],
)
def test_patterns_of_gitignore(lines: str, path: str, expected: bool) -> None:
    assert ignoring(RememberingTree(MemoryTree({".gitignore": lines})))(path) is expected


def test_an_inner_gitignore_speaks_of_its_folder() -> None:
    is_ignored = ignoring(MemoryTree({"a/.gitignore": ".env", ".gitignore": ""}))
    assert (is_ignored("a/.env"), is_ignored(".env")) == (True, False)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [("backend/.env\n", True), ("backend/.env\nfrontend/.env*\n", True), ("frontend/.env\n", False), ("", False)],
)
def test_the_environment_is_kept_out_where_its_example_is(lines: str, expected: bool) -> None:
    files = {".gitignore": lines, "backend/.env.example": "TOKEN=\n", "backend/app.py": ""}
    assert protection(files)["ignores_env"] is expected


def protection(files: dict[str, str]) -> dict[str, object]:
    (resource,) = [r for r in collect_repository(MemoryTree(files)).resources if r.kind == "secret_protection"]
    return resource.attributes


def test_what_protects_a_repository() -> None:
    attributes = protection(
        {
            ".gitignore": ".env\n*.key\n*.tfstate*\n",
            ".github/workflows/a.yml": "on: push\njobs: {a: {steps: [{uses: gitleaks/gitleaks-action@v2}]}}\n",
            ".pre-commit-config.yaml": "repos:\n# trufflehog is too slow\n- repo: https://github.com/Yelp/detect-secrets\n",
        }
    )
    assert [attributes[f"ignores_{what}"] for what in ("env", "keys", "state")] == [True, True, True]
    assert attributes["scanners"] == ["gitleaks (a.yml)", "detect-secrets (.pre-commit-config.yaml)"]


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        (".env", "A_PASSWORD=x1\n", [".env"]),
        (".env", "PYTHONPATH=src\n", []),
        (".env", "A_PASSWORD=\n", []),
        (".env.example", "A_PASSWORD=x1\n", []),
        ("deploy/.env.j2", "A_PASSWORD=x1{{ more }}\n", []),
        (".env", "A_PASSWORD={{ password }}\n", []),
        ("certs/ca.pem", "-----BEGIN CERTIFICATE-----\n", []),
        ("certs/server.key", "-----BEGIN PRIVATE KEY-----\n", ["certs/server.key"]),
        ("terraform.tfstate", "{}", ["terraform.tfstate"]),
        ("tests/fixtures/terraform.tfstate", "{}", []),
    ],
)
def test_files_of_secrets(path: str, content: str, expected: list[str]) -> None:
    assert protection({"a.py": "", path: content})["secret_files"] == expected


@pytest.mark.parametrize(
    ("step", "found"),
    [
        ('{uses: aquasecurity/trivy-action@0.32.0, with: {scan-type: fs, scanners: "vuln,secret,misconfig"}}', True),
        ("{uses: aquasecurity/trivy-action@0.32.0, with: {image-ref: app}}", False),
        ("run: trivy fs .", True),
        ("run: trivy fs --scanners vuln .", False),
        ("run: trivy repo --scanners secret .", True),
        ("run: trivy image app", False),
        ("run: inspect --scanners secret .", False),
    ],
)
def test_trivy_looks_for_secrets_where_it_is_told_to(step: str, found: bool) -> None:
    workflow = f"on: push\njobs:\n  scan:\n    runs-on: x\n    steps:\n      - {step}\n"
    attributes = protection({".gitignore": ".env\n", ".github/workflows/a.yml": workflow})
    assert (attributes["scanners"] == ["trivy (a.yml)"]) is found
