"""Who took part in what and when agrees with the firms at every quarter, which are looked at another way."""

import numpy as np
import pandas as pd
import pytest

from model.records.records import COLUMNS, Records, simulate
from model.world.build import build
from model.world.row_names import names_of
from tests.worlds import EVERYTHING, live, scenario

TICKS = 16
TURNOVER = {
    "parameters": {
        "grants": {"grant": 0.3},
        "resources": {"overhead": 0.8, "patience": 2, "entry": 0.3, "cap": 1.2},
    }
}
LATE = {"institutions": {"everybody": {"opens": 4, "closes": 9}}}
BUSY = scenario(*EVERYTHING, TURNOVER, LATE, {"run": {"ticks": TICKS, "seed": 3}})


@pytest.fixture(scope="module")
def records() -> Records:
    return simulate({"one": BUSY, "other": BUSY}, 9)  # more runs than a block holds


def test_it_says_of_every_quarter_who_is_a_member(records: Records):
    table = records.participation
    assert set(table.columns) <= set(COLUMNS)
    mine = table[(table["scenario"] == "one") & (table["replicate"] == 1)]
    names = names_of(BUSY)
    for tick in range(TICKS):
        firms = live(BUSY, tick + 1, [1], seed=3, horizon=TICKS).world.firms
        ends = mine["until"].where(mine["until"] >= 0, TICKS)
        there = mine[(mine["since"] <= tick) & (tick < ends) & (mine["kind"] != "instrument")]
        told = set(zip(there["firm"], there["born"], there["body"], strict=True))
        found = {
            (row, int(firm.born), names.institutions[body])
            for row, firm in enumerate(firms)
            if firm.active
            for body in names.memberships(firm)
        }
        assert told == found, f"quarter {tick}"
    assert (mine["until"] >= 0).any()
    assert mine["born"].gt(0).any()


def test_it_says_when_a_firm_first_took_part_in_an_instrument(records: Records):
    table = records.participation
    programmes = table[table["kind"] == "instrument"]
    assert (programmes["until"] == -1).all()
    assert {"grants", "consortium"} <= set(programmes["body"])
    here = programmes[(programmes["scenario"] == "one") & (programmes["replicate"] == 1)]
    for body, part in here.groupby("body"):
        row = names_of(BUSY).instruments.index(str(body))
        tick = int(part["since"].median())
        before = live(BUSY, tick, [1], seed=3, horizon=TICKS).world.firms if tick else None
        after = live(BUSY, tick + 1, [1], seed=3, horizon=TICKS).world.firms
        new = part[part["since"] == tick]
        assert (after.programmes[new["firm"]] >> row & 1).all()
        if before is not None:
            same = before.born[new["firm"]] == new["born"]
            assert not (before.programmes[new["firm"]][same] >> row & 1).any()


def test_at_the_end_it_agrees_with_the_table_of_firms(records: Records):
    table, index = records.participation, ["scenario", "replicate", "firm", "born"]
    for column, kinds in (
        ("institutions", ("institution", "association")),
        ("instruments", ("instrument",)),
    ):
        part = table[table["kind"].isin(kinds) & (table["until"] == -1)]
        told = part.groupby(index)["body"].agg(set)
        firms = records.firms.set_index(index)[column].str.split().map(set)
        firms = firms[firms.map(len) > 0]
        pd.testing.assert_series_equal(told.reindex(firms.index), firms, check_names=False)


def test_noting_it_changes_nothing(records: Records):
    noted = records.ensemble
    plain = live([BUSY, BUSY], TICKS, range(9), seed=3)
    assert noted.series.tobytes() == plain.series.tobytes()
    for column in noted.world.firms.dtype.names:
        assert (noted.world.firms[column] == plain.world.firms[column]).all(), column
    assert np.array_equal(np.asarray(noted.ledger), np.asarray(plain.ledger))


def test_what_was_not_noted_is_refused():
    records = simulate(BUSY, 1, ledger=False)
    with pytest.raises(ValueError, match="not noted"):
        records.participation  # noqa: B018
    assert len(build([BUSY], [0]).runs) == 1
