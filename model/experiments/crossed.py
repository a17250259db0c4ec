"""Factorial experiments: what each factor does on average, and what two do together.

Main effect of a level: its arms less those of the factor's first level, averaged over all levels of
the other factors. Interaction of two levels: how much the effect of the one depends on the other,
(both - first) - (second - neither), averaged over the rest. All in pairs, replicate by replicate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from model.experiments.compare import holm, no_effect, paired_units
from model.experiments.experiment import Experiment
from model.experiments.factors import Factor
from model.experiments.intervals import interval_of_mean, known
from model.language import ENGLISH, speaking

Weights = dict[str, float]


@speaking(ENGLISH)
def factor_effects(experiment: Experiment, frame: pd.DataFrame) -> pd.DataFrame:
    """Main effects and two-way interactions of the factors; empty without factors.

    Columns: outcome, outcome_title, unit, better, kind (main, interaction), factor, level (against
    the first of the factor), with_factor, with_level (of an interaction, else empty), effect, low,
    high (95% interval), p, p_holm (adjusted for all rows), replicates, missing (cases
    of which a value is not known).
    """
    units = paired_units(frame)
    rows = []
    for outcome in experiment.spec.outcomes:
        wide = units[outcome.name].unstack(0)
        for said, weights in _contrasts(experiment):
            values = sum(weight * wide[arm] for arm, weight in weights.items())
            values = np.asarray(values, float)
            cases, values = len(values), known(values)
            _, low, high = interval_of_mean(values)
            rows.append(
                {
                    "outcome": outcome.name,
                    "outcome_title": outcome.label,
                    "unit": outcome.unit,
                    "better": outcome.better,
                    **said,
                    "effect": values.mean() if len(values) else float("nan"),
                    "low": low,
                    "high": high,
                    "p": no_effect(values),
                    "replicates": len(values),
                    "missing": cases - len(values),
                }
            )
    table = pd.DataFrame(rows)
    if len(table):
        table.insert(table.columns.get_loc("p") + 1, "p_holm", holm(table["p"].to_numpy()))
    return table


def level_titles(factors: Mapping[str, Factor]) -> dict[tuple[str, Any], str]:
    """What to call each level of each factor; under the name of its factor where two are alike."""
    levels = [(name, level) for name, factor in factors.items() for level in factor.grid()]
    titles = [factors[name].title_of(level) for name, level in levels]
    return {
        (name, level): title
        if titles.count(title) == 1
        else f"{factors[name].title or name}: {title}"
        for (name, level), title in zip(levels, titles, strict=True)
    }


def _contrasts(experiment: Experiment) -> Iterator[tuple[dict[str, str], Weights]]:
    factors = experiment.spec.factors
    levels = {name: factor.grid() for name, factor in factors.items()}
    titles = level_titles(factors)

    def said(kind: str, first: tuple[str, Any], second: tuple[str, Any] | None) -> dict[str, str]:
        return {
            "kind": kind,
            "factor": first[0],
            "level": titles[first],
            "with_factor": second[0] if second else "",
            "with_level": titles[second] if second else "",
        }

    for name in factors:
        for level in levels[name][1:]:
            yield (
                said("main", (name, level), None),
                _weights(experiment.crossed, {name: (level, levels[name][0])}),
            )
    for one, other in combinations(factors, 2):
        for first in levels[one][1:]:
            for second in levels[other][1:]:
                pairs = {one: (first, levels[one][0]), other: (second, levels[other][0])}
                yield (
                    said("interaction", (one, first), (other, second)),
                    _weights(experiment.crossed, pairs),
                )


def _weights(
    crossed: Mapping[str, Mapping[str, Any]], pairs: Mapping[str, tuple[Any, Any]]
) -> Weights:
    """Weight of each arm: plus for the level, minus for the first, over all other factors."""
    signs = {}
    for arm, row in crossed.items():
        sign = 1.0
        for name, (level, first) in pairs.items():
            sign *= 1.0 if row[name] == level else -1.0 if row[name] == first else 0.0
        if sign:
            signs[arm] = sign
    return {arm: sign * 2 ** len(pairs) / len(signs) for arm, sign in signs.items()}
