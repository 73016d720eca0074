"""Pure: three-valued conditions over resources and their relations, to findings and gates."""

from infraguard.evaluation.evaluate import Judgement, concerning, evaluate, gates_over, needed_kinds

__all__ = ["Judgement", "concerning", "evaluate", "gates_over", "needed_kinds"]
