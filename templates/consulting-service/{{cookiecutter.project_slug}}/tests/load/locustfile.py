"""Load: what people do on a working day, at twice and at ten times today's number of them.

    locust -f tests/load/locustfile.py --headless --host https://staging.example.com     # twice: must pass
    LOAD_PROFILE=10x locust -f tests/load/locustfile.py --headless --host ...            # ten times: how far it holds

The profile says how many people there are and for how long, so --users, --spawn-rate and --run-time do nothing here:
LOAD_TODAY_USERS is today's number of people, and LOAD_MINUTES another length. With LOAD_EMAIL and LOAD_PASSWORD people
sign in; without, they see what is open to all. It ends with 1 when more than 1 % fail, or when the 95th percentile is
over a second.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from typing import Any

from locust import HttpUser, LoadTestShape, between, events, task

#: How many people use the portal at the busiest time today.
TODAY_USERS = int(os.environ.get("LOAD_TODAY_USERS", "50"))

#: Times today's users, and minutes that they stay.
PROFILES = {"2x": (2, 5.0), "10x": (10, 15.0)}
TIMES, MINUTES = PROFILES[os.environ.get("LOAD_PROFILE", "2x")]
MINUTES = float(os.environ.get("LOAD_MINUTES", MINUTES))

MAX_FAILURES = 0.01
MAX_P95_MS = 1000


class Profile(LoadTestShape):
    """All of them within a fifth of the time, and then they stay."""

    def tick(self) -> tuple[int, float] | None:
        """How many there are to be at this moment; None when it is over."""
        users = TODAY_USERS * TIMES
        return None if self.get_run_time() > MINUTES * 60 else (users, users / (MINUTES * 60 / 5))


class Person(HttpUser):
    """Somebody who looks things up, mostly."""

    wait_time = between(1, 5)
    signed_in = False

    def on_start(self) -> None:
        """Sign in, where there is an account to sign in with."""
        email, password = os.environ.get("LOAD_EMAIL"), os.environ.get("LOAD_PASSWORD")
        self.signed_in = bool(email and password)
        if self.signed_in:
            self.client.post("/auth/login", json={"email": email, "password": password})

    @task(6)
    def look_up(self) -> None:
        """Engagements and clients."""
        if self.signed_in:
            self.client.get("/engagements")
            self.client.get("/clients")
        else:
            self.client.get("/health")

    @task(3)
    def hours(self) -> None:
        """The hours of this month."""
        if self.signed_in:
            self.client.get("/timesheets", params=self._month(), name="/timesheets")
        else:
            self.client.get("/version")

    @task(1)
    def report(self) -> None:
        """A report, which is cached for most of them."""
        if self.signed_in:
            self.client.get("/reports/revenue", params=self._month(), name="/reports/revenue")
        else:
            self.client.get("/ready")

    @staticmethod
    def _month() -> dict[str, str]:
        today = date.today()
        return {"since": str(today - timedelta(days=30)), "until": str(today)}


@events.quitting.add_listener
def judge(environment: Any, **_more: Any) -> None:
    """Say whether it held."""
    total = environment.stats.total
    p95 = total.get_response_time_percentile(0.95) or 0
    if total.num_requests == 0 or total.fail_ratio > MAX_FAILURES or p95 > MAX_P95_MS:
        environment.process_exit_code = 1
