"""A git repository that we do not trust, read by git's own program: nothing in it may run, fetch or write.

Only plumbing commands are used, which start no pager, no editor and no program that the repository configures.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final, cast

from infraguard.model.evidence import GapReason
from infraguard.readers.tree import Problem

#: What a repository may configure that runs a program, or lets one in, is set to nothing; names are told as they are.
_HARMLESS: Final = (
    *("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "log.showSignature=false"),
    *("-c", "diff.external=", "-c", "protocol.allow=never", "-c", "gc.auto=0", "-c", "core.quotePath=false"),
)
#: No transport may fetch what a clone lacks, nobody is asked for a password, and no lock is taken.
_ENVIRONMENT: Final = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


class GitFailed(Exception):
    """Raised when git gives no answer; the problem says why, and what the user can do."""

    def __init__(self, reason: GapReason, detail: str, remedy: str) -> None:
        super().__init__(detail)
        self.problem = Problem("the history of git", reason, detail, remedy)


class Git:
    """git in one folder, for so many seconds from now on."""

    def __init__(self, folder: Path, *, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        program = shutil.which("git")
        if program is None:
            raise GitFailed(GapReason.UNSUPPORTED, "git is not installed here", "install git, and scan again")
        self._clock = clock
        self._seconds = seconds
        self._ends = clock() + seconds
        self._command = (program, *_HARMLESS, "-C", str(folder))

    def line(self, *arguments: str) -> str:
        """The only line of an answer."""
        return b"".join(self.lines(*arguments)).decode("utf-8", "surrogateescape").strip()

    def lines(self, *arguments: str, given: Iterable[bytes] = ()) -> Iterator[bytes]:
        """The lines of an answer, as they come, without their ends. `given` are lines that git reads."""
        with self._running(arguments, given) as out:
            for line in out:
                yield line.removesuffix(b"\n")

    def blobs(self, names: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """The content of each object, by its name, in this order; those that the clone lacks are left out."""
        with self._running(("cat-file", "--batch", "--buffer"), names) as out:
            for _ in names:
                head = out.readline().split()
                if len(head) == 3:
                    yield head[0], out.read(int(head[2]))
                    out.read(1)
                elif not head:
                    return

    @contextmanager
    def _running(self, arguments: Sequence[str], given: Iterable[bytes]) -> Iterator[IO[bytes]]:
        """Git as it runs. Raises `GitFailed` where it ends badly by itself, and where the time is over."""
        left = self._ends - self._clock()
        if left <= 0:
            raise self._late()
        process = subprocess.Popen(  # noqa: S603 - git, with arguments of ours
            [*self._command, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
        )
        late = threading.Event()
        watch = threading.Timer(left, _stop, (process, late))
        said: list[bytes] = []
        feeding = threading.Thread(target=_feed, args=(process.stdin, given), daemon=True)
        hearing = threading.Thread(target=_hear, args=(process.stderr, said), daemon=True)
        for thread in (watch, feeding, hearing):
            thread.start()
        is_whole = False
        out = cast("IO[bytes]", process.stdout)
        try:
            yield out
            is_whole = not out.read(1)
        finally:
            watch.cancel()
            if not is_whole:
                process.kill()
            code = process.wait()
            feeding.join(timeout=1)
            hearing.join(timeout=1)
            out.close()
        if late.is_set():
            raise self._late()
        if is_whole and code:
            raise _refused(b"".join(said))

    def _late(self) -> GitFailed:
        remedy = "scan the history where there is more time, or a clone with less of it"
        return GitFailed(GapReason.TIMED_OUT, f"reading took more than {self._seconds:.0f} s", remedy)


def _stop(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _environment() -> dict[str, str]:
    """The environment without what leads git elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, **_ENVIRONMENT}


def _feed(stream: IO[bytes] | None, given: Iterable[bytes]) -> None:
    if stream is None:
        return
    with suppress(OSError), stream:
        for line in given:
            stream.write(line + b"\n")


def _hear(stream: IO[bytes] | None, said: list[bytes]) -> None:
    if stream is not None:
        with suppress(OSError, ValueError), stream:
            said.append(stream.read(4096))
            while stream.read(65536):
                pass


def _refused(said: bytes) -> GitFailed:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    text = lines[0][:300] if lines else "git ended with an error and said nothing"
    if "dubious ownership" in text:
        return GitFailed(GapReason.DENIED, text, "scan as its owner, or tell git that the folder is safe")
    if "ambiguous argument 'HEAD'" in text or "Not a valid object name HEAD" in text:
        return GitFailed(GapReason.EMPTY, "there is no commit yet", "scan again when there is one")
    if "not a git repository" in text:
        return GitFailed(GapReason.EMPTY, "the folder is no git repository", "scan a clone, with its history")
    return GitFailed(GapReason.INVALID, text, "run `git fsck` in the clone, or clone it anew")
