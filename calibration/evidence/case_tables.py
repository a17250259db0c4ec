"""The evidence: what the two papers report, as typed and validated rows.

Sources: GPR05 (Giuliani, Pietrobelli, Rabellotti 2005) and MP17 (McDermott, Pietrobelli 2017).
`calibration/data/README.md` tells what each column means, how clusters were selected, and every
printing error and doubtful reading: read it before using the numbers. Levels are not a sample of
all clusters: a cluster is in the table because some upgrading had happened there.

The model never reads these tables; only `calibration` does, to start from them and to be compared
with them. An empty cell, "not given" in the paper, is `None`.
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, ClassVar, Literal, NamedTuple, Self, get_args

from pydantic import Field, model_validator

from calibration.evidence.csv_rows import CsvRow, Name, Text, Texts, column, read_table
from model.scenario.faults import Misfit, MisfitError

DATA = Path(__file__).parents[1] / "data"

Dimension = Literal["process", "product", "functional", "intersectoral"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
"""The four kinds of upgrading, GPR05 section 3(a), in the model's order.

Tables 5 to 7, and so the CSV files, give product before process; rows are read by name of column.
"""

GOVERNANCE_MODES = ("market", "network", "quasi_hierarchy", "hierarchy")
"""The four ways to govern a value chain, GPR05 section 2, in the order of Table 3."""


class Degree(StrEnum):
    """Three steps, as the papers grade collective efficiency, appropriability and barriers."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Driver(StrEnum):
    """What is related to upgrading in GPR05 Table 4."""

    COLLECTIVE_EFFICIENCY = "collective_efficiency"
    GLOBAL_BUYER = "global_buyer"


class Sign(StrEnum):
    """Sign of a relation in GPR05 Table 4; NONE says that the driver is not present."""

    POSITIVE = "positive"
    NEUTRAL_OR_POSITIVE = "neutral_or_positive"
    NEUTRAL = "neutral"
    NEUTRAL_OR_NEGATIVE = "neutral_or_negative"
    NEGATIVE = "negative"
    NONE = "none"


class Reach(NamedTuple):
    """Whether a cluster sells into a domestic and into a global chain governed in one mode."""

    domestic: bool
    global_: bool


Score = Annotated[float, Field(ge=0, le=3, multiple_of=0.5)]
"""Upgrading on the Likert scale of GPR05: 0 absent, 1 low, 2 medium, 3 high; halves occur."""

Chains = Annotated[int, Field(ge=0, le=3)]
"""Chains in one mode: 0 none, 1 domestic, 2 global, 3 both (so bit 0 is domestic, bit 1 global)."""

_SCORES = "GPR05 Tables 5, 6, 7"
_CHAINS = "GPR05 Table 3"


class Case(CsvRow):
    """One cluster of GPR05: collective efficiency, chains, upgrading. `None` is "not given"."""

    key = ("case",)

    case: Name = column("name of the cluster in this project", source="ours")
    sector_group: Name = column(
        "group of sectors with one way of learning", source="GPR05 Tables 1, 3"
    )
    industry: Text = column("what the cluster makes", source=_CHAINS)
    cluster: Text = column("place, in its usual spelling", source="GPR05 Table 3, Appendix A")
    country: Text = column("country", source=_CHAINS)
    ce_degree: Degree | None = column("degree of collective efficiency", source=_SCORES)
    market: Chains | None = column(
        "chains governed by the market", unit="chain code", source=_CHAINS
    )
    network: Chains | None = column(
        "chains governed as a network", unit="chain code", source=_CHAINS
    )
    quasi_hierarchy: Chains | None = column(
        "quasi-hierarchical chains", unit="chain code", source=_CHAINS
    )
    hierarchy: Chains | None = column("hierarchical chains", unit="chain code", source=_CHAINS)
    product: Score | None = column("product upgrading", unit="Likert", source=_SCORES)
    process: Score | None = column("process upgrading", unit="Likert", source=_SCORES)
    functional: Score | None = column("functional upgrading", unit="Likert", source=_SCORES)
    intersectoral: Score | None = column("intersectoral upgrading", unit="Likert", source=_SCORES)
    upgrading_sum: Annotated[float, Field(ge=0, le=12, multiple_of=0.5)] | None = column(
        "sum of the scores as printed, a score not given counting as 0",
        unit="Likert points",
        source=_SCORES,
        default=None,
    )

    @model_validator(mode="after")
    def _governance_is_whole(self) -> Self:
        empty = [mode for mode in GOVERNANCE_MODES if getattr(self, mode) is None]
        if empty and len(empty) < len(GOVERNANCE_MODES):
            allowed = "must be filled, since other governance columns of this row are"
            hint = "0 means no such chain; where nothing is known, leave all four empty"
            raise MisfitError(*(Misfit((mode,), allowed, hint) for mode in empty))
        return self

    @model_validator(mode="after")
    def _scores_add_up(self) -> Self:
        total = sum(score for score in scores(self).values() if score is not None)
        if self.upgrading_sum is not None and self.upgrading_sum != total:
            allowed = f"must be {total:g}, what the four scores add up to, or empty"
            raise MisfitError(Misfit(("upgrading_sum",), allowed))
        return self


def scores(case: Case) -> dict[str, float | None]:
    """Upgrading scores of a cluster by dimension, 0 to 3; `None` where the paper gives none."""
    return {dimension: getattr(case, dimension) for dimension in DIMENSIONS}


def governance(case: Case) -> dict[str, Reach | None]:
    """Where the chains of a cluster reach, by governance mode; `None` where not given."""
    codes = {mode: getattr(case, mode) for mode in GOVERNANCE_MODES}
    return {
        mode: None if code is None else Reach(domestic=bool(code & 1), global_=bool(code & 2))
        for mode, code in codes.items()
    }


NotNegative = Annotated[float, Field(ge=0)]

Components = Annotated[float, Field(ge=0, le=12)]
"""Four components of collective efficiency added up, each 0 to 3 (GPR05 section 4, note 19)."""

_TABLE_2 = "GPR05 Table 2"


class SectorCollectiveEfficiency(CsvRow):
    """Mean collective efficiency of the clusters of a sector group."""

    key = ("sector_group",)
    FORMULA_WITHIN: ClassVar[float] = 0.25

    sector_group: Name = column("group of sectors with one way of learning", source=_TABLE_2)
    external_economies: Components = column(
        "mean external economies", unit="points", source=_TABLE_2
    )
    joint_action: Components = column("mean joint action", unit="points", source=_TABLE_2)
    ce_index: Components = column(
        "mean index of collective efficiency, as printed", unit="points", source=_TABLE_2
    )

    @property
    def ce_index_from_formula(self) -> float:
        """Mean of external economies and joint action, points from 0 to 12 (GPR05 note 19)."""
        return (self.external_economies + self.joint_action) / 2

    @model_validator(mode="after")
    def _index_is_near_its_formula(self) -> Self:
        # a hair more than the limit: the largest difference in the print lies on it
        if abs(self.ce_index - self.ce_index_from_formula) > self.FORMULA_WITHIN + 1e-9:
            mean = (
                f"{self.ce_index_from_formula:g}, the mean of external_economies and joint_action"
            )
            raise MisfitError(
                Misfit(("ce_index",), f"must be within {self.FORMULA_WITHIN:g} of {mean}")
            )
        return self


class SectorPattern(CsvRow):
    """Sign of the relation of one driver to one kind of upgrading in a sector group."""

    key = ("sector_group", "driver", "upgrading")

    sector_group: Name = column("group of sectors with one way of learning", source="GPR05 Table 4")
    driver: Driver = column("what is related to upgrading", source="GPR05 Table 4")
    upgrading: Dimension = column("kind of upgrading", source="GPR05 Table 4")
    sign: Sign = column(
        "sign of the relation; none: the driver is not present", source="GPR05 Table 4"
    )
    note: Text | None = column(
        "what to know about this cell", source="GPR05 Table 4 footnotes, section 5(c)"
    )


class SectorLearning(CsvRow):
    """How the firms of a sector group learn."""

    key = ("sector_group",)

    sector_group: Name = column("group of sectors with one way of learning", source="GPR05 Table 1")
    learning_pattern: Text = column(
        "class in Pavitt's taxonomy", source="GPR05 Table 1, section 3(b)"
    )
    other_critical_sources: Texts = column(
        "sources of knowledge beside the cluster's own firms and its global buyers",
        source="GPR05 Table 4",
    )
    appropriability: Degree = column(
        "how well a firm can keep others from copying", source="GPR05 Table 1"
    )
    appropriability_note: Text | None = column("for whom it is otherwise", source="GPR05 Table 1")
    entry_barriers: Degree | None = column("barriers to entry", source="GPR05 Table 1")
    in_house_rnd: Degree = column(
        "weight of research inside the firm",
        source="GPR05 Table 1; low ones read from section 3(b)",
    )
    in_house_rnd_note: Text | None = column(
        "who does the research instead", source="GPR05 section 3(b)"
    )
    tacitness: Degree = column(
        "tacitness of the knowledge needed", source="read from GPR05 sections 3, 5(c)"
    )
    tacitness_note: Text | None = column("why", source="GPR05 sections 3(b), 5(c)")


class ContextFact(CsvRow):
    """One stylised fact about small firms. A single figure has `low` equal to `high`."""

    key = ("fact", "place", "period")

    fact: Name = column("name of the fact in this project", source="ours")
    place: Text = column("country or region", source="MP17")
    period: Text | None = column("year or years the figure is for", source="MP17")
    unit: Text = column("unit of low and high", source="MP17")
    low: NotNegative = column("figure, or lower end", unit="see unit", source="MP17")
    high: NotNegative | None = column(
        "figure, or upper end; empty: open above", unit="see unit", source="MP17"
    )
    note: Text | None = column("how exact, what it counts", source="MP17")
    source: Text = column("where in the paper; in brackets, whom the paper cites", source="MP17")

    @model_validator(mode="after")
    def _range_is_ordered(self) -> Self:
        if self.high is not None and self.high < self.low:
            raise MisfitError(Misfit(("high",), f"must be at least low, {self.low:g}, or empty"))
        end = "low" if self.high is None else "high"
        if self.unit.startswith("percent") and getattr(self, end) > 100:
            raise MisfitError(Misfit((end,), "must be at most 100 percent"))
        return self


class PrintedTotal(CsvRow):
    """Foot of a column in GPR05 Tables 5 to 7: something outside the table to check it against."""

    key = ("sector_group", "quantity")

    sector_group: Name = column("group of sectors with one way of learning", source=_SCORES)
    quantity: Literal[Dimension, "upgrading_sum"] = column(
        "column of the case table", source=_SCORES
    )
    total: NotNegative | None = column("printed total", unit="Likert points", source=_SCORES)
    average: Annotated[Decimal, Field(ge=0)] = column(
        "printed average over the clusters of the table, to the digits printed",
        unit="Likert points",
        source=_SCORES,
    )
    misfit: Text | None = column("why the average does not follow; empty: it does", source="ours")


def load_cases(
    path: Path | str = DATA / "cases.csv", sectors: Sequence[str] | None = None
) -> tuple[Case, ...]:
    """The clusters, in the order of the tables; `path` may be your own table of the same columns.

    Your own may have columns beside these, other encodings, and marks for missing cells
    (`csv_rows`). `sectors` are the sector groups allowed, by default those of `load_sector_learning`.
    Raises `InputError`, which tells every fault of the file.
    """
    own = Path(path).resolve() != (DATA / "cases.csv").resolve()
    return read_table(path, Case, {"sector_group": sectors or _sectors()}, own)


def load_sector_learning() -> tuple[SectorLearning, ...]:
    """How the firms of each sector group learn (GPR05 Tables 1, 4)."""
    return read_table(DATA / "sector_learning.csv", SectorLearning)


def load_sector_collective_efficiency() -> tuple[SectorCollectiveEfficiency, ...]:
    """External economies, joint action and their index by sector group (GPR05 Table 2)."""
    path = DATA / "sector_collective_efficiency.csv"
    return read_table(path, SectorCollectiveEfficiency, {"sector_group": _sectors()})


def load_sector_patterns() -> tuple[SectorPattern, ...]:
    """The 24 signs of GPR05 Table 4."""
    return read_table(DATA / "sector_patterns.csv", SectorPattern, {"sector_group": _sectors()})


def load_context_facts() -> tuple[ContextFact, ...]:
    """Stylised facts about small firms, most of them in Latin America (MP17)."""
    return read_table(DATA / "context_facts.csv", ContextFact)


def load_printed_totals() -> tuple[PrintedTotal, ...]:
    """Printed totals and averages of GPR05 Tables 5 to 7."""
    return read_table(DATA / "printed_totals.csv", PrintedTotal, {"sector_group": _sectors()})


def _sectors() -> tuple[str, ...]:
    return tuple(row.sector_group for row in load_sector_learning())
