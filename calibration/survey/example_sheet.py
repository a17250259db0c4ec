"""A filled sheet that ships, to try the way from a survey to a brief: an invented furniture cluster.

    uv run python -m calibration.survey.example_sheet

writes it again after a change of the items or of the answers below.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from calibration.survey.template_sheet import filled
from model.scenario.shipped_files import SCENARIOS

if TYPE_CHECKING:
    from openpyxl import Workbook

SHIPPED = SCENARIOS / "survey" / "furniture.xlsx"
CLUSTER: dict[str, object] = {
    "title": "Muebles del Valle", "year": 2024, "sector": "traditional", "industry": "ISIC4 3100",
    "firms": 240, "workers": 14, "large_firms": 2, "large_workers": 180, "exporters": 0.06,
    "currency": "USD", "value_added": 14_000, "wage": 7_200, "lowest_value_added": 9_600,
    "labour_market": 2, "input_market": 2, "information": 1, "market_access": 1, "backward": 1,
    "forward": 1, "bilateral": 1, "multilateral": 1, "process": 1.0, "product": 1.1, "functional": 0.4,
    "intersectoral": 0.1, "budget": 2_000_000,
}  # fmt: skip
ROWS: dict[str, tuple[tuple[object, ...], ...]] = {
    "chains": (
        ("Cadena de tiendas", "quasi_hierarchy", "domestic", 0.15),
        ("Importador del norte", "quasi_hierarchy", "global", 0.06),
    ),
    "institutions": (("Asociación de mueblistas", "fee_association", 120_000),),
}


def example() -> Workbook:
    """The sheet with the answers of the invented cluster."""
    return filled(CLUSTER, ROWS)


def write(file: Path = SHIPPED) -> Path:
    """Write the filled sheet."""
    example().save(file)
    return file


if __name__ == "__main__":
    write()
