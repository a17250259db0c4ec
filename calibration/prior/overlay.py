"""Numbers laid over scenarios, by their dotted keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from calibration.evidence.unknown_sizes import PREFIX, with_sizes
from calibration.prior.distributions import SECTOR_KEY, sector_tables
from calibration.prior.translation import CASE_KEY, TRANSLATED, translated
from model.scenario import Scenario
from model.scenario.sector_keys import Sector


def model_numbers(sample: pd.DataFrame) -> pd.DataFrame:
    """The columns of a posterior that are keys of a scenario."""
    return sample[[name for name in sample if name.startswith(("parameters.", SECTOR_KEY))]]


def lay(scenarios: Sequence[Scenario], values: Mapping[str, float]) -> tuple[Scenario, ...]:
    """The scenarios with numbers laid over them.

    A sector key goes to every sector that has the name or the title of the table it is of (a world
    may call a table as it likes), and nowhere else; a size that is not known of any case to the cases.
    """
    sizes = {k: v for k, v in values.items() if k.startswith(PREFIX)}
    of_theory = {k: v for k, v in values.items() if not k.startswith((SECTOR_KEY, PREFIX))}
    of_sectors = {k: v for k, v in values.items() if k.startswith(SECTOR_KEY)}
    laid: dict[int, object] = {}  # most scenarios of a set share one block of parameters
    result = []
    for scenario in scenarios:
        own = scenario.parameters
        if id(own) not in laid:
            laid[id(own)] = _put(own, {k.partition(".")[2]: v for k, v in of_theory.items()})
        sectors = {
            name: _put(sector, _about(name, sector, of_sectors))
            for name, sector in scenario.sectors.items()
        }
        copy = scenario.model_copy(update={"parameters": laid[id(own)], "sectors": sectors})
        result.append(with_sizes(copy, sizes))
    return tuple(result)


def lay_cases(scenarios: Sequence[Scenario], values: Mapping[str, float]) -> tuple[Scenario, ...]:
    """Scenarios made from cases with numbers laid over them, those of the translation included."""
    own = {key: value for key, value in values.items() if key in TRANSLATED}
    rest = {key: value for key, value in values.items() if key not in own}
    return tuple(translated(scenario, own) for scenario in lay(scenarios, rest))


def case_numbers(sample: pd.DataFrame) -> pd.DataFrame:
    """The columns of a posterior that are laid over scenarios made from cases."""
    return sample[[n for n in sample if n.startswith(("parameters.", SECTOR_KEY, CASE_KEY))]]


def _about(name: str, sector: Sector, values: Mapping[str, float]) -> dict[str, float]:
    """The values that are about this sector, by their key inside it."""
    found = {}
    for key, value in values.items():
        _, table, inside = key.split(".", 2)
        if table == name or sector_tables()[table].title == sector.title:
            found[inside] = value
    return found


def _put(model: Any, values: Mapping[str, float]) -> Any:
    """A copy of a frozen model with numbers at dotted keys."""
    if not values:
        return model
    inner: dict[str, dict[str, float]] = {}
    update: dict[str, object] = {}
    for key, value in values.items():
        first, _, rest = key.partition(".")
        if rest:
            inner.setdefault(first, {})[rest] = value
        else:
            whole = isinstance(getattr(model, first), int)
            if whole and value != int(value):
                raise ValueError(f"{key} must be a whole number, not {value}")
            update[first] = int(value) if whole else value
    for first, entries in inner.items():
        update[first] = _put(getattr(model, first), entries)
    return model.model_copy(update=update)
