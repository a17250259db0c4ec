"""Patterns over draws of the numbers: each draw a country of its own, run once and kept."""

import numpy as np
import pandas as pd
import pytest

from calibration.prior.overlay import lay
from calibration.validation.pattern_uncertainty import COLUMNS, effects_over, runs_of_effects
from model.experiments.points.store import opened
from model.records.records import simulate
from tests.experiments.patterns_small import IDLE, effect, patterns, world

WORLDS = {"one": world(), "other": world(IDLE)}
FILES = {"small": patterns(WORLDS, up=effect("positive"), down=effect("negative"))}
FLOORS = [0.05, 0.5, 0.9]
DRAWS = pd.DataFrame({"parameters.absorption.floor": FLOORS})


def test_every_draw_is_a_country_of_its_own_and_is_run_once():
    told = []
    with opened(None) as store:
        table = effects_over(FILES, DRAWS, store, replicates=2, done=told.append)
        again = effects_over(FILES, DRAWS, store, replicates=2)
    pd.testing.assert_frame_equal(table, again)
    assert sum(told) == runs_of_effects(FILES, len(DRAWS), 2) == 2 * 2 * 3
    apart = []
    for draw, floor in enumerate(FLOORS):
        laid = lay(list(WORLDS.values()), {"parameters.absorption.floor": floor})
        country = simulate(dict(zip(WORLDS, laid, strict=True)), 2 * draw + 2).country
        mine = country[(country["replicate"] >= 2 * draw) & (country["tick"] >= 20)]
        means = mine.groupby("scenario")["process"].mean()
        apart.append(means["one"] - means["other"])
    assert list(table.columns) == list(COLUMNS)
    up = table.set_index("pattern").loc["up"]
    assert up["effect"] == pytest.approx(np.mean(apart))
    assert up["signed"] == np.mean(np.array(apart) > 0)
    assert up["draws"] == 3
    assert up["replicates"] == 2
