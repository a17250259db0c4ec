"""Mutants of tables that users bring: case tables, survey tables with their mapping, filled sheets.

As for scenario files (``tests.scenario.mutants``), a seed gives the same mutant everywhere:

    uv run python -m tests.calibration.table_mutants 2000
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl

from calibration.commands.new import answers_from, write_own
from calibration.evidence.case_tables import DATA, load_cases
from model.scenario.faults import MOST, WIDEST, InputError
from model.scenario.toml import dump_toml, read_toml
from tests.calibration.surveys import ANSWERS, LABELS, MAPPING, firms_of_a_survey, write_sheet
from tests.scenario.mutants import SECONDS, change, scatter

WORDS = (
    "", " ", "x", "-1", "1e400", "nan", "inf", "0", "99", "1,5", "1.5.2", "[b]$x$", "=1+1", '"', "\t",
    "é" * 400, "low to high", "none", "2000-13-45", "NULL", "true",
)  # fmt: skip


def cells(text: str, chance: random.Random, delimiter: str = ",") -> bytes:
    """A table in text with one to four cells, rows or columns changed."""
    rows = [line.split(delimiter) for line in text.splitlines()]
    for _ in range(chance.randint(1, 4)):
        row = chance.choice(rows)
        match chance.choice(("cell", "cell", "cell", "head", "short", "long", "twice", "gone")):
            case "cell" if row:
                row[chance.randrange(len(row))] = chance.choice(WORDS)
            case "head":
                rows[0][chance.randrange(len(rows[0]))] = chance.choice(WORDS)
            case "short" if row:
                row.pop(chance.randrange(len(row)))
            case "long":
                row.insert(chance.randint(0, len(row)), chance.choice(WORDS))
            case "twice":
                rows.append(list(row))
            case "gone" if len(rows) > 1:
                rows.remove(row)
    return scatter("\n".join(map(delimiter.join, rows)).encode(), chance)


def case_table(folder: Path, chance: random.Random) -> None:
    file = folder / "cases.csv"
    file.write_bytes(cells((DATA / "cases.csv").read_text(encoding="utf-8"), chance))
    load_cases(file)


def survey(folder: Path, chance: random.Random) -> None:
    frame, mapping = firms_of_a_survey(), read_toml(MAPPING)
    for column, labels in LABELS.items():
        frame[column] = frame[column].map(labels)
    if chance.random() < 0.5:
        change(mapping, chance)
    text = scatter(dump_toml(mapping).encode(), chance)
    (folder / "mapping.toml").write_bytes(text)
    table = frame.to_csv(index=False, lineterminator="\n")
    (folder / "firms.csv").write_bytes(cells(table, chance))
    write_own(answers_from(folder / "firms.csv", folder / "mapping.toml"), folder / "own")


def sheet(folder: Path, chance: random.Random) -> None:
    file = write_sheet(folder / "sheet.xlsx", ANSWERS)
    book = openpyxl.load_workbook(file)
    for _ in range(chance.randint(1, 4)):
        page = chance.choice(book.worksheets)
        cell = page.cell(
            chance.randint(1, page.max_row + 1), chance.randint(1, page.max_column + 1)
        )
        cell.value = chance.choice((None, 1, -3.5, True, 1e308, *WORDS))
    if chance.random() < 0.1 and len(book.worksheets) > 1:
        book.remove(chance.choice(book.worksheets))
    book.save(file)
    if chance.random() < 0.1:
        file.write_bytes(scatter(file.read_bytes(), chance))
    write_own(answers_from(file, None), folder / "own")


KINDS: tuple[Callable[[Path, random.Random], None], ...] = (case_table, survey, sheet)


def trouble(seed: int) -> str:
    """What is wrong with how a mutant is taken, or ""."""
    take = KINDS[seed % len(KINDS)]
    with tempfile.TemporaryDirectory(prefix="mutants") as folder:
        start = time.process_time()
        try:
            take(Path(folder), random.Random(f"{take.__name__} {seed}"))
        except InputError as error:
            lines = str(error).splitlines()
            if not lines or len(lines) > MOST + 1 or max(map(len, lines)) > WIDEST:
                return f"says {len(lines)} lines of up to {max(map(len, lines), default=0)}"
        except Exception as error:  # noqa: BLE001  any other is what is looked for
            return f"crashes: {error!r:.300}"
        if (spent := time.process_time() - start) > SECONDS:
            return f"takes {spent:.1f} s"
    return ""


def main(number: int, first: int = 0) -> int:
    """Try so many mutants and print those in trouble; 1 if there are any."""
    found = 0
    for seed in range(first, first + number):
        if said := trouble(seed):
            found += 1
            sys.stdout.write(f"{KINDS[seed % len(KINDS)].__name__} {seed}: {said}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{number} mutants, {found} in trouble\n")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
