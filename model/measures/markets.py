"""Jobs and the size of firms, sales, exports, and who stays in business."""

from __future__ import annotations

from functools import partial

import numpy as np

from model.measures.earnings import count_of, per_firm, per_worker
from model.measures.measure import Measure, Tallies, ratio
from model.world.tables import SIZES


def of_size(rows: Tallies, number: int) -> np.ndarray:
    """Share of firms that are of this class of size."""
    return ratio(rows["sizes"][:, number], rows["firms"])


def export_intensity(rows: Tallies) -> np.ndarray:
    """Value sold into global chains over all sales; NaN where nothing is sold."""
    return ratio(rows["exports"], rows["sales"])


def size_of_entrants(rows: Tallies) -> np.ndarray:
    """Workers of the firms that were founded in the quarter, a firm; NaN where none was."""
    return ratio(rows["workers"] - rows["stayed_after"][:, 1], rows["entries"])


def size_of_closures(rows: Tallies) -> np.ndarray:
    """Workers that the firms that closed in the quarter had before it, a firm; NaN where none closed."""
    return ratio(rows["left"][:, 0], rows["exits"])


def survival(rows: Tallies) -> np.ndarray:
    """Share of the firms of the start that are in business still."""
    return ratio(rows["founders"], rows["places"])


MEASURES = (
    Measure("workers", "workers", "workers of all firms in business", "M3",
            partial(count_of, field="workers")),
    Measure("size", "workers a firm", "workers / firms", "MP17: SMEs by size",
            partial(per_firm, field="workers")),
    *(
        Measure(f"size_{name}", "share of firms",
                f"firms with {name.replace('_', ' to ' if name[0].isdigit() else ' ')} workers / firms",
                "MP17: micro, small and medium firms", partial(of_size, number=number))
        for number, name in enumerate(SIZES)
    ),
    Measure("size_of_entrants", "workers a firm", "workers of entrants / entrants", "F3",
            size_of_entrants),
    Measure("size_of_closures", "workers a firm", "workers of firms that close / closures", "F3",
            size_of_closures),
    Measure("sales", "units of account a quarter", "value sold by all firms in business", "M1, M2",
            partial(count_of, field="sales")),
    Measure("sales_per_worker", "units of account per worker and quarter", "sales / workers",
            "M1-M3", partial(per_worker, field="sales")),
    Measure("exports", "units of account a quarter", "value sold into global chains", "M1",
            partial(count_of, field="exports")),
    Measure("export_intensity", "share of sales", "exports / sales", "MP17 Fig. 2",
            export_intensity),
    Measure("survival", "share of founders", "firms in business since the start / firms at the start",
            "F3", survival),
)  # fmt: skip
