"""What a repository is told to be: service, library or infrastructure, its databases, and whether it deploys."""

from __future__ import annotations

from typing import Any

import pytest

from infraguard.collectors.repository import collect_repository
from infraguard.collectors.repository.remembering import RememberingTree
from infraguard.collectors.repository.summary import described
from infraguard.model.evidence import GapReason, Resource
from infraguard.model.stated import Stated
from infraguard.model.values import Location, Unknown
from infraguard.readers.tree import MemoryTree, Problem, Unreadable

APP = "from fastapi import FastAPI\n\n\ndef create() -> FastAPI:\n    return FastAPI(title='x')\n"
PROJECT = '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "x"\ndependencies = ["fastapi>=0.1"]\n'
NATURES = ("is_service", "is_library", "is_infrastructure")
#: A class of one's own that is an application of Flask once something makes one of it.
OWN = "from flask import Flask\n\n\nclass Own(Flask):\n    response = dict\n"


def nature(files: dict[str, str], stated: Stated | None = None) -> Resource:
    evidence = collect_repository(MemoryTree(files), stated=stated)
    return next(resource for resource in evidence.resources if resource.kind == "repository")


@pytest.mark.parametrize(
    ("files", "is_what"),
    [
        ({"src/x/app.py": APP}, "is_service"),
        ({"src/x/app.py": "import flask\napp = flask.Flask(__name__)\n"}, "is_service"),
        ({"src/x/app.py": "from aiohttp import web\napp = web.Application()\n"}, "is_service"),
        ({"x/app.py": "import connexion\napp = connexion.AsyncApp(__name__)\n"}, "is_service"),
        ({"x/settings/base.py": "ROOT_URLCONF = 'x.urls'\n"}, "is_service"),
        ({"x/server.py": "import grpc\nserver = grpc.aio.server()\n"}, "is_service"),
        ({"Dockerfile": "FROM node\nCMD npm start\nEXPOSE 3000\n", "package.json": "{}"}, "is_service"),
        ({"Dockerfile": 'FROM python\nCMD ["gunicorn", "x:app"]\n', "x.py": "a = 1\n"}, "is_service"),
        ({"compose.yaml": "services: {a: {build: ., ports: ['80:80']}}\n", "x.py": ""}, "is_service"),
        ({"x/own.py": OWN, "application.py": "from x.own import Own\napplication = Own('x')\n"}, "is_service"),
        ({"Procfile": "release: ./migrate\nweb: gunicorn x:app\n", "x.py": "a = 1\n"}, "is_service"),
        ({"x/own.py": OWN}, "is_library"),
        ({"Procfile": "worker: celery -A x worker\n", "x.py": "a = 1\n"}, "is_library"),
        ({"pyproject.toml": PROJECT, "src/x/a.py": "from fastapi import Request\n"}, "is_library"),
        ({"docs_src/app.py": APP, "tests/test_a.py": APP, "x/a.py": "a = 1\n"}, "is_library"),
        (
            {"x/applications.py": 'class FastAPI:\n    """from fastapi import FastAPI; app = FastAPI()"""\n'},
            "is_library",
        ),
        ({"x/app.py": "from other import Application\na = Application()\nimport django\n"}, "is_library"),
        (
            {
                "main.tf": "",
                "logs/Dockerfile": 'FROM fluent/fluent-bit\nEXPOSE 2020\nCMD ["/bin/fluent-bit", "-c", "a.conf"]\n',
            },
            "is_infrastructure",
        ),
        ({"main.tf": ""}, "is_infrastructure"),
        ({"README.md": "# Notes\n"}, ""),
    ],
)
def test_one_nature_at_most(files: dict[str, str], is_what: str) -> None:
    attributes = nature(files).attributes
    assert {name: attributes[name] for name in NATURES} == {name: name == is_what for name in NATURES}


def test_a_framework_without_an_application_in_a_container_is_unknown() -> None:
    files = {"pyproject.toml": PROJECT, "x/a.py": "import fastapi\n", "Dockerfile": "FROM python\nCMD x\n"}
    found = nature(files)
    assert isinstance(found.attributes["is_service"], Unknown)
    assert "fastapi" in found.attributes["is_service"].reason
    assert "infraguard.toml" in found.attributes["is_service"].remedy
    assert found.attributes["is_library"] == found.attributes["is_service"]
    assert described(found) == "a service or a library"


def test_an_application_that_does_not_parse_is_unknown() -> None:
    value = nature({"x/app.py": f"{APP}\ndef ("}).attributes["is_service"]
    assert isinstance(value, Unknown)
    assert value.depends_on == ("x/app.py",)


def test_what_is_stated_wins_and_has_its_place() -> None:
    place = Location(file="infraguard.toml", line=2)
    stated = Stated(kind="library", deploys=True, databases=("mysql",), places={"kind": place, "deploys": place})
    found = nature({"src/x/app.py": APP}, stated)
    values = found.attributes
    assert [values[name] for name in (*NATURES, "deploys", "databases")] == [False, True, False, True, ["mysql"]]
    assert found.places["is_service"] == found.places["deploys"] == place
    assert described(found) == "a library with fastapi and mysql, which deploys"


def test_where_an_application_is_made_is_its_place() -> None:
    found = nature({"src/x/app.py": APP})
    assert found.places["is_service"] == Location(file="src/x/app.py", line=5, end_line=5)
    assert found.attributes["frameworks"] == ["fastapi"]


@pytest.mark.parametrize(
    ("files", "databases"),
    [
        ({"requirements.txt": "psycopg[binary]==3.1  # driver\n"}, ["postgresql"]),
        ({"requirements/base.in": "-r other.in\nPyMySQL\n"}, ["mysql"]),
        ({"pyproject.toml": '[project]\nname="x"\n[dependency-groups]\na = ["asyncpg"]\n'}, ["postgresql"]),
        ({"pyproject.toml": '[tool.poetry.group.a.dependencies]\nmotor = "^3"\n'}, ["mongodb"]),
        ({"setup.cfg": "[options]\ninstall_requires =\n    psycopg2-binary>=2\n"}, ["postgresql"]),
        ({"setup.py": "setup(install_requires=['mysqlclient>1'])\n"}, ["mysql"]),
        ({"compose.yaml": "services: {db: {image: 'docker.io/library/postgres:15'}}\n"}, ["postgresql"]),
        ({"compose.yaml": "services:\n  db:\n    image: mariadb\n"}, ["mysql"]),
        ({"x/settings.py": "E = 'django.db.backends.postgresql'\n"}, ["postgresql"]),
        ({"db.tf": 'resource "aws_db_instance" "a" {\n  engine = "postgres"\n}\n'}, ["postgresql"]),
        ({"x/db.py": "URL = 'sqlite:///app.db'\n"}, ["sqlite"]),
        ({"tests/conftest.py": "URL = 'sqlite:///app.db'\n", "x.py": "U = 'sqlite:///:memory:'\n"}, []),
        ({"pyproject.toml": "[broken"}, []),
    ],
)
def test_databases(files: dict[str, str], databases: list[str]) -> None:
    assert nature(files).attributes["databases"] == databases


@pytest.mark.parametrize(
    ("files", "deploys"),
    [
        ({".github/workflows/a.yml": "jobs: {a: {steps: [{run: kubectl apply -f x}]}}\n"}, True),
        ({".github/workflows/a.yml": "name: Deploy to production\non: push\n"}, True),
        ({".github/workflows/a.yml": "name: Deploy docs\non: push\n"}, False),
        ({".github/workflows/a.yml": "name: Deploy\njobs: {a: {steps: [{uses: actions/deploy-pages@v4}]}}\n"}, False),
        ({".github/workflows/a.yml": "name: Publish to PyPI\non: push\n"}, False),
        ({"main.tf": 'resource "aws_ecs_service" "a" {}\n'}, True),
        ({"main.tf": 'resource "aws_s3_bucket" "a" {}\n'}, False),
        ({"main.tf": 'module "a" {\n  source = "terraform-aws-modules/eks/aws"\n}\n'}, True),
        ({"main.tf": 'module "a" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n'}, False),
        ({"k8s/app.yaml": "apiVersion: apps/v1\nkind: Deployment\n"}, True),
        ({"k8s/app.yaml": "apiVersion: v1\nkind: ConfigMap\n"}, False),
        ({"docs/k8s/app.yaml": "apiVersion: apps/v1\nkind: Deployment\n"}, False),
        ({"fly.toml": "app = 'portal'\n"}, True),
    ],
)
def test_deploys(files: dict[str, str], deploys: bool) -> None:
    assert nature(files).attributes["deploys"] is deploys


def test_a_workflow_that_cannot_be_read_leaves_open_whether_it_deploys() -> None:
    files: dict[str, Any] = {".github/workflows/a.yml": b"\xff\xfe\x00", "x.py": b""}
    evidence = collect_repository(MemoryTree(files))
    (found,) = [resource for resource in evidence.resources if resource.kind == "repository"]
    assert isinstance(found.attributes["deploys"], Unknown)


@pytest.mark.parametrize(
    ("files", "domains"),
    [
        ({"x/models.py": "class Invoice(Base):\n    pass\n"}, ["invoices", "transactions"]),
        ({"x/models.py": "class ClientInvoiceLine: ...\n"}, ["invoices", "transactions"]),
        ({"x/models.py": "class PaymentRequiredError(Exception): ...\n"}, []),
        ({"x/models.py": "class T:\n    __tablename__ = 'audit_log'\n"}, ["audit"]),
        ({"x/models.py": "class DatabaseTransaction: ...\n"}, []),
        ({"x/models.py": "class AuditChainEvent(Base): ...\n"}, ["audit"]),
        ({"x/jobs/reconciliation.py": ""}, ["reconciliation"]),
        ({"x/reports/pdf.py": ""}, ["reports"]),
        ({"tests/test_invoice.py": "class Invoice: ...\n"}, []),
        ({"x/models.py": "class Timesheet(Base): ...\n"}, ["timesheets"]),
        ({"app/checks.py": "class CodeQaReport(BaseModel): ...\n"}, []),
        ({"app/models.py": "class TestReport(Base): ...\nclass AbuseReport(Base): ...\n"}, []),
        ({"app/models.py": "class LatestReport(Base): ...\n"}, ["reports"]),
        ({"app/crash_reports.py": "class CrashReport: ...\n"}, []),
        ({"app/sales.py": "class SalesReport(BaseModel): ...\n"}, ["reports"]),
        ({"app/token_ledger.py": "class TokenLedger(Schema):\n    INPUT = Column('input_tokens')\n"}, []),
        ({"app/token_ledger.py": "class TokenLedger(Schema):\n    BALANCE = Column('balance')\n"}, ["transactions"]),
        ({"app/ledger.py": "class Ledger(Schema): ...\n"}, ["transactions"]),
    ],
)
def test_domains(files: dict[str, str], domains: list[str]) -> None:
    assert nature(files).attributes["domains"] == domains


def test_what_the_code_imports() -> None:
    found = nature({"x/db.py": "from sqlalchemy import select\n", "x/cache.py": "import redis\n"}).attributes
    assert (found["uses_sqlalchemy"], found["uses_redis"]) == (True, True)


@pytest.mark.parametrize(
    ("files", "caches"),
    [
        ({"x/store.py": "import redis\nclient = redis.from_url(url)\nclient.setex(key, 60, value)\n"}, True),
        ({"x/store.py": "from x.redis import redis_client\nredis_client.get(key)\n"}, True),
        ({"x/settings.py": "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache'}}\n"}, True),
        ({"x/cache.py": "import redis\n"}, True),
        ({"x/tasks.py": "app = Celery('x', broker='redis://redis')\n", "compose.yaml": "image: redis:7\n"}, False),
        ({"x/health.py": "import redis\nredis.from_url(url).ping()\n"}, False),
        (
            {"x/settings.py": "from functools import lru_cache\nurl_redis: str = ''\n\n@lru_cache\ndef get(): ...\n"},
            False,
        ),
        ({"compose.yaml": "services:\n  cache:\n    image: redis:7\n"}, True),
        ({"x/main.py": "", "package.json": '{"dependencies": {"ioredis": "5"}}'}, True),
    ],
)
def test_whether_redis_is_a_cache(files: dict[str, str], caches: bool) -> None:
    assert nature(files).attributes["caches_in_redis"] is caches


def test_alembic_without_its_ini_file() -> None:
    assert nature({"m/env.py": "", "m/script.py.mako": ""}).attributes["has_alembic"] is True


class Counting(MemoryTree):
    reads = 0

    def read_bytes(self, path: str) -> bytes:
        self.reads += 1
        return super().read_bytes(path)


def test_a_file_is_read_once_and_fails_alike_twice() -> None:
    counting = Counting({"a": "text"}, [Problem("b", GapReason.DENIED, "d", "r")])
    tree = RememberingTree(counting)
    assert [tree.read("a"), tree.read("a"), counting.reads] == ["text", "text", 1]
    assert ("a" in tree, tree.paths, tree.problems[0].path, tree.below("a").paths) == (True, ("a",), "b", ())
    for _ in range(2):
        with pytest.raises(Unreadable):
            tree.read("missing")
    made = [tree.made("key", object) for _ in range(2)]
    assert made[0] is made[1]


METERED = "    total_tokens: Mapped[int] = mapped_column()\n    cost_usd: Mapped[float] = mapped_column()\n"
MODEL = "from sqlalchemy.orm import Mapped, mapped_column\nclass Article(Base):\n    __tablename__ = 'articles'\n"


@pytest.mark.parametrize(
    ("files", "stated", "money", "reports"),
    [
        ({"src/x/app.py": APP}, None, False, False),
        ({"src/x/app.py": APP, "src/x/models.py": "class Payment(Base):\n    pass\n"}, None, True, False),
        ({"src/x/app.py": APP, "src/x/reports.py": "a = 1\n"}, None, False, True),
        ({"src/x/app.py": APP, "requirements.txt": "stripe>=12\n"}, None, True, False),
        ({"src/x/app.py": APP, "package.json": '{"dependencies": {"@stripe/stripe-js": "1"}}'}, None, True, False),
        ({"src/x/app.py": APP, "main.tf": 'name = "STRIPE_SECRET_KEY"\n'}, None, True, False),
        ({"src/x/app.py": APP, "docs/example.tf": 'name = "STRIPE_SECRET_KEY"\n'}, None, False, False),
        ({"src/x/app.py": APP, "x/m.py": f"{MODEL}    price: Mapped[float] = mapped_column()\n"}, None, "?", False),
        ({"src/x/app.py": APP, "x/m.py": f"{MODEL}    price: Mapped[float] = mapped_column()\n"}, (), False, False),
        ({"src/x/app.py": APP, "x/m.py": f"{MODEL}    cost: Mapped[float] = mapped_column()\n"}, None, "?", False),
        ({"src/x/app.py": APP, "x/m.py": f"{MODEL}{METERED}"}, None, False, False),
        (
            {"src/x/app.py": APP, "x/m.py": f"{MODEL}{METERED}    fee: Mapped[float] = mapped_column()\n"},
            None,
            "?",
            False,
        ),
        (
            {"src/x/app.py": APP, "x/m.py": f"{MODEL}    error_budget: Mapped[float] = mapped_column()\n"},
            None,
            False,
            False,
        ),
        ({"main.tf": ""}, None, "?", "?"),
        ({"main.tf": ""}, (), False, False),
        ({"main.tf": ""}, ("payments",), True, False),
        ({"main.go": "", "go.mod": "module x\n", "Dockerfile": "FROM x\nEXPOSE 80\n"}, None, "?", "?"),
        ({"pyproject.toml": PROJECT, "src/x/a.py": "a = 1\n"}, None, False, False),
    ],
)
def test_what_a_service_is_about(
    files: dict[str, str], stated: tuple[str, ...] | None, money: object, reports: object
) -> None:
    attributes = nature(files, None if stated is None else Stated(domains=stated)).attributes
    told = [attributes["handles_money"], attributes["makes_reports"]]
    assert ["?" if isinstance(value, Unknown) else value for value in told] == [money, reports]
