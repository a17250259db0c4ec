"""Rival theories, each a set of mechanisms put neutral: `calibration/data/rival_views.toml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field, RootModel, model_validator

from calibration.evidence.case_tables import DATA
from calibration.evidence.csv_rows import Name, Text
from model.parameters import MECHANISMS, Section
from model.scenario.faults import Misfit, MisfitError, suggest
from model.scenario.files import load_document, parse_document

WHOLE = "whole"
"""The name of the view with every mechanism at work."""


class RivalView(Section):
    """One theory: what it claims, where it stands, and what it leaves out."""

    title: Text
    claim: Text
    source: Text
    neutral: tuple[Name, ...] = Field(description="mechanisms put to their neutral case")
    alike: bool = Field(
        False,
        description="whether every cluster starts from the medium degree of collective efficiency",
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


class RivalViews(RootModel[dict[Name, RivalView]]):
    """The rivals by name; the whole is among them."""

    @model_validator(mode="after")
    def _the_whole_is_there(self) -> RivalViews:
        if WHOLE not in self.root or self.root[WHOLE].neutral or self.root[WHOLE].alike:
            raise MisfitError(Misfit((WHOLE,), "must be there, with nothing neutral"))
        return self


@cache
def load_rival_views(path: Path = DATA / "rival_views.toml") -> dict[str, RivalView]:
    """The rivals by name, in the order of the file; raises `InputError` with every fault."""
    return parse_document(load_document(path), RivalViews).root
