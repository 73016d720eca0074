"""Where a deployment migrates the schema: in a step of its own before the code, together with it, or after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infraguard.collectors.repository.compose.builds import commands_brought_up
from infraguard.collectors.repository.deliveries.unfolded import Job
from infraguard.collectors.repository.deliveries.words import Said
from infraguard.collectors.repository.docker.migrating import migrates_at_start
from infraguard.collectors.repository.docker.places import Copies
from infraguard.collectors.repository.docker.starting import shell_words, started
from infraguard.collectors.repository.suites.walked import Walk


def follows(job: Job, jobs: Mapping[str, Job], every: Mapping[str, Said]) -> bool:
    """Whether a job that waits for this one migrates, and deploys nothing itself."""
    later = (other for other in jobs.values() if job.name in other.before)
    return any(every[other.name].migrates and not every[other.name].deploys for other in later)


def migrates(walk: Walk, said: Said, earlier: list[tuple[Job, Said]], *, follows: bool) -> Any:
    """Where the schema is migrated: `before`, in a step of its own, `together` with the code, or `after` it."""
    for path, command in commands_brought_up(walk.tree, said.text):
        start = started(walk.tree, shell_words(command), Copies(walk.tree, path, ()))
        if (at_start := migrates_at_start(walk.tree, start)) is not False:
            return "together" if at_start is True else at_start
    if any(what.migrates for _, what in earlier) or said.migrates == "before":
        return "before"
    return said.migrates or ("after" if follows else said.hidden or "never")
