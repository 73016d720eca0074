"""Where the repository itself decides which TLS is spoken."""
