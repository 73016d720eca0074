"""Documents of a repository: what each section is about, and what the plan for disasters covers."""
