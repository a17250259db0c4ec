"""Small trials for tests: worlds whose effects are known before anything is simulated."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

from model.experiments.trials.trial_file import TrialFile, load_trial
from model.scenario.files import dump_toml
from model.scenario.layers import overlay
from tests.worlds import ONE

STILL = [
    "awareness", "interaction", "renewal", "unlearning", "recombination", "services", "repository",
    "several_chains",
]  # fmt: skip
"""Mechanisms without which nobody learns or forgets."""
PUBLISHED = {"sign": "+", "provenance": "SEEN_SIGN", "confidence": 1.0}
TRIAL: dict[str, Any] = {
    "title": "A trial for tests",
    "source": "nowhere",
    "headline": "product",
    "control": "nothing",
    "world": ONE
    | {
        "communities": {"here": {"sector": "trade", "firms": 60, "ties": 4}},
        "institutions": {"staff": {"expertise": 1.0}},
        "chains": {"buyer": {"governance": "market", "reach": "global", "orders": 0.0}},
        "neutral": ["board"],
        "run": {"ticks": 12, "seed": 3},
    },
    "pool": {"quarter": 4},
    "arms": {
        "nothing": {"firms": 24},
        "visited": {"firms": 24, "doses": {"staff": {"hours": 64, "quarters": 2}}},
    },
    "outcomes": {
        "product": {
            "measure": "product", "arm": "visited", "waves": [2], "estimator": "ancova",
            "published": PUBLISHED,
        }
    },
}  # fmt: skip


def written(folder: Path, *layers: dict[str, Any], **own: Any) -> Path:
    """The small trial with layers over it, as a file."""
    data = deepcopy(TRIAL)
    for layer in (*layers, own):
        data = overlay(data, layer)
    path = folder / "trial.toml"
    path.write_text(dump_toml(data), encoding="utf-8")
    return path


def trial(folder: Path, *layers: dict[str, Any], **own: Any) -> TrialFile:
    """The small trial, loaded."""
    return load_trial(written(folder, *layers, **own))


def outcome(**own: Any) -> dict[str, Any]:
    """A layer that changes the small trial's outcome."""
    return {"outcomes": {"product": own}}
