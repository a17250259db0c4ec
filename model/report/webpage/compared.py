"""The page of an experiment: alternatives on common random numbers, and what they do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.report.format import between, counted, fixed, number, quoted, titled
from model.report.frames import in_order, level, status
from model.report.webpage.page import (
    Block,
    Estimate,
    Estimates,
    Grid,
    Page,
    Picture,
    Section,
)
from model.report.webpage.provenance import command_of, folds, horizon, provenance, years
from model.report.webpage.said import (
    also,
    best_arm,
    clear,
    known,
    listed,
    places_of,
    scale,
    verdict,
)

if TYPE_CHECKING:
    import pandas as pd

_FIGURES = {
    "paths": "How the outcomes move over time, a line an alternative, with {level} bands.",
    "by_community": "Product upgrading at the end in each community, a mark an alternative.",
    "sources_of_learning": "Share of mastered practices by the channel through which they came, a "
    "bar an alternative.",
}
_BETTER = {
    "higher": ("", "better \N{RIGHTWARDS ARROW}"),
    "lower": ("\N{LEFTWARDS ARROW} better", ""),
}


def compared(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """The page of a folder that ``compare`` wrote."""
    import pandas as pd

    effects = pd.read_csv(folder / "effects.csv", keep_default_na=False, na_values=[""])
    effects["outcome_title"] = effects["outcome_title"].map(titled)
    asked = manifest["experiment"]
    first = str(effects["outcome"].iloc[0])
    return Page(
        kind="Experiment",
        title=asked["title"],
        question=asked["question"],
        answer=_answer(effects, first, manifest),
        design=_design(effects, asked, manifest),
        sections=[
            Section(
                "Effects",
                ["Filled marks and bold numbers: the interval excludes 0."],
                [_drawn(effects, outcome) for outcome in _outcomes(effects)],
            ),
            Section("What it costs, and how sure", (), [_money(effects, first)]),
            Section("Figures", (), _figures(folder)),
        ],
        assumptions=assumptions(manifest),
        provenance=provenance(manifest),
        command=command_of(manifest),
        folds=folds(manifest, "experiment"),
    )


def _outcomes(effects: pd.DataFrame) -> dict[str, str]:
    return in_order(effects, "outcome", "outcome_title")


def _answer(effects: pd.DataFrame, first: str, manifest: Mapping[str, Any]) -> list[str]:
    best = best_arm(effects, first)
    if best is None:
        return [f"In these simulations: {_lower(verdict(effects, first))}"]
    row = effects[(effects["arm"] == best) & (effects["outcome"] == first)].iloc[0]
    money = f", at a public cost of {number(row['public_cost'])} units of account over {years(manifest)}"
    return [verdict(effects, first, money), *also(effects, best, first)]


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _design(
    effects: pd.DataFrame, asked: Mapping[str, Any], manifest: Mapping[str, Any]
) -> list[tuple[str, str]]:
    arms = in_order(effects, "arm", "arm_title")
    told = [
        ("Compared with", str(effects["against_title"].iloc[0])),
        ("Alternatives", listed(list(arms.values()))),
        ("Outcomes", listed([f"{t} ({_way(effects, o)})" for o, t in _outcomes(effects).items()])),
        ("World", _world(manifest)),
        ("Horizon", horizon(manifest)),
        (
            "Replicates",
            f"{counted(effects['replicates'], 'replicate')} of each alternative, on the same random "
            "numbers: within a replicate alternatives differ in nothing but the design",
        ),
        ("Drawn from", asked.get("source", "")),
    ]
    return [(term, text) for term, text in told if text]


def _way(effects: pd.DataFrame, outcome: str) -> str:
    return f"{effects.loc[effects['outcome'] == outcome, 'better'].iloc[0]} is better"


def _world(manifest: Mapping[str, Any]) -> str:
    titles = dict.fromkeys(str(s.get("title", "")) for s in manifest["scenarios"].values())
    return listed([title for title in titles if title])


def _drawn(effects: pd.DataFrame, outcome: str) -> Estimates:
    part = effects[effects["outcome"] == outcome]
    rows = part.to_dict("records")
    factor, word = scale(rows[0]["unit"])
    places = places_of([(factor * r["low"], factor * r["high"]) for r in rows])
    drawn = [
        Estimate(
            row["arm_title"], _text(row, factor, places), *_scaled(row, factor), clear=clear(row)
        )
        for row in rows
    ]
    left, right = _BETTER[rows[0]["better"]]
    told = verdict(effects, outcome)
    table = Estimates(
        rows[0]["outcome_title"], f"difference, {word}", drawn, 0.0, left, right, note=told
    )
    return table.with_ends(places)


def _scaled(row: Mapping[str, Any], factor: float) -> tuple[float, float, float]:
    return factor * row["effect"], factor * row["low"], factor * row["high"]


def _text(row: Mapping[str, Any], factor: float, places: int) -> str:
    value, low, high = _scaled(row, factor)
    sign = "+" if value > 0 else ""
    inside = f" ({between(low, high, places)})" if known(dict(row)) else ""
    return f"{sign}{fixed(value, places)}{inside}"


def _money(effects: pd.DataFrame, first: str) -> Grid:
    rows = [
        [
            row["arm_title"],
            fixed(row["public_cost"], 0),
            f"{fixed(100 * row['positive'], 0)}%",
            f"{fixed(100 * row['variance_removed'], 0)}%",
        ]
        for row in effects[effects["outcome"] == first].to_dict("records")
    ]
    name = quoted(effects.loc[effects["outcome"] == first, "outcome_title"].iloc[0])
    return Grid(
        "Public money over the run, and how far replicates agree",
        ["alternative", "public cost, units of account", "replicates in which it is above",
         "variance removed by pairing"],
        rows, (1, 2, 3),
        f"The last two columns are for {name}. Pairing: share of the variance of a difference between "
        "independent runs that common random numbers took away; negative where they added to it.",
    )  # fmt: skip


def _figures(folder: Path) -> list[Block]:
    return [
        Picture.read(file, alt.format(level=level()))
        for name, alt in _FIGURES.items()
        if (file := folder / f"{name}.svg").exists()
    ]


def assumptions(manifest: Mapping[str, Any]) -> list[str]:
    """What a reader has to know before quoting a number."""
    neutral = sorted({m for s in manifest["scenarios"].values() for m in s.get("neutral", ())})
    said = [
        f"{status(bool(manifest.get('calibrated', False)))} Levels and effects show what the "
        "mechanisms imply at these numbers; they are no forecast.",
        f"Intervals hold {level()} of the means that other random numbers would give, at these "
        "parameters; they do not cover doubt about the parameters or about the theory.",
        "Money is in units of account: one is the quarterly value added per worker of a firm that "
        "masters nothing.",
    ]
    if neutral:
        said.append(
            f"Mechanisms put to their neutral case: {listed([titled(m) for m in neutral])}."
        )
    return said
