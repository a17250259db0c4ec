"""The page of an examination of patterns: what the papers say, expected, found, verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.experiments.patterns.verdict import (
    CONTRADICTED,
    NOT_APPLICABLE,
    REPRODUCED,
    UNDECIDED,
    VERDICTS,
)
from model.language import noted, say, say_many, say_name
from model.measures.measure_names import called
from model.report.webpage.comparison_page import assumptions
from model.report.webpage.comparison_tables import table
from model.report.webpage.document import DocumentSection, Grid, Page
from model.report.webpage.page_provenance import command_of, folds, provenance
from model.wording.expectations import expected
from model.wording.numbers import MISSING, counted, fixed, interval, level

if TYPE_CHECKING:
    import pandas as pd

_KEYS = noted(
    "Effects are differences on common random numbers. Reproduced: the whole interval lies in what is "
    "expected; contradicted: all of it lies outside; undecided: part of it lies inside, part outside."
)


_VERDICTS = (
    noted("reproduced"), noted("contradicted"), noted("undecided"), noted("not applicable"),
)  # fmt: skip
"""Verdicts, as they are said in any language."""


def patterns_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """The page of a folder that ``patterns`` wrote."""
    rows = table(folder, "patterns", needed=True)
    files = manifest["patterns"]
    titles = [str(file["title"]) for file in files.values()]
    return Page(
        kind=say("Patterns"),
        title=titles[0] if len(titles) == 1 else say("What the sources say, as experiments"),
        question=say("Does the model show what the sources report?"),
        answer=list(_answer(rows)),
        design=[(say("Verdict"), say(_KEYS)), (say("Files"), "\n".join(titles))],
        sections=[
            DocumentSection(say("In short"), (), [_counts(rows)]),
            *(
                DocumentSection(str(group), (), [_grid(part)])
                for group, part in rows.groupby("group", sort=False)
            ),
        ],
        assumptions=assumptions(manifest),
        provenance=provenance(manifest),
        command=command_of(manifest),
        folds=folds(manifest, "patterns"),
    )


def _answer(rows: pd.DataFrame) -> Iterator[str]:
    number = {verdict: int((rows["verdict"] == verdict).sum()) for verdict in VERDICTS}
    judged = len(rows) - number[NOT_APPLICABLE]
    if not judged:
        yield say("Nothing could be judged.")
        return
    share = fixed(100 * number[REPRODUCED] / judged, 0)
    yield say(
        "Of {expectations} drawn from the sources the model reproduces {reproduced} ({share}%), "
        "contradicts {contradicted} and leaves {undecided} undecided.",
        expectations=counted(judged, "expectation"),
        reproduced=number[REPRODUCED],
        share=share,
        contradicted=number[CONTRADICTED],
        undecided=number[UNDECIDED],
    )
    wrong = rows[rows["verdict"] == CONTRADICTED]
    if len(wrong):
        told = dict.fromkeys(
            f"{row['title']} ({_measure(row)})" for row in wrong.to_dict("records")
        )
        yield say("Contradicted: {expectations}.", expectations="; ".join(told))
    if n := number[NOT_APPLICABLE]:
        yield say_many(
            "{n} is about what the model does not hold.",
            "{n} are about what the model does not hold.",
            n,
            n=n,
        )


def _measure(row: Mapping[str, Any]) -> str:
    return called(str(row["measure"]))


def _counts(rows: pd.DataFrame) -> Grid:
    groups = rows.groupby("group", sort=False)["verdict"].value_counts().unstack(fill_value=0)
    groups = groups.reindex(columns=list(VERDICTS), fill_value=0)
    groups = groups.loc[list(dict.fromkeys(rows["group"]))]
    cells = [
        [str(name), *(str(n) for n in row)]
        for name, row in zip(groups.index, groups.to_numpy(), strict=True)
    ]
    return Grid(
        say("Expectations by group and verdict"),
        [say("group"), *map(say_name, VERDICTS)],
        cells,
        range(1, 5),
    )


def _grid(part: pd.DataFrame) -> Grid:
    cells = []
    for row in part.to_dict("records"):
        applies = row["verdict"] != NOT_APPLICABLE
        found = interval(row["effect"], row["low"], row["high"], 2) if applies else MISSING
        runs = str(int(row["replicates"])) if applies and isfinite(row["replicates"]) else MISSING
        cells.append([
            str(row["title"]), _measure(row) if applies else MISSING,
            expected(row) if applies else MISSING, found, runs, say_name(str(row["verdict"])),
            str(row["source"]),
        ])  # fmt: skip
    columns = [
        say("what"), say("measure"), say("expected"), say("found ({level} interval)", level=level()),
        say("runs"), say("verdict"), say("source"),
    ]  # fmt: skip
    return Grid(say("Expected and found"), columns, cells, (3, 4))
