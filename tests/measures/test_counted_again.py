"""Jobs, sizes, sales, survival, participation and costs of a busy world, counted again in plain NumPy."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from model.engine.ensemble import Ensemble
from model.measures import BY_NAME, pooled
from model.parameters import INSTRUMENTS
from model.records.records import Records
from model.theory.interaction import PEER, RECOMBINATION
from model.world.build import build
from model.world.tables import SIZES
from tests.mesa.small import small

TICKS = 24
HARD = (  # firms close and others enter
    "parameters.resources.patience = 1",
    "parameters.resources.overhead = 0.5",
    "parameters.resources.entry = 0.3",
    "institutions.centre.donor = 3.0",
    "communities.valley.workers = 90",
    'chains.owner.reach = "global"',
)


@cache
def lives():
    """The ensemble at the end; firms before the first and after every quarter; spending by quarter."""
    ensemble = Ensemble(build((small(*HARD, ticks=TICKS),), (0,), 1), TICKS)
    firms, spent = [ensemble.world.firms.copy()], []
    for tick in range(TICKS):
        ensemble.advance(tick + 1)
        firms.append(ensemble.world.firms.copy())
        instruments = ensemble.world.instruments
        spent.append(np.bincount(instruments.kind, instruments.spent, len(INSTRUMENTS)))
    return ensemble, firms, np.array(spent)


def country(name):
    ensemble, _, _ = lives()
    rows = pooled(np.asarray(ensemble.series), len(ensemble.world.communities))
    return BY_NAME[name].compute(rows)


def in_business(firms):
    return firms[firms["active"] == 1]


def test_the_world_has_what_is_counted():
    assert country("entries").sum() > 5
    assert country("exits").sum() > 5
    assert country("exports").max() > 0
    assert country("hours").max() > 0
    assert country("donor_cost").min() > 0
    assert len({n for n in SIZES if country(f"size_{n}").max() > 0}) >= 3


def test_jobs_and_sizes():
    _, copies, _ = lives()
    for tick, firms in enumerate(copies[1:]):
        here = in_business(firms)
        workers = np.floor(here["workers"] + 0.5)
        assert country("workers")[tick] == pytest.approx(here["workers"].sum())
        assert country("size")[tick] == pytest.approx(here["workers"].mean())
        for name, low, high in zip(SIZES, (0, 11, 51, 251), (10, 50, 250, np.inf), strict=True):
            share = ((low <= workers) & (workers <= high)).mean()
            assert country(f"size_{name}")[tick] == pytest.approx(share)


def test_sizes_of_who_comes_and_who_goes():
    _, copies, _ = lives()
    come, gone = 0, 0
    for tick, (before, after) in enumerate(pairwise(copies)):
        new = after[(after["active"] == 1) & (after["born"] == tick + 1)]
        closed = before[(before["active"] == 1) & (after["active"] == 0)]
        for name, firms in (("entrants", new), ("closures", closed)):
            found = country(f"size_of_{name}")[tick]
            if len(firms):
                assert found == pytest.approx(firms["workers"].mean())
            else:
                assert np.isnan(found)
        come, gone = come + len(new), gone + len(closed)
    assert min(come, gone) > 5


def test_who_is_in_business_since_the_start():
    _, copies, _ = lives()
    for tick, firms in enumerate(copies[1:]):
        founders = (in_business(firms)["born"] == 0).mean() * len(in_business(firms))
        assert country("survival")[tick] == pytest.approx(founders / len(firms))
    assert (np.diff(country("survival")) <= 0).all()


def test_whom_the_staff_served():
    _, copies, _ = lives()
    for tick, firms in enumerate(copies[1:]):
        here = in_business(firms)
        assert country("hours")[tick] == pytest.approx(here["hours"].mean())
        recent = (here["served"] >= 0) & (here["served"] > tick - 4)
        assert country("served")[tick] == pytest.approx(recent.mean())


def test_the_parts_of_productivity_add_up_quarter_by_quarter():
    _, copies, _ = lives()
    weighted = [
        np.average(f["value_added"], weights=f["workers"]) for f in map(in_business, copies)
    ]
    parts = sum(country(f"productivity_{p}") for p in ("improving", "moving", "entry", "exit"))
    assert parts == pytest.approx(np.diff(weighted))
    assert country("value_added") == pytest.approx(weighted[1:])


def test_firms_that_improve_are_those_that_stay():
    _, copies, _ = lives()
    for tick, (before, after) in enumerate(pairwise(copies)):
        stay = (before["active"] == 1) & (after["active"] == 1)
        gain = (after["value_added"] - before["value_added"])[stay].mean()
        assert country("productivity_improving")[tick] == pytest.approx(gain)


def test_sales_of_firms_are_those_of_the_country():
    ensemble, _, _ = lives()
    firms = Records(ensemble, ("world",)).firms
    assert firms["sales"].sum() == pytest.approx(country("sales")[-1])
    assert firms["exports"].sum() == pytest.approx(country("exports")[-1])
    assert (firms["exports"] <= firms["sales"]).all()
    exporting = firms["exports"] > 0
    assert exporting.mean() == pytest.approx(country("exporters")[-1])
    intensity = firms["exports"].sum() / firms["sales"].sum()
    assert country("export_intensity")[-1] == pytest.approx(intensity)


def test_costs_by_kind_add_up():
    _, _, spent = lives()
    kinds = [country(f"public_cost_{name}") for name in ("institutions", *INSTRUMENTS)]
    assert sum(kinds) == pytest.approx(country("public_cost"))
    for kind, cost in enumerate(kinds[1:]):
        assert cost == pytest.approx(spent[:, kind])


def test_where_nobody_but_a_donor_pays_no_cost_is_public():
    alone = (
        "institutions.centre.budget = 0",
        "institutions.centre.donor = 5",
        "institutions.club.budget = 0",
        "institutions.club.access.fee = 0",
        *(f"instruments.{kind}.budget = 0" for kind in INSTRUMENTS),
    )
    ensemble = Ensemble(build((small(*alone, ticks=TICKS),), (0,), 1), TICKS)
    ensemble.advance(TICKS)
    rows = pooled(np.asarray(ensemble.series), len(ensemble.world.communities))
    assert BY_NAME["private_cost"].compute(rows).sum() == pytest.approx(0)
    paid = BY_NAME["donor_cost"].compute(rows).sum() + BY_NAME["public_cost"].compute(rows).sum()
    assert BY_NAME["donor_cost"].compute(rows).sum() > 0.8 * paid > 0


def test_the_network_is_that_of_the_ledger():
    ensemble, _, _ = lives()
    network = Records(ensemble, ("world",)).network.set_index("community")
    rows = ensemble.ledger[np.isin(ensemble.ledger["channel"], (PEER, RECOMBINATION))]
    n = len(ensemble.world.firms)
    pairs = {(int(r["source"]), int(r["firm"])) for r in rows}
    assert len(pairs) > 20
    assert network.loc["*", "density"] == pytest.approx(len(pairs) / (n * (n - 1)))
    linked = {firm for pair in pairs for firm in pair}
    assert network.loc["*", "isolates"] == pytest.approx(1 - len(linked) / n)
    mutual = sum((b, a) in pairs for a, b in pairs)
    assert network.loc["*", "reciprocity"] == pytest.approx(mutual / len(pairs))
    assert network.loc["*", "lessons"] == pytest.approx(len(rows) / n)
    assert set(network.index) == {"*", "valley", "foothills", "oasis", "highland"}
