"""Stepping the model and advancing the engine leave the same records, on every file shipped."""

import pandas as pd
import pytest

from model.agents import SME
from model.engine.ensemble import Ensemble
from model.engine.redraws import redraw
from model.mesa_model import UpgradingModel
from model.outlook import explain
from model.records.records import Records
from model.scenario import load
from model.world.build import build
from tests.mesa.small import SCENARIOS, SHIPPED, same, small

TABLES = ("firms", "ties", "chains", "institutions")
QUARTERS = 9


def shortened(spec, ticks=QUARTERS):
    return spec.model_copy(update={"run": spec.run.model_copy(update={"ticks": ticks})})


def stepped(spec, rng, replicate):
    """A model that somebody watches while it runs."""
    model = UpgradingModel(spec, rng=rng, replicate=replicate)
    while model.running:
        model.step()
        if model.tick % 4 == 3:
            watched = next(iter(model.agents_by_type[SME]))
            str(explain(model.world, watched.row, drawn=redraw(model.world, times=8)))
            watched.biography()
            assert watched.name in model.graph
    return model


def advanced(spec, seed, replicate, until=QUARTERS):
    ensemble = Ensemble(build((spec,), (replicate,), seed), until)
    ensemble.advance(until)
    return ensemble


def assert_same(model, ensemble):
    assert same(model.ensemble.series, ensemble.series)
    assert same(model.ensemble.ledger, ensemble.ledger)
    for table in TABLES:
        assert same(getattr(model.world, table), getattr(ensemble.world, table)), table


def test_all_cases_and_worlds_are_found():
    folders = {path.parent.name for path in SHIPPED}
    assert {"cases", "worlds"} <= folders
    assert {path.name for path in (SCENARIOS / "cases").iterdir()} <= {p.name for p in SHIPPED}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_face_changes_nothing(path):
    spec = shortened(load(path))
    assert_same(stepped(spec, rng=3, replicate=1), advanced(spec, 3, 1))


def test_a_busy_world_with_institutions_and_turnover():
    spec = small("parameters.resources.patience = 1", "parameters.resources.volatility = 1.0")
    model = stepped(spec, rng=5, replicate=2)
    ensemble = advanced(spec, 5, 2, model.tick)
    assert_same(model, ensemble)
    assert ensemble.series["exits"].sum() > 0
    assert ensemble.series["visits"].sum() > 0
    records = Records(ensemble, ("scenario",))
    for frame in ("series", "country", "firms", "ledger"):
        pd.testing.assert_frame_equal(getattr(model.records, frame), getattr(records, frame))


def test_another_seed_or_replicate_is_another_run():
    spec = small(ticks=4)
    one = stepped(spec, rng=3, replicate=1)
    for rng, replicate in ((4, 1), (3, 2)):
        other = stepped(spec, rng=rng, replicate=replicate)
        assert not same(one.ensemble.series, other.ensemble.series)


def test_past_the_horizon_the_series_goes_on():
    spec = small(ticks=3)
    model = stepped(spec, rng=3, replicate=0)
    assert (model.tick, model.running) == (3, False)
    for _ in range(5):
        model.step()
    assert (model.tick, model.steps, model.running) == (8, 8, False)
    ensemble = advanced(spec, 3, 0, 8)
    assert same(model.ensemble.series[: len(ensemble.series)], ensemble.series)
    assert same(model.ensemble.ledger, ensemble.ledger)
    assert len(model.datacollector.get_model_vars_dataframe()) == 8


def test_a_horizon_that_moves_keeps_every_run_apart():
    spec = small(ticks=3)
    at_once = Ensemble(build((spec,), range(3), 1), 7)
    at_once.advance(7)
    in_parts = Ensemble(build((spec,), range(3), 1), 3)
    in_parts.advance(3)
    in_parts.extend(7)
    in_parts.advance(7)
    assert same(in_parts.series, at_once.series)
    with pytest.raises(ValueError, match="nearer"):
        in_parts.extend(6)
