"""Hypotheses on single clusters, written by hand: `calibration/data/hypotheses.toml`; used in no fit."""

from __future__ import annotations

from pydantic import RootModel

from calibration.evidence.case_tables import DATA
from calibration.evidence.csv_rows import Name, Text
from model.parameters import Section
from model.scenario.files import load_document, parse_document


class Hypothesis(Section):
    """Why a cluster may have come out otherwise; written by hand, used in no fit."""

    text: Text
    source: Text
    tell: Text


class Hypotheses(RootModel[dict[Name, Hypothesis]]):
    """The hypotheses by case."""


def load_hypotheses() -> dict[str, Hypothesis]:
    """What `calibration/data/hypotheses.toml` holds; InputError with every fault."""
    return parse_document(load_document(DATA / "hypotheses.toml"), Hypotheses).root
