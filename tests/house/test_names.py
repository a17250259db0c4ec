"""No rule knows a sector or a case: in `model/` their names stand in no identifier and no string.

Docstrings and comments may speak of wine and footwear; code gets what differs between sectors
from scenario files.
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


def pattern() -> re.Pattern[str]:
    """Sector groups, cases and places as whole words (`_` parts words); industries, which may
    mean other things in other sentences, only as a whole string."""
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    words = {row[column] for row in rows for column in ("sector_group", "case", "cluster")}
    alone = {row["industry"] for row in rows}
    return re.compile(
        rf"(?<![^\W_])(?:{'|'.join(map(re.escape, sorted(words)))})(?![^\W_])"
        rf"|^(?:{'|'.join(map(re.escape, sorted(alone)))})$"
    )


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
    names = pattern()
    return [f"line {line}: {text[:80]}" for line, text in spoken(source) if names.search(text)]


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
        "print(f'as in {place} or León')",
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
    ],
)
def test_prose_passes(source: str):
    assert named(source) == []
