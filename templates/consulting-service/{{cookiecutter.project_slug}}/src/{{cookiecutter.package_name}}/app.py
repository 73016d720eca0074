"""The web application."""

from importlib.metadata import metadata

from fastapi import FastAPI

from {{ cookiecutter.package_name }} import health
from {{ cookiecutter.package_name }}.headers import add_security_headers


def create_app() -> FastAPI:
    """Build the application with its routes; run it with one process per container."""
    package = metadata("{{ cookiecutter.project_slug }}")
    app = FastAPI(
        title=package["Name"],
        summary=package["Summary"],
        version=package["Version"],
    )
    app.include_router(health.router)
    app.middleware("http")(add_security_headers)
    return app
