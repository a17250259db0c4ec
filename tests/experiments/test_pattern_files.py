"""What a pattern file may say, and the one line that tells a fault; the page that explains it."""

import json
from pathlib import Path

import pytest

from calibration.posterior.sector_levels import PATTERNS, shipped_patterns
from model.experiments.patterns.examine import COLUMNS, rows_of
from model.experiments.patterns.pattern_files import load_patterns
from model.experiments.patterns.pattern_kinds import Interaction
from model.experiments.patterns.verdict import accepted
from model.experiments.question_files import json_schema
from model.scenario.faults import InputError
from tests.experiments.patterns_small import (
    MARGIN,
    SAID,
    SCORE,
    TICKS,
    effect,
    patterns,
    world,
)


@pytest.fixture(scope="module")
def shipped():
    return shipped_patterns()


BAD = {
    "a world that is not there": (
        effect("neutral", treatment="on"), "patterns.x.treatment", "did you mean one?",
    ),
    "a measure that is not there": (
        effect("neutral", expect={"proces": "neutral"}), "patterns.x.expect.proces",
        "did you mean process?",
    ),
    "a unit without margin": (
        effect("neutral", expect={"gini": "neutral"}), "patterns.x.expect.gini",
        'add [margins."Gini 0-1"]',
    ),
    "a sign that is none": (
        effect("up"), "patterns.x.effect.expect.process", '"positive"',
    ),
    "a measure of no single firm": (
        effect("neutral", among={"of": "network"}, expect={"product_p10": "neutral"}),
        "patterns.x.expect.product_p10", "is no measure of a single firm",
    ),
    "a chain that is not there": (
        effect("neutral", among={"of": "net_work"}), "patterns.x.among.of", "network",
    ),
    "firms at a time": (
        effect("neutral", among={"of": "network"}, at=(0, 3)), "patterns.x.among", "at the end",
    ),
    "a community that is not there": (
        effect("neutral", community="her"), "patterns.x.community", "did you mean here?",
    ),
    "a quarter after the end": (
        effect("neutral", at=(4, TICKS)), "patterns.x.at", f"from 0 to {TICKS - 1}",
    ),
    "worlds of two horizons": (
        effect("neutral", treatment="short"), "patterns.x.treatment", "one run.ticks",
    ),
    "a range the wrong way round": (
        SAID | {"kind": "level", "worlds": ("one",), "between": {"gini": (1, 0)}},
        "patterns.x.between.gini", "the lower one first",
    ),
    "a change the wrong way round": (
        SAID | {"kind": "change", "worlds": ("one",), "early": (0, 3), "late": (4, 7),
                "between": {"gini": (1, 0)}},
        "patterns.x.between.gini", "the lower one first",
    ),
    "a share of firms that nobody leads": (
        SAID | {"kind": "level", "worlds": ("one",), "between": {"gini": (0, 1)},
                "seen": {"leaders": 0.5}},
        "patterns.x.between.gini", "only scores of upgrading",
    ),
    "a shift of what is not asked": (
        SAID | {"kind": "level", "worlds": ("one",), "between": {"product": (0, 1)},
                "seen": {"shift": {"proces": 0.5}}},
        "patterns.x.seen.shift.proces", "is not in between",
    ),
    "no kind": (effect("neutral") | {"kind": "affect"}, "patterns.x.kind", "effect"),
    "a key that is none": (effect("neutral", treated="one"), "patterns.x.treated", "treatment"),
}  # fmt: skip


@pytest.mark.parametrize(("pattern", "key", "said"), BAD.values(), ids=BAD)
def test_a_fault_is_one_line_that_teaches(tmp_path, pattern, key, said):
    from model.scenario.files import dump_toml

    short = world({"run": {"ticks": 8}})
    worlds = {"one": world(), "other": world(), "short": short}
    data = {
        "title": "Tests",
        "margins": {SCORE: MARGIN},
        "worlds": {n: w.model_dump(mode="json", exclude_none=True) for n, w in worlds.items()},
        "patterns": {"x": pattern},
    }
    path = tmp_path / "patterns.toml"
    path.write_text(dump_toml(data), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_patterns(path)
    (fault,) = caught.value.faults
    assert key.replace(".effect.", ".") in str(fault), fault
    assert said in str(fault)


@pytest.mark.parametrize(
    ("margin", "said"),
    [
        ({"neutral": 0.25}, "neutral: must be at most least"),
        ({"half_width": 0.3}, "half_width: must be at most neutral"),
    ],
)
def test_a_margin_that_decides_nothing_is_a_fault(margin, said):
    with pytest.raises(ValueError, match=said):
        patterns({"one": world(), "other": world()}, None, MARGIN | margin, x=effect("neutral"))


def test_bands_that_overlap_are_told_with_file_and_margin(tmp_path):
    text = (PATTERNS / "stuck.toml").read_text(encoding="utf-8")
    text = text.replace("../worlds/", PATTERNS.parent.as_posix() + "/worlds/")
    text = text.replace("../institutions/", PATTERNS.parent.as_posix() + "/institutions/")
    text = text.replace('"worlds/', f'"{PATTERNS.as_posix()}/worlds/')
    path = tmp_path / "overlapping.toml"
    path.write_text(text.replace("neutral = 0.1", "neutral = 0.25"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_patterns(path)
    (fault,) = caught.value.faults
    assert str(fault).startswith(
        f'{fault.file}: margins."score 0-3".neutral = 0.25: must be at most'
    )
    assert fault.file.endswith("overlapping.toml")
    assert str(fault).endswith("write neutral = 0.1")


def test_no_effect_meets_both_a_sign_and_its_absence(shipped):
    """The half-line of a sign and the band of none meet in a point at most, in every file that ships."""
    for file in shipped.values():
        for margin in file.margins.values():
            none, positive, negative = (
                accepted(e, margin.neutral, margin.least)
                for e in ("neutral", "positive", "negative")
            )
            assert negative[1] <= none[0] < 0 < none[1] <= positive[0]


def test_an_interaction_that_is_claimed_is_asked_to_be_there(shipped):
    claimed = [
        sign
        for file in shipped.values()
        for pattern in file.patterns.values()
        if isinstance(pattern, Interaction)
        for sign in pattern.expect.values()
    ]
    assert claimed == ["positive"] * 4


def test_a_setting_is_laid_over_every_world_and_its_fault_told_once():
    path = PATTERNS / "gpr05_table4.toml"
    file = load_patterns(path, ["run.ticks=9"])
    assert {w.run.ticks for w in file.worlds.values()} == {9}
    with pytest.raises(InputError) as caught:
        load_patterns(path, ["run.tick=9"])
    assert len(caught.value.faults) == 1


def test_the_schema_knows_the_kinds():
    schema = json.dumps(json_schema("pattern"))
    assert all(f'"{kind}"' in schema for kind in ("effect", "interaction", "rank", "absent"))


# The page


PAGE = Path(__file__).parents[2] / "docs" / "patterns.md"


def test_the_page_tells_every_column_and_kind():
    text = PAGE.read_text(encoding="utf-8")
    assert [column for column in COLUMNS if f"`{column}`" not in text] == []
    kinds = ("effect", "interaction", "level", "change", "trend", "contrast", "rank", "absent")
    assert [kind for kind in kinds if f"| `{kind}` |" not in text] == []


def test_the_example_on_the_page_would_do(tmp_path):
    example = PAGE.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
    path = tmp_path / "trust.toml"
    path.write_text(example.replace("../cases", PATTERNS.parent.as_posix() + "/cases"))
    assert [row.measure for row in rows_of(load_patterns(path))] == ["product", "ce_bilateral"]
