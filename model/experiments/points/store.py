"""The store: every finished point is on disk when it is reported.

One SQLite file in WAL mode with ``synchronous=FULL``: a commit has reached the disk when it returns,
a process killed at any moment loses only what it had not committed, and several processes on one
machine may write side by side. (A file on a network drive is for one machine at a time: give each its
own and merge them.)

A disk may change what it keeps. So every point carries a checksum of its key, its error and its parts,
and whatever is read is compared with it: ``damaged`` lists points that are no longer what was computed,
which the runner then computes again, and ``part`` refuses to give a part of one.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from model.scenario.faults import Fault, InputError, show_path

FORMAT = "highroad points 2"
_PATIENCE = 120.0  # seconds to wait while another process commits
_TABLES = (
    "CREATE TABLE IF NOT EXISTS about (format TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS points (key TEXT PRIMARY KEY, error TEXT, "
    "checksum TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS parts "
    "(key TEXT NOT NULL, part TEXT NOT NULL, content BLOB NOT NULL, UNIQUE (key, part))",
)


class StoreError(InputError):
    """The store can't be written; what it holds is whole. The command line ends with 1."""

    exit_code = 1


@dataclass(frozen=True)
class Result:
    """What became of a point: its parts, or why it failed."""

    key: str
    parts: Mapping[str, bytes]
    error: str | None = None


def checksum(result: Result) -> str:
    """sha256 of all that is stored of a point, each piece with its length before it."""
    digest = hashlib.sha256()
    error = b"" if result.error is None else b"!" + str(result.error).encode()
    pieces = [result.key.encode(), error]
    for name in sorted(result.parts):
        pieces += [name.encode(), result.parts[name]]
    for piece in pieces:
        digest.update(len(piece).to_bytes(8, "little"))
        digest.update(piece)
    return digest.hexdigest()


def _as_text(content: bytes) -> str:
    """Text of the store, also where a damaged byte made it none: its checksum tells that."""
    return content.decode("utf-8", errors="replace")


@contextmanager
def opened(path: Path | str | None) -> Iterator[Store]:
    """The store in a file, or one that is gone afterwards."""
    if path is not None:
        with Store(Path(path)) as store:
            yield store
        return
    with TemporaryDirectory(prefix="highroad-") as folder, Store(Path(folder) / "points") as store:
        yield store


class Store:
    """Results by key, in one file; a context manager.

    Raises InputError if the file is no store, StoreError if it can't be written or read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise self._trouble(error) from None
        self._base.text_factory = _as_text
        try:
            self._prepare()
        except (sqlite3.Error, MemoryError) as error:
            self._base.close()
            raise self._trouble(error) from None
        except InputError:
            self._base.close()
            raise

    def _prepare(self) -> None:
        until = time.monotonic() + _PATIENCE
        while True:  # nobody waits by himself for a file that another process is just making
            try:
                if self._tables() - {"about", "points", "parts"}:
                    raise self._fault("is no store of points", "give another --store")
                self._base.execute("PRAGMA journal_mode=WAL")
                break
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > until:
                    raise
                time.sleep(0.05)
        self._base.execute("PRAGMA synchronous=FULL")
        if "parts" not in self._tables():
            self._base.execute("BEGIN IMMEDIATE")
            for statement in _TABLES:
                self._base.execute(statement)
            unless = "WHERE NOT EXISTS (SELECT * FROM about)"
            self._base.execute(f"INSERT INTO about SELECT ? {unless}", (FORMAT,))
            self._base.execute("COMMIT")
        told = self._base.execute("SELECT format FROM about").fetchone()
        said = told[0] if told else "unknown"
        if said != FORMAT:
            allowed = f"is a store of another version ({said}, not {FORMAT})"
            raise self._fault(allowed, "remove it, or give another --store")

    def _tables(self) -> set[str]:
        named = "SELECT name FROM sqlite_master WHERE type = 'table'"
        return {name for (name,) in self._base.execute(named)}

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Fold the log into the file and let go of it."""
        self._base.close()

    def known(self) -> dict[str, str | None]:
        """Key of every finished point with its error, None for those that went well."""
        return dict(self._read("SELECT key, error FROM points"))

    def damaged(self, keys: Iterable[str]) -> list[str]:
        """Those of some finished points of which what is stored is not what was computed."""
        return [key for key in keys if self.has(key) and self._whole(key) is None]

    def discard(self, keys: Iterable[str]) -> None:
        """Forget points, so that they are computed again."""
        with self._writing():
            for key in keys:
                self._base.execute("DELETE FROM points WHERE key = ?", (key,))
                self._base.execute("DELETE FROM parts WHERE key = ?", (key,))

    def _whole(self, key: str) -> Result | None:
        """A finished point as it was computed; None if it isn't so any more."""
        rows = self._read("SELECT error, checksum FROM points WHERE key = ?", key)
        parts = dict(self._read("SELECT part, content FROM parts WHERE key = ?", key))
        if len(rows) != 1 or not all(isinstance(part, bytes) for part in parts.values()):
            return None
        error, said = rows[0]
        result = Result(key, parts, error)
        return result if said == checksum(result) else None

    def has(self, key: str) -> bool:
        """Whether a point is finished, well or not."""
        return bool(self._read("SELECT 1 FROM points WHERE key = ?", key))

    def part(self, key: str, part: str) -> bytes:
        """One part of a point that went well; KeyError if it is not there, StoreError if damaged."""
        result = self._whole(key)
        if result is None and self.has(key):
            hint = "give the same command again: damaged points are computed again"
            allowed = f"holds a damaged point ({key[:12]})"
            raise StoreError(Fault(show_path(self.path), "", "", allowed, hint))
        if result is None or part not in result.parts:
            raise KeyError(f"{key} {part}")
        return result.parts[part]

    def put(self, results: Iterable[Result], again: bool = False) -> None:
        """Keep results, all or none, before returning.

        A point that is there already stays as it is; with ``again`` a failure may be replaced.
        """
        with self._writing():
            for result in results:
                if again:
                    self._base.execute(
                        "DELETE FROM points WHERE key = ? AND error IS NOT NULL", (result.key,)
                    )
                self._put(result)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """All that is written in the block, or nothing of it."""
        try:
            self._base.execute("BEGIN IMMEDIATE")
            yield
            self._base.execute("COMMIT")
        except BaseException as error:
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise self._trouble(error) from None
            raise

    def _put(self, result: Result) -> None:
        row = "INSERT OR IGNORE INTO points VALUES (?, ?, ?)"
        said = (result.key, result.error, checksum(result))
        if self._base.execute(row, said).rowcount:
            parts = [(result.key, name, content) for name, content in result.parts.items()]
            self._base.executemany("INSERT OR REPLACE INTO parts VALUES (?, ?, ?)", parts)

    def take(self, other: Store) -> int:
        """Take over what another store holds undamaged and this one lacks; how many points that were."""
        mine = self.known()
        taken = 0
        for key, error in other.known().items():
            if key not in mine or (error is None and mine[key] is not None):
                result = other._whole(key)
                if result is not None:
                    self.put([result], again=True)
                    taken += 1
        return taken

    def _read(self, query: str, *values: str) -> list[tuple]:
        try:
            return self._base.execute(query, values).fetchall()
        except (sqlite3.Error, MemoryError) as error:
            raise self._trouble(error) from None

    def _trouble(self, error: Exception) -> InputError:
        said = str(error)
        if "not a database" in said:
            return self._fault("is no store of points", "give another --store")
        if "full" in said:
            hint = "free some room and give the same command again: what is finished is kept"
            return StoreError(Fault(show_path(self.path), "", "", "the disk is full", hint))
        allowed = f"can't be used as a store of points ({said or type(error).__name__})"
        if isinstance(error, sqlite3.Error) and "readonly" not in said and "unable" not in said:
            hint = "remove it, or give another --store: what it held is computed again"
            return StoreError(Fault(show_path(self.path), "", "", allowed, hint))
        return StoreError(Fault(show_path(self.path), "", "", allowed))

    def _fault(self, allowed: str, hint: str) -> InputError:
        return InputError(Fault(show_path(self.path), "", "", allowed, hint))
