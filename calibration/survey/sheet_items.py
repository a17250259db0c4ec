"""What a survey of a cluster is asked: every item of the sheet with what is allowed and what it means.

The eight components of collective efficiency are rated as GPR05 section 4 scores them: 0 absent,
1 low, 2 medium, 3 high. Upgrading is scored on the same scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from model.theory.practices import DIMENSIONS
from model.theory.support import GOVERNANCE
from model.theory.value_added import REACH

SECTORS = ("traditional", "natural_resource", "complex_products", "specialised_suppliers")
"""The four ways of learning, as their files under ``scenarios/sectors`` are named."""
DESIGNS = (
    "bridging", "certification_scheme", "fee_association", "laboratory", "local_centre",
    "open_public_support",
)  # fmt: skip
"""Designs under ``scenarios/institutions`` that an institution of the sheet may be like."""


@dataclass(frozen=True)
class Item:
    """One thing that is asked."""

    key: str
    meaning: str
    kind: str = "number"
    """number, whole, text or choice."""
    low: float = 0.0
    high: float = inf
    choices: tuple[str, ...] = ()
    required: bool = False

    @property
    def allowed(self) -> str:
        """What may stand in the cell, in words."""
        if self.kind == "text":
            return "text"
        if self.kind == "choice":
            return f"one of {', '.join(self.choices)}"
        noun = "a whole number" if self.kind == "whole" else "a number"
        if self.high == inf:
            return f"{noun} of at least {self.low:g}"
        return f"{noun} from {self.low:g} to {self.high:g}"


def _rating(key: str, meaning: str) -> Item:
    return Item(key, f"{meaning}: 0 absent, 1 low, 2 medium, 3 high", high=3)


RATINGS = (
    _rating("labour_market", "skilled workers are found and shared locally"),
    _rating("input_market", "suppliers of inputs and components are local"),
    _rating("information", "news of techniques, fairs and standards goes around"),
    _rating("market_access", "buyers come to the cluster or are easily found"),
    _rating("backward", "joint action with suppliers"),
    _rating("forward", "joint action with traders and users"),
    _rating("bilateral", "joint action of two or a few producers"),
    _rating("multilateral", "associations, programmes, fairs of many producers"),
)
"""The eight components: four external economies, then four kinds of joint action."""

SCORES = tuple(
    _rating(name, f"{name} upgrading of the firms today, on average") for name in DIMENSIONS
)

CLUSTER = (
    Item("title", "name of the cluster, for instance Furniture in Ubá", "text", required=True),
    Item("country", "country", "text"),
    Item("year", "year of the survey", "whole", 1900, 2200),
    Item("sector", "how its firms learn; leave empty if you give an industry code", "choice",
         choices=SECTORS),
    Item("industry", "classification and code, for instance ISIC4 3100, CNAE 31, NAICS 337, SCIAN 337",
         "text"),
    Item("firms", "number of small firms", "whole", 1, 2_000_000, required=True),
    Item("workers", "workers of a small firm, on average", low=0.1, high=10_000),
    Item("large_firms", "number of large firms", "whole", 0, 1000),
    Item("large_workers", "workers of a large firm, on average", low=1, high=100_000),
    Item("foreign", "share of small firms owned from abroad, 0-1", high=1),
    Item("exporters", "share of small firms that export, 0-1", high=1),
    Item("currency", "currency of all money in this workbook, for instance USD", "text"),
    Item("value_added", "value added a worker and year"),
    Item("wage", "wage and contributions a worker and year"),
    Item("lowest_value_added", "value added a worker and year of the firms that can do least"),
    *RATINGS,
    *SCORES,
    Item("budget", "public money a year, to be spent in three ways"),
)  # fmt: skip

CHAINS = (
    Item("title", "who buys", "text", required=True),
    Item("governance", "how the buyer governs the chain", "choice", choices=GOVERNANCE, required=True),
    Item("reach", "where it sells", "choice", choices=REACH, required=True),
    Item("share", "share of all firms that it buys from, 0-1", high=1, required=True),
)  # fmt: skip

INSTITUTIONS = (
    Item("title", "name of the institution", "text", required=True),
    Item("design", "the design that it is most like", "choice", choices=DESIGNS, required=True),
    Item("budget", "public money a year"),
)

FIRMS = (
    Item("firm", "any code that tells firms apart; it is not kept", "text", required=True),
    Item("workers", "workers", low=0.1, high=100_000),
    Item("value_added", "value added in the year"),
    Item("wages", "wages and contributions paid in the year"),
    Item("exports", "share of sales that is exported, 0-1", high=1),
    *(Item(score.key, f"{score.key} upgrading, 0-3", high=3) for score in SCORES),
)

TIES = (
    Item("firm", "a firm", "text", required=True),
    Item("partner", "a firm that it works with or learns from", "text", required=True),
)

SHEETS = {
    "cluster": CLUSTER, "chains": CHAINS, "institutions": INSTITUTIONS, "firms": FIRMS, "ties": TIES,
}  # fmt: skip
"""Sheets of the workbook. The first has a row an item, the others a column an item."""
