"""What is said of two scenarios: the keys that differ, and nothing of what they have in common."""

import pytest

from model.scenario.differences import differences
from tests.worlds import BOARDS, ONE, POLICIES, TWO, scenario


def said(*layers) -> list[str]:
    return [str(difference) for difference in differences(scenario(ONE), scenario(ONE, *layers))]


def test_a_scenario_does_not_differ_from_itself():
    assert said() == []


@pytest.mark.parametrize(
    ("layer", "line"),
    [
        ({"run": {"seed": 7}}, "run.seed = 7, was 1"),
        ({"communities": {"here": {"trust": 0.9}}}, "communities.here.trust = 0.9, was 0.3"),
        ({"neutral": ["redundancy"]}, 'neutral = ["redundancy"], was []'),
        (TWO, "communities.there added"),
        ({"instruments": {"x": {"kind": "grants", "budget": 1.0, "title": "Grants"}}},
         "instruments.x added (Grants)"),
        ({"communities": {"here": {"start": dict.fromkeys(
            ("process", "product", "functional", "intersectoral"), 0.1)}}},
         "communities.here.start added"),
    ],
)  # fmt: skip
def test_one_change_is_one_line(layer, line: str):
    assert said(layer) == [line]


def test_what_is_missing_is_said_too():
    one, other = scenario(ONE, BOARDS, POLICIES), scenario(ONE, POLICIES)
    gone = [str(difference) for difference in differences(one, other)]
    assert gone
    assert all(line.startswith("institutions.") and line.endswith("taken out") for line in gone)


def test_prose_changes_no_world():
    assert said({"title": "Another", "description": "Told otherwise", "source": "elsewhere"}) == []
