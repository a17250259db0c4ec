"""Tables of results for people with a spreadsheet: one workbook, or CSV files as their country writes them.

``tables.xlsx`` has a sheet a table, with numbers as numbers, and a sheet that says what each column is and in
which unit. The CSV files in ``tables/`` follow the language: in Spanish and Portuguese semicolons between
columns and the decimal comma. Text from files is always text: nothing that begins like a formula becomes one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.language import decimal_sign, noted, say_name
from model.measures import BY_NAME
from model.records.result_files import read_table
from model.wording.units import Unit

if TYPE_CHECKING:
    import pandas as pd

WORKBOOK, FOLDER = "tables.xlsx", "tables"
_ROW = noted("as the column unit says")
_UNITS = noted("units of account")
_SHARE = noted("share, 0-1")
COLUMNS = {
    "outcome": ("", noted("outcome, its name in the file")),
    "outcome_title": ("", noted("outcome, in words")),
    "unit": ("", noted("unit of the numbers of this row")),
    "better": ("", noted("whether higher or lower is better")),
    "arm": ("", noted("alternative, its name in the file")),
    "arm_title": ("", noted("alternative, in words")),
    "against": ("", noted("what it is compared with, its name in the file")),
    "against_title": ("", noted("what it is compared with, in words")),
    "matters": (_ROW, noted("smallest difference that matters")),
    "mean": (_ROW, noted("mean of the alternative")),
    "mean_against": (_ROW, noted("mean of what it is compared with")),
    "effect": (_ROW, noted("mean difference of pairs")),
    "low": (_ROW, noted("lower end of the 95% interval")),
    "high": (_ROW, noted("upper end of the 95% interval")),
    "replicates": ("", noted("number of pairs")),
    "missing": ("", noted("pairs without a value")),
    "p": (_SHARE, noted("chance of so large a difference, if there were no effect")),
    "p_holm": (_SHARE, noted("p, adjusted for the number of comparisons (Holm)")),
    "positive": (_SHARE, noted("pairs in which the alternative is above")),
    "variance_removed": (_SHARE, noted("how much of the variance of a difference pairing removed")),
    "public_cost": (_UNITS, noted("public money over the run, mean")),
    "extra_cost": (_UNITS, noted("public money beyond what it is compared with")),
    "per_money": (_ROW, noted("effect per 1,000 units of account of extra public money")),
    "per_money_low": (_ROW, noted("lower end of the interval of per_money")),
    "per_money_high": (_ROW, noted("upper end of the interval of per_money")),
    "public_cost_money": (noted("as the column currency says"), noted("public cost in currency")),
    "currency": ("", noted("currency, and the year of its prices")),
    "what": ("", noted("what is told of founders, its name")),
    "what_title": ("", noted("what is told of founders, in words")),
    "third": ("", noted("third of founders by what they mastered at the start")),
    "founders": (noted("firms"), noted("firms in this third, mean")),
    "start": (noted("practices"), noted("practices mastered at the start, mean")),
    "best_mean": (_SHARE, noted("chance that the mean of the alternative is best")),
    "best": (_SHARE, noted("replicates in which the alternative is best")),
    "cases": ("", noted("number of replicates compared")),
    "kind": ("", noted("effect of one factor, or of two together")),
    "factor": ("", noted("factor")),
    "level": ("", noted("level of the factor")),
    "with_factor": ("", noted("the other factor")),
    "with_level": ("", noted("level of the other factor")),
    "bad": (_ROW, noted("regret that 95% of draws stay below")),
    "most": (_ROW, noted("largest regret")),
    "draws": ("", noted("number of draws of the parameters")),
    "scenario": ("", noted("scenario")),
    "replicate": ("", noted("number of the replicate")),
    "tick": ("", noted("quarter, from 0")),
    "community": ("", noted("community, its name in the file")),
}  # fmt: skip
"""Column -> unit, meaning. Columns of measures are known from the measures themselves."""
_MEASURE = noted("measure of the model (docs/model.md)")
_HEADS = (noted("table"), noted("column"), noted("unit"), noted("meaning"))
_SHEET = noted("columns")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def tables_of(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables for people that a folder of results holds, by name."""
    return {file.stem: read_table(folder, file.stem) for file in sorted(folder.glob("*.csv"))}


def write_workbook(folder: Path) -> Path:
    """Write ``tables.xlsx`` beside the tables of a folder; returns its path."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook(write_only=False)
    book.remove(book.active)
    frames = tables_of(folder)
    sheets: list[tuple[str, list[str], list[list[Any]]]] = [
        (name, list(frame.columns), [[_plain(v) for v in row] for row in frame.to_numpy(object)])
        for name, frame in frames.items()
    ]
    heads = [say_name(head) for head in _HEADS]
    sheets.append((say_name(_SHEET), heads, [list(row) for row in _meanings(frames)]))
    for name, columns, rows in sheets:
        page = book.create_sheet(name[:31])
        for values in (columns, *rows):
            page.append([None] * len(values))
            for cell, value in zip(page[page.max_row], values, strict=True):
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"  # never a formula
        for cell in page[1]:
            cell.font = Font(bold=True)
        page.freeze_panes = "A2"
    file = folder / WORKBOOK
    book.save(file)
    return file


def write_csv(folder: Path) -> Path:
    """Write the tables into ``tables/`` as spreadsheets of the language open them; returns that folder."""
    below = folder / FOLDER
    below.mkdir(exist_ok=True)
    sign = decimal_sign()
    parted = ";" if sign == "," else ","
    frames = tables_of(folder)
    rows = {name: [list(f.columns), *f.to_numpy(object).tolist()] for name, f in frames.items()}
    heads = [say_name(head) for head in _HEADS]
    rows[say_name(_SHEET)] = [heads, *map(list, _meanings(frames))]
    for name, lines in rows.items():
        with (below / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=parted)
            writer.writerows([[_written(_plain(v), sign) for v in line] for line in lines])
    return below


def _plain(value: Any) -> Any:
    """A cell as Python keeps it; nothing for what is missing."""
    if hasattr(value, "item"):
        value = value.item()
    return None if value is None or value != value else value


def _written(value: Any, sign: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.6g}".replace(".", sign)
    return f"'{value}" if value.startswith(_FORMULA) else str(value)


def _meanings(frames: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str, str, str]]:
    """A row a table and column: unit and meaning, as far as they are known."""
    for name, frame in frames.items():
        for column in map(str, frame.columns):
            unit, meaning = COLUMNS.get(column, ("", ""))
            if column in BY_NAME and "outcome" not in frame:
                unit, meaning = _unit_of_cells(BY_NAME[column].unit), _MEASURE
            yield name, column, say_name(unit), say_name(meaning)


def _unit_of_cells(unit: str) -> str:
    """The unit of cells: tables hold shares as shares, not in percent."""
    return _SHARE if Unit.read(unit).factor != 1.0 else unit
