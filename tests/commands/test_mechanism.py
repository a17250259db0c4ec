"""``run.py mechanism new``: what it writes is found and examined; what it can't is refused in a line."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import run
from model.commands import mechanism
from model.parameters import INSTRUMENTS

ROOT = Path(__file__).parents[2]
NAME = "learning_by_exporting"
KIND = "wage_subsidy"


def in_copy(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=copy,
        env={
            **os.environ,
            "PYTHONPATH": str(copy),
            "PYTHONDONTWRITEBYTECODE": "1",
            "NUMBA_DISABLE_JIT": "1",
        },
        capture_output=True,
        text=True,
    )


def examined(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return in_copy(copy, "-m", "pytest", "-n0", "-p", "no:cacheprovider", *words)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of what a mechanism touches, with one begun in it."""
    tree = tmp_path_factory.mktemp("clone")
    for file in ("run.py", "pyproject.toml"):
        shutil.copy(ROOT / file, tree)
    for folder in ("model", "calibration", "scenarios", "tests"):
        shutil.copytree(
            ROOT / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__", ".*")
        )
    made = in_copy(tree, "run.py", "mechanism", "new", NAME, "--key", "G", "--off")
    assert made.returncode == 0, made.stderr
    steps = made.stdout.splitlines()[1:]
    assert [step[:2] for step in steps] == ["1.", "2.", "3."]
    assert "model/engine/" in steps[0]
    made = in_copy(
        tree, "run.py", "mechanism", "new", KIND, "--instrument", "--source", "an idea, 2026"
    )
    assert made.returncode == 0, made.stderr
    steps = made.stdout.splitlines()[1:]
    assert [step[:2] for step in steps] == ["1.", "2.", "3.", "4.", "5."]
    assert "model/engine/policy.py" in steps[1]
    return tree


def test_a_new_mechanism_passes_the_exam(copy: Path):
    exam = examined(copy, "tests/theory/test_exam.py", "-k", f"{NAME} or catalogue or declared")
    assert exam.returncode == 0, exam.stdout
    assert "10 passed" in exam.stdout


def test_its_test_fails_only_where_it_is_to_be_replaced(copy: Path):
    tests = examined(copy, f"tests/theory/test_{NAME}.py")
    assert "1 failed, 1 passed" in tests.stdout
    assert "test_to_replace_the_rule_does_something" in tests.stdout
    theory = copy / "model" / "theory" / f"{NAME}.py"
    idle = theory.read_text(encoding="utf-8")
    theory.write_text(
        idle.replace("before + 0.0 * strength", "before * (1.0 + strength)"), encoding="utf-8"
    )
    assert "2 passed" in examined(copy, f"tests/theory/test_{NAME}.py").stdout
    theory.write_text(idle, encoding="utf-8")


def test_it_is_a_key_of_scenarios(copy: Path):
    said = in_copy(copy, "run.py", "theory", "--json").stdout
    assert f'"name": "{NAME}"' in said
    assert '"key": "G7"' in said  # G1 to G6 are there


def test_a_new_kind_of_instrument_passes_the_exam(copy: Path):
    exam = examined(copy, "tests/theory/test_exam.py", "-k", f"{KIND} or catalogue or declared")
    assert exam.returncode == 0, exam.stdout
    files = "every_kind or budget or drawn_from or unused or header"
    kinds = examined(copy, "tests/scenario/test_library.py", "-k", files)
    assert kinds.returncode == 0, kinds.stdout


def test_a_new_kind_comes_after_those_before_and_a_scenario_may_call_it(copy: Path):
    ask = (
        "from model.parameters import INSTRUMENT_KINDS, catalogue\n"
        "from model.scenario import load\n"
        "world = load('scenarios/worlds/four_wine_regions.toml',"
        f" ['instruments.a = {{kind = \"{KIND}\", budget = 1.0}}'])\n"
        "print(INSTRUMENT_KINDS[-1].name, INSTRUMENT_KINDS[-1].number, world.instruments['a'].kind,"
        " *(m.key for m in catalogue() if m.instrument == INSTRUMENT_KINDS[-1]))"
    )
    said = in_copy(copy, "-c", ask)
    assert said.stdout.split() == [KIND, str(len(INSTRUMENTS)), KIND, "P4"], said.stderr


def test_until_it_spends_the_tests_of_instruments_fail(copy: Path):
    """So that nobody takes what was only begun for a policy without effect."""
    tests = examined(copy, "tests/engine/test_policy.py", "-k", f"{KIND} and first_to_its_last")
    assert "1 failed" in tests.stdout


def test_it_keeps_to_the_style_of_the_house(copy: Path):
    pytest.importorskip("ruff", reason="no ruff: uv run --group dev pytest")
    files = [
        f"{part}{name}.py"
        for part in ("model/theory/", "tests/theory/test_")
        for name in (NAME, KIND)
    ]
    for check in (["check"], ["format", "--check"]):
        style = in_copy(copy, "-m", "ruff", *check, *files)
        assert style.returncode == 0, style.stdout


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone in which nothing stands but a mechanism and a test."""
    for folder in ("model/theory", "tests/theory", "scenarios/instruments"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "model/theory/wages.py").touch()
    (tmp_path / "tests/theory/test_brokers.py").touch()
    (tmp_path / "scenarios/instruments/profo.toml").touch()
    monkeypatch.setattr(mechanism, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["Wages"], "NAME = "),
        (["../wages"], "small letters"),
        (["class"], "meaning in Python"),
        (["take"], "meaning in Python"),
        (["json"], "meaning in Python"),
        (["wages"], "is taken by model/theory/wages.py"),
        (["brokers"], "is taken by tests/theory/test_brokers.py"),
        (["luck", "--key", "G1"], "is that of selection"),
        (["luck", "--key", "Q"], "K knowledge"),
        (["luck", "--question", "luck"], "question mark"),
        (["luck", "--question", 'a "b"?'], "must have no"),
        (["luck", "--question", f"{'a' * 90}?"], "must be one line"),
        (["luck", "--source", "a book"], "must name a year"),
        (["consortium", "--instrument"], "is the kind of instrument of joint_action"),
        (["profo", "--instrument"], "is taken by scenarios/instruments/profo.toml"),
    ],
)
def test_what_cannot_be_written_is_refused_in_one_line(
    given: list[str], said: str, empty: Path, capsys: pytest.CaptureFixture[str]
):
    before = sorted(empty.rglob("*"))
    assert run.door(["mechanism", "new", *given]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert sorted(empty.rglob("*")) == before


def test_an_installed_package_has_no_place_for_one(
    empty: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(mechanism, "PACKAGE", "highroad")
    assert run.door(["mechanism", "new", "luck"]) == 2
    assert "needs a clone of the repository" in capsys.readouterr().err


def test_on_by_default_unless_it_is_said(empty: Path):
    assert run.door(["mechanism", "new", "luck"]) == 0
    assert run.door(["mechanism", "new", "chance", "--off"]) == 0
    texts = [(empty / "model/theory" / f"{name}.py").read_text() for name in ("luck", "chance")]
    assert ['"strength", 0.5, 0, 1' in text for text in texts] == [True, False]
    assert ['"strength", 0, 0, 1' in text for text in texts] == [False, True]
