"""Tables out of workbooks, CSV and Stata files: every cell with its place, every number read once.

A number may be written with a decimal comma or as a percentage. What could be two numbers is a fault.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calibration.survey.sheet_items import Item
from model.scenario.faults import Fault, InputError, show_path, show_value, suggest
from model.scenario.toml import UnusableError, obstacle

if TYPE_CHECKING:
    import pandas as pd

KINDS = (".xlsx", ".csv", ".dta")
_THOUSANDS = re.compile(r"^[+-]?\d{1,3}[.,]\d{3}$")
"""What reads as a thousand in one country and as one in another."""


@dataclass(frozen=True)
class Place:
    """Where a cell is: file, sheet and, in a workbook or CSV, row."""

    file: Path
    sheet: str = ""
    row: int | None = None

    def __str__(self) -> str:
        sheet = f", sheet {self.sheet}" if self.sheet else ""
        row = f", row {self.row}" if self.row else ""
        return f"{self.file.name}{sheet}{row}"

    def fault(self, column: str, value: Any, allowed: str, hint: str = "") -> Fault:
        """What is wrong with a cell, on one line."""
        sheet = f"sheet {self.sheet}" if self.sheet else ""
        row = f"row {self.row}" if self.row else ""
        where = ", ".join(part for part in (sheet, row, column) if part)
        shown = show_value(value) if value is not None else ""
        return Fault(show_path(self.file), where, shown, allowed, hint)


@dataclass(frozen=True)
class SheetRow:
    """A row of a sheet: its cells by column."""

    place: Place
    cells: Mapping[str, Any]


def check_readable(file: Path) -> None:
    """InputError where there is no such file, or none of the kinds that are read."""
    if why := obstacle(file):
        raise InputError(why.fault(file))
    if file.suffix.lower() not in KINDS:
        kinds = "a workbook (.xlsx), CSV (.csv) or Stata file (.dta)"
        raise InputError(UnusableError(f"must be {kinds}").fault(file))


def read_frame(
    file: Path, sheet: str = "", encoding: str = "utf-8-sig", delimiter: str = ","
) -> pd.DataFrame:
    """A table as it stands, numbers in CSV as text; empty cells are NaN. InputError if it can't be read.

    Stata files keep codes, not labels; see ``value_labels``.
    """
    import pandas as pd

    check_readable(file)
    try:
        if file.suffix.lower() == ".xlsx":
            return pd.read_excel(file, sheet_name=sheet or 0, dtype=object)
        if file.suffix.lower() == ".dta":
            return pd.read_stata(file, convert_categoricals=False, convert_missing=False)
        return pd.read_csv(
            file, encoding=encoding, sep=delimiter, dtype=str, skip_blank_lines=False
        )
    except UnicodeDecodeError:
        hint = 'write encoding = "latin-1", or save it as UTF-8'
        raise InputError(Fault(show_path(file), "", "", f"is not {encoding} text", hint)) from None
    except LookupError:
        hint = 'write for instance "utf-8", "latin-1" or "cp1252"'
        raise InputError(
            Fault(show_path(file), "encoding", encoding, "is no encoding", hint)
        ) from None
    except (OSError, ValueError, KeyError, EOFError) as error:
        why = str(error).partition("\n")[0]
        raise InputError(Fault(show_path(file), "", "", f"can't be read ({why})")) from None
    except Exception as error:  # noqa: BLE001  each reader has faults of its own for broken files
        why = f"is no {file.suffix} file that can be read ({type(error).__name__})"
        raise InputError(Fault(show_path(file), "", "", why)) from None


def value_labels(file: Path, column: str) -> dict[Any, str]:
    """What the codes of a column of a Stata file mean; empty for other files."""
    import pandas as pd

    if file.suffix.lower() != ".dta":
        return {}
    with pd.io.stata.StataReader(file) as reader:
        frame = reader.read(convert_categoricals=False)
        labels = reader.value_labels()
        if column not in frame:
            return {}
        return dict(labels.get(column, {}))


def sheet_names(file: Path) -> tuple[str, ...]:
    """Names of the sheets of a workbook; InputError if it is none."""
    import pandas as pd

    check_readable(file)
    try:
        with pd.ExcelFile(file) as book:
            return tuple(map(str, book.sheet_names))
    except Exception as error:  # noqa: BLE001  a broken workbook fails in many ways
        why = f"is no workbook that can be read ({type(error).__name__})"
        raise InputError(Fault(show_path(file), "", "", why)) from None


def rows_of(
    frame: pd.DataFrame, file: Path, sheet: str, items: Iterable[Item]
) -> Iterator[SheetRow]:
    """Rows that are not empty, their columns known; InputError names a column that is not."""
    items = tuple(items)
    known = [item.key for item in items]
    columns = [str(column).strip() for column in frame.columns]
    place = Place(file, sheet)
    faults = [
        place.fault(column, None, "is no column of this sheet", suggest(column, known))
        for column in columns
        if column not in known and not column.startswith("Unnamed")
    ]
    faults += [
        place.fault(item.key, None, "is a column that this sheet needs")
        for item in items
        if item.required and item.key not in columns
    ]
    if faults:
        raise InputError(*faults)
    for number, values in enumerate(frame.itertuples(index=False), start=2):
        cells = {
            c: v for c, v in zip(columns, values, strict=True) if not is_empty(v) and c in known
        }
        if cells:
            yield SheetRow(Place(file, sheet, number), cells)


def is_empty(value: Any) -> bool:
    """Whether a cell holds nothing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    return str(value).strip() in ("", "NaT", "<NA>")


def read_cell(item: Item, value: Any, place: Place) -> Any:
    """The value of a cell as its item wants it; InputError says file, sheet, cell, value, allowed."""
    if item.kind == "text":
        text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        return text.strip()
    if item.kind == "choice":
        word = str(value).strip().lower().replace(" ", "_").replace("-", "_")
        if word not in item.choices:
            raise InputError(
                place.fault(item.key, value, "is not known here", suggest(word, item.choices))
            )
        return word
    number = read_number(value, place, item.key, item.allowed)
    if not item.low <= number <= item.high or (item.kind == "whole" and number != int(number)):
        hint = "write a share, not a percentage" if item.high == 1 and number > 1 else ""
        raise InputError(place.fault(item.key, value, f"must be {item.allowed}", hint))
    return int(number) if item.kind == "whole" else number


def read_number(value: Any, place: Place, column: str, allowed: str = "a number") -> float:
    """A number as people write it: 1.5, 1,5 or 150%; InputError for what is none, or could be two."""
    if not isinstance(value, str):
        try:
            number = math.nan if isinstance(value, bool) else float(value)
        except (TypeError, ValueError):
            number = math.nan
        if math.isfinite(number):
            return number
        raise InputError(place.fault(column, str(value), f"must be {allowed}"))
    text = value.strip().replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    percent = text.endswith("%")
    text = text.removesuffix("%")
    if _THOUSANDS.match(text) and not text.lstrip("+-").startswith(("0,", "0.")) and "," in text:
        plain = text.replace(",", "")
        hint = f"write {plain} or {text.replace(',', '.')}"
        raise InputError(place.fault(column, value, "can be read in two ways", hint))
    if "," in text and "." not in text:
        text = text.replace(",", ".")
    try:
        number = float(text)
    except ValueError:
        raise InputError(place.fault(column, value, f"must be {allowed}")) from None
    if not math.isfinite(number):
        raise InputError(place.fault(column, value, f"must be {allowed}"))
    return number / 100 if percent else number
