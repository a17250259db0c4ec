"""The page of an experiment: alternatives on common random numbers, and what they do."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from model.records.result_files import read_table
from model.report.frames import in_order, status
from model.report.webpage.answer_grid import grid, no_primary
from model.report.webpage.document import (
    Block,
    DocumentSection,
    Estimate,
    Estimates,
    Grid,
    Page,
    Picture,
)
from model.report.webpage.money_notes import money_notes, money_of
from model.report.webpage.page_provenance import (
    command_of,
    folds,
    horizon,
    provenance,
    scenarios_of,
    years,
)
from model.scenario.faults import FEW
from model.scenario.money import Money
from model.wording.currency import in_currency, units_and_currency
from model.wording.factor_ranges import factor_range
from model.wording.numbers import (
    MISSING,
    between,
    counted,
    fixed,
    interval,
    level,
    number,
    quoted,
    titled,
)
from model.wording.sentences import (
    also,
    best_arm,
    change,
    clear,
    false_alarms,
    few_pairs,
    known,
    listed,
    places_of,
    small,
    tells,
    verdict,
    who,
)
from model.wording.units import Unit

if TYPE_CHECKING:
    import pandas as pd

_FIGURES = {
    "paths": "How the outcomes move over time, a line an alternative, with {level} bands.",
    "by_community": "Product upgrading at the end in each community, a mark an alternative.",
    "sources_of_learning": "Share of mastered practices by the channel through which they came, a "
    "bar an alternative.",
}
_GAINS = {
    "who_gains": "Effect of every alternative on thirds of founders by what they mastered at the start."
}
_DRAWN = " and the same draw of the parameters"
_MARKS = "Filled marks and bold numbers: the interval excludes 0."
_LITTLE = (
    "Effects below the smallest difference that matters are called small and never filled or bold."
)
_CROSSED = (
    "Main effects: against the first level of the factor, mean over all levels of the others. With "
    "another factor: how much more the two do together than each alone."
)
_REGRET = (
    "Regret is the distance from the best alternative under the same parameters. Means of replicates are "
    "compared, so that some of it is the chance of few replicates."
)
_BETTER = {
    "higher": ("", "better \N{RIGHTWARDS ARROW}"),
    "lower": ("\N{LEFTWARDS ARROW} better", ""),
}


def comparison_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """The page of a folder that ``compare`` wrote."""
    tables = Tables.read(folder, manifest)
    first, asked = tables.first, manifest["experiment"]
    return Page(
        kind="Experiment",
        title=asked["title"],
        question=asked["question"],
        answer=answer(tables, manifest),
        design=_design(tables, asked, manifest),
        sections=[
            DocumentSection("All alternatives, all outcomes", (), [grid(tables.effects)]),
            *([] if tables.long else [effects_section(tables)]),
            DocumentSection(
                "What it costs, and how sure it is", (), [_money(tables, first, money_of(manifest))]
            ),
            *_more(folder, tables),
            DocumentSection("Figures", (), pictures(folder, _FIGURES)),
        ],
        assumptions=assumptions(manifest, sureness(tables)),
        provenance=provenance(manifest),
        command=command_of(manifest),
        folds=folds(manifest, "experiment"),
    )


@dataclass(frozen=True)
class Tables:
    """The tables of a comparison; empty ones where they were not asked for."""

    effects: pd.DataFrame
    ranking: pd.DataFrame
    gains: pd.DataFrame
    factors: pd.DataFrame
    regret: pd.DataFrame
    pair: str
    """What is paired, in words."""
    primary: str = ""
    """The outcome that the file says the answer is about; none where it says none."""

    @classmethod
    def read(cls, folder: Path, manifest: Mapping[str, Any]) -> Tables:
        """From the files of a folder; FileNotFoundError where there are no effects."""
        names = ("effects", "ranking", "gains", "factors", "regret")
        frames = {name: table(folder, name, needed=name == "effects") for name in names}
        drawn = manifest.get("compared", {}).get("draws", 0)
        outcomes = frames["effects"]["outcome"].unique()
        primary = manifest.get("experiment", {}).get("primary", "")
        if not primary and len(outcomes) == 1:
            primary = str(outcomes[0])
        return cls(**frames, pair="paired draw" if drawn else "paired replicate", primary=primary)

    @property
    def drawn(self) -> bool:
        """Whether parameters are drawn, and draws are what is paired."""
        return "draw" in self.pair

    @property
    def outcomes(self) -> dict[str, str]:
        """Outcomes with their titles, in the order of the file."""
        return in_order(self.effects, "outcome", "outcome_title")

    @property
    def first(self) -> str:
        """The outcome that tables of one outcome show: the primary one, or the first of the file."""
        return self.primary or next(iter(self.outcomes))

    @property
    def long(self) -> bool:
        """Whether there are so many alternatives that each can't be told on its own."""
        return self.effects["arm"].nunique() > FEW

    def chances(self, outcome: str) -> dict[str, float] | None:
        """Of each alternative's mean to be best; None where not known."""
        if self.ranking.empty:
            return None
        part = self.ranking[self.ranking["outcome"] == outcome]
        return dict(zip(part["arm"], part["best_mean"], strict=True))

    def verdict(self, outcome: str, money: str = "") -> str:
        """What an outcome says of all alternatives."""
        return verdict(self.effects, outcome, money, self.chances(outcome), self.pair)


def table(folder: Path, name: str, needed: bool = False, text: Iterable[str] = ()) -> pd.DataFrame:
    """A table of a folder of results with titles that begin with a capital; empty if it isn't there.

    ``text``: columns of names, as ``read_table``.
    """
    import pandas as pd

    if not (folder / f"{name}.csv").exists() and not needed:
        return pd.DataFrame()
    frame = read_table(folder, name, text)
    if "outcome_title" in frame:
        frame["outcome_title"] = frame["outcome_title"].map(titled)
    return frame


def effects_section(tables: Tables) -> DocumentSection:
    """Effects on every outcome, drawn, and what many comparisons leave open."""
    doubts = false_alarms(tables.effects)[0] if "p_holm" in tables.effects else ""
    stated = "matters" in tables.effects and tables.effects["matters"].notna().any()
    notes = (_MARKS, _LITTLE if stated else "", doubts, few_pairs(tables.effects))
    return DocumentSection("Effects", [said for said in notes if said],
                   [_drawn(tables, outcome) for outcome in tables.outcomes])  # fmt: skip


def answer(tables: Tables, manifest: Mapping[str, Any]) -> list[str]:
    """What to quote, and what else there is to say of the best."""
    effects, first = tables.effects, tables.first
    best = best_arm(effects, first, tables.chances(first))
    crossed = _of_factors(tables) if len(tables.factors) else ""
    missed = _of_regret(tables) if len(tables.regret) else ""
    if not tables.primary:
        chances = {name: tables.chances(name) for name in tables.outcomes}
        return [no_primary(effects, chances), *filter(None, (crossed, missed))]
    if best is None:
        lead = f"In these simulations: {_lower(tables.verdict(first))}"
        return [lead, *filter(None, (crossed, missed))]
    row = effects[(effects["arm"] == best) & (effects["outcome"] == first)].iloc[0]
    cost = units_and_currency(row["public_cost"], money_of(manifest))
    money = f", at a public cost of {cost} over {years(manifest)}"
    rest = [crossed, missed, *also(effects, best, first)]
    if len(tables.gains):
        rest.append(who(tables.gains, best, told_of_founders(tables, first)))
    return [tables.verdict(first, money), *filter(None, rest)]


def told_of_founders(tables: Tables, outcome: str) -> str:
    """The column of gains nearest to an outcome: the measure's kind of upgrading, or the first."""
    known = list(dict.fromkeys(tables.gains["what"]))
    return next((what for what in known if outcome.startswith(what)), known[1])


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _design(
    tables: Tables, asked: Mapping[str, Any], manifest: Mapping[str, Any]
) -> list[tuple[str, str]]:
    effects = tables.effects
    arms = in_order(effects, "arm", "arm_title")
    factors = asked.get("factors") or {}
    listing = "\n".join(arms.values())
    told = [
        ("Compared with", str(effects["against_title"].iloc[0])),
        ("Factors", "\n".join(factor_range(name, factor) for name, factor in factors.items())),
        (
            "Alternatives",
            listing if len(arms) <= FEW else f"{len(arms)}, all in the tables below",
        ),
        ("Outcomes", "\n".join(f"{t} ({_way(effects, o)})" for o, t in tables.outcomes.items())),
        ("World", _world(manifest)),
        ("Horizon", horizon(manifest)),
        (
            "Pairs",
            f"{counted(effects['replicates'], tables.pair)} of each alternative with the baseline, on the "
            f"same random numbers{_DRAWN if tables.drawn else ''}: within a pair they differ in nothing but "
            "the design",
        ),
        ("Drawn from", asked.get("source", "")),
    ]
    return [(term, text) for term, text in told if text]


def _way(effects: pd.DataFrame, outcome: str) -> str:
    return f"{effects.loc[effects['outcome'] == outcome, 'better'].iloc[0]} is better"


def _world(manifest: Mapping[str, Any]) -> str:
    titles = dict.fromkeys(str(s.get("title", "")) for s in scenarios_of(manifest).values())
    return listed([title for title in titles if title])


def _drawn(tables: Tables, outcome: str) -> Estimates:
    effects = tables.effects
    if "p_holm" in effects:
        effects = effects.assign(doubtful=effects.index.isin(false_alarms(effects)[1]))
    rows = effects[effects["outcome"] == outcome].to_dict("records")
    left, right = _BETTER[rows[0]["better"]]
    return drawn(rows, "arm_title", rows[0]["outcome_title"], left, right, tables.verdict(outcome))


def drawn(
    rows: Sequence[Mapping[str, Any]],
    label: str,
    caption: str,
    left: str = "",
    right: str = "",
    note: str = "",
) -> Estimates:
    """Effects of one unit with their intervals, a row each; ``?`` marks the doubtful."""
    unit = Unit.read(rows[0]["unit"])
    factor, word = unit.factor, unit.of_differences
    places = places_of([(factor * r["low"], factor * r["high"]) for r in rows])
    shown = [
        Estimate(
            row[label], _text(row, factor, places), factor * row["effect"], factor * row["low"],
            factor * row["high"], clear=tells(dict(row)),
        )
        for row in rows
    ]  # fmt: skip
    estimates = Estimates(caption, f"difference, {word}", shown, 0.0, left, right, note=note)
    return estimates.with_ends(places)


def _text(row: Mapping[str, Any], factor: float, places: int) -> str:
    value, low, high = (factor * row[name] for name in ("effect", "low", "high"))
    sign = "+" if value > 0 else ""
    inside = f" ({between(low, high, places)})" if known(dict(row)) else ""
    doubt = " ?" if row.get("doubtful") else ""
    little = " small" if small(dict(row)) else ""
    return f"{sign}{fixed(value, places)}{inside}{little}{doubt}"


def _money(tables: Tables, first: str, money: Money | None) -> Grid:
    chances = tables.chances(first) or {}
    rows = []
    for row in tables.effects[tables.effects["outcome"] == first].to_dict("records"):
        unit = Unit.read(row["unit"])
        factor, word = unit.factor, unit.of_differences
        per = tuple(factor * row.get(f"per_money{end}", math.nan) for end in ("", "_low", "_high"))
        rows.append(
            [
                row["arm_title"],
                fixed(row["public_cost"], 0),
                *([in_currency(row["public_cost"], money)] if money else []),
                interval(*per),
                percent(chances.get(row["arm"], math.nan)),
                percent(row["positive"]),
                fixed(row.get("p_holm", math.nan), 3),
                percent(row["variance_removed"]),
            ]
        )
    return Grid(
        "Public money over the run, and how sure the effects are",
        ["alternative", "public cost, units of account", *(["public cost"] if money else []),
         f"effect per 1,000 of extra money, {word}",
         "chance that its mean is best", "pairs in which it is above", "p (Holm)",
         "variance removed by pairing"],
        rows, range(1, 8 if money else 7),
        f"All but the cost are for {quoted(tables.outcomes[first])}. p: of no effect, adjusted for all "
        "comparisons of this report. Pairing: share of the variance of a difference between independent "
        "runs that common random numbers took away; negative where they added to it.",
    )  # fmt: skip


def percent(share: float) -> str:
    """A share as a percentage, as it is."""
    return f"{fixed(100 * share, 0)}%" if math.isfinite(share) else MISSING


def _more(folder: Path, tables: Tables) -> Iterator[DocumentSection]:
    """Who gains, factors and regret, where there are such tables."""
    if len(tables.gains):
        what = told_of_founders(tables, tables.first)
        arms = in_order(tables.gains, "arm", "arm_title")
        said = [who(tables.gains, arm, what) for arm in arms]
        if tables.long:
            said = [_who_in_short([each for each in said if each])]
        yield DocumentSection("Who gains", [s for s in said if s], pictures(folder, _GAINS))
    if len(tables.factors):
        yield DocumentSection("What each factor does", [_CROSSED], list(_factors(tables)))
    if len(tables.regret):
        yield DocumentSection("What one may miss", [_REGRET], [_regret(tables)])


def _who_in_short(told: Sequence[str]) -> str:
    """Of how many alternatives the weakest gain more, or the strongest."""
    weakest, strongest = (
        sum(each.endswith(f"the {who_gains} gain more.") for each in told)
        for who_gains in ("weakest", "strongest")
    )
    return (
        f"Of {counted(len(told), 'alternative')} the weakest third of founders gains more in {weakest}, the "
        f"strongest in {strongest}; in the others the two intervals overlap. gains.csv holds them all."
        if told
        else ""
    )


def _factors(tables: Tables) -> Iterator[Estimates]:
    for outcome, title in tables.outcomes.items():
        rows = tables.factors[tables.factors["outcome"] == outcome].to_dict("records")
        named = [
            row
            | {
                "label": f"{titled(row['factor'])}: {row['level']}"
                + (f", with {titled(row['with_factor'])}: {row['with_level']}"
                   if row["kind"] == "interaction" else "")
            }
            for row in rows
        ]  # fmt: skip
        left, right = _BETTER[rows[0]["better"]]
        yield drawn(named, "label", title, left, right)


def _of_factors(tables: Tables) -> str:
    """What single factors do to the first outcome, the most telling first."""
    rows: list[dict[str, Any]] = tables.factors.to_dict("records")
    main = [r for r in rows if r["kind"] == "main" and r["outcome"] == tables.first]
    told = sorted((row for row in main if clear(row)), key=lambda row: -abs(row["effect"]))
    thing = quoted(tables.outcomes[tables.first])
    if not told:
        return f"No factor is shown to move {thing}, averaged over the others."
    effects = [
        f"{quoted(titled(row['factor']) + ': ' + row['level'])} {change(row)}" for row in told
    ]
    return f"Averaged over the other factors, of {thing}: {'; '.join(effects)}."


def _of_regret(tables: Tables) -> str:
    """By which choice one misses least of the first outcome, whatever the parameters are."""
    rows = tables.regret[tables.regret["outcome"] == tables.first]
    row = rows.loc[rows["bad"].idxmin()]
    unit = Unit.read(str(row["unit"]))
    factor, word = unit.factor, unit.of_differences
    return (
        f"Over {counted(int(row['draws']), 'draw')} of the parameters {quoted(row['arm_title'])} misses "
        f"least in {quoted(tables.outcomes[tables.first])}: in 95% of draws at most "
        f"{number(factor * row['bad'])} {word} from the best."
    )


def _regret(tables: Tables) -> Grid:
    rows = [
        [row["arm_title"], row["outcome_title"],
         *(number(Unit.read(row["unit"]).factor * row[name]) for name in ("mean", "bad", "most")),
         Unit.read(row["unit"]).of_differences, str(int(row["draws"]))]
        for row in tables.regret.to_dict("records")
    ]  # fmt: skip
    columns = ["alternative", "outcome", "mean", "in 95% of draws below", "most", "unit", "draws"]
    return Grid("Regret over draws of the parameters", columns, rows, (2, 3, 4, 6))


def pictures(folder: Path, known_as: Mapping[str, str]) -> list[Block]:
    """The figures of a folder that are there, by name with what they show."""
    return [
        Picture.read(file, alt.format(level=level()))
        for name, alt in known_as.items()
        if (file := folder / f"{name}.svg").exists()
    ]


_OVER_LUCK = (
    "Intervals hold {level} of the means that other random numbers would give, at these parameters; they "
    "do not cover doubt about the parameters or about the theory."
)
_OVER_DRAWS = (
    "Intervals hold {level} of the means that other draws of the parameters and other random numbers would "
    "give; they do not cover doubt about the theory."
)


def cost_table(tables: Tables, outcome: str, period: str, money: Money | None) -> Grid:
    """What each alternative costs the public, and what the money buys of an outcome."""
    full = _money(tables, outcome, money)
    columns = 5 if money else 4
    rows = [row[:columns] for row in full.rows]
    note = f"Over {period}, beside the baseline; for {quoted(tables.outcomes[outcome])}."
    return Grid(full.caption, full.columns[:columns], rows, range(1, columns), note)


def sureness(tables: Tables) -> str:
    """What the intervals of a comparison cover and what they do not."""
    return _OVER_DRAWS if tables.drawn else _OVER_LUCK


def assumptions(manifest: Mapping[str, Any], intervals: str = _OVER_LUCK) -> list[str]:
    """What a reader has to know before quoting a number; ``intervals`` says what they are over."""
    neutral = sorted({m for s in scenarios_of(manifest).values() for m in s.get("neutral", ())})
    said = [
        f"{_parameters(manifest)} Levels and effects show what the "
        "mechanisms imply at these numbers; they are no forecast.",
        intervals.format(level=level()),
        *money_notes(manifest),
    ]
    if neutral:
        said.append(
            f"Mechanisms put to their neutral case: {listed([titled(m) for m in neutral])}."
        )
    return said


def _parameters(manifest: Mapping[str, Any]) -> str:
    """Where the parameters are from: drawn from a file, or the documented defaults."""
    drawn = manifest.get("compared", {}).get("draws", 0)
    file = manifest.get("experiment", {}).get("draws", "")
    if drawn and file:
        name = PurePosixPath(file.replace("\\", "/")).name
        return f"Parameters are {counted(drawn, 'draw')} of {name}, not the documented defaults."
    return status(bool(manifest.get("calibrated", False)))
