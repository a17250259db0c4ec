"""Searches: a planted optimum is found, nothing is called best where nothing works, bytes are the same.

What is planted are small worlds of the model, in which a rule decides whether a school can teach; peaks
planted in place of the model stand in test_search_landscape.py.
"""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from model.experiments.points.runner import run_points
from model.experiments.points.store import opened
from model.experiments.question_files import check_file, json_schema
from model.experiments.search.common_cases import MONEY, CommonCases
from model.experiments.search.fresh_look import (
    WHOLE,
    FreshLook,
    called_best,
    designs_table,
    outcomes_table,
)
from model.experiments.search.policy_design import PolicyDesign, money_of, policy_design
from model.experiments.search.race import beaten, going_on
from model.experiments.search.search_file import NONE, SearchEffort, load_search
from model.experiments.search.strategies import (
    CHANCE,
    EVOLUTION,
    best_of,
    explore,
    hypervolume,
)
from model.language import catalogue
from model.records.result_files import read_table
from run import ROOT, door
from tests.experiments.small import draws_file, write, write_world
from tests.experiments.test_kill import kept

SEARCH = """
title = "A search for tests"
question = "What should staff know?"
base = "world.toml"
money = 6.0

[programme.institutions.school]
budget = 1.0
access = {inclusive = true}

[choose.expertise]
title = "What staff bring"
key = "institutions.school.expertise"
low = 0.0
high = 1.0

[choose.rule]
title = "Who may come"
[choose.rule.levels.all]
title = "all"
[choose.rule.levels.nobody.overlay.institutions.school.access]
inclusive = false
quota = 0.0

[choose.opens]
key = "institutions.school.opens"
values = [0, 6]

[[aims]]
measure = "product"
matters = 0.05
[[aims]]
measure = "process"
where = "weakest"
matters = 0.05

[designs.dull]
title = "A school that admits nobody"
overlay.institutions.school = {budget = 1.0, access = {quota = 0.0}}

[theories.idle]
title = "Nobody learns from staff"
claim = "Services teach nothing."
source = "tests"
neutral = ["services"]

[effort]
runs = 120
population = 8
first = 4
most = 8
finalists = 3
fresh = 12
"""
ALIKE = {
    "A search for tests",
    "aim",
    "Platform",
    "idle",
    "whole",
    "Nobody learns from staff",
    "A school that admits nobody",
    "1",
    "2",
    "3",
}
"""What stands alike in every language: titles and names of the file."""
EXPERT = {"run": {"ticks": 16}}
OF_INSTITUTIONS = (
    "services",
    "repository",
    "forums",
    "certification",
    "tutelage",
    "complementarity",
)


def searched(folder: Path, text: str = SEARCH, **layers: object) -> tuple[Path, Path]:
    write_world(folder, EXPERT | layers)
    file, out = write(folder, "search", text), folder / "out"
    assert door(["search", str(file), "--out", str(out), "--quiet"]) == 0
    return file, out


def test_a_planted_optimum_is_found(tmp_path: Path, capsys):
    """A school that admits nobody can't teach: all that is found is open, and better than one that isn't."""
    _, out = searched(tmp_path)
    printed = capsys.readouterr().out
    designs = read_table(out, "designs", text=("rule",))
    found = designs[designs["kind"] == "found"]
    assert len(found)
    assert (found["rule"] == "all").all()
    assert 0 in set(found["opens"].astype(int))
    dull = designs[designs["design"] == "dull"].iloc[0]
    assert dull["worth"] == 0.0
    assert (found["worth_low"] > 0.0).all()
    assert not dull["front"]
    assert "The search had seen a worth of" in printed
    page = (out / "report.html").read_text()
    assert "What to give up for what" in page
    assert "A school that admits nobody" in page
    theories = pd.read_csv(out / "theories.csv")
    assert set(theories["theory"]) == {WHOLE, "idle"}
    before = page
    assert door(["report", str(out)]) == 0
    assert (out / "report.html").read_text() == before


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "es",
            (
                "Qué ceder a cambio de qué",
                "El mundo tal como es",
                "La búsqueda había visto",
                "Diseño 1",
            ),
        ),
        (
            "pt",
            ("O que ceder em troca de quê", "O mundo como é", "A busca tinha visto", "Desenho 1"),
        ),
    ],
)
def test_a_search_is_told_in_other_languages(
    tmp_path: Path, capsys, monkeypatch, language: str, said: tuple[str, ...]
):
    """Page, figure and screen; all that is said stands in the catalogue, and the tables stay as they are."""
    file, out = searched(tmp_path)
    english, table = (out / "report.html").read_text(), (out / "designs.csv").read_bytes()
    missing, heard = [], catalogue(language)

    class Listening:
        def gettext(self, message: str) -> str:
            if heard.gettext(message) is message and message not in ALIKE:
                missing.append(message)
            return heard.gettext(message)

        def ngettext(self, one: str, many: str, n: int) -> str:
            told = heard.ngettext(one, many, n)
            if told in (one, many):
                missing.append(one)
            return told

    capsys.readouterr()
    monkeypatch.setattr(
        "model.language.catalogue",
        lambda name: Listening() if name == language else catalogue(name),
    )
    assert door(["search", str(file), "--out", str(out), "--quiet", "--lang", language]) == 0
    page = (out / "report.html").read_text()
    assert f'<html lang="{language}">' in page
    for told in said:
        assert told in page
    assert said[2] in " ".join(capsys.readouterr().out.split())
    assert "Worth" not in page
    assert (out / "designs.csv").read_bytes() == table
    assert set(missing) == set()
    assert door(["report", str(out), "--lang", language]) == 0
    assert (out / "report.html").read_text() == page
    assert door(["report", str(out)]) == 0
    assert without_command((out / "report.html").read_text()) == without_command(english)


def without_command(page: str) -> str:
    """A page but for its figure and the command that made it, which speak the language of the search."""
    page = re.sub(r'src="data:[^"]*"', "", page)
    return "\n".join(line for line in page.splitlines() if "run.py search" not in line)


def test_names_in_the_front_cover_neither_marks_nor_each_other(tmp_path: Path):
    """Twenty designs in a cluster."""
    from model.report.front_figure import front_of_designs

    write_world(tmp_path, EXPERT)
    search = load_search(write(tmp_path, "search", SEARCH))
    rng = np.random.default_rng(1)
    found = [PolicyDesign(str(n), (search.world,), ROW) for n in range(1, 21)]
    effects = {d.name: rng.normal(1 + 0.05 * rng.normal(), 1.0, size=(24, 2)) for d in found}
    effects[NONE] = np.zeros((24, 2))
    extra = dict.fromkeys(effects, (96.0, 12.0))
    look = FreshLook(search, found, [], [], effects, [], extra, {}, {WHOLE: effects}, 0)
    figure = front_of_designs(look, designs_table(look))
    figure.draw_without_rendering()
    axes = figure.axes[0]
    boxes = [Text.get_window_extent(text).padded(-1.0) for text in axes.texts]  # without its line
    assert len(boxes) == len(found)
    assert sum(one.overlaps(other) for one, other in combinations(boxes, 2)) == 0
    marks = [
        axes.transData.transform(line.get_xydata()[0])
        for line in axes.lines
        if line.get_marker() == "o"
    ]
    assert len(marks) == len(found)
    assert not any(box.contains(*mark) for box in boxes for mark in marks)


def test_where_nothing_works_nothing_is_best(tmp_path: Path, capsys):
    _, out = searched(tmp_path, neutral=OF_INSTITUTIONS)
    designs = pd.read_csv(out / "designs.csv", keep_default_na=False)
    assert called_best(designs.astype({"best": float, "worth_low": float})) is None
    assert "No design may be called best" in capsys.readouterr().out
    assert json.loads((out / "manifest.json").read_text())["best"] is None
    assert designs["worth"].astype(float).abs().max() == 0.0
    assert set(designs["best"].astype(float).round(6)) == {round(1 / len(designs), 6)}


def test_luck_alone_is_seldom_called_best(tmp_path: Path):
    """Eight designs whose effects are noise around nothing, over and over."""
    write_world(tmp_path, EXPERT)
    search = load_search(write(tmp_path, "search", SEARCH))
    called = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        known = [PolicyDesign("dull", (search.world,)) for _ in range(1)]
        found = [PolicyDesign(str(n), (search.world,), ROW) for n in range(1, 8)]
        names = [d.name for d in (*found, *known)]
        effects = {name: rng.normal(size=(24, 2)) for name in names} | {NONE: np.zeros((24, 2))}
        extra = dict.fromkeys(effects, (0.0, 0.0))
        look = FreshLook(search, found, known, [], effects, [], extra, {}, {WHOLE: effects}, 0)
        called += called_best(designs_table(look)) is not None
    assert called <= 3  # of 30


def test_a_design_that_is_far_better_is_called_best(tmp_path: Path):
    write_world(tmp_path, EXPERT)
    search = load_search(write(tmp_path, "search", SEARCH))
    rng = np.random.default_rng(1)
    found = [PolicyDesign(str(n), (search.world,), ROW) for n in (1, 2)]
    effects = {"1": rng.normal(size=(24, 2)), "2": rng.normal(3.0, size=(24, 2))}
    effects[NONE] = np.zeros((24, 2))
    seen = {"1": np.zeros(2), "2": np.full(2, 3.5)}
    extra = dict.fromkeys(effects, (96.0, 12.0))
    look = FreshLook(search, found, [], [], effects, [], extra, seen, {WHOLE: effects}, 0)
    table = designs_table(look)
    assert called_best(table) == "2"
    assert table["searched"][0] == pytest.approx(7.0)
    assert table["money_per_firm_year"][0] == 8.0
    assert table["regret"][0] == 0.0
    told = outcomes_table(look).set_index(["design", "outcome"])
    assert told.loc[("2", "product"), "effect"] == pytest.approx(0.05 * effects["2"][:, 0].mean())


TRADED = np.array([1.0, -1.0])
ROW = {"expertise": 0.5, "rule": "all", "opens": 0}


def test_designs_spend_the_money_or_what_they_can(tmp_path: Path):
    write_world(tmp_path, EXPERT)
    search = load_search(write(tmp_path, "search", SEARCH))
    with opened(None) as store:
        cases = CommonCases(search, store, run_points)
        rows = [ROW, ROW | {"opens": 6}, ROW | {"rule": "nobody"}]
        written = [policy_design(search, str(n), search.chosen(r), r) for n, r in enumerate(rows)]
        assert [d.times * d.written_money() for d in written] == [pytest.approx(6.0 * 16)] * 3
        designs = cases.at_the_money(written, 4)
        spent = [money for money, _ in cases.extra(designs, 4)]
        assert spent[:2] == pytest.approx([money_of(search)] * 2, rel=0.05)
        assert spent[2] == 0.0
        base = cases.values([PolicyDesign(NONE, search.worlds_of([]))], 4)[0]
        assert base[:, MONEY].min() > 0.0  # the world's own club stays as it was
        clubs = {world.institutions["club"].budget for d in designs for world in d.worlds}
        assert clubs == {3.0}


def test_cases_are_draws_in_turn_and_read_once(tmp_path: Path):
    write_world(tmp_path, EXPERT)
    draws_file(tmp_path, parameters__absorption__floor=[0.1, 0.4])
    text = SEARCH.replace("money =", 'draws = "posterior.csv"\nmoney =')
    search = load_search(write(tmp_path, "search", text))
    design = policy_design(search, "1", search.chosen(ROW), ROW)
    floors = [world.parameters.absorption.floor for world in design.worlds]
    assert floors == [0.1, 0.4]
    with opened(None) as store:
        cases = CommonCases(search, store, run_points)
        few = cases.values([design], 2)[0]
        assert cases.runs == 2
        many = cases.values([design], 5)[0]
        assert cases.runs == 5
        assert (many[:2] == few).all()
        alone = CommonCases(search, store, run_points, start=2).values([design], 3)[0]
        assert (alone == many[2:]).all()


def test_the_weakest_community_is_the_worst_one(tmp_path: Path):
    write_world(tmp_path, EXPERT)
    text = SEARCH + '\n[[aims]]\nmeasure = "process"\nmatters = 0.05\n'
    search = load_search(write(tmp_path, "search", text))
    design = policy_design(search, "1", search.chosen(ROW), ROW)
    with opened(None) as store:
        found = CommonCases(search, store, run_points).values([design], 6)[0]
    assert (found[:, 1] <= found[:, 2]).all()  # firms of both communities together lie above it
    assert (found[:, 1] < found[:, 2]).any()


def test_the_hopeless_get_few_cases(tmp_path: Path):
    write_world(tmp_path, EXPERT)
    search = load_search(write(tmp_path, "search", SEARCH))
    with opened(None) as store:
        cases = CommonCases(search, store, run_points)
        rng = np.random.default_rng(3)
        noise = rng.normal(size=(8, 2))
        good, bad = noise + 5.0, rng.normal(size=(8, 2)) - 5.0
        assert beaten(bad, good)
        assert not beaten(good, bad)
        assert not beaten(good, good)
        assert going_on(cases, [bad, good, bad - 1.0, good + TRADED]) == [1, 3]
        assert going_on(cases, [bad], champions=[good]) == []
        attempts = explore(cases, EVOLUTION)
    got = {attempt.raced.cases for attempt in attempts}
    assert got == {4, 8}
    assert all(attempt.raced.finished for attempt in best_of(attempts, 3))
    assert cases.runs >= 120


def test_the_front_and_its_volume_are_those_of_paper_and_pencil():
    means = np.array([[2.0, 1.0], [1.0, 2.0], [0.5, 0.5]])
    assert hypervolume(means, np.zeros(2)) == 3.0
    assert hypervolume(means[:1], np.zeros(2)) == 2.0


def test_the_ladder_doubles():
    assert SearchEffort(first=4, most=16).ladder == (4, 8, 16)
    assert SearchEffort(first=3, most=10).ladder == (3, 6, 10)
    assert SearchEffort(first=5, most=5).ladder == (5,)


def test_chance_and_evolution_differ_and_repeat(tmp_path: Path):
    write_world(tmp_path, EXPERT)
    search = load_search(write(tmp_path, "search", SEARCH))

    def rows(strategy: str) -> list[dict]:
        with opened(None) as store:
            cases = CommonCases(search, store, run_points)
            return [a.raced.design.row for a in explore(cases, strategy)]

    first = rows(EVOLUTION)
    assert first == rows(EVOLUTION)
    assert first != rows(CHANCE)


def test_kill_and_resume(tmp_path: Path, capsys):
    """kill -9 at random moments, on other workers: the same command ends with the bytes of a quiet run."""
    file, out = searched(tmp_path)
    killed, store = tmp_path / "killed", tmp_path / "killed.points.sqlite"
    chance = random.Random(os.environ.get("CI", time.time()))
    command = [sys.executable, "run.py", "search", str(file), "--out", str(killed), "--quiet"]
    for _ in range(2):
        life = subprocess.Popen([*command, "--workers", "2"], cwd=ROOT, stdout=subprocess.DEVNULL)
        more = kept(store) + chance.randrange(1, 15)
        while kept(store) < more and life.poll() is None:
            time.sleep(0.002)
        life.send_signal(signal.SIGKILL)
        life.wait()
    assert kept(store) > 0
    assert not killed.exists()
    capsys.readouterr()
    asked = ["search", str(file), "--out", str(killed), "--quiet", "--json", "--workers", "1"]
    assert door(asked) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["resumed"] > 0
    for path in sorted(out.iterdir()):
        if path.name not in ("manifest.json", "report.html"):  # which tell the command
            assert path.read_bytes() == (killed / path.name).read_bytes(), path.name


FAULTS = {
    ("money = 6.0", "money = 0.0"): "money = 0.0: must be more than 0",
    ("money = 6.0", ""): "money: is missing",
    ("money = 6.0", "monye = 6.0"): "monye = 6.0: is not a known key; did you mean money?",
    ("money = 6.0", "money = 6.0\ndraws_used = 3"): "draws_used = 3: goes with draws",
    ("matters = 0.05\n[[aims]]", "[[aims]]"): "aims[0].matters: is missing",
    ("matters = 0.05\n[[aims]]", "matters = 0\n[[aims]]"): "aims[0].matters = 0: must be more than 0",
    ('measure = "product"', 'measure = "prodcut"'): "is no measure; did you mean product?",
    ('where = "weakest"', 'where = "somewhere"'): 'aims[1].where = "somewhere": must be',
    ("expertise\"\nlow", "expertice\"\nlow"): "did you mean expertise?",
    ("school.expertise", "scohol.expertise"): "the base world has no institutions.scohol; did you mean",
    ("high = 1.0", "high = 2.0"): "choose.expertise: institutions.school.expertise = ",
    ("[choose.opens]", "[choose.money]"): "choose.money: is the name of another column",
    ("values = [0, 6]", "values = [0, -6]"): "choose.opens: institutions.school.opens = -6: must be",
    ('"institutions.school.opens"\nvalues = [0, 6]', '"run.ticks"\nvalues = [8, 16]'):
        "choose: changes the table run, which all designs share; put it into overlay",
    ("[designs.dull]", "[designs.none]"): "designs.none: is the world as it is; call it otherwise",
    ("budget = 1.0, access = {quota", "budgte = 1.0, access = {quota"): "budgte = 1.0: is not a known key",
    ('"services"]', '"servces"]'): "servces is no mechanism; did you mean services?",
    ("most = 8", "most = 3"): "effort.most = 3: must be at least first",
    ("runs = 120", "runs = 5"): "effort.runs = 5: must be from 20",
    ('base = "world.toml"', 'base = "wrold.toml"'): "wrold.toml: no such file",
}  # fmt: skip


@pytest.mark.parametrize(("change", "said"), FAULTS.items(), ids=range(len(FAULTS)))
def test_faults(tmp_path: Path, change: tuple[str, str], said: str, capsys):
    assert change[0] in SEARCH
    path = write(tmp_path, "search", SEARCH.replace(*change))
    assert door(["check", str(path)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told


def test_the_kind_is_known(tmp_path: Path):
    assert check_file(write(tmp_path, "search", SEARCH)).kind == "search"
    assert "finalists" in json.dumps(json_schema("search"))


@pytest.mark.parametrize(
    "path", sorted((ROOT / "scenarios" / "search").glob("*.toml")), ids=lambda p: p.stem
)
def test_searches_that_ship_are_valid_and_not_long(path: Path):
    search = load_search(path, check_only=True)
    assert search.spec.question
    assert search.spec.designs
    assert search.spec.theories
    assert search.spec.effort.runs <= 20_000
