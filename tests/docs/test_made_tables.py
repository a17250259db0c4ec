"""What docs/ holds of the code's own words is in step with the code, and what is shown there is whole."""

import importlib.util
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from model.parameters import catalogue, each
from model.theory.interaction import SOURCES
from model.world import tables as world_tables

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made() -> ModuleType:
    spec = importlib.util.spec_from_file_location("made_tables", ROOT / ".ci" / "made_tables.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pages_are_in_step(made: ModuleType):
    for path in (ROOT / "docs").rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert made.filled(text) == text, f"{path.name}: uv run python .ci/made_tables.py"


def test_a_page_out_of_step_is_seen(made: ModuleType):
    page = "before\n<!-- made: schedule -->\n\nold\n\n<!-- end -->\nafter\n"
    new = made.filled(page)
    assert new != page
    assert new.startswith("before\n<!-- made: schedule -->\n\n1. ")
    assert made.filled(new) == new
    with pytest.raises(KeyError):
        made.filled(page.replace("schedule", "nothing"))


def test_every_region_stands_on_a_page(made: ModuleType):
    pages = {
        path.name: set(re.findall(r"<!-- made: (\S+) -->", path.read_text(encoding="utf-8")))
        for path in (ROOT / "docs").rglob("*.md")
    }
    assert set.union(*pages.values()) == set(made.MADE)
    assert pages["odd.md"] == {name for name in made.MADE if not name.endswith("_in_short")}


def test_every_number_of_the_theory_is_told(made: ModuleType):
    text = made.parameters()
    assert all(f"`{key.removeprefix('parameters.').removesuffix('.' + label)}`" in text
               for key, _, label, _ in each())  # fmt: skip
    assert text.count("\n") == 1 + sum(len(m.parameters) for m in catalogue())


def test_every_variable_has_its_meaning(made: ModuleType):
    for entity, record in made.ENTITIES.items():
        told = re.findall(r"^\| `(\w+)` \| .* \| (.+) \|$", made.columns(entity)(), re.MULTILINE)
        assert [name for name, _ in told] == list(getattr(world_tables, record).names)
        assert all(meaning != "-" for _, meaning in told), entity


def test_every_mechanism_is_stated(made: ModuleType):
    headings = re.findall(r"^#### (\S+)", made.statements(), re.MULTILINE)
    assert headings[1:] == [m.key for m in catalogue()]


def test_a_sector_table_is_the_file(made: ModuleType):
    titles, row = (
        [
            cell.strip()
            for cell in re.search(begin + r" \|(.*)\|$", made.sectors(), re.M)[1].split("|")
        ]
        for begin in (r"^\| key", r"^\| `holds.process.machinery`")
    )
    told = dict(zip(titles, row, strict=True))
    assert told["Natural-resource based"] == "0.3"
    assert told["Traditional manufacturing"] == "0.85"
    assert made.sectors().count("holds.") == 4 * len(SOURCES)


def test_a_sector_that_extends_another_has_all_its_numbers(
    made: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "scenarios" / "sectors"
    shutil.copytree(ROOT / "scenarios" / "sectors", folder)
    (folder / "crafts.toml").write_text(
        'extends = "traditional.toml"\ntitle = "Crafts"\nentry_standard = 0.02\n', encoding="utf-8"
    )
    monkeypatch.setattr(made, "ROOT", tmp_path)
    rows = dict(re.findall(r"^\| `(\S+)` \|(.*)\|$", made.sectors(), re.MULTILINE))
    crafts = {key: cells.split("|")[1].strip() for key, cells in rows.items()}
    assert (crafts["entry_standard"], crafts["tacitness.process"]) == ("0.02", "0.7")


def test_the_places_that_extending_names_are_there():
    """Where a rule is to be called: each function stands in the file beside it or above."""
    text = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    table = text.partition("| function that calls")[2].partition("\n\n")[0]
    file, found = "", 0
    for row in table.splitlines()[2:]:
        cell = row.split("|")[2]
        file = next(iter(re.findall(r"`(model/\S+\.py)`", cell)), file)
        source = (ROOT / file).read_text(encoding="utf-8")
        for name in re.findall(r"`(\w+)`", cell):
            assert re.search(rf"\b{name}\(", source), f"{file}: {name}"
            found += 1
    assert found > 10
