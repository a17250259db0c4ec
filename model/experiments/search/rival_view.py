"""A theory of what brings upgrading: the model with the mechanisms put neutral that it does not count."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from model.parameters import MECHANISMS, Section
from model.scenario.faults import Misfit, MisfitError, suggest
from model.scenario.names_and_shares import Name

_Text = Annotated[str, Field(min_length=1)]


class RivalView(Section):
    """One theory: what it claims, where it stands, and what it leaves out."""

    title: _Text = Field(description="what to call it")
    claim: _Text = Field(description="what it says, in a sentence")
    source: _Text = Field(description="where it is from")
    neutral: tuple[Name, ...] = Field(description="mechanisms put to their neutral case")
    alike: bool = Field(
        False,
        description="whether every cluster starts from the medium degree of collective efficiency "
        "(`rivals` only: a search keeps the world as it is)",
    )

    @model_validator(mode="after")
    def _mechanisms_there_are(self) -> RivalView:
        misfits = [
            Misfit(("neutral", str(i)), f"{name} is no mechanism", suggest(name, MECHANISMS))
            for i, name in enumerate(self.neutral)
            if name not in MECHANISMS
        ]
        if misfits:
            raise MisfitError(*misfits)
        return self
