"""Release an image: migrations, blue-green with canary steps, and the way back.

    python scripts/deploy.py status   --environment staging
    python scripts/deploy.py migrate  --environment staging --image REPOSITORY@sha256:…
    python scripts/deploy.py release  --environment staging --image REPOSITORY@sha256:…
    python scripts/deploy.py watch    --environment staging --minutes 30
    python scripts/deploy.py rollback --environment staging --to blue
    python scripts/deploy.py retire   --environment staging
    python scripts/deploy.py jobs     --environment staging
    python scripts/deploy.py service-account --environment staging
    python scripts/deploy.py create-admin    --environment staging --email … --password-hash …

Two ECS services, `app-blue` and `app-green`, stand behind one listener rule of the load balancer
(traffic.py). A release starts the idle colour with the new image, waits until its targets are
healthy, and moves the traffic in steps (releases.py); between them the alarms are asked
(alarms.py). A failure is exit code 1, and whoever called moves the traffic back with `rollback`.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import alarms
import releases
import tasks
from aws_cli import ScriptError
from environment import Environment
from traffic import COLOURS, traffic_of

IMAGE = re.compile(r"[^@\s]+@sha256:[0-9a-f]{64}")
#: The program of the image that runs one job.
JOBS = "{{ cookiecutter.package_name }}.jobs"


def _image(text: str) -> str:
    if not IMAGE.fullmatch(text):
        raise argparse.ArgumentTypeError("an image is named by its digest: REPOSITORY@sha256:…")
    return text


def _steps(text: str) -> list[int]:
    steps = [int(one) for one in text.split(",") if one.isdigit()]
    if ",".join(map(str, steps)) != text or steps != sorted(set(steps)) or steps[-1:] != [100]:
        raise argparse.ArgumentTypeError("steps are rising percentages that end at 100: 1,10,100")
    return steps


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    actions = parser.add_subparsers(dest="action", required=True)
    environment = argparse.ArgumentParser(add_help=False)
    # The last one is production in the other region, as docs/disaster-recovery.md builds it.
    choices = ("development", "staging", "production", "production-2")
    environment.add_argument("--environment", required=True, choices=choices)
    actions.add_parser("status", parents=[environment], help="say which colour serves")
    for name in ("migrate", "release"):
        action = actions.add_parser(name, parents=[environment])
        action.add_argument("--image", required=True, type=_image)
        if name == "release":
            action.add_argument("--steps", type=_steps, default=[1, 10, 100])
            action.add_argument("--bake", type=float, default=600, help="seconds after each step")
            action.add_argument(
                "--despite-alarms",
                action="store_true",
                help="ask no alarm: the way back from a release that made them ring",
            )
    watch = actions.add_parser("watch", parents=[environment], help="ask the alarms for a while")
    watch.add_argument("--minutes", type=float, default=30)
    back = actions.add_parser("rollback", parents=[environment], help="move the traffic back")
    back.add_argument("--to", choices=(*COLOURS, "previous"), default="previous")
    actions.add_parser("retire", parents=[environment], help="stop the colour that serves nobody")
    actions.add_parser("jobs", parents=[environment], help="give jobs the image that serves")
    about = "make the account of the service in the database, or set its password"
    actions.add_parser("service-account", parents=[environment], help=about)
    admin = actions.add_parser("create-admin", parents=[environment], help="make the first account")
    admin.add_argument("--email", required=True)
    about = "what `python -m {{ cookiecutter.package_name }}.jobs hash-password` prints"
    admin.add_argument("--password-hash", required=True, help=about)
    return parser


def _status(environment: Environment) -> None:
    live = traffic_of(environment).live()
    environment.say(f"{live.name} serves {environment.cluster}")
    outputs = os.environ.get("GITHUB_OUTPUT")
    if outputs:
        with Path(outputs).open("a", encoding="utf-8") as file:
            file.write(f"live={live.colour}\n")


def _service_account(environment: Environment) -> None:
    """Make the account that the service signs in to the database with, or set its password."""
    command = [JOBS, "service-account"]
    family = f"{environment.cluster}-migrate"
    tasks.run_job(environment, "the job service-account", family, command, {})


def _create_admin(environment: Environment, email: str, password_hash: str) -> None:
    """Make the first account of the service."""
    command = [JOBS, "create-admin"]
    told = {"ADMIN_EMAIL": email, "ADMIN_PASSWORD_HASH": password_hash}
    family = f"{environment.cluster}-job"
    tasks.run_job(environment, "the job create-admin", family, command, told)


def main(arguments: list[str], environment: Environment | None = None) -> int:
    """Run one action; the result is the exit code."""
    given = _parser().parse_args(arguments)
    one = environment or Environment(given.environment)
    actions: dict[str, Callable[[], None]] = {
        "status": lambda: _status(one),
        "migrate": lambda: releases.migrate(one, given.image),
        "release": lambda: releases.release(
            one, given.image, given.steps, given.bake, despite_alarms=given.despite_alarms
        ),
        "watch": lambda: alarms.watch(one, given.minutes * 60),
        "rollback": lambda: releases.rollback(one, given.to),
        "retire": lambda: releases.retire(one),
        "jobs": lambda: releases.update_jobs(one),
        "service-account": lambda: _service_account(one),
        "create-admin": lambda: _create_admin(one, given.email, given.password_hash),
    }
    try:
        actions[given.action]()
    except ScriptError as failure:
        one.say(f"deploy.py {given.action}: {failure}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
