"""Traces: every request and every statement in it, sent where OTEL_EXPORTER_OTLP_ENDPOINT says."""

from __future__ import annotations

from fastapi import FastAPI
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from sqlalchemy import Engine

from .settings import Settings

#: Nobody wants a trace of each health check.
_UNTRACED = "health,ready,metrics"


def configure_tracing(
    app: FastAPI, engines: list[Engine], settings: Settings, exporter: SpanExporter | None = None
) -> TracerProvider | None:
    """Trace the application, where there is somebody to send traces to."""
    if settings.otel_exporter_otlp_endpoint:
        exporter = exporter or OTLPSpanExporter()
    if exporter is None:
        return None
    about = {
        "service.name": app.title,
        "service.version": settings.git_commit,
        "deployment.environment.name": settings.environment,
    }
    provider = TracerProvider(resource=Resource.create(about))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    FastAPIInstrumentor.instrument_app(
        app, tracer_provider=provider, excluded_urls=_UNTRACED, exclude_spans=["receive", "send"]
    )
    # It names 2.0 as the newest version that it works with; a test shows that 2.1 is one, too.
    SQLAlchemyInstrumentor().instrument(
        engines=engines, tracer_provider=provider, skip_dep_check=True
    )
    return provider
