"""Rows of firms that others collected become the answers of the sheet, by a mapping file.

Rows stay here: only weighted sums go on, with how many firms they are of, and none of a cell smaller
than the mapping allows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from calibration.survey.data_mapping import DataMapping, Take, item_of
from calibration.survey.firm_aggregates import (
    FirmTable,
    Sums,
    of_firms,
    of_ties,
    put_share,
    weighted_mean,
)
from calibration.survey.sheet_cells import (
    Place,
    is_empty,
    read_cell,
    read_frame,
    read_number,
    value_labels,
)
from calibration.survey.sheet_items import CHAINS, CLUSTER, INSTITUTIONS, Item
from calibration.survey.survey_answers import Answer, Answers, add_sums, complete
from model.scenario.faults import Fault, InputError, suggest
from model.scenario.files import load_document, parse_document

if TYPE_CHECKING:
    import pandas as pd


class _Rows:
    """The rows that a mapping takes, read once by column."""

    def __init__(self, file: Path, mapping: DataMapping) -> None:
        self.file, self.mapping = file, mapping
        self.place = Place(file, mapping.sheet)
        self.frame = read_frame(file, mapping.sheet, mapping.encoding, mapping.delimiter)
        self.labels: dict[str, dict[Any, str]] = {}
        for column, codes in mapping.only.items():
            wanted = set(map(_code, codes))
            keep = [bool(self.names(column, v) & wanted) for v in self.column(column)]
            self.frame = self.frame[keep]
        if self.frame.empty:
            raise InputError(self.place.fault("", None, "has no row that the mapping takes"))
        weights = mapping.weight
        self.weights = self.numbers(weights) if weights else [1.0] * len(self.frame)
        if any(w < 0 for w in self.weights):
            raise InputError(self.place.fault(weights, None, "weights must be at least 0"))

    def column(self, name: str) -> pd.Series:
        """A column as it stands; InputError with the nearest name if there is none."""
        if name not in self.frame:
            known = list(map(str, self.frame.columns))
            raise InputError(self.place.fault(name, None, "no such column", suggest(name, known)))
        return self.frame[name]

    def names(self, column: str, value: Any) -> set[str]:
        """A cell's code and its value label, by either of which a mapping may call it."""
        if column not in self.labels:
            self.labels[column] = value_labels(self.file, column)
        label = self.labels[column].get(value)
        return {_code(value)} | ({label.strip()} if label else set())

    def numbers(
        self, column: str, missing: Sequence[Any] = (), bands: Mapping[str, float] | None = None
    ) -> list[float]:
        """A column as numbers, NaN where no answer; InputError with every cell that is none."""
        none = {*map(_code, self.mapping.missing), *map(_code, missing)}
        found: list[float] = []
        faults: list[Fault] = []
        for row, value in zip(self.frame.index, self.column(column), strict=True):
            names = self.names(column, value)
            if is_empty(value) or names & none:
                found.append(math.nan)
                continue
            place = Place(self.file, self.mapping.sheet, int(row) + 2)
            if bands:
                fit = [number for name, number in bands.items() if name in names]
                if not fit:
                    faults.append(
                        place.fault(column, str(value), "has no band", suggest(str(value), bands))
                    )
                found += fit[:1]
                continue
            try:
                found.append(self._number(value, place, column))
            except InputError as error:
                faults += error.faults
        if faults:
            raise InputError(*faults)
        return found

    def _number(self, value: Any, place: Place, column: str) -> float:
        if isinstance(value, str) and self.file.suffix.lower() == ".csv":
            text = value.strip()
            if self.mapping.decimal == ",":
                text = text.replace(".", "").replace(",", ".")
            try:
                return float(text)
            except ValueError:
                hint = 'name codes of no answer in `missing`, size bands in `bands`, or say decimal = ","'
                raise InputError(place.fault(column, value, "must be a number", hint)) from None
        return read_number(value, place, column)

    def says(self, take: Take) -> list[float]:
        """1 for a firm with a value of ``yes`` (any where none is named), 0 for others, NaN for no answer."""
        none = {*map(_code, self.mapping.missing), *map(_code, take.missing)}
        yes = set(map(_code, take.yes))
        found = []
        for value in self.column(take.column):
            names = self.names(take.column, value)
            if is_empty(value) or names & none:
                found.append(math.nan)
            else:
                found.append(float(bool(names & yes) or not yes))
        return found


def _code(value: Any) -> str:
    """A code as text: 1, 1.0 and "1" are the same."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def read_microdata(file: Path, mapping_file: Path) -> Answers:
    """The answers that a table of firms gives by a mapping; InputError for what can't be read."""
    mapping, answers = read_mapping(mapping_file)
    rows = _Rows(file, mapping)
    for take in mapping.take:
        sums = taken(rows, take)
        origin = f"{file.name}, column {take.column}, {take.how}"
        origin += f" ({take.reason})" if take.reason else ""
        for key, (value, n) in sums.values.items():
            target = answers.given if any(key == item.key for item in CLUSTER) else answers.keys
            target[key] = Answer(read_cell(item_of(key), value, rows.place), origin, n)
        answers.withheld += [f"{origin}: {said}" for said in sums.withheld]
    if mapping.firms:
        columns = {i: rows.numbers(c) for i, c in mapping.firms.items() if i != "firm"}
        sums = of_firms(FirmTable(columns, rows.weights), mapping.smallest_cell)
        add_sums(answers, sums.values, sums.withheld, f"{file.name}, table of firms")
    if mapping.ties:
        _add_ties(answers, mapping, mapping_file, rows)
    return complete(answers, Place(mapping_file))


def read_mapping(file: Path) -> tuple[DataMapping, Answers]:
    """A mapping file, and what it answers without a table of firms; InputError if it is not valid."""
    mapping = parse_document(load_document(file), DataMapping)
    answers, place = Answers(), Place(file)
    for key, value in mapping.answers.items():
        item = next(item for item in CLUSTER if item.key == key)
        answers.given[key] = Answer(read_cell(item, value, place), f"{file.name}, {key}")
    answers.chains = _tables(mapping.chains, CHAINS, file, "chains")
    answers.institutions = _tables(mapping.institutions, INSTITUTIONS, file, "institutions")
    return mapping, answers


def taken(rows: _Rows, take: Take) -> Sums:
    """What a column gives: a weighted mean, share, rating or count."""
    sums, smallest = Sums(), rows.mapping.smallest_cell
    if take.yes or take.how == "count":
        does = rows.says(take)
        if take.how == "count":
            w = np.asarray(rows.weights)
            n = int(np.nansum(does))
            whole = round(float(np.nansum(w * np.asarray(does))) * take.scale + take.offset)
            sums.put(take.key, whole, n, smallest)
            return sums
        put_share(sums, take.key, does, rows.weights, smallest)
    else:
        numbers = rows.numbers(take.column, take.missing, take.bands)
        sums.put(take.key, *weighted_mean(numbers, rows.weights), smallest)
    for key, (value, n) in sums.values.items():
        number = value * take.scale + take.offset
        if take.points:
            number = float(np.interp(number, (0.0, *take.points), (0.0, 1.0, 2.0, 3.0)))
        sums.values[key] = (number, n)
    return sums


def _tables(
    given: Sequence[Mapping[str, Any]], items: tuple[Item, ...], file: Path, name: str
) -> list[dict[str, Answer]]:
    """Chains or institutions that a mapping lists, checked as the sheet's rows are."""
    known = {item.key: item for item in items}
    made = []
    for number, table in enumerate(given):
        place = Place(file, f"{name}[{number}]")
        faults = [
            place.fault(key, None, "is no key here", suggest(key, known))
            for key in table
            if key not in known
        ]
        faults += [
            place.fault(item.key, None, "is needed", f"write {item.allowed}")
            for item in items
            if item.required and item.key not in table
        ]
        if faults:
            raise InputError(*faults)
        made.append(
            {k: Answer(read_cell(known[k], v, place), str(place)) for k, v in table.items()}
        )
    return made


def _add_ties(answers: Answers, mapping: DataMapping, mapping_file: Path, rows: _Rows) -> None:
    table = mapping.ties
    if table is None:
        return
    file = mapping_file.parent / table.file
    frame = read_frame(file, table.sheet, mapping.encoding, mapping.delimiter)
    for name in (table.firm, table.partner):
        if name not in frame:
            known = list(map(str, frame.columns))
            fault = Place(file, table.sheet).fault(
                name, None, "no such column", suggest(name, known)
            )
            raise InputError(fault)
    pairs = [
        (_code(one), _code(other))
        for one, other in zip(frame[table.firm], frame[table.partner], strict=True)
        if not is_empty(one) and not is_empty(other)
    ]
    firms = list(map(_code, rows.column(mapping.firms["firm"]))) if "firm" in mapping.firms else []
    sums = of_ties(pairs, firms, mapping.smallest_cell)
    add_sums(answers, sums.values, sums.withheld, f"{file.name}, table of ties")
