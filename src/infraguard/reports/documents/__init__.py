"""The pages that are made of policies and frameworks, in Markdown."""
