"""``run.py archive``: all that a reader needs is in it, unchanged, and the same folder gives equal bytes."""

import hashlib
import json
import shutil
import time
import zipfile
from pathlib import Path

import pytest

import run
from model.experiments.question_files import check_file
from model.provenance import digest_under, source_digest

WORLD = "scenarios/worlds/four_wine_regions.toml"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive") / "wine"
    order = ["run", str(run.ROOT / WORLD), "--replicates", "1", "--set", "run.ticks=2"]
    assert run.door([*order, "--out", str(folder), "--quiet"]) == 0
    return folder


def packed(result: Path, target: Path, *options: str) -> dict[str, bytes]:
    assert run.door(["archive", str(result), "--out", str(target), *options]) == 0
    with zipfile.ZipFile(target) as archive:
        names = archive.namelist()
        assert len(names) == len(set(names))
        return {name.removeprefix(f"{result.name}/"): archive.read(name) for name in names}


def test_it_holds_what_made_the_result(result: Path, tmp_path: Path):
    files = packed(result, tmp_path / "a.zip")
    for path in result.iterdir():
        assert files[f"results/{path.name}"] == path.read_bytes()
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    assert digest_under(tmp_path / "code") == source_digest()
    (scenario,) = (tmp_path / "scenarios").iterdir()
    assert check_file(scenario).kind == "scenario"
    again = tmp_path / "again"
    assert (
        run.door(["run", str(scenario), "--replicates", "1", "--out", str(again), "--quiet"]) == 0
    )
    for name in ("series.parquet", "ledger.parquet", "firms.parquet"):
        assert (again / name).read_bytes() == files[f"results/{name}"]
    assert b"numpy==" in files["constraints.txt"]
    assert b"highroad==" not in files["constraints.txt"]
    assert json.loads(files["environment.json"])["made with"]["source"] == source_digest()


def test_sums_are_those_of_the_files(result: Path, tmp_path: Path):
    files = packed(result, tmp_path / "a.zip")
    told = dict(
        reversed(line.split("  ")) for line in files.pop("SHA256SUMS").decode().splitlines()
    )
    assert told == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def test_the_same_folder_gives_the_same_bytes(result: Path, tmp_path: Path):
    packed(result, tmp_path / "a.zip")
    copy = tmp_path / "elsewhere" / result.name
    shutil.copytree(result, copy)
    for path in copy.iterdir():
        path.touch()
    time.sleep(2.1)  # a zip tells times to two seconds
    packed(copy, copy / "inside.zip")
    assert (copy / "inside.zip").read_bytes() == (tmp_path / "a.zip").read_bytes()


def test_another_result_gives_others(result: Path, tmp_path: Path):
    packed(result, tmp_path / "a.zip")
    copy = tmp_path / "elsewhere" / result.name
    shutil.copytree(result, copy)
    (copy / "note.txt").write_text("mine")
    packed(copy, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() != (tmp_path / "b.zip").read_bytes()


def test_sources_that_did_not_make_it_are_refused(
    result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    copy = tmp_path / result.name
    shutil.copytree(result, copy)
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {"source": "0123456789abcdef"}))
    assert run.door(["archive", str(copy)]) == 2
    said = capsys.readouterr().err
    assert "was made by sources 0123456789abcdef" in said
    assert "--without-code" in said
    assert not copy.with_suffix(".zip").exists()
    files = packed(copy, tmp_path / "c.zip", "--without-code")
    assert not any(name.startswith("code/") for name in files)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["nowhere"], "is no folder"), (["here", "--out", "x.tar"], "must end with .zip")],
)
def test_bad_input_is_one_line(arguments, said, result, monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").symlink_to(result)
    assert run.door(["archive", *arguments]) == 2
    assert said in capsys.readouterr().err
