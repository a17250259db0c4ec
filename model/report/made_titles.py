"""Titles that the program makes, in the language spoken.

Tables are in English. Where a file gives no title, what they call an outcome, an arm made from factors, a
level or a condition is made by the program. It is made again here from the file that the manifest keeps;
titles that a file gives stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from model.experiments.crossed import level_titles
from model.experiments.experiment import ArmOutcome, ExperimentFile
from model.experiments.factors import Factor
from model.experiments.outcomes import Outcome
from model.experiments.search.search_file import Aim
from model.experiments.sensitivity.conditions import said_again
from model.experiments.sensitivity.study import SensitivityFile
from model.experiments.sensitivity.tornado import settings
from model.language import ENGLISH, speaking, spoken
from model.wording.numbers import titled

if TYPE_CHECKING:
    import pandas as pd

Titles = dict[tuple[str, ...], str]
"""What is made, by what the columns say that tell of it."""
_TOLD_BY = {
    "outcome_title": ("outcome",),
    "arm_title": ("arm",),
    "against_title": ("against",),
    "level": ("factor", "level"),
    "with_level": ("with_factor", "with_level"),
    "setting": ("factor", "setting"),
    "conditions": ("conditions",),
}
"""Column that holds titles -> the columns that tell of what."""


def in_words(frame: pd.DataFrame, manifest: Mapping[str, Any]) -> pd.DataFrame:
    """A table of a result with the titles that the program makes in the language spoken."""
    if spoken() == ENGLISH or frame.empty:
        return frame
    for title, told_by in _TOLD_BY.items():
        if title in frame and set(told_by) <= set(frame):
            made = _made(title, frame, manifest)
            keys = zip(*(frame[name].astype(str) for name in told_by), strict=True)
            words = [made.get(key, old) for key, old in zip(keys, frame[title], strict=True)]
            frame = frame.assign(**{title: words})
    return frame


def outcome_said(name: str, otherwise: str, manifest: Mapping[str, Any]) -> str:
    """What an outcome of a study is called where its level is meant, in the language spoken."""
    asked = manifest["sensitivity"]["outcomes"]
    known = {each.name: each.said for each in map(Outcome.model_validate, asked)}
    return known.get(name, otherwise)


def arms_said(manifest: Mapping[str, Any]) -> dict[str, str]:
    """What the arms of a comparison are called in the language spoken; none of anything else."""
    listed = manifest.get("experiment", {}).get("arms", {})
    crossed = {arm: said for (arm,), said in _arms(manifest).items()}
    return {name: each["title"] or titled(name) for name, each in listed.items()} | crossed


def levels_said(points: pd.DataFrame, manifest: Mapping[str, Any]) -> pd.DataFrame:
    """Points of a study, a column a factor, with levels as they are called in the language spoken."""
    if spoken() == ENGLISH:
        return points
    for (factor, level), said in _levels(manifest).items():
        if level != said:
            points[factor] = points[factor].replace(level, said)
    return points


def _made(title: str, frame: pd.DataFrame, manifest: Mapping[str, Any]) -> Titles:
    try:
        if title == "conditions":
            return _conditions(frame, manifest)
        return _MADE[title](manifest)
    except ValidationError:  # a file with keys that have moved since
        return {}


def _outcomes(manifest: Mapping[str, Any]) -> Titles:
    if "sensitivity" in manifest:
        study = SensitivityFile.model_validate(manifest["sensitivity"])
        return {(outcome.name,): study.said_of(outcome) for outcome in study.outcomes}
    if "search" in manifest:
        aims = [Aim.model_validate(each) for each in manifest["search"]["aims"]]
        return {(aim.name,): aim.said for aim in aims}
    asked = manifest.get("experiment", {}).get("outcomes", ())
    outcomes = [ArmOutcome.model_validate(each) for each in asked]
    return {(outcome.name,): outcome.said for outcome in outcomes}


def _arms(manifest: Mapping[str, Any]) -> Titles:
    asked = manifest.get("experiment", {})
    if not asked.get("factors"):
        return {}
    spec = ExperimentFile.model_validate(asked)
    return {(arm,): spec.said_of(row) for arm, row in spec.combinations().items()}


def _levels(manifest: Mapping[str, Any]) -> Titles:
    """By factor and what tables call the level."""
    if "sensitivity" in manifest:
        vary = _factors(manifest["sensitivity"]["vary"])
        moves = [(name, value) for name, factor in vary.items() for value in settings(factor)]
        return _said_of(lambda: {move: vary[move[0]].title_of(move[1]) for move in moves})
    crossed = _factors(manifest.get("experiment", {}).get("factors", {}))
    return _said_of(lambda: level_titles(crossed))


def _factors(asked: Mapping[str, Any]) -> dict[str, Factor]:
    return {name: Factor.model_validate(each) for name, each in asked.items()}


def _said_of(titles: Callable[[], dict[tuple[str, Any], str]]) -> Titles:
    said = titles()
    with speaking(ENGLISH):
        known = titles()
    return {(name, known[name, value]): title for (name, value), title in said.items()}


def _conditions(frame: pd.DataFrame, manifest: Mapping[str, Any]) -> Titles:
    study = SensitivityFile.model_validate(manifest["sensitivity"])
    factors = {study.title_of(name): factor for name, factor in study.vary.items()}
    levels = {level: said for (_, level), said in _levels(manifest).items()}
    texts = frame["conditions"].astype(str).unique()
    return {(text,): said_again(text, factors, levels) for text in texts}


_MADE = {
    "outcome_title": _outcomes,
    "arm_title": _arms,
    "against_title": _arms,
    "level": _levels,
    "with_level": _levels,
    "setting": _levels,
}
