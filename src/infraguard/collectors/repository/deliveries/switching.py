"""What a text says of the switch to a release: health that is asked for, traffic in shares, two environments."""

from __future__ import annotations

import re
from typing import Any, Final

from infraguard.readers.patterns import pattern

_HEALTH: Final = pattern(
    r"(?i)curl\s[^\n]*/?(?:health|ready|readyz|healthz|status)|wait\s+services-stable|rollout\s+status|target-in-service"
    r"|describe-target-health|wait-for-service-stability|--wait\b|health[-_]?check|check[-_]health|/health|/ready|--atomic\b"
    r"|wait\s+deployment-successful"
)
_WAITS: Final = pattern(
    r"(?i)wait\s+(?:services-stable|deployment-successful)|rollout\s+status|wait-for-service-stability|--atomic\b"
    r"|target-in-service|cf\s+push[^\n]*--strategy\s+(?:rolling|canary)"
)
_CANARY: Final = pattern(r"(?i)canary|--weights?\b|forward-?config|weight")
#: What CodeDeploy brings: the shares are in the name, so that nothing else has to be read for them.
_BROUGHT: Final = pattern(r"CodeDeployDefault\.(?:ECS|Lambda)(?:AllAtOnce|(Canary|Linear)(\d+)Percent)")
_BLUE: Final = pattern(
    r"(?i)blue[-_/ ]?green|app-(?:blue|green)|idle[-_ ]colou?r|create-deployment|codedeploy"
    r"|\bmodify-(?:listener|rule)\b[^;|]{0,400}(?<![a-z])(?:blue|green)(?![a-z])"
)


def waits_for_health(text: str) -> bool:
    """Whether a text waits until what was put in place is well, by words that mean nothing else."""
    return bool(_WAITS.search(text))


def asks_for_health(text: str) -> bool:
    """Whether a text asks whether what was put in place is well."""
    return bool(_HEALTH.search(text))


def switches_blue_green(text: str) -> bool:
    """Whether a text speaks of two environments between which is switched."""
    return bool(_BLUE.search(text))


def traffic_in_shares(text: str, hidden: Any) -> Any:
    """The text whose words move traffic in shares; what is not read may say the shares that the text does not."""
    if brought := _BROUGHT.search(text):
        step = int(brought[2] or 100)
        return ", ".join(str(each) for each in (*range(step, 100, step if brought[1] == "Linear" else 100), 100))
    is_told = _CANARY.search(text) and (not hidden or re.search(r"(?<!\d)100(?!\d)", text))
    return text if is_told else hidden or ""
