"""A CSV table in, validated rows out; every fault told on one line.

A table is described once, by a row model: a subclass of `CsvRow` whose fields are the columns in
order. The type of a field is the type and range of its column; `column` adds meaning, unit and
source. From that one description come the validation, the words for what is allowed in a fault,
and the documentation of the columns (`document_columns`).

An empty cell means "not given": `None` where the column allows it, a fault elsewhere. A column may
be left out of a file only if its field has a default.

A table of one's own comes as programs write them (`own=True`): UTF-8, UTF-16 or the code page of Western
Windows, cells between commas, semicolons or tabs (with the latter two decimals may have a comma), usual
marks for what is missing, and columns beside those that are asked for.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, ValidationError

from model.scenario.faults import Fault, InputError, Misfit, nearest, show_path


class CsvRow(BaseModel):
    """One row of a table; `key` names the columns that together may not repeat.

    A rule over several columns is a validator that raises `MisfitError`, blaming columns by name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    key: ClassVar[tuple[str, ...]]


RowType = TypeVar("RowType", bound=CsvRow)
Choices = Mapping[str, Sequence[str]]

Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]
"""A name that files and commands use: lower-case letters and digits, joined by underscores."""

Text = Annotated[str, Field(min_length=1)]


def _split(cell: Any) -> Any:
    return tuple(part.strip() for part in cell.split(";")) if isinstance(cell, str) else cell


Texts = Annotated[tuple[Text, ...], BeforeValidator(_split)]
"""Several texts in one cell, separated by semicolons."""


def column(meaning: str, *, unit: str = "", source: str, **limits: Any) -> Any:
    """Declare a column: what it means, its unit ("" if it has none), where its values come from."""
    extra: dict[str, JsonValue] = {"unit": unit, "source": source}
    return Field(description=meaning, json_schema_extra=extra, **limits)


def read_table(
    path: Path | str, row: type[RowType], choices: Choices | None = None, own: bool = False
) -> tuple[RowType, ...]:
    """Read a CSV file (UTF-8, commas, a header line) as rows of the model `row`.

    `choices` narrows columns to values known only at run time: {column: allowed values}. `own`: it is
    somebody's own table, read as this module's docstring tells.
    Raises `InputError` with all faults of the file: line, column, value, what is allowed.
    """
    file = show_path(Path(path))
    records = _records(Path(path), file, own)
    top, header = next(records, (1, []))
    header = [name.strip() for name in header] if own else header
    kept = _kept(header, row) if own else tuple(range(len(header)))
    faults = list(_header_faults(file, top, [header[place] for place in kept], row))
    if faults:
        raise InputError(*faults)

    rows: list[RowType] = []
    first_line: dict[tuple[Any, ...], int] = {}
    for line, cells in records:
        if len(cells) != len(header):
            faults.append(_miscounted(file, line, len(cells), len(header)))
            continue
        given = {header[place]: cells[place].strip() or None for place in kept}
        if own:
            given = {name: _plain(cell, row, name) for name, cell in given.items()}
        wrong = list(_choice_faults(file, line, given, choices or {}))
        try:
            valid = row.model_validate(given)
        except ValidationError as error:
            wrong += _row_faults(file, line, given, row, error)
        faults += wrong
        if wrong:
            continue
        key = tuple(getattr(valid, name) for name in row.key)
        if key in first_line:
            hint = f"it stands already on line {first_line[key]}"
            faults.append(
                Fault(file, _at(line, *row.key), ", ".join(map(str, key)), "must stand once", hint)
            )
        first_line.setdefault(key, line)
        rows.append(valid)
    if not rows and not faults:
        faults.append(Fault(file, "", "", "must have at least one row below the header line"))
    if faults:
        raise InputError(*faults)
    return tuple(rows)


def allowed(row: type[CsvRow], name: str) -> str:
    """What may stand in a column, in words, read off the row model."""
    schema = row.model_json_schema()
    return _in_words(schema["properties"][name], schema.get("$defs", {}))


def document_columns(row: type[CsvRow]) -> str:
    """The columns of a table as a Markdown table: meaning, unit, allowed values, source."""
    lines = ["| column | meaning | unit | allowed | source |", "| --- | --- | --- | --- | --- |"]
    for name, prop in row.model_json_schema()["properties"].items():
        words = (prop["description"], prop["unit"] or "-", allowed(row, name), prop["source"])
        lines.append(f"| `{name}` | {' | '.join(words)} |")
    return "\n".join(lines)


MISSING = frozenset(
    ("na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "–", "—", ".", "..", "?", "not given")
)
"""Marks for what is missing in a table of one's own, whatever their capitals; -9 is none, it is a number."""
_DELIMITERS = ",;\t"


def _kept(header: Sequence[str], row: type[CsvRow]) -> tuple[int, ...]:
    """Places of columns to read: all but those that are about something else.

    A name like that of a column that is not there stays, to be told as a slip of the pen.
    """
    absent = [name for name in row.model_fields if name not in header]
    return tuple(
        place
        for place, name in enumerate(header)
        if name in row.model_fields or nearest(name, absent)
    )


def _plain(cell: str | None, row: type[CsvRow], name: str) -> str | None:
    """A cell without a mark for missing, a decimal comma as a point."""
    if cell is None or name not in row.model_fields:
        return cell
    field = row.model_fields[name]
    may_be_empty = type(None) in get_args(field.annotation)
    if may_be_empty and cell.lower() in MISSING:
        return None
    if re.fullmatch(r"-?\d+,\d+", cell) and "number" in allowed(row, name):
        return cell.replace(",", ".")
    return cell


def _records(path: Path, file: str, own: bool) -> Iterator[tuple[int, list[str]]]:
    """Yield (line on which it starts, its cells) for each record that is not blank."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        siblings = [p.name for p in path.parent.glob(f"*{path.suffix}")]
        raise InputError(Fault(file, "", "", "no such file", _guess(path.name, siblings))) from None
    except OSError as error:
        raise InputError(Fault(file, "", "", f"can't be read ({error.strerror})")) from None
    text = _own_text(raw, file) if own else _utf8(raw, file)
    mark = _delimiter(text) if own else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        hint = "look for a stray quote"
        raise InputError(Fault(file, _at(line), "", f"is not CSV ({error})", hint)) from None


def _utf8(raw: bytes, file: str) -> str:
    try:
        return raw.decode("utf-8-sig")  # spreadsheets put a byte order mark in front
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        fault = f"is not UTF-8 (byte {raw[error.start]:#04x})"
        raise InputError(Fault(file, _at(line), "", fault, "save it as UTF-8 CSV")) from None


def _own_text(raw: bytes, file: str) -> str:
    """Text in one of the encodings that spreadsheets write."""
    if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    fault = "is no text in UTF-8, UTF-16 or Windows-1252"
    raise InputError(Fault(file, "", "", fault, "save it as UTF-8 CSV")) from None


def _delimiter(text: str) -> str:
    """What stands between the cells of the header line."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=header.count)


def _at(line: int, *columns: str) -> str:
    return f"line {line}, column {', '.join(columns)}" if columns else f"line {line}"


def _guess(word: str, known: Sequence[str]) -> str:
    close = nearest(word, known)
    return f"did you mean {close}?" if close else ""


def _header_faults(
    file: str, line: int, header: Sequence[str], row: type[CsvRow]
) -> Iterator[Fault]:
    known = list(row.model_fields)
    if not header:
        yield Fault(file, "", "", f"is empty; its first line must be {','.join(known)}")
        return
    if len(header) == 1 and ";" in header[0]:
        fault = "cells must be separated by commas, not semicolons"
        yield Fault(file, _at(line), "", fault, "decimals have a point")
        return
    meant = {nearest(name, known) for name in header if name not in known}
    for place, name in enumerate(header):
        if name not in known:
            hint = _guess(name, known) or f"known are {', '.join(known)}"
            yield Fault(file, _at(line, repr(name)), "", "no such column", hint)
        elif name in header[:place]:
            yield Fault(file, _at(line, name), "", "must stand once")
    for name, field in row.model_fields.items():
        if name not in header and name not in meant and field.is_required():
            hint = f"its cells must be {allowed(row, name)}"
            yield Fault(file, _at(line, name), "", "is missing", hint)


def _miscounted(file: str, line: int, cells: int, columns: int) -> Fault:
    return Fault(
        file,
        _at(line),
        "",
        f"has {cells} cells, must have {columns} as the header line",
        "an empty cell still needs its comma, a cell that holds a comma needs quotes",
    )


def _choice_faults(
    file: str, line: int, given: Mapping[str, str | None], choices: Choices
) -> Iterator[Fault]:
    for name, known in choices.items():
        value = given[name]
        if value is not None and value not in known:
            yield Fault(file, _at(line, name), value, f"must be {_or(known)}", _guess(value, known))


def _row_faults(
    file: str, line: int, given: Mapping[str, str | None], row: type[CsvRow], error: ValidationError
) -> Iterator[Fault]:
    for detail in error.errors(include_url=False):
        if detail["type"] == "value_error":  # a rule over several columns
            misfits = detail["ctx"]["error"].misfits
        else:
            name = str(detail["loc"][0])
            misfits = (Misfit((name,), f"must be {allowed(row, name)}"),)
        for misfit in misfits:
            name = str(misfit.key[0])
            value = given.get(name) or "empty"
            yield Fault(file, _at(line, name), value, misfit.allowed, misfit.hint)


def _in_words(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        words = _in_words(schema["anyOf"][0], definitions)
        return f"{words}, or empty" if {"type": "null"} in schema["anyOf"] else words
    if "$ref" in schema:
        return _in_words(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "enum" in schema:
        return _or(schema["enum"])
    if schema["type"] == "array":
        return "texts separated by semicolons"
    if schema["type"] == "string":
        return "lower-case letters, digits and underscores" if "pattern" in schema else "text"
    return _number_in_words(schema)


def _number_in_words(schema: Mapping[str, Any]) -> str:
    words = "a whole number" if schema["type"] == "integer" else "a number"
    limits = {"minimum": "from", "maximum": "to", "multipleOf": "in steps of"}
    parts = [f"{word} {schema[limit]:g}" for limit, word in limits.items() if limit in schema]
    return " ".join([words, *parts])


def _or(options: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(options[:-1]), options[-1]]))
