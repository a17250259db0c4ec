"""``[economy]``: what is true of the whole country."""

from __future__ import annotations

from pydantic import Field

from model.parameters import Section


class Economy(Section):
    """The country that the communities lie in."""

    exchange_rate: float = Field(
        1.0,
        ge=0.1,
        le=10,
        description="what money from abroad is worth here; a devaluation raises it, what exports earn and "
        "imports cost",
    )
