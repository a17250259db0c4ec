"""K7 Appropriability."""

import pytest
from hypothesis import given

from model.theory.appropriability import openness
from model.theory.interaction import LABOUR, PEER
from tests.theory.records import anywhere, neutral_params, params, sector, shares
from tests.worlds import NO_SOURCES, ONE, history, live, neutral, scenario


def secret(share):
    return {"sectors": {"trade": {"appropriability": share}}}


def test_neutral_what_is_appropriable_is_as_open_as_anything():
    assert openness(sector(appropriability=1.0), neutral_params("appropriability")) == 1


def test_neutral_in_a_world_the_degree_of_appropriability_makes_no_difference():
    open_, closed = (
        live(scenario(ONE, secret(share), neutral("appropriability")), 8) for share in (0.0, 1.0)
    )
    for name in ("firms", "ties", "series", "ledger"):
        assert history(open_)[name] == history(closed)[name]


@given(shares, anywhere("appropriability"))
def test_openness_is_a_share(appropriability, numbers):
    assert 0 <= openness(sector(appropriability=appropriability), numbers) <= 1


def test_openness_is_what_appropriability_leaves():
    assert openness(sector(appropriability=0.4), params()) == pytest.approx(0.6)


def test_nobody_copies_what_is_fully_appropriable():
    copied = {PEER, LABOUR}
    lone = live(scenario(ONE, NO_SOURCES, secret(1.0)), 8)
    assert not copied & set(lone.ledger["channel"])
    assert copied & set(live(scenario(ONE, NO_SOURCES, secret(0.0)), 8).ledger["channel"])
