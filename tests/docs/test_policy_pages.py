"""The pages for policy people hold no figure that could go stale, and what they say in bold is so."""

import re
from pathlib import Path

import pandas as pd
import pytest

from model import compare

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "policy"
PAGES = sorted(FOLDER.glob("*.md"))
LEFT_OUT = (
    r"<!-- made: .*?<!-- end -->",  # made from results
    r"```.*?```|`[^`]*`",  # commands
    r"\]\([^)]*\)",  # addresses
    r"^ *\d\. ",  # numbers of a list
    r"section [\d.]+",
)


def figures_in(text: str) -> list[str]:
    for pattern in LEFT_OUT:
        text = re.sub(pattern, "", text, flags=re.S | re.M)
    return re.findall(r"[^\s]*\d[^\s]*", text)


def test_there_are_four_pages():
    assert len(PAGES) == 4


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_figure_is_typed(path: Path):
    assert figures_in(path.read_text(encoding="utf-8")) == []


def test_a_typed_figure_is_seen():
    assert figures_in("1. Wages rise by 12%, `--seed 3`, in [ODD](odd_2020.md).") == ["12%,"]


@pytest.fixture(scope="module")
def effects() -> pd.DataFrame:
    """Effect of each outcome (rows) and design (columns), over what matters."""
    table = compare(ROOT / "scenarios" / "experiments" / "institutions.toml", replicates=10)
    table["sizes"] = table["effect"] / table["matters"]
    return table.pivot(index="outcome", columns="arm", values="sizes")


def test_what_stands_in_bold_is_so(effects: pd.DataFrame):
    text = (FOLDER / "what_the_model_says.md").read_text(encoding="utf-8")
    found = re.findall(r"^- \*\*(.+?)\*\*", text, re.MULTILINE)
    claims = {
        "Showing firms the frontier changes little.": abs(effects["laboratory"]).max() < 1,
        "A closed association that asks for a fee changes little for the many.": (
            effects.loc[["process_breadth_2", "product_breadth_2"], "fee_association"] < 1
        ).all(),
        "An open centre for the strongest region creates most jobs and the best wages, and widens the gap "
        "between firms.": (
            (effects.loc[["workers", "wage"]].idxmax(axis="columns") == "local_centre").all()
            and effects.loc["gini", "local_centre"] > 1
        ),
        "Bodies that are open to all regions lift most firms onto the second step, and make firms more "
        "alike.": (
            set(effects.loc["process_breadth_2"].nlargest(2).index) == {"agency", "bridging"}
            and (effects.loc["gini", ["agency", "bridging"]] < -1).all()
        ),
    }  # fmt: skip
    assert found == list(claims)
    assert all(claims.values()), claims
