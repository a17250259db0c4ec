"""An old file says in one line a key what to write instead."""

from pathlib import Path

import pytest

from model.scenario.faults import InputError, parse_key
from model.scenario.files import Document, parse_document
from model.scenario.layers import overlay, put
from model.scenario.moved import MOVED
from model.scenario.schema import Scenario
from tests.worlds import EVERYTHING

NAMES = {
    "institutions": "everybody",
    "chains": "market",
    "communities": "here",
    "instruments": "grants",
}
OLD = {
    "parameters.capacity": {"finite": 1.0},
    "parameters.consortium": {"push": 0.2},
    "parameters.unlearning.forget": 0.02,
    "timetable.*.communities.*.sector": "trade",
    "timetable.*.instruments.*.kind": "grants",
}


def said_of(key, value):
    data = {}
    for layer in EVERYTHING:
        data = overlay(data, layer)
    document = Document(put(data, key, value), Path("old.toml"), (), {})
    with pytest.raises(InputError) as raised:
        parse_document(document, Scenario)
    return str(raised.value)


def named(old):
    """The key with names that the world has in place of the stars."""
    key = list(parse_key(old.replace("*", "any")))
    for i, part in enumerate(key):
        if part == "any":
            key[i] = {"timetable": "opening"}.get(key[i - 1]) or NAMES[key[i - 1]]
    return tuple(key)


@pytest.mark.parametrize("old", MOVED)
def test_a_key_that_has_moved_says_in_one_line_what_to_write(old):
    said = said_of(named(old), OLD.get(old, 0.5))
    assert len(said.splitlines()) == 1
    assert said.endswith("; " + MOVED[old])
    assert said.startswith("old.toml: " + ".".join(named(old)))


def test_a_change_of_a_thing_says_the_same_as_the_thing():
    said = said_of(("timetable", "reform", "institutions", "everybody", "visit_cost"), 0.5)
    assert said.endswith(MOVED["institutions.*.visit_cost"])


def test_a_key_that_never_was_is_told_by_its_neighbours():
    assert "did you mean budget?" in said_of(("institutions", "everybody", "budgt"), 1.0)
