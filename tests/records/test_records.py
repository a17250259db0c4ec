"""What a run leaves agrees with itself: series, firms, ledger and learning tell one story."""

import numpy as np
import pandas as pd
import pytest

from model.measures import BY_NAME, MEASURES
from model.records.records import COLUMNS, Records, simulate
from model.theory.interaction import CHANNELS
from model.theory.practices import DIMENSIONS
from tests.worlds import EVERYTHING, NO_SOURCES, ONE, TWO, scenario

TICKS, REPLICATES, SEED = 16, 2, 3
PLACES = ["here", "there"]
KEYS = ["scenario", "replicate", "tick", "community"]
RUN = ["scenario", "replicate"]


def short() -> dict:
    return {"run": {"ticks": TICKS, "replicates": REPLICATES, "seed": SEED}}


BUSY = scenario(*EVERYTHING, short())
HOUSES = {*BUSY.institutions, *(f"association_{place}" for place in PLACES)}
DUMB = scenario(*EVERYTHING, NO_SOURCES, short())


@pytest.fixture(scope="module")
def records() -> Records:
    return simulate({"busy": BUSY, "dumb": DUMB})


def test_a_row_of_the_series_is_a_scenario_replicate_quarter_and_community(records: Records):
    grid = pd.MultiIndex.from_product([["busy", "dumb"], [0, 1], range(TICKS), PLACES])
    assert list(records.series[KEYS].itertuples(index=False, name=None)) == list(grid)
    assert list(records.series.columns) == [*KEYS, *(m.name for m in MEASURES)]


def test_the_country_has_a_row_a_quarter(records: Records):
    grid = pd.MultiIndex.from_product([["busy", "dumb"], [0, 1], range(TICKS), ["*"]])
    assert list(records.country[KEYS].itertuples(index=False, name=None)) == list(grid)


SUMS = ["firms", "entries", "exits", "visits", "public_cost", "private_cost"]


def test_counts_of_the_country_are_the_sums_of_its_communities(records: Records):
    by_place = records.series.groupby(KEYS[:3], sort=False)[SUMS].sum().reset_index(drop=True)
    pd.testing.assert_frame_equal(by_place, records.country[SUMS], rtol=1e-12)
    assert (records.country[["visits", "public_cost", "entries", "exits"]].sum() > 0).all()


@pytest.mark.parametrize(
    "name", ["process", "exporters", "members", "resources", "product_breadth_1"]
)
def test_means_of_the_country_are_those_of_its_communities_weighted_by_firms(records, name):
    weighted = records.series.assign(total=records.series[name] * records.series["firms"])
    total = weighted.groupby(KEYS[:3], sort=False)["total"].sum().to_numpy()
    wanted = records.country[name] * records.country["firms"]
    np.testing.assert_allclose(total, wanted, rtol=1e-12, atol=1e-12)


def test_firms_are_those_of_the_quarter_before_and_entrants_less_closures(records: Records):
    for _, run in records.series.groupby([*RUN, "community"]):
        stock = run["firms"].to_numpy()
        moved = (run["entries"] - run["exits"]).to_numpy()
        assert np.array_equal(np.diff(stock), moved[1:])


def test_the_last_quarter_of_the_series_is_the_table_of_firms(records: Records):
    last = records.series[records.series["tick"] == TICKS - 1].set_index([*RUN, "community"])
    firms = records.firms.groupby([*RUN, "community"])
    assert firms.size().to_dict() == last["firms"].astype(int).to_dict()
    for name in (*DIMENSIONS, "resources"):
        found = firms[name].mean().reindex(last.index)
        np.testing.assert_allclose(found, last[name], rtol=1e-12)
    assert records.firms["process"].nunique() > 3


def test_wages_and_value_added_are_weighted_by_workers(records: Records):
    last = records.series[records.series["tick"] == TICKS - 1].set_index([*RUN, "community"])
    for name in ("wage", "value_added"):
        paid = records.firms.assign(
            paid=records.firms[name] * records.firms["workers"].astype(float)
        )
        sums = paid.groupby([*RUN, "community"])[["paid", "workers"]].sum().reindex(last.index)
        np.testing.assert_allclose(sums["paid"] / sums["workers"], last[name], rtol=1e-6)


def test_members_and_suppliers_are_those_that_the_firms_name(records: Records):
    last = records.series[records.series["tick"] == TICKS - 1].set_index([*RUN, "community"])
    firms = records.firms.assign(
        members=records.firms["institutions"] != "", in_chain=records.firms["chains"] != ""
    )
    for name in ("members", "in_chain"):
        share = firms.groupby([*RUN, "community"])[name].mean().reindex(last.index)
        np.testing.assert_allclose(share, last[name], rtol=1e-12)
        assert share.max() > 0
    houses = {key for keys in records.firms["institutions"] for key in keys.split()}
    assert houses <= HOUSES
    assert houses & set(BUSY.institutions)
    assert {key for keys in records.firms["chains"] for key in keys.split()} <= set(BUSY.chains)


def test_what_was_learnt_is_what_the_ledger_holds(records: Records):
    by = [*RUN, "dimension", "channel"]
    told = records.ledger.groupby(by, observed=True).size()
    summed = records.learning.groupby(by)["practices"].sum()
    assert set(summed.index.get_level_values("channel")) == set(CHANNELS)
    assert summed[summed > 0].to_dict() == told.to_dict()
    assert len(told) > 10


def test_learning_has_every_place_dimension_and_channel_once(records: Records):
    by = [*RUN, "community", "dimension", "channel"]
    assert not records.learning.duplicated(by).any()
    assert len(records.learning) == 2 * REPLICATES * 2 * len(DIMENSIONS) * len(CHANNELS)


def test_without_sources_nobody_learns_from_them(records: Records):
    learnt = records.ledger.groupby(["scenario", "channel"], observed=True).size()
    assert learnt.get(("busy", "buyer"), 0) > 0
    assert learnt.get(("dumb", "buyer"), 0) == 0


def test_the_ledger_is_in_order_and_within_bounds(records: Records):
    ledger = records.ledger
    assert ledger.equals(ledger.sort_values([*RUN, "tick"], kind="stable", ignore_index=True))
    assert ledger["tick"].between(0, TICKS - 1).all()
    assert ledger["rung"].between(1, 3).all()
    assert set(ledger["practice"]) == set(range(1, 17))
    assert set(ledger["rung"]) >= {1, 2}
    brought = ledger["channel"].isin(["start", "inheritance"])  # by those who open next quarter
    assert (ledger["born"] <= ledger["tick"] + brought).all()


GIVERS = {
    "buyer": set(BUSY.chains),
    "institution": HOUSES,
}


def test_the_ledger_names_who_taught(records: Records):
    ledger = Records(records.ensemble, records.labels).ledger  # made anew, for planted faults
    for channel, mine in ledger.groupby("channel", observed=True):
        given = set(mine["source"])
        if channel in GIVERS:
            assert given
            assert given <= GIVERS[channel], channel
        elif channel in ("peer", "labour", "inheritance", "recombination"):
            assert all(source.isdigit() and int(source) < 20 for source in given), channel
            assert (mine["source"] != mine["firm"].astype(str)).any()
        else:
            assert given == {""}, channel
    assert {"peer", "buyer", "institution"} <= set(ledger["channel"])


def test_columns_that_index_a_table_are_documented(records: Records):
    tables = (records.series, records.firms, records.ledger, records.learning)
    measures = set(BY_NAME) | {f"aware_{name}" for name in DIMENSIONS} | {"practices"}
    firms = {"workers", "value_added", "wage", "resources", "backward", "forward", "chains"}
    for table in tables:
        assert set(table.columns) <= set(COLUMNS) | measures | firms | {"institutions"}


def test_awareness_is_at_least_what_is_mastered_and_scores_are_0_to_3(records: Records):
    for name in DIMENSIONS:
        assert (records.firms[f"aware_{name}"] >= records.firms[name]).all()
        assert records.firms[f"aware_{name}"].between(0, 3).all()
    assert records.firms["aware_process"].max() > records.firms["process"].mean()


def test_seed_and_replicates_override_those_of_the_scenario():
    quick = scenario(ONE, {"run": {"ticks": 3, "replicates": 2, "seed": 1}})
    own, other = simulate(quick), simulate(quick, replicates=3, seed=2)
    assert own.series["replicate"].nunique() == 2
    assert other.series["replicate"].nunique() == 3
    assert other.manifest["scenarios"]["scenario"]["run"]["seed"] == 2
    again = simulate(quick, replicates=2, seed=2).series
    assert again.equals(other.series[other.series["replicate"] < 2])
    assert not again.equals(own.series)
    assert set(own.series["scenario"]) == {"scenario"}


def test_scenarios_together_are_those_alone(records: Records):
    alone = simulate({"busy": BUSY})
    together = records.series[records.series["scenario"] == "busy"]
    assert alone.series.equals(together.reset_index(drop=True))


def test_scenarios_of_two_horizons_are_refused():
    one, two = (scenario(ONE, {"run": {"ticks": ticks}}) for ticks in (3, 4))
    with pytest.raises(ValueError, match=r"one horizon, not \[3, 4\]"):
        simulate({"a": one, "b": two})


def test_the_manifest_holds_what_was_asked(records: Records):
    manifest = records.manifest
    assert list(manifest["scenarios"]) == ["busy", "dumb"]
    assert manifest["scenarios"]["busy"] == BUSY.model_dump(mode="json")
    assert manifest["replicates"] == [0, 1]
    assert manifest["ticks"] == TICKS
    assert manifest["runs"] == 4


def test_the_digest_of_a_manifest_is_that_of_what_was_asked(records: Records):
    small = scenario(ONE, {"run": {"ticks": 2}})
    asked = {
        "once": simulate(small, 1),
        "twice": simulate(small, 2),
        "with another seed": simulate(small, 1, seed=5),
        "of another world": simulate(scenario(ONE, TWO, {"run": {"ticks": 2}}), 1),
    }
    digests = {name: each.manifest["digest"] for name, each in asked.items()}
    assert len(set(digests.values())) == len(digests)
    assert simulate(small, 1).manifest["digest"] == digests["once"]


def test_progress_hears_of_every_quarter_of_every_run():
    heard = []
    simulate(scenario(ONE, TWO, {"run": {"ticks": 4}}), 3, progress=heard.append)
    assert sum(heard) == 4 * 3


def test_a_run_in_which_nothing_is_learnt_has_an_empty_ledger_with_all_columns(records: Records):
    naive = {"sectors": {"trade": {"start": dict.fromkeys(DIMENSIONS, 0.0)}}}
    none = simulate(scenario(ONE, NO_SOURCES, naive, {"run": {"ticks": 1}}), 1).ledger
    assert none.empty
    assert list(none.columns) == list(records.ledger.columns)
