"""Who gains and who loses: effects on founders by what they could do at the start."""

from __future__ import annotations

import pandas as pd

from model.experiments.compare import difference, paired_units
from model.experiments.experiment import Experiment
from model.experiments.intervals import interval_of_mean
from model.experiments.points.founders import COLUMNS, THIRDS
from model.theory.practices import DIMENSIONS

SHOWN = {
    "in_business": ("In business", "share of founders"),
    **{name: (name.capitalize(), "score 0-3, those in business") for name in DIMENSIONS},
    "wage": ("Wage", "units of account per worker and quarter, those in business"),
    "in_chain": ("In a chain", "share of those in business"),
}
"""What is told of each third: title and unit."""


def gains(experiment: Experiment, fates: pd.DataFrame, against: str | None = None) -> pd.DataFrame:
    """Paired effect of every arm on each third of founders, by practices mastered at the start.

    ``fates``: as ``arms.fates``. Columns: what, what_title, unit, third (low, middle, high), founders
    (mean number), start (practices mastered at the start, mean), arm, arm_title, against,
    against_title, mean, mean_against, effect, low, high (95% interval), replicates,
    missing (pairs of which a value is not known).
    """
    against = against or experiment.spec.baseline
    rows = []
    for third in THIRDS:
        units = paired_units(fates[fates["third"] == third])
        reference = units.loc[against]
        for what, (title, unit) in SHOWN.items():
            for arm in experiment.scenarios:
                if arm == against:
                    continue
                values = units.loc[arm, what]
                apart = difference(values, reference[what])
                _, low, high = interval_of_mean(apart.to_numpy())
                rows.append(
                    {
                        "what": what,
                        "what_title": title,
                        "unit": unit,
                        "third": third,
                        "founders": reference["founders"].mean(),
                        "start": reference["start"].mean(),
                        "arm": arm,
                        "arm_title": experiment.title_of(arm),
                        "against": against,
                        "against_title": experiment.title_of(against),
                        "mean": values.mean(),
                        "mean_against": reference[what].mean(),
                        "effect": apart.mean(),
                        "low": low,
                        "high": high,
                        "replicates": len(apart),
                        "missing": len(values) - len(apart),
                    }
                )
    table = pd.DataFrame(rows)
    order = {what: place for place, what in enumerate(SHOWN)}
    return table.sort_values("what", key=lambda c: c.map(order), kind="stable", ignore_index=True)


assert set(SHOWN) < set(COLUMNS)
