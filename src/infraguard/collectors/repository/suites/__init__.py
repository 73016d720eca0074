"""Where workflows run tests, followed through make and scripts, and what they demand."""
