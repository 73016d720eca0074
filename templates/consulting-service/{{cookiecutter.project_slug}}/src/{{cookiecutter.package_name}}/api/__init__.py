"""How the portal is asked: one file a topic."""
