"""Every block of docs/interoperation.md runs as it stands where its library is installed.

uv run --group interoperation pytest tests/docs/test_interoperation.py
"""

import importlib.util
import re
from pathlib import Path

import pandas as pd
import pytest

from run import door

PAGE = (Path(__file__).parents[2] / "docs" / "interoperation.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^## (.+?)\n(?:(?!^## ).)*?```python\n(.*?)```", PAGE, re.M | re.S))
OURS = ("highroad", "numpy")
FEW = ("--replicates", "2", "--set", "run.ticks=8", "--quiet")
LINES = 34
(R,) = re.findall(r"```r\n(.*?)```", PAGE, re.S)


def libraries(text: str) -> set[str]:
    return set(re.findall(r"^(?:import|from) (\w+)", text, re.M)) - set(OURS)


def test_there_are_blocks():
    assert list(BLOCKS) == ["SALib", "EMA Workbench", "Optuna", "pyABC", "igraph", "DuckDB"]
    assert all(block.count("\n") <= LINES for block in BLOCKS.values())


@pytest.mark.parametrize("tool", BLOCKS)
@pytest.mark.filterwarnings("ignore")
def test_a_block_runs(tool: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    for name in libraries(BLOCKS[tool]):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"no {name}: uv run --group interoperation pytest")
    monkeypatch.chdir(tmp_path)
    exec(compile(BLOCKS[tool], f"docs/interoperation.md, {tool}", "exec"), {"__name__": "page"})
    assert capsys.readouterr().out.strip()


def test_r_asks_for_columns_that_results_have(tmp_path: Path):
    """R is not run here; the names that its block uses are looked up in a run and a comparison."""
    read = re.findall(r"read(?:_parquet|\.csv)\(\"results/(\w+)/(\w+)/(\S+)\"\)", R)
    assert read == [
        ("run", "four_wine_regions", "series.parquet"),
        ("compare", "institutions", "effects.csv"),
    ]
    assert (
        door(["run", "highroad:worlds/four_wine_regions", *FEW, "--out", str(tmp_path / "run")])
        == 0
    )
    assert (
        door(
            [
                "compare",
                "scenarios/experiments/institutions.toml",
                *FEW,
                "--out",
                str(tmp_path / "compare"),
            ]
        )
        == 0
    )
    series = pd.read_parquet(tmp_path / "run" / "series.parquet")
    assert {"tick", "community", "process"} <= set(series.columns) & set(re.findall(r"\w+", R))
    effects = pd.read_csv(tmp_path / "compare" / "effects.csv")
    assert {"arm", "effect", "low", "high", "outcome"} <= set(effects.columns) & set(
        re.findall(r"\w+", R)
    )
    assert "process" in set(effects["outcome"])  # what the block picks
