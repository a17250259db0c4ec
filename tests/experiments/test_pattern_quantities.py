"""What patterns measure, against records, which are made another way."""

from math import nan

import numpy as np
import pytest

from model.experiments.patterns.pattern_quantities import FirmMean, Lead, Sample, Tally
from model.experiments.points.point import Quantity
from model.experiments.points.store import opened
from model.records.records import simulate
from tests.experiments.patterns_small import (
    IDLE,
    TICKS,
    world,
)
from tests.worlds import NO_TURNOVER


@pytest.fixture(scope="module")
def sample_and_records():
    scenarios = {"one": world(), "other": world(IDLE)}
    tally = Tally("process", None, 4, 9)
    here = Tally("in_chain", "there", TICKS - 1, TICKS - 1)
    lead = Lead((("engineering",), ("practice", "peer")), (("machinery",),), ("process", "product"))
    firms = FirmMean("process", "network", True, "one", ("one", "other"))
    wanted = [(name, q) for name in scenarios for q in (tally, here, lead, firms)]
    with opened(None) as store:
        sample = Sample(scenarios, store)
        for replicates in (range(0, 2), range(2, 5)):
            sample.extend(wanted, replicates)
        yield sample, simulate(scenarios, 5), (tally, here, lead, firms)


def test_a_tally_is_the_mean_over_quarters_of_the_series(sample_and_records):
    sample, records, (tally, here, _, _) = sample_and_records
    country = records.country
    some = country[(country["scenario"] == "other") & country["tick"].between(4, 9)]
    expected = some.groupby("replicate")["process"].mean()
    np.testing.assert_allclose(sample.values("other", tally), expected)
    last = records.series.query(
        f"scenario == 'one' and tick == {TICKS - 1} and community == 'there'"
    )
    np.testing.assert_allclose(sample.values("one", here), last["in_chain"])


def test_firms_owned_from_abroad_are_told_from_local_ones():
    owned = world({"communities": {"here": {"foreign": 0.5}}}, NO_TURNOVER)
    told = {
        inside: FirmMean("process", "foreign", inside, "one", ("one",)) for inside in (True, False)
    }
    with opened(None) as store:
        sample = Sample({"one": owned}, store)
        sample.extend([("one", quantity) for quantity in told.values()], range(3))
        found = {inside: sample.values("one", quantity) for inside, quantity in told.items()}
    firms = simulate({"one": owned}, 3).firms
    for inside in told:
        mine = firms[(firms["ownership"] != "local") == inside]
        np.testing.assert_allclose(found[inside], mine.groupby("replicate")["process"].mean())


def test_a_lead_is_read_off_the_ledger(sample_and_records):
    sample, records, (*_, lead, _) = sample_and_records
    ledger = records.ledger
    for name in ("one", "other"):
        found = []
        for replicate in range(5):
            mine = ledger[
                (ledger["scenario"] == name)
                & (ledger["replicate"] == replicate)
                & ledger["dimension"].isin(["process", "product"])
            ]
            n = mine["channel"].value_counts()
            top = (n["engineering"], n["practice"] + n["peer"])
            below = n["machinery"]
            total = sum(top) + below
            found.append((min(top) - below) / total if total else nan)
        np.testing.assert_allclose(sample.values(name, lead), found)


def test_a_mean_of_firms_is_of_the_same_firms_in_both_worlds(sample_and_records):
    sample, records, (*_, firms) = sample_and_records
    table = records.firms.set_index(["scenario", "replicate", "firm", "born"])
    one, other = table.loc["one"], table.loc["other"]
    both = one.index.intersection(other.index)
    inside = one.loc[both]["chains"].str.split().map(lambda chains: "network" in chains)
    for name, lives in (("one", one), ("other", other)):
        expected = lives.loc[both][inside.to_numpy()].groupby("replicate")["process"].mean()
        np.testing.assert_allclose(sample.values(name, firms), expected)


def test_two_batches_are_one(sample_and_records):
    sample, _, quantities = sample_and_records
    at_once = Sample(sample.scenarios, sample.store)
    at_once.extend([(name, q) for name in sample.scenarios for q in quantities], range(5))
    for name in sample.scenarios:
        for quantity in quantities:
            np.testing.assert_array_equal(
                sample.values(name, quantity), at_once.values(name, quantity)
            )


def test_another_seed_gives_other_numbers(sample_and_records):
    sample, _, (tally, *_) = sample_and_records
    other = Sample(sample.scenarios, sample.store, seed=4)
    other.extend([("one", tally)], range(2))
    assert (other.values("one", tally) != sample.values("one", tally)[:2]).all()


def test_what_has_been_run_is_not_run_again(sample_and_records):
    sample, _, quantities = sample_and_records
    told = []
    again = Sample(sample.scenarios, sample.store)
    again.extend([("one", quantities[0])], range(2), lambda *said: told.append(said))
    again.extend([("one", quantities[0])], range(2), lambda *said: told.append(said))
    assert told == [(2, 0, False), (2, 0, True)]


@pytest.mark.parametrize(
    ("values", "known", "total", "expected"),
    [
        ([1.0, nan, 3.0], True, False, 2.0),
        ([1.0, nan, 3.0], False, False, nan),
        ([1.0, nan, 3.0], True, True, 4.0),
        ([1.0, 2.0, 3.0], False, False, 2.0),
        ([nan, nan], True, False, nan),
    ],
)
def test_a_quarter_without_a_value_does_not_count_where_only_known_ones_do(
    values, known, total, expected
):
    from model.experiments.points.evaluate import _over_time

    quantity = Quantity("process", 0, 2, total, known)
    assert _over_time(np.array(values), quantity) == pytest.approx(expected, nan_ok=True)
