"""Rival theories, each a set of mechanisms put neutral: `calibration/data/rival_views.toml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import RootModel, model_validator

from calibration.evidence.case_tables import DATA
from calibration.evidence.csv_rows import Name
from model.experiments.search.rival_view import RivalView
from model.scenario.faults import Misfit, MisfitError
from model.scenario.files import load_document, parse_document

WHOLE = "whole"
"""The name of the view with every mechanism at work."""


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
