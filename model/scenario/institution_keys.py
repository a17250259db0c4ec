"""``[institutions.NAME]``: who may use it, who governs it, its money and services."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from model.parameters import Section
from model.scenario.faults import Misfit, MisfitError
from model.scenario.money import FLOW, PRICE
from model.scenario.names_and_shares import Name, Share
from model.theory.access import PARTICIPANTS
from model.theory.board import PARTIES, VOTES
from model.theory.services import SERVICES


class Access(Section):
    """Who may use an institution (I3)."""

    inclusive: bool = Field(
        False, description="goes to every firm; nobody is kept out by rule or fee"
    )
    fee: float = Field(0.0, ge=0, le=100, description="fee of a member", json_schema_extra=FLOW)
    levy: Share = Field(
        0.0, description="share of a member's value added that is collected beside the fee"
    )
    largest: float = Field(
        1e6, gt=0, le=1e6, description="workers of a firm that may join, at most"
    )
    chains: tuple[Name, ...] = Field(
        (), description="chains of which a firm must supply one to join; default: none"
    )
    minimum_capability: Share = Field(
        0.0, description="share of process and product practices a member must master"
    )
    quota: Share = Field(1.0, description="most members, as a share of all firms reached")
    participants: Literal[PARTICIPANTS] = Field(
        "open",
        description="who gets a place where there are not enough: by lot among those who come "
        "(open, drawn), the ablest (chosen), by lot among those who come and want to learn (self_selected)",
    )
    take_up: float = Field(
        1.0, ge=0, le=100, description="times the usual chance to join in a year"
    )


Seats = Annotated[int, Field(ge=0, le=1000)]


class Board(Section):
    """Who governs an institution: seats by party, how they vote, whether they invest (I4)."""

    government: Seats = Field(1, description="seats of the government")
    home_association: Seats = Field(0, description="seats of the association of the home community")
    associations: Seats = Field(
        0, description="seats of the associations of all communities together"
    )
    lead_firms: Seats = Field(0, description="seats of lead firms")
    vote: Literal[VOTES] = Field(
        "proportional", description="seats take turns in proportion, or the largest bench decides"
    )
    joint_investment: float = Field(
        0.0,
        ge=0,
        le=10,
        description="money that the other parties add, as a share of public money if all seats "
        "were theirs",
    )

    @model_validator(mode="after")
    def _somebody_sits(self) -> Board:
        if sum(self.seats()) == 0:
            allowed = "a board needs at least one seat"
            raise MisfitError(Misfit(("government",), allowed, "write government = 1"))
        return self

    def seats(self) -> tuple[int, ...]:
        """Seats in the order of ``PARTIES``."""
        return tuple(getattr(self, party) for party in PARTIES)

    def shares(self) -> tuple[float, ...]:
        """Share of the votes of each party, after the rule of voting; a tie goes to the first."""
        seats = self.seats()
        if self.vote == "majority":
            first = seats.index(max(seats))
            return tuple(float(i == first) for i in range(len(seats)))
        return tuple(seat / sum(seats) for seat in seats)


class Services(Section):
    """How an institution shares out its money over services (I8); normalised to 1."""

    visit: Share = Field(1.0, description="staff visit one firm")
    course: Share = Field(0.0, description="many firms are taught in a classroom")
    group: Share = Field(0.0, description="a few firms of one region go through each other's shops")
    demonstration: Share = Field(0.0, description="a machine or method is shown at work")
    test: Share = Field(0.0, description="a firm is tested and, if it passes, certified (I6)")
    meeting: Share = Field(0.0, description="firms meet and learn from each other (I5)")

    def shares(self) -> tuple[float, ...]:
        """The shares in the order of ``SERVICES``, summing to 1."""
        given = tuple(getattr(self, service) for service in SERVICES)
        total = sum(given)
        return tuple(share / total for share in given) if total else given


class Institution(Section):
    """A bridging institution, association or laboratory."""

    title: str = Field("", description="what to call it; default: its key")
    source: str = Field("", description="what the design is drawn from")
    reach: tuple[Name, ...] = Field((), description="communities that it serves; default: all")
    access: Access = Field(default_factory=Access, description="who may use it")
    experiential: Share = Field(
        1.0, description="share of visits that teach experiential knowledge; the rest is pioneering"
    )
    board: Board = Field(default_factory=Board, description="who governs it (I4)")
    home: Name | None = Field(
        None, description="community of the association that governs it; default: the first reached"
    )
    budget: float = Field(
        0.0, ge=0, le=1e9, description="public money in all", json_schema_extra=FLOW
    )
    hour_price: float = Field(
        0.03, gt=0, le=1e6, description="what an hour of the staff costs", json_schema_extra=PRICE
    )
    services: Services = Field(
        default_factory=Services, description="share of the money for each service (I8)"
    )
    expertise: Share = Field(
        0.1,
        description="share of the practices of rungs 1 and 2 that staff bring of their own, "
        "hired, trained or from abroad",
    )
    donor: float = Field(0.0, ge=0, le=1e9, description="money from abroad", json_schema_extra=FLOW)
    opens: int = Field(0, ge=0, le=100_000, description="first quarter")
    closes: int = Field(100_000, ge=0, le=100_000, description="quarter in which it is closed")
    certifies: Share = Field(
        0.0, description="capability that its certificate attests; 0: it does not certify (I6)"
    )
