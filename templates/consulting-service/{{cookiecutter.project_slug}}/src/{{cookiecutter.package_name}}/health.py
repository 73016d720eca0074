"""What the load balancer and the container ask to know whether the process is alive."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The answer of a process that can answer at all."""

    status: Literal["ok"] = "ok"


@router.get("/health")
async def health() -> Health:
    """Answer without touching the database: a slow database must not get containers replaced."""
    return Health()
