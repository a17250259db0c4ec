"""A world without effects: nothing differs but luck, and no sign is met."""

from pathlib import Path

import pytest

from calibration.posterior.sector_levels import shipped_patterns
from model.experiments.patterns.examine import rows_of
from model.experiments.patterns.no_effect import COLUMNS, SIGNS, examine_nothing, facts
from model.experiments.patterns.pattern_kinds import Effect, Interaction
from tests.experiments.patterns_small import IDLE, SAID, effect, examined, patterns, world

WORLDS = {"one": world(), "other": world(IDLE)}
BOTH = SAID | {"kind": "interaction", "both": "one", "first": "other", "second": "other",
               "neither": "other", "expect": {"process": "negative"}}  # fmt: skip


def test_only_rows_of_a_sign_are_asked():
    listed = {
        "up": effect("positive"), "down": effect("negative"), "none": effect("neutral"),
        "some": effect("neutral_or_positive"), "both": BOTH,
        "much": SAID | {"kind": "level", "worlds": ("one",), "between": {"process": (0.0, 3.0)}},
    }  # fmt: skip
    table = examined(patterns(WORLDS, **listed), examine_nothing).assign(file="small")
    assert list(table["pattern"]) == ["up", "down", "both"]
    assert set(table.columns) == set(COLUMNS)
    assert facts(table) == {"signs": 3, "signs_met": 0}


def test_a_file_without_signs_has_none_to_meet():
    table = examined(patterns(WORLDS, none=effect("neutral")), examine_nothing)
    assert facts(table) == {"signs": 0, "signs_met": 0}


def test_luck_differs_between_the_arms_and_is_even_handed():
    """Not zero in each replicate, as it would be on common random numbers; zero in the mean."""
    file = patterns(
        WORLDS, {"sampling": {"batch": 60, "most": 60}}, up=effect("positive", control="one")
    )
    row = examined(file, examine_nothing).iloc[0]
    assert row["replicates"] == 60
    assert 0.0 < row["high"] - row["low"] < 0.2
    assert abs(row["effect"]) < row["high"] - row["low"], "within two intervals' halves of none"


def test_whom_a_chain_takes_does_not_make_an_effect():
    """Firms chosen in the treatment under numbers of its own: suppliers are no better in the copies."""
    inside = effect("positive", treatment="one", control="one", among={"of": "network"})
    file = patterns({"one": world()}, {"sampling": {"batch": 60, "most": 60}}, inside=inside)
    row = examined(file, examine_nothing).iloc[0]
    assert row["replicates"] > 10
    assert row["low"] < 0.0 < row["high"]
    assert not row["met"]


def test_a_rule_that_calls_everything_a_sign_is_found_out():
    """The control can fail: with hardly anything asked of an effect, luck meets some signs.

    An interval of 95% leaves out zero at most once in twenty times; more than 17 of 150 would come less
    than once in a thousand, were it so often.
    """
    loose = {"neutral": 1e-6, "least": 1e-6, "half_width": 1e-6, "reason": "a test"}
    small, met = world(ticks=6), 0
    for seed in range(150):
        file = patterns(
            {"one": small}, {"margins": {"score 0-3": loose}},
            up=effect("positive", control="one"), down=effect("negative", control="one"),
        )  # fmt: skip
        met += facts(examined(file, examine_nothing, seed=seed))["signs_met"]
    assert 0 < met <= 17


def test_shipped_files_have_rows_of_signs_to_lose():
    rows = [row for file in shipped_patterns().values() for row in rows_of(file)]
    kinds = Effect | Interaction
    signs = [r for r in rows if isinstance(r.pattern, kinds) and r.expectation in SIGNS]
    assert len(signs) > 80


@pytest.mark.parametrize("seed", [5, 6])
def test_another_seed_is_another_luck(seed):
    file = patterns({"one": world()}, up=effect("positive", control="one"))
    assert (
        examined(file, examine_nothing, seed=seed)["effect"].iloc[0]
        != examined(file, examine_nothing)["effect"].iloc[0]
    )


def test_the_page_tells_every_column():
    page = (Path(__file__).parents[2] / "docs" / "patterns.md").read_text(encoding="utf-8")
    (told,) = (part for part in page.split("\n\n") if part.startswith("`no_effect.csv`"))
    assert [column for column in COLUMNS if f"`{column}`" not in told] == []
