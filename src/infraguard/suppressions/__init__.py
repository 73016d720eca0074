"""Accepted exceptions: findings are marked by them, and never dropped."""

from infraguard.suppressions.comments import waivers_in_comments
from infraguard.suppressions.marking import Marked, mark
from infraguard.suppressions.problems import problem_gates
from infraguard.suppressions.waiver_file import FILE, read_waivers
from infraguard.suppressions.waivers import Waiver, WaiverMistake

__all__ = ["FILE", "Marked", "Waiver", "WaiverMistake", "mark", "problem_gates", "read_waivers", "waivers_in_comments"]
