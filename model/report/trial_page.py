"""The page of docs on virtual trials: what fell inside, what did not, costs, readings, limits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from model.experiments.trials.trial_file import TrialFile
from model.language import noted, say, signed_as_here
from model.wording.numbers import MISSING, fixed

_SIGNS = {"+": noted("up"), "-": noted("down"), "0": noted("none")}
_SIGNIFICANT = {"+": noted("up, significant"), "-": noted("down, significant")}
_NOT_SIGNIFICANT = {"+": noted("up, not significant"), "-": noted("down, not significant")}


def verdict(outcomes: pd.DataFrame) -> str:
    """One paragraph: how many headline effects fall inside, how many signs come out, and the same of all."""
    first = outcomes.drop_duplicates(["trial", "outcome"])
    heads = first[first["headline"]]
    of_heads = say(
        "Of {n} headline effects {inside} of the {sized} whose size was seen fall inside the simulated "
        "distribution; {right} of {signed} signs come out as published in most simulated studies.",
        **_counts(heads),
    )
    of_all = say(
        "Of all {n} outcomes {inside} of the {sized} whose size was seen fall inside the simulated "
        "distribution; {right} of {signed} signs come out as published in most simulated studies.",
        **_counts(first),
    )
    return f"{of_heads} {of_all}"


def _counts(rows: pd.DataFrame) -> dict[str, int]:
    sized = [value for value in rows["inside"] if value is not None]
    signed = [value for value in rows["sign_right"] if value is not None]
    return {
        "n": len(rows),
        "inside": sum(sized),
        "sized": len(sized),
        "right": sum(signed),
        "signed": len(signed),
    }


def trial_page(
    trials: Mapping[str, TrialFile],
    outcomes: pd.DataFrame,
    arms: pd.DataFrame,
    command: str,
    effort: str,
    image: str,
) -> str:
    """The page as Markdown; ``effort`` says how many seeds and draws, ``image`` where the figure is."""
    lines = [
        "# Published programmes, replayed",
        "",
        f"Made by `{command}`; don't edit by hand.",
        "",
        "Each file of `scenarios/trials/` is a published study: the firms that were asked, how lots were "
        "drawn, what each arm was given, when firms were asked again, the estimator, and what was "
        f"found. {effort} In each simulated study lots are drawn anew, the estimator of the study (by "
        "statsmodels) is applied to the firms of the study, and its estimate is kept. *Low to high* holds "
        "95% of these estimates, the *sampling distribution*; a published effect is *inside* if its range "
        "and this one overlap. *Sign* and *significant* are the shares of simulated studies in which "
        "they come out as published (5%, two-sided); a study whose estimate cannot be formed counts as not. "
        "The *true effect* is what the firms of the study have if all of them are treated, less what the "
        "same firms have on the same random numbers if none is: what spills over is in it, luck is not. "
        "*Controls got* is what firms of the other arm gained or lost because the rest was treated.",
        "",
        f"**{verdict(outcomes)}**",
        "",
        "Nothing was tuned to a study here. What is inside a wide distribution is not confirmed: with "
        "fifty firms an arm luck is large. What was not seen of a study stays empty; no standard error of "
        "any was seen.",
        "",
        f"![All trials side by side]({image})",
        "",
        "## Which judge, and which were used to set something",
        "",
        "| study | used to set |",
        "| --- | --- |",
        *(
            f"| {trial.title} | {trial.used_to_set or 'nothing: only judges'} |"
            for trial in trials.values()
        ),
        "",
    ]
    for name, trial in trials.items():
        lines += _study(
            name, trial, outcomes[outcomes["trial"] == name], arms[arms["trial"] == name]
        )
    return "\n".join([*lines, *_OWN]).rstrip() + "\n"


_OWN = (
    "## A study of your own",
    "",
    "Copy the file that is most like it; no code is needed. `uv run run.py check FILE` says what is wrong, a "
    "line a fault; `uv run run.py schema trial` prints every key; `uv run run.py trials FILE` replays it; "
    "`--set arms.groups.doses.staff.hours=60` changes a key.",
    "",
    "| table | what it says |",
    "| --- | --- |",
    "| `title`, `source`, `readings`, `out_of_scope`, `used_to_set` | where it comes from, what was filled "
    "in, what the model can't show, what was set with it in view |",
    "| `[world]` | a scenario as any other; institutions and instruments that arms name stay shut until the "
    "study begins |",
    "| `[pool]` | the quarter in which firms are drawn, where, of what size and capability, exporting or "
    "not; `assigned` by lot, the ablest, or those who want to learn; lots by community |",
    "| `[arms.NAME]` | how many firms; the share that takes the offer up and who that is; `doses`, hours of "
    "staff by institution; `order`, a first order of a chain; `teaches`, a practice that nobody has; "
    "`instruments` at work because of it |",
    "| `[outcomes.NAME]` | what is measured of a firm, which arm against which, in which quarters after the "
    "start, by which estimator, in which unit, closed firms left out or zero |",
    "| `[outcomes.NAME.published]` | the effect or its range, sign, whether it was significant (left out if "
    "not known), where it was seen, the chance that it is right |",
    "| `[sweep]` | a key of the file that nobody knows, with values to try; the middle one stands for the "
    "study |",
    "",
    "Every institution that arms name gives each member the same hours on average, so arms with "
    "different hours need institutions of their own. `trials.csv` (a row an outcome) and `arms.csv` stand "
    "in the folder of results; columns are told in `model/experiments/trials/judgement.py`. Finished studies "
    "are kept beside it, so that the same command goes on after an interruption; what was "
    "published is no part of a study's key.",
)


def linked(source: str) -> str:
    """A source with its ``doi:...`` as links."""
    return re.sub(r"\bdoi:([^\s;,]+)", r"[doi:\1](https://doi.org/\1)", source)


def _study(
    name: str, trial: TrialFile, outcomes: pd.DataFrame, arms: pd.DataFrame
) -> Iterator[str]:
    source = linked(trial.source)
    yield from (f"## {trial.title}", "", f"`scenarios/trials/{name}.toml`. {source}.", "")
    for word, text in (("Our readings", trial.readings), ("Out of scope", trial.out_of_scope)):
        if text:
            yield from (f"{word}: {text}.", "")
    for variant, part in outcomes.groupby("variant", sort=False):
        if variant:
            key = next(iter(trial.sweep))
            yield from (f"With `{key} = {variant}`:", "")
        yield from (
            "| outcome | published | provenance | low to high | inside | sign | significant | true effect | "
            "controls got |",
            "| --- | ---: | --- | ---: | --- | ---: | ---: | ---: | ---: |",
        )
        for row in part.to_dict("records"):
            yield "| " + " | ".join(_cells(trial, row)) + " |"
        yield ""
    yield from (
        "| arm | firms | take it up | staff hours a taker | units of account a taker | published |",
    )
    yield "| --- | ---: | ---: | ---: | ---: | --- |"
    for row in arms.drop_duplicates("arm").to_dict("records"):
        title = trial.arms[row["arm"]].title or str(row["arm"]).replace("_", " ")
        numbers = [fixed(row[key], places) for key, places in _COSTS]
        yield "| " + " | ".join([title, *numbers, row["published_cost"]]) + " |"
    yield ""


_COSTS = (("firms", 0), ("takers", 0), ("hours", 0), ("money", 1))


def _cells(trial: TrialFile, row: Mapping[str, Any]) -> list[str]:
    outcome = trial.outcomes[row["outcome"]]
    title = outcome.title or str(row["outcome"]).replace("_", " ")
    inside = MISSING if row["inside"] is None else "yes" if row["inside"] else "no"
    return [
        f"**{title}**" if row["headline"] else title,
        published_words(row),
        f"{row['provenance']} ({row['confidence']:g})",
        f"{fixed(row['low'], 3)} to {fixed(row['high'], 3)}",
        inside,
        fixed(row["sign_as_published"], 2),
        fixed(row["significance_as_published"], 2),
        fixed(row["true"], 3),
        fixed(row["spillover"], 3),
    ]


def published_words(row: Mapping[str, Any]) -> str:
    """What was published of an outcome, in a few characters."""
    if np.isfinite(row["published_low"]):
        low, high = row["published_low"], row["published_high"]
        if low == high:
            return _as_printed(low)
        return say("{low} to {high}", low=_as_printed(low), high=_as_printed(high))
    sign, known = row["published_sign"], row["published_significant"]
    if known is None or sign == "0":
        return say(_SIGNS[sign])
    return say((_SIGNIFICANT if known else _NOT_SIGNIFICANT)[sign])


def _as_printed(value: float) -> str:
    return signed_as_here(f"{value:g}")
