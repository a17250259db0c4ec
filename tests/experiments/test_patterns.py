"""Patterns: what a file may say, what is measured, when runs stop, what the verdict is."""

import json
import tomllib
from math import inf, nan
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from calibration.evidence.case_tables import (
    DIMENSIONS,
    load_context_facts,
    load_sector_collective_efficiency,
    load_sector_patterns,
)
from calibration.evidence.sector_levels import PATTERNS, levels, shipped_patterns
from calibration.evidence.starting_conditions import load_starting_points
from calibration.posterior.shipped_posterior import shipped_posterior, shipped_scoring
from model.experiments.experiment import load_experiment
from model.experiments.intervals import interval_of_mean
from model.experiments.patterns.examine import COLUMNS, counts, examine, rows_of
from model.experiments.patterns.pattern_files import PatternFile, load_patterns
from model.experiments.patterns.pattern_kinds import Absent, Effect, Interaction, Seen, worlds_of
from model.experiments.patterns.pattern_quantities import FirmMean, Lead, Sample, Tally
from model.experiments.patterns.verdict import accepted, remark, verdict
from model.experiments.question_files import check_file, json_schema
from model.records.records import simulate
from model.scenario.faults import InputError
from run import door
from tests.worlds import ACROSS, BOARDS, MODES, NO_TURNOVER, ONE, TWO, neutral, scenario

TICKS = 12
SCORE = "score 0-3"
MARGIN = {"neutral": 0.1, "least": 0.1, "half_width": 0.1, "reason": "a test"}
SAID = {"group": "Tests", "title": "A test", "claim": "It is so.", "source": "nobody"}
RUN = {"run": {"ticks": TICKS, "seed": 3}}
IDLE = neutral("interaction")
SEEN = Seen(leaders=0.4, shift={"product": 0.3, "process": -0.2})


def world(*layers):
    return scenario(ONE, TWO, ACROSS, MODES, BOARDS, RUN, *layers)


def effect(expectation, treatment="one", control="other", **more):
    said = {"kind": "effect", "treatment": treatment, "control": control}
    return SAID | said | {"expect": {"process": expectation}} | more


def patterns(worlds, margin=MARGIN, sampling=None, **listed):
    data = {"title": "Tests", "margins": {SCORE: margin}, "worlds": worlds, "patterns": listed}
    return PatternFile.model_validate(data | ({"sampling": sampling} if sampling else {}))


# Verdicts


@pytest.mark.parametrize(
    ("expectation", "low", "high", "expected"),
    [
        ("positive", 0.11, 0.3, "reproduced"),
        ("positive", 0.05, 0.3, "undecided"),
        ("positive", 0.02, 0.09, "contradicted"),
        ("positive", -0.4, -0.3, "contradicted"),
        ("negative", -0.3, -0.11, "reproduced"),
        ("negative", 0.1, 0.2, "contradicted"),
        ("neutral", -0.09, 0.09, "reproduced"),
        ("neutral", -0.01, 0.11, "undecided"),
        ("neutral", 0.11, 0.4, "contradicted"),
        ("neutral", -5.0, 5.0, "undecided"),  # not significant is not neutral
        ("neutral_or_positive", -0.09, 9.0, "reproduced"),
        ("neutral_or_positive", -0.4, -0.3, "contradicted"),
        ("neutral_or_negative", -9.0, 0.09, "reproduced"),
        ("neutral_or_negative", 0.3, 0.4, "contradicted"),
        ("neutral", nan, nan, "undecided"),
    ],
)
def test_an_expectation_accepts_a_range_and_the_interval_lies_in_or_out(
    expectation, low, high, expected
):
    assert verdict(low, high, accepted(expectation, neutral=0.1, least=0.1)) == expected


def test_a_remark_says_what_is_wrong():
    positive, neutral = (accepted(e, 0.1, 0.1) for e in ("positive", "neutral"))
    assert remark("positive", positive, 0.2, 0.3, 0.1) == ""
    assert remark("positive", positive, 0.02, 0.05, 0.1) == "right sign, too small to count"
    assert remark("positive", positive, -0.02, 0.05, 0.1) == "no effect to speak of"
    assert remark("positive", positive, -0.5, -0.4, 0.1) == "wrong sign"
    assert remark("positive", positive, 0.05, 0.4, 0.1) == "lies astride 0.1"
    assert remark("neutral", neutral, 0.3, 0.4, 0.1) == "too high"
    assert remark("neutral", neutral, nan, nan, 0.1) == "could not be measured"


def test_the_interval_is_that_of_student():
    values = np.random.default_rng(1).normal(2.0, 3.0, 25)
    mean, low, high = interval_of_mean(values)
    expected = stats.t.interval(0.95, 24, loc=values.mean(), scale=stats.sem(values))
    assert (low, high) == pytest.approx(expected)
    assert mean == values.mean()


@pytest.mark.parametrize("values", [[], [1.0]])
def test_too_few_values_have_no_interval(values):
    _, low, high = interval_of_mean(np.array(values))
    assert np.isnan([low, high]).all()


def test_stopping_by_width_leaves_the_interval_its_coverage():
    """Batches of 20 until the half-width is 0.25: the interval still covers the mean."""
    draws = np.random.default_rng(2)
    covered = 0
    for _ in range(600):
        values = np.zeros(0)
        low = high = nan
        while not high - low <= 0.5:
            values = np.append(values, draws.normal(size=20))
            _, low, high = interval_of_mean(values)
        covered += low <= 0.0 <= high
    assert covered / 600 == pytest.approx(0.95, abs=0.025)


# What is measured: against records, which are made another way


@pytest.fixture(scope="module")
def sample_and_records():
    scenarios = {"one": world(), "other": world(IDLE)}
    tally = Tally("process", None, 4, 9)
    here = Tally("in_chain", "there", TICKS - 1, TICKS - 1)
    lead = Lead((("engineering",), ("practice", "peer")), (("machinery",),), ("process", "product"))
    firms = FirmMean("process", "network", True, "one", ("one", "other"))
    sample = Sample(scenarios)
    wanted = [(name, q) for name in scenarios for q in (tally, here, lead, firms)]
    for replicates in (range(0, 2), range(2, 5)):
        sample.extend(wanted, replicates)
    return sample, simulate(scenarios, 5), (tally, here, lead, firms)


def test_a_tally_is_the_mean_over_quarters_of_the_series(sample_and_records):
    sample, records, (tally, here, _, _) = sample_and_records
    country = records.country
    some = country[(country["scenario"] == "other") & country["tick"].between(4, 9)]
    expected = some.groupby("replicate")["process"].mean()
    np.testing.assert_allclose(sample.values("other", tally), expected)
    last = records.series.query(
        f"scenario == 'one' and tick == {TICKS - 1} and community == 'there'"
    )
    np.testing.assert_allclose(sample.values("one", here), last["in_chain"])


def test_firms_owned_from_abroad_are_told_from_local_ones():
    owned = world({"communities": {"here": {"foreign": 0.5}}}, NO_TURNOVER)
    sample, records = Sample({"one": owned}), simulate({"one": owned}, 3)
    told = {
        inside: FirmMean("process", "foreign", inside, "one", ("one",)) for inside in (True, False)
    }
    sample.extend([("one", quantity) for quantity in told.values()], range(3))
    firms = records.firms
    for inside, quantity in told.items():
        mine = firms[(firms["ownership"] != "local") == inside]
        expected = mine.groupby("replicate")["process"].mean()
        np.testing.assert_allclose(sample.values("one", quantity), expected)


def test_a_lead_is_read_off_the_ledger(sample_and_records):
    sample, records, (*_, lead, _) = sample_and_records
    ledger = records.ledger
    for name in ("one", "other"):
        found = []
        for replicate in range(5):
            mine = ledger[
                (ledger["scenario"] == name)
                & (ledger["replicate"] == replicate)
                & ledger["dimension"].isin(["process", "product"])
            ]
            n = mine["channel"].value_counts()
            top = (n["engineering"], n["practice"] + n["peer"])
            below = n["machinery"]
            total = sum(top) + below
            found.append((min(top) - below) / total if total else nan)
        np.testing.assert_allclose(sample.values(name, lead), found)


def test_a_mean_of_firms_is_of_the_same_firms_in_both_worlds(sample_and_records):
    sample, records, (*_, firms) = sample_and_records
    table = records.firms.set_index(["scenario", "replicate", "firm", "born"])
    one, other = table.loc["one"], table.loc["other"]
    both = one.index.intersection(other.index)
    inside = one.loc[both]["chains"].str.split().map(lambda chains: "network" in chains)
    for name, lives in (("one", one), ("other", other)):
        expected = lives.loc[both][inside.to_numpy()].groupby("replicate")["process"].mean()
        np.testing.assert_allclose(sample.values(name, firms), expected)


def test_two_batches_are_one(sample_and_records):
    sample, _, quantities = sample_and_records
    at_once = Sample(sample.scenarios)
    at_once.extend([(name, q) for name in sample.scenarios for q in quantities], range(5))
    for name in sample.scenarios:
        for quantity in quantities:
            np.testing.assert_array_equal(
                sample.values(name, quantity), at_once.values(name, quantity)
            )


def test_another_seed_gives_other_numbers(sample_and_records):
    sample, _, (tally, *_) = sample_and_records
    other = Sample(sample.scenarios, seed=4)
    other.extend([("one", tally)], range(2))
    assert (other.values("one", tally) != sample.values("one", tally)[:2]).all()


# Examining


def test_the_same_world_has_no_effect_at_all():
    twins = {"one": world(), "other": world()}
    row = examine(patterns(twins, same=effect("neutral"))).iloc[0]
    assert (row["effect"], row["low"], row["high"]) == (0.0, 0.0, 0.0)
    assert row["verdict"] == "reproduced"


def test_a_claim_that_is_false_is_contradicted():
    worlds = {"one": world(IDLE), "other": world()}
    table = examine(
        patterns(worlds, so=effect("negative"), not_so=effect("positive")), workers=2
    ).set_index("pattern")
    assert table["verdict"].to_dict() == {"so": "reproduced", "not_so": "contradicted"}
    assert table.loc["not_so", "remark"] == "wrong sign"


def test_arms_that_cancel_have_no_interaction():
    worlds = {"one": world(), "other": world(IDLE)}
    said = {"kind": "interaction", "both": "one", "first": "one", "second": "other",
            "neither": "other", "expect": {"process": "neutral"}}  # fmt: skip
    assert examine(patterns(worlds, sum=SAID | said)).iloc[0]["effect"] == 0.0


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
    table = examine(patterns({"one": world(), "other": world()}, **listed))
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
    file = patterns({"one": world()}, sampling={"batch": 4, "most": 4}, **listed)
    found = examine(file).set_index("pattern")["effect"]
    assert found["leading"] > found["as_it_is"] > 0
    mixed = 0.6 * found["as_it_is"] + 0.4 * found["leading"] + 0.25
    assert found["seen"] == pytest.approx(mixed)
    assert found["below"] == 0.0, "there is no score below 0"


@pytest.mark.parametrize(
    ("half_width", "quick", "replicates"),
    [(0.3, False, 4), (1e-9, False, 16), (1e-9, True, 4)],
)
def test_runs_are_added_until_the_interval_is_narrow_or_patience_ends(
    half_width, quick, replicates
):
    file = patterns(
        {"one": world(), "other": world(IDLE)},
        MARGIN | {"neutral": 0.3, "least": 0.3, "half_width": half_width},
        {"batch": 4, "most": 16},
        one=effect("positive"),
    )
    batches = []

    def meter(batch, total):
        from contextlib import nullcontext

        batches.append((batch, total))
        return nullcontext(lambda amount: None)

    row = examine(file, quick=quick, meter=meter).iloc[0]
    assert row["replicates"] == replicates
    assert batches == [(n + 1, 2 * 4 * TICKS) for n in range(replicates // 4)]


# Files


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
        patterns({"one": world(), "other": world()}, MARGIN | margin, x=effect("neutral"))


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
    assert claimed == ["positive"] * 3


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


# The files that ship


@pytest.fixture(scope="module")
def shipped():
    return shipped_patterns(seen=SEEN)


def test_pattern_files_are_checked_like_scenarios():
    for path in PATTERNS.glob("*.toml"):
        assert check_file(path) == "pattern file"


def test_every_world_of_a_file_is_used(shipped):
    """Of an experiment some arms may serve other questions, but not all of them."""
    for name, file in shipped.items():
        used = {world for pattern in file.patterns.values() for _, world in worlds_of(pattern)}
        idle = set(file.worlds) - used
        assert not {w for w in idle if not w.startswith(tuple(f"{e}_" for e in file.experiments))}
        for experiment in file.experiments:
            assert any(world.startswith(f"{experiment}_") for world in used), (name, experiment)


def test_a_world_may_be_the_arm_of_an_experiment(tmp_path):
    """It is that arm, settings included; what is wrong with it is told as of any file."""
    experiments = PATTERNS.parent / "experiments"
    path = tmp_path / "patterns.toml"
    told = f"""
title = "Tests"
[margins."{SCORE}"]
neutral = 0.1
least = 0.1
half_width = 0.1
reason = "a test"
[experiments]
town = "{(experiments / "furniture_local_leader.toml").as_posix()}"
[patterns.x]
kind = "effect"
group = "Tests"
title = "A test"
claim = "It is so."
source = "nobody"
treatment = "town_leader"
control = "town_merchants"
expect = {{ process = "neutral" }}
"""
    path.write_text(told, encoding="utf-8")
    arms = load_experiment(experiments / "furniture_local_leader.toml").scenarios
    assert load_patterns(path).worlds == {f"town_{arm}": arms[arm] for arm in arms}
    shorter = load_patterns(path, ["run.ticks=9"])
    assert {scenario.run.ticks for scenario in shorter.worlds.values()} == {9}

    def fault(*changes):
        path.write_text(told + "".join(changes), encoding="utf-8")
        with pytest.raises(InputError) as caught:
            load_patterns(path)
        (only,) = caught.value.faults
        return str(only)

    town = (PATTERNS.parent / "worlds" / "furniture_local_leader.toml").as_posix()
    assert "worlds.town_leader" in fault(f'[worlds.town_leader]\nextends = "{town}"\n')
    told = told.replace("furniture_local_leader.toml", "furniture_local_leaders.toml")
    assert "furniture_local_leaders.toml" in fault()


REVISED = {("collective_efficiency", "traditional", "functional"): "neutral_or_positive"}
"""Read with the text: section 5c i says positive, albeit weak, where the table says neutral."""


def test_the_signs_are_those_of_table_4(shipped):
    """All 24, by driver, way of learning and kind of upgrading; what is revised says so in its note."""
    file = shipped["gpr05_table4"]
    printed = {
        (row.driver.value, row.sector_group, row.upgrading): row.sign.value
        for row in load_sector_patterns()
    }
    titles = {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8"))["title"]
        for path in (PATTERNS.parent / "sectors").glob("*.toml")
    }
    drivers = {"collective efficiency": "collective_efficiency", "global buyers": "global_buyer"}
    said = {}
    for pattern in file.patterns.values():
        heading, _, driver = pattern.group.partition(": ")
        if driver not in drivers:
            continue
        (sector,) = (stem for stem, title in titles.items() if title == pattern.title)
        if isinstance(pattern, Effect):
            trade = file.worlds[pattern.treatment].sectors["trade"]
            assert trade == file.worlds[pattern.control].sectors["trade"]
            assert trade.title == pattern.title
            signs = pattern.expect
        else:
            assert isinstance(pattern, Absent)
            signs = dict.fromkeys(pattern.measures, "none")
        said |= {(drivers[driver], sector, measure): sign for measure, sign in signs.items()}
        assert heading == "GPR05 Table 4"
    assert {cell: said[cell] for cell in said if said[cell] != printed[cell]} == REVISED
    assert "albeit weak" in file.patterns["traditional_efficiency"].note
    assert len(said) == len(printed) == 24


def test_nothing_but_the_driver_is_moved(shipped):
    """Table 4: efficiency moves the nine starting conditions, a buyer is one chain."""
    file = shipped["gpr05_table4"]
    conditions = set(load_starting_points().collective_efficiency)
    for pattern in file.patterns.values():
        if not isinstance(pattern, Effect):
            continue
        one, other = (
            file.worlds[name].model_dump() for name in (pattern.treatment, pattern.control)
        )
        moved = {key for key in one if one[key] != other[key]}
        if pattern.group.endswith("collective efficiency"):
            here, there = (w["communities"]["cluster"] for w in (one, other))
            assert moved == {"communities"}
            assert {key for key in here if here[key] != there[key]} == conditions
        else:
            assert moved == {"chains"}
            assert "buyer" in one["chains"]


@pytest.mark.parametrize("degree", ["low", "medium", "high"])
def test_starting_conditions_are_those_of_the_clusters(degree):
    path = PATTERNS / "worlds" / f"efficiency_{degree}.toml"
    conditions = tomllib.loads(path.read_text(encoding="utf-8"))["communities"]["cluster"]
    points = load_starting_points().collective_efficiency
    assert conditions == {key: entry.at(degree) for key, entry in points.items()}


def test_designs_that_are_compared_cost_the_public_the_same(shipped):
    file = shipped["mp17"]
    for name, pattern in file.patterns.items():
        if not isinstance(pattern, Effect) or pattern.community is not None:
            continue
        budgets = [
            sum(i.budget for i in file.worlds[w].institutions.values())
            for w in (pattern.treatment, pattern.control)
        ]
        assert 0 in budgets or budgets[0] == budgets[1], name


def test_levels_are_made_from_the_evidence():
    rows = {(row.name, row.measure): row for row in rows_of(levels(seen=SEEN))}
    for printed in load_sector_collective_efficiency():
        row = rows[f"{printed.sector_group}_efficiency", "joint_action"]
        assert sum(row.accepts) / 2 == pytest.approx(printed.joint_action)
        assert row.accepts[1] - row.accepts[0] == pytest.approx(2.0)
    product = rows["natural_resource_product", "product"]
    assert sum(product.accepts) / 2 == pytest.approx(29 / 11, abs=1e-3)
    assert product.accepts[1] - product.accepts[0] == pytest.approx(0.5)
    assert product.shift == SEEN.shift["product"]
    weights = {"product": 0.0, "product_leading": 0.0}
    for term in product.terms:
        weights[term.quantity.measure] += term.weight
    assert len(product.terms) == 2 * 11
    assert weights == pytest.approx({"product": 1 - SEEN.leaders, "product_leading": SEEN.leaders})
    (fact,) = (f for f in load_context_facts() if f.fact == "smes_exporting_directly"
               and f.place == "South America")  # fmt: skip
    exporters = rows["smes_exporting_directly", "exporters"].accepts
    assert exporters[0] < fact.low / 100 < exporters[1]


def test_how_scorers_see_a_cluster_is_read_from_the_posterior():
    found, posterior = shipped_scoring(), shipped_posterior()
    assert found.leaders == posterior["measurement.leaders"].median()
    assert found.shift.keys() == set(DIMENSIONS)
    for name, shift in found.shift.items():
        assert shift == posterior[f"measurement.shift_{name}"].median()


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


# The command


def small_file(tmp_path: Path, expectation: str) -> Path:
    from model.scenario.files import dump_toml

    worlds = {"one": world(IDLE), "other": world()}
    data = {
        "title": "Tests",
        "sampling": {"batch": 4, "most": 8},
        "margins": {SCORE: MARGIN},
        "worlds": {n: w.model_dump(mode="json", exclude_none=True) for n, w in worlds.items()},
        "patterns": {"x": effect(expectation)},
    }
    path = tmp_path / "small.toml"
    path.write_text(dump_toml(data), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("expectation", "strict", "code"),
    [("negative", True, 0), ("positive", True, 1), ("positive", False, 0)],
)
def test_the_command_writes_a_table_and_ends_with_one_line(
    tmp_path, capsys, expectation, strict, code
):
    out = tmp_path / "out"
    options = ["--json", "--quiet", "--out", str(out), *(["--strict"] if strict else [])]
    assert door(["patterns", str(small_file(tmp_path, expectation)), *options]) == code
    printed = capsys.readouterr().out
    facts = json.loads(printed.splitlines()[-1])
    assert facts["patterns"] == 1
    assert facts["reproduced"] == (expectation == "negative")
    assert (out / "manifest.json").exists()
    header = (out / "patterns.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == ",".join(COLUMNS)
    assert accepted("positive", 0.25, 0.1) == (0.1, inf)


def test_a_bad_pattern_file_ends_with_2(tmp_path, capsys):
    path = small_file(tmp_path, "upward")
    assert door(["patterns", str(path), "--out", str(tmp_path / "out")]) == 2
    assert "must be" in capsys.readouterr().err
