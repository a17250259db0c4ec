"""Every block of docs/interoperation.md runs as it stands where its library is installed.

uv run --group interoperation pytest tests/docs/test_interoperation.py
"""

import importlib.util
import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "interoperation.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^## (.+?)\n(?:(?!^## ).)*?```python\n(.*?)```", PAGE, re.M | re.S))
OURS = ("highroad", "numpy")
LINES = 34


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
