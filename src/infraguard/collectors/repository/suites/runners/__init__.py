"""Programs that run other programs by a file of the repository: one module a family, each a follower of commands."""
