"""The class kit says the same in three languages, and what its answers claim is so."""

import re
from pathlib import Path

import pandas as pd
import pytest

from model import load, simulate
from model.language import say, speaking

FOLDER = Path(__file__).parents[2] / "docs" / "class"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("lessons_*.md")}
LESSONS = 6


def parts(text: str) -> dict[str, list[str]]:
    """Code of a page, and how many exercises and answers each lesson has."""
    lessons, answers = re.split(r"^## (?!\d)", text, flags=re.M)
    counted = {
        "exercises": re.split(r"^## \d ", lessons, flags=re.M)[1:],
        "answers": re.split(r"^### ", answers, flags=re.M)[1:],
    }
    return {
        "code": re.findall(r"```(?:python|sh)\n.*?```", text, re.S),
        **{
            name: [str(len(re.findall(r"^\d\. ", one, re.M))) for one in found]
            for name, found in counted.items()
        },
    }


def without_language(page: str) -> str:
    """The page with commands as they are in English."""
    return re.sub(r"(?m)^(uv run .*) --lang (?:es|pt)$", r"\1", page)


def test_three_languages_with_the_same_code():
    assert set(PAGES) == {"lessons_en", "lessons_es", "lessons_pt"}
    english = parts(PAGES["lessons_en"])
    assert all(parts(without_language(text)) == english for text in PAGES.values())
    assert len(english["exercises"]) == LESSONS
    assert english["exercises"] == english["answers"]
    assert len(set(PAGES.values())) == len(PAGES)


@pytest.mark.parametrize("language", ["es", "pt"])
def test_the_page_and_the_report_speak_the_language_of_the_lesson(language: str):
    page = PAGES[f"lessons_{language}"]
    started = re.findall(r"(?m)^uv run run\.py (?:view|report).*$", page)
    assert len(started) == LESSONS
    assert all(command.endswith(f" --lang {language}") for command in started)
    with speaking(language):
        assert f" {say('Play')} " in page  # as the button is called


def ends(*settings: str) -> pd.DataFrame:
    series = simulate(load("four_wine_regions", settings), replicates=5, seed=1).series
    return (
        series[series["tick"] == series["tick"].max()].groupby("community").mean(numeric_only=True)
    )


@pytest.fixture(scope="module")
def usual() -> pd.DataFrame:
    return ends()


def test_lesson_1_the_order_of_the_regions(usual: pd.DataFrame):
    order = ["valley", "foothills", "oasis", "highland"]
    for measure in ("process", "wage", "exporters"):
        assert usual[measure].sort_values(ascending=False).index.tolist() == order
    kinds = usual[["process", "product", "functional", "intersectoral"]]
    assert (kinds.idxmin(axis="columns") == "intersectoral").all()
    assert (kinds[["process", "product"]].min(axis="columns") > kinds["functional"]).all()


def test_lesson_2_without_steps_all_rise_and_the_gap_closes(usual: pd.DataFrame):
    free = ends('neutral=["absorption"]')
    rise = free["process"] / usual["process"]
    assert (rise > 1).all()
    assert rise.idxmax() == "highland"
    left = free["gini"] / usual["gini"]
    assert (left < 1).all()
    assert (left[["valley", "foothills"]] < 0.5).all()
    assert left.idxmax() == "highland"


def test_lesson_3_who_governs():
    kinds = ("market", "network", "quasi_hierarchy", "hierarchy")
    valley = pd.DataFrame(
        {kind: ends(f"chains.supermarkets.governance={kind}").loc["valley"] for kind in kinds}
    )
    functional = valley.loc["functional"].sort_values()
    assert functional.index[-1] == "network"
    assert set(functional.index[:2]) == {"quasi_hierarchy", "hierarchy"}
    assert valley.loc["process"].idxmax() == "hierarchy"
    for kind in ("process", "product"):
        numbers = valley.loc[kind]
        assert abs(numbers["quasi_hierarchy"] - numbers["market"]) < 0.05
        assert numbers["hierarchy"] > numbers["market"] + 0.05


def test_lesson_4_all_gain_by_ties_and_less_without_trust(usual: pd.DataFrame):
    tied, loose = ends("across.ties=4", "across.trust=0.5"), ends("across.ties=4")
    assert (tied["process"] > usual["process"]).all()
    assert usual["process"].mean() < loose["process"].mean() < tied["process"].mean()
    assert ends('neutral=["redundancy"]')["process"].mean() > usual["process"].mean()


def test_lesson_6_the_same_luck_scatters_less():
    def runs(seed: int, *settings: str) -> pd.Series:
        country = simulate(load("four_wine_regions", settings), replicates=10, seed=seed).country
        return country[country["tick"] == country["tick"].max()].set_index("replicate")["process"]

    ties = ("across.ties=4", "across.trust=0.5")
    same = runs(1, *ties) - runs(1)
    other = runs(2, *ties) - runs(1)
    assert same.std() < other.std() / 2
    assert (same > 0).all()
    assert (other < 0).any()
