"""The page on rival theories: Markdown and a figure made from the contest, every number in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from calibration.evidence.rival_views import WHOLE
from calibration.validation.information_gain import __doc__ as GAIN  # noqa: N812
from model.experiments.search.rival_view import RivalView
from model.report.style import SMALL, colour, in_style, mark, page, rows
from model.wording.colours import FAINT
from model.wording.numbers import between, fixed

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class RivalFindings:
    """What the contest found; frames are described where they are made."""

    views: Mapping[str, RivalView]
    weights: pd.DataFrame  # rival_contest.weights_table
    margins: pd.DataFrame  # rival_contest.rival_margins
    gains: pd.DataFrame  # information_gain.gains_table
    by_cluster: pd.DataFrame  # case, title, best (view), and the log density of each view
    points: int
    effort: str
    seed: int

    def facts(self) -> dict[str, Any]:
        """The line for scripts."""
        most = self.gains[self.gains["clusters"] == self.gains["clusters"].max()]
        return {
            "weights": {
                str(row["view"]): round(float(row["weight"]), 4)
                for row in self.weights.to_dict("records")
            },
            "margins": {
                f"{row['view']} - {row['against']}": [round(row["low"], 4), round(row["high"], 4)]
                for row in self.margins.to_dict("records")
            },
            "gains": {
                str(row["name"]): round(float(row["bits"]), 4) for row in most.to_dict("records")
            },
        }


def rivals_markdown(found: RivalFindings, figures: str = "images") -> str:
    """The page; ``figures`` is the folder of the picture as seen from it."""
    parts = (_head(found), _contest(found, figures), _pairs(found), _clusters(found), _data(found))
    return "\n".join("\n".join(part) + "\n" for part in parts)


def _head(found: RivalFindings) -> Iterator[str]:
    yield "# Rival theories in one contest"
    yield ""
    yield "<!-- Written by `uv run run.py rivals` from its results. Do not edit: run it again. -->"
    yield (
        f"Generated from results by `uv run run.py rivals` (effort: {found.effort}, seed {found.seed}). "
        f"Each rival "
        "is the model with some mechanisms put to their neutral case "
        "(`calibration/data/rival_views.toml`), calibrated "
        f"anew on {found.points} points with the same free numbers and the same evidence, and scored on "
        f"clusters that it has not seen. Table 2 takes no part: it measures a cause, not what came of it."
    )
    yield ""
    yield "| view | claim | neutral | source |"
    yield "| --- | --- | --- | --- |"
    for view in found.views.values():
        off = ", ".join(view.neutral) or "nothing"
        off += "; collective efficiency alike everywhere" if view.alike else ""
        yield f"| {view.title} | {view.claim} | {off} | {view.source} |"


def _contest(found: RivalFindings, figures: str) -> Iterator[str]:
    yield "## Who predicts clusters left out"
    yield ""
    table = found.weights
    best = table.loc[table["weight"].idxmax()]
    sure = [
        row for row in found.margins.to_dict("records") if row["low"] > 0 or row["high"] < 0
    ]  # fmt: skip
    yield (
        f"Most weight goes to {best['title']} ({fixed(best['weight'], 2)}, 95% interval "
        f"{fixed(best['weight_low'], 2)} to {fixed(best['weight_high'], 2)}). {len(sure)} of "
        f"{len(found.margins)} pairs of rivals are told apart by the scores, their intervals being clear "
        f"of zero."
    )
    yield ""
    yield (
        "Weight: stacking of predictive densities, one cluster left out, with 95% over resampled "
        "clusters. Log density: of all scores of a cluster together, mean over clusters. Error: of the "
        "predictive median. CRPS: continuous ranked probability score. Coverage: of the central 90% interval."
    )
    yield ""
    yield "| view | weight | log density | error | CRPS | coverage |"
    yield "| --- | --: | --: | --: | --: | --: |"
    for row in table.to_dict("records"):
        weight = f"{fixed(row['weight'], 2)} ({between(row['weight_low'], row['weight_high'], 2)})"
        yield (
            f"| {row['title']} | {weight} | {fixed(row['log_density'], 3)} | {row['mae']:.3f} | "
            f"{row['crps']:.3f} | "
            f"{row['coverage90']:.2f} |"
        )
    yield ""
    yield f"![Rival theories]({figures}/rivals.png)"
    whole = table[table["view"] == WHOLE]
    if len(whole) and float(whole["weight"].iloc[0]) < float(best["weight"]):
        yield ""
        yield (
            "The whole does not predict clusters left out best: what it adds to the leading view does not "
            "show in these scores."
        )


def _pairs(found: RivalFindings) -> Iterator[str]:
    titles = {name: view.title for name, view in found.views.items()}
    yield "## Pair by pair"
    yield ""
    yield (
        "Difference of log density a cluster, mean over clusters, with 95% over resampled clusters; above "
        "zero the first predicts better. Ahead: clusters in which it does."
    )
    yield ""
    yield "| first | second | difference | ahead |"
    yield "| --- | --- | --: | --: |"
    for row in found.margins.to_dict("records"):
        yield (
            f"| {titles[row['view']]} | {titles[row['against']]} | {fixed(row['log_density'], 3)} "
            f"({fixed(row['low'], 3)} to {fixed(row['high'], 3)}) | {row['ahead']} of {row['clusters']} |"
        )


def _clusters(found: RivalFindings) -> Iterator[str]:
    names = list(found.views)
    yield "## Cluster by cluster"
    yield ""
    yield "Log density of a cluster's scores by each view, the cluster left out; bold: the best."
    yield ""
    yield "| cluster | " + " | ".join(found.views[name].title for name in names) + " |"
    yield "| --- " + "| --: " * len(names) + "|"
    for row in found.by_cluster.to_dict("records"):
        cells = [
            f"**{fixed(row[name], 2)}**" if name == row["best"] else fixed(row[name], 2)
            for name in names
        ]
        yield f"| {row['title']} | {' | '.join(cells)} |"


def _data(found: RivalFindings) -> Iterator[str]:
    yield "## What to collect next"
    yield ""
    table = found.gains
    sizes = sorted({int(size) for size in table["clusters"]})
    most = float(table["most"].iloc[0])
    last = table[table["clusters"] == sizes[-1]].sort_values("bits", ascending=False, kind="stable")
    first = last.iloc[0]
    yield (
        f"Expected bits about which of {len(found.views)} rivals is right, all being equally likely before; "
        f"{fixed(most, 1)} bits decide. {first['title']} tells most with {sizes[-1]} clusters "
        f"({fixed(first['bits'], 2)} bits)."
    )
    yield ""
    yield (
        "| datum | "
        + " | ".join(f"{n} cluster{'s' * (n > 1)}" for n in sizes)
        + " | as collected |"
    )
    yield "| --- " + "| --: " * len(sizes) + "| --- |"
    for title in last["title"]:
        part = table[table["title"] == title].set_index("clusters")
        cells = [fixed(float(part.loc[size, "bits"]), 2) for size in sizes]
        yield f"| {title} | {' | '.join(cells)} | {part['reason'].iloc[0]} |"
    yield ""
    assert GAIN is not None
    yield GAIN.split("\n\n")[3].strip().replace("\n", " ")


@in_style()
def rivals_figure(found: RivalFindings) -> Figure:
    """Weights with their intervals, and what further data would tell."""
    figure = page(
        8.0, 2.6,
        "Rival theories of upgrading",
        "Left: weight of each in predicting clusters left out. Right: what a further datum would tell of "
        "which is right",
        "Weights: stacking, with central 95% over resampled clusters. Gain: expected bits, all rivals "
        "being equally likely before; the top of the panel decides.",
    )  # fmt: skip
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.1))
    table = found.weights
    rows(left, list(table["title"]), SMALL)
    at = np.arange(len(table))
    left.hlines(at, table["weight_low"], table["weight_high"], color=colour(1), linewidth=1.4)
    left.plot(table["weight"], at, mark(1), color=colour(1), markersize=5, linestyle="none")
    left.set_xlim(-0.03, 1.03)
    left.set_title("Weight")
    sizes = sorted(found.gains["clusters"].unique())
    for order, (title, part) in enumerate(found.gains.groupby("title", sort=False)):
        bits = part.set_index("clusters").loc[sizes, "bits"]
        right.plot(range(len(sizes)), bits, mark(order), color=colour(order), markersize=4,
                   linestyle="-", linewidth=1.0, label=str(title))  # fmt: skip
    right.axhline(float(found.gains["most"].iloc[0]), color=FAINT, linewidth=0.8, linestyle=":")
    right.set_xticks(range(len(sizes)), [str(size) for size in sizes])
    right.set_xlabel("clusters")
    right.set_ylim(-0.05, 1.06 * float(found.gains["most"].iloc[0]))
    right.set_title("Expected information gain, bits")
    right.legend(fontsize=6, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure
