"""Running a tool on a repository: on a copy of the files that it reads, with nothing else of the user's at hand."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from msgspec import Struct

from infraguard.collectors.tools.environment import Tell, install
from infraguard.collectors.tools.lock import version_of
from infraguard.collectors.tools.settings import settings_of
from infraguard.collectors.tools.table import Tool
from infraguard.model.errors import CollectionError
from infraguard.model.evidence import Gap, GapReason, Source
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable

#: How programs in Python tell of a host that they did not reach.
_UNREACHED: Final = pattern(r"HTTPS?Connection(?:Pool)?\(host='([\w.-]+)'")
#: Seconds that a tool may take.
PATIENCE: Final = 900
#: What a tool sees of our environment: how to reach the network, and nothing that lets it act in somebody's name.
_PASSED_ON: Final = (
    *("PATH", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
)


class ToolOutput(Struct, frozen=True, kw_only=True):
    """What a tool said of a repository: its report, or the gap that it leaves where it did not do its work.

    With neither, there was nothing that it reads. `switched_off` says what the repository told it to leave out.
    """

    tool: str
    version: str
    format: str = ""
    content: bytes = b""
    gaps: tuple[Gap, ...] = ()
    switched_off: tuple[str, ...] = ()


def run_tool(tool: Tool, tree: Tree, tell: Tell) -> ToolOutput:
    """Install the tool where need be, and run it on a copy of what it reads. What fails of it is a gap."""
    version = version_of(tool.name)
    paths = [path for path in tree.paths if tool.wants(path)]
    if not paths:
        return ToolOutput(tool=tool.name, version=version)
    try:
        program = install(tool, tell)
    except CollectionError as error:
        return _gap(tool, version, GapReason.UNREACHABLE, error.message, error.hint)
    with tempfile.TemporaryDirectory(prefix="infraguard-tool-") as scratch:
        folder, unread = Path(scratch) / "files", []
        settings = settings_of(tool.name, tree, paths)
        for path in (*paths, *settings.files):
            try:
                _copy(tree, path, folder)
            except Unreadable as error:
                unread.append(_unread(tool, path, error))
        given = [path for path in paths if (folder / path).is_file()]
        run = _Run(tool, version, program, folder, settings.words)
        output = _output(run, given) if given else ToolOutput(tool=tool.name, version=version)
    return ToolOutput(
        tool=output.tool,
        version=version,
        format=output.format,
        content=output.content,
        gaps=(*output.gaps, *unread),
        switched_off=settings.switched_off,
    )


class _Run(NamedTuple):
    """A tool that is about to run, in a folder that holds a copy of what it reads, with more words for it."""

    tool: Tool
    version: str
    program: Path
    folder: Path
    words: tuple[str, ...]


def _copy(tree: Tree, path: str, folder: Path) -> None:
    content = tree.read_bytes(path)
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _output(run: _Run, paths: Sequence[str]) -> ToolOutput:
    tool, version, folder = run.tool, run.version, run.folder
    home = folder.parent / "home"
    home.mkdir()
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {"HOME": str(home), "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONNOUSERSITE": "1"}
    # A path that begins with a hyphen is no option; and settings name folders as they are called from the root.
    words = [f"./{path}" if run.words or path.startswith("-") else path for path in paths]
    try:
        done = subprocess.run(  # noqa: S603 - a program that we installed, with arguments of ours
            [str(run.program), *run.words, *tool.call(words)],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _gap(tool, version, GapReason.TIMED_OUT, f"it took more than {PATIENCE} s", "run it by itself")
    except OSError as error:
        return _gap(tool, version, GapReason.UNREACHABLE, str(error), f"run `infraguard tools install {tool.name}`")
    report = folder / tool.report
    content = done.stdout if not tool.report else report.read_bytes() if report.is_file() else b""
    if done.returncode not in tool.done or not content.strip():
        return _failed(tool, version, done)
    return ToolOutput(tool=tool.name, version=version, format=tool.format, content=content)


def _failed(tool: Tool, version: str, done: subprocess.CompletedProcess[bytes]) -> ToolOutput:
    """Why a run gave nothing to read: what it did not reach, or its exit code and the last thing it said."""
    text = done.stderr.decode("utf-8", "replace").strip()
    if unreached := _UNREACHED.search(text):
        host = unreached[1]
        remedy = f"scan where {host} is reached, or run {tool.name} there and give its report with --results"
        return _gap(tool, version, GapReason.UNREACHABLE, f"it did not reach {host}, which it asks", remedy)
    last = text.splitlines()[-1].strip()[:300] if text else "it said nothing"
    remedy = next((remedy for part, remedy in tool.remedies if part in last), f"run {tool.name} by itself to see why")
    detail = f"it ended with exit code {done.returncode} and gave no report that counts: {last}"
    return _gap(tool, version, GapReason.INVALID, detail, remedy)


def _unread(tool: Tool, path: str, error: Unreadable) -> Gap:
    problem = error.problem
    return Gap(
        source=Source.RESULTS,
        scope=f"{tool.name} of {path}",
        reason=problem.reason,
        detail=problem.detail,
        remedy=problem.remedy,
        unit=".",
        kinds=(tool.name,),
    )


def _gap(tool: Tool, version: str, reason: GapReason, detail: str, remedy: str) -> ToolOutput:
    gap = Gap(
        source=Source.RESULTS,
        scope=tool.name,
        reason=reason,
        detail=detail,
        remedy=remedy,
        unit=".",
        kinds=(tool.name,),
    )
    return ToolOutput(tool=tool.name, version=version, gaps=(gap,))
