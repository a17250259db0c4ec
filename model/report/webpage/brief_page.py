"""Two printed pages of a comparison for somebody who decides: what was asked, what came out, how sure it is.

Everything is said by the rules of the full report; nothing is here that is not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from model.language import day, noted, say, say_many, say_name
from model.records.result_files import MANIFEST
from model.report.frames import in_order
from model.report.webpage.answer_grid import doubtful_in, grid
from model.report.webpage.comparison_answer import answer, not_of_founders, told_of_founders
from model.report.webpage.comparison_page import assumptions, cost_table, drawn_effects, sureness
from model.report.webpage.comparison_tables import Tables
from model.report.webpage.document import Block, DocumentSection, Grid, render
from model.report.webpage.main_page import OF_DRAWS, said_of_policy, tables_of_main
from model.report.webpage.money_notes import money_of
from model.report.webpage.page_provenance import horizon, scenarios_of, years
from model.report.webpage.run_page import run_page
from model.wording.numbers import counted, quoted
from model.wording.sentences import false_alarms, listed, who, who_in_short

FILE = "brief.html"
MOST_ROWS = 8
"""Alternatives that fit on two pages; the full report has all."""
MOST_OUTCOMES = 7
FEW_ROWS = 6
"""Alternatives beside whose grid the first page has room for a drawing."""
MANY_ROWS = 3
"""Alternatives from which on all is set smaller."""
MOST_SAID = 3
"""Sentences of the answer."""
MOST_PLACES = 5
"""Communities that stand side by side."""
MOST_NOTES = 7
"""Notes on how sure it is."""
MOST_GAINERS = 4
"""Alternatives of which it is told who gains."""
_GLOSSARY = (
    (noted("Process, product and functional upgrading"),
     noted("better ways of making, better products, and new tasks such as design, brands or sales; each is "
           "scored from 0 to 3")),
    (noted("Rung"),
     noted("practices of a kind stand on three rungs, from basic to advanced; a firm is on a rung when it "
           "masters at least half of the practices of that rung and of those below")),
    (noted("Gini"), noted("how unequal firms are, from 0 (all alike) to 1")),
    (noted("95% interval"),
     noted("the range in which the mean effect lies with 95% confidence, if the model is right")),
    (noted("Unit of account"),
     noted("value added a quarter of a worker in a firm that masters nothing of the standard of the day")),
    (noted("Small, unclear"),
     noted("an effect below what the question calls large enough to matter; an effect that may be chance")),
)  # fmt: skip


@dataclass(frozen=True)
class Brief:
    """What the two pages hold."""

    title: str
    question: str
    answer: Sequence[str]
    first: Sequence[DocumentSection]
    """Below the answer on the first page."""
    second: Sequence[DocumentSection]
    sure: Sequence[str]
    glossary: Sequence[tuple[str, str]]
    world: str
    date: str
    author: str
    dense: bool = False
    """Whether there is so much to tell that it is set smaller."""


def brief(folder: Path, manifest: Mapping[str, Any], author: str = "") -> Brief:
    """The brief of a folder that ``compare``, ``run`` or the main job wrote."""
    if "experiment" in manifest:
        made = _of_comparison(Tables.read(folder, manifest), manifest)
    elif "designs" in manifest:
        made = _of_main_job(folder, manifest)
    else:
        made = _of_run(folder, manifest)
    day_made = datetime.fromtimestamp((folder / MANIFEST).stat().st_mtime).date()
    return replace(made, date=day(day_made), author=author)


def _of_comparison(
    tables: Tables,
    manifest: Mapping[str, Any],
    said: Sequence[str] = (),
    sure: Sequence[str] = (),
) -> Brief:
    """Of designs side by side; ``said``: what else the answer says, ``sure``: how sure it is, if told."""
    few, asked = _few(tables), manifest["experiment"]
    alternatives = few.effects["arm"].nunique()
    grids: list[Block] = [_cut(grid(few.effects, doubtful_in(tables.effects)), tables, few)]
    if few.primary and alternatives <= FEW_ROWS:
        grids.append(replace(drawn_effects(few, few.primary), note=""))
    cost = cost_table(few, few.first, years(manifest), money_of(manifest))
    world = listed(list(dict.fromkeys(
        str(each.get("title", "")) for each in scenarios_of(manifest).values())))  # fmt: skip
    return Brief(
        title=asked["title"],
        question=asked["question"] or asked["title"],
        answer=[*answer(tables, manifest)[: MOST_SAID - len(said)], *said],
        first=[DocumentSection(say("What each alternative does"), (), grids)],
        second=[
            DocumentSection(say("What it costs"), (), [cost]),
            DocumentSection(say("Who gains"), _gainers(few)),
        ],
        sure=[*_pairs(tables), *_shortened(sure or assumptions(manifest, sureness(tables)))],
        glossary=_glossary(),
        world=f"{world}, {horizon(manifest)}",
        date="",
        author="",
        dense=alternatives >= MANY_ROWS,
    )


def _of_main_job(folder: Path, manifest: Mapping[str, Any]) -> Brief:
    """Of the designs of the main job; what a draw of the numbers may change is in the answer."""
    designs = manifest["designs"] | {"calibrated": manifest["calibrated"]}
    worlds = designs["scenarios"].items()
    designs |= {
        "experiment": {key: say_name(text) for key, text in designs["experiment"].items()},
        "scenarios": {arm: world | {"title": say_name(world["title"])} for arm, world in worlds},
    }
    sure = assumptions(designs, OF_DRAWS)
    return _of_comparison(
        tables_of_main(folder, designs), designs, [said_of_policy(manifest)], sure
    )


def _of_run(folder: Path, manifest: Mapping[str, Any]) -> Brief:
    """Of one world as it stands."""
    page = run_page(folder, manifest)
    last, *_, figures = page.sections  # who learned from whom stands on the page alone
    (table,) = last.blocks
    assert isinstance(table, Grid)
    return Brief(
        title=page.title,
        question=page.question,
        answer=[*page.answer[:MOST_PLACES]],
        first=[replace(last, blocks=[_narrow(table)])],
        second=[figures],
        sure=_shortened(page.assumptions),
        glossary=_glossary(),
        world=horizon(manifest),
        date="",
        author="",
    )


def _narrow(table: Grid) -> Grid:
    """The table with as many communities as the page is wide, saying how many are left out."""
    names = 2  # columns that name the measure and its unit
    left = len(table.columns) - names - MOST_PLACES
    if left <= 0:
        return table
    more = say_many(
        "The full report has {n} community more.",
        "The full report has {n} communities more.",
        left,
        n=left,
    )
    kept = names + MOST_PLACES
    rows = [row[:kept] for row in table.rows]
    return replace(table, columns=table.columns[:kept], rows=rows, note=more)


def _glossary() -> list[tuple[str, str]]:
    return [(say(term), say(meaning)) for term, meaning in _GLOSSARY]


def _shortened(notes: Sequence[str]) -> list[str]:
    """As many notes as there is room for; the full report has all."""
    if len(notes) <= MOST_NOTES:
        return [*notes]
    return [*notes[: MOST_NOTES - 1], say("The full report has more notes and warnings.")]


def _few(tables: Tables) -> Tables:
    """As many alternatives and outcomes as two pages hold, the first of each, the primary one among them."""
    outcomes = list(tables.outcomes)
    if tables.primary:
        outcomes.sort(key=lambda name: name != tables.primary)
    arms = _best_first(tables)[:MOST_ROWS]
    effects = tables.effects
    kept = effects[effects["arm"].isin(arms) & effects["outcome"].isin(outcomes[:MOST_OUTCOMES])]
    gains = tables.gains
    return replace(
        tables, effects=kept, gains=gains[gains["arm"].isin(arms)] if len(gains) else gains
    )


def _best_first(tables: Tables) -> list[str]:
    """Alternatives in the order of the file, or where they are too many by the primary outcome."""
    arms = list(in_order(tables.effects, "arm", "arm_title"))
    if len(arms) <= MOST_ROWS or not tables.primary:
        return arms
    part = tables.effects[tables.effects["outcome"] == tables.primary]
    falls = part["better"].iloc[0] == "higher"
    return list(part.sort_values("effect", ascending=not falls, kind="stable")["arm"])


def _cut(shown: Grid, tables: Tables, few: Tables) -> Grid:
    """The grid, saying what is left out of it."""
    arms = tables.effects["arm"].nunique() - few.effects["arm"].nunique()
    outcomes = tables.effects["outcome"].nunique() - few.effects["outcome"].nunique()
    left = [counted(n, noun) for n, noun in ((arms, "alternative"), (outcomes, "outcome")) if n]
    if not left:
        return shown
    more = say("The full report has {things} more.", things=listed(left))
    return replace(shown, note=f"{shown.note} {more}")


def _gainers(tables: Tables) -> list[str]:
    if tables.gains.empty:
        return [say("Who gains was not measured.")]
    what = told_of_founders(tables, tables.first)
    arms = in_order(tables.gains, "arm", "arm_title")
    if len(arms) > MOST_GAINERS:
        return [*not_of_founders(tables, tables.first), who_in_short(tables.gains, arms, what)]
    said = [who(tables.gains, arm, what) for arm in arms]
    return [*not_of_founders(tables, tables.first), *filter(None, said)]


def _pairs(tables: Tables) -> list[str]:
    """How many pairs, and what many comparisons leave open."""
    against = quoted(str(tables.effects["against_title"].iloc[0]))
    doubts = false_alarms(tables.effects)[0] if "p_holm" in tables.effects else ""
    pairs = say(
        "Each alternative was simulated beside {against} {times}, on the same random numbers.",
        against=against,
        times=counted(tables.effects["replicates"], "time"),
    )
    return [pairs, *filter(None, [doubts])]


def write_brief(folder: Path, manifest: Mapping[str, Any], author: str = "") -> Path:
    """Write ``brief.html`` into the folder; returns its path."""
    file = folder / FILE
    text = render("brief.html.j2", "brief.css", brief=brief(folder, manifest, author))
    file.write_text(text, encoding="utf-8")
    return file
