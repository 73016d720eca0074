"""What is told of an application from its Python: names through imports, and one parse for all readers."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

import pytest

from infraguard.collectors.repository.application.connections import engines
from infraguard.collectors.repository.application.family import READERS
from infraguard.collectors.repository.application.jobs import scheduled_jobs
from infraguard.collectors.repository.application.logged import logs
from infraguard.collectors.repository.application.schema.columns import is_money, is_never_negative, queried_as
from infraguard.collectors.repository.application.telemetry import metrics
from infraguard.collectors.repository.python.modules import Module
from infraguard.collectors.repository.python.source import parse_python
from infraguard.model.evidence import Evidence, Resource
from infraguard.model.values import Unknown

Only = Callable[[str, Mapping[str, str]], Resource]
Collect = Callable[[Mapping[str, str]], Evidence]


def module(source: str) -> Module:
    return Module("a.py", ast.parse(source), source)


def test_names_are_spelt_out_as_imports_say() -> None:
    found = module("import a.b as c\nfrom d import e as f\nimport g.h\nc.x()\nf.y(1)\ng.h.z()\nf()().q()\n")
    assert [call.name for call in found.calls][:3] == ["a.b.x", "d.e.y", "g.h.z"]
    assert "d.e()().q" in [call.name for call in found.calls]


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("'a' + 'b'", "ab"),
        ("f'a {x} b'", "a {} b"),
        ("f'on {T}'", "on table"),
        ("'a %s' % x", "a %s"),
        ("'{}'.format(x)", "{}"),
        ("sa.text('SELECT')", "SELECT"),
        ("3", None),
        ("x", None),
    ],
)
def test_the_text_of_an_expression(expression: str, text: str | None) -> None:
    found = module(f"T = 'table'\nvalue = {expression}\n")
    assert found.text(found.names["value"]) == text


def test_names_that_lead_to_themselves_end() -> None:
    found = module("A = B\nB = A\n")
    assert found.text(found.names["A"]) is None


def test_a_file_that_concerns_no_reader_is_not_parsed(collect: Collect) -> None:
    assert collect({"x/broken.py": "def broken(:\n"}).gaps == ()


def test_a_file_is_parsed_once(collect: Collect, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def counting(content: bytes, path: str) -> ast.Module:
        parsed.append(path)
        return parse_python(content, path)

    monkeypatch.setattr("infraguard.collectors.repository.python.modules.parse_python", counting)
    source = "import logging\nimport structlog\nfrom sqlalchemy import Column, create_engine\nstructlog.configure()\n"
    collect({"x/all.py": f"{source}engine = create_engine('sqlite://')\nclass A:\n    b = Column()\n"})
    assert parsed == ["x/all.py"]


def test_what_does_not_parse_hides_only_what_it_may_hold(collect: Collect) -> None:
    (gap,) = collect({"x/metrics.py": "from prometheus_client import Counter\nCounter(\n"}).gaps
    assert gap.kinds == ("metric",)


def test_tests_and_scripts_are_no_application(collect: Collect) -> None:
    source = "from sqlalchemy import create_engine\nengine = create_engine('postgresql://x')\n"
    files = dict.fromkeys(("tests/db.py", "scripts/fix.py", "x/test_db.py", "docs/conf.py"), source)
    assert [r for r in collect(files).resources if r.kind == "database_engine"] == []


@pytest.mark.parametrize(
    ("column", "owner", "kind", "expected"),
    [
        ("price", "Item items", "float", True),
        ("unit_price_cents", "Item items", "integer", True),
        ("unit_price_amount", "Row rows", "numeric", True),
        ("cost_total", "Row rows", "float", True),
        ("hourly_rate", "Consultant consultants", "numeric", True),
        ("fee_credit_title", "Campaign campaigns", "string", False),
        ("tax_behavior", "Price prices", "string", False),
        ("amount", "Invoice invoices", "float", True),
        ("success_rate", "Invoice invoices", "float", False),
        ("exchange_rate", "Transaction transactions", "float", False),
        ("paid", "Invoice invoices", "boolean", False),
        ("total_seconds", "Invoice invoices", "float", False),
        ("score", "Review reviews", "float", False),
        ("cost_basis", "Holding holdings", "numeric", True),
        ("adj_close", "Price prices", "float", True),
        ("close", "Shop shops", "float", False),
    ],
)
def test_money_by_name(column: str, owner: str, kind: str, expected: bool) -> None:
    assert is_money(column, owner, kind) is expected


@pytest.mark.parametrize(
    ("column", "owner", "money", "queried"),
    [
        ("precio_unitario", "Pedido pedidos", True, ""),
        ("monto_total", "Factura facturas", True, ""),
        ("custo_medio", "Item itens", True, ""),
        ("preis", "Artikel artikel", True, ""),
        ("codigo_pago", "Pago pagos", False, ""),
        ("fecha_pedido", "Pedido pedidos", False, "date"),
        ("data", "Point points", False, ""),
    ],
)
def test_names_in_other_languages(column: str, owner: str, money: bool, queried: str) -> None:
    kind = "date" if queried else "float"
    assert is_money(column, owner, kind) is money
    assert queried_as(column, kind, has_reference=False) == queried


def test_what_may_be_money_is_unknown() -> None:
    assert isinstance(is_money("amount", "Ingredient ingredients", "float"), Unknown)


@pytest.mark.parametrize(
    ("column", "kind", "expected"),
    [
        ("amount", "numeric", True),
        ("balance", "numeric", False),
        ("hours", "numeric", True),
        ("amount", "string", False),
    ],
)
def test_what_is_never_negative(column: str, kind: str, expected: bool) -> None:
    assert is_never_negative(column, "Invoice invoices", kind) is expected


@pytest.mark.parametrize(
    ("source", "pool", "tls", "role"),
    [
        ("engine = create_engine('postgresql://x/y?sslmode=verify-full')", "queue", "verify-full", "primary"),
        ("engine = create_engine('postgresql://x/y')", "queue", "prefer", "primary"),
        ("e = create_engine(u, poolclass=NullPool, connect_args={'sslmode': 'require'})", "none", "require", "primary"),
        ("replica = create_engine(u, connect_args={'ssl': True})", "queue", "require", "replica"),
        (
            "e = create_engine(settings.reporting_url, connect_args=dict(sslmode='verify-ca'))",
            "queue",
            "verify-ca",
            "replica",
        ),
        (
            "args = {'sslmode': 'verify-full'}\ne = create_engine(u, connect_args=args)",
            "queue",
            "verify-full",
            "primary",
        ),
    ],
)
def test_connections(source: str, pool: str, tls: str, role: str, only: Only) -> None:
    imports = "from sqlalchemy import create_engine\nfrom sqlalchemy.pool import NullPool\n"
    found = only("database_engine", {"x/db.py": f"{imports}{source}\n"}).attributes
    assert (found["pool"], found["tls"], found["role"]) == (pool, tls, role)


def test_a_connection_whose_tls_is_set_elsewhere_is_unknown(only: Only) -> None:
    found = only("database_engine", {"x/db.py": "from sqlalchemy import create_engine\ne = create_engine(URL)\n"})
    assert isinstance(found.attributes["tls"], Unknown)


def test_the_engine_of_migrations_is_left_out(collect: Collect) -> None:
    source = "from alembic import context\nfrom sqlalchemy import engine_from_config\nengine_from_config({})\n"
    assert [r for r in collect({"migrations/env.py": source}).resources if r.kind == "database_engine"] == []


def test_databases_of_django(collect: Collect) -> None:
    source = (
        "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'CONN_MAX_AGE': 60,"
        " 'OPTIONS': {'sslmode': 'verify-full'}}, 'replica': {'ENGINE': 'x'}}\n"
    )
    found = [r.attributes for r in collect({"x/settings.py": source}).resources if r.kind == "database_engine"]
    assert [(f["pool"], f["tls"] if isinstance(f["tls"], str) else None, f["role"]) for f in found] == [
        ("persistent", "verify-full", "primary"),
        ("none", None, "replica"),
    ]


def test_databases_of_django_that_depend_on_a_condition(collect: Collect) -> None:
    source = (
        "import os\nif 'DB_NAME' in os.environ:\n"
        "    DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'x'}}\n"
        "else:\n    DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}\n"
    )
    found = [r.attributes for r in collect({"x/settings.py": source}).resources if r.kind == "database_engine"]
    assert [(f["pool"], f["is_sqlite"]) for f in found] == [("none", False), ("none", True)]
    assert found[0]["tls"] == "prefer"


@pytest.mark.parametrize(
    ("source", "traces"),
    [
        ("import sentry_sdk\nsentry_sdk.init(dsn, traces_sample_rate=0.1)\n", True),
        ("import sentry_sdk\nsentry_sdk.init(dsn)\n", False),
        ("import sentry_sdk\nsentry_sdk.init(dsn, traces_sample_rate=0)\n", False),
        ("from opentelemetry.sdk.trace import TracerProvider\nTracerProvider()\n", True),
        ("from ddtrace import patch_all\npatch_all()\n", True),
    ],
)
def test_tracing(source: str, traces: bool, only: Only) -> None:
    assert only("tracing_setup", {"x/a.py": source}).attributes["traces"] is traces


def test_tracing_by_what_starts_the_process(only: Only) -> None:
    found = only("tracing_setup", {"entrypoint.sh": "exec opentelemetry-instrument uvicorn x:app\n"})
    assert found.attributes["library"] == "opentelemetry"


@pytest.mark.parametrize(
    ("files", "store"),
    [
        ({"x/s.py": "import boto3\nclient = boto3.client('secretsmanager')\n"}, "secretsmanager"),
        ({"x/s.py": "import hvac\nclient = hvac.Client()\n"}, "vault"),
        ({"x/s.py": "SECRET_KEY = '9fj2-Qm1z-77aa'\n"}, "code"),
        ({"x/s.py": "import os\nkey = os.environ.get('API_KEY')\n"}, None),
        ({"x/s.py": "from pydantic import SecretStr\nclass S:\n    password: SecretStr\n"}, None),
    ],
)
def test_sources_of_secrets(files: dict[str, str], store: str | None, only: Only) -> None:
    value = only("secret_source", files).attributes["store"]
    assert isinstance(value, Unknown) if store is None else value == store


def test_every_reader_names_its_kinds_and_what_concerns_it() -> None:
    kinds = [kind for reader in READERS for kind in reader.kinds]
    # Two read what sets logging up and gives ids: one's own code and others'; an agent that traces measures too.
    assert sorted(kinds) == sorted([*set(kinds), "log_setup", "metric", "request_id"])
    assert all(reader.concerns.search(b"x = 1\n") is None for reader in READERS)


@pytest.mark.parametrize(
    ("source", "is_about_reports"),
    [
        ("from schedule import every\n@s.add(every(1).day.at('18:00'), name='report-daily')\ndef f(): pass", [True]),
        ("from schedule import every, repeat\n@repeat(every().monday)\ndef send_report_mails(): pass", [True]),
        ("import schedule\nschedule.every().hour.do(weekly_report)", [True]),
        ("import schedule\nschedule.every().hour.do(clean)\n", [False]),
        ("@sched.scheduled_job('cron', hour=3)\ndef nightly():\n    make_invoice_report(1)", [True]),
        ("@sched.scheduled_job('cron', hour=3)\ndef nightly():\n    log('no report today')", [False]),
        ("@app.periodic(cron='0 5 * * *')\ndef monthlyReport(t): pass", [True]),
        ("from periodiq import cron\n@dramatiq.actor(periodic=cron('0 0 * * *'))\ndef reports(): pass", [True]),
        ("sender.add_periodic_task(crontab(hour=7), report.s())", [True, False]),
        ("app.conf.update(beat_schedule={'r': {'task': 'billing.monthly_report'}})", [True]),
        ("CELERY_BEAT_SCHEDULE: dict = {'r': {'task': 'billing.monthly_report'}}", [True]),
        ("CRONJOBS = [('0 5 * * *', 'app.cron.send_report')]", [True]),
        ("CRONJOBS = [('0 5 * * *', 'app.cron.report_metrics')]", [False]),
        ("sched.add_job(reported_incidents, 'cron')", [False]),
        ("every(1).day", []),
    ],
)
def test_what_is_started_by_the_clock(source: str, is_about_reports: list[bool]) -> None:
    assert [each.attributes["for_reports"] for each in scheduled_jobs.read(module(source))] == is_about_reports


def test_a_migration_that_makes_a_client_is_no_connection_of_the_service() -> None:
    client = "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n"
    assert [each.kind for each in engines.read(module(client))] == ["database_engine"]
    assert list(engines.read(module(f"revision = 'b'\ndown_revision = 'a'\n{client}"))) == []


@pytest.mark.parametrize("library", ["flask_sqlalchemy", "flask_sqlalchemy_lite", "flask_sqlalchemy.extension"])
def test_the_client_of_flask_is_a_connection(library: str) -> None:
    (found,) = engines.read(module(f"from {library} import SQLAlchemy\ndb = SQLAlchemy()\n"))
    assert found.attributes["pool"] == "queue"


def test_a_connection_that_migrations_are_run_over_is_none_of_the_service() -> None:
    engine = "from sqlalchemy import create_engine, pool\ne = create_engine(url, poolclass=pool.NullPool)\n"
    assert [each.attributes["pool"] for each in engines.read(module(engine))] == ["none"]
    assert list(engines.read(module(f"from alembic.migration import MigrationContext\n{engine}"))) == []
    pooled = "from alembic import command\nfrom sqlalchemy import create_engine\ne = create_engine(url)\n"
    assert [each.attributes["pool"] for each in engines.read(module(pooled))] == ["queue"]


def test_metrics_of_django_by_name_and_by_what_is_derived() -> None:
    derived = "from django_prometheus import middleware\nclass After(middleware.PrometheusAfterMiddleware): pass\n"
    named = "MIDDLEWARE = ['django_prometheus.middleware.PrometheusAfterMiddleware']\n"
    for source in (derived, named):
        (found,) = metrics.read(module(source))
        assert found.attributes["type"] == "histogram"


def test_logging_of_django_that_is_set_elsewhere_is_unknown() -> None:
    (found,) = logs.read(module("import logging\nLOGGING = getattr(configuration, 'LOGGING', {})\n"))
    assert isinstance(found.attributes["format"], Unknown)


def test_a_connection_that_prepares_for_a_pool_is_none_of_its_own() -> None:
    first = "    first = await asyncpg.connect(dsn)\n"
    pool = "    pool = await asyncpg.create_pool(dsn)\n"
    both = f"import asyncpg\nasync def start(dsn):\n{first}{pool}"
    assert [each.attributes["pool"] for each in engines.read(module(both))] == ["queue"]
    apart = f"import asyncpg\nasync def start(dsn):\n{pool}async def each(dsn):\n{first}"
    assert [each.attributes["pool"] for each in engines.read(module(apart))] == ["queue", "none"]
