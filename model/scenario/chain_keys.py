"""``[chains.NAME]``: a lead firm, what it buys and what it asks."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from model.parameters import Section
from model.scenario.names_and_shares import Name, Share
from model.theory.support import GOVERNANCE
from model.theory.value_added import REACH


class Asks(Section):
    """What a lead firm asks of an entrant by kind of upgrading, beside the entry standard."""

    process: Share = Field(0.0, description="share of the process practices of its standard")
    product: Share = Field(0.0, description="share of the product practices of its standard")


class Chain(Section):
    """A lead firm and the chain that it governs."""

    title: str = Field("", description="what to call it; default: its key")
    governance: Literal[GOVERNANCE] = Field(
        description="how the chain is governed (GPR05 section 2)"
    )
    reach: Literal[REACH] = Field("global", description="where it sells")
    communities: tuple[Name, ...] = Field((), description="where it buys; default: everywhere")
    follows: Name | None = Field(
        None,
        description="the chain whose suppliers are this chain's buyers: what is bought here moves "
        "with what it buys (G6); default: none",
    )
    orders: Share = Field(
        0.3,
        description="suppliers it wants at the start, as a share of all firms there at the start",
    )
    entry_standard: Share | None = Field(
        None, description="overrides the sector's entry standard, 0-1"
    )
    asks: Asks = Field(
        default_factory=Asks, description="asked of an entrant by kind, beside the entry standard"
    )
    particular: Share = Field(
        0.0,
        description="share of its standard that is its own, so that several buyers ask different things",
    )
    demand_growth: float = Field(
        0.0, ge=-1, le=1, description="growth a year of what it wants to buy"
    )
    outside_rise: float = Field(
        0.0, ge=-1, le=1, description="what the offer of suppliers abroad rises by a year"
    )
    outside: Share | None = Field(
        None,
        description="offer of suppliers abroad as the leader sees it, 0-1 (G6); default: what its "
        "suppliers offer at the start",
    )
    price: float = Field(
        1.0, ge=0, le=100, description="price level, in the money that its customers pay in"
    )
