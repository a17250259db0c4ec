"""The numbers that are put in between the case table and the case files, checked on load.

They stand in `calibration/data/starting_points.toml`, each with its reason. What a community can
take at all is read off the scenario schema.
"""

from functools import cache
from pathlib import Path
from typing import Self

from pydantic import Field, ValidationError, model_validator

from calibration.evidence.case_tables import DATA, Chains, Degree
from calibration.evidence.csv_rows import Name, Text
from model.parameters import Section
from model.scenario.community_keys import Community
from model.scenario.expected import follow, known_keys
from model.scenario.faults import Misfit, MisfitError, suggest
from model.scenario.files import load_document, parse_document
from model.scenario.names_and_shares import Share
from model.theory.value_added import REACH


class Firms(Section):
    """Places for firms in a community."""

    value: int = Field(ge=1)
    reason: Text


class OrdersInAll(Section):
    """The most that all chains of a community want together, as a share of the places for firms."""

    value: Share
    reason: Text


class Graded(Section):
    """A starting condition at each degree of collective efficiency."""

    low: float
    medium: float
    high: float
    reason: Text

    def at(self, degree: Degree) -> float:
        """The starting condition at this degree."""
        return {Degree.LOW: self.low, Degree.MEDIUM: self.medium, Degree.HIGH: self.high}[degree]


class Orders(Section):
    """Orders of the chains governed in one mode, as a share of the places for firms."""

    domestic: Share
    global_: Share = Field(alias="global")
    reason: Text

    @property
    def by_reach(self) -> dict[str, float]:
        """Orders of a chain that sells at home, and of one that sells abroad."""
        return dict(zip(REACH, (self.domestic, self.global_), strict=True))


class OrdersByMode(Section):
    """Orders by governance mode."""

    market: Orders
    network: Orders
    quasi_hierarchy: Orders
    hierarchy: Orders


class AssumedDegree(Section):
    """The degree that stands in for one not given."""

    degree: Degree
    reason: Text


class AssumedGovernance(Section):
    """The governance codes that stand in for those not given."""

    market: Chains
    network: Chains
    quasi_hierarchy: Chains
    hierarchy: Chains
    reason: Text


class NotGiven(Section):
    """What stands in for empty cells of the case table."""

    ce_degree: AssumedDegree
    ce_degree_of: dict[Name, AssumedDegree] = Field(
        {}, description="by sector group, where there is more to go by"
    )
    governance: AssumedGovernance


class StartingPoints(Section):
    """Every number that is put in between the case table and the case files."""

    firms: Firms
    collective_efficiency: dict[str, Graded] = Field(
        description="starting conditions, by their key in a community"
    )
    orders: OrdersByMode
    orders_in_all: OrdersInAll
    not_given: NotGiven

    @model_validator(mode="after")
    def _communities_take_them(self) -> Self:
        misfits = []
        for degree in Degree:
            keys = {key: entry.at(degree) for key, entry in self.collective_efficiency.items()}
            try:
                Community.model_validate({"sector": "any", **keys})
            except ValidationError as error:
                for wrong in error.errors():
                    key = str(wrong["loc"][0])
                    where = ("collective_efficiency", key, degree.value)
                    if key in known_keys(Community):
                        misfits.append(Misfit(where, f"must be {follow(Community, (key,)).bounds}"))
                    else:
                        hint = suggest(key, known_keys(Community))
                        misfits.append(Misfit(where[:2], "is not a key of a community", hint))
        if misfits:
            raise MisfitError(*dict.fromkeys(misfits))
        return self


@cache
def load_starting_points(path: Path = DATA / "starting_points.toml") -> StartingPoints:
    """The numbers between evidence and scenario; raises `InputError` with every fault."""
    return parse_document(load_document(path), StartingPoints)
