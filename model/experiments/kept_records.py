"""Records of arms in full, from the store: one table of all arms, or a file of it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from model.experiments.arms import Cell
from model.experiments.points.store import Store

_GROUP = 100_000  # rows of a Parquet file that are packed together


def kept(cells: Sequence[Cell]) -> list[Cell]:
    """Those of which records are kept in full, arm by arm."""
    order = {cell.arm: place for place, cell in enumerate(reversed(cells))}
    full = [cell for cell in cells if cell.point.keep.records]
    return sorted(full, key=lambda cell: (-order[cell.arm], cell.point.first))


def write_records(cells: Sequence[Cell], store: Store, name: str, path: Path) -> None:
    """Write a table of all arms, one arm in memory at a time; the ledger by name of arm."""
    if name == "ledger":
        cells = sorted(cells, key=lambda cell: cell.arm)
    writer = None
    try:
        for _, of_arm in groupby(cells, key=lambda cell: cell.arm):
            table = pa.concat_tables(_tables(list(of_arm), store, name)).unify_dictionaries()
            writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table, row_group_size=_GROUP)
    finally:
        if writer:
            writer.close()


def frame_of_records(
    cells: Sequence[Cell], store: Store, name: str, last: bool = False
) -> pd.DataFrame:
    """A table of all arms; ``last``: only its last quarter."""
    frames = []
    for table in _tables(cells, store, name):
        frame = table.to_pandas()
        frames.append(frame[frame["tick"] == frame["tick"].max()] if last else frame)
    return pd.concat(frames, ignore_index=True)


def _tables(cells: Sequence[Cell], store: Store, name: str) -> Iterator[pa.Table]:
    for cell in cells:
        table = pq.read_table(io.BytesIO(store.part(cell.point.key, name)))
        labels = pa.array([cell.arm] * len(table), pa.large_string())
        yield table.add_column(0, "scenario", labels)
