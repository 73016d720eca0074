"""Deployments by pipelines of other systems than GitHub Actions: each file is taken as one, by its words.

What runs when, and after what, is not read: those facts are unknown. What no word of the file, nor of the scripts that
it names, speaks of is not done, unless part of it stands elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from infraguard.collectors.repository.deliveries.releasing import text_deploys
from infraguard.collectors.repository.deliveries.stages import STAGES, speaks_of
from infraguard.collectors.repository.deliveries.switching import (
    asks_for_health,
    switches_blue_green,
    traffic_in_shares,
    waits_for_health,
)
from infraguard.collectors.repository.deliveries.texts import without_comments
from infraguard.collectors.repository.deliveries.unread import TOOLS, scripts_named
from infraguard.collectors.repository.deliveries.words import not_read
from infraguard.collectors.repository.found import UNIT, at
from infraguard.collectors.repository.migrations.commands import script_migrates
from infraguard.collectors.repository.suites.elsewhere import PIPELINES
from infraguard.model.evidence import Environment, Resource, Source
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

#: A job or a stage that is called after deploying, where its words do not tell how; a site of documents is none.
_NAMED: Final = pattern(
    r"(?im)^[ \t]*(?:-\s*)?(?:name:\s*[\"']?|stage\s*\(\s*[\"'])?[^\n#:\"']*\b(?:deploy|release)"
    r"(?!ment|s?[-_ ]?(?:notes|docs|pages))"
)
#: What such a pipeline takes from elsewhere: parts that others wrote, and jobs of the same system.
_TAKEN: Final = pattern(
    r"(?m)^[ \t]*(?:include|extends|-\s*template):|@Library\b|\blibrary\s*\(|\bbuild\s+job:|^[ \t]*-?\s*trigger:"
    r"|^\s+[\w-]+:\s*[\w-]+/[\w-]*(?:ecs|deploy|k8s|kubernetes|eks|heroku|helm|cloud-?run|serverless|sam)[\w-]*@"
)
#: What only the order of jobs and their conditions tell.
_UNTOLD: Final = (
    *("starts_on", "pushes", "approval", "only_by_hand", "rolls_back", "by_digest", "builds", "after_build"),
    *("takes_archive", "after_staging", "after_integration_tests", "ignored_failure"),
)


def deployments_elsewhere(tree: Tree) -> Iterator[Resource]:
    """One `deployment` for each stage that a pipeline of another system names, where it deploys."""
    for path in tree.paths:
        if PIPELINES.fullmatch(path):
            own = without_comments(text_or_empty(tree, path))
            missing, scripts = scripts_named(tree, path, own)
            text = "\n".join([own, *(without_comments(text_or_empty(tree, script)) for script in scripts)])
            by = text_deploys(text)
            if by or _NAMED.search(own):
                hidden = _hidden(own, by, missing)
                stages = [stage for stage in STAGES if speaks_of(stage, text)]
                others = [] if "production" in stages else [""]
                yield from (_resource(path, text, by, hidden, stage) for stage in [*stages, *others])


def _hidden(own: str, by: str, missing: list[str]) -> Any:
    """Why not all that it does is told; else False."""
    if not by:
        return not_read("its words do not tell how it deploys")
    if missing:
        return not_read(f"{missing[0]} is no file of the repository")
    if found := _TAKEN.search(own):
        return not_read(f"what {found[0].strip().strip('- :(@')} brings stands elsewhere")
    if (tool := by.split(maxsplit=1)[0]) in TOOLS:
        return not_read(f"what {tool} does stands in files of its own, which are not read")
    return False


def _resource(path: str, text: str, by: str, hidden: Any, stage: str) -> Resource:
    untold = Unknown(
        "pipelines of this system are read by their words only",
        (path,),
        remedy="deploy by a workflow of GitHub, or leave the gate to that system with --exclude",
    )
    attributes: dict[str, Any] = {
        **dict.fromkeys(_UNTOLD, untold),
        "workflow": path,
        "job": path,
        "stage": stage or untold,
        "environment_name": "",
        "by": by,
        "canary": traffic_in_shares(text, hidden),
        "blue_green": switches_blue_green(text) or hidden,
        "checks_health": waits_for_health(text) or (untold if asks_for_health(text) else hidden),
        "migrates": untold if script_migrates(text) else hidden or "never",
        "repeats": False,
    }
    return Resource(
        kind="deployment",
        id=f"{path}#{stage}" if stage else path,
        source=Source.REPO,
        unit=UNIT,
        attributes=attributes,
        location=at(path),
        environment=Environment(stage) if stage else Environment.UNKNOWN,
    )
