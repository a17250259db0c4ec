"""The items of the sheet, asked one after the other on the terminal; Enter leaves one out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from calibration.survey.sheet_cells import Place, read_cell
from calibration.survey.sheet_items import CHAINS, CLUSTER, Item
from calibration.survey.survey_answers import Answer, Answers, complete
from model.scenario.faults import InputError

_PLACE = Place(Path("answer"))
Ask = Callable[[str], str]
Say = Callable[[str], None]


def interview(ask: Ask, tell: Say) -> Answers:
    """Ask for a cluster and its chains; an answer that can't be is told why, and asked again."""
    answers = Answers()
    tell("Enter leaves an answer out; its keys then stay at their default.")
    for item in CLUSTER:
        if item.key == "industry" and "sector" in answers.given:
            continue
        if (value := _asked(item, ask, tell, _needed(item, answers))) is not None:
            answers.given[item.key] = Answer(value, "answered")
    tell(
        "The chains that it sells into, one after the other; Enter at the first question ends them."
    )
    while True:
        title = _asked(CHAINS[0], ask, tell, needed=False)
        if title is None:
            break
        row = {"title": Answer(title, "answered")}
        for item in CHAINS[1:]:
            row[item.key] = Answer(_asked(item, ask, tell, needed=True), "answered")
        answers.chains.append(row)
    return complete(answers, _PLACE)


def _needed(item: Item, answers: Answers) -> bool:
    """An industry is needed where no sector was given."""
    return item.required or (item.key == "industry" and "sector" not in answers.given)


def _asked(item: Item, ask: Ask, tell: Say, needed: bool) -> object:
    while True:
        text = ask(f"{item.key}: {item.meaning} ({item.allowed})").strip()
        if not text and not needed:
            return None
        if not text:
            tell(f"{item.key} is needed: write {item.allowed}")
            continue
        try:
            return read_cell(item, text, _PLACE)
        except InputError as error:
            tell(str(error))
