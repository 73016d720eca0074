"""Whether a deployment names its image by a digest, which is one image for ever, or by a name that moves."""

from __future__ import annotations

import re
from typing import Any, Final

from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern

_DIGEST: Final = pattern(r"digest|@sha256:", re.IGNORECASE)
#: A tag behind an image's name, or a setting that is one: `app:latest`, `app:${{ github.sha }}`, `image_tag=...`.
_TAG: Final = pattern(
    r"(?i)[\w}\])]:(?:latest\b|\$\{\{\s*(?:github\.(?:sha|ref_name|run_\w+)|[\w.-]*(?:tag|sha|version)[\w.-]*)\s*\}\}"
    r"|\$\{?\w*(?:tag|sha|version)\w*\}?)"
    r"|(?:image|docker|app|release)[-_.]?(?:tag|version)\b\s*[\"']?\s*[:=]|--tag\b|--image-tag\b"
)
#: A version of the commit or of the run that a workflow from elsewhere is handed: whatever it does, that is a tag.
_HANDED: Final = pattern(
    r"(?i)'[\w-]*(?:version|tag)[\w-]*':\s*'[\w.-]*\$\{\{\s*github\.(?:sha|ref_name|run_\w+)\s*\}\}'"
)
_SPEAKS: Final = pattern(r"(?i)github\.sha|image|:latest|tag")
_REMEDY: Final = "write it in the workflow, or in a script of the repository that the workflow runs"


def by_digest(name: str, given: str, release: str, hidden: Any) -> Any:
    """Whether the job of this name deploys by digest.

    `release` is what its deploying steps say, `given` all that the job says. A digest that only another step speaks of
    may come to a deploying step by a name, and does not where that step writes a tag itself.
    """
    if _DIGEST.search(release):
        return True
    if _TAG.search(release):
        return False
    if _DIGEST.search(given):
        return True
    if hidden:
        return False if _HANDED.search(given) else hidden
    if _SPEAKS.search(given):
        return False
    return Unknown("it is not written which image is deployed", (name,), remedy=_REMEDY)
