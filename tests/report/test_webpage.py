"""One HTML file that says what the numbers say, loads nothing, and runs nothing that files hold."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from model.report.webpage.answer_grid import grid, no_primary
from model.report.webpage.comparison_page import assumptions
from model.report.webpage.document import (
    DocumentSection,
    Estimate,
    Estimates,
    Grid,
    Page,
    Picture,
    html,
)
from model.report.webpage.report_file import report
from model.scenario.faults import InputError
from model.wording.sentences import (
    also,
    amount,
    best_arm,
    change,
    false_alarms,
    levels_of,
    verdict,
    who,
)

EVIL = "<script>alert(1)</script>\"'&"


def row(arm: str, effect: float, low: float, high: float, **more) -> dict:
    return {
        "outcome": "gini", "outcome_title": "Gini", "unit": "share of firms", "better": "higher",
        "arm": arm, "arm_title": arm.upper(), "against": "none", "against_title": "Nothing",
        "mean": 0.1 + effect, "mean_against": 0.1, "effect": effect, "low": low, "high": high,
        "replicates": 8, "p": 0.01, "positive": 1.0, "variance_removed": 0.9, "public_cost": 100.0, **more,
    }  # fmt: skip


def said(*rows: dict) -> str:
    return verdict(pd.DataFrame(rows), "gini")


class Seen(HTMLParser):
    """Tags with their attributes, and text, as a browser would take them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def test_one_clear_winner_is_named_with_effect_interval_levels_and_n():
    sentence = said(row("a", 0.05, 0.04, 0.06), row("b", 0.01, -0.01, 0.03))
    assert sentence == (
        "“A” is the only alternative shown to be better in “Gini”: compared with “Nothing” it raises "
        "it by 5.0 percentage points (95% interval 4.0 to 6.0), from 10.0% to 15.0% (8 paired "
        "replicates)."
    )


def test_winners_that_overlap_are_not_ranked():
    frame = pd.DataFrame([row("a", 0.05, 0.04, 0.06), row("b", 0.045, 0.03, 0.055)])
    assert "none of them is shown to be best" in verdict(frame, "gini")
    assert best_arm(frame, "gini") is None


def test_where_lower_is_better_the_sign_turns():
    less = {"better": "lower"}
    frame = pd.DataFrame(
        [row("a", -0.05, -0.06, -0.04, **less), row("b", 0.05, 0.04, 0.06, **less)]
    )
    assert best_arm(frame, "gini") == "a"
    assert "lowers it by 5.0 percentage points (95% interval 4.0 to 6.0)" in verdict(frame, "gini")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([row("a", 0.05, -0.01, 0.1)], "every 95% interval includes 0"),
        ([row("a", 0.0, 0.0, 0.0)], "changes “Gini” at all"),
        (
            [row("a", 0.5, float("nan"), float("nan"), replicates=1)],
            "nothing can be said of chance",
        ),
        ([row("a", -0.05, -0.06, -0.04)], "No alternative is shown to be better"),
    ],
)
def test_what_is_not_known_is_said(rows, words):
    assert words in said(*rows)


def test_an_end_of_a_clear_interval_is_never_shown_as_zero():
    assert amount(row("a", 0.0026, 0.0001, 0.0054)).endswith("(95% interval 0.01 to 0.54)")


def test_the_rest_is_parted_into_good_bad_and_unclear():
    frame = pd.DataFrame(
        [
            row("a", 0.05, 0.04, 0.06),
            row("a", 0.05, 0.04, 0.06, outcome="wage", outcome_title="Wage"),
            row("a", -0.05, -0.06, -0.04, outcome="exports", outcome_title="Exports"),
            row("a", 0.01, -0.01, 0.03, outcome="firms", outcome_title="Firms"),
        ]
    )
    good, bad, open_ = also(frame, "a", "gini")
    assert good.startswith("It also raises “Wage” by 5.0")
    assert bad.startswith("For the worse, it lowers “Exports” by 5.0")
    assert "“Firms”" in open_


def test_what_is_below_what_matters_is_small_whatever_its_sign():
    less = {"matters": 0.03}
    large, sure, unsure = (
        row("a", 0.05, 0.04, 0.06, **less),
        row("b", 0.02, 0.01, 0.025, **less),
        row("c", -0.02, -0.05, 0.01, **less),
    )
    assert "“A” is the only alternative shown to be better" in said(large, sure, unsure)
    assert change(large).startswith("raises it by 5.0")
    assert "small" not in change(large)
    assert change(sure).endswith(", which is small")
    assert change(unsure).endswith("which is small and may be chance")
    assert best_arm(pd.DataFrame([sure]), "gini") is None
    words = said(sure, unsure)
    assert words.startswith(
        "No alternative changes “Gini” by as much as matters (3 percentage points)"
    )
    either = row("d", 0.04, -0.01, 0.09, **less)
    assert "is shown to change “Gini” by as much as matters" in said(sure, either)
    other = row("a", -0.02, -0.025, -0.01, outcome="wage", outcome_title="Wage", **less)
    (little,) = also(pd.DataFrame([large, other]), "a", "gini")
    assert little.startswith("Small, below what matters: it lowers “Wage” by 2.0")


def test_the_chance_of_being_best_decides_where_it_is_known():
    frame = pd.DataFrame([row("a", 0.05, 0.04, 0.06), row("b", 0.045, 0.03, 0.055)])
    assert best_arm(frame, "gini", {"a": 0.97, "b": 0.03}) == "a"
    assert best_arm(frame, "gini", {"a": 0.9, "b": 0.1}) is None
    assert "none of them is shown to be best" in verdict(frame, "gini", "", {"a": 0.9, "b": 0.1})


def test_false_alarms_are_told_where_pairs_can_tell_them():
    sure, doubtful = row("a", 0.05, 0.04, 0.06, p_holm=0.01), row("b", 0.05, 0.01, 0.09, p_holm=0.2)
    assert false_alarms(pd.DataFrame([sure])) == ("", set())
    words, places = false_alarms(pd.DataFrame([sure, doubtful]))
    assert places == {1}
    assert "Of 2 comparisons, 1 whose interval excludes 0 may be a false alarm" in words
    words, places = false_alarms(pd.DataFrame([sure, doubtful]).assign(replicates=4))
    assert places == set()
    assert "It takes at least 7 pairs" in words  # 2 * 2 / 2^7 < 0.05 < 2 * 2 / 2^6


def test_levels_are_told_apart():
    assert levels_of(0.15063, 0.15088, "share of firms") == "from 15.063% to 15.088%"
    assert levels_of(2.1, 2.5, "score 0-3") == "from 2.10 to 2.50"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0.3, 0.1, "the weakest gain more"), (0.1, 0.3, "the strongest gain more"),
     (0.2, 0.2, "the two intervals overlap")],
)  # fmt: skip
def test_who_gains(low, high, words):
    thirds = {"low": low, "high": high}
    rows = [
        row("a", at, at - 0.05, at + 0.05, what="wage", what_title="Wage", third=third)
        for third, at in thirds.items()
    ]
    assert words in who(pd.DataFrame(rows), "a", "wage")
    assert who(pd.DataFrame(rows[:1]), "a", "wage") == ""


def page(text: str) -> str:
    blocks = [
        Grid(text, [text, text], [[text, text]], (1,), text),
        Estimates(text, text, [Estimate(text, text, 1.0, 0.5, float("nan"))], ends=(text, text)),
        Picture("data:image/png;base64,", text, text),
    ]
    return html(
        Page(text, text, text, [text], [(text, text)], [DocumentSection(text, [text], blocks)], [text],
             [(text, text)], text)
    )  # fmt: skip


def test_text_of_files_stays_text():
    seen = Seen(page(EVIL))
    assert "script" not in {tag for tag, _ in seen.tags}
    assert EVIL in seen.text
    assert {a["alt"] for tag, a in seen.tags if tag == "img"} == {EVIL}


def test_a_page_loads_nothing_and_can_be_read_aloud():
    seen = Seen(page("x"))
    assert all(a["src"].startswith("data:") for _, a in seen.tags if "src" in a)
    assert not [tag for tag, a in seen.tags if tag in ("link", "script") or "href" in a]
    assert dict(seen.tags)["html"]["lang"] == "en"
    tags = [tag for tag, _ in seen.tags]
    assert tags.count("caption") == tags.count("table") == 2
    assert tags.count("h1") == 1


@pytest.fixture
def result(tmp_path: Path) -> Path:
    pd.DataFrame([row("a", 0.05, 0.04, 0.06)]).to_csv(tmp_path / "effects.csv", index=False)
    scenario = {"title": "World", "run": {"seed": 7, "ticks": 80}, "neutral": ["redundancy"]}
    manifest = {
        "experiment": {"title": EVIL, "question": "Which?", "source": ""},
        "scenarios": {"none": scenario, "a": scenario}, "runs": 16,
        "command": "uv run run.py compare x.toml", "source": "0123abc",
        "versions": {"numpy": "2.4.6"}, "platform": "linux",
    }  # fmt: skip
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


def test_report_is_remade_from_a_folder_and_says_how_to_repeat_it(result: Path):
    text = report(result).read_text(encoding="utf-8")
    seen = Seen(text)
    assert "<script" not in text
    for told in (EVIL, "at a public cost of 100 units of account over 20 years", "Redundancy",
                 "uv run run.py compare x.toml", "0123abc", "numpy 2.4.6", "seed = 7"):  # fmt: skip
        assert told in seen.text
    assert report(result).read_text(encoding="utf-8") == text


def test_a_folder_without_what_it_needs_is_refused_in_one_line(result: Path):
    (result / "effects.csv").unlink()
    with pytest.raises(InputError, match=r"lacks effects\.csv"):
        report(result)
    (result / "manifest.json").write_text("{}")
    with pytest.raises(InputError, match="holds no result"):
        report(result)
    with pytest.raises(InputError, match="is no folder"):
        report(result / "nowhere")


# Answers over several outcomes


def two_outcomes() -> pd.DataFrame:
    more = {"outcome": "wage", "outcome_title": "Wage", "unit": "units of account"}
    rows = [
        row("a", 0.05, 0.04, 0.06), row("b", 0.01, 0.009, 0.02),
        row("a", 0.01, -0.01, 0.03, **more), row("b", 0.2, 0.1, 0.3, **more),
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_no_order_of_outcomes_makes_an_alternative_best():
    frame = two_outcomes()
    turned = frame.iloc[[2, 3, 0, 1]].reset_index(drop=True)
    for effects in (frame, turned):
        sentence = no_primary(effects, {})
        assert "no alternative is best in all" in sentence
        assert "“A” in “Gini”" in sentence
        assert "“B” in “Wage”" in sentence


def test_an_alternative_that_is_best_in_all_is_said_to_be():
    frame = two_outcomes()
    frame.loc[2, ["effect", "low", "high"]] = [0.9, 0.8, 1.0]
    assert no_primary(frame, {}) == "In these simulations “A” is best in all outcomes."


def test_the_grid_calls_small_small_and_unclear_unclear():
    frame = two_outcomes().assign(matters=[0.02, 0.02, 0.001, 0.001])
    shown = grid(frame)
    assert shown.columns[:3] == ["alternative", "Gini", "Wage"]
    assert [cell.split()[-1] for cell in shown.rows[0][1:3]] == ["better", "unclear"]
    assert [cell.split()[-1] for cell in shown.rows[1][1:3]] == ["small", "better"]


def test_the_sentence_on_parameters_follows_from_the_draws_used():
    asked = {"experiment": {"draws": "../posterior/p.csv"}, "scenarios": {}}
    assert "200 draws of p.csv" in assumptions(asked | {"compared": {"draws": 200}})[0]
    assert "uncalibrated" in assumptions({"compared": {"draws": 0}, "scenarios": {}})[0]
