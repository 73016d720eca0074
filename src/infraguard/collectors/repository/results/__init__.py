"""What test runs left behind: coverage and JUnit."""
