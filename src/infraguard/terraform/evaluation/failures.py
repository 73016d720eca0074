"""What ends an evaluation. Both become an `Unknown` with their text; neither ever leaves the package."""

from __future__ import annotations


class EvaluationError(Exception):
    """Terraform too would refuse this expression. `try` and `can` see it."""


class Exhausted(Exception):
    """The expression asks for more work than a root may take; `try` and `can` do not see it."""
