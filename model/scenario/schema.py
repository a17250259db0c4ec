"""What a scenario file may say: every key with its unit, range and default.

A scenario is a frozen tree of pydantic models. Named things (sectors, communities, chains,
institutions) are tables keyed by name, so that an overlay can change one of them; their keys stand in
``sector_keys``, ``community_keys`` and so on. Cross-references are checked here; the theory's parameters
come from ``model.parameters``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from model.parameters import MECHANISMS, Parameters, Section
from model.scenario.chain_keys import Chain
from model.scenario.changes import misfits_on_the_way
from model.scenario.community_keys import Community
from model.scenario.economy_keys import Economy
from model.scenario.faults import Fault, InputError, Misfit, MisfitError, parse_key, show_value
from model.scenario.files import Document, parse_document, with_value
from model.scenario.institution_keys import Institution
from model.scenario.instrument_keys import Instrument
from model.scenario.money import Money
from model.scenario.names_and_shares import Name
from model.scenario.references import COMMUNITIES, MOST, misfits_between
from model.scenario.sector_keys import Sector
from model.scenario.ties_keys import Across
from model.scenario.timetable_keys import Change
from model.scenario.toml import UnusableError


class Run(Section):
    """How long, how often and with which random numbers."""

    ticks: int = Field(
        80,
        ge=1,
        le=100_000,
        description="quarters to simulate; 80 are the twenty years up to the field work of GPR05",
    )
    replicates: int = Field(20, ge=1, le=10_000_000, description="runs with independent draws")
    seed: int = Field(1, ge=0, le=2**62, description="seed of all random draws, a whole number")


class Scenario(Section):
    """A world to simulate: validated, complete and frozen."""

    title: str = Field(description="one line that says what world this is")
    description: str = Field("", description="what it is about, for reports")
    source: str = Field("", description="what it is drawn from")
    run: Run = Field(default_factory=Run, description="horizon, replicates, seed")
    money: Money | None = Field(
        None, description='what a unit of account is worth, for amounts such as "50000 USD a year"'
    )
    sectors: dict[Name, Sector] = Field(min_length=1, description="ways of learning, by name")
    communities: dict[Name, Community] = Field(
        min_length=1, max_length=COMMUNITIES, description="producer communities, by name"
    )
    chains: dict[Name, Chain] = Field({}, max_length=1000, description="value chains, by name")
    institutions: dict[Name, Institution] = Field(
        {}, max_length=MOST, description="institutions, by name"
    )
    instruments: dict[Name, Instrument] = Field(
        {}, max_length=MOST, description="policy instruments, by name"
    )
    timetable: dict[Name, Change] = Field(
        {}, max_length=1000, description="what changes on the way, by name"
    )
    economy: Economy = Field(
        default_factory=Economy, description="the country that the communities lie in"
    )
    across: Across = Field(default_factory=Across, description="ties between communities")
    neutral: tuple[Literal[MECHANISMS], ...] = Field(
        (), description="mechanisms put to their neutral case"
    )
    parameters: Parameters = Field(
        default_factory=Parameters, description="numbers of the theory, a section a mechanism"
    )

    @field_validator("neutral")
    @classmethod
    def _once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        doubled = [i for i, name in enumerate(names) if name in names[:i]]
        if doubled:
            raise MisfitError(*(Misfit((i,), "is named twice", "name it once") for i in doubled))
        return names

    @model_validator(mode="after")
    def _references(self) -> Scenario:
        misfits = [*misfits_between(self)]
        if not misfits:
            misfits = [*misfits_on_the_way(self)]
        if misfits:
            raise MisfitError(*misfits)
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as text: classes of its parts are made at run time and can't be looked up."""
        return _unpickled, (self.model_dump_json(by_alias=True, exclude_none=True),)

    def seeded(self, seed: int) -> Scenario:
        """This scenario with another seed of its runs."""
        return self.model_copy(update={"run": self.run.model_copy(update={"seed": seed})})

    def with_values(self, values: Mapping[str, Any]) -> Scenario:
        """This scenario with values by key, ``{"across.ties": 0.3}``, validated as a whole.

        What ``--set`` is on the command line. Raises InputError with one line a fault.
        """
        origin = Path("with_values")
        data = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        document = Document(data, origin, (), {})
        for key, value in values.items():
            try:
                document = with_value(document, parse_key(key), _plain(value), origin)
            except IndexError:
                wrong = "the list has no such position"
                raise InputError(Fault(str(origin), key, show_value(value), wrong)) from None
            except (TypeError, ValueError, UnusableError) as error:
                raise InputError(Fault(str(origin), str(key), "", str(error))) from None
        return parse_document(document, Scenario)


def _unpickled(text: str) -> Scenario:
    return Scenario.model_validate_json(text, strict=True)


def _plain(value: Any) -> Any:
    """A value as TOML has it, NumPy's numbers and tuples too; TypeError for any other thing."""
    if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, bool | int | float | str):
        return value
    if hasattr(value, "item"):
        return _plain(value.item())
    raise TypeError(f"a {type(value).__name__} is no number, text, switch, list or table")
