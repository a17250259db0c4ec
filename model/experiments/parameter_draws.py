"""Drawn parameters: a table with a column a key of the scenario and a row a draw.

It comes from a calibration (a sample of a posterior) or from anywhere else; CSV or Parquet. A column
called ``draw`` numbers the rows and is left alone.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from model.experiments.factors import Draw
from model.scenario import Scenario
from model.scenario.expected import follow
from model.scenario.faults import Fault, InputError, Key, nearest, parse_key, show_path
from model.scenario.toml import obstacle

NUMBER = "draw"


def load_draws(path: Path, most: int | None = None) -> tuple[Draw, ...]:
    """The first ``most`` draws of a file, or all; InputError for what is no table of numbers by key."""
    if why := obstacle(path):
        raise InputError(why.fault(path))
    frame = _read(path)
    columns = [str(column) for column in frame.columns if column != NUMBER]
    if not columns or frame.empty:
        raise _fault(path, "", "has no draws", "a column a key, a row a draw")
    keys = {column: _key(column, path) for column in columns}
    whole = {column: follow(Scenario, keys[column]).annotation is int for column in columns}
    for column in columns:
        _check_numbers(frame[column], path)
    draws = []
    for place, row in enumerate(frame[columns].head(most).itertuples(index=False)):
        values = []
        for column, value in zip(columns, row, strict=True):
            if isinstance(value, float | np.floating) and not np.isfinite(value):
                raise _fault(
                    path, f"row {place + 1}, {column}", f"must be a number, not {value}", ""
                )
            plain = value.item() if isinstance(value, np.generic) else value
            as_whole = whole[column] and isinstance(plain, float) and plain.is_integer()
            values.append((keys[column], int(plain) if as_whole else plain))
        draws.append(Draw(path, place + 1, tuple(values)))
    return tuple(draws)


def _check_numbers(column: pd.Series, path: Path) -> None:
    """Refuse a column in which some are numbers and some are not."""
    numbers = pd.to_numeric(column, errors="coerce")
    known = np.isfinite(numbers)
    if known.any() and not known.all():
        row = int(np.flatnonzero(~known)[0])
        allowed = f"must be a number, not {column.iloc[row]}"
        raise _fault(path, f"row {row + 1}, {column.name}", allowed, "")


def _read(path: Path) -> pd.DataFrame:
    readers = {".csv": pd.read_csv, ".parquet": pd.read_parquet}
    if path.suffix not in readers:
        raise _fault(path, "", "must end in .csv or .parquet", "")
    try:
        return readers[path.suffix](path)
    except (OSError, ValueError) as error:
        said = " ".join(str(error).split())[:120]
        raise _fault(path, "", f"can't be read as a table: {said}", "") from None


def _key(column: str, path: Path) -> Key:
    """The key that a column names, if it is one of the scenario."""
    hint = "columns are keys of the scenario, such as parameters.absorption.floor"
    try:
        key = parse_key(column)
    except ValueError:
        raise _fault(path, column, "is not a key", hint) from None
    if follow(Scenario, key).annotation is None:
        close = nearest(column, known_numbers())
        raise _fault(
            path, column, "is no key of a scenario", f"did you mean {close}?" if close else hint
        )
    return key


def known_numbers() -> list[str]:
    """The keys of all numbers of the theory."""
    from model.parameters import each

    return [key for key, *_ in each()]


def _fault(path: Path, key: str, allowed: str, hint: str) -> InputError:
    return InputError(Fault(show_path(path), key, "", allowed, hint))
