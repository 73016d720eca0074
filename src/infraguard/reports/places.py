"""Where a finding stands, in words: `file:line` for what is in files, the account and region for what is live."""

from __future__ import annotations

from infraguard.model.values import Location


def place_words(location: Location | None, folder: str = "") -> str:
    """The place as a person can click or look it up; nothing when none is known."""
    if location is None:
        return ""
    if location.file:
        return f"{folder}/{location}" if folder else str(location)
    where = " ".join(part for part in (location.account, location.region) if part)
    account = f"live account {where}" if where else ""
    return f"{account}: {location.arn}" if account and location.arn else account or location.arn
