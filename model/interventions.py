"""What a user changes between two quarters of a Mesa model, and how it is remembered.

What a scenario file can say is changed as its timetable would: the change is added to the scenario at the
quarter that comes, so that the scenario in the manifest, simulated from the start, gives the same run.
What no file can say, the state of a single firm, is written into its row and noted in the manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from model.scenario.faults import Fault, InputError, show_value
from model.scenario.schema import Scenario
from model.theory.practices import DIMENSIONS, PER_RUNG, RUNGS

if TYPE_CHECKING:
    import numpy as np


def with_change(scenario: Scenario, tick: int, changes: Mapping[str, Any]) -> Scenario:
    """The scenario with a further change at a quarter; keys as below ``timetable.NAME`` in a file.

    Raises InputError with one line a fault.
    """
    number = 1 + sum(name.startswith("intervention_") for name in scenario.timetable)
    place = f"timetable.intervention_{number}"
    at = {f"{place}.tick": tick}
    return scenario.with_values(at | {f"{place}.{key}": value for key, value in changes.items()})


def write_firm(row: np.record, changes: Mapping[str, Any]) -> None:
    """Write the state of one firm; InputError, before anything is written, for what can't be."""
    faults = []
    for name, value in changes.items():
        if name not in _FIRM:
            allowed = f"can't be set on a firm; there are {', '.join(_FIRM)}"
            faults.append(Fault("intervene", name, show_value(value), allowed))
        elif wrong := _FIRM[name][0](value):
            faults.append(Fault("intervene", name, show_value(value), wrong))
    if faults:
        raise InputError(*faults)
    for name, value in changes.items():
        _FIRM[name][1](row, value)


def _amount(least: float) -> Callable[[Any], str]:
    def wrong(value: Any) -> str:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return (
            "" if number and least <= value < 1e12 else f"must be a number from {least:g} to 1e12"
        )

    return wrong


def _practices(value: Any) -> str:
    wanted = f"must be a list of (kind of upgrading, rung 1-{RUNGS}, practice 1-{PER_RUNG})"
    if isinstance(value, str) or not isinstance(value, Iterable):
        return wanted
    for practice in value:
        match practice:
            case (str(kind), int(rung), int(number)):
                if kind in DIMENSIONS and 1 <= rung <= RUNGS and 1 <= number <= PER_RUNG:
                    continue
        return wanted
    return ""


def _set(column: str) -> Callable[[np.record, Any], None]:
    def write(row: np.record, value: Any) -> None:
        row[column] = value

    return write


def _mastered(there: bool) -> Callable[[np.record, Any], None]:
    """Practices that a firm knows how to do from now on, and of; or no longer how to do."""

    def write(row: np.record, value: Any) -> None:
        for kind, rung, number in value:
            bit = 1 << ((rung - 1) * PER_RUNG + number - 1)
            at = DIMENSIONS.index(kind)
            if there:
                row["mastered"][at] |= bit
                row["aware"][at] |= bit
            else:
                row["mastered"][at] &= ~bit

    return write


_FIRM: dict[str, tuple[Callable[[Any], str], Callable[[Any, Any], None]]] = {
    "resources": (_amount(0.0), _set("resources")),
    "workers": (_amount(1.0), _set("workers")),
    "masters": (_practices, _mastered(there=True)),
    "forgets": (_practices, _mastered(there=False)),
}
"""What can be set on a firm: what is wrong with a value ("" if nothing), and how it is written."""
