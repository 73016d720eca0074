"""Clients, consultants, engagements, and what an hour costs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from sqlalchemy import select

from .. import audit
from ..errors import NotFound
from ..models import Client, Consultant, Engagement, RateCard
from ..permissions import Permission
from ..portal import Portal
from ..sessions import SignedIn
from .access import Ports, allowed
from .schemas import Amount, Asked, Currency, Email, Given, Name, Rate

router = APIRouter(tags=["clients"])

Reader = Annotated[SignedIn, Depends(allowed(Permission.READ_CLIENTS))]
Manager = Annotated[SignedIn, Depends(allowed(Permission.MANAGE_CLIENTS))]
Row = TypeVar("Row", Client, Consultant, Engagement, RateCard)
Limit = Annotated[int, Query(ge=1, le=200)]


class NewClient(Asked):
    """A company to work for."""

    name: Name
    billing_email: Email
    currency: Currency
    payment_days: int = Field(default=30, ge=0, le=180)


class ClientOut(Given):
    """A company that is worked for."""

    id: UUID
    name: str
    currency: str
    payment_days: int
    status: str


class NewConsultant(Asked):
    """A person whose hours are to be sold."""

    full_name: Name
    email: Email
    weekly_hours: Decimal = Field(gt=0, le=60, decimal_places=2)


class ConsultantOut(Given):
    """A person whose hours are sold."""

    id: UUID
    full_name: str
    weekly_hours: Decimal


class NewEngagement(Asked):
    """Work to be agreed with a client."""

    client_id: UUID
    name: Name
    budget: Amount
    tax_rate: Decimal = Field(ge=0, lt=1, decimal_places=4)
    starts_on: date
    ends_on: date | None = None
    status: Literal["draft", "active", "closed"] = "draft"


class EngagementOut(Given):
    """Work agreed with a client."""

    id: UUID
    client_id: UUID
    name: str
    currency: str
    budget: Decimal
    tax_rate: Decimal
    starts_on: date
    ends_on: date | None
    status: str


class NewStatus(Asked):
    """How an engagement stands from now on."""

    status: Literal["draft", "active", "closed"]


class NewRate(Asked):
    """What an hour is to cost from a day on."""

    consultant_id: UUID
    effective_from: date
    hourly_rate: Rate


class RateOut(Given):
    """What an hour costs from a day on."""

    id: UUID
    consultant_id: UUID
    effective_from: date
    hourly_rate: Decimal


@router.post("/clients", status_code=201)
def create_client(asked: NewClient, portal: Ports, who: Manager) -> ClientOut:
    """Begin to work for a client."""
    return ClientOut.model_validate(_added(portal, who, "client", Client(**asked.model_dump())))


@router.get("/clients")
def list_clients(
    portal: Ports, _who: Reader, limit: Limit = 50, after: str = ""
) -> list[ClientOut]:
    """Give clients in the order of their names; `after` is the last name of the page before."""
    query = select(Client).where(Client.name > after).order_by(Client.name).limit(limit)
    with portal.database.session() as session:
        return [ClientOut.model_validate(client) for client in session.scalars(query)]


@router.post("/consultants", status_code=201)
def create_consultant(asked: NewConsultant, portal: Ports, who: Manager) -> ConsultantOut:
    """Begin to sell somebody's hours."""
    consultant = Consultant(**asked.model_dump())
    return ConsultantOut.model_validate(_added(portal, who, "consultant", consultant))


@router.get("/consultants")
def list_consultants(
    portal: Ports, _who: Reader, limit: Limit = 50, after: str = ""
) -> list[ConsultantOut]:
    """Give consultants in the order of their names."""
    query = select(Consultant).where(Consultant.full_name > after)
    query = query.order_by(Consultant.full_name).limit(limit)
    with portal.database.session() as session:
        return [ConsultantOut.model_validate(one) for one in session.scalars(query)]


@router.post("/engagements", status_code=201)
def create_engagement(asked: NewEngagement, portal: Ports, who: Manager) -> EngagementOut:
    """Agree on work with a client, in the client's currency."""
    with portal.database.session() as session:
        client = session.get(Client, asked.client_id)
    if client is None:
        raise NotFound("there is no such client")
    engagement = Engagement(**asked.model_dump(), currency=client.currency)
    return EngagementOut.model_validate(_added(portal, who, "engagement", engagement))


@router.get("/engagements")
def list_engagements(
    portal: Ports,
    _who: Reader,
    client_id: UUID | None = None,
    status: Literal["draft", "active", "closed"] | None = None,
    limit: Limit = 50,
) -> list[EngagementOut]:
    """Give engagements, the newest first."""
    query = select(Engagement).order_by(Engagement.starts_on.desc(), Engagement.id).limit(limit)
    if client_id:
        query = query.where(Engagement.client_id == client_id)
    if status:
        query = query.where(Engagement.status == status)
    with portal.database.session() as session:
        return [EngagementOut.model_validate(one) for one in session.scalars(query)]


@router.patch("/engagements/{engagement_id}")
def change_status(
    engagement_id: UUID, asked: NewStatus, portal: Ports, who: Manager
) -> EngagementOut:
    """Begin or end an engagement."""
    with portal.database.session() as session:
        engagement = session.get(Engagement, engagement_id, with_for_update=True)
        if engagement is None:
            raise NotFound("there is no such engagement")
        changes = {"status": [engagement.status, asked.status]}
        engagement.status = asked.status
        session.flush()
        audit.append(
            session, who.user_id, "engagement.changed", "engagement", engagement_id, changes
        )
        return EngagementOut.model_validate(engagement)


@router.post("/engagements/{engagement_id}/rates", status_code=201)
def create_rate(engagement_id: UUID, asked: NewRate, portal: Ports, who: Manager) -> RateOut:
    """Agree on what an hour costs from a day on. Rates are added and never changed."""
    rate = RateCard(**asked.model_dump(), engagement_id=engagement_id)
    return RateOut.model_validate(_added(portal, who, "rate", rate))


@router.get("/engagements/{engagement_id}/rates")
def list_rates(engagement_id: UUID, portal: Ports, _who: Reader) -> list[RateOut]:
    """Give the rates of an engagement, the newest first."""
    query = select(RateCard).where(RateCard.engagement_id == engagement_id)
    query = query.order_by(RateCard.effective_from.desc(), RateCard.id).limit(200)
    with portal.database.session() as session:
        return [RateOut.model_validate(one) for one in session.scalars(query)]


def _added(portal: Portal, who: SignedIn, what: str, row: Row) -> Row:
    with portal.database.session() as session:
        session.add(row)
        session.flush()
        audit.append(session, who.user_id, f"{what}.created", what, row.id, {})
    return row
