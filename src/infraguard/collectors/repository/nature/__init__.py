"""What a repository is: service, library or infrastructure, what it stores data in, and whether it deploys."""
