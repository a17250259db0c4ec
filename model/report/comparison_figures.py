"""The figures of a comparison, made from the files of its folder: in any language, at any time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.language import say
from model.records.result_files import read_parquet, read_table
from model.report.effect_figures import (
    by_community,
    factor_effects,
    paths,
    policy_effects,
    who_gains,
)
from model.report.frames import in_order, last_quarter, series_of
from model.report.learning_figures import sources_of_learning
from model.report.made_titles import in_words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

SHOWN = ("process", "product", "functional", "wage")
"""Measures that are shown over time."""
COMMUNITY = "product"
"""The measure that is shown by community."""
_LINES = 6  # alternatives beside the baseline that a figure of lines can tell apart


def figures(folder: Path, manifest: Mapping[str, Any]) -> dict[str, Callable[[], Figure]]:
    """How each figure is made, by name; some need records in full, which are not always kept."""

    def read(name: str) -> pd.DataFrame:
        return in_words(read_table(folder, name), manifest)

    effects, asked = read("effects"), manifest["experiment"]
    titles = titles_of(effects, manifest)
    shown, note = _shown(folder, effects, titles, asked)
    made: dict[str, Callable[[], Figure]] = {
        "policy_effects": lambda: policy_effects(effects, question=asked["question"]),
        "who_gains": lambda: who_gains(_of_shown(read("gains"), "arm", shown), note),
    }
    if (folder / "factors.csv").exists():
        made["factors"] = lambda: factor_effects(read("factors"), question=asked["question"])
    if not (folder / "series.parquet").exists():
        return made

    def kept(name: str, measures: Sequence[str]) -> pd.DataFrame:
        return _of_shown(series_of(folder, name, measures), "scenario", shown)

    places = community_titles(manifest["scenarios"])
    return made | {
        "paths": lambda: paths(kept("country", SHOWN), SHOWN, shown, note=note),
        "by_community": lambda: by_community(
            last_quarter(kept("series", [COMMUNITY])).replace({"community": places}),
            COMMUNITY,
            shown,
            note,
        ),
        "sources_of_learning": lambda: sources_of_learning(
            read_parquet(folder, "learning"), titles
        ),
    }


def _of_shown(frame: pd.DataFrame, column: str, shown: Mapping[str, str]) -> pd.DataFrame:
    return frame[frame[column].isin(list(shown))]


def titles_of(effects: pd.DataFrame, manifest: Mapping[str, Any]) -> dict[str, str]:
    """All arms with their titles, the baseline among them, in the order of the file."""
    known = in_order(effects, "against", "against_title") | in_order(effects, "arm", "arm_title")
    return {arm: known[arm] for arm in manifest["scenarios"]}


def community_titles(scenarios: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Communities with what to call them; those whose title another has keep their key."""
    named = {
        key: community["title"] or key
        for scenario in scenarios.values()
        for key, community in scenario["communities"].items()
    }
    often = Counter(named.values())
    return {key: title if often[title] == 1 else key for key, title in named.items()}


def _shown(
    folder: Path, effects: pd.DataFrame, titles: dict[str, str], asked: Mapping[str, Any]
) -> tuple[dict[str, str], str]:
    """The arms that figures of many lines show, with titles, and what to say if not all."""
    if len(titles) <= _LINES + 1:
        return titles, ""
    outcome = asked["primary"] or effects["outcome"].iloc[0]
    about = effects[effects["outcome"] == outcome].iloc[0]
    ranking = read_table(folder, "ranking")
    of_first = ranking[ranking["outcome"] == outcome]
    order = of_first.sort_values("mean", ascending=about["better"] == "lower", kind="stable")["arm"]
    chosen = {asked["baseline"], *[arm for arm in order if arm != asked["baseline"]][:_LINES]}
    note = say(
        "Shown: the {n} best of {all} alternatives by {outcome}.",
        n=_LINES,
        all=len(titles),
        outcome=about["outcome_title"],
    )
    return {arm: title for arm, title in titles.items() if arm in chosen}, note
