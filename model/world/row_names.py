"""What the rows of a world's tables are called, by the scenario alone: no world need be built."""

from __future__ import annotations

from dataclasses import dataclass

from model.scenario.schema import Scenario


@dataclass(frozen=True)
class Names:
    """What the rows of a scenario's tables are called."""

    title: str
    communities: tuple[str, ...]
    sectors: tuple[str, ...]
    chains: tuple[str, ...]
    instruments: tuple[str, ...]
    institutions: tuple[str, ...]  # those of the scenario, then one association a community


def names_of(scenario: Scenario) -> Names:
    """The names of a scenario's rows, in the order of the rows."""
    associations = tuple(f"association_{name}" for name in scenario.communities)
    return Names(
        title=scenario.title,
        communities=tuple(scenario.communities),
        sectors=tuple(scenario.sectors),
        chains=tuple(scenario.chains),
        instruments=tuple(scenario.instruments),
        institutions=tuple(scenario.institutions) + associations,
    )
