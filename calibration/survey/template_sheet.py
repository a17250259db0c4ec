"""The empty sheet that ships, made from the items that it asks for.

uv run run.py new --template survey.xlsx
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from calibration.survey.sheet_items import CLUSTER, SHEETS
from model.scenario.faults import Fault, InputError, show_path

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_WIDEST = 70  # characters of a column


def workbook() -> Workbook:
    """The empty sheet: items to fill in, a page that says what every column means."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    page = book.create_sheet("cluster")
    _head(page, ("item", "value", "allowed", "meaning"))
    for item in CLUSTER:
        needed = " (needed)" if item.required else ""
        page.append((item.key, None, item.allowed, f"{item.meaning}{needed}"))
    _narrow(page)
    for name, items in list(SHEETS.items())[1:]:
        page = book.create_sheet(name)
        _head(page, tuple(item.key for item in items))
        _narrow(page)
    page = book.create_sheet("help")
    _head(page, ("sheet", "column", "allowed", "meaning"))
    for name, items in list(SHEETS.items())[1:]:
        for item in items:
            page.append((name, item.key, item.allowed, item.meaning))
    _narrow(page)
    return book


def filled(
    answers: Mapping[str, object], rows: Mapping[str, Iterable[tuple[object, ...]]]
) -> Workbook:
    """The sheet with ``answers`` to its items, and ``rows`` below the heads of its other pages."""
    book = workbook()
    for row in book["cluster"].iter_rows(min_row=2):
        row[1].value = answers.get(str(row[0].value))
    for name, listed in rows.items():
        for row_of_sheet in listed:
            book[name].append(row_of_sheet)
    return book


def write_template(file: Path) -> Path:
    """Write the empty sheet; InputError where the file is there already or can't be written."""
    if file.suffix.lower() != ".xlsx":
        raise InputError(Fault(show_path(file), "", "", "must end with .xlsx"))
    if file.exists():
        raise InputError(Fault(show_path(file), "", "", "is there already", "give another name"))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        workbook().save(file)
    except OSError as error:
        why = f"can't be written ({error.strerror})"
        raise InputError(Fault(show_path(file), "", "", why)) from None
    return file


def _head(page: Worksheet, names: tuple[str, ...]) -> None:
    from openpyxl.styles import Font

    page.append(names)
    for cell in page[1]:
        cell.font = Font(bold=True)
    page.freeze_panes = "A2"


def _narrow(page: Worksheet) -> None:
    """Columns as wide as what stands in them."""
    for column in page.columns:
        widest = max(len(str(cell.value or "")) for cell in column)
        page.column_dimensions[column[0].column_letter].width = min(_WIDEST, widest) + 4
