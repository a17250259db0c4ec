"""The brief: two pages that say what the report says, of as much as fits."""

import json
from pathlib import Path

import pandas as pd
import pytest

from model.report.webpage.brief_page import MOST_OUTCOMES, MOST_ROWS
from model.report.webpage.report_file import brief
from model.scenario.faults import InputError
from tests.report.listening import untranslated

EVIL = "<script>alert(1)</script>"


def effect(arm: str, outcome: str, value: float) -> dict:
    return {
        "outcome": outcome, "outcome_title": outcome, "unit": "share of firms", "better": "higher",
        "arm": arm, "arm_title": f"Way {arm}", "against": "none", "against_title": "Nothing",
        "mean": 0.1 + value, "mean_against": 0.1, "effect": value, "low": value - 0.01,
        "high": value + 0.01, "replicates": 8, "p": 0.01, "positive": 1.0, "variance_removed": 0.9,
        "public_cost": 100.0,
    }  # fmt: skip


def folder(path: Path, arms: int, outcomes: int, **asked: str) -> Path:
    rows = [effect(f"a{a}", f"o{o}", 0.04 * (a + 1)) for o in range(outcomes) for a in range(arms)]
    pd.DataFrame(rows).to_csv(path / "effects.csv", index=False)
    world = {"title": "Vale", "run": {"seed": 7, "ticks": 40}}
    manifest = {
        "experiment": {"title": EVIL, "question": "Which?", "source": ""} | asked,
        "scenarios": {"none": world, "a0": world},
    }
    (path / "manifest.json").write_text(json.dumps(manifest))
    return path


def test_it_holds_what_a_minister_asks_for(tmp_path: Path):
    file = brief(folder(tmp_path, 2, 2, primary="o1"), "Ministry")
    text = file.read_text(encoding="utf-8")
    for told in ("Which?", "Ministry", "Vale, 40 quarters (10 years)", "What it costs", "Who gains",
                 "How sure this is", "Unit of account", "“Way a1” is best of all in “O1”"):  # fmt: skip
        assert told in text
    assert EVIL not in text


def test_without_a_primary_outcome_none_goes_before_the_others(tmp_path: Path):
    text = brief(folder(tmp_path, 2, 2)).read_text(encoding="utf-8")
    assert "“Way a1” is best in all outcomes" in text


def test_what_does_not_fit_is_said_to_be_in_the_report(tmp_path: Path):
    many = folder(tmp_path, MOST_ROWS + 3, MOST_OUTCOMES + 1, primary=f"o{MOST_OUTCOMES}")
    text = brief(many).read_text(encoding="utf-8")
    assert "3 alternatives and 1 outcome more" in text
    assert f">O{MOST_OUTCOMES}<" in text  # the primary outcome is there
    assert text.count('<th scope="row">Way') == 2 * MOST_ROWS
    assert f"Way a{MOST_ROWS + 2}<" in text  # and so is the best alternative


def test_a_folder_without_a_comparison_is_told_so(tmp_path: Path):
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(InputError, match="holds nothing that a brief tells"):
        brief(tmp_path)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", ("Respuesta", "«Way a1» es la mejor de todas en «O1»", "Cuánto cuesta", "10 años")),
        ("pt", ("Resposta", "“Way a1” é a melhor de todas em “O1”", "Quanto custa", "10 anos")),
    ],
)
def test_it_speaks_the_language_that_is_asked_for(tmp_path: Path, language, said):
    file = brief(folder(tmp_path, 2, 2, primary="o1"), language=language)
    text = file.read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in text
    for told in said:
        assert told in text
    assert "8,0" in text  # of 0.08, in percentage points


@pytest.mark.parametrize("language", ["es", "pt"])
def test_all_that_it_says_stands_in_the_catalogue(tmp_path: Path, language, monkeypatch):
    missing = untranslated(monkeypatch, language)
    brief(folder(tmp_path, MOST_ROWS + 1, 2, primary="o1"), language=language)
    assert missing == []
