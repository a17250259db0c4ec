"""The annotated scenario tells every key there is, and what it tells is what the model takes."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from model.parameters import catalogue, each
from model.scenario.changes import TABLES as CHANGES
from model.scenario.files import load_document, parse_document
from model.scenario.reference import BASE, NAME, base_toml, write_base
from model.scenario.schema import Scenario
from model.scenario.sector_keys import Sector

COMMAND = "uv run python -m model.scenario.reference"
TEXT = BASE.read_text(encoding="utf-8")
DATA = tomllib.loads(TEXT)
SECTOR_FILE = DATA["sectors"][NAME]["extends"]


@pytest.fixture(scope="module")
def world() -> Scenario:
    return parse_document(load_document(BASE), Scenario)


def test_the_file_is_in_step_with_the_schema_and_the_theory():
    assert base_toml(SECTOR_FILE) == TEXT, f"to bring it in step: {COMMAND}"


def test_it_loads_to_the_defaults(world):
    """What the schema fills in where only what is required is said."""
    sector = parse_document(load_document(BASE.parent / SECTOR_FILE), Sector)
    bare = {
        "title": world.title,
        "sectors": {NAME: sector},
        "communities": {NAME: {"sector": NAME}},
        "chains": {NAME: {"governance": world.chains[NAME].governance}},
        "institutions": {NAME: {}},
        "instruments": {NAME: {"kind": world.instruments[NAME].kind, "budget": 0.0}},
        "timetable": {NAME: {"tick": 0} | {table: {NAME: {}} for table in CHANGES}},
    }
    assert world == Scenario.model_validate(bare)


def test_every_number_of_the_theory_stands_there_at_its_default():
    for key, _, _, default in each():
        value: Any = DATA
        for part in key.split("."):
            value = value[part]
        assert value == default, key
    assert set(DATA["parameters"]) == {mechanism.name for mechanism in catalogue()}


def comments() -> str:
    """All comments as one line, so that folded ones are found."""
    lines = [line[2:] for line in TEXT.splitlines() if line.startswith("# ")]
    return " ".join(lines)


def test_every_number_of_the_theory_is_explained():
    said = comments()
    for mechanism in catalogue():
        assert f"{mechanism.key}. {mechanism.question}" in said
        for parameter in mechanism.parameters:
            assert parameter.meaning in said
            assert f"why this default: {parameter.reason}" in said
            limits = rf"from {parameter.low:g} to {parameter.high:g}"
            assert f"{parameter.unit}, {limits}" in said, parameter.name


TABLES = {
    "": "",
    "Run": "run",
    "Money": "money",
    "Economy": "economy",
    "Across": "across",
    "TiesBetween": f"across.pairs.{NAME}",
    "Sector": f"sectors.{NAME}",
    "Community": f"communities.{NAME}",
    "Large": f"communities.{NAME}.large",
    "Chain": f"chains.{NAME}",
    "Asks": f"chains.{NAME}.asks",
    "Institution": f"institutions.{NAME}",
    "Access": f"institutions.{NAME}.access",
    "Services": f"institutions.{NAME}.services",
    "Board": f"institutions.{NAME}.board",
    "Instrument": f"instruments.{NAME}",
    "Change": f"timetable.{NAME}",
}
REPEATED = {"ByDimension", "Holdings", "HoldingsByDimension"}


def keys() -> set[tuple[str, str]]:
    """(table, key) of all that JSON Schema lists: another witness than the writer's own walk."""
    schema = Scenario.model_json_schema()
    tables = {"": schema, **schema["$defs"]}
    theory = {"Parameters", *DATA["parameters"]}
    theory |= {f"{m.name}_{p.name}" for m in catalogue() for p in m.parameters}
    changes = {name for name in tables if re.fullmatch(r".+Change", name)}  # keys of the thing
    assert set(tables) - theory - REPEATED - changes == set(TABLES)
    return {(TABLES[name], key) for name in TABLES for key in tables[name]["properties"]}


def test_every_key_of_the_schema_stands_there_set_or_behind_a_mark():
    shown, table = set(), ""
    for line in TEXT.splitlines():
        if head := re.fullmatch(r"(?:# )?\[([\w.]+)\](?: has the keys of .*)?", line):
            table = head[1]
            parts = table.split(".")
            shown |= {(".".join(parts[:i]), parts[i]) for i in range(len(parts))}
        elif key := re.match(r"(?:# )?(\w+) = ", line):
            shown.add((table, key[1]))
    assert keys() - shown == set()


def test_a_key_that_is_not_set_has_no_default_or_comes_from_the_sector_file(world):
    """So nothing behind a mark is a default that the file forgot to set."""
    assert set(DATA["sectors"][NAME]) == {"extends"}
    unset = {
        kind: {key for key, value in getattr(world, kind)[NAME] if key not in DATA[kind][NAME]}
        for kind in ("communities", "chains", "institutions")
    }
    assert unset == {
        "communities": {"start"},
        "chains": {"entry_standard", "follows", "outside"},
        "institutions": {"home"},
    }
    assert all(
        getattr(getattr(world, kind)[NAME], key) is None for kind in unset for key in unset[kind]
    )


def test_ranges_and_choices_are_those_of_the_schema():
    assert "# whole number from 1 to 2000000\nfirms = " in TEXT
    assert "# number more than 0 and at most 10000\nworkers = " in TEXT
    assert '# "small_world", "poles", "random", "star", "none"\ntopology = ' in TEXT
    assert "# text; required\nsector = " in TEXT


def test_writing_again_writes_the_same(tmp_path: Path):
    (tmp_path / "sectors").mkdir()
    for path in (BASE.parent / "sectors").glob("*.toml"):
        (tmp_path / "sectors" / path.name).write_bytes(path.read_bytes())
    write_base(tmp_path / "base.toml")
    assert (tmp_path / "base.toml").read_bytes() == BASE.read_bytes()
