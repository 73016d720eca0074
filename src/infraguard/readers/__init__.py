"""Reading files that we do not trust: bounded, placed, and never executed. Knows nothing of gates."""
