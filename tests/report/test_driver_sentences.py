"""What is said of drivers follows from the tables, and what is not known is said."""

import pandas as pd
import pytest

from model.wording.driver_sentences import (
    of_chance,
    of_failure,
    of_moves,
    of_pairs,
    of_screening,
    of_variance,
    of_width,
)

ABOUT = {"outcome": "wage", "outcome_title": "Wage", "unit": "score 0-3"}


def factor(name: str, low: float, value: float, high: float, **more) -> dict:
    return ABOUT | {"factor": name, "factor_title": name.title(), "low": low, "high": high,
                    "index": value, "mu_star": value, "effect": value, "order": "total", "other": "",
                    "other_title": "", "sigma": 0.0, "step": 2 / 3, "replicates": 5,
                    "setting": "9"} | more  # fmt: skip


def shares(*totals: dict) -> pd.DataFrame:
    firsts = [row | {"order": "first", "index": 0.1} for row in totals]
    return pd.DataFrame([*totals, *firsts])


def test_a_leader_and_what_hardly_matters():
    table = shares(
        factor("a", 0.6, 0.7, 0.8), factor("b", 0.1, 0.2, 0.3), factor("c", 0, 0.01, 0.02)
    )
    lead, little = of_variance(table, "wage")
    assert lead == (
        "“A” matters most for “Wage”. Share of its variance with all interactions (95% interval): "
        "“A” 70% (60% to 80%; alone 10%)."
    )
    assert little == "“C” hardly matters."


def test_factors_whose_intervals_overlap_are_not_ranked():
    table = shares(factor("a", 0.4, 0.7, 1.0), factor("b", 0.3, 0.5, 0.7))
    lead, tied = of_variance(table, "wage")
    assert lead.startswith("“A” and “B” matter most")
    assert tied == "Their intervals overlap: they are not ranked."
    assert "60 percentage points" in of_width(table)


def test_an_outcome_that_does_not_vary():
    nothing = float("nan")
    table = shares(factor("a", nothing, nothing, nothing))
    assert "does not vary" in of_variance(table, "wage")[0]
    screened = pd.DataFrame([factor("a", 0.0, 0.0, 0.0)])
    assert of_screening(screened, "wage") == ["No factor moves “Wage” at all."]


def test_pairs():
    pair = factor("a", 0.1, 0.2, 0.3, order="second", other="b", other_title="B")
    assert "“A” with “B” (20%, 10% to 30%)" in of_pairs(pd.DataFrame([pair]), "wage")
    assert "every interval includes 0" in of_pairs(pd.DataFrame([pair | {"low": -0.1}]), "wage")
    assert of_pairs(shares(factor("a", 0.1, 0.2, 0.3)), "wage") == ""


def test_screening_tells_who_interacts():
    rows = [factor("a", 0.4, 0.5, 0.6, sigma=0.4), factor("b", 0.1, 0.2, 0.3, sigma=0.01)]
    lead, move, bent = of_screening(pd.DataFrame(rows), "wage")
    assert lead.startswith("“Wage” is moved most, up or down, by “A”.")
    assert move.startswith("A move is 67%")
    assert bent.startswith("What “A” does depends")


def test_moves():
    rows = [factor("a", 0.1, 0.2, 0.3), factor("b", -0.5, -0.4, -0.3), factor("c", -1.0, 0.9, 2.0)]
    assert "putting “B” to 9 moves “Wage” most: −0.40" in of_moves(pd.DataFrame(rows), "wage")
    assert "no factor alone is shown" in of_moves(pd.DataFrame(rows[2:]), "wage")


BOX = {"conditions": "“Trust” is at most 0.3", "points": 20, "fails": 18, "density": 0.9, "low": 0.7,
       "high": 0.97, "coverage": 0.6, "overall": 0.4}  # fmt: skip
FAILING = {"title": "wage", "unit": "score 0-3", "better": "higher", "threshold": 0.1, "points": 100,
           "failed": 40}  # fmt: skip


@pytest.mark.parametrize(
    ("box", "failing", "words"),
    [
        (
            {},
            {},
            "in 40 of 100 conditions tried, above all where “Trust” is at most 0.3, in 18 of 20",
        ),
        ({"low": 0.3}, {}, "no part of them is shown to fail more often"),
        ({}, {"failed": 0}, "in none of 100 conditions tried"),
        ({}, {"failed": 100}, "in all of 100 conditions tried"),
        ({}, {"better": "lower"}, "“Wage” stays above 0.1"),
    ],
)
def test_failure(box, failing, words):
    told = of_failure(pd.DataFrame([BOX | box]), FAILING | failing, "A school")
    assert told.startswith("The effect of “A school” on “Wage” stays ")
    assert words in told


def test_chance():
    rows = pd.DataFrame([{"chance": 0.02, "outcome_title": "Wage", "analysis": "sobol"}])
    assert of_chance(rows) == ""
    assert "Up to 30%" in of_chance(rows.assign(chance=0.3))
