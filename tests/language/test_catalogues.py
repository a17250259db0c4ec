"""Catalogues of translations: whole, with the gaps of the English messages, and heard in what is said."""

import re
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from babel.messages.pofile import read_po

from calibration.commands import names_of_main_job as main_names
from calibration.commands.clusters_and_designs import case_scenarios
from calibration.commands.main_job import EXPERIMENT
from calibration.evidence.case_tables import load_cases
from model import language
from model.experiments.experiment import load_experiment
from model.experiments.gains import SHOWN
from model.experiments.patterns.pattern_kinds import Expectation
from model.experiments.points.founders import THIRDS
from model.language import (
    CATALOGUES,
    ENGLISH,
    LANGUAGES,
    catalogue,
    day,
    say,
    speaking,
    spoken,
    spoken_by_all,
)
from model.measures import MEASURES, UNITS
from model.measures.measure_names import NAMES as NAMES_OF_MEASURES
from model.report.effect_figures import THIRDS as THIRDS_SAID
from model.report.learning_figures import CHANNEL_NAMES, COMPONENT_NAMES, NOT_LEARNED
from model.report.webpage.money_notes import NAMES as NAMES_OF_MONEY
from model.theory.interaction import CHANNELS
from model.theory.practices import DIMENSIONS
from model.theory.support import GOVERNANCE
from model.theory.value_added import UNIT_OF_ACCOUNT
from model.wording.expectations import SIGNS as SIGNS_SAID
from model.wording.numbers import as_asked, counted, fixed, interval, quoted, titled
from model.wording.sentences import FOUNDERS, listed
from model.wording.titles import DIMENSION_NAMES, GOVERNED, channel_name, practice_name
from model.wording.units import NAMES, Unit, measured_in

ROOT = Path(__file__).parents[2]
OTHERS = [name for name in LANGUAGES if name != ENGLISH]


@pytest.fixture(scope="module")
def template():
    sys.path.insert(0, str(ROOT / ".ci"))
    try:
        import catalogues

        return catalogues.template()
    finally:
        sys.path.pop(0)


def read(name: str):
    with (CATALOGUES / f"{name}.po").open("rb") as file:
        return read_po(file, locale=name)


def forms(text) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("name", OTHERS)
def test_every_message_of_the_code_has_a_translation_and_none_is_left_over(name, template):
    """After a change of messages: uv run .ci/catalogues.py, then translate what is new."""
    said = {message.id for message in template if message.id}
    there = {message.id: message for message in read(name) if message.id}
    assert there.keys() == said
    empty = [i for i, message in there.items() if not all(forms(message.string))]
    fuzzy = [i for i, message in there.items() if message.fuzzy]
    assert (empty, fuzzy) == ([], [])


@pytest.mark.parametrize("name", OTHERS)
def test_a_translation_has_the_gaps_of_the_message(name):
    for message in read(name):
        if message.id:
            wanted = gaps(forms(message.id)[-1])
            for form in forms(message.string):
                assert gaps(form) == wanted, message.id


@pytest.mark.parametrize("name", OTHERS)
def test_ends_are_those_of_the_message(name):
    """A sentence stays a sentence, and what goes on inside one has no capital or stop."""
    for message in read(name):
        if message.id:
            for one, other in zip(forms(message.id), forms(message.string), strict=True):
                assert one.endswith(".") == other.endswith("."), one
                if one[0].isalpha() and other[0].isalpha() and one != "p (Holm)":
                    assert one[0].islower() == other[0].islower(), one


def test_names_of_tables_are_in_the_catalogues():
    units = {Unit.read(unit) for unit in UNITS.values()}
    assert {unit.name for unit in units} <= set(NAMES)
    of_founders = {title for title, _ in SHOWN.values()}
    left = {unit.partition(", ")[2] for _, unit in SHOWN.values()} - {""}
    assert of_founders | left <= set(FOUNDERS)
    assert {titled(name) for name in UNITS} == set(NAMES_OF_MEASURES)
    assert {sign.replace("_", " ") for sign in get_args(Expectation)} == set(SIGNS_SAID)
    assert set(NAMES_OF_MONEY) == {UNIT_OF_ACCOUNT}


def test_names_of_what_befalls_a_firm_are_in_the_catalogues():
    assert DIMENSION_NAMES == DIMENSIONS
    assert set(GOVERNED) == set(GOVERNANCE)
    for name in OTHERS:
        with speaking(name):
            channels = {channel_name(each) for each in CHANNELS if each not in NOT_LEARNED}
            assert not channels & set(CHANNELS)
            assert (
                practice_name("process 2.07") == {"es": "proceso", "pt": "processo"}[name] + " 2.07"
            )


def test_names_in_figures_are_in_the_catalogues():
    assert set(THIRDS_SAID) == set(THIRDS)
    assert {titled(channel) for channel in CHANNELS if channel not in NOT_LEARNED} == set(
        CHANNEL_NAMES
    )
    components = {m.name.removeprefix("ce_") for m in MEASURES if m.name.startswith("ce_")}
    sums = {"external_economies", "joint_action", "collective_efficiency"}
    from_tables = {"labour", "inputs"} | (components - {"labour", "inputs"}) | sums
    assert {titled(name) for name in from_tables} == set(COMPONENT_NAMES)
    units = {*UNITS.values()} | {unit for _, unit in SHOWN.values()}
    for name in OTHERS:
        with speaking(name):
            alike = {unit for unit in units if measured_in(unit) == unit}
        assert alike <= {"Gini 0-1"}


def test_what_the_files_of_the_main_job_call_things_is_in_the_catalogues():
    experiment = load_experiment(ROOT / EXPERIMENT)
    world = next(iter(experiment.scenarios.values()))
    assert {experiment.title_of(arm) for arm in experiment.scenarios} == set(main_names.DESIGNS)
    assert {outcome.label for outcome in experiment.spec.outcomes} == set(main_names.OUTCOMES)
    assert {place.title for place in world.communities.values()} == set(main_names.REGIONS)
    sectors = {
        next(iter(case.sectors.values())).title for case in case_scenarios(load_cases()).values()
    }
    assert sectors == set(main_names.SECTORS)
    assert experiment.spec.question == main_names.QUESTION
    assert (experiment.spec.title, world.title) == (main_names.TITLE, main_names.WORLD)


def test_numbers_and_dates_follow_the_language():
    when = date(2026, 11, 28)
    assert (fixed(-1234.5, 1), day(when)) == ("−1,234.5", "28 November 2026")
    with speaking("es"):
        assert fixed(-1234.5, 1) == "−1.234,5"
        assert interval(0.5, 0.25, 0.75, 2) == "0,50 (0,25 a 0,75)"
        assert (as_asked(0.05), day(when)) == ("0,05", "28 de noviembre de 2026")
    with speaking("pt"):
        assert fixed(1234.5, 1) == "1.234,5"
        assert day(when) == "28 de novembro de 2026"
    assert fixed(1234.5, 1) == "1,234.5"


def test_sentences_are_made_in_the_language_spoken():
    with speaking("es"):
        assert counted([1], "paired replicate") == "1 réplica pareada"
        assert counted([20, 40], "paired replicate") == "20 a 40 réplicas pareadas"
        assert listed(["a", "b", "c"], "or") == "a, b o c"
        assert quoted("x") == "«x»"
    with speaking("pt"):
        assert counted(2, "draw") == "2 sorteios"


def test_what_fills_a_gap_is_text_whatever_it_holds():
    with speaking("es"):
        assert say("Warning: {warning}.", warning="{x} %s") == "Advertencia: {x} %s."


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="en, es, pt"), speaking("fr"):
        pass


def test_a_server_speaks_one_language_in_all_threads():
    """A thread does not inherit ``speaking``; two that run at once speak as they are told."""
    both = threading.Barrier(2)

    def own() -> str:
        with speaking("pt"):
            both.wait(10)
            return spoken()

    def as_all() -> str:
        both.wait(10)
        return spoken()

    with ThreadPoolExecutor(2) as pool:
        with spoken_by_all("es"):
            assert [f.result() for f in (pool.submit(own), pool.submit(as_all))] == ["pt", "es"]
            assert spoken() == "es"
        with speaking("es"):
            assert pool.submit(spoken).result() == ENGLISH
    assert spoken() == ENGLISH


def test_english_needs_no_catalogue():
    assert catalogue(ENGLISH).gettext("Wage") == "Wage"
    assert language.spoken() == ENGLISH


def test_nothing_in_a_catalogue_looks_like_markup_or_a_path():
    for name in OTHERS:
        for message in read(name):
            for form in forms(message.string) if message.id else ():
                assert not re.search(r"<\w|&\w+;|[/\\]{2}", form)
