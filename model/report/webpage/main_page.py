"""The page of the main job: simulated beside scored upgrading, and designs of an institution."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.report.frames import in_order
from model.report.webpage.comparison_page import answer, assumptions, effects_section, pictures
from model.report.webpage.comparison_tables import Tables, table
from model.report.webpage.document import DocumentSection, Grid, Page
from model.report.webpage.page_provenance import command_of, folds, horizon, provenance
from model.wording.numbers import counted, fixed, interval, titled
from model.wording.sentences import small, who

if TYPE_CHECKING:
    import pandas as pd

_FIGURES = {
    "sector_means": "Mean simulated and scored upgrading by sector and dimension, with {level} ranges.",
    "simulated_beside_scored": "Simulated beside scored upgrading of every cluster.",
    "collective_efficiency": "Collective efficiency measured from the simulated world beside the print.",
    "sources_by_sector": "Share of mastered practices by the channel through which they came, by sector.",
}
_DESIGNS = {
    "paths": "How the outcomes move over time, a line a design, with {level} bands.",
    "by_community": "Process upgrading at the end in each community, a mark a design.",
    "who_gains": "Effect of every design on thirds of founders by what they mastered at the start.",
}
_SCORE = "process"
_MEANING = (
    "Budgets are cut until each design spends what the thriftiest one does, so that what is compared "
    "costs the public the same."
)


_SPREAD = (
    "Each design runs several times at each draw of the posterior, on random numbers that all designs "
    "share. So what one "
    "country may find is parted into luck, which no study removes, and doubt about the model's numbers, "
    "which data can."
)
_PLACED = (
    "Each design in each scored cluster, beside the institutions it has, at the same public money a firm: "
    "which is best most "
    "often over draws of the posterior, and what one misses by it on average."
)
_OF_DRAWS = (
    "Intervals of effects hold {level} of draws of the calibrated posterior and of runs; they do not "
    "cover doubt about "
    "the theory. Those of communities and founders are of means over draws."
)


def main_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """The page of a folder that the main job wrote."""
    designs = manifest["designs"] | {"calibrated": manifest["calibrated"]}
    tables, clusters = Tables.read(folder, designs), table(folder, "clusters", needed=True)
    return Page(
        kind="Main job",
        title="Simulated clusters against published scores, and designs of a knowledge institution",
        question="How near does the model come to published scores, and which design upgrades most?",
        answer=[
            *answer(tables, designs),
            manifest["under_uncertainty"],
            _distance(manifest["distance"]),
        ],
        design=[
            ("Clusters", f"{clusters['case'].nunique()}, each run on its own"),
            (
                "Designs",
                f"{len(manifest['designs']['scenarios']) - 1} of one country, and the country without any",
            ),
            ("Horizon of the designs", horizon(designs)),
        ],
        sections=[
            DocumentSection(
                "Simulated beside scored", (), [_sectors(clusters), *pictures(folder, _FIGURES)]
            ),
            effects_section(tables),
            DocumentSection("Luck and doubt", [_SPREAD], [_doubt(folder)]),
            DocumentSection("Cluster by cluster", [_PLACED], [_by_cluster(folder)]),
            DocumentSection("Who gains", _who(tables), [_communities(folder)]),
            DocumentSection("What it costs", [_MEANING], [_money(folder)]),
            DocumentSection("Figures of the designs", (), pictures(folder, _DESIGNS)),
        ],
        assumptions=assumptions(designs, _OF_DRAWS),
        provenance=provenance(designs),
        command=command_of(manifest),
        folds=folds(designs),
    )


def _distance(distance: Mapping[str, Any]) -> str:
    by = ", ".join(f"{name} {fixed(mae, 2)}" for name, mae in distance["by_dimension"].items())
    return (
        f"Over {counted(distance['scores'], 'published score')} (0-3) simulated upgrading is off by "
        f"{fixed(distance['mae'], 2)} on average ({by})."
    )


def _who(tables: Tables) -> list[str]:
    """What each design does to the founders who could do least, and most."""
    arms = in_order(tables.gains, "arm", "arm_title")
    return [said for arm in arms if (said := who(tables.gains, arm, _SCORE))]


def _communities(folder: Path) -> Grid:
    """Effects on one score, a row a design, communities across from the weakest to the foremost."""
    effects = table(folder, "communities", needed=True)
    mine = effects[effects["outcome"] == _SCORE]
    places = in_order(mine, "community", "community_title")
    without = mine.groupby("community")["mean_against"].first()
    rows = [
        [title, *(_text(mine[(mine["arm"] == arm) & (mine["community"] == c)].iloc[0].to_dict())
                  for c in places)]
        for arm, title in in_order(mine, "arm", "arm_title").items()
    ]  # fmt: skip
    heads = [f"{titled(title)} ({fixed(without[c], 2)} without)" for c, title in places.items()]
    return Grid(
        f"Effect on {_SCORE} upgrading, score 0-3, by community, from the weakest to the foremost",
        ["design", *heads], rows, range(1, 1 + len(heads)),
    )  # fmt: skip


def _text(row: dict[str, Any]) -> str:
    said = interval(row["effect"], row["low"], row["high"])
    return f"{said} small" if small(row) else said


def _money(folder: Path) -> Grid:
    frame = table(folder, "money", needed=True)
    rows = [
        [row["arm_title"], fixed(row["public_cost"], 0), f"{fixed(100 * row['of_value_added'], 2)}%",
         fixed(row["a_firm"], 2), fixed(row["a_firm_reached"], 2), fixed(row["private_cost"], 0)]
        for row in frame[frame["public_cost"] > 0].to_dict("records")
    ]  # fmt: skip
    columns = ["design", "public, over the run", "share of value added", "a year and firm",
               "a year and firm reached", "fees and joint investment, over the run"]  # fmt: skip
    return Grid("Money spent, units of account, means over replicates", columns, rows, range(1, 6))


def _doubt(folder: Path) -> Grid:
    """What the spread of each effect is made of, a row an outcome and design."""
    frame = table(folder, "doubt", needed=True)
    rows = [
        [row["outcome_title"], row["arm_title"], interval(row["effect"], row["low"], row["high"]),
         f"{100 * row['numbers']:.0f}%", f"{100 * row['chance']:.0f}%", f"{100 * row['ahead']:.0f}%"]
        for row in frame.to_dict("records")
    ]  # fmt: skip
    columns = ["outcome", "design", "effect", "doubt about numbers", "luck", "ahead of none"]
    return Grid("What the spread of effects is made of", columns, rows, range(2, 6))


def _by_cluster(folder: Path) -> Grid:
    """The design that is best most often in each cluster."""
    frame = table(folder, "by_cluster", needed=True)
    first = frame.loc[frame.groupby("case", sort=False)["best"].idxmax()]
    rows = [
        [row["title"], row["arm_title"], f"{100 * row['best']:.0f}%",
         interval(row["effect"], row["low"], row["high"]), fixed(row["regret"], 3)]
        for row in first.to_dict("records")
    ]  # fmt: skip
    columns = ["cluster", "best most often", "of draws", "effect against none", "regret"]
    return Grid(f"{titled(str(frame['outcome'].iloc[0]))}, by cluster", columns, rows, range(2, 5))


def _sectors(clusters: pd.DataFrame) -> Grid:
    known = clusters.dropna(subset="scored")
    gap = (known["simulated"] - known["scored"]).abs()
    groups = known.assign(gap=gap).groupby(["sector_title", "dimension"], sort=False)
    rows = [
        [str(sector), titled(str(dimension)), fixed(part["simulated"].mean(), 2),
         fixed(part["scored"].mean(), 2), fixed(part["gap"].mean(), 2), str(len(part))]
        for (sector, dimension), part in groups
    ]  # fmt: skip
    columns = ["sector", "dimension", "simulated", "scored", "mean absolute error", "scores"]
    return Grid(
        "Upgrading, score 0-3: means over clusters with a score", columns, rows, range(2, 6)
    )
