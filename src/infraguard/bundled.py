"""Where the files that InfraGuard ships live: `policies/` and `templates/`.

In a checkout (an editable install) they are the folders at its top, so that an edit counts at once; inside a wheel the
build copies them to `infraguard/_bundled/`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from infraguard.model.errors import InfraGuardError

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]


def bundled_folder(name: Literal["policies", "templates"]) -> Path:
    """The folder of shipped policies or templates. Raises `InfraGuardError` when this installation holds none."""
    candidates = [_PACKAGE / "_bundled" / name]
    if (_CHECKOUT / "pyproject.toml").is_file() and _PACKAGE == _CHECKOUT / "src" / "infraguard":
        candidates.insert(0, _CHECKOUT / name)
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise InfraGuardError(
        f"this installation of InfraGuard has no {name}: looked in {', '.join(map(str, candidates))}",
        hint="install InfraGuard again from its wheel, or run it from a complete checkout",
    )
