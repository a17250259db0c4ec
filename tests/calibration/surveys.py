"""Filled sheets and tables of firms for tests, written where a test wants them."""

from pathlib import Path

import numpy as np
import pandas as pd

from calibration.survey.template_sheet import filled

MAPPING = Path(__file__).parents[2] / "scenarios" / "survey" / "mapping.toml"

ANSWERS = {
    "title": "Móveis de Ubá",
    "country": "Brazil",
    "sector": "traditional",
    "firms": 200,
    "workers": 14.5,
    "currency": "USD",
    "lowest_value_added": 8000,
    "multilateral": 2,
    "bilateral": 2.5,
    "budget": 2_000_000,
}


def write_sheet(file: Path, answers: dict[str, object], **sheets: list[tuple[object, ...]]) -> Path:
    """The template, filled in; ``sheets``: rows to put below the heads of the others."""
    filled(answers, sheets).save(file)
    return file


def firms_of_a_survey(n: int = 60) -> pd.DataFrame:
    """A made-up table in the form of the shipped mapping: every third firm weighs double."""
    place = np.arange(n)
    return pd.DataFrame(
        {
            "firm": place + 1.0,
            "region": 1.0 + (place >= n - 10),
            "w": np.where(place % 3 == 0, 2.0, 1.0),
            "size": 1.0 + place % 3,
            "member": np.where(place == 0, -9.0, 1.0 + place % 2),
            "exports": 1.0 + (place % 5 > 0),
            "trust_1_5": 1.0 + place % 5,
            "value_added": 8000.0 + 100.0 * place,
            "wages": 4000.0 + 0.0 * place,
        }
    )


LABELS = {
    "region": {1: "Espírito Santo", 2: "Minas Gerais"},
    "size": {1: "Micro", 2: "Small", 3: "Medium"},
    "member": {1: "Yes", 2: "No"},
    "exports": {1: "Yes", 2: "No"},
}


def write_stata(file: Path, frame: pd.DataFrame) -> Path:
    """The table with value labels, as Stata keeps it."""
    frame.to_stata(file, write_index=False, value_labels=LABELS, version=118)
    return file
