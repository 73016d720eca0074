"""`scan --with` and `--sarif`: what other tools find, beside our own findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from infraguard.collectors.repository.results.evidence import evidence_of_gaps, evidence_of_report
from infraguard.collectors.repository.results.judged import Judged, judged_on_disk
from infraguard.collectors.tools.findings import Read, read_output, read_sarif_file
from infraguard.collectors.tools.run import run_tool
from infraguard.collectors.tools.table import Tool
from infraguard.model.errors import SyntaxProblem, UsageError
from infraguard.model.evidence import Evidence
from infraguard.model.findings import ToolFinding
from infraguard.readers.tree import DiskTree
from infraguard.workflows.tools import chosen_tools


class Asked(Struct, frozen=True, kw_only=True):
    """What tools found, and the same as evidence of the gates that it decides."""

    read: Read = Read()
    evidence: Evidence = Evidence()


def ask_tools(
    names: Sequence[str], sarif_files: Sequence[str], targets: Sequence[str], tell: Callable[[str], None]
) -> Asked:
    """Run the named tools on the folders among the targets, and read the SARIF files.

    Raises `UsageError` for a tool that is not known, a file that is no SARIF, and tools without a folder to run on.
    """
    tools = chosen_tools(names)
    folders = [target for target in targets if Path(target).is_dir()]
    if tools and not folders:
        raise UsageError("--with needs a folder to run on", hint="name the folder of a repository")
    alone = len(targets) == 1
    parts = [_of_folder(tool, folder, tell, alone=alone) for tool in tools for folder in folders]
    judged = judged_on_disk(Path(folders[0]), DiskTree(Path(folders[0]))) if sarif_files and folders and alone else None
    parts += [_of_file(file, judged, alone=alone) for file in sarif_files]
    return Asked(
        read=Read.merged(part.read for part in parts), evidence=Evidence().merged(*(part.evidence for part in parts))
    )


def _of_file(file: str, judged: Judged | None, *, alone: bool) -> Asked:
    try:
        content = Path(file).read_bytes()
        read = read_sarif_file(content, file)
    except OSError as error:
        raise UsageError(f"--sarif {file}: {error.strerror or error}") from error
    except SyntaxProblem as error:
        raise UsageError(f"--sarif {error}", hint=error.hint) from error
    return Asked(read=read, evidence=evidence_of_report(file, content, unit="." if alone else file, judged=judged))


def _of_folder(tool: Tool, folder: str, tell: Callable[[str], None], *, alone: bool) -> Asked:
    output = run_tool(tool, DiskTree(Path(folder)), tell)
    read = read_output(tool.name, output.version, output.content) if output.content else Read()
    results = tuple(replace(result, switched_off=output.switched_off) for result in read.results)
    read = Read(results, (*output.gaps, *read.gaps))
    unit, name = "." if alone else folder.rstrip("/"), f"{tool.name} {output.version}"
    evidence = evidence_of_report(name, output.content, unit=unit) if output.content else Evidence()
    evidence = evidence.merged(evidence_of_gaps(tool.name, read.gaps, unit=unit))
    return Asked(read=read if alone else _under(folder, read), evidence=evidence)


def _under(folder: str, read: Read) -> Read:
    """What was found in one of several folders: files get its name in front, as those of our own findings do."""
    prefix = folder.rstrip("/") + "/"

    def placed(finding: ToolFinding) -> ToolFinding:
        if not finding.location.file:
            return finding
        return replace(finding, location=replace(finding.location, file=prefix + finding.location.file))

    results = tuple(replace(result, findings=tuple(map(placed, result.findings))) for result in read.results)
    return Read(results, read.gaps)
