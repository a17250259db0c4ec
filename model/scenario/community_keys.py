"""``[communities.NAME]``: a producer locality, and the large firms in it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from model.parameters import Section
from model.scenario.names_and_shares import Name, Share
from model.scenario.sector_keys import ByDimension


class Large(Section):
    """The large firms of a community, beside its small ones; plants of a leader are as large."""

    firms: int = Field(0, ge=0, le=1000, description="large firms at the start")
    workers: float = Field(250, ge=1, le=100_000, description="workers of each")
    capability: Share = Field(
        0.4, description="share of all process and product practices mastered at the start"
    )
    foreign: Share = Field(0.0, description="share of them owned from abroad (F6)")
    plants: dict[Name, Annotated[int, Field(ge=0, le=1000)]] = Field(
        {}, description="plants of a leader, a number a chain (F6)"
    )


class Community(Section):
    """A producer locality: its firms, their ties and trust, and what being there offers."""

    title: str = Field("", description="what to call it in tables and figures; default: its key")
    sector: Name = Field(description="key of its sector under [sectors]")
    firms: int = Field(80, ge=1, le=2_000_000, description="small firms at the start")
    room: int = Field(
        0,
        ge=0,
        le=2_000_000,
        description="places for more firms than there are at the start, which entrants may take",
    )
    workers: float = Field(15, gt=0, le=10_000, description="mean workers a firm; sizes are skewed")
    large: Large = Field(default_factory=Large, description="large firms and leaders' plants")
    foreign: Share = Field(0.0, description="share of small firms owned from abroad (F6)")
    start: ByDimension | None = Field(None, description="overrides the sector's start")
    repertoire: float = Field(
        0.5,
        gt=0,
        le=1,
        description="share of the trade's practices that anybody here may start with, 0-1; 1: "
        "communities start with no knowledge of their own",
    )
    topology: Literal["small_world", "poles", "random", "star", "none"] = Field(
        "small_world", description="shape of the local ties between producers"
    )
    ties: float = Field(6, ge=0, le=100, description="mean local ties a firm")
    rewiring: Share = Field(
        0.1, description="small world: share of ties that reach across town; poles: to another pole"
    )
    poles: int = Field(
        2,
        ge=1,
        le=1000,
        description="groups of firms, each a small world, where the topology is poles",
    )
    trust: Share = Field(0.3, description="trust between producers at the start, 0-1")
    backward: Share = Field(0.3, description="trust between firms and local suppliers, 0-1")
    forward: Share = Field(0.3, description="trust between firms and their traders or users, 0-1")
    labour_mobility: Share = Field(0.3, description="openings filled from local firms, 0-1")
    local_inputs: Share = Field(0.5, description="inputs of the trade that can be had locally, 0-1")
    local_machines: Share = Field(
        0.0,
        description="machines of the trade that are made here, whose makers teach at no price (C1)",
    )
    information: Share = Field(0.5, description="how well informed of fairs and standards, 0-1")
    market_access: Share = Field(
        0.3, description="chance a year that a firm and a given buyer find each other"
    )
    associated: Share = Field(
        0.3, description="share of firms in the local association at the start, 0-1"
    )
    purchases: Share = Field(
        0.0,
        description="common purchases: what members of the association pay less for machines and advice, as "
        "a share of the price (C2)",
    )

    @property
    def founders(self) -> int:
        """Firms at the start: small ones, then large ones, then plants."""
        return self.firms + self.large.firms + sum(self.large.plants.values())

    @property
    def places(self) -> int:
        """Firms at most: those at the start, then room for more."""
        return self.founders + self.room
