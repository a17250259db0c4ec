"""Names are text whatever they look like, and titles are shown letter by letter, through all commands.

Arms, levels and worlds here are called like switches, numbers and missing values; titles hold the signs
by which a terminal, a figure and a page are told to style text.
"""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

from model.experiments.points.point_tables import WHOLE
from model.records.result_files import TEXT_COLUMNS, read_table
from model.scenario.files import dump_toml
from run import door
from tests.experiments.patterns_small import IDLE, MARGIN, SAID, SCORE, world
from tests.experiments.small import write

NAMES = ("true", "inf", "null", "none", "nan", "false", "na")
SIGNS = "[red]odd[/red] $x_1$ :sob: <b>&"  # nobody's markup, nobody's mathematics
BUDGETS = (1000001.0, 1000002.0)
OUTCOMES = """
[[outcomes]]
measure = "product"
title = "[blue]Made[/blue] $y^2$"
"""
ARMS = (
    f'title = "{SIGNS}"\nquestion = "{SIGNS}?"\nbase = "world.toml"\nbaseline = "true"\n{OUTCOMES}\n'
    + "\n".join(
        f'[arms."{name}"]\ntitle = "{SIGNS} {name}"\noverlay.institutions.club.budget = {number}.0'
        for number, name in enumerate(NAMES)
    )
)
LEVELS = "\n".join(
    f'[{{0}}.odd.levels."{name}"]\noverlay.institutions.club.hour_price = {1 + number}.0'
    for number, name in enumerate(NAMES)
)
CROSSED = (
    f'title = "{SIGNS}"\nbase = "world.toml"\nbaseline = "true__2"\n{OUTCOMES}\n'
    f'[factors.odd]\ntitle = "{SIGNS}"\n{LEVELS.format("factors")}\n'
    "[factors.ties]\nkey = \"communities.here.ties\"\nvalues = [2.0, 4.0]\n"
)  # fmt: skip
SWEPT = (
    f'title = "{SIGNS}"\nquestion = "{SIGNS}?"\nbase = "world.toml"\nreplicates = 2\n{OUTCOMES}\n'
    f'[vary.odd]\ntitle = "{SIGNS}"\n{LEVELS.format("vary")}\n'
    f'[vary.money]\nkey = "institutions.club.budget"\nvalues = {list(BUDGETS)}\n'
)
STUDIED = (
    f'title = "{SIGNS}"\nquestion = "{SIGNS}?"\nbase = "world.toml"\nreplicates = 2\n{OUTCOMES}\n'
    f'[vary.odd]\ntitle = "{SIGNS}"\n{LEVELS.format("vary")}\n'
    '[vary.ties]\nkey = "communities.here.ties"\nlow = 1.0\nhigh = 4.0\n'
    "[sobol]\nsamples = 8\n[morris]\ntrajectories = 4\n[tornado]\nreplicates = 2\n"
    '[discovery]\noutcome = "product"\nthreshold = 0.3\npoints = 40\n'
)


def pattern_text() -> str:
    worlds = {"true": world(), "inf": world(IDLE)}
    listed = {
        name: SAID
        | {"kind": "effect", "treatment": "inf", "control": "true", "title": f"{SIGNS} {name}"}
        | {"group": SIGNS, "expect": {"process": "negative"}}
        for name in ("null", "nan", "true")
    }
    return dump_toml(
        {
            "title": SIGNS,
            "sampling": {"batch": 4, "most": 4},
            "margins": {SCORE: MARGIN},
            "worlds": {n: w.model_dump(mode="json", exclude_none=True) for n, w in worlds.items()},
            "patterns": listed,
        }
    )


ASKED = {
    "arms": ("compare", ARMS),
    "crossed": ("compare", CROSSED),
    "swept": ("sweep", SWEPT),
    "studied": ("sensitivity", STUDIED),
    "patterns": ("patterns", pattern_text()),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, str]]:
    """The folder that each command wrote, and what it printed."""
    return {}


def result(made: dict, what: str, capsys, folder: Path) -> tuple[Path, str]:
    if what not in made:
        command, text = ASKED[what]
        folder.mkdir(parents=True, exist_ok=True)
        file, out = write(folder, what, text), folder / "out"
        asked = [command, str(file), "--out", str(out), "--quiet", "--json"]
        if command == "compare":
            asked += ["--replicates", "2"]
        assert door(asked) == 0, capsys.readouterr().err
        made[what] = out, capsys.readouterr().out
    return made[what]


@pytest.mark.parametrize("what", ASKED)
def test_titles_are_shown_letter_by_letter(made, what, capsys, tmp_path):
    out, printed = result(made, what, capsys, tmp_path)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert "not_drawn" not in manifest, "every figure is there"
    page = (out / "report.html").read_text(encoding="utf-8")
    assert SIGNS not in page
    assert " ".join(SIGNS.split()) in unescape(page)
    wide = "".join(printed.split())  # tables of a terminal break lines where they like
    signs = "$y^2$" if what not in ("patterns", "swept") else "$x_1$" if what == "patterns" else ""
    assert signs in wide
    assert "[/" in wide or what == "swept"
    drawn = unescape("".join(f.read_text(encoding="utf-8") for f in sorted(out.glob("*.svg"))))
    assert ("[/" in drawn and "$" in drawn) or not drawn
    assert "mathdefault" not in drawn


def test_arms_keep_their_names(made, capsys, tmp_path):
    out, _ = result(made, "arms", capsys, tmp_path)
    for table in ("effects", "ranking", "gains"):
        assert set(read_table(out, table)["arm"]) == set(NAMES) - (
            set() if table == "ranking" else {"true"}
        ), table
    assert set(pd.read_parquet(out / "outcomes.parquet")["arm"]) == set(NAMES)
    assert set(pd.read_parquet(out / "series.parquet")["scenario"]) == set(NAMES)
    told = ["explain", str(out), "--firm", "1", "--scenario", "inf", "--quiet"]
    assert door([*told, "--out", str(tmp_path / "told")]) == 0
    page = unescape((out / "report.html").read_text(encoding="utf-8"))
    assert all(f"{SIGNS} {name}" in page for name in NAMES)


def test_levels_keep_their_names(made, capsys, tmp_path):
    out, _ = result(made, "crossed", capsys, tmp_path)
    table = read_table(out, "factors")
    main = table[(table["kind"] == "main") & (table["factor"] == "odd")]
    assert list(main["level"]) == list(NAMES[1:])
    swept, _ = result(made, "swept", capsys, tmp_path / "swept")
    assert set(read_table(swept, "summary", ["odd"])["odd"]) == set(NAMES)
    page = unescape((swept / "report.html").read_text(encoding="utf-8"))
    assert all(f">{name}<" in page.replace(" ", "") for name in NAMES)


def test_inputs_are_told_at_full_precision(made, capsys, tmp_path):
    out, _ = result(made, "swept", capsys, tmp_path)
    short = read_table(out, "summary", ["odd"])
    assert set(short["money"]) == set(BUDGETS)
    assert "1000001" in (out / "summary.csv").read_text(encoding="utf-8")
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "1000001" in page
    assert "1000002" in page
    assert "1e+06" not in page


def test_patterns_and_factors_of_a_study_keep_their_names(made, capsys, tmp_path):
    out, _ = result(made, "patterns", capsys, tmp_path)
    assert list(read_table(out, "patterns")["pattern"]) == ["null", "nan", "true"]
    studied, _ = result(made, "studied", capsys, tmp_path / "studied")
    moved = read_table(studied, "tornado")
    assert set(moved.loc[moved["factor"] == "odd", "setting"]) == set(NAMES)


def test_names_are_declared_as_text_and_numbers_are_not(made, capsys, tmp_path):
    """What tables hold, told by tables without odd names in the columns of numbers."""
    for what in ASKED:
        out, _ = result(made, what, capsys, tmp_path / what)
        for file in out.glob("*.csv"):
            raw = pd.read_csv(file, dtype=str, keep_default_na=False)
            for column in raw.columns.difference(["odd"]):
                given = raw[column][raw[column] != ""]
                numbers = pd.to_numeric(given, errors="coerce").notna().all()
                switches = given.isin(["True", "False"]).all()
                if len(given) and not numbers and not switches:
                    assert column in TEXT_COLUMNS, (file.name, column)
    assert WHOLE == "*"
