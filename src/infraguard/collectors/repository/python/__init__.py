"""Python projects, and how coverage and pytest are set up in them."""
