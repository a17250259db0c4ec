"""What no source tells of any cluster: money of bodies, swings of prices, how far a country opens.

Case files hold the middle; calibration draws each size from a prior, one number for all clusters, and lays it
over the cases here. Nothing else is moved: a world that is no shipped cluster stays as it is.

    cases.money     units of account a quarter, of a body that serves one cluster; all money in proportion
    cases.swing     exponent of every price of a timetable: 0 no swings, 1 as in the files
    cases.opening   factor of every rise of rivals' offer on a timetable: 0 none, 1 as in the files
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from calibration.evidence.coding import load_coding
from calibration.evidence.dossiers import has_dossier
from model.parameters import Section
from model.scenario import Scenario

PREFIX = "cases."
MONEY, SWING, OPENING = f"{PREFIX}money", f"{PREFIX}swing", f"{PREFIX}opening"

Thing = TypeVar("Thing", bound=Section)


def unknown_sizes() -> dict[str, tuple[float, str]]:
    """The middle of each prior and why, by name."""
    coding = load_coding()
    return {
        MONEY: (coding.money.value, coding.money.reason),
        SWING: (1.0, coding.events["devaluation"].reason),
        OPENING: (1.0, coding.events["liberalisation"].reason),
    }


def with_sizes(scenario: Scenario, sizes: Mapping[str, float]) -> Scenario:
    """A case with these sizes, by name; KeyError for a name that is none."""
    middle = unknown_sizes()
    wrong = [name for name in sizes if name not in middle]
    if wrong:
        raise KeyError(wrong[0])
    if not sizes or not all(map(has_dossier, scenario.communities)):
        return scenario
    times = sizes.get(MONEY, middle[MONEY][0]) / middle[MONEY][0]
    swing, opening = sizes.get(SWING, 1.0), sizes.get(OPENING, 1.0)
    return scenario.model_copy(
        update={
            "institutions": {
                name: _changed(body, {"budget": lambda m: m * times, "donor": lambda m: m * times})
                for name, body in scenario.institutions.items()
            },
            "instruments": {
                name: _changed(paid, {"budget": lambda m: m * times})
                for name, paid in scenario.instruments.items()
            },
            "timetable": {
                name: change.model_copy(
                    update={
                        "sectors": _all(change.sectors, {"rivals_rise": lambda r: r * opening}),
                        "chains": _all(
                            change.chains,
                            {
                                "price": lambda p: p**swing,
                                "outside_rise": lambda r: r * opening,
                            },
                        ),
                    }
                )
                for name, change in scenario.timetable.items()
            },
        }
    )


Rule = Callable[[float], float]


def _all(things: Mapping[str, Any], rules: Mapping[str, Rule]) -> dict[str, Any]:
    return {name: _changed(thing, rules) for name, thing in things.items()}


def _changed(thing: Thing, rules: Mapping[str, Rule]) -> Thing:
    """A copy with numbers moved; what a change does not name stays unnamed."""
    values = {key: getattr(thing, key) for key in rules}
    return thing.model_copy(
        update={key: rules[key](value) for key, value in values.items() if value is not None}
    )
