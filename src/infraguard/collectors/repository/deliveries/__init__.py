"""Images that workflows build, and deployments that they make."""
