"""The page of a run says what its tables hold, in three languages."""

from pathlib import Path

import pandas as pd
import pytest

import run
from model.language import LANGUAGES
from model.report.webpage.report_file import report
from tests.experiments.small import write_world
from tests.report.test_webpage import Seen

USD = {"money": {"currency": "USD", "per_unit": 3000.0, "year": 2005}}
MONEY = {"institutions": {"club": {"budget": 9000.0}}}


@pytest.fixture(scope="module")
def done(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    world = write_world(folder, USD, MONEY)
    command = ["run", str(world), "--replicates", "3", "--out", str(folder / "out"), "--quiet"]
    assert run.door(command) == 0
    return folder / "out"


def page(folder: Path, language: str = "en") -> str:
    return Seen(report(folder, language).read_text(encoding="utf-8")).text


def test_levels_are_those_of_the_last_quarter(done):
    text = page(done)
    final = pd.read_csv(done / "final.csv")
    for place, part in final.groupby("community"):
        assert place
        assert f"to {part['product'].mean():.2f} in " in text
    assert "3 replicates" in text


def test_what_was_spent_and_what_was_left_stand_there(done):
    series = pd.read_parquet(done / "series.parquet")
    spent = series["public_cost"].sum() / series["replicate"].nunique()
    assert spent > 0
    text = page(done)
    assert "The public spends " in text
    assert "Warning: the run spends " in text


@pytest.mark.parametrize(
    ("language", "said"),
    [("es", "El sector público gasta"), ("pt", "O setor público gasta")],
)
def test_it_is_told_in_other_languages(done, language, said):
    text = page(done, language)
    assert said in text
    for english in ("The public spends", "Warning", "replicates end", "How to make it again"):
        assert english not in text
    assert set(LANGUAGES) == {"en", "es", "pt"}
