"""Charts are well-formed SVG, say their numbers, and keep names apart."""

import re
from xml.dom import minidom

import numpy as np
import pytest

from model.viewer.charts import Line, bars, lines

TICKS = np.arange(1, 21)


def chart(*values: np.ndarray, **options) -> str:
    drawn = [Line(f"l{n} <&>", v, "#123456", bool(n)) for n, v in enumerate(values)]
    return lines("T <i>", "share", TICKS, drawn, 40, **options)


@pytest.mark.parametrize("options", [{}, {"top": 1.0}, {"top": 12.0, "half": True}])
def test_lines_are_well_formed_whatever_they_hold(options):
    cases = (
        [np.linspace(0, 1, 20), np.full(20, np.nan)],
        [np.linspace(-3, -1, 20)],
        [np.where(TICKS % 3 == 0, np.nan, 0.5)],
        [np.zeros(20), np.zeros(20), np.zeros(20), np.zeros(20)],
        [],
    )
    for values in cases:
        minidom.parseString(chart(*values, **options))


def test_an_empty_history_is_drawn():
    minidom.parseString(lines("T", "share", np.arange(0), [Line("a", np.zeros(0), "#000")], 80))


def test_the_last_values_are_told():
    told = re.search('aria-label="([^"]*)"', chart(np.linspace(0, 0.75, 20)))
    assert told is not None
    assert "quarter 20" in told[1]
    assert "0.75" in told[1]


def test_names_at_one_height_do_not_touch():
    same = [np.zeros(20)] * 4
    heights = sorted(float(y) for y in re.findall(r'y="([\d.]+)" font-size="11" text-anchor="start"',
                                                  chart(*same, top=1.0)))  # fmt: skip
    assert len(heights) == 4
    assert min(np.diff(heights)) >= 12


def test_a_higher_value_stands_higher():
    path = re.search(r'd="M([^"]*)" fill="none"', chart(np.array([0.0] * 19 + [1.0]), top=1.0))
    assert path is not None
    points = [float(point.split()[1]) for point in path[1].split("L")]
    assert points[-1] < points[0]


def test_bars_are_as_long_as_their_numbers():
    drawn = bars("B", "n", [("a", [[1.0, 1.0]]), ("b", [[4.0, 0.0]])], ("#111", "#222"))
    minidom.parseString(drawn)
    wide = [float(w) for w in re.findall(r'width="([\d.]+)" height="10"', drawn)]
    assert wide[0] == wide[1]
    assert wide[2] == pytest.approx(4 * wide[0], abs=0.3)
