"""From codes to starting conditions: the numbers that the case tables leave open, as parameters.

GPR05 prints low, medium and high and which chains there are; how far apart the three are, and how much a
chain
buys, is in no table. So both are numbers with priors (`TRANSLATED`), under keys ``cases.*``, laid over a
scenario that was made from a case:

    cases.efficiency.spacing       distance of every starting condition from that of a medium degree, times
    cases.orders.MODE_REACH        orders of the chains of that mode and reach, times; together no more than
                                   ``orders_in_all`` of the starting points

A degree is one word for eight components, and each may lie anywhere between the midpoints to the neighbouring
degrees. ``within_degree`` draws them, anew for each cluster and point: what is not known of a cluster's
components is chance of that cluster, in fits and in forecasts. Where in that step each lies is its place;
what the scores tell of places is inferred in `calibration.posterior.latent_components`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from calibration.evidence.case_tables import GOVERNANCE_MODES
from calibration.evidence.starting_conditions import Graded, load_starting_points
from model.scenario import Scenario
from model.scenario.chain_keys import Chain
from model.scenario.community_keys import Community
from model.theory.value_added import REACH

CASE_KEY = "cases."
SPACING = f"{CASE_KEY}efficiency.spacing"
ORDERS = f"{CASE_KEY}orders."
TRANSLATED = {
    SPACING: "low, medium and high are an order; how far apart they are is printed nowhere",
    **{
        f"{ORDERS}{mode}_{reach}": "Table 3 tells which chains there are, not how much they buy"
        for mode in GOVERNANCE_MODES
        for reach in REACH
    },
}
"""Keys of the translation, each a factor that is 1 in the case files; and why it is not known."""


def translated(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """A scenario made from a case with numbers of ``TRANSLATED`` laid over it."""
    update: dict[str, object] = {}
    if SPACING in values:
        update["communities"] = {
            name: _spaced(place, values[SPACING]) for name, place in scenario.communities.items()
        }
    factors = {k.removeprefix(ORDERS): v for k, v in values.items() if k.startswith(ORDERS)}
    if factors:
        update["chains"] = _ordered(scenario.chains, factors)
    return scenario.model_copy(update=update) if update else scenario


def components() -> tuple[str, ...]:
    """The starting conditions that stand for the components, in the order in which they are drawn."""
    return tuple(load_starting_points().collective_efficiency)


def drawn_places(rng: np.random.Generator) -> np.ndarray:
    """Where in the step of its degree each component of a cluster lies: -1/2 to 1/2 of a step, any alike."""
    return rng.uniform(-0.5, 0.5, len(components()))


def component_values(place: Community, places: np.ndarray) -> np.ndarray:
    """The components of a community at places in the steps around its own; both (n, components)."""
    graded = load_starting_points().collective_efficiency
    columns = [
        np.clip(getattr(place, key) + places[:, i] * (each.high - each.low) / 2, *_range(key))
        for i, (key, each) in enumerate(graded.items())
    ]
    return np.stack(columns, axis=1)


def within_degree(scenario: Scenario, rng: np.random.Generator) -> Scenario:
    """The scenario with each component drawn within half of a step between degrees."""
    communities = {}
    for name, place in scenario.communities.items():
        (drawn,) = component_values(place, drawn_places(rng)[None]).tolist()
        update = dict(zip(components(), drawn, strict=True))
        communities[name] = place.model_copy(update=update)
    return scenario.model_copy(update={"communities": communities})


def of_medium_degree(scenario: Scenario) -> Scenario:
    """The scenario with every component of collective efficiency at the medium degree."""
    graded = load_starting_points().collective_efficiency
    update = {key: each.medium for key, each in graded.items()}
    communities = {
        name: place.model_copy(update=update) for name, place in scenario.communities.items()
    }
    return scenario.model_copy(update={"communities": communities})


def _spaced(place: Community, spacing: float) -> Community:
    graded: Mapping[str, Graded] = load_starting_points().collective_efficiency
    return place.model_copy(update={
        key: _within(key, each.medium + spacing * (getattr(place, key) - each.medium))
        for key, each in graded.items()
    })  # fmt: skip


def _ordered(chains: Mapping[str, Chain], factors: Mapping[str, float]) -> dict[str, Chain]:
    """Chains with orders times the factor of their mode and reach, scaled down where they ask too much."""
    wanted = {
        name: chain.orders * factors.get(f"{chain.governance}_{chain.reach}", 1.0)
        for name, chain in chains.items()
    }
    before, in_all = sum(chain.orders for chain in chains.values()), sum(wanted.values())
    most = max(before, load_starting_points().orders_in_all.value)
    scale = min(1.0, most / in_all) if in_all else 1.0
    return {
        name: chain.model_copy(update={"orders": min(1.0, wanted[name] * scale)})
        for name, chain in chains.items()
    }


def _within(key: str, value: float) -> float:
    low, high = _range(key)
    return min(max(value, low), high)


@cache
def _range(key: str) -> tuple[float, float]:
    """What a community can take at a key."""
    limits = {
        name: getattr(each, name)
        for each in Community.model_fields[key].metadata
        for name in ("ge", "le")
        if getattr(each, name, None) is not None
    }
    return float(limits.get("ge", 0.0)), float(limits.get("le", 1.0))
