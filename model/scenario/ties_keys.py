"""``[across]``: ties between communities, and between single pairs of them."""

from __future__ import annotations

from pydantic import Field

from model.parameters import Section
from model.scenario.names_and_shares import Name, Share


class TiesBetween(Section):
    """Ties between the producers of two communities at the start."""

    between: tuple[Name, Name] = Field(description="the two communities")
    ties: float = Field(0.0, ge=0, le=20, description="mean ties a firm of either to the other")
    trust: Share = Field(0.2, description="trust on these ties at the start, 0-1")


class Across(Section):
    """Ties between producers of different communities at the start."""

    ties: float = Field(0.0, ge=0, le=20, description="mean ties a firm to other communities")
    trust: Share = Field(0.2, description="trust on these ties at the start, 0-1")
    pairs: dict[Name, TiesBetween] = Field(
        {}, description="pairs of communities with ties of their own instead, by name"
    )
