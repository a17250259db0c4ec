"""No rule knows a sector or a case: in `model/` their names stand in no identifier and no string.

Prose may speak of them: docstrings, comments, and the sentences in which a mechanism states its
claim. Code gets what differs between sectors from scenario files.
"""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CASES = ROOT / "calibration" / "data" / "cases.csv"
SOURCES = sorted((ROOT / "model").rglob("*.py"))


def names() -> dict[str, set[str]]:
    """Column of the case table -> the values in it."""
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        column: {row[column] for row in rows}
        for column in ("case", "sector_group", "industry", "cluster")
    }


def words(texts: set[str]) -> re.Pattern[str]:
    """Any of `texts` between characters that are no letter or digit; `_` parts words."""
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, sorted(texts)))})(?![^\W_])")


NAMES = names()
KEYS = NAMES["case"] | NAMES["sector_group"]
KEY = words(KEYS)
CODED_KEY = words({key for key in KEYS if "_" in key})  # no word of any language: a key wherever


def names_a_case(text: str) -> bool:
    if text in NAMES["industry"] | NAMES["cluster"]:
        return True
    is_sentence = " " in text.strip()
    return bool((CODED_KEY if is_sentence else KEY).search(text))


def spoken(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of each identifier and string literal; docstrings left out."""
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        match node:
            case ast.Constant(value=str(text)) if id(node) not in prose:
                yield line, text
            case ast.Name(id=text) | ast.Attribute(attr=text) | ast.alias(name=text):
                yield line, text
            case ast.arg(arg=text) | ast.keyword(arg=str(text)):
                yield line, text
            case ast.FunctionDef(name=text) | ast.ClassDef(name=text):
                yield line, text


def named(source: str) -> list[str]:
    return [f"line {line}: {text[:80]}" for line, text in spoken(source) if names_a_case(text)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sector_or_case_in_code(path: Path):
    assert named(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "if firm.sector == 'traditional': pass",
        "traditional_share = 0.3",
        "def lift_complex_products(firm): pass",
        "worlds['sinos_valley_footwear']",
        "raise ValueError(f'{place} is no natural_resource cluster')",
        "home = 'Sinos Valley'",
        "folder / f'{root}/traditional.toml'",
        "tables = {'wine': 1}",
    ],
)
def test_a_planted_name_is_seen(source: str):
    assert named(source)


@pytest.mark.parametrize(
    "source",
    [
        '"""Traditional sectors, such as traditional footwear."""',
        "untraditional = 1  # traditional",
        "claim = 'In traditional sectors technology comes with machines, as in León'",
    ],
)
def test_prose_passes(source: str):
    assert named(source) == []
