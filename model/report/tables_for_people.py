"""Tables of results for people with a spreadsheet: one workbook, or CSV files as their country writes them.

``tables.xlsx`` has a sheet a table, with numbers as numbers, and a sheet that says what each column is and in
which unit. The CSV files in ``tables/`` follow the language: in Spanish and Portuguese semicolons between
columns and the decimal comma. Heads of columns, units and titles that the program makes are said in the
language spoken; where a head is not the name in the files, the sheet of columns gives that name too.
Text from files is always text: nothing that begins like a formula becomes one.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.language import ENGLISH, decimal_sign, noted, say_name, spoken
from model.measures import BY_NAME
from model.measures.measure_names import called
from model.records.result_files import read_table
from model.report.made_titles import in_words
from model.wording.currency import dated_again
from model.wording.numbers import titled
from model.wording.units import Unit, measured_in

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
HEADS = (
    noted("outcome"), noted("outcome_title"), noted("unit"), noted("better"), noted("arm"),
    noted("arm_title"), noted("against"), noted("against_title"), noted("matters"), noted("mean"),
    noted("mean_against"), noted("effect"), noted("low"), noted("high"), noted("replicates"),
    noted("missing"), noted("p"), noted("p_holm"), noted("positive"), noted("variance_removed"),
    noted("public_cost"), noted("extra_cost"), noted("per_money"), noted("per_money_low"),
    noted("per_money_high"), noted("public_cost_money"), noted("currency"), noted("what"),
    noted("what_title"), noted("third"), noted("founders"), noted("start"), noted("best_mean"),
    noted("best"), noted("cases"), noted("kind"), noted("factor"), noted("level"), noted("with_factor"),
    noted("with_level"), noted("bad"), noted("most"), noted("draws"), noted("scenario"),
    noted("replicate"), noted("tick"), noted("community")
)  # fmt: skip
"""Heads of columns, which in English are their names in the files."""
_WORDS = {
    "better": {"higher": noted("higher"), "lower": noted("lower")},
    "kind": {"main": noted("one factor"), "interaction": noted("two together")},
}
"""Cells that hold one of a few words of the program, said otherwise in another language."""
_MEASURE = noted("measure of the model (docs/model.md)")
_HEADS = (noted("table"), noted("column"), noted("unit"), noted("meaning"))
_IN_FILES = noted("name in the CSV files")
_SHEET = noted("columns")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def tables_of(folder: Path, manifest: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The tables for people that a folder of results holds, by name, their cells in the language spoken."""
    files = sorted(folder.glob("*.csv"))
    return {
        file.stem: _in_words(in_words(read_table(folder, file.stem), manifest)) for file in files
    }


def _in_words(frame: pd.DataFrame) -> pd.DataFrame:
    """A table with the words of the program in its cells said in the language spoken."""
    if spoken() == ENGLISH:
        return frame
    for column, words in _WORDS.items():
        if column in frame:
            said = {word: say_name(other) for word, other in words.items()}
            frame = frame.assign(**{column: frame[column].replace(said)})
    told: dict[str, Callable[[Any], Any]] = {
        "unit": measured_in,
        "third": _third,
        "currency": dated_again,
    }
    if "what" in frame and "third" in frame:
        told["what_title"] = say_name
    for column, say_cell in told.items():
        if column in frame:
            frame = frame.assign(**{column: frame[column].map(say_cell, na_action="ignore")})
    return frame


def _third(name: str) -> str:
    return say_name(f"{titled(name)} third")


def head_of(column: str, frame: pd.DataFrame) -> str:
    """What stands above a column: in English its name, else that in words, as far as it is known."""
    if spoken() == ENGLISH:
        return column
    if column in BY_NAME and (column not in COLUMNS or "outcome" not in frame):
        return called(column)
    return say_name(column) if column in COLUMNS else column


def write_workbook(folder: Path, manifest: Mapping[str, Any]) -> Path:
    """Write ``tables.xlsx`` beside the tables of a folder; returns its path."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook(write_only=False)
    book.remove(book.active)
    frames = tables_of(folder, manifest)
    sheets: list[tuple[str, list[str], list[list[Any]]]] = [
        (name, _heads(frame), [[_plain(v) for v in row] for row in frame.to_numpy(object)])
        for name, frame in frames.items()
    ]
    heads, *meanings = _meanings(frames)
    sheets.append((say_name(_SHEET), heads, meanings))
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


def write_csv(folder: Path, manifest: Mapping[str, Any]) -> Path:
    """Write the tables into ``tables/`` as spreadsheets of the language open them; returns that folder."""
    below = folder / FOLDER
    below.mkdir(exist_ok=True)
    sign = decimal_sign()
    parted = ";" if sign == "," else ","
    frames = tables_of(folder, manifest)
    rows = {name: [_heads(f), *f.to_numpy(object).tolist()] for name, f in frames.items()}
    rows[say_name(_SHEET)] = list(_meanings(frames))
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


def _heads(frame: pd.DataFrame) -> list[str]:
    return [head_of(column, frame) for column in map(str, frame.columns)]


def _meanings(frames: Mapping[str, pd.DataFrame]) -> Iterator[list[str]]:
    """Heads, then a row a table and column: unit and meaning, as far as they are known.

    Where heads of tables are said otherwise than files name them, that name stands at the end.
    """
    other = spoken() != ENGLISH
    yield [say_name(head) for head in (*_HEADS, *([_IN_FILES] if other else []))]
    for name, frame in frames.items():
        for column in map(str, frame.columns):
            unit, meaning = COLUMNS.get(column, ("", ""))
            if column in BY_NAME and "outcome" not in frame:
                unit, meaning = _unit_of_cells(BY_NAME[column].unit), _MEASURE
            told = [name, head_of(column, frame), say_name(unit), say_name(meaning)]
            yield [*told, column] if other else told


def _unit_of_cells(unit: str) -> str:
    """The unit of cells: tables hold shares as shares, not in percent."""
    return _SHARE if Unit.read(unit).factor != 1.0 else unit
