"""Which measures stand together, in which words; every number is one of ``model.measures``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.language import noted, say, say_name, signed_as_here
from model.measures import BY_NAME, MEASURES, pooled
from model.theory.interaction import CHANNELS, FORGOTTEN, OVERTAKEN, START
from model.theory.practices import DIMENSIONS
from model.theory.support import GOVERNANCE
from model.viewer.charts import Line, bars, lines
from model.viewer.snapshot import Snapshot, comparable
from model.wording import colours
from model.wording.numbers import titled
from model.wording.titles import GOVERNED, LEARNED
from model.wording.units import measured_in

ALL = "*"
"""Community: all of them together."""

_POINTS = 240  # of a line at most
_EXTERNAL = ("labour", "inputs", "information", "market_access")
_JOINT = ("backward", "forward", "bilateral", "multilateral")
_COMPONENTS = {
    "labour": noted("specialised labour"),
    "inputs": noted("local inputs"),
    "information": noted("information"),
    "market_access": noted("market access"),
    "backward": noted("backward, with suppliers"),
    "forward": noted("forward, with buyers"),
    "bilateral": noted("between producers"),
    "multilateral": noted("in associations"),
}


@dataclass(frozen=True, eq=False)
class Past:
    """What a world has been through: tallies of its quarters, at most some hundreds of them."""

    rows: np.ndarray  # (n,) of ``tables.SERIES``, of one community or of all together
    ticks: np.ndarray  # (n,) quarters done at the time
    horizon: int

    def of(self, measure: str) -> np.ndarray:
        """(n,) values of a measure."""
        return BY_NAME[measure].compute(self.rows)

    def now(self, measure: str) -> float:
        """Its latest value; NaN before the first quarter."""
        return (
            float(BY_NAME[measure].compute(self.rows[-1:])[0]) if len(self.rows) else float("nan")
        )


@dataclass(frozen=True)
class Chart:
    """Measures of one unit over time: names, what to call them, colours."""

    title: str
    measures: tuple[tuple[str, str, str], ...]
    top: float | None = None
    bands: bool = False  # between the 10th and the 90th percentile of firms; then half as wide

    def draw(self, pasts: Sequence[Past]) -> str:
        """As SVG; the second of two worlds is dashed."""
        drawn: list[Line] = []
        for number, past in enumerate(pasts):
            for name, label, colour in self.measures:
                said = say_name(label)
                shown = f"{'AB'[number]} {said}".strip() if len(pasts) > 1 else said
                band = self._band(name, past.rows) if self.bands and len(pasts) == 1 else None
                drawn.append(Line(shown, past.of(name), colour, bool(number), band))
        unit = measured_in(BY_NAME[self.measures[0][0]].unit)
        return lines(
            say_name(self.title),
            unit,
            pasts[0].ticks,
            drawn,
            pasts[0].horizon,
            self.top,
            self.bands,
        )

    def _band(self, name: str, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return BY_NAME[f"{name}_p10"].compute(rows), BY_NAME[f"{name}_p90"].compute(rows)


@dataclass(frozen=True)
class Tab:
    """Charts that are looked at together, and a sentence that says what they show."""

    title: str
    why: str
    charts: tuple[Chart, ...]


_UPGRADING = Tab(
    noted("Upgrading"),
    noted(
        "How much of each kind of upgrading the firms have mastered, from 0 absent to 3 high: the mean "
        "firm, and the band from the 10th to the 90th of a hundred firms."
    ),
    (
        *(
            Chart(titled(name), ((name, "", colours.DIMENSION[d]),), 3.0, bands=True)
            for d, name in enumerate(DIMENSIONS)
        ),
        Chart(
            noted("Breadth: firms that stand on rung 1 or above"),
            tuple((f"{n}_breadth_1", n, colours.DIMENSION[d]) for d, n in enumerate(DIMENSIONS)),
            1.0,
        ),
        Chart(
            noted("Breadth: firms that stand on rung 2 or above"),
            tuple((f"{n}_breadth_2", n, colours.DIMENSION[d]) for d, n in enumerate(DIMENSIONS)),
            1.0,
        ),
    ),
)
_CLUSTER = Tab(
    noted("Cluster"),
    noted(
        "Collective efficiency as it is measured in the world: what firms gain by being there (external "
        "economies) and by acting together (joint action)."
    ),
    (
        Chart(
            noted("External economies and joint action"),
            (
                ("external_economies", noted("external"), colours.BLUE),
                ("joint_action", noted("joint"), colours.ORANGE),
            ),
            12.0,
        ),
    ),
)
_CHAINS = Tab(
    noted("Chains"),
    noted(
        "Who sells into value chains, and how these are governed. A firm that supplies two kinds of "
        "chain counts in both."
    ),
    (
        Chart(
            noted("Governance of the chains that firms supply"),
            tuple((f"in_{name}", GOVERNED[name], colours.GOVERNANCE[name]) for name in GOVERNANCE),
            1.0,
        ),
        Chart(
            noted("In a chain, and exporting"),
            (
                ("in_chain", noted("any chain"), colours.INK),
                ("exporters", noted("exporters"), colours.BLUE),
            ),
            1.0,
        ),
    ),
)
_ORDERS = Tab(
    noted("Orders and jobs"),
    noted(
        "What firms sell, at home and abroad, and the jobs that follow; who enters and who closes. Orders "
        "move: a firm that offers more wins them from others."
    ),
    (
        Chart(
            noted("Sales, and what of them is exported"),
            (("sales", noted("all"), colours.INK), ("exports", noted("exports"), colours.BLUE)),
        ),
        Chart(noted("Jobs"), (("workers", noted("workers"), colours.INK),)),
        Chart(noted("Size of a firm"), (("size", noted("workers"), colours.BLUE),)),
        Chart(noted("Small firms in business"), (("firms", noted("firms"), colours.INK),)),
        Chart(
            noted("Founders that are still there"),
            (("survival", noted("founders"), colours.ORANGE),),
            1.0,
        ),
        Chart(
            noted("Where the change of productivity comes from, quarter by quarter"),
            (
                ("productivity_improving", noted("firms improve"), colours.GREEN),
                ("productivity_moving", noted("orders move"), colours.BLUE),
                ("productivity_entry", noted("entrants"), colours.ORANGE),
                ("productivity_exit", noted("closures"), colours.PINK),
            ),
        ),
    ),
)
_FIRMS = Tab(
    noted("Firms"),
    noted(
        "What upgrading brings to firms and workers, and how far firms are apart."
    ),
    (
        Chart(
            noted("Productivity and wages"),
            (("value_added", noted("value added"), colours.BLUE), ("wage", noted("wage"), colours.ORANGE)),
        ),
        Chart(
            noted("Dualism: inequality of what firms master"),
            (("gini", noted("Gini"), colours.PINK),), 1.0,
        ),
        Chart(
            noted("Dualism: productivity beside large firms"),
            (("productivity_gap", noted("small firms"), colours.GREEN),), 1.0,
        ),
        Chart(noted("On the high road: firms that invest in learning"),
              (("high_road", noted("high road"), colours.HIGH_ROAD),), 1.0),
    ),
)  # fmt: skip
_POLICY = Tab(
    noted("Policy"),
    noted(
        "What institutions and instruments cost, whom they reach, and what their visits achieve."
    ),
    (
        Chart(
            noted("Cost of institutions and instruments"),
            (
                ("public_cost", noted("public"), colours.ORANGE),
                ("donor_cost", noted("donors"), colours.GREEN),
                ("private_cost", noted("private"), colours.BLUE),
            ),
        ),
        Chart(
            noted("What firms pay for learning"),
            (
                ("paid_fees", noted("fees"), colours.BLUE),
                ("paid_lessons", noted("lessons"), colours.ORANGE),
                ("paid_projects", noted("part of projects"), colours.GREEN),
                ("paid_meetings", noted("meetings"), colours.PINK),
            ),
        ),
        Chart(
            noted("Members of institutions, and of these or associations"),
            (
                ("reached", noted("institutions"), colours.GREEN),
                ("members", noted("any"), colours.GREY),
            ),
            1.0,
        ),
        Chart(
            noted("Served by staff within a year"),
            (("served", noted("firms"), colours.GREEN),),
            1.0,
        ),
        Chart(noted("Visits by staff"), (("visits", noted("visits"), colours.BLUE),)),
        Chart(
            noted("What a visit teaches"),
            (("lessons_per_visit", noted("practices"), colours.PINK),),
        ),
    ),
)
SOURCES = Tab(
    noted("Sources"),
    noted(
        "From whom firms have learnt since the start: practices mastered, by source and kind of upgrading."
    ),
    (),
)
DIFFERENCE = Tab(
    noted("Difference"),
    noted(
        "World B minus world A, on the same random numbers: every difference comes from the design."
    ),
    (),
)
TABS = (_UPGRADING, _ORDERS, _CLUSTER, _CHAINS, _FIRMS, _POLICY, SOURCES)
_DIFFERENCES = (
    (
        noted("Upgrading scores, B minus A"),
        tuple(zip(DIMENSIONS, DIMENSIONS, colours.DIMENSION, strict=True)),
    ),
    (
        noted("Shares of firms, B minus A"),
        (
            ("product_breadth_2", noted("product rung 2"), colours.ORANGE),
            ("exporters", noted("exporters"), colours.BLUE),
            ("high_road", noted("high road"), colours.GREEN),
        ),
    ),
    (
        noted("Value added and wages, B minus A"),
        (("value_added", noted("value added"), colours.BLUE), ("wage", noted("wage"), colours.ORANGE)),
    ),
    (
        noted("Sales and exports, B minus A"),
        (("sales", noted("sales"), colours.INK), ("exports", noted("exports"), colours.BLUE)),
    ),
    (noted("Jobs, B minus A"), (("workers", noted("workers"), colours.INK),)),
    (noted("Inequality (Gini), B minus A: below 0 is a gain"), (("gini", noted("Gini"), colours.PINK),)),
)  # fmt: skip

_HEADLINE = (
    *((name, name, 2) for name in ("process", "product", "functional")),
    ("workers", noted("jobs"), 0),
    ("wage", noted("wage"), 2),
    ("exports", noted("exports"), 1),
)  # measure, what to call it, decimals


def numbers_csv(worlds: Sequence[Snapshot]) -> str:
    """All measures by quarter, of each community and of all together, as comma-separated values."""
    tables = []
    for letter, world in zip("AB", worlds, strict=False):
        for community in (ALL, *world.names.communities):
            found = past(world, community)
            columns = {"world": letter, "community": community, "quarter": found.ticks}
            measured = {measure.name: found.of(measure.name) for measure in MEASURES}
            tables.append(pd.DataFrame(columns | measured, index=range(len(found.ticks))))
    return pd.concat(tables).to_csv(index=False)


def past(world: Snapshot, community: str = ALL) -> Past:
    """The history of one community, or of all together."""
    names = world.names.communities
    by_quarter = world.series.reshape(world.tick, len(names))
    ticks = np.arange(world.tick)
    if world.tick > _POINTS:
        ticks = np.unique(np.linspace(0, world.tick - 1, _POINTS).astype(int))
    rows = by_quarter[ticks]
    one = names.index(community) if community in names else None
    chosen = pooled(rows.reshape(-1), len(names)) if one is None else rows[:, one]
    return Past(chosen, ticks + 1, world.scenario.run.ticks)


def components(pasts: Sequence[Past]) -> str:
    """The eight components of collective efficiency now, as bars from 0 to 3."""
    rows = []
    for part in (*_EXTERNAL, *_JOINT):
        now = [np.nan_to_num(past.now(f"ce_{part}")) for past in pasts]
        stacks = [[float(v), 0.0] if part in _EXTERNAL else [0.0, float(v)] for v in now]
        rows.append((say_name(_COMPONENTS[part]), stacks))
    pair = (colours.BLUE, colours.ORANGE)
    title = say("The eight components now")
    return bars(title, measured_in("score 0-3"), rows, pair, 3.0, _letters(pasts))


def sources(worlds: Sequence[Snapshot], community: str = ALL) -> str:
    """Practices mastered since the start, by channel, stacked by kind of upgrading."""
    gained = [_gained(world, community) for world in worlds]
    total = np.sum(gained, axis=(0, 1))
    order = [
        c
        for c in np.argsort(-total, kind="stable")
        if total[c] and c not in (START, FORGOTTEN, OVERTAKEN)
    ]
    rows = [(say_name(LEARNED[CHANNELS[c]]), [own[:, c].tolist() for own in gained]) for c in order]
    title, unit = say("Sources of learning"), say("practices mastered")
    return bars(title, unit, rows, colours.DIMENSION, None, _letters(worlds))


def _gained(world: Snapshot, community: str) -> np.ndarray:
    """(n_dimensions, n_channels) practices mastered since the start."""
    names = world.names.communities
    shape = world.tick, len(names), len(DIMENSIONS), len(CHANNELS)
    by_quarter = world.series["gained"].reshape(shape)
    if community in names:
        by_quarter = by_quarter[:, [names.index(community)]]
    return np.asarray(by_quarter.sum(axis=(0, 1)))


def _letters(worlds: Sequence[object]) -> str:
    return "AB" if len(worlds) > 1 else ""


def difference_charts(one: Past, other: Past) -> list[str]:
    """What the design changes, over time."""
    return [
        lines(
            say_name(title),
            measured_in(BY_NAME[measures[0][0]].unit),
            one.ticks,
            [
                Line(say_name(label), other.of(name) - one.of(name), colour)
                for name, label, colour in measures
            ],
            one.horizon,
        )
        for title, measures in _DIFFERENCES
    ]


def headline(one: Snapshot, other: Snapshot, parted: np.ndarray) -> str:
    """The difference in one line."""
    if not one.tick and comparable(one, other):
        return say(
            "Both worlds start from the same firms and share all random numbers. Step or play."
        )
    a, b = past(one), past(other)
    said = ", ".join(
        f"{say_name(name)} {signed_as_here(f'{b.now(measure) - a.now(measure):+,.{places}f}')}"
        for measure, name, places in _HEADLINE
    )
    if comparable(one, other):
        lives = say(
            "The lives of {parted} of {firms} firms have parted.",
            parted=signed_as_here(f"{int((parted >= 0).sum()):,}"),
            firms=signed_as_here(f"{len(parted):,}"),
        )
    else:
        lives = say("The two worlds have different places for firms, so no lives are compared.")
    return say(
        "Quarter {quarter}, B minus A: {differences}. {lives}",
        quarter=one.tick, differences=said, lives=lives,
    )  # fmt: skip
