"""What happens on the way is an event of the timetable."""

import pytest

pytest.importorskip("solara", reason="no Solara: uv run --group viewer pytest")

from model.viewer.design import open_design
from model.viewer.levers import OF_COUNTRY, lever
from model.viewer.library import path_of
from model.viewer.shocks import event_of


def test_money_from_abroad_can_become_dearer_on_the_way():
    design = open_design(path_of("worlds/four_wine_regions"))
    assert OF_COUNTRY == ("exchange_rate",)
    path = ("economy", "exchange_rate")
    event = event_of(lever(design, path), path, 1.5, 4, design.scenario)
    assert event["title"] == "The whole country: exchange rate becomes 1.5"
    changed = design.move(("timetable", "shock_1"), event)
    assert changed.scenario.timetable["shock_1"].economy.exchange_rate == 1.5
    assert changed.scenario.economy.exchange_rate == 1.0
