"""Small pattern files in code, for tests of patterns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from model.experiments.patterns.examine import examine
from model.experiments.patterns.pattern_files import PatternFile
from model.experiments.points.store import opened
from model.scenario.schema import Scenario
from tests.worlds import ACROSS, BOARDS, MODES, ONE, TWO, neutral, scenario

TICKS = 24
SCORE = "score 0-3"
SAID = {"group": "Tests", "title": "A test", "claim": "It is so.", "source": "nobody"}
IDLE = neutral("interaction")  # nobody learns from anybody


def world(*layers: dict[str, Any], ticks: int = TICKS) -> Scenario:
    return scenario(ONE, TWO, ACROSS, MODES, BOARDS, {"run": {"ticks": ticks, "seed": 3}}, *layers)


def effect(expectation: str, treatment: str = "one", control: str = "other", **more: Any) -> dict:
    said = {"kind": "effect", "treatment": treatment, "control": control}
    return SAID | said | {"expect": {"process": expectation}} | more


MARGIN = {"neutral": 0.1, "least": 0.1, "half_width": 0.1, "reason": "a test"}


def patterns(
    worlds: dict[str, Scenario], top: dict | None = None, margin: dict = MARGIN, **listed: dict
) -> PatternFile:
    data = {
        "title": "Tests",
        "sampling": {"batch": 4, "most": 8},
        "margins": {SCORE: margin},
        "worlds": worlds,
        "patterns": listed,
    }
    return PatternFile.model_validate(data | (top or {}))


def examined(file: Any, look: Callable[..., pd.DataFrame] = examine, **asked: Any) -> pd.DataFrame:
    """What a look at a pattern file finds, its runs kept nowhere."""
    with opened(None) as store:
        return look(file, store, **asked)
