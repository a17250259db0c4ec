"""How much a run works, in calls and draws, which are the same on any machine: no relapse goes unseen.

What is counted: ``work_counted``. A bound is what there is today, with a little room; who needs more says
why in the commit that raises it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
QUARTERS = 4
FIRMS = 40


@pytest.fixture(scope="module")
def calls() -> dict[str, dict[str, int]]:
    """Calls by world and function, counted in a process without the compiler."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.work_counted"],
        cwd=ROOT,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_learning_visits_each_firm_in_business_once_a_quarter_and_no_vacant_place(calls):
    assert calls["forty"]["attend"] == FIRMS * QUARTERS
    assert calls["eighty"]["attend"] == 2 * FIRMS * QUARTERS
    assert calls["eighty, half vacant"]["attend"] == FIRMS * QUARTERS


def test_a_vacant_place_costs_next_to_no_draws(calls):
    more = calls["eighty, half vacant"]["mix"] - calls["forty"]["mix"]
    assert more < 5 * FIRMS * QUARTERS  # whether somebody enters


def test_twice_the_firms_are_twice_the_work(calls):
    for what in ("mix", "have_lesson"):
        assert calls["eighty"][what] < 2.05 * calls["forty"][what]


def test_who_masters_nothing_has_nothing_to_forget(calls):
    assert calls["forty"]["lost"] > 0
    assert "lost" not in calls["ignorant"]


def test_a_lesson_that_shows_nothing_draws_nothing(calls):
    """Only whether one meets is drawn: not what is shown, nor whether it is noted or understood."""
    assert calls["ignorant"]["have_lesson"] > 0  # of peers who know nothing either
    assert calls["ignorant"]["mix"] < 26 * FIRMS * QUARTERS
    assert calls["forty"]["mix"] < 76 * FIRMS * QUARTERS


def test_a_second_applicant_is_looked_for_only_where_he_may_be_preferred(calls):
    """Where the board has a say, and who has the seat could like another better than the first."""
    here = calls["everything"]
    assert here["by_lot"] == here["applicant"] + here["prefers"]
    assert 0 < here["prefers"] < here["would_give_way"] < here["applicant"]


def test_who_met_this_quarter_is_found_without_going_over_all_who_did(calls):
    """Four times as many meetings were sixteen times as many looks: a million firms never ended."""
    assert calls["meetings"]["many"] == 4 * calls["meetings"]["few"]


def test_whom_an_institution_serves_next_is_asked_for_while_one_is_served(calls):
    """All but the first of each service, of whom nobody knows before. Nothing else shows it."""
    here = calls["ahead"]
    assert here["services"] > 0
    assert here["served"] - here["services"] <= here["asked"] < here["served"]
