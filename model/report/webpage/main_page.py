"""The page of the main job: simulated beside scored upgrading, and designs of an institution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.language import noted, say, say_name
from model.report.frames import in_language, in_order
from model.report.webpage.comparison_answer import answer
from model.report.webpage.comparison_page import assumptions, effects_section, pictures
from model.report.webpage.comparison_tables import Tables, table
from model.report.webpage.document import DocumentSection, Grid, Page
from model.report.webpage.page_provenance import command_of, folds, horizon, provenance
from model.wording.numbers import counted, fixed, interval, percent, titled
from model.wording.policy_sentence import policy_sentence
from model.wording.sentences import small, who

if TYPE_CHECKING:
    import pandas as pd

_FIGURES = {
    "sector_means": noted(
        "Mean simulated and scored upgrading by sector and dimension, with {level} ranges."
    ),
    "simulated_beside_scored": noted("Simulated beside scored upgrading of every cluster."),
    "collective_efficiency": noted(
        "Collective efficiency measured from the simulated world beside the print."
    ),
    "sources_by_sector": noted(
        "Share of mastered practices by the channel through which they came, by sector."
    ),
}
_DESIGNS = {
    "paths": noted("How the outcomes move over time, a line a design, with {level} bands."),
    "by_community": noted("Process upgrading at the end in each community, a mark a design."),
    "who_gains": noted(
        "Effect of every design on thirds of founders by what they mastered at the start."
    ),
}
_SCORE = "process"
_MEANING = noted(
    "Budgets are cut until each design spends what the thriftiest one does, so that what is compared "
    "costs the public the same."
)
_SPREAD = noted(
    "Each design runs several times at each draw of the posterior, on random numbers that all designs "
    "share. So what one country may find is parted into luck, which no study removes, and doubt about the "
    "model's numbers, which data can reduce."
)
_PLACED = noted(
    "Each design in each scored cluster, beside the institutions it has, at the same public money a firm: "
    "which is best most often over draws of the posterior, and what one misses by it on average."
)
OF_DRAWS = noted(
    "Intervals of effects hold {level} of draws of the calibrated posterior and of runs; they do not cover "
    "doubt about the theory. Those of communities and founders are of means over draws."
)
_OF_DESIGNS = noted("{n} of one country, and the country without any")


def main_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """The page of a folder that the main job wrote."""
    designs = manifest["designs"] | {"calibrated": manifest["calibrated"]}
    tables = tables_of_main(folder, designs)
    clusters = in_language(table(folder, "clusters", needed=True))
    return Page(
        kind=say("Main job"),
        title=say(
            "Simulated clusters against published scores, and designs of a knowledge institution"
        ),
        question=say(
            "How near does the model come to published scores, and which design upgrades most?"
        ),
        answer=[
            *answer(tables, designs),
            said_of_policy(manifest),
            _distance(manifest["distance"]),
        ],
        design=[
            (say("Clusters"), say("{n}, each run on its own", n=clusters["case"].nunique())),
            (say("Designs"), say(_OF_DESIGNS, n=len(manifest["designs"]["scenarios"]) - 1)),
            (say("Horizon of the designs"), horizon(designs)),
        ],
        sections=[
            DocumentSection(
                say("Simulated beside scored"),
                (),
                [_sectors(clusters), *pictures(folder, _FIGURES)],
            ),
            effects_section(tables),
            DocumentSection(say("Luck and doubt"), [say(_SPREAD)], [_doubt(folder)]),
            DocumentSection(say("Cluster by cluster"), [say(_PLACED)], [_by_cluster(folder)]),
            DocumentSection(say("Who gains"), _who(tables), [_communities(folder)]),
            DocumentSection(say("What it costs"), [say(_MEANING)], [_money(folder)]),
            DocumentSection(say("Figures of the designs"), (), pictures(folder, _DESIGNS)),
        ],
        assumptions=assumptions(designs, OF_DRAWS),
        provenance=provenance(designs),
        command=command_of(manifest),
        folds=folds(designs),
    )


def tables_of_main(folder: Path, designs: Mapping[str, Any]) -> Tables:
    """The tables of the designs, their titles in the language spoken."""
    tables = Tables.read(folder, designs)
    names = ("effects", "ranking", "gains", "factors", "regret")
    return replace(tables, **{name: in_language(getattr(tables, name)) for name in names})


def said_of_policy(manifest: Mapping[str, Any]) -> str:
    """The sentence on two designs over draws of the posterior."""
    return policy_sentence(manifest["policy"])


def _distance(distance: Mapping[str, Any]) -> str:
    by = ", ".join(
        f"{say_name(titled(name)).lower()} {fixed(mae, 2)}"
        for name, mae in distance["by_dimension"].items()
    )
    return say(
        "Over {scores} (0-3) simulated upgrading is off by {error} on average ({by_dimension}).",
        scores=counted(distance["scores"], "published score"),
        error=fixed(distance["mae"], 2),
        by_dimension=by,
    )


def _who(tables: Tables) -> list[str]:
    """What each design does to the founders who could do least, and most."""
    arms = in_order(tables.gains, "arm", "arm_title")
    return [said for arm in arms if (said := who(tables.gains, arm, _SCORE))]


def _communities(folder: Path) -> Grid:
    """Effects on one score, a row a design, communities across from the weakest to the foremost."""
    effects = in_language(table(folder, "communities", needed=True))
    mine = effects[effects["outcome"] == _SCORE]
    places = in_order(mine, "community", "community_title")
    without = mine.groupby("community")["mean_against"].first()
    rows = [
        [title, *(_text(mine[(mine["arm"] == arm) & (mine["community"] == c)].iloc[0].to_dict())
                  for c in places)]
        for arm, title in in_order(mine, "arm", "arm_title").items()
    ]  # fmt: skip
    heads = [
        say("{place} ({level} without)", place=titled(title), level=fixed(without[c], 2))
        for c, title in places.items()
    ]
    caption = say(
        "Effect on {measure} upgrading, score 0-3, by community, from the weakest to the foremost",
        measure=say_name(titled(_SCORE)).lower(),
    )
    return Grid(caption, [say("design"), *heads], rows, range(1, 1 + len(heads)))


def _text(row: dict[str, Any]) -> str:
    said = interval(row["effect"], row["low"], row["high"])
    return f"{said} {say('small')}" if small(row) else said


def _money(folder: Path) -> Grid:
    frame = in_language(table(folder, "money", needed=True))
    rows = [
        [row["arm_title"], fixed(row["public_cost"], 0), f"{fixed(100 * row['of_value_added'], 2)}%",
         fixed(row["a_firm"], 2), fixed(row["a_firm_reached"], 2), fixed(row["private_cost"], 0)]
        for row in frame[frame["public_cost"] > 0].to_dict("records")
    ]  # fmt: skip
    columns = [say("design"), say("public, over the run"), say("share of value added"),
               say("a year and firm"), say("a year and firm reached"),
               say("fees and joint investment, over the run")]  # fmt: skip
    caption = say("Money spent, units of account, means over replicates")
    return Grid(caption, columns, rows, range(1, 6))


def _doubt(folder: Path) -> Grid:
    """What the spread of each effect is made of, a row an outcome and design."""
    frame = in_language(table(folder, "doubt", needed=True))
    rows = [
        [row["outcome_title"], row["arm_title"], interval(row["effect"], row["low"], row["high"]),
         percent(row["numbers"]), percent(row["chance"]), percent(row["ahead"])]
        for row in frame.to_dict("records")
    ]  # fmt: skip
    columns = [say("outcome"), say("design"), say("effect"), say("doubt about numbers"), say("luck"),
               say("ahead of none")]  # fmt: skip
    return Grid(say("What the spread of effects is made of"), columns, rows, range(2, 6))


def _by_cluster(folder: Path) -> Grid:
    """The design that is best most often in each cluster."""
    frame = in_language(table(folder, "by_cluster", needed=True))
    first = frame.loc[frame.groupby("case", sort=False)["best"].idxmax()]
    rows = [
        [row["title"], row["arm_title"], percent(row["best"]),
         interval(row["effect"], row["low"], row["high"]), fixed(row["regret"], 3)]
        for row in first.to_dict("records")
    ]  # fmt: skip
    columns = [say("cluster"), say("best most often"), say("of draws"), say("effect against none"),
               say("regret")]  # fmt: skip
    outcome = say_name(titled(str(frame["outcome"].iloc[0])))
    return Grid(say("{outcome}, by cluster", outcome=outcome), columns, rows, range(2, 5))


def _sectors(clusters: pd.DataFrame) -> Grid:
    known = clusters.dropna(subset="scored")
    gap = (known["simulated"] - known["scored"]).abs()
    groups = known.assign(gap=gap).groupby(["sector_title", "dimension"], sort=False)
    rows = [
        [str(sector), say_name(titled(str(dimension))), fixed(part["simulated"].mean(), 2),
         fixed(part["scored"].mean(), 2), fixed(part["gap"].mean(), 2), str(len(part))]
        for (sector, dimension), part in groups
    ]  # fmt: skip
    columns = [say("sector"), say("dimension"), say("simulated"), say("scored"),
               say("mean absolute error"), say("scores")]  # fmt: skip
    caption = say("Upgrading, score 0-3: means over clusters with a score")
    return Grid(caption, columns, rows, range(2, 6))
