"""Frames of records against tables that a test filled by hand: four runs of two quarters."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from model.engine.ensemble import Ensemble
from model.records.exact_numbers import exactly
from model.records.records import Records, simulate
from model.theory.interaction import (
    BUYER,
    CHANNELS,
    FORGOTTEN,
    INHERITANCE,
    INSTITUTION,
    LABOUR,
    PEER,
    PRACTICE,
    RECOMBINATION,
)
from model.theory.ownership import FOREIGN
from model.theory.practices import DIMENSIONS
from model.theory.road import HIGH, LOW
from model.world.build import build
from model.world.tables import LEDGER, NOBODY
from tests.worlds import BOARDS, MODES, ONE, POLICIES, TWO, scenario

WIDE = scenario(ONE, TWO, MODES, BOARDS, POLICIES)
PLAIN = scenario(ONE)
LABELS = ("z", "a")  # not in the order of the alphabet
RUNS = [("z", 2), ("z", 5), ("a", 2), ("a", 5)]
PLACES = {"z": ["here", "there"], "a": ["here"]}
TICKS = 2  # of three that there is room for


@pytest.fixture
def lived() -> Any:
    """What a test may fill: four runs that have come to the end of their second quarter."""
    ensemble = Ensemble(build((WIDE, PLAIN), (2, 5)), 3)
    ensemble.world.runs.tick[:] = TICKS
    return SimpleNamespace(
        world=ensemble.world,
        series=ensemble.series,
        ledger=np.zeros(0, LEDGER).view(np.recarray),
        interventions=(),
        horizon=3,
    )


def booked(*rows: tuple) -> np.recarray:
    """Rows of a ledger: run, tick, firm, born, source, dimension, practice, channel."""
    return np.array(list(rows), LEDGER).view(np.recarray)


def test_series_and_country_by_hand(lived: Any):
    """Firms of quarter t in community c of run r: 100 r + 10 t + c + 1; those of the third are none."""
    for run in range(4):
        first, last = lived.world.runs[run].series
        number = (last - first) // 3
        for row in range(first, last):
            tick, community = divmod(row - first, number)
            lived.series[row].firms = 100 * run + 10 * tick + community + 1
            lived.series[row].visits = 7 * lived.series[row].firms
    wanted = [
        (label, replicate, tick, place, 100 * run + 10 * tick + c + 1)
        for run, (label, replicate) in enumerate(RUNS)
        for tick in range(TICKS)
        for c, place in enumerate(PLACES[label])
    ]
    records = Records(lived, LABELS)
    index = ["scenario", "replicate", "tick", "community"]
    series = records.series[[*index, "firms"]]
    assert list(series.itertuples(index=False, name=None)) == wanted
    assert (records.series["visits"] == 7 * records.series["firms"]).all()
    whole = {}
    for label, replicate, tick, _, firms in wanted:
        whole[label, replicate, tick] = whole.get((label, replicate, tick), 0) + firms
    country = records.country[[*index, "firms"]]
    assert list(country.itertuples(index=False, name=None)) == [
        (*key, "*", firms) for key, firms in whole.items()
    ]


def test_a_firm_by_hand(lived: Any):
    """Three bits of 16 a rung; places of chains, instruments and institutions as bits and rows."""
    view = lived.world.slice(1)
    view.firms.active[:] = 0
    mine, other = view.firms[3], view.firms[15]
    mine.active, mine.born, mine.community, mine.ownership = 1, 4, 0, FOREIGN
    mine.workers, mine.road, mine.hours, mine.served = 12.5, HIGH, 3.5, 6
    mine.mastered[:], mine.aware[:] = (0b111, 0, 1, 3), (0b1111, 1, 1, 7)
    mine.value_added, mine.wage, mine.resources, mine.certified = 1.5, 0.7, 9.0, 0.25
    mine.backward, mine.forward, mine.in_use = 0.1, 0.2, 0.9
    mine.contract[:] = NOBODY
    mine.contract[[0, -1]] = 0, 1
    mine.order[:] = 0.0
    mine.home = 0.0
    mine.programmes = 0b101
    mine.members = 0b110
    other.active, other.community, other.ownership, other.served, other.road = 1, 1, 0, -5, LOW
    other.contract[:], other.programmes, other.members = NOBODY, 0, 0
    frame = Records(lived, LABELS).firms
    rows = frame[(frame["scenario"] == "z") & (frame["replicate"] == 5)].to_dict("records")
    assert [row["firm"] for row in rows] == [3, 15]
    instruments, houses = [*WIDE.instruments], [*WIDE.institutions]
    assert rows[0] | {"sales": None, "exports": None} == {
        "scenario": "z", "replicate": 5, "firm": 3, "born": 4, "community": "here",
        "ownership": "foreign", "workers": 12.5, "road": "high", "hours": 3.5, "served": 6,
        **dict(zip(DIMENSIONS, (3 / 16, 0.0, 1 / 16, 2 / 16), strict=True)),
        **dict(zip([f"aware_{d}" for d in DIMENSIONS], (4 / 16, 1 / 16, 1 / 16, 3 / 16), strict=True)),
        "value_added": 1.5, "wage": 0.7, "resources": 9.0, "backward": 0.1, "forward": 0.2,
        "certified": 0.25, "in_use": 0.9, "sales": None, "exports": None,
        "chains": " ".join([*WIDE.chains][:2]), "instruments": f"{instruments[0]} {instruments[2]}",
        "institutions": f"{houses[1]} {houses[2]}",
    }  # fmt: skip
    told = {key: rows[1][key] for key in ("community", "ownership", "road", "served", "chains")}
    assert told == {
        "community": "there", "ownership": "local", "road": "low", "served": -1, "chains": "",
    }  # fmt: skip
    assert (rows[1]["instruments"], rows[1]["institutions"]) == ("", "")
    numbers = frame.groupby(["scenario", "replicate"], sort=False).size().to_dict()
    assert numbers == {("z", 2): 20, ("z", 5): 2, ("a", 2): 12, ("a", 5): 12}
    assert list(frame.index) == list(range(46))


def test_the_ledger_by_hand(lived: Any):
    """In the order of scenario, replicate and quarter; what was booked first stands first."""
    lived.ledger = booked(
        (0, 1, 3, 0, 5, 0, 0, PEER),
        (0, 0, 4, 0, 1, 1, 15, BUYER),
        (0, 0, 2, 0, 2, 2, 16, INSTITUTION),
        (1, 1, 7, 1, 6, 3, 47, LABOUR),
        (1, 1, 8, 1, 9, 0, 31, INHERITANCE),
        (2, 0, 9, 0, 0, 0, 32, INSTITUTION),
        (2, 1, 9, 0, NOBODY, 0, 33, INSTITUTION),
        (3, 0, 1, 0, NOBODY, 0, 1, PRACTICE),
        (3, 1, 1, 0, 2, 0, 1, RECOMBINATION),
        (3, 1, 1, 0, NOBODY, 0, 1, FORGOTTEN),
    )
    table = Records(lived, LABELS).ledger
    houses = [*WIDE.institutions]
    assert list(table.itertuples(index=False, name=None)) == [
        ("a", 2, 0, 9, 0, DIMENSIONS[0], 3, 1, "institution", "association_here"),
        ("a", 2, 1, 9, 0, DIMENSIONS[0], 3, 2, "institution", ""),
        ("a", 5, 0, 1, 0, DIMENSIONS[0], 1, 2, "practice", ""),
        ("a", 5, 1, 1, 0, DIMENSIONS[0], 1, 2, "recombination", "2"),
        ("a", 5, 1, 1, 0, DIMENSIONS[0], 1, 2, "forgotten", ""),
        ("z", 2, 0, 4, 0, DIMENSIONS[1], 1, 16, "buyer", [*WIDE.chains][1]),
        ("z", 2, 0, 2, 0, DIMENSIONS[2], 2, 1, "institution", houses[2]),
        ("z", 2, 1, 3, 0, DIMENSIONS[0], 1, 1, "peer", "5"),
        ("z", 5, 1, 7, 1, DIMENSIONS[3], 3, 16, "labour", "6"),
        ("z", 5, 1, 8, 1, DIMENSIONS[0], 2, 16, "inheritance", "9"),
    ]
    assert list(table.index) == list(range(10))
    assert list(table["channel"].cat.categories) == list(CHANNELS)
    assert list(table["dimension"].cat.categories) == list(DIMENSIONS)


def test_the_network_by_hand(lived: Any):
    """Run z 5: firm 0 taught 1 and 2, 13 taught 0: two of three lessons within the first place."""
    lived.ledger = booked(
        (0, 0, 3, 0, 4, 0, 0, PEER),
        (1, 0, 1, 0, 0, 0, 0, PEER),
        (1, 0, 2, 0, 0, 0, 1, PEER),
        (1, 1, 0, 0, 13, 0, 2, PEER),
        (3, 1, 1, 0, 0, 0, 0, RECOMBINATION),
    )
    for number in range(4):
        view = lived.world.slice(number)
        view.firms.born[:] = 0
        view.firms.mastered[:] = 0b1111
        view.firms.mastered[0] = 0b11111
    table = Records(lived, LABELS).network
    assert list(
        table[["scenario", "replicate", "community"]].itertuples(index=False, name=None)
    ) == [(label, replicate, place) for label, replicate in RUNS for place in (*PLACES[label], "*")]
    found = table.set_index(["scenario", "replicate", "community"]).sort_index()
    assert found.loc[("z", 2, "here"), "lessons"] == pytest.approx(1 / 12)
    mine = found.loc[("z", 5)].loc[["here", "there", "*"]]
    assert mine["lessons"].to_list() == pytest.approx([2 / 12, 0, 3 / 20])
    assert mine["across"].to_list() == pytest.approx([1 / 3, np.nan, 1 / 3], nan_ok=True)
    assert mine["gatekeepers"].to_list() == pytest.approx([1 / 12, 0, 1 / 20])
    assert mine["isolates"].to_list() == pytest.approx([9 / 12, 7 / 8, 16 / 20])
    # practices before the lessons: givers 20 - 1, 20 - 1 and 16; takers 15, 15 and 20 - 1
    assert mine.loc["*", "able_givers"] == pytest.approx((19 + 19 + 16) / (15 + 15 + 19))
    assert found.loc[("a", 5)]["lessons"].to_list() == pytest.approx([1 / 12, 1 / 12])
    assert found.loc[("a", 2)]["lessons"].to_list() == [0, 0]


def test_learning_by_hand(lived: Any):
    """What was gained in all quarters that there are, by place, kind and channel."""
    for run in range(4):
        first, last = lived.world.runs[run].series
        number = (last - first) // 3
        for row in range(first, last):
            tick, community = divmod(row - first, number)
            gained = lived.series[row].gained
            gained[1, 2] = 10 * (run + 1) * (community + 1) * (tick + 1)
            gained[0, 0] = 1
    table = Records(lived, LABELS).learning
    rows = len(DIMENSIONS) * len(CHANNELS)
    assert len(table) == 2 * 2 * rows + 2 * rows
    assert list(table.columns) == [
        "scenario", "replicate", "community", "dimension", "channel", "practices",
    ]  # fmt: skip
    some = table[table["practices"] > 0]
    assert list(some.itertuples(index=False, name=None)) == [
        row
        for run, (label, replicate) in enumerate(RUNS)
        for c, place in enumerate(PLACES[label])
        for row in (
            (label, replicate, place, DIMENSIONS[0], CHANNELS[0], 3),
            (label, replicate, place, DIMENSIONS[1], CHANNELS[2], 60 * (run + 1) * (c + 1)),
        )
    ]


def test_the_manifest_tells_what_was_written_over(lived: Any):
    records = Records(lived, LABELS)
    assert "interventions" not in records.manifest
    assert records.manifest["replicates"] == [2, 5]
    assert (records.manifest["ticks"], records.manifest["runs"]) == (3, 4)
    lived.interventions = ({"tick": 1},)
    assert records.manifest["interventions"] == [{"tick": 1}]


def test_what_simulate_is_given_is_checked():
    short = scenario(ONE, {"run": {"ticks": 2, "replicates": 2}})
    with pytest.raises(ValueError, match=r"scenario = \{\}: give one scenario at least"):
        simulate({})
    for given, said in (
        ({"replicates": 0}, "replicates = 0: give a whole number from 1 to"),
        ({"seed": -1}, "seed = -1: give a whole number from 0 to"),
        ({"workers": 0}, "workers = 0: give a whole number from 1 to"),
    ):
        with pytest.raises(ValueError, match=said):
            simulate(short, **given)
    heard: list[int] = []
    records = simulate({"one": short, "two": short}, workers=2, progress=heard.append, seed=0)
    assert records.labels == ("one", "two")
    assert sum(heard) == 2 * 2 * 2
    assert records.manifest["scenarios"]["two"]["run"]["seed"] == 0
    assert records.series["replicate"].unique().tolist() == [0, 1]
    with pytest.raises(ValueError, match="the ledger of these runs was not kept"):
        _ = simulate(short, ledger=False).ledger


@pytest.mark.parametrize(
    ("number", "text"),
    [(float("nan"), ""), (0.0, "0"), (-2.0, "-2"), (0.1, "0.1"), (1000002.0, "1000002"),
     (1 / 3, "0.3333333333333333"), (1e22, "1e+22"), (10, "10"), (100.05, "100.05")],
)  # fmt: skip
def test_numbers_as_text_that_loses_nothing(number: float, text: str):
    assert exactly(number) == text
