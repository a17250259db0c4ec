"""Mutants of input files: what a fuzzer tries. A seed gives the same mutant everywhere.

More of them than the test suite tries, in an hour or a night:

    uv run python -m tests.scenario.mutants 10000
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from copy import deepcopy
from pathlib import Path
from typing import Any

from model.experiments.question_files import check_file
from model.scenario.faults import MOST, WIDEST, InputError
from model.scenario.toml import dump_toml, read_toml

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SECONDS = 2.0
"""Processor time that a file may take."""

STRANGE: tuple[Any, ...] = (
    [], {}, "", 0, -1, 1.5, True, 1e308, -1e308, float("inf"), float("nan"), 2**62, "true", "[b]$x$",
    "x" * 5000, [[]], [1, "a"], [{}], {"a": {"b": [1]}}, list(range(500)),
    {f"k{i}": i for i in range(300)}, "../base.toml", "base.toml#sectors",
)  # fmt: skip
BYTES = (b"\0", b"\xff", b"[", b"]", b'"', b"=", b"\n", b".", b"a." * 3000, b"[" * 3000, b"{")


def mutant(source: Path, chance: random.Random) -> bytes:
    """The bytes of a shipped file with one to three things changed in it."""
    data = read_toml(source)
    for _ in range(chance.randint(1, 3)):
        _change(data, chance)
    content = dump_toml(data).encode()
    if chance.random() < 0.15:
        at = chance.randrange(len(content) + 1)
        content = content[:at] + chance.choice(BYTES) + content[at + chance.randint(0, 2) :]
    return content


def _change(data: dict[str, Any], chance: random.Random) -> None:
    place: Any = data
    while place:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = chance.choice(keys)
        inner = place[key]
        if isinstance(inner, dict | list) and inner and chance.random() < 0.75:
            place = inner
            continue
        match chance.choice(("value", "value", "drop", "add", "misspell", "extends")):
            case "value":
                place[key] = deepcopy(chance.choice(STRANGE))
            case "drop":
                del place[key]
            case "add" if isinstance(place, dict):
                place[f"zz{chance.randint(0, 9)}"] = deepcopy(chance.choice(STRANGE))
            case "misspell" if isinstance(place, dict):
                place[f"{key}x"] = place.pop(key)
            case "extends" if isinstance(place, dict):
                place["extends"] = deepcopy(chance.choice(STRANGE))
        return


def trouble(source: Path, seed: int) -> str:
    """What the check of a mutant does wrong, or "": it crashes, is slow or says too much."""
    content = mutant(source, random.Random(f"{source.name} {seed}"))
    with tempfile.NamedTemporaryFile(dir=source.parent, prefix=".mutant", suffix=".toml") as file:
        file.write(content)
        file.flush()
        start = time.process_time()
        try:
            check_file(file.name)
        except InputError as error:
            lines = str(error).splitlines()
            if not lines or len(lines) > MOST + 1 or max(map(len, lines)) > WIDEST:
                return f"says {len(lines)} lines of up to {max(map(len, lines), default=0)}"
        except Exception as error:  # noqa: BLE001  any other is what is looked for
            return f"crashes: {error!r:.200}"
        if (spent := time.process_time() - start) > SECONDS:
            return f"takes {spent:.1f} s"
    return ""


def sources() -> list[Path]:
    """A shipped file of every kind and size that can be checked within the time."""
    return [p for p in sorted(SCENARIOS.rglob("*.toml")) if not p.name.startswith(".")]


def main(number: int, first: int = 0) -> int:
    """Try so many mutants and print those in trouble; 1 if there are any."""
    files, found = sources(), 0
    for seed in range(first, first + number):
        source = files[seed % len(files)]
        if said := trouble(source, seed):
            found += 1
            sys.stdout.write(f"{source.relative_to(SCENARIOS)} {seed}: {said}\n")
    sys.stdout.write(f"{number} mutants, {found} in trouble\n")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
