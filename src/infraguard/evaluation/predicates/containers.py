"""Predicates on the containers of ECS task definitions, which stand in them as JSON."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from infraguard.evaluation import kleene
from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.predicates.documents import NoDocument, as_list, document_at
from infraguard.evaluation.predicates.secrecy import SECRET_NAME, SECRET_PLACE
from infraguard.evaluation.why import why_unread
from infraguard.evaluation.world import Item, World
from infraguard.model.findings import Trace
from infraguard.model.values import ABSENT, Denied, Unknown, Value, known
from infraguard.readers.patterns import pattern

#: What runs containers in ECS.
TASKS: Final = "aws_ecs_task_definition"
_PATH: Final = "container_definitions"
#: What stands for where a secret is kept, by the names of Terraform, and a password within an address.
_POINTS: Final = pattern(r"(?i)secretsmanager_secret\.|\.master_user_secret\b|(?:arn|name|id|path|url|parameter)\Z")
_IN_URL: Final = pattern(r"\w://[^\s:/@]*:[^\s:/@$<{]+@")
#: What Terraform makes up to be a secret, whatever the resource is called.
_MADE_UP: Final = pattern(r"(?:\A|\.)(?:random_password\.|tls_private_key\.\S+\.private_key)")
#: Keys that every visitor of a page may read.
_PUBLIC: Final = pattern(r"(?i)public|publishable")
#: Where functions and services have their variables.
_APP_RUNNER: Final = "source_configuration.{}.runtime_environment_variables"
_VARIABLES: Final = {
    "aws_lambda_function": ("environment.variables",),
    "aws_apprunner_service": (
        _APP_RUNNER.format("image_repository.image_configuration"),
        _APP_RUNNER.format("code_repository.code_configuration.code_configuration_values"),
    ),
}
_ROOT: Final = pattern(r"(root|0+)(:.*)?\Z", re.IGNORECASE)


def _none(_: Value) -> bool:
    return False


def _every_container(
    item: Item, path: str, fits: Callable[[Value], Truth], shown: str, leaves_out: Callable[[Value], bool] = _none
) -> Trace:
    """Whether what a path in each container says fits; the first that does not is what is shown."""
    try:
        containers = [each for each in as_list(document_at(item.resource, _PATH)) if not leaves_out(each)]
    except NoDocument as error:
        return _trace(item, shown, None, "not known", **error.why)
    if not containers:
        return _trace(item, shown, None, "no container", reason="it declares no container", remedy="declare one")
    answers: list[tuple[Truth, Value, dict[str, Any]]] = []
    for container in containers:
        value = known(lookup(container, path))
        unread = isinstance(value, (Unknown, Denied))
        answers.append((None if unread else fits(value), container, why_unread(value) if unread else {}))
    truth = kleene.every(answer for answer, _, _ in answers)
    _, container, why = next(each for each in answers if each[0] is truth)
    name = known(lookup(container, "name"))
    value = known(lookup(container, path))
    said = "not set" if value is ABSENT else "not known" if why else str(value)
    return _trace(item, shown, truth, f"{name if isinstance(name, str) else 'a container'}: {said}", **why)


def containers_have_user(item: Item, _: World) -> Trace:
    """Whether each container names a user that is not root. One that names none runs as its image says.

    The log router of FireLens is left out where it names no other user: ECS runs it as root then, as its agents before
    1.96 do in any case, for the sockets and the configuration that the agent shares with it.
    """

    def is_router(container: Value) -> bool:
        user = known(lookup(container, "user"))
        is_root = user is ABSENT or (isinstance(user, str | int) and bool(_ROOT.match(str(user))))
        return is_root and known(lookup(container, "firelensConfiguration")) is not ABSENT

    def fits(value: Value) -> Truth:
        return None if value is ABSENT else not _ROOT.match(str(value))

    trace = _every_container(item, "user", fits, "user", is_router)
    if trace.truth is None and not trace.reason:
        return _trace(
            item,
            "user",
            None,
            trace.observed,
            reason="a container names no user and runs as the one of its image",
            remedy="set `user` in the container definition, or scan the Dockerfile of the image",
            depends_on=(item.resource.id,),
        )
    return trace


def containers_log_to(item: Item, _: World, drivers: Value) -> Trace:
    """Whether each container sends its log where others can search it."""
    return _every_container(item, "logConfiguration.logDriver", lambda value: value in drivers, "log_driver")


def containers_hold_no_secret(item: Item, _: World) -> Trace:
    """Whether no container has a secret in a variable that everybody reads who may look at the task definition.

    What a store holds is given by reference, in `secrets`. A variable with the name or place of a secret holds none.
    """
    try:
        containers = as_list(document_at(item.resource, _PATH))
    except NoDocument as error:
        return _trace(item, "variables", None, "not known", **error.why)
    why: dict[str, Any] = {}
    for container in containers:
        variables = known(lookup(container, "environment"))
        if isinstance(variables, (Unknown, Denied)):
            why = why or why_unread(variables)
            continue
        held = [str(name) for each in as_list(variables) if (name := _secret_in(each))]
        if held:
            return _trace(item, "variables", False, ", ".join(held))
    return _trace(item, "variables", None if why else True, "not known" if why else "no secret", **why)


def variables_hold_no_secret(item: Item, _: World) -> Trace:
    """Whether no plain variable of a function, or of a service of App Runner, is a secret."""
    variables: dict[str, Value] = {}
    for path in _VARIABLES.get(item.resource.kind, ()):
        found = known(lookup(item.resource.attributes, path))
        if isinstance(found, (Unknown, Denied)):
            return _variables(item, path, None, "not known", **why_unread(found))
        variables |= dict.fromkeys(found, path) if isinstance(found, dict) else {}
    for name, path in variables.items():
        if _secret_of(name, known(lookup(lookup(item.resource.attributes, path), name))):
            return _variables(item, path, False, name)
    return _variables(item, "", True, "no secret")


def _variables(item: Item, path: str, truth: Truth, observed: str, **why: Any) -> Trace:
    place = item.place(path) if path else None
    return Trace(operator="variables", truth=truth, path="variables", observed=observed, location=place, **why)


def _secret_in(variable: Value) -> str:
    """The name of a container's variable that holds a secret."""
    return _secret_of(known(lookup(variable, "name")), known(lookup(variable, "value")))


def _secret_of(name: Value, value: Value) -> str:
    """The name of a variable that holds a secret: by its name, or by what its value is made of."""
    if not isinstance(name, str) or value is ABSENT or value is None or isinstance(value, Denied):
        return ""
    if isinstance(value, Unknown):
        causes = [cause for cause in value.depends_on if not _POINTS.search(cause)]
        is_made_of_one = any(_is_secret(cause) or _MADE_UP.search(cause) for cause in causes)
        is_secret = causes and (_is_secret(name) or is_made_of_one or _IN_URL.search(value.text))
        return name if is_secret else ""
    text = str(value)
    if _is_secret(name) and not SECRET_PLACE.search(text):
        return name
    return name if _IN_URL.search(text) else ""


def _is_secret(name: str) -> bool:
    return bool(SECRET_NAME.search(name)) and not _PUBLIC.search(name)


def _trace(item: Item, path: str, truth: Truth, observed: str, **why: Any) -> Trace:
    return Trace(operator="containers", truth=truth, path=path, observed=observed, location=item.place(_PATH), **why)
