"""Mutants of input files: what a fuzzer tries. A seed gives the same mutant everywhere.

More of them than the test suite tries, in a night:

    uv run python -m tests.scenario.mutants 10000
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from model.experiments.question_files import KINDS, check_file
from model.scenario import load_document
from model.scenario.faults import MOST, WIDEST, InputError, show_key
from model.scenario.toml import dump_toml, read_toml

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
SECONDS = 6.0  # of the processor: two and less on a machine with nothing else to do
"""Processor time that a file may take."""

STRANGE: tuple[Any, ...] = (
    [], {}, "", 0, -1, 1.5, True, 1e308, -1e308, float("inf"), float("nan"), 2**62, "true", "[b]$x$",
    "x" * 5000, [[]], [1, "a"], [{}], {"a": {"b": [1]}}, list(range(500)),
    {f"k{i}": i for i in range(300)}, "../base.toml", "base.toml#sectors", "2000 USD a year",
    "highroad:worlds/salmon_seeded",
)  # fmt: skip
BYTES = (b"\0", b"\xff", b"[", b"]", b'"', b"=", b"\n", b".", b"a." * 3000, b"[" * 3000, b"{")


def mutant(source: Path, chance: random.Random) -> bytes:
    """The bytes of a shipped file with one to three things changed in it."""
    data = read_toml(source)
    for _ in range(chance.randint(1, 3)):
        change(data, chance)
    return scatter(dump_toml(data).encode(), chance)


def scatter(content: bytes, chance: random.Random) -> bytes:
    """Bytes of a file, now and then with some that no such file has."""
    if chance.random() < 0.15:
        at = chance.randrange(len(content) + 1)
        content = content[:at] + chance.choice(BYTES) + content[at + chance.randint(0, 2) :]
    return content


def change(data: dict[str, Any], chance: random.Random) -> None:
    """Change one thing of a document: a value, a key, what it extends."""
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


@contextmanager
def copied() -> Iterator[Path]:
    """A copy of the shipped files in a temporary folder, in which mutants find what they extend."""
    with tempfile.TemporaryDirectory(prefix="mutants") as folder:
        shutil.copytree(SCENARIOS, Path(folder, "scenarios"))
        Path(folder, "calibration").symlink_to(ROOT / "calibration")  # draws that they name
        yield Path(folder, "scenarios")


def trouble(source: Path, seed: int, folder: Path) -> str:
    """What the check of a mutant does wrong, or "": it crashes, is slow, says too much or too little.

    ``folder``: a copy of the shipped files, beside which the mutant is written.
    """
    content = mutant(source, random.Random(f"{source.name} {seed}"))
    file = (folder / source.relative_to(SCENARIOS)).with_name(".mutant.toml")
    file.write_bytes(content)
    start = time.process_time()
    try:
        kind = check_file(file).kind.removesuffix(" file")
    except InputError as error:
        lines = str(error).splitlines()
        if not lines or len(lines) > MOST + 1 or max(map(len, lines)) > WIDEST:
            return f"says {len(lines)} lines of up to {max(map(len, lines), default=0)}"
    except Exception as error:  # noqa: BLE001  any other is what is looked for
        return f"crashes: {error!r:.200}"
    else:
        if passed := list(unknown_keys(load_document(file).data, kind)):
            return f"passes {passed[0]}"
    if (spent := time.process_time() - start) > SECONDS:
        return f"takes {spent:.1f} s"
    return ""


def unknown_keys(data: dict[str, Any], kind: str) -> Iterator[str]:
    """The keys of a document that the JSON Schema of its kind does not know.

    What is laid over a world is any table to the schema of an experiment; here it is held to that of a
    scenario.
    """
    schema = _schema(kind)
    yield from _unknown(data, [schema], schema, ())


@cache
def _schema(kind: str) -> dict[str, Any]:
    return KINDS[kind].model_json_schema()


def _unknown(value: Any, kinds: list[Any], root: dict[str, Any], key: tuple) -> Iterator[str]:
    """``kinds``: schemas of which one must know the value, in the file of schemas ``root``."""
    flat = [flattened for kind in kinds for flattened in _flat(kind, root)]
    if isinstance(value, list):
        inner = [kind["items"] for kind in flat if "items" in kind]
        inner += [entry for kind in flat for entry in kind.get("prefixItems", ())]
        for place, entry in enumerate(value):
            if inner:
                yield from _unknown(entry, inner, root, (*key, place))
        return
    if not isinstance(value, dict):
        return
    if key[-1:] == ("overlay",):
        root = _schema("scenario")
        flat = [root]
    for name, entry in value.items():
        inner = [kind["properties"][name] for kind in flat if name in kind.get("properties", {})]
        for kind in flat:
            if kind.get("additionalProperties"):
                inner.append(kind["additionalProperties"])
            inner += list(kind.get("patternProperties", {}).values())
        if not inner:
            yield show_key((*key, name))
        elif inner != [True]:
            yield from _unknown(entry, inner, root, (*key, name))


def _flat(kind: Any, root: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema with references followed and alternatives apart."""
    if not isinstance(kind, dict):
        return
    if "$ref" in kind:
        yield from _flat(root["$defs"][kind["$ref"].rpartition("/")[2]], root)
    for word in ("anyOf", "oneOf", "allOf"):
        for inner in kind.get(word, ()):
            yield from _flat(inner, root)
    yield kind


def sources() -> list[Path]:
    """All shipped files that `check` reads; how columns of a survey are read is no scenario."""
    return sorted(file for file in SCENARIOS.rglob("*.toml") if file.parent.name != "survey")


def main(number: int, first: int = 0) -> int:
    """Try so many mutants and print those in trouble; 1 if there are any."""
    files, found = sources(), 0
    with copied() as folder:
        for seed in range(first, first + number):
            source = files[seed % len(files)]
            if said := trouble(source, seed, folder):
                found += 1
                sys.stdout.write(f"{source.relative_to(SCENARIOS)} {seed}: {said}\n")
                sys.stdout.flush()
    sys.stdout.write(f"{number} mutants, {found} in trouble\n")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
