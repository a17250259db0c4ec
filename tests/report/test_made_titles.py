"""Titles that the program makes are in the language of the page: nothing in English is left in any figure."""

from pathlib import Path

import pytest

import run
from model.experiments.factors import Factor
from model.experiments.sensitivity.conditions import (
    levels_said,
    range_said,
    said_again,
    together_said,
)
from model.language import speaking
from model.report.webpage.report_file import brief, report
from tests.experiments.small import write, write_world
from tests.experiments.test_search import SEARCH
from tests.report.english_left import left_in_english, texts_of

OTHERS = ("es", "pt")
PLACES = ("here", "there")
"""Communities of the world for tests, whose names are also words of the program."""
OWN = {"title": "Un mundo", "sectors": {"trade": {"title": "Un oficio"}}}
COMPARED = """
title = "Tres programas"
question = "¿Cuál conviene?"
base = "world.toml"
baseline = "nada"

[[outcomes]]
measure = "product"
at = [5]
[[outcomes]]
measure = "wage"
at = [4, 8]
of = {community = "here"}
less = {community = "there"}
[[outcomes]]
measure = "process"
of = {participants = ["club"], owned = "local"}
less_others = true
chosen_in = "club"
[[outcomes]]
measure = "public_cost"
better = "lower"
[[outcomes]]
measure = "gini"
title = "effect on quarter 5, as its author has it"

[arms.nada]
overlay.institutions.club.budget = 0.0
[arms.club]
[arms.doble]
overlay.institutions.club.budget = 9.0
"""
CROSSED = """
title = "Un factorial"
base = "world.toml"
baseline = "true__0.25"

[factors.inclusive]
key = "institutions.club.access.inclusive"
values = [true, false]
[factors.hour_price]
title = "Precio"
key = "institutions.club.hour_price"
values = [0.25, 1.5]

[[outcomes]]
measure = "product_breadth_1"
at = [9]
of = {community = "here"}
[[outcomes]]
measure = "members"
"""
SWEPT = """
title = "Un barrido"
base = "world.toml"
replicates = 2

[vary.presupuesto]
key = "institutions.club.budget"
values = [0.0, 2.5]
[vary.inclusive]
key = "institutions.club.access.inclusive"
values = [true, false]

[[outcomes]]
measure = "productivity_moving"
at = [5, 8]
[[outcomes]]
measure = "survival"
of = {community = "here"}
"""
SAMPLED = SWEPT.replace("values = [0.0, 2.5]", "low = 0.0\nhigh = 4.0").replace(
    "[[outcomes]]", '[design]\nkind = "latin_hypercube"\npoints = 6\n\n[[outcomes]]', 1
)
STUDIED = """
title = "Un estudio"
base = "world.toml"
replicates = 2

[arm]
title = "Una escuela"
[arm.overlay.institutions.school]
budget = 6.0
access = {inclusive = false}

[[outcomes]]
measure = "product"
at = [9]
[[outcomes]]
measure = "ce_labour"
of = {community = "here"}

[vary.dinero]
key = "institutions.school.budget"
low = 0.0
high = 12.5
[vary.cuota]
key = "institutions.school.access.quota"
values = [0.0, 0.75]

[sobol]
samples = 8
[morris]
trajectories = 4
[tornado]
replicates = 2
[discovery]
outcome = "product_at_9"
threshold = 0.05
points = 60
"""
IN_SPANISH = {
    "A search for tests": "Una búsqueda", "What should staff know?": "¿Qué conviene?",
    "What staff bring": "Personal", "Who may come": "Acceso", '"all"': '"todas"',
    "A school that admits nobody": "Una escuela cerrada", "Nobody learns from staff": "Sin escuela",
    "runs = 120": "runs = 40", "fresh = 12": "fresh = 4", "\n[[aims]]": "\n[[aims]]\nat = [5]",
}  # fmt: skip
ASKED = {
    "compared": ("compare", COMPARED),
    "crossed": ("compare", CROSSED),
    "swept": ("sweep", SWEPT),
    "sampled": ("sweep", SAMPLED),
    "studied": ("sensitivity", STUDIED),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, Path]:
    """A folder of results of each kind, in English."""
    folder = tmp_path_factory.mktemp("titles")
    world = write_world(folder, OWN)
    asked = {"ran": ["run", str(world), "--replicates", "2"]}
    asked |= {
        name: [command, str(write(folder, name, text))] for name, (command, text) in ASKED.items()
    }
    for name, command in asked.items():
        assert run.door([*command, "--out", str(folder / name), "--quiet"]) == 0
    return {name: folder / name for name in asked}


LOOKED_AT = [*((name, "es") for name in ("ran", *ASKED)), ("compared", "pt"), ("studied", "pt")]


@pytest.mark.parametrize(("name", "language"), LOOKED_AT)
def test_no_title_of_a_page_or_figure_is_left_in_english(made, name, language):
    folder = made[name]
    files = [report(folder, language)]
    if name in ("ran", "compared", "crossed"):
        files.append(brief(folder, language=language))
    figures = sorted(folder.glob("*.svg"))
    assert figures
    assert (folder / "failures.svg" in figures) == (name == "studied")
    own = "effect on quarter 5, as its author has it"
    for file in (*files, *figures):
        left = (text for text in left_in_english(file, language) if text not in PLACES)
        found = [text for text in left if text not in own and own not in text]
        assert found == [], file.name
    if name == "compared":
        assert all(own in " ".join(texts_of(file)).lower() for file in files)


@pytest.mark.parametrize("language", OTHERS)
def test_no_aim_of_a_search_is_left_in_english(tmp_path, capsys, language):
    """Its figure is drawn when it runs, so that the command takes the language."""
    text = SEARCH
    for english, own in IN_SPANISH.items():
        text = text.replace(english, own)
    write_world(tmp_path, OWN)
    asked = ["search", str(write(tmp_path, "search", text)), "--out", str(tmp_path / "out")]
    assert run.door([*asked, "--quiet", "--lang", language]) == 0
    assert "quarter" not in capsys.readouterr().out
    assert "weakest community" in (tmp_path / "out" / "outcomes.csv").read_text(encoding="utf-8")
    for file in (tmp_path / "out" / "report.html", tmp_path / "out" / "front.svg"):
        assert left_in_english(file, language) == [], file.name


def test_conditions_are_said_again_whatever_titles_hold():
    factors = {
        "A and B": Factor(key="communities.here.trust", low=0.0, high=1.0),
        "A": Factor(levels={"x": {"title": "this or that"}, "y": {"title": "this"}, "z": {}}),
        "ties": Factor(key="communities.here.ties", values=(2.5, 4.0)),
    }
    levels = {"this or that": "esto", "this": "eso", "z": "z", "2.5": "2,5", "4": "4"}
    parts = [
        range_said("A and B", "0.25", "0.5"),
        levels_said("A", ["this or that", "this"]),
        levels_said("ties", ["2.5"]),
    ]
    english = together_said(parts)
    assert english == "“A and B” is 0.25 to 0.5 and “A” is this or that or this and “ties” is 2.5"
    assert said_again(english, factors, levels) == english.replace(
        "this or that or this", "esto or eso"
    ).replace("2.5", "2,5")
    with speaking("es"):
        assert said_again(english, factors, levels) == (
            "«A and B» está entre 0,25 y 0,5 y «A» es esto o eso y «ties» es 2,5"
        )
        assert said_again("everywhere", factors, levels) == "en todas partes"
        assert said_again("“C” is above 2", factors, levels) == "“C” is above 2"
    assert said_again(together_said([range_said("A and B", low="1e-05")]), factors, {}) == (
        "“A and B” is above 1e-05"
    )
