"""`infraguard tools`: which other scanners can be asked, and their environments."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from infraguard.collectors.tools.environment import environment_of, install, is_installed
from infraguard.collectors.tools.lock import version_of
from infraguard.collectors.tools.table import TOOLS, Tool
from infraguard.model.errors import UsageError
from infraguard.model.nearest import nearest


class ToolState(Struct, frozen=True):
    """A tool, the version that is locked, and whether its environment is there."""

    name: str
    version: str
    installed: bool
    folder: str


def chosen_tools(names: Sequence[str]) -> tuple[Tool, ...]:
    """The tools of these names, each once. Raises `UsageError` with the nearest name for one that is not."""
    for name in names:
        if name not in TOOLS:
            raise UsageError(f"no tool {name!r}", hint=nearest(name, TOOLS) or f"there is {', '.join(TOOLS)}")
    return tuple(TOOLS[name] for name in dict.fromkeys(names))


def tool_states() -> tuple[ToolState, ...]:
    """Every tool that can be asked."""
    return tuple(_state(tool) for tool in TOOLS.values())


def install_tools(names: Sequence[str], tell: Callable[[str], None]) -> tuple[ToolState, ...]:
    """Make the environments of these tools, or of all. Raises `CollectionError` where one cannot be made."""
    tools = chosen_tools(names) or tuple(TOOLS.values())
    for tool in tools:
        install(tool, tell)
    return tuple(_state(tool) for tool in tools)


def _state(tool: Tool) -> ToolState:
    return ToolState(tool.name, version_of(tool.name), is_installed(tool), str(environment_of(tool)))
