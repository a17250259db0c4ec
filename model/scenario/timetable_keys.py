"""``[timetable.NAME]``: what changes at the start of a quarter."""

from __future__ import annotations

from pydantic import Field

from model.parameters import Section
from model.scenario.chain_keys import Chain
from model.scenario.changes import change_of
from model.scenario.community_keys import Community
from model.scenario.economy_keys import Economy
from model.scenario.institution_keys import Institution
from model.scenario.instrument_keys import Instrument
from model.scenario.names_and_shares import Name
from model.scenario.sector_keys import Sector
from model.scenario.ties_keys import Across


class Change(Section):
    """An event on the timetable: what changes at the start of a quarter.

    Liberalisation, a devaluation, a lead firm's arrival or exit, a rival country, a reform: all are
    changes of what the country, sectors, communities, chains, institutions and instruments are like.
    """

    title: str = Field("", description="what happens")
    tick: int = Field(ge=0, le=100_000, description="quarter")
    sectors: dict[Name, change_of(Sector)] = Field({}, description="changes by sector")
    communities: dict[Name, change_of(Community)] = Field({}, description="changes by community")
    chains: dict[Name, change_of(Chain)] = Field({}, description="changes by chain")
    institutions: dict[Name, change_of(Institution)] = Field(
        {}, description="changes by institution"
    )
    instruments: dict[Name, change_of(Instrument)] = Field({}, description="changes by instrument")
    economy: change_of(Economy) | None = Field(None, description="changes of the whole country")
    across: change_of(Across) | None = Field(None, description="changes of ties across")
