"""The image of the generated project, really built and really run; in `make test-full` where buildah and podman are.

No registry is asked: what stands in for the Python image is Debian's own packages with a Python of this machine, under
the name that the Dockerfile asks for. The Dockerfile is built as it was generated.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.templates.conftest import Say
from tests.templates.servers import postgres
from tests.templates.test_service import installed
from tests.tools import missing, run, run_ok

BASE = "docker.io/library/python:3.11-slim-bookworm"
#: What a Python needs of Debian.
PACKAGES = (
    "ca-certificates,libbz2-1.0,libexpat1,libffi8,liblzma5,libncursesw6,libreadline8,libsqlite3-0,libssl3,libuuid1,"
    "netbase,tzdata,zlib1g"
)
CONTAINERS = """
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
log_driver = "k8s-file"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
"""
STORAGE = '[storage]\ndriver = "overlay"\ngraphroot = "{0}/root"\nrunroot = "{0}/run"\n'
DATABASE = "postgresql+psycopg://app@127.0.0.1:1/portal"

pytestmark = pytest.mark.slow


class Engine:
    """buildah and podman with a store of their own."""

    def __init__(self, folder: Path) -> None:
        for program in ("buildah", "podman", "runc", "mmdebstrap"):
            if shutil.which(program) is None:
                remedy = "apt-get install --no-install-recommends buildah podman runc mmdebstrap"
                missing(program, remedy, "INFRAGUARD_REQUIRE_CONTAINERS")
        if os.geteuid() != 0:
            pytest.skip("images are built here by root only")
        self.folder = folder
        (folder / "containers.conf").write_text(CONTAINERS, "utf-8")
        (folder / "storage.conf").write_text(STORAGE.format(folder / "store"), "utf-8")
        self.env = {
            "CONTAINERS_CONF": str(folder / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
            "BUILDAH_ISOLATION": "chroot",
        }

    def __call__(self, *command: str, cwd: Path | None = None) -> str:
        return run_ok(*command, cwd=cwd, env=self.env, timeout=1200).stdout.strip()

    def tried(self, *command: str) -> subprocess.CompletedProcess[str]:
        return run(*command, env=self.env)

    def make_base(self) -> None:
        """A stand-in for the official image: Debian, a Python, and how this machine reaches package indexes."""
        root = self.folder / "base"
        sources = next(Path("/etc/apt").glob("sources.list.d/*.sources"), Path("/etc/apt/sources.list"))
        packages = ("mmdebstrap", "--quiet", "--variant=minbase", f"--include={PACKAGES}", "bookworm")
        archive = self.folder / "debian.tar"
        self(*packages, str(archive), str(sources))
        root.mkdir()
        self("tar", "--exclude=./dev/*", "-xf", str(archive), "-C", str(root))
        python = Path(installed("3.11")).resolve().parents[1]
        skipped = [
            f"--exclude={name}" for name in ("*/test", "*/tests", "*.a", "__pycache__", "*/idlelib", "site-packages/*")
        ]
        packed = self.folder / "python.tar"
        self("tar", *skipped, "-cf", str(packed), "-C", str(python), "bin", "include", "lib")
        self("tar", "-xf", str(packed), "-C", str(root / "usr/local"))
        (root / "usr/local/bin/python").unlink(missing_ok=True)
        (root / "usr/local/bin/python").symlink_to("python3")
        self("chroot", str(root), "ldconfig")
        bundle = Path("/etc/ssl/certs/ca-certificates.crt")
        shutil.copy(bundle, root / "etc/ssl/certs/ca-certificates.crt")
        (root / "etc/pip.conf").write_text(f"[global]\ncert = {bundle}\n", "utf-8")
        (self.folder / "Dockerfile").write_text(
            "FROM scratch\nCOPY base /\nENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8\n", "utf-8"
        )
        self("buildah", "build", "--quiet", "--tag", BASE, "--file", str(self.folder / "Dockerfile"), str(self.folder))
        shutil.rmtree(root)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    folder = Path(tempfile.mkdtemp(prefix="infraguard-image-"))
    one: Engine | None = None
    try:
        one = Engine(folder)
        one.make_base()
        yield one
    finally:
        if one is not None:
            one.tried("podman", "rm", "--all", "--force", "--time", "1")
            one.tried("podman", "rmi", "--all", "--force")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def image(engine: Engine, odd_project: Path) -> str:
    """The image of the project, with what `docker build` would make of its Dockerfile."""
    # Without the format of Docker a health check is dropped in silence.
    build = (
        "buildah",
        "build",
        "--pull-never",
        "--format",
        "docker",
        "--build-arg",
        "VERSION=abc123",
        "--tag",
        "portal:1",
    )
    engine(*build, ".", cwd=odd_project)
    return "localhost/portal:1"


@pytest.fixture
def container(engine: Engine, image: str) -> Iterator[str]:
    """The service in a container that may write nowhere and reach nothing, as the task definition has it."""
    limits = ("--network", "none", "--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges")
    name = engine("podman", "run", "--detach", *limits, "--tmpfs", "/tmp", "--env", f"DATABASE_URL={DATABASE}", image)
    try:
        yield name
    finally:
        engine.tried("podman", "rm", "--force", "--time", "1", name)


def wait_until_healthy(engine: Engine, container: str) -> None:
    deadline = time.monotonic() + 90
    while engine.tried("podman", "healthcheck", "run", container).returncode != 0:
        assert time.monotonic() < deadline, engine("podman", "logs", container)
        time.sleep(0.5)


def test_what_the_image_says_of_itself(engine: Engine, image: str) -> None:
    (told,) = json.loads(engine("podman", "image", "inspect", image))
    assert told["Config"]["User"] == "1000"
    assert list(told["Config"]["ExposedPorts"]) == ["8000/tcp"]
    assert told["Config"]["StopSignal"] == "SIGTERM"
    assert told["HealthCheck" if "HealthCheck" in told else "Healthcheck"]["Test"][0] == "CMD"
    # What builds is not what runs.
    assert (
        engine("podman", "run", "--rm", "--network", "none", image, "sh", "-c", "ls /wheels /build 2>&1 || true").count(
            "No such file"
        )
        == 2
    )


def test_it_becomes_healthy_serves_as_nobody_and_ends_when_told(engine: Engine, container: str, say: Say) -> None:
    wait_until_healthy(engine, container)
    assert engine("podman", "exec", container, "id", "-u") == "1000"
    version = "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:8000/version').read().decode())"
    assert json.loads(engine("podman", "exec", container, "python", "-c", version))["commit"] == "abc123"
    began = time.monotonic()
    engine("podman", "stop", "--time", "30", container)
    # Killed, it would be 137, and after 30 seconds.
    assert time.monotonic() - began < 25
    assert engine("podman", "inspect", "--format", "{{.State.ExitCode}}", container) == "0"
    say("buildah build, podman run", "healthy, user 1000, read-only, exit 0 after SIGTERM")


def test_a_service_that_hangs_is_unhealthy(engine: Engine, container: str) -> None:
    wait_until_healthy(engine, container)
    # From outside: the first process of a container cannot be stopped from within.
    os.kill(int(engine("podman", "inspect", "--format", "{{.State.Pid}}", container)), signal.SIGSTOP)
    # The check gives up first, or podman ends it after its timeout: either way it has failed.
    assert engine.tried("podman", "healthcheck", "run", container).returncode in (1, 125)


def test_it_draws_the_letters_of_invoices(engine: Engine, image: str) -> None:
    letters = "Łódź Müller Søn Ștefan Γιώργος Иван 1.234,50 €"
    code = f"from odd_1.exports.pdf import undrawable; print(repr(undrawable({letters!r})))"
    assert engine("podman", "run", "--rm", "--network", "none", image, "python", "-c", code) == "''"


def test_it_migrates_a_real_database(engine: Engine, image: str) -> None:
    with postgres() as url:
        given = ("--env", f"DATABASE_URL={url}", "--env", "DATABASE_SSLMODE=disable")
        once = ("podman", "run", "--rm", "--network", "host", "--read-only", "--tmpfs", "/tmp", *given, image)
        engine(*once, "alembic", "upgrade", "head")
        assert "(head)" in engine(*once, "alembic", "current")
