"""What the rows of a world's tables are called, by the scenario alone: no world need be built."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.scenario.schema import Scenario
from model.theory.access import ASSOCIATION


@dataclass(frozen=True)
class Names:
    """What the rows of a scenario's tables are called."""

    title: str
    communities: tuple[str, ...]
    sectors: tuple[str, ...]
    chains: tuple[str, ...]
    instruments: tuple[str, ...]
    institutions: tuple[str, ...]  # those of the scenario, then one association a community

    @property
    def staffed(self) -> int:
        """How many institutions are no associations; they stand first."""
        return len(self.institutions) - len(self.communities)

    def memberships(self, firm: np.record) -> list[int]:
        """Rows of the institutions of which a firm is a member."""
        bits = int(firm["members"])
        rows = [row for row in range(self.staffed) if bits >> row & 1]
        return rows + [self.staffed + int(firm["community"])] * (bits >> ASSOCIATION & 1)

    def belong(self, firms: np.ndarray, row: int) -> np.ndarray:
        """Which firms are members of the institution of this row, (n_firms,) bool."""
        if row < self.staffed:
            return np.asarray(firms["members"] >> row & 1 == 1)
        own = firms["community"] == row - self.staffed
        return np.asarray(own & (firms["members"] >> ASSOCIATION & 1 == 1))


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
