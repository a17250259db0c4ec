"""Pages of sweeps, sensitivity studies and patterns in Spanish and Portuguese."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

import run
from model.experiments.patterns.examine import COLUMNS
from model.report.style import language_of
from model.report.webpage.report_file import report
from tests.experiments.small import EXPERIMENT, SWEEP, write
from tests.experiments.test_sensitivity import STUDY
from tests.report.listening import untranslated
from tests.report.test_webpage import Seen

OTHERS = ("es", "pt")
SAID_IN_FIGURES = {
    "es": "Media de|media de|intervalos bootstrap",
    "pt": "Média de|média de|intervalos bootstrap",
}
ENGLISH = (
    "interval", "of each point", "Factors", "Where it fails", "Shares of the", "matter most", "is moved most",
    "What varied", "How to make it again", "compared pair by pair", "drawn from", "Upright line",
)  # fmt: skip


def made(folder: Path, command: str, text: str) -> Path:
    out = folder / "out"
    arguments = [command, str(write(folder, "asked", text)), "--out", str(out), "--quiet"]
    assert run.door(arguments) == 0
    return out


@pytest.fixture(scope="module")
def swept(tmp_path_factory) -> Path:
    return made(tmp_path_factory.mktemp("swept"), "sweep", SWEEP)


@pytest.fixture(scope="module")
def studied(tmp_path_factory) -> Path:
    return made(tmp_path_factory.mktemp("studied"), "sensitivity", STUDY)


@pytest.fixture
def examined(tmp_path) -> Path:
    row = dict.fromkeys(COLUMNS, "") | {
        "group": "Grupo", "title": "Título", "kind": "effect", "measure": "product", "replicates": 20,
        "expectation": "positive", "accepts_low": 0.1, "accepts_high": float("inf"), "effect": 0.3,
        "low": 0.2, "high": 0.4, "verdict": "reproduced",
    }  # fmt: skip
    verdicts = ("reproduced", "contradicted", "undecided", "not applicable")
    rows = [row | {"verdict": verdict} for verdict in verdicts]
    pd.DataFrame(rows).to_csv(tmp_path / "patterns.csv", index=False)
    manifest = {"patterns": {"file": {"title": "Título"}}, "seed": 3, "command": "x", "source": "y"}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


def told(folder: Path, language: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The words of the page, of which none may be English."""
    missing = untranslated(monkeypatch, language)
    text = Seen(report(folder, language).read_text(encoding="utf-8")).text
    figures = {svg.name: language_of(svg) for svg in folder.glob("*.svg")}
    assert set(figures.values()) <= {language}, figures
    asked = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    own = {each["title"] for file in asked.values() if isinstance(file, dict)
           for each in file.values() if isinstance(each, dict) and "title" in each}  # fmt: skip
    assert [message for message in missing if message not in own] == []
    shown = text.partition("[[outcomes]]")[0]  # the files in full stay as they are
    assert [word for word in ENGLISH if re.search(rf"\b{word}\b", shown)] == []
    return text


@pytest.mark.parametrize(
    ("language", "said"), [("es", "alcanza su mejor valor"), ("pt", "alcança o melhor valor")]
)
def test_a_sweep(swept, language, said, monkeypatch):
    text = told(swept, language, monkeypatch)
    for svg in swept.glob("*.svg"):
        assert re.search(SAID_IN_FIGURES[language], svg.read_text(encoding="utf-8")), svg
    assert said in text
    assert "“Budget”" in text or "«Budget»" in text  # what the file calls things stays
    assert "0,0" in text  # numbers are written as the language writes them


@pytest.mark.parametrize(
    ("language", "said"), [("es", "Partes de la varianza"), ("pt", "Partes da variância")]
)
def test_a_sensitivity_study(studied, language, said, monkeypatch):
    assert said in told(studied, language, monkeypatch)


@pytest.fixture(scope="module")
def compared(tmp_path_factory) -> Path:
    return made(tmp_path_factory.mktemp("compared"), "compare", EXPERIMENT)


@pytest.mark.parametrize("language", OTHERS)
def test_figures_of_a_comparison_are_drawn_again_and_come_back(compared, language, monkeypatch):
    english = {file.name: file.read_bytes() for file in compared.glob("*.svg")}
    assert len(english) == 5
    with monkeypatch.context() as patch:
        told(compared, language, patch)
    for svg in compared.glob("*.svg"):
        text = svg.read_text(encoding="utf-8")
        assert not re.search("replicate|random numbers|years|score 0-3|share of", text), svg
        assert "</svg>" in text
    report(compared)
    assert {file.name: file.read_bytes() for file in compared.glob("*.svg")} == english


def test_a_figure_whose_table_is_gone_stays_as_it_is(compared, tmp_path):
    old = tmp_path / "old"
    shutil.copytree(compared, old)
    (old / "country.parquet").unlink()
    report(old, "es")
    assert language_of(old / "paths.svg") == "en"
    assert language_of(old / "policy_effects.svg") == "es"


@pytest.mark.parametrize(
    ("language", "said", "verdict"),
    [("es", "De 3 expectativas", "contradicho"), ("pt", "De 3 expectativas", "contradito")],
)
def test_patterns(examined, language, said, verdict, monkeypatch):
    text = told(examined, language, monkeypatch)
    assert said in text
    assert verdict in text
