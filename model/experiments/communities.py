"""Who gains, by community: effects on each, from the weakest to the foremost."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from model.experiments.arms import Cell, measured
from model.experiments.compare import paired_effect, paired_units
from model.experiments.experiment import Experiment
from model.experiments.points.store import Store
from model.world.row_names import names_of


def community_effects(
    experiment: Experiment, cells: Sequence[Cell], store: Store, against: str | None = None
) -> pd.DataFrame:
    """Paired effect of every arm on every community and outcome; communities from weakest to foremost.

    The order is that of the first outcome without policy (``against``, default: the baseline). Cells must
    have kept communities. Columns: community, community_title, and those of ``compare.paired_effect``.
    """
    against = against or experiment.spec.baseline
    base = experiment.scenarios[against]
    outcomes = [
        each for each in experiment.spec.outcomes if each.of is None
    ]  # the rest is of groups
    rows = []
    for place, community in enumerate(names_of(base).communities, 1):
        units = paired_units(measured(cells, store, place))
        title = base.communities[community].title or community.replace("_", " ")
        for outcome in outcomes:
            for arm in experiment.scenarios:
                if arm == against:
                    continue
                effect = paired_effect(experiment, units, outcome, arm, against)
                rows.append({"community": community, "community_title": title} | effect)
    table = pd.DataFrame(rows)
    first = table[table["outcome"] == outcomes[0].name]
    standing = first.groupby("community")["mean_against"].first()
    if outcomes[0].better == "lower":
        standing = -standing
    return table.sort_values(
        "community", key=lambda names: names.map(standing), kind="stable", ignore_index=True
    )
