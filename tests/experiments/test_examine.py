"""Examining patterns: kinds of rows, levels as scorers see them, when runs stop."""

import pytest

from model.experiments.patterns.examine import COLUMNS, counts
from model.experiments.patterns.pattern_kinds import Seen
from tests.experiments.patterns_small import (
    IDLE,
    MARGIN,
    SAID,
    effect,
    examined,
    patterns,
    world,
)

SEEN = Seen(leaders=0.4, shift={"product": 0.3, "process": -0.2})


def test_the_same_world_has_no_effect_at_all():
    twins = {"one": world(), "other": world()}
    enough = {
        "sampling": {"batch": 5, "most": 10}
    }  # equal values of which more is known than chance
    row = examined(patterns(twins, enough, same=effect("neutral"))).iloc[0]
    assert (row["effect"], row["low"], row["high"]) == (0.0, 0.0, 0.0)
    assert row["verdict"] == "reproduced"


def test_a_claim_that_is_false_is_contradicted():
    worlds = {"one": world(IDLE), "other": world()}
    table = examined(patterns(worlds, so=effect("negative"), not_so=effect("positive"))).set_index(
        "pattern"
    )
    assert table["verdict"].to_dict() == {"so": "reproduced", "not_so": "contradicted"}
    assert table.loc["not_so", "remark"] == "wrong sign"


def test_arms_that_cancel_have_no_interaction():
    worlds = {"one": world(), "other": world(IDLE)}
    said = {"kind": "interaction", "both": "one", "first": "one", "second": "other",
            "neither": "other", "expect": {"process": "neutral"}}  # fmt: skip
    assert examined(patterns(worlds, sum=SAID | said)).iloc[0]["effect"] == 0.0


def test_all_kinds_give_rows_in_the_order_of_the_file():
    listed = {
        "level": SAID | {"kind": "level", "worlds": ("one", "other"), "between": {"gini": (0, 1)}},
        "change": SAID | {"kind": "change", "worlds": ("one",), "early": (0, 3), "late": (8, 11),
                          "between": {"process": (-3, 3)}},
        "trend": SAID | {"kind": "trend", "world": "one", "early": (0, 3), "late": (8, 11),
                         "expect": {"process": "positive", "product": "positive"}},
        "fall": SAID | {"kind": "trend", "world": "one", "against": "one", "early": (0, 3),
                        "late": (8, 11), "expect": {"process": "neutral"}},
        "contrast": SAID | {"kind": "contrast", "world": "one", "of": "network",
                            "expect": {"process": "positive"}},
        "none": SAID | {"kind": "absent", "measures": ("process", "product")},
    }  # fmt: skip
    table = examined(patterns({"one": world(), "other": world()}, **listed))
    assert list(table["pattern"]) == [
        "level", "change", "trend", "trend", "fall", "contrast", "none", "none",
    ]  # fmt: skip
    assert list(table["measure"]) == [
        "gini", "process", "process", "product", "process", "process", "process", "product",
    ]  # fmt: skip
    assert set(table.columns) == set(COLUMNS) - {"file"}
    assert table["effect"].iloc[4] == 0.0
    assert table["effect"].iloc[1] == table["effect"].iloc[2], "a change is a trend with a range"
    facts = counts(table)
    verdicts = [facts[key] for key in ("reproduced", "contradicted", "undecided", "not_applicable")]
    assert facts["patterns"] == sum(verdicts) == 8
    assert facts["not_applicable"] == 2
    assert facts["by_group"]["Tests"] == {k: v for k, v in facts.items() if k != "by_group"}


def test_a_level_is_what_scorers_see_of_it():
    """Some of the mean firm, some of the leading fifth, and moved; both of the same runs."""
    level = SAID | {"kind": "level", "worlds": ("one",), "between": {"process": (0, 3)}}
    seen = {"leaders": 0.4, "shift": {"process": 0.25}}
    ahead = SAID | {"kind": "level", "worlds": ("one",), "between": {"process_leading": (0, 3)}}
    listed = {"as_it_is": level, "leading": ahead, "seen": level | {"seen": seen}}
    listed["below"] = level | {"seen": {"shift": {"process": -3.0}}}
    file = patterns({"one": world()}, {"sampling": {"batch": 4, "most": 4}}, **listed)
    found = examined(file).set_index("pattern")["effect"]
    assert found["leading"] > found["as_it_is"] > 0
    mixed = 0.6 * found["as_it_is"] + 0.4 * found["leading"] + 0.25
    assert found["seen"] == pytest.approx(mixed)
    assert found["below"] == 0.0, "there is no score below 0"


@pytest.mark.parametrize(
    ("half_width", "quick", "replicates"),
    [(1.0, False, 4), (1e-9, False, 16), (1e-9, True, 4)],
)
def test_runs_are_added_until_the_interval_is_narrow_or_patience_ends(
    half_width, quick, replicates
):
    file = patterns(
        {"one": world(), "other": world(IDLE)},
        {"sampling": {"batch": 4, "most": 16}},
        MARGIN | {"neutral": 1.0, "least": 1.0, "half_width": half_width},
        one=effect("positive"),
    )
    batches = []

    def meter(batch, total):
        from contextlib import nullcontext

        batches.append((batch, total))
        return nullcontext(lambda runs, failed, resumed: None)

    row = examined(file, quick=quick, meter=meter).iloc[0]
    assert row["replicates"] == replicates
    assert batches == [(n + 1, 2 * 4) for n in range(replicates // 4)]
