"""How types of facts become keys: the numbers of `calibration/data/coding.toml`, checked on load."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field

from calibration.evidence.case_tables import DATA
from calibration.evidence.csv_rows import Text
from model.parameters import Section
from model.scenario.files import load_document, parse_document
from model.scenario.schema import Services, Share


class Filter(Section):
    """Which rows may enter, and the window where none is known."""

    confidence: Share
    last_year: int
    years: int = Field(ge=1)
    reason: Text


class Coded(Section):
    """One number, with the name of its prior if it is not known."""

    value: float = Field(ge=0)
    prior: Text | None = None
    reason: Text


class ReachShares(Section):
    """Share of a body's money that it spends here, by reach."""

    one: Share
    several: Share
    sector_national: Share
    reason: Text


class Fees(Section):
    """Fee by access, units of account a quarter."""

    open: float = Field(ge=0)
    members: float = Field(ge=0)
    fee: float = Field(ge=0)
    selective: float = Field(ge=0)
    contract: float = Field(ge=0)
    reason: Text


class CodedServices(Services):
    """What a body that has this kind of knowledge does; shares are added over its kinds."""

    visit: Share = 0.0
    reason: Text


class ForeignShares(Section):
    """Share of large firms with a parent elsewhere."""

    local: Share
    mixed: Share
    foreign: Share
    reason: Text


class CodedLarge(Section):
    """Large firms at a place that has some."""

    firms: int = Field(ge=1)
    foreign: ForeignShares
    reason: Text


class FirmSize(Section):
    """Workers of a firm by size of the cluster's firms."""

    large: float = Field(gt=0)
    reason: Text


class Young(Section):
    """A cluster that has just begun."""

    within: int = Field(ge=0)
    repertoire: float = Field(gt=0, le=1)
    reason: Text


class CodedEvent(Section):
    """What a type of event does; amounts not named are none."""

    rivals: float = 0.0
    outside: float = 0.0
    price: float | None = Field(None, gt=0)
    price_global: float | None = Field(None, gt=0)
    price_domestic: float | None = Field(None, gt=0)
    before: Share | None = None
    local_inputs: Share = 0.0
    years: int = Field(1, ge=1)
    prior: Text | None = None
    reason: Text


class Coding(Section):
    """Every number between a dossier and a case file."""

    filter: Filter
    money: Coded
    reach: ReachShares
    fees: Fees
    selective: Coded
    certifies: Coded
    joint_investment: Coded
    pioneering: Coded
    services: dict[str, CodedServices]
    large: CodedLarge
    firm_size: FirmSize
    young: Young
    leader: Coded
    absent: Coded
    events: dict[str, CodedEvent]


@cache
def load_coding(path: Path = DATA / "coding.toml") -> Coding:
    """The coding; raises `InputError` with every fault."""
    return parse_document(load_document(path), Coding)
