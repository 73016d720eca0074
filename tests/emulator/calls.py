"""What an HTTP request asks of AWS: the service, the operation, where, and by whom."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from botocore.loaders import Loader
from botocore.model import ServiceModel

#: Signing names that differ from the name of the boto3 client.
CLIENT_NAMES = {
    "access-analyzer": "accessanalyzer",
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "tagging": "resourcegroupstaggingapi",
}
_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/")
_PLACEHOLDER = re.compile(r"\\\{[^}]*?(\\\+)?\\\}")


@dataclass(frozen=True)
class Call:
    """One request. `service` is the boto3 client's name; `protocol` is how its answer must be written."""

    service: str
    operation: str
    region: str
    key: str
    protocol: str
    arguments: dict[str, Any] = field(default_factory=dict)


def recognise(environ: dict[str, Any]) -> Call | None:
    """The call that a request makes, or None when it is not signed. The body stays readable."""
    signed = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if not signed:
        return None
    service = CLIENT_NAMES.get(signed["service"], signed["service"])
    operation, protocol, arguments = _operation(environ, service)
    return Call(service, operation, signed["region"], signed["key"], protocol, arguments)


@cache
def service_model(service: str) -> ServiceModel:
    """botocore's model of a service. Raises UnknownServiceError."""
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


def _operation(environ: dict[str, Any], service: str) -> tuple[str, str, dict[str, Any]]:
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return target.rpartition(".")[2], "json", json.loads(_body(environ) or b"{}")
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        form = {name: values[0] for name, values in parse_qs(_body(environ).decode()).items()}
        return form.pop("Action", ""), "ec2" if service == "ec2" else "query", form
    model = service_model(service)
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    for method, path, needed, operation in _routes(service):
        if method == environ["REQUEST_METHOD"] and path.fullmatch(environ["PATH_INFO"]) and needed <= query.keys():
            return operation, str(model.metadata["protocol"]), {name: values[0] for name, values in query.items()}
    return "", str(model.metadata["protocol"]), {}


@cache
def _routes(service: str) -> list[tuple[str, re.Pattern[str], frozenset[str], str]]:
    """The routes of a REST service, the most particular first: more words in the query, fewer placeholders."""
    routes = []
    model = service_model(service)
    for name in model.operation_names:
        http = model.operation_model(name).http
        path, _, query = http["requestUri"].partition("?")
        pattern = _PLACEHOLDER.sub(lambda m: ".+" if m[1] else "[^/]+", re.escape(path.rstrip("/"))) + "/?"
        routes.append((http["method"], re.compile(pattern), frozenset(parse_qs(query, True)), name))
    return sorted(routes, key=lambda route: (-len(route[2]), route[1].pattern.count("[^/]+"), route[3]))


def _body(environ: dict[str, Any]) -> bytes:
    content: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(content)
    return content
