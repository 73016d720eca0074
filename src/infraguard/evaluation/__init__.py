"""Pure: three-valued conditions over resources and their relations, to findings and gates."""

from infraguard.evaluation.evaluate import Judgement, Settings, evaluate, needed_kinds

__all__ = ["Judgement", "Settings", "evaluate", "needed_kinds"]
