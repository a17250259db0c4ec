"""Published programmes replayed, in Spanish and Portuguese: figure and screen."""

import re
import tomllib
from pathlib import Path

import pytest

from model.language import speaking
from model.report.style import language_of
from model.report.trial_titles import OUTCOMES, STUDIES
from run import ROOT, door
from tests.experiments.planted_trials import written
from tests.report.english_left import cells_of, english_among, left_in_english
from tests.report.listening import untranslated

OTHERS = ("es", "pt")
PUBLISHED = {"provenance": "SEEN", "confidence": 1.0}
SEVERAL = {
    "title": "Un estudio",
    "outcomes": {
        "product": {"title": "producto"},
        "size": {
            "measure": "product", "arm": "visited", "waves": [2], "estimator": "ancova", "title": "tamaño",
            "published": PUBLISHED | {"sign": "+", "low": 0.25, "high": 0.5},
        },
        "sure": {
            "measure": "process", "arm": "visited", "waves": [2], "estimator": "ancova", "title": "proceso",
            "published": PUBLISHED | {"sign": "-", "significant": False},
        },
    },
}  # fmt: skip


def replayed(folder: Path, language: str) -> Path:
    out = folder / language
    file = written(folder, SEVERAL)
    command = ["trials", str(file), "--seeds", "12", "--defaults", "--lang", language]
    assert door([*command, "--out", str(out), "--quiet"]) == 0
    return out


@pytest.mark.parametrize("language", OTHERS)
def test_a_study(language, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "220")
    english = replayed(tmp_path, "en")
    capsys.readouterr()
    with monkeypatch.context() as patch:
        missing = untranslated(patch, language)
        out = replayed(tmp_path, language)
    screen = capsys.readouterr().out.replace(str(out), "OUT")
    assert set(missing) <= {"Un estudio", "producto", "tamaño", "proceso"}
    assert english_among(cells_of(screen), language) == []
    assert left_in_english(out / "trials.svg", language) == []
    assert language_of(out / "trials.svg") == language
    assert "0,25 a 0,5" in screen
    assert re.findall(r"\b\d+\.\d+\b", screen) == []
    for name in ("trials.csv", "arms.csv"):
        assert (out / name).read_bytes() == (english / name).read_bytes()


def test_what_shipped_files_call_things_is_in_the_catalogues():
    files = [tomllib.loads(file.read_text()) for file in (ROOT / "scenarios/trials").glob("*.toml")]
    outcomes = {
        each.get("title") or name.replace("_", " ")
        for file in files
        for name, each in file["outcomes"].items()
    }
    assert {file["title"] for file in files} == set(STUDIES)
    assert outcomes == set(OUTCOMES)


def test_the_page_of_docs_is_english_in_any_language(tmp_path):
    from model.experiments.trials.trial_file import load_trials
    from model.report.virtual_trial_report import run_trials
    from model.wording.markup import plain_console

    (tmp_path / "images").mkdir()
    page = tmp_path / "trials.md"
    console, trials = plain_console(), load_trials([written(tmp_path, SEVERAL)], [])
    with speaking("es"):
        run_trials(trials, (), 12, None, 1, page, tmp_path / "out", console, True)
    text = page.read_text(encoding="utf-8")
    assert "12 seeds at the numbers of the files." in text
    assert "down, not significant" in text
    assert english_among(text.splitlines(), "es")  # the other way round
