"""What a wheel carries besides copies of files: our policies, compiled, so that an installed InfraGuard parses no YAML.

An editable build carries nothing of this kind: a checkout reads `policies/` itself, so that an edit counts at once.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompilePolicies(BuildHookInterface):  # type: ignore[type-arg] # hatchling's own hooks take no argument either
    """Compiles `policies/` to the catalogue beside them. A mistake in a policy ends the build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        try:
            from infraguard.policies.cache import encode
            from infraguard.policies.catalogue import COMPILED, compile_files, policy_files
        finally:
            sys.path.remove(str(root / "src"))
        self._scratch = tempfile.TemporaryDirectory()
        catalogue = Path(self._scratch.name) / COMPILED
        catalogue.write_bytes(encode(compile_files(policy_files(root / "policies"), "policies")))
        build_data["force_include"][str(catalogue)] = f"infraguard/_bundled/policies/{COMPILED}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - hatchling calls it so
        if version != "editable":
            self._scratch.cleanup()
