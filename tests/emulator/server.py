"""The emulated AWS as tests hold it: start it, set faults and answers, read its log, seed accounts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import boto3

from tests.emulator import seeded, seeds

ROOT = Path(__file__).parents[2]
#: The account that unknown access keys belong to.
ACCOUNT = "123456789012"
REGION = "eu-west-1"


class Entry(NamedTuple):
    """One request that the emulator received; `fault` is what befell it."""

    service: str
    operation: str
    region: str
    key: str
    fault: str


class Emulator:
    """A process with an emulated AWS in it, on a free port of this machine."""

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        """`settings` are variables of moto's, on top of ours."""
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 -- open as long as the process, closed by stop()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.emulator"],
            cwd=ROOT,
            env={**_without_aws(os.environ), "MOTO_EC2_LOAD_DEFAULT_AMIS": "false", **(settings or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        port = self._stream(self._process.stdout).readline().decode().strip()
        if not port:
            self._process.wait()
            self._errors.seek(0)
            raise RuntimeError(f"the emulator did not start:\n{self._errors.read().decode()}")
        self.pid = self._process.pid
        self.endpoint = f"http://127.0.0.1:{port}"
        self._session = boto3.Session("test", "test", region_name=REGION)
        self._clients: dict[tuple[str, str], Any] = {}

    def stop(self) -> None:
        """End the process by closing its input, and by force if that does not do."""
        self._stream(self._process.stdin).close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._stream(self._process.stdout).close()
        self._errors.close()

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables that lead boto3 here, and to nothing of the machine's own."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def reset(self) -> None:
        """Empty every account, and forget faults, overlay and log."""
        self._control("reset", None)

    def faults(self, faults: list[dict[str, Any]]) -> None:
        """Put faults in force in place of the earlier ones; the keys are those of `faults.Fault`."""
        self._control("faults", faults)

    def overlay(self, answers: list[dict[str, Any]]) -> None:
        """Put answers in place of moto's; the keys are those of `overlay.Answer`."""
        self._control("overlay", answers)

    def log(self) -> list[Entry]:
        """The requests since the last reset, seeding included, in the order of their arrival."""
        return [Entry(**entry) for entry in self._control("log", None)]

    def client(self, service: str, region: str = REGION) -> Any:
        """A boto3 client to prepare accounts with."""
        if (service, region) not in self._clients:
            self._clients[service, region] = self._session.client(
                service,  # type: ignore[call-overload]
                region_name=region,
                endpoint_url=self.endpoint,
            )
        return self._clients[service, region]

    def seed_good(self, region: str = REGION) -> seeds.Seeded:
        """Give the region what passes every gate of the spine."""
        self._control("seed", seeded.answers(region, "billing", is_good=True))
        return seeds.good(lambda service: self.client(service, region), region)

    def seed_bad(self, region: str = REGION) -> seeds.Seeded:
        """Give the region what fails every gate of the spine."""
        self._control("seed", seeded.answers(region, "legacy", is_good=False))
        return seeds.bad(lambda service: self.client(service, region), region)

    def _control(self, command: str, given: Any) -> Any:
        request = urllib.request.Request(f"{self.endpoint}/emulator/{command}", json.dumps(given).encode())
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.loads(reply.read())

    @staticmethod
    def _stream(stream: Any) -> Any:
        assert stream is not None
        return stream


def _without_aws(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith(("AWS_", "MOTO_"))}
