"""No figure is stale: whatever decides a number changes the digest that results are known by."""

import json
import re
import shutil
from pathlib import Path

import pytest

from calibration.commands.calibrate import KEPT_FILES
from calibration.posterior.array_cache import key_of
from calibration.posterior.shipped_posterior import COMPONENTS, FOLDER
from model import provenance
from model.experiments.points.point import Keep, Point, Quantity
from model.provenance import (
    LIBRARIES,
    compiled_digest,
    digest_of,
    digest_under,
    points_digest,
    source_digest,
)
from model.records.records import simulate
from model.scenario import load
from tests.worlds import ONE, scenario

ROOT = Path(__file__).parents[1]
POSTERIOR = FOLDER.relative_to(ROOT).as_posix()
WRITTEN = tuple(f"{POSTERIOR}/{name}" for name in (*KEPT_FILES, f"{COMPONENTS}.csv"))
"""What ``calibrate --keep``, with and without ``--components``, writes among the sources."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of all that decides numbers; each test leaves it as it was."""
    tree = tmp_path_factory.mktemp("copy")
    for folder in ("model", "calibration", "scenarios"):
        shutil.copytree(ROOT / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tree


def kinds() -> list[str]:
    """One file of each kind: first of its room and ending."""
    found: dict[tuple[str, str], str] = {}
    for folder in ("model", "calibration"):
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.is_file() and "__pycache__" not in name:
                found.setdefault((str(path.parent), path.suffix), name)
    return [name for name in found.values() if name != f"{POSTERIOR}/provenance.json"]


NAMED = [
    "model/scenario/schema.py",  # Board.shares: once a change there left stale points
    "model/world/build.py",  # once left manifests and the calibration's points as they were
    "model/records/records.py",
    "model/experiments/experiment.py",
    "calibration/data/cases.csv",
    "calibration/posterior/posterior.csv",
    "calibration/posterior/inference.py",
]


@pytest.mark.parametrize("name", sorted({*kinds(), *NAMED}))
def test_an_edit_of_any_kind_of_file_gives_another_digest(copy: Path, name: str):
    before, file = digest_under(copy), copy / name
    content = file.read_bytes()
    file.write_bytes(content + b"\n")
    edited = digest_under(copy)
    file.unlink()
    gone = digest_under(copy)
    file.write_bytes(content)
    assert len({before, edited, gone}) == 3
    assert digest_under(copy) == before


def test_a_new_file_and_a_renamed_one_give_another_digest(copy: Path):
    before, new = digest_under(copy), copy / "model" / "theory" / "new.py"
    new.write_text("")
    added = digest_under(copy)
    new.rename(new.with_name("newer.py"))
    renamed = digest_under(copy)
    new.with_name("newer.py").unlink()
    assert len({before, added, renamed}) == 3


def test_what_moves_from_one_file_to_the_next_is_seen(tmp_path: Path):
    one, other = tmp_path / "model" / "a.py", tmp_path / "model" / "b.py"
    one.parent.mkdir()
    found = set()
    for contents in (("x", "y"), ("xy", ""), ("", "xy"), ("y", "x")):
        one.write_text(contents[0])
        other.write_text(contents[1])
        found.add(digest_under(tmp_path))
    assert len(found) == 4


def test_the_digest_is_that_of_the_files_wherever_they_lie(copy: Path):
    assert digest_under(copy) == source_digest()
    assert re.fullmatch("[0-9a-f]{16}", source_digest())


@pytest.mark.parametrize("left", ["model/__pycache__/x.pyc", "model/theory/.x.py.swp"])
def test_what_python_and_editors_leave_decides_nothing(copy: Path, left: str):
    before, file = digest_under(copy), copy / left
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"x")
    assert digest_under(copy) == before
    file.unlink()


@pytest.mark.parametrize("library", LIBRARIES)
def test_another_version_of_a_library_gives_another_digest(library: str, copy: Path, monkeypatch):
    before, honest = (digest_under(copy), compiled_digest()), provenance.version
    monkeypatch.setattr(
        provenance, "version", lambda name: "0.0" if name == library else honest(name)
    )
    assert digest_under(copy) != before[0]
    assert (compiled_digest() != before[1]) == (library in ("numba", "llvmlite", "numpy"))


def test_another_python_gives_another_digest(copy: Path, monkeypatch):
    before = digest_under(copy), compiled_digest()
    monkeypatch.setattr("platform.python_version", lambda: "3.99.0")
    monkeypatch.setattr("sys.version", "3.99.0")
    assert digest_under(copy) != before[0]
    assert compiled_digest() != before[1]


def test_every_library_that_computes_is_a_dependency_with_a_version():
    assert all(re.match(r"\d", provenance._version(name)) for name in LIBRARIES)


@pytest.mark.parametrize("name", WRITTEN)
def test_the_calibration_does_not_forget_its_points_when_it_writes_its_posterior(
    copy: Path, name: str
):
    before, file = digest_under(copy, without=provenance._POSTERIOR), copy / name
    content = file.read_bytes()
    file.write_bytes(content + b"\n")
    assert digest_under(copy, without=provenance._POSTERIOR) == before == points_digest()
    file.write_bytes(content)


def test_only_what_the_calibration_writes_is_left_out_of_the_keys_of_points():
    assert set(provenance._POSTERIOR) == set(WRITTEN)


KEEP = Keep((Quantity("product", 0, 1),))


def keys() -> dict[str, str]:
    """What each store of results and each manifest is known by."""
    return {
        "point": Point(scenario(ONE), 0, 1, KEEP).key,
        "fit": key_of("fit"),
        "manifest": simulate(scenario(ONE, {"run": {"ticks": 2}}), 1).manifest["digest"],
    }


@pytest.mark.parametrize(
    ("module", "function", "what"),
    [
        ("model.experiments.points.point", "points_digest", "point"),
        ("calibration.posterior.array_cache", "points_digest", "fit"),
        ("model.provenance", "source_digest", "manifest"),
    ],
)
def test_stores_and_manifests_take_theirs_from_the_one(module, function, what, monkeypatch):
    before = keys()
    monkeypatch.setattr(f"{module}.{function}", lambda: "another")
    after = keys()
    assert [name for name in before if before[name] != after[name]] == [what]


def world_of(tree: Path) -> Point:
    return Point(load(tree / "scenarios/cases/leon_footwear.toml"), 0, 1, KEEP)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("scenarios/sectors/traditional.toml", "appropriability"),
        ("scenarios/cases/leon_footwear.toml", "firms"),
    ],
)
def test_a_number_in_any_file_that_a_scenario_extends_is_seen(copy: Path, file: str, line: str):
    before, path = world_of(copy), copy / file
    text = path.read_text(encoding="utf-8")
    changed, count = re.subn(rf"(?m)^({line} = \d*\.?\d*)", r"\g<1>1", text, count=1)
    assert count == 1
    path.write_text(changed, encoding="utf-8")
    after = world_of(copy)
    path.write_text(text, encoding="utf-8")
    assert after.key != before.key
    dumped = [point.scenario.model_dump(mode="json") for point in (before, after)]
    assert digest_of(dumped[0]) != digest_of(dumped[1])


def test_a_manifest_says_its_versions_and_can_be_written():
    manifest = simulate(scenario(ONE, {"run": {"ticks": 2}}), 1).manifest
    assert json.loads(json.dumps(manifest)) == manifest
    assert set(manifest["versions"]) == {"python", "highroad", *LIBRARIES}
    assert manifest["source"] == source_digest()


def test_seed_and_replicates_are_part_of_what_a_manifest_is_known_by():
    short = scenario(ONE, {"run": {"ticks": 2}})
    made = [simulate(short, n, seed).manifest["digest"] for n, seed in ((1, 1), (2, 1), (1, 2))]
    assert len(set(made)) == 3
    assert simulate(short, 1, 1).manifest["digest"] == made[0]
