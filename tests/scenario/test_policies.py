"""What is said of boards, instruments and timetables that cannot be."""

from pathlib import Path

import pytest

from model.scenario.faults import InputError
from model.scenario.files import Document, parse_document
from model.scenario.institution_keys import Board
from model.scenario.layers import overlay
from model.scenario.schema import Scenario
from tests.worlds import EVERYTHING, seats


def faults(layer):
    """What is wrong with everything plus a layer, told without the name of the file."""
    data = {}
    for each in (*EVERYTHING, layer):
        data = overlay(data, each)
    with pytest.raises(InputError) as raised:
        parse_document(Document(data, Path("world.toml"), (), {}), Scenario)
    return str(raised.value)


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        (
            {"institutions": {"everybody": {"board": seats()}}},
            ("institutions.everybody.board.government", "at least one seat", "government = 1"),
        ),
        (
            {"institutions": {"everybody": {"board": {"vote": "majorty"}}}},
            ("institutions.everybody.board.vote", 'did you mean "majority"?'),
        ),
        (
            {"instruments": {"grants": {"kind": "grant"}}},
            ("instruments.grants.kind", 'did you mean "grants"?'),
        ),
        (
            {"instruments": {"grants": {"communities": ["her"]}}},
            ("instruments.grants.communities", "there is no community 'her'", "here"),
        ),
        (
            {"timetable": {"shock": {"tick": 3, "chains": {"markt": {"price": 2.0}}}}},
            ("timetable.shock.chains.markt", "there is no chain 'markt'", "market"),
        ),
        (
            {"chains": {"market": {"follows": "hierarchi"}}},
            ("chains.market.follows", "there is no chain 'hierarchi'", "did you mean hierarchy?"),
        ),
        (
            {"chains": {"market": {"follows": "market"}}},
            (
                "chains.market.follows",
                "goes in a circle: market -> market",
                "leave one `follows` out",
            ),
        ),
        (
            {
                "chains": {
                    "hierarchy": {"follows": "network"},
                    "network": {"follows": "quasi_hierarchy"},
                    "market": {"follows": "network"},  # leads into the circle, and is not in it
                    "quasi_hierarchy": {"follows": "hierarchy"},
                }
            },
            (
                "chains.network.follows",
                "goes in a circle: network -> quasi_hierarchy -> hierarchy -> network",
                "leave one `follows` out",
            ),
        ),
        (
            {"timetable": {"shock": {"tick": 3, "chains": {"market": {"follows": "network"}}}}},
            ("timetable.shock.chains.market.follows", "laid out at the start"),
        ),
        (
            {"timetable": {"shock": {"tick": -1}}},
            ("timetable.shock.tick", "0"),
        ),
        (
            {"timetable": {"shock": {"tick": 3, "communities": {"here": {"trust": 1.5}}}}},
            ("timetable.shock.communities.here.trust = 1.5", "must be from 0 to 1"),
        ),
        (
            {"timetable": {"shock": {"tick": 3, "communities": {"here": {"tust": 0.5}}}}},
            ("timetable.shock.communities.here.tust", "did you mean trust?"),
        ),
        (
            {"timetable": {"shock": {"tick": 3, "communities": {"here": {"firms": 5}}}}},
            ("timetable.shock.communities.here.firms", "laid out at the start"),
        ),
        (
            {
                "timetable": {
                    "shock": {"tick": 3, "institutions": {"everybody": {"reach": ["her"]}}}
                }
            },
            (
                "timetable.shock.institutions.everybody.reach[0]",
                "there is no community 'her'",
                "here",
            ),
        ),
        (
            {
                "timetable": {
                    "shock": {
                        "tick": 3,
                        "institutions": {"government": {"board": {"government": 0}}},
                    }
                }
            },
            ("timetable.shock.institutions.government.board.government", "at least one seat"),
        ),
        (
            {"timetable": {"shock": {"tick": 3, "institutions": {"government": {"fee": 0.1}}}}},
            ("timetable.shock.institutions.government.fee", "write access.fee"),
        ),
        (
            {"timetable": {"shock": {"chains": {"market": {"orders": 0.5}}}}},
            ("timetable.shock.tick", "is missing"),
        ),
    ],
    ids=lambda case: ".".join(case) if isinstance(case, dict) else case[0],
)
def test_one_line_says_what_is_wrong_and_what_to_write(layer, told):
    said = faults(layer)
    assert len(said.splitlines()) == 1
    for part in told:
        assert part in said


def test_a_board_says_how_votes_are_shared():
    assert Board().shares() == (1, 0, 0, 0)
    assert Board(government=1, associations=3).shares() == (0.25, 0, 0.75, 0)
    assert Board(government=1, associations=3, vote="majority").shares() == (0, 0, 1, 0)
