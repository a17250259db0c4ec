"""``[instruments.NAME]``: a policy other than an institution, paid with public money."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from model.parameters import INSTRUMENT_KINDS, INSTRUMENTS, Section
from model.scenario.faults import Misfit, MisfitError
from model.scenario.money import FLOW
from model.scenario.names_and_shares import Name, Share
from model.theory.access import CHOSEN, PARTICIPANTS

_CHOOSING = tuple(kind.name for kind in INSTRUMENT_KINDS if kind.chooses or kind.aims)


class Instrument(Section):
    """A policy instrument other than an institution, paid with public money."""

    title: str = Field("", description="what to call it; default: its key")
    source: str = Field("", description="what it is drawn from")
    kind: Literal[INSTRUMENTS] = Field(description="what the money is for")
    communities: tuple[Name, ...] = Field((), description="where it applies; default: everywhere")
    budget: float = Field(ge=0, le=1e9, description="public money in all", json_schema_extra=FLOW)
    participants: Literal[PARTICIPANTS] = Field(
        "chosen",
        description="who gets a grant, or is taken abroad, where there are not enough: the ablest "
        "(chosen), by lot (drawn, open), by lot among those who want to learn (self_selected)",
    )
    quota: Share = Field(
        1.0,
        description="most firms that get grants, or are taken abroad, in all, as a share of firms where it "
        "applies; an export programme with 1 and chosen is for all alike",
    )
    first: int = Field(0, ge=0, le=100_000, description="first quarter of the programme")
    last: int = Field(100_000, ge=0, le=100_000, description="last quarter of the programme")

    @property
    def aimed(self) -> bool:
        """Whether it is for some firms: some kinds are for all alike unless a file says whom they take."""
        return self.quota < 1.0 or self.participants != PARTICIPANTS[CHOSEN]

    @model_validator(mode="after")
    def _who_and_how_many_is_said_of_what_chooses(self) -> Instrument:
        if self.kind in _CHOOSING:
            return self
        for key in ("participants", "quota"):
            if getattr(self, key) != type(self).model_fields[key].default:
                choosing = " and ".join(_CHOOSING)
                allowed = f"does nothing where kind is {self.kind!r}: {choosing} alone choose firms"
                raise MisfitError(Misfit((key,), allowed, "leave it out"))
        return self
