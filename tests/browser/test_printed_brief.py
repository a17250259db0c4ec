"""The brief on paper: two pages, whatever it tells and in whatever language."""

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import run
from model.language import LANGUAGES
from model.report.webpage.brief_page import MOST_OUTCOMES
from model.report.webpage.report_file import brief
from tests.calibration.small_main_job import FEW, run_small_main_job
from tests.report.test_brief_page import effect, folder

WAYS = (
    "Bridging institution of all communities", "Matching grants for machines", "Export promotion abroad",
    "Supplier development with the buyers", "Open agency of the government", "Closed, fee-based association",
)  # fmt: skip
OUTCOMES = (
    "Firms with good processes (rung 2 or above)", "Firms with good products (rung 2 or above)",
    "Functional upgrading", "Jobs in small firms", "Wage of those who work in them", "Firms that export",
    "Inequality of practices mastered (Gini)",
)  # fmt: skip


def printed(browser: Any, page: Path) -> int:
    """Pages of the file as a browser prints it."""
    context = browser.new_context()
    try:
        sheet = context.new_page()
        sheet.goto(page.absolute().as_uri())
        paper = sheet.pdf(prefer_css_page_size=True, print_background=True)
    finally:
        context.close()
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", paper))


def compared(path: Path, arms: int, outcomes: int = MOST_OUTCOMES, factorial: bool = False) -> Path:
    """A comparison with as much to tell as there may be: gains, money, warnings, long titles."""
    made = folder(
        path, arms, outcomes, primary="o0", question="Which way to spend two million a year?"
    )
    effects = pd.read_csv(made / "effects.csv")
    effects["arm_title"] = [
        WAYS[int(arm[1:]) % len(WAYS)] + f" {arm[1:]}" for arm in effects["arm"]
    ]
    effects["outcome_title"] = [
        OUTCOMES[int(name[1:]) % len(OUTCOMES)] for name in effects["outcome"]
    ]
    costs = {f"a{arm}": 900.0 + 8000.0 * arm for arm in range(arms)}
    effects["public_cost"] = effects["arm"].map(costs)
    effects = effects.assign(
        against_title="The country as it stands", extra_cost=effects["public_cost"] - 100.0, p_holm=0.2,
        matters=0.01, per_money=0.05, per_money_low=0.04, per_money_high=0.06,
    )  # fmt: skip
    effects.to_csv(made / "effects.csv", index=False)
    rows = [
        effect(f"a{arm}", "", 0.1) | {"what": "process", "what_title": "Process", "third": third,
         "unit": "score 0-3, those in business", "start": 4.0, "arm_title": f"{WAYS[arm % len(WAYS)]} {arm}"}
        for arm in range(arms) for third in ("low", "middle", "high")
    ]  # fmt: skip
    of_wages = [row | {"what": "wage", "what_title": "Wage"} for row in rows]
    gains = pd.DataFrame([*of_wages, *rows]).drop(columns=["outcome", "outcome_title"])
    gains.to_csv(made / "gains.csv", index=False)
    if factorial:
        crossed = [
            effect(f"a{arm}", "o0", 0.1) | {"factor": "who_governs", "level": WAYS[arm], "kind": "main",
             "with_factor": "", "with_level": ""} for arm in range(3)
        ]  # fmt: skip
        pd.DataFrame(crossed).to_csv(made / "factors.csv", index=False)
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    warning = (
        "“Matching grants” spends 914 of 8,833 units of account of public money, 10%: what the rest"
    )
    manifest["warnings"] = [f"{warning} was meant for is not there, or not asked for"] * 4
    (made / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return made


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("arms", "factorial"),
    [(1, False), (2, False), (3, False), (4, False), (5, False), (6, False), (17, True)],
)
def test_a_comparison_fills_two_pages(browser, tmp_path, arms, factorial, language):
    made = compared(tmp_path, arms, factorial=factorial)
    assert printed(browser, brief(made, "Ministry of Production", language)) == 2


def test_the_main_job_fills_two_pages(browser, tmp_path):
    out = run_small_main_job(tmp_path / "out", FEW[:1], drawn=False)
    pages = {name: printed(browser, brief(out, language=name)) for name in LANGUAGES}
    assert pages == dict.fromkeys(LANGUAGES, 2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_run_fills_two_pages(browser, tmp_path_factory, language):
    out = tmp_path_factory.getbasetemp() / "run_of_the_brief"
    if not out.exists():
        asked = ["run", "scenarios/worlds/four_wine_regions.toml", "--replicates", "2", "--quiet"]
        assert run.door([*asked, "--set", "run.ticks=8", "--out", str(out)]) == 0
    made = brief(out, language=language)
    assert printed(browser, made) == 2
    assert "Four wine regions" in made.read_text(encoding="utf-8")
