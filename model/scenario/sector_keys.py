"""``[sectors.NAME]``: a way of learning, and who holds what there is to learn."""

from __future__ import annotations

from pydantic import Field

from model.parameters import Section
from model.scenario.money import PRICE
from model.scenario.names_and_shares import Share
from model.theory.interaction import SOURCES


class ByDimension(Section):
    """A share for each kind of upgrading."""

    process: Share
    product: Share
    functional: Share
    intersectoral: Share

    def numbers(self) -> tuple[float, float, float, float]:
        """The four numbers in the order of the dimensions."""
        return self.process, self.product, self.functional, self.intersectoral


class Holdings(Section):
    """Share of all practices of a dimension that each source of knowledge in the sector holds."""

    engineering: Share = Field(0.0, description="own engineering can find it out")
    machinery: Share = Field(0.0, description="embodied in machinery and its suppliers' service")
    inputs: Share = Field(0.0, description="held by local suppliers of inputs and components")
    laboratory: Share = Field(
        0.0, description="held by research institutes, universities, extension"
    )
    user: Share = Field(0.0, description="held by advanced users and clients")
    consultant: Share = Field(0.0, description="for sale from consultants and brokers")
    buyer: Share = Field(
        0.0, description="held by lead firms; for process and product, the standard"
    )

    def numbers(self) -> tuple[float, ...]:
        """The shares in the order of ``SOURCES``."""
        return tuple(getattr(self, source) for source in SOURCES)


class HoldingsByDimension(Section):
    """Which source holds which share of the practices of each dimension."""

    process: Holdings
    product: Holdings
    functional: Holdings
    intersectoral: Holdings


class Sector(Section):
    """A way of learning (GPR05 Tables 1 and 4): data, never an ``if`` in the code."""

    title: str = Field(description="what to call it in tables and figures")
    source: str = Field(description="where the numbers come from")
    tacitness: ByDimension = Field(description="share of how that can't be written down, 0-1")
    holds: HoldingsByDimension = Field(description="share of practices that each source holds, 0-1")
    appropriability: Share = Field(description="how far others are kept from copying, 0-1")
    start: ByDimension = Field(
        description="share of the practices of rung 1 that a founder masters on average"
    )
    start_fall: Share = Field(
        0.2, description="what a founder masters on a rung over what it masters on the rung below"
    )
    start_spread: Share = Field(
        0.5, description="founders differ: quality is uniform in 1 - spread to 1 + spread"
    )
    pace: float = Field(
        1.0, ge=0, le=10, description="how fast practices are overtaken, times the theory's pace"
    )
    home_growth: float = Field(
        0.0, ge=-0.9, le=1, description="growth a year of what customers at home buy in all"
    )
    imports: Share = Field(
        0.3,
        lt=1,
        description="share of the home market that imports have at the start; on the way: of customers who "
        "come anew",
    )
    rivals: float = Field(
        0.3,
        ge=0,
        le=2,
        description="what importers offer at home: capability, and the share of wages they save",
    )
    rivals_rise: float = Field(
        0.0, ge=-1, le=1, description="what that offer rises by a year: rivals learn, or save wages"
    )
    entry_standard: Share = Field(
        description="capability that buyers ask of an entrant: share of process, product practices"
    )
    local_inputs: Share = Field(
        description="share of inputs that the trade buys locally where it can"
    )
    open_laboratory: Share = Field(
        0.15, description="access to laboratories of a firm that belongs to no association, 0-1"
    )
    machinery_price: float = Field(
        0.05, ge=0, le=100, description="price of a lesson from machinery", json_schema_extra=PRICE
    )
    consultant_price: float = Field(
        0.15,
        ge=0,
        le=100,
        description="price of a lesson from a consultant",
        json_schema_extra=PRICE,
    )
