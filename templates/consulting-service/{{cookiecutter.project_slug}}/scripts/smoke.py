"""Ask a running service whether it serves.

python scripts/smoke.py https://{{ cookiecutter.domain_name }} --version COMMIT
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import urllib.error
import urllib.request

#: What must answer 200: it lives, its database and cache are there, it says what it is.
PATHS = ("/health", "/ready", "/version")


def ask(url: str, timeout: float = 5) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of a GET; 0 when nothing answers."""
    try:
        # Nothing but http and https gets here: `main` sees to it.
        with urllib.request.urlopen(url, timeout=timeout) as answer:  # noqa: S310 # nosec B310
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), b""
    except OSError:
        return 0, {}, b""


def problems(base: str, named: list[str]) -> list[str]:
    """What is wrong with the service at this address; nothing when it serves, and `/version` names these."""
    found = []
    for path in PATHS:
        status, headers, body = ask(base + path)
        if status != 200:
            found.append(f"{path} answers {status or 'nothing'}")
        elif path == "/version":
            missing = [one for one in named if one not in _words(body)]
            found += [f"/version does not name {one}: another release serves" for one in missing]
        if (
            status
            and base.startswith("https:")
            and "strict-transport-security" not in map(str.lower, headers)
        ):
            found.append(f"{path} has no Strict-Transport-Security header")
    return found


def _words(body: bytes) -> set[str]:
    try:
        return {str(value) for value in json.loads(body).values()}
    except (ValueError, AttributeError):
        return set()


def main(arguments: list[str]) -> int:
    """Ask until all is well or the time is up."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("base", help="address without a path")
    parser.add_argument("--version", default="", help="the commit that /version must name")
    parser.add_argument("--image", default="", help="the image whose digest /version must name")
    parser.add_argument("--wait", type=float, default=60, help="seconds to keep asking")
    given = parser.parse_args(arguments)
    if not given.base.startswith(("https://", "http://")):
        parser.error("the address begins with https:// or http://")
    named = [one for one in (given.version, given.image.rpartition("@")[2]) if one]
    end = time.monotonic() + given.wait
    while True:
        found = problems(given.base.rstrip("/"), named)
        if not found or time.monotonic() >= end:
            break
        time.sleep(2)
    print("\n".join(found) or f"{given.base} serves")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
