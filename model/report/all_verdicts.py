"""The page of docs that holds every pattern with its verdict, and the verdicts at other years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from model.experiments.patterns import horizons, no_effect
from model.experiments.patterns.examine import counts
from model.experiments.patterns.verdict import (
    CONTRADICTED,
    NOT_APPLICABLE,
    REPRODUCED,
    UNDECIDED,
)
from model.wording.expectations import expected
from model.wording.numbers import fixed, interval, percent

_MARKS = {REPRODUCED: "", CONTRADICTED: " (contradicted)", UNDECIDED: " (undecided)"}


def verdicts_page(
    table: pd.DataFrame,
    nothing: pd.DataFrame,
    later: pd.DataFrame | None,
    titles: Mapping[str, str],
    quick: bool,
) -> str:
    """The page as Markdown: what came out how, the rows of each file, verdicts at other years.

    ``table``, ``nothing``, ``later``: columns of ``examine``, ``no_effect`` and ``horizons``; ``titles``: of
    the files.
    """
    command = "uv run run.py patterns --horizons --keep" + (" --quick" if quick else "")
    facts = counts(table)
    apply = facts["patterns"] - facts["not_applicable"]
    met = no_effect.facts(nothing)
    lines = [
        "# Every pattern and its verdict",
        "",
        f"Made by `{command}`; don't edit by hand. What the verdicts mean stands in "
        "[patterns](patterns.md), what stands against the rows that fail in "
        "[decision 8](decisions/0008-rows-not-reproduced.md).",
        "",
        f"**{facts['reproduced']} of {apply} rows that apply are reproduced "
        f"({percent(facts['reproduced'] / apply)}), {facts['contradicted']} contradicted, "
        f"{facts['undecided']} undecided.** In a world without effects {met['signs_met']} of "
        f"{met['signs']} rows of a sign are met.",
        "",
    ]
    for name, title in titles.items():
        lines += [f"## {title}", "", *_rows(table[table["file"] == name]), ""]
    if later is not None:
        lines += _at_other_years(later)
    return "\n".join(lines).rstrip() + "\n"


def _rows(table: pd.DataFrame) -> Iterable[str]:
    yield "| pattern | measure | expected | found (95% interval) | runs | verdict |"
    yield "| --- | --- | --- | ---: | ---: | --- |"
    for row in table.to_dict("records"):
        what = f"{row['group']}: {row['title']} | {_spaced(row['measure'])}"
        if row["verdict"] == NOT_APPLICABLE:
            yield f"| {what} |  |  |  | {NOT_APPLICABLE} |"
            continue
        found = interval(row["effect"], row["low"], row["high"], 2)
        verdict = row["verdict"] if row["verdict"] == REPRODUCED else f"**{row['verdict']}**"
        yield f"| {what} | {expected(row)} | {found} | {int(row['replicates'])} | {verdict} |"


def _at_other_years(later: pd.DataFrame) -> list[str]:
    """Rows whose verdict is not the same at all years, with what is found at each."""
    facts = horizons.facts(later)
    years = facts["years"]
    said = ", ".join(f"{n} at year {year}" for year, n in facts["reproduced"].items())
    lines = [
        "## At other years",
        "",
        f"{facts['rows']} rows are judged again at years {', '.join(map(str, years))}. Reproduced are "
        f"{said}. {facts['changed']} change their verdict, {facts['reversed']} of them from reproduced to "
        "contradicted or back. These are the ones that change; a number without a mark is as expected.",
        "",
        "| pattern | measure | expected | " + " | ".join(f"year {year}" for year in years) + " |",
        "| --- | --- | --- |" + " ---: |" * len(years),
    ]
    changed = later[later["changed"].astype(bool)]
    for (file, pattern, measure), rows in changed.groupby(
        ["file", "pattern", "measure"], sort=False
    ):
        lines.append(
            f"| {file}/{_spaced(pattern)} | {_spaced(measure)} | {rows['expectation'].iloc[0]} | "
            + " | ".join(_at(rows, year) for year in years)
            + " |"
        )
    return lines


def _at(rows: pd.DataFrame, year: int) -> str:
    here = rows[rows["year"] == year]
    if here.empty:
        return ""
    row: dict[str, Any] = here.iloc[0].to_dict()
    return fixed(row["effect"], 2) + _MARKS.get(row["verdict"], "")


def _spaced(name: str) -> str:
    return str(name).replace("_", " ")
