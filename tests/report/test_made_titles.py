"""Titles that the program makes are in the language of the page: nothing in English is left in any figure."""

from pathlib import Path

import pytest

import run
from model.report.webpage.report_file import brief, report
from tests.experiments.small import write, write_world
from tests.report.english_left import left_in_english, texts_of

OTHERS = ("es", "pt")
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
[vary.inclusive]
key = "institutions.school.access.inclusive"
values = [true, false]

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


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", ["ran", *ASKED])
def test_no_title_of_a_page_or_figure_is_left_in_english(made, name, language):
    folder = made[name]
    files = [report(folder, language)]
    if name in ("ran", "compared", "crossed"):
        files.append(brief(folder, language=language))
    figures = sorted(folder.glob("*.svg"))
    assert figures
    own = "effect on quarter 5, as its author has it"
    for file in (*files, *figures):
        found = [t for t in left_in_english(file, language) if t not in own and own not in t]
        assert found == [], file.name
    if name == "compared":
        assert all(own in " ".join(texts_of(file)).lower() for file in files)
