"""Everything that differs between environments, read from environment variables and nowhere else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Environment = Literal["development", "staging", "production"]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]

#: Certificate authorities of Amazon RDS, where the image was built with them.
RDS_AUTHORITIES = Path("/opt/certificates/rds-global-bundle.pem")


class Settings(BaseSettings):
    """Settings of one process. Secrets never show in its text form."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    environment: Environment = "development"
    log_level: LogLevel = "INFO"
    #: The commit and the digest of the image, told by whoever deploys.
    git_commit: str = "unknown"
    image_digest: str = "unknown"

    database_url: SecretStr = SecretStr("sqlite+pysqlite:///:memory:")
    #: The read replica that reports are read from; the primary where there is none.
    reporting_database_url: SecretStr | None = None
    #: A secret of AWS Secrets Manager whose `password` replaces that of the URLs, also after a rotation.
    database_secret_arn: str | None = None
    #: The database came from a backup, and may have the password from before the last rotation.
    database_is_restored: bool = False
    #: The secret of the service's own account, for the job that makes it.
    service_secret_arn: str | None = None
    #: The first administrator, for the job that makes that account.
    admin_email: str | None = None
    admin_password_hash: str | None = Field(default=None, repr=False)
    database_sslmode: Literal["disable", "require", "verify-full"] = "verify-full"
    database_ca_file: Path = RDS_AUTHORITIES
    database_pool_size: int = Field(default=5, ge=1, le=100)
    database_max_overflow: int = Field(default=5, ge=0, le=100)
    slow_query_seconds: float = Field(default=1.0, gt=0)

    redis_url: SecretStr = SecretStr("redis://127.0.0.1:6379/0")
    #: The user of ElastiCache that the task's role signs in as, and the cache's id: no password is in the URL then.
    redis_user: str | None = None
    redis_cache: str | None = None
    session_hours: int = Field(default=8, ge=1, le=24)
    report_cache_seconds: int = Field(default=300, ge=1)

    #: Requests that are worked on at once; more wait, and more than the queue holds are turned away.
    concurrent_requests: int = Field(default=10, ge=1)
    queued_requests: int = Field(default=100, ge=0)
    slow_request_seconds: float = Field(default=1.0, gt=0)

    #: How often gauges go to CloudWatch, in seconds; 0 switches the metrics in logs off.
    metrics_interval_seconds: int = Field(default=60, ge=0)
    otel_exporter_otlp_endpoint: str | None = None

    @property
    def reporting_url(self) -> str:
        """The database that reports are read from."""
        return (self.reporting_database_url or self.database_url).get_secret_value()

    @model_validator(mode="after")
    def _a_user_belongs_to_a_cache(self) -> Settings:
        if (self.redis_user is None) != (self.redis_cache is None):
            raise ValueError("REDIS_USER and REDIS_CACHE are given together, or not at all")
        return self

    @model_validator(mode="after")
    def _deployed_means_encrypted(self) -> Settings:
        if self.environment == "development":
            return self
        if self.database_sslmode != "verify-full":
            raise ValueError(f"{self.environment} needs DATABASE_SSLMODE=verify-full")
        if not self.redis_url.get_secret_value().startswith("rediss://"):
            raise ValueError(f"{self.environment} needs a REDIS_URL that begins with rediss://")
        if not self.database_url.get_secret_value().startswith("postgresql+psycopg://"):
            raise ValueError(f"{self.environment} needs a DATABASE_URL of postgresql+psycopg://")
        return self


@cache
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
