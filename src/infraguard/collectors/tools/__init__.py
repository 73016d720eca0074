"""Other scanners: each in an environment of its own, run on a copy of what it reads, and never trusted to have run."""

from infraguard.collectors.tools.run import ToolOutput, run_tool
from infraguard.collectors.tools.table import TOOLS, Tool

__all__ = ["TOOLS", "Tool", "ToolOutput", "run_tool"]
