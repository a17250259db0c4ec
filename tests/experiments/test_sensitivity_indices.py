"""Indices against functions whose indices are known, on the path that the model's outputs take.

Ishigami and Homma (1990): y = sin x1 + 7 sin² x2 + 0.1 x3⁴ sin x1 on [-pi, pi]³; a fourth factor does
nothing.
"""

import re

import numpy as np
import pytest

from model.experiments.intervals import interval_of_share
from model.experiments.sensitivity import chance, discovery, morris, sobol, tornado
from model.experiments.sensitivity.discovery import Axis

NAMES = ["one", "two", "three", "inert"]
A, B = 7.0, 0.1


def ishigami(unit: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * unit - 1)
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


# Closed form: variances of the parts.
ONE = 0.5 * (1 + B * np.pi**4 / 5) ** 2
TWO = A**2 / 8
PAIR = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
ALL = ONE + TWO + PAIR
FIRST = {"one": ONE / ALL, "two": TWO / ALL, "three": 0.0, "inert": 0.0}
TOTAL = {"one": (ONE + PAIR) / ALL, "two": TWO / ALL, "three": PAIR / ALL, "inert": 0.0}


@pytest.fixture(scope="module")
def table():
    unit = sobol.points(NAMES, 1024, True, seed=3)
    return sobol.indices(NAMES, ishigami(unit), True)


@pytest.mark.parametrize(("order", "truth"), [("first", FIRST), ("total", TOTAL)])
def test_sobol_indices_of_ishigami(table, order, truth):
    found = table[table["order"] == order].set_index("factor")
    for name, index in truth.items():
        assert found.loc[name, "index"] == pytest.approx(index, abs=0.03)
        assert found.loc[name, "low"] - 0.01 <= index <= found.loc[name, "high"] + 0.01


def test_second_order_of_ishigami(table):
    found = table[table["order"] == "second"].set_index(["factor", "other"])["index"]
    assert found["one", "three"] == pytest.approx(PAIR / ALL, abs=0.06)
    assert found.drop(("one", "three")).abs().max() < 0.06


def test_an_inert_factor_has_nothing(table):
    inert = table[(table["factor"] == "inert") & (table["order"] != "second")]
    assert (inert["low"] <= 0).all()
    assert (inert["high"] >= 0).all()
    unit = morris.points(NAMES, 10, 4, seed=3)
    screened = morris.indices(NAMES, unit, ishigami(unit), 4).set_index("factor")
    assert screened.loc["inert", ["mu_star", "sigma"]].tolist() == [0.0, 0.0]
    assert (screened.drop("inert")["low"] > 0).all()


def test_an_outcome_that_does_not_vary_has_no_indices():
    table = sobol.indices(NAMES, np.ones(10 * 16), True)
    assert table["index"].isna().all()


def test_convergence_ends_at_the_whole_design_and_intervals_shrink(table):
    unit = sobol.points(NAMES, 1024, True, seed=3)
    path = sobol.convergence(NAMES, ishigami(unit), True)
    assert path["n"].unique().tolist() == [128, 256, 512, 1024]
    last = path[path["n"] == 1024].reset_index(drop=True)
    assert last.equals(table[table["order"] != "second"].reset_index(drop=True))
    two = path[(path["factor"] == "two") & (path["order"] == "total")]
    width = (two["high"] - two["low"]).tolist()
    assert width[-1] < width[0] / 1.5


def test_elementary_effects_of_a_line_are_its_slopes_times_the_step():
    unit = morris.points(NAMES, 6, 4, seed=3)
    table = morris.indices(NAMES, unit, unit @ [3.0, -2.0, 0.5, 0.0], 4)
    assert table["mu"].tolist() == pytest.approx([2.0, -4 / 3, 1 / 3, 0.0])
    assert table["mu_star"].tolist() == pytest.approx([2.0, 4 / 3, 1 / 3, 0.0])
    assert table["sigma"].abs().max() < 1e-12
    path = morris.convergence(NAMES, unit, unit @ [3.0, -2.0, 0.5, 0.0], 4)
    assert path["n"].unique().tolist() == [2, 3, 4, 6]


AXES = [
    Axis("trust", "trust"), Axis("noise", "noise"), Axis("rule", "rule", "open"),
    Axis("rule", "rule", "closed"),
]  # fmt: skip


def conditions(n: int) -> np.ndarray:
    unit = sobol.points(["a", "b", "c"], n // 5, False, seed=1)[:n]
    unit[:, 2] = unit[:, 2] > 0.5
    return np.random.default_rng(0).permutation(np.column_stack([unit, 1 - unit[:, 2]]))


def test_a_planted_box_of_failure_is_found():
    values = conditions(640)
    fails = (values[:, 0] < 0.4) & (values[:, 2] == 0)
    table = discovery.boxes(AXES, values, fails)
    first = table.iloc[0]
    assert "“rule” is closed" in first["conditions"]
    cut = re.search(r"“trust” is at most (0\.\d+)", first["conditions"])
    assert cut is not None
    assert float(cut[1]) == pytest.approx(0.4, abs=0.02)
    assert "noise" not in first["conditions"]
    assert first["density"] > 0.9
    assert first["coverage"] > 0.9
    assert table["points"].sum() == 320


def test_failures_by_chance_yield_no_box_that_holds():
    values = conditions(640)
    fails = np.random.default_rng(1).random(640) < 0.3
    table = discovery.boxes(AXES, values, fails)
    assert (table["low"] <= table["overall"]).all()
    assert discovery.boxes(AXES, values, np.zeros(640, bool)).empty


def test_wilson_interval():
    assert interval_of_share(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-3)
    assert interval_of_share(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-3)


def test_share_of_chance():
    draw = np.random.default_rng(0)
    points, shared, own = (draw.normal(size=s) for s in ((400, 1), (1, 8), (400, 8)))
    assert chance.share(points + 5 * shared) == pytest.approx(0.0, abs=1e-12)
    assert chance.share(points + own) == pytest.approx((1 / 8) / (1 + 1 / 8), abs=0.03)
    assert np.isnan(chance.share(points))


def test_tornado_pairs_replicates():
    base = np.arange(9.0)  # so many alike say something
    outputs = np.array([base, base + 1, base])
    table = tornado.effects([("trust", "0.1"), ("trust", "0.9")], outputs)
    assert table[["effect", "low", "high"]].to_numpy().tolist() == [[1, 1, 1], [0, 0, 0]]


# Missing outcomes


def test_three_missing_of_96_points_leave_three_base_samples_out():
    """Today's fault was every index 0.00; the rest of the design still says what matters."""
    unit = sobol.points(NAMES, 16, False, seed=3)
    outputs = ishigami(unit)
    assert len(outputs) == 96
    outputs[[5, 40, 77]] = np.nan
    table = sobol.indices(NAMES, outputs, False)
    assert table["n"].eq(13).all()
    assert table["dropped"].eq(3).all()
    samples = ishigami(unit).reshape(16, 6)
    left = np.delete(samples, [5 // 6, 40 // 6, 77 // 6], axis=0).ravel()
    assert table["index"].to_numpy() == pytest.approx(sobol.indices(NAMES, left, False)["index"])
    total = table[table["order"] == "total"].set_index("factor")["index"]
    assert total["inert"] == 0.0
    assert total["one"] > 0.1


def test_too_much_missing_gives_no_index():
    unit = sobol.points(NAMES, 16, False, seed=3)
    outputs = ishigami(unit)
    outputs[: 9 * 6 : 6] = np.nan
    table = sobol.indices(NAMES, outputs, False)
    assert table[["index", "low", "high"]].isna().all(axis=None)
    assert (table["n"].iloc[0], table["dropped"].iloc[0]) == (7, 9)
    assert sobol.convergence(NAMES, np.full(96, np.nan), False).empty


def test_a_trajectory_with_a_missing_outcome_is_left_out():
    unit = morris.points(NAMES, 8, 4, seed=3)
    outputs = ishigami(unit)
    outputs[7] = np.nan
    table = morris.indices(NAMES, unit, outputs, 4)
    keep = np.r_[0:5, 10:40]
    whole = morris.indices(NAMES, unit[keep], ishigami(unit)[keep], 4)
    assert table["mu_star"].tolist() == whole["mu_star"].tolist()
    assert (table["trajectories"].iloc[0], table["dropped"].iloc[0]) == (7, 1)
    outputs[::5] = np.nan
    assert morris.indices(NAMES, unit, outputs, 4)["mu_star"].isna().all()


def test_a_move_with_missing_replicates_counts_them():
    outputs = np.array([[1.0, 2.0, 3.0], [2.0, np.nan, 5.0], [np.nan] * 3])
    table = tornado.effects([("a", "9"), ("b", "9")], outputs)
    assert table["effect"].tolist()[0] == 1.5
    assert table["replicates"].tolist() == [2, 0]
    assert table["missing"].tolist() == [1, 3]
    assert np.isnan(table["effect"].iloc[1])


def test_chance_leaves_points_with_missing_replicates_out():
    outputs = np.random.default_rng(1).normal(size=(20, 4))
    spoilt = np.vstack([outputs, [np.nan, 1.0, 2.0, 3.0]])
    assert chance.share(spoilt) == chance.share(outputs)
