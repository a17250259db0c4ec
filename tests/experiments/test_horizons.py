"""Verdicts at several years: the same as if the run had stopped there."""

import json
from pathlib import Path

import pytest

from calibration.posterior.sector_levels import PATTERNS
from model.experiments.patterns.examine import examine
from model.experiments.patterns.horizons import COLUMNS, examine_horizons, facts
from model.experiments.patterns.no_effect import examine_nothing
from model.experiments.patterns.pattern_files import load_patterns
from model.report.all_verdicts import verdicts_page
from run import door
from tests.experiments.patterns_small import IDLE, SAID, TICKS, effect, examined, patterns, world

YEARS = (2, 4, 6)
LISTED = {
    "all": effect("positive"),
    "inside": effect("neutral", among={"of": "network"}),
    "dated": effect("positive", at=(0, 3)),
    "ahead": SAID | {"kind": "contrast", "world": "one", "of": "network",
                     "expect": {"process": "positive"}},
    "both": SAID | {"kind": "interaction", "both": "one", "first": "other", "second": "other",
                    "neither": "other", "expect": {"process": "positive"}},
    "much": SAID | {"kind": "level", "worlds": ("one",), "between": {"process": (0.0, 3.0)}},
    "rise": SAID | {"kind": "trend", "world": "one", "early": (0, 3), "late": (8, 11),
                    "expect": {"process": "positive"}},
}  # fmt: skip


def worlds(ticks):
    return {"one": world(ticks=ticks), "other": world(IDLE, ticks=ticks)}


@pytest.fixture(scope="module")
def table():
    file = patterns(worlds(TICKS), {"horizons": YEARS}, **LISTED)
    return examined(file, examine_horizons).assign(file="small")


def test_a_row_for_each_year_of_what_has_no_dates_of_its_own(table):
    assert list(table["pattern"].unique()) == ["all", "inside", "dated", "ahead", "both", "much"]
    assert (table.groupby("pattern")["year"].apply(tuple) == YEARS).all()
    assert set(table.columns) == set(COLUMNS)


@pytest.mark.parametrize("year", YEARS)
def test_a_year_is_what_a_run_that_ends_there_says(table, year):
    """Means of firms too, which are looked up on the way; the first batch, as both stop by width."""
    undated = {name: said for name, said in LISTED.items() if name not in ("dated", "rise")}
    stopped = examined(patterns(worlds(4 * year), **undated)).set_index("pattern")
    then = table[table["year"] == year].set_index("pattern")
    for name in undated:
        if then.loc[name, "replicates"] == stopped.loc[name, "replicates"]:
            assert then.loc[name, "effect"] == stopped.loc[name, "effect"]
            assert then.loc[name, "verdict"] == stopped.loc[name, "verdict"]
    assert (then.loc[list(undated), "replicates"] == stopped["replicates"]).any()


def test_a_sign_that_comes_late_is_a_change(table):
    said = facts(table)
    assert said["years"] == list(YEARS)
    assert said["rows"] == 6
    rows = table.groupby("pattern")["verdict"].nunique()
    assert said["changed"] == (rows > 1).sum()
    assert 0 < said["changed"] < 6
    steady = table[table["pattern"] == "much"]
    assert not steady["changed"].any()
    assert (steady["verdict"] == "reproduced").all()


def test_what_has_dates_of_its_own_has_nothing_to_look_at_again():
    file = patterns(worlds(TICKS), {"horizons": YEARS}, rise=LISTED["rise"])
    said = facts(examined(file, examine_horizons).assign(file="small"))
    assert (said["rows"], said["changed"], said["years"]) == (0, 0, [])


def test_files_whose_signs_are_of_no_date_say_their_years():
    for name in ("gpr05_table4", "mp17"):
        assert load_patterns(PATTERNS / f"{name}.toml").horizons == (10, 20, 40, 60)


def small_file(tmp_path, horizons):
    from model.scenario.files import dump_toml

    file = patterns(worlds(TICKS), {"horizons": horizons}, one=effect("positive"))
    data = file.model_dump(mode="json", exclude_none=True)
    path = tmp_path / "small.toml"
    path.write_text(dump_toml(data), encoding="utf-8")
    return path


def test_the_command_writes_the_years_and_says_how_many_verdicts_change(tmp_path, capsys):
    out = tmp_path / "out"
    path = small_file(tmp_path, YEARS)
    options = ["--horizons", "--json", "--quiet", "--out", str(out)]
    assert door(["patterns", str(path), *options]) == 0
    facts = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert facts["horizons"]["years"] == list(YEARS)
    assert facts["horizons"]["changed"] in (0, 1)
    assert facts["no_effect_world"] == {"signs": 1, "signs_met": 0}
    header = (out / "horizons.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == ",".join(COLUMNS)


def test_files_without_years_have_no_horizons_to_look_at(tmp_path, capsys):
    path = small_file(tmp_path, ())
    assert door(["patterns", str(path), "--horizons", "--out", str(tmp_path / "out")]) == 2
    assert "horizons: is said by none of them" in capsys.readouterr().err


def test_the_page_tells_every_column():
    page = (Path(__file__).parents[2] / "docs" / "patterns.md").read_text(encoding="utf-8")
    (told,) = (part for part in page.split("\n\n") if part.startswith("`horizons.csv`"))
    assert [column for column in COLUMNS if f"`{column}`" not in told] == []


def test_the_page_of_docs_has_every_row_and_the_years_at_which_it_changes(table):
    file = patterns(worlds(TICKS), {"horizons": YEARS}, **LISTED)
    found, nothing = (
        examined(file, look).assign(file="small") for look in (examine, examine_nothing)
    )
    later = table.copy()
    later.loc[later["pattern"] == "ahead", ["verdict", "changed", "reversed"]] = [
        "contradicted", True, True,
    ]  # fmt: skip
    page = verdicts_page(found, nothing, later, {"small": "Tests"}, quick=False)
    listed = page[: page.index("## At other years")]
    assert sum(line.startswith("| Tests: A test") for line in listed.splitlines()) == len(found)
    reproduced = int((found["verdict"] == "reproduced").sum())
    assert f"**{reproduced} of {len(found)} rows that apply are reproduced" in page
    (ahead,) = (line for line in page.splitlines() if line.startswith("| small/ahead"))
    assert ahead.count("(contradicted)") == len(YEARS)
    assert "| small/all" not in page or later.query("pattern == 'all'")["changed"].any()
