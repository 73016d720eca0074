"""`scan --with` and `--sarif`: what other tools find, beside our own findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec.structs import replace

from infraguard.collectors.tools.findings import Read, read_output, read_sarif_file
from infraguard.collectors.tools.run import run_tool
from infraguard.collectors.tools.table import Tool
from infraguard.model.errors import SyntaxProblem, UsageError
from infraguard.model.findings import ToolFinding
from infraguard.readers.tree import DiskTree
from infraguard.workflows.tools import chosen_tools


def ask_tools(
    names: Sequence[str], sarif_files: Sequence[str], targets: Sequence[str], tell: Callable[[str], None]
) -> Read:
    """Run the named tools on the folders among the targets, and read the SARIF files.

    Raises `UsageError` for a tool that is not known, a file that is no SARIF, and tools without a folder to run on.
    """
    tools = chosen_tools(names)
    folders = [target for target in targets if Path(target).is_dir()]
    if tools and not folders:
        raise UsageError("--with needs a folder to run on", hint="name the folder of a repository")
    given = [_of_file(file) for file in sarif_files]
    ran = [_of_folder(tool, folder, tell, alone=len(targets) == 1) for tool in tools for folder in folders]
    return Read.merged((*ran, *given))


def _of_file(file: str) -> Read:
    try:
        return read_sarif_file(Path(file).read_bytes(), file)
    except OSError as error:
        raise UsageError(f"--sarif {file}: {error.strerror or error}") from error
    except SyntaxProblem as error:
        raise UsageError(f"--sarif {error}", hint=error.hint) from error


def _of_folder(tool: Tool, folder: str, tell: Callable[[str], None], *, alone: bool) -> Read:
    output = run_tool(tool, DiskTree(Path(folder)), tell)
    read = read_output(tool.name, output.version, output.content) if output.content else Read()
    read = Read(read.results, (*output.gaps, *read.gaps))
    return read if alone else _under(folder, read)


def _under(folder: str, read: Read) -> Read:
    """What was found in one of several folders: files get its name in front, as those of our own findings do."""
    prefix = folder.rstrip("/") + "/"

    def placed(finding: ToolFinding) -> ToolFinding:
        if not finding.location.file:
            return finding
        return replace(finding, location=replace(finding.location, file=prefix + finding.location.file))

    results = tuple(replace(result, findings=tuple(map(placed, result.findings))) for result in read.results)
    return Read(results, read.gaps)
