"""InfraGuard: documented gates, generated into projects and judged on every witness."""

__version__ = "0.1.0"
