"""Answers of a survey -> a scenario whose every number says where it comes from.

    sector                      -> scenarios/sectors/SECTOR.toml
    eight ratings 0-3           -> nine keys of the community, between the degrees low, medium and high of
                                   `calibration/data/starting_points.toml`; 0 lies as far below low as
                                   medium lies above it, and not below nothing
    bilateral joint action      -> ties and trust both
    scores 0-3 of the firms     -> start, and if need be start_fall and repertoire (`starting_practices`)
    spread of firms' scores     -> start_spread of the sector
    value added or wages        -> what one unit of account is in the currency: [money] and budgets as money,
                                   where the currency has three letters and the survey a year
    keys nobody has said        -> the default, listed at the end of the file

What a number was made from, and of how many firms it is, stands beside it.
"""

from __future__ import annotations

import os
import re
import textwrap
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from calibration.evidence.case_tables import Degree
from calibration.evidence.starting_conditions import Graded, StartingPoints, load_starting_points
from calibration.survey.sheet_items import CLUSTER, RATINGS, SCORES
from calibration.survey.starting_practices import expected_score, starting_practices
from calibration.survey.survey_answers import Answer, Answers
from model.language import noted, say
from model.scenario.community_keys import Community
from model.scenario.expected import known_keys
from model.scenario.faults import toml_value
from model.scenario.money import Money
from model.scenario.sector_keys import Sector
from model.scenario.toml import read_toml
from model.theory.wages import MECHANISM as WAGES

SCENARIOS = Path(__file__).parents[2] / "scenarios"
YEARS = 10
"""Horizon of the scenario: what a government plans for."""
REPLICATES = 40
_SURVEY, _NO_YEAR = noted("Survey of {year}"), noted("A survey of its own")
_QUARTERS = 4  # of a year
_WIDTH = 98
KEYS_OF_RATINGS = {
    "labour_market": ("labour_mobility",),
    "input_market": ("local_inputs",),
    "information": ("information",),
    "market_access": ("market_access",),
    "backward": ("backward",),
    "forward": ("forward",),
    "bilateral": ("ties", "trust"),
    "multilateral": ("associated",),
}
"""Component of collective efficiency -> keys of a community."""


@dataclass(frozen=True)
class Written:
    """One key of a table, as it is written, with what stands beside it."""

    key: str
    value: Any
    note: str = ""


@dataclass
class OwnWorld:
    """A scenario on its way to text: tables of keys, and the name of its community."""

    name: str
    tables: dict[str, list[Written]] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    """What is said above a table."""

    def add(self, table: str, *entries: Written) -> None:
        """Put keys into a table."""
        self.tables.setdefault(table, []).extend(entries)


def slug(title: str) -> str:
    """A name for files and keys: lower-case letters and digits of a title, at most 40."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:40].rstrip("_")
    return name if name[:1].isalpha() else f"own_{name}".rstrip("_")


def at_rating(entry: Graded, rating: float) -> float:
    """The starting condition at a rating from 0 to 3, on straight lines between the degrees."""
    low, medium, high = (entry.at(degree) for degree in Degree)
    none = max(0.0, low - (medium - low))
    steps = (none, low, medium, high)
    below = min(int(rating), 2)
    return round(steps[below] + (rating - below) * (steps[below + 1] - steps[below]), 4)


def unit_of_account(answers: Answers) -> tuple[float, str] | None:
    """What one unit is in the currency, and from what that was taken; None where no money is given.

    One unit is the quarterly value added per worker of a firm that masters nothing.
    """
    share = next(p.defaults()[""] for p in WAGES.parameters if p.name == "share")
    for key, factor, why in (
        ("lowest_value_added", 1.0, "value added a worker of the firms that can do least"),
        ("value_added", 1.0, "mean value added a worker, more than that of the weakest firms, so "
         "that budgets come out rather small"),
        ("wage", 1.0 / share, f"wages a worker over a wage share of {share:g}, so that budgets "
         "come out rather small"),
    ):  # fmt: skip
        value = answers.value(key)
        if value:
            return (
                factor * value / _QUARTERS,
                f"{why} ({answers.given[key].note}), over four quarters",
            )
    return None


def money_section(answers: Answers) -> Money | None:
    """What ``[money]`` says; None where conversion, a currency of three letters or a year is missing."""
    unit = unit_of_account(answers)
    currency = str(answers.value("currency", "")).strip().upper()
    if unit is None or not re.fullmatch("[A-Z]{3}", currency) or "year" not in answers.given:
        return None
    return Money(currency=currency, per_unit=float(f"{unit[0]:.6g}"), year=answers.value("year"))


def budget_a_year(answers: Answers, amount: float) -> str | float | None:
    """A budget as a file writes it: money a year, or units of account a quarter; None without conversion."""
    money, unit = money_section(answers), unit_of_account(answers)
    if money:
        plain = f"{amount:.2f}".rstrip("0").rstrip(".")
        return f"{plain} {money.currency} a year"
    return None if unit is None else float(f"{amount / _QUARTERS / unit[0]:.4g}")


def told_amount(answers: Answers, amount: float) -> str:
    """Money a year as people write it."""
    return f"{amount:,.10g} {answers.value('currency', '')}".rstrip() + " a year"


def own_world(answers: Answers, folder: Path, points: StartingPoints | None = None) -> OwnWorld:
    """The scenario as tables; ``folder`` is where its file will be."""
    points = points or load_starting_points()
    world = OwnWorld(slug(answers.value("title")))
    sector = answers.value("sector")
    origin = answers.given["sector"].note
    world.add(
        f"sectors.{sector}", Written("extends", shown_from(folder, "sectors", sector), origin)
    )
    if spread := answers.keys.get("start_spread"):
        world.add(f"sectors.{sector}", _rounded("start_spread", spread))
    _money(world, answers)
    _community(world, answers, points)
    _chains(world, answers, points)
    for row in answers.institutions:
        table = f"institutions.{slug(row['title'].value)}"
        world.add(table, Written("extends", shown_from(folder, "institutions", row["design"].value),
                                 row["design"].note),
                  Written("title", row["title"].value))  # fmt: skip
        if "budget" in row:
            world.add(table, _budget(answers, row["budget"]))
    world.add("run", Written("ticks", YEARS * _QUARTERS, f"quarters: {YEARS} years"),
              Written("replicates", REPLICATES), Written("seed", 1))  # fmt: skip
    return world


def shown_from(folder: Path, room: str, name: str) -> str:
    """A file of the library as a file in ``folder`` names it."""
    file = SCENARIOS / room / f"{name}.toml"
    try:
        return Path(os.path.relpath(file, folder.resolve())).as_posix()
    except ValueError:  # another drive
        return file.as_posix()


def _rounded(key: str, answer: Answer) -> Written:
    return Written(key, float(f"{answer.value:.4g}"), answer.note)


def _budget(answers: Answers, budget: Answer) -> Written:
    written = budget_a_year(answers, budget.value)
    told = told_amount(answers, budget.value)
    if written is None:
        return Written("budget", 0.0, f"{told}: no conversion known; {budget.note}")
    if isinstance(written, str):
        return Written("budget", written, budget.note)
    return Written("budget", written, f"{told}, as units of account a quarter; {budget.note}")


def _money(world: OwnWorld, answers: Answers) -> None:
    """What one unit of account is in the currency."""
    money, unit = money_section(answers), unit_of_account(answers)
    if money and unit:
        world.add("money", Written("currency", money.currency, answers.given["currency"].note),
                  Written("per_unit", money.per_unit, unit[1]),
                  Written("year", money.year, answers.given["year"].note))  # fmt: skip


def _community(world: OwnWorld, answers: Answers, points: StartingPoints) -> None:
    here = f"communities.{world.name}"
    given = answers.given
    world.add(here, Written("title", answers.value("title")),
              Written("sector", answers.value("sector")))  # fmt: skip
    for key in ("firms", "workers", "foreign"):
        if key in given:
            world.add(here, _rounded(key, given[key]) if key != "firms"
                      else Written(key, given[key].value, given[key].note))  # fmt: skip
    for component, keys in KEYS_OF_RATINGS.items():
        if component not in given:
            continue
        rating = given[component]
        for key in (k for k in keys if k not in answers.keys):
            value = at_rating(points.collective_efficiency[key], rating.value)
            world.add(
                here, Written(key, value, f"{component} rated {rating.value:.3g}; {rating.note}")
            )
    for key, answer in answers.keys.items():
        if key in known_keys(Community):
            world.add(here, _rounded(key, answer))
    for key in ("firms", "workers"):
        large = given.get(f"large_{key}")
        if large and answers.value("large_firms"):
            world.add(f"{here}.large", Written(key, large.value, large.note))
    _start(world, answers)


def _start(world: OwnWorld, answers: Answers) -> None:
    """Practices that firms master on average at the start, from their scores."""
    given = {score.key: answers.given[score.key] for score in SCORES if score.key in answers.given}
    if not given:
        return
    sector = answers.value("sector")
    trade = read_toml(SCENARIOS / "sectors" / f"{sector}.toml")
    default = {key: Sector.model_fields[f"start_{key}"].default for key in ("fall", "spread")}
    fall = float(trade.get("start_fall", default["fall"]))
    spread = float(trade.get("start_spread", default["spread"]))
    if "start_spread" in answers.keys:
        spread = min(1.0, answers.keys["start_spread"].value)
    repertoire = float(Community.model_fields["repertoire"].default)
    wanted = {
        score.key: given[score.key].value
        if score.key in given
        else expected_score(trade["start"][score.key], fall, repertoire, spread)
        for score in SCORES
    }
    found = starting_practices(wanted, fall, repertoire, spread)
    why = "so that firms can have the scores given"
    if found.fall != fall:
        world.add(f"sectors.{sector}", Written("start_fall", found.fall, why))
    here = f"communities.{world.name}"
    if found.repertoire != repertoire:
        world.add(here, Written("repertoire", found.repertoire, why))
    for score in SCORES:
        if score.key not in given:
            note = "not given: as founders of the sector score"
        else:
            answer, reached = given[score.key], found.scores[score.key]
            near = (
                ""
                if abs(reached - answer.value) < 0.05
                else f", {reached:.2f} is the most there is"
            )
            note = f"score {answer.value:.3g}{near}; {answer.note}"
        world.add(f"{here}.start", Written(score.key, found.starts[score.key], note))


def _chains(world: OwnWorld, answers: Answers, points: StartingPoints) -> None:
    """The chains that are given; where none is, buyers at arm's length."""
    for row in answers.chains:
        table = f"chains.{_free(world, slug(row['title'].value))}"
        world.add(table, Written("title", row["title"].value, row["title"].note),
                  Written("governance", row["governance"].value),
                  Written("reach", row["reach"].value),
                  Written("orders", row["share"].value, "share of places for firms"))  # fmt: skip
    if answers.chains:
        return
    reason = points.not_given.governance.reason
    orders = points.orders.market.by_reach["domestic"]
    world.remarks["chains.home"] = f"No chain is given: {reason}."
    world.add("chains.home", Written("title", say("Buyers at home")), Written("governance", "market"),
              Written("reach", "domestic"), Written("orders", orders, "as clusters of which no "
                                                    "more is known"))  # fmt: skip
    if answers.value("exporters"):
        share = answers.given["exporters"]
        world.add("chains.abroad", Written("title", say("Buyers abroad")), Written("governance", "market"),
                  Written("reach", "global"), _rounded("orders", Answer(
                      share.value, f"share of firms that export; {share.origin}", share.n)))  # fmt: skip


def _free(world: OwnWorld, name: str) -> str:
    taken = sum(table.startswith(f"chains.{name}") for table in world.tables)
    return f"{name}_{taken + 1}" if taken else name


def scenario_text(world: OwnWorld, answers: Answers) -> str:
    """The scenario as TOML; what stayed at its default is listed at the end."""
    place = ", ".join(filter(None, (answers.value("title"), answers.value("country"))))
    year = answers.value("year")
    lines = [
        "# A scenario made by run.py new. Numbers say where they come from, and of how many firms (n).",
        "# They are yours to change; uv run run.py check FILE tells what is wrong.",
        *comment_lines(_told_of_money(answers)),
        "",
        f"title = {toml_value(place)}",
        f"source = {toml_value(say(_SURVEY, year=year) if year else say(_NO_YEAR))}",
    ]
    for table, entries in world.tables.items():
        lines += [
            "",
            *comment_lines(world.remarks.get(table, "")),
            f"[{table}]",
            *_entries(entries),
        ]
    return "\n".join([*lines, "", *_defaults(world, answers)]) + "\n"


def _told_of_money(answers: Answers) -> str:
    unit = unit_of_account(answers)
    if unit is None:
        return "Money is in units of account: no wages or value added were given to convert it."
    if money := money_section(answers):
        return f"Budgets are in {money.currency}; [money] says what one unit of account is (docs/money.md)."
    currency = answers.value("currency", "of a currency that the survey does not name")
    return (
        f"One unit of account is {unit[0]:,.6g} {currency}: {unit[1]}. Budgets are in units of account: to "
        "write them as money, the survey needs a currency in three letters, such as USD, and a year."
    )


def comment_lines(text: str) -> list[str]:
    """A text as lines of comment."""
    return textwrap.wrap(text, _WIDTH, initial_indent="# ", subsequent_indent="# ")


def _entries(entries: list[Written]) -> list[str]:
    """Lines of a table; a note that does not fit stands above its key."""
    lines: list[str] = []
    for entry in entries:
        line = f"{entry.key} = {toml_value(entry.value)}"
        if entry.note and len(line) + len(entry.note) + 4 > _WIDTH:
            lines += [*comment_lines(entry.note), line]
        else:
            lines.append(f"{line}  # {entry.note}" if entry.note else line)
    return lines


def left_at_default(world: OwnWorld) -> dict[str, Any]:
    """Keys of the community that nobody has said, with their defaults."""
    said = {entry.key for entry in world.tables[f"communities.{world.name}"]}
    return {
        key: found.default
        for key, found in known_keys(Community).items()
        if key not in said and isinstance(found.default, int | float | str) and key != "title"
    }


def _defaults(world: OwnWorld, answers: Answers) -> list[str]:
    lines = ["# Stayed at its default, since nothing was given:"]
    lines += [f"#   communities.{world.name}.{key} = {toml_value(value)}"
              for key, value in left_at_default(world).items()]  # fmt: skip
    empty = [item.key for item in CLUSTER if item.key not in answers.given]
    if empty:
        lines += comment_lines(f"Items without an answer: {', '.join(empty)}.")
    ratings = [item.key for item in RATINGS if item.key not in answers.given]
    if ratings:
        lines += comment_lines(
            f"Ratings without an answer ({', '.join(ratings)}) leave their keys at the default, which "
            "is no rating."
        )
    for said in answers.withheld:
        lines += comment_lines(said)
    return lines
