"""The cheapest help over a standard: what is planted is found; nothing where nothing is needed or helps."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from model.engine.ensemble import Ensemble
from model.records.result_files import MANIFEST
from model.report.explain.result import read_result
from model.report.reach.aided_runs import NO_HELP, aided
from model.report.reach.cheapest_help import cheapest_help, in_other_replicates
from model.report.reach.helps import OUTRIGHT, Question, offers
from model.report.reach.shortfall import ASKED, shortfall, teach
from model.theory.practices import DIMENSIONS, PRACTICES, capability
from model.theory.selection import is_eligible
from model.world.build import build
from run import door
from tests.report.reach.worlds_of_reach import FIRM, write_world_of_reach

WHOLE = 2 * PRACTICES
ABOVE_ALL = ("chains.abroad.entry_standard = 1",)
ONLY_VISITS_TEACH = (  # by staff who know all there is on two rungs, to firms that are able
    "parameters.interaction.rate.institution = 1",
    "parameters.services.lessons.course = 0",
    "parameters.services.lessons.group = 0",
    "parameters.services.lessons.demonstration = 0",
    "parameters.services.lessons.meeting = 0",
)


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The still world: (practices of each firm that count, folder)."""
    folder = tmp_path_factory.mktemp("still")
    out, _ = write_world_of_reach(folder, "bare")
    return firms_of(out), out


def firms_of(out):
    scenario = read_result(out).scenario(out.name)
    return build((scenario,), (0,)).slice(0).firms.copy()


def mastered(firm):
    return round(capability(firm) * WHOLE)


def question_of(out, goal="standard", rows=(FIRM,), wanted=1, start=0):
    scenario = read_result(out).scenario(out.name)
    born = 0 if len(rows) == 1 else None
    return Question(scenario, scenario.run.ticks, 0, goal, start, rows, 0, wanted, born)


def asked(question, replicate=0):
    """The answer, and what was on offer."""
    world = build((question.scenario,), (replicate,))
    Ensemble(world, question.ticks).advance(question.start)
    view = world.slice(0)
    listed = offers(question, view, view.institutions)
    return cheapest_help(question, replicate, listed), listed


@pytest.fixture(scope="module")
def one_short(bare, tmp_path_factory):
    """A firm that lacks one practice of the standard, where visits alone teach."""
    firms, _ = bare
    standard = (mastered(firms[FIRM]) + 1) / WHOLE
    settings = (f"chains.abroad.entry_standard = {standard}", *ONLY_VISITS_TEACH)
    out, _ = write_world_of_reach(tmp_path_factory.mktemp("short"), "one_short", *settings)
    return out


def test_a_shortfall_is_as_short_as_it_can_be(bare):
    firms, out = bare
    view = build((read_result(out).scenario("bare"),), (0,)).slice(0)
    chain = view.chains[0].copy()
    lacked = 0
    for standard in (0.1, 0.2, 0.5):
        chain.entry_standard = standard
        for firm in firms[:10]:
            found = shortfall(firm, chain, view.parameters)
            assert len(found) == max(0, int(np.ceil(standard * WHOLE - 1e-9)) - mastered(firm))
            lacked += len(found)
            taught = firm.copy()
            for practice in found:
                assert not is_eligible(taught, chain, view.parameters)
                teach(taught, practice)
            assert is_eligible(taught, chain, view.parameters)
            assert firm.mastered.tolist() != taught.mastered.tolist() or not found
    assert lacked


@pytest.mark.parametrize("asks", [(0.5, 0.0), (0.0, 0.5), (0.6, 0.4)])
def test_what_is_asked_by_kind_is_taught_by_kind(bare, asks):
    """Where the buyer asks for shares of its own standard, nothing else is on the list."""
    firms, out = bare
    view = build((read_result(out).scenario("bare"),), (0,)).slice(0)
    chain = view.chains[0].copy()
    chain["asks"] = asks
    firm = firms[FIRM]
    found = shortfall(firm, chain, view.parameters)
    for kind in ASKED:
        own = int(chain.holds[kind])
        has = (int(firm.mastered[kind]) & own).bit_count()
        wanted = int(np.ceil(asks[kind] * own.bit_count() - 1e-9))
        mine = [practice for practice in found if practice.kind == kind]
        assert len(mine) == max(0, wanted - has)
        assert all(own >> practice.bit & 1 for practice in mine)
    assert found


def test_one_practice_short_takes_one_practice_or_the_first_visit_that_gets_across(one_short):
    question = question_of(one_short)
    answer, listed = asked(question)
    assert not answer.needs_nothing
    assert answer.yardstick.help.dose == 1
    assert answer.yardstick.reached("standard", 1) == 0
    seller = [0.05, 0.15, 0.24]  # what a lesson costs: with a machine, of advice, half a visit
    assert min(abs(answer.yardstick.cost / price - 1) for price in seller) < 0.2
    found = answer.found
    assert found.help.offer == "visits by newly hired staff"
    price = 16 * 0.03
    assert found.cost == pytest.approx(price * found.help.dose * found.help.quarters)
    for outcome in answer.tried:  # whatever else was tried taught nothing
        if "visits" not in outcome.help.offer and outcome.help.offer != OUTRIGHT:
            assert not answer.suffices(outcome), outcome.help.offer
        elif outcome.cost < found.cost and outcome.help.offer != OUTRIGHT:
            assert not answer.suffices(outcome)
    (visits,) = (offer for offer in listed if offer.title == found.help.offer)
    fewer = visits.make(found.help.dose, found.help.quarters)
    (again,) = aided(question, [fewer], [0])
    assert again.reached("standard", 1) == found.reached("standard", 1)


def test_a_dearer_hour_makes_the_same_help_dearer(one_short, monkeypatch):
    from model.report.reach import helps

    cheap = asked(question_of(one_short))[0].found
    hired = helps._hired

    def dear():
        like = hired()
        like.hour_price *= 10
        return like

    monkeypatch.setattr(helps, "_hired", dear)
    found = asked(question_of(one_short))[0].found
    assert found.cost == pytest.approx(10 * cheap.cost)
    assert (found.help.dose, found.help.quarters) == (cheap.help.dose, cheap.help.quarters)


def test_who_is_over_the_standard_needs_nothing(bare):
    _, out = bare
    answer, _ = asked(question_of(out))
    assert answer.needs_nothing
    assert (answer.tried, answer.found, answer.yardstick) == ((), None, None)


def test_where_nobody_can_learn_nothing_on_the_list_would_do(bare, tmp_path):
    out, _ = write_world_of_reach(tmp_path, "hopeless", *ABOVE_ALL)
    answer, listed = asked(question_of(out))
    assert answer.found is None
    assert answer.yardstick.help.dose == WHOLE - mastered(bare[0][FIRM])
    real = [outcome for outcome in answer.tried if outcome.help.offer != OUTRIGHT]
    assert len(real) == sum(len(o.grid()) for o in listed if o.title != OUTRIGHT) > 100
    assert len({outcome.help.offer for outcome in real}) == len(listed) - 1


def test_where_only_contact_is_lacking_contact_is_what_helps(tmp_path):
    """All are over the standard, with orders for all, and nobody meets the buyer: fairs or a certificate."""
    room = ("chains.abroad.entry_standard = 0.01", "chains.abroad.orders = 1")
    out, _ = write_world_of_reach(tmp_path, "unknown", *room)
    answer, _ = asked(question_of(out, "contract"))
    assert answer.without.most("standard") == 1
    assert not answer.needs_nothing
    assert answer.found is not None
    ways = {o.help.offer for o in answer.tried if answer.suffices(o)}
    assert ways
    for way in ways:
        assert way.startswith(("export promotion", "places in tests", "tests"))
    cheapest = min(o.cost for o in answer.tried if answer.suffices(o))
    assert answer.found.cost == cheapest


def test_help_that_is_never_given_changes_nothing(bare):
    """A body that never opens shifts rows and no draw: all else of the firms is the same, bit by bit."""
    _, out = bare
    question = question_of(out, rows=tuple(range(10)), start=4)
    one = replace(question, born=0, rows=(FIRM,))
    world = build((question.scenario,), (0,))
    for offer in offers(one, world.slice(0), world.institutions):
        idle = offer.make(offer.doses[0], 0)
        without, helped = aided(question, [NO_HELP, idle], [0])
        for here, there in zip(without.turns, helped.turns, strict=True):
            for column in set(here.firms.dtype.names) - {"members"}:
                same = np.array_equal(here.firms[column], there.firms[column])
                assert same, (offer.title, column)


def test_so_many_firms_of_a_community(bare, tmp_path):
    """Outright, the firms nearest the standard are taught, and no others."""
    firms, _ = bare
    standard = 0.2
    setting = f"chains.abroad.entry_standard = {standard}"
    out, _ = write_world_of_reach(tmp_path, "region", setting)
    over = sum(mastered(firm) >= standard * WHOLE for firm in firms[:10])
    assert over < 9
    question = question_of(out, rows=tuple(range(10)), wanted=over + 2)
    answer, _ = asked(question)
    assert answer.without.most("standard") == over
    assert answer.found is None
    assert answer.yardstick.most("standard") == over + 2
    assert answer.gained(answer.yardstick) == 2


def test_replicates_are_counted_with_the_one_it_was_found_in(one_short):
    question = question_of(one_short)
    found = asked(question)[0].found
    alone = in_other_replicates(question, found.help, [0])
    assert (alone.replicates, alone.without, alone.helped) == (1, 0, 1)
    both = in_other_replicates(question, found.help, [0, 1])
    other = in_other_replicates(question, found.help, [1])
    assert both.helped == 1 + other.helped
    assert both.without == other.without


@pytest.fixture
def command(tmp_path, capsys):
    def call(out, *words, to="told"):
        code = door(
            ["explain", str(out), "--reach", *words, "--out", str(tmp_path / to), "--quiet"]
        )
        return code, capsys.readouterr()

    return call


def test_reach_on_the_command_line(command, one_short, tmp_path):
    words = ("--firm", str(FIRM), "--json")
    code, screen = command(one_short, *words)
    assert code == 0
    facts = json.loads(screen.out.splitlines()[-1])
    answer, _ = asked(question_of(one_short))
    assert facts["needs"] == "help"
    assert facts["cheapest"]["cost"] == pytest.approx(answer.found.cost)
    assert facts["gap"][0]["lacking"] == 1
    assert facts["replicates"]["replicates"] == 2
    assert "Cheapest of" in screen.out
    told = tmp_path / "told"
    wanted = {"gap.csv", "helps.csv", "reach.png", "reach.svg", MANIFEST}
    assert {path.name for path in told.iterdir()} == wanted
    helps = pd.read_csv(told / "helps.csv")
    assert helps.loc[helps["help"] != OUTRIGHT].query("suffices")["cost"].min() == pytest.approx(
        answer.found.cost
    )
    gap = pd.read_csv(told / "gap.csv")
    kinds = [name for name in gap if name.partition("_")[0] in DIMENSIONS]
    assert (gap[kinds].sum(axis=1) == gap["lacking"]).all()
    command(one_short, *words, to="again")
    for name in wanted - {MANIFEST}:
        assert (told / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_a_community_on_the_command_line(command, one_short):
    code, screen = command(one_short, "--community", "east", "--firms", "10", "--by", "7", "--json")
    assert code == 0
    facts = json.loads(screen.out.splitlines()[-1])
    assert (facts["firm"], facts["community"], facts["firms"], facts["by"]) == (None, "east", 10, 7)
    assert facts["needs"] in ("help", "more than was tried")
    assert "firms at most reached" in " ".join(screen.out.split()) or "firm at most" in screen.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--firm", "3", "--community", "east"], "one of the two"),
        ([], "one of the two"),
        (["--community", "easst"], "did you mean east?"),
        (["--firm", "3", "--buyer", "abraod"], "did you mean abroad?"),
        (["--firm", "99"], "are 0 to 9"),
        (["--firm", "3", "--from", "16"], "quarters 0 to 15"),
        (["--firm", "3", "--by", "16"], "quarters 0 to 15"),
        (["--community", "east", "--firms", "11"], "1 to 10 small firms"),
        (["--firm", "3", "--twin-scenario", "bare"], "does not go with --reach"),
    ],
)
def test_bad_questions_get_one_line(command, one_short, words, said):
    code, screen = command(one_short, *words)
    (line,) = screen.err.splitlines()
    assert code == 2
    assert said in line


def test_what_goes_with_reach_is_said_without_it(bare, tmp_path, capsys):
    _, out = bare
    for words, said in (
        (["--buyer", "abroad", "--firm", "3"], "--buyer: goes with --reach"),
        (["--goal", "contract", "--firm", "3"], "--goal: goes with --reach"),
        ([], "which firm?"),
    ):
        assert door(["explain", str(out), *words, "--out", str(tmp_path / "x"), "--quiet"]) == 2
        assert said in capsys.readouterr().err
