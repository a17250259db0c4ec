"""Warnings: what is valid and hardly meant, each beside a world in which it is right."""

from pathlib import Path

import pytest

from model.experiments.question_files import FRAGMENTS, check_file
from model.scenario import Scenario
from model.scenario.faults import InputError
from model.scenario.guards import public_budget, unspent, warning_lines
from tests.scenario.mutants import SCENARIOS, sources

BASE = SCENARIOS / "worlds" / "four_wine_regions.toml"


@pytest.fixture
def world(write):
    def world_with(text: str) -> Scenario:
        from model.scenario import load

        return load(write("x.toml", f'title = "x"\nextends = "{BASE}"\n{text}'))

    return world_with


def lines(world: Scenario) -> list[str]:
    return warning_lines({"": world})


FAIRS = '[instruments.fairs]\nkind = "export_promotion"\nbudget = 2.0\n'
ARRIVAL = "[timetable.arrival]\ntick = 8\nchains = { supermarkets = { orders = 0.1 } }\n"
GONE = "[chains.supermarkets]\norders = 0.0\n"


def test_fairs_without_a_chain_abroad_have_no_target(world):
    (line,) = lines(world(FAIRS + GONE))
    assert line == (
        'instruments.fairs.kind = "export_promotion" has no target: no chain abroad buys where it '
        "applies"
    )
    assert lines(world(FAIRS)) == []
    assert lines(world(FAIRS + GONE + ARRIVAL)) == []


def test_fairs_have_no_target_where_the_buyer_abroad_buys_elsewhere(world):
    elsewhere = '[chains.supermarkets]\ncommunities = ["valley"]\n'
    assert lines(world(FAIRS + elsewhere)) == []
    (line,) = lines(world(f'{FAIRS}communities = ["highland"]\n{elsewhere}'))
    assert "no chain abroad buys where it applies" in line


def test_help_for_suppliers_without_a_buyer_and_brokers_without_ties_have_no_target(world):
    help_for = '[instruments.help]\nkind = "supplier_development"\nbudget = 2.0\n'
    assert lines(world(help_for)) == []
    (line,) = lines(world(f"{help_for}{GONE}[chains.home_market]\norders = 0.0\n"))
    assert "no chain buys where it applies" in line
    brokers = '[instruments.brokers]\nkind = "consortium"\nbudget = 2.0\n'
    assert lines(world(brokers)) == []
    (line,) = lines(
        world(f'{brokers}communities = ["valley"]\n[communities.valley]\ntopology = "none"\n')
    )
    assert "no two firms are tied" in line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{FAIRS}first = 20\nlast = 10\n", "fairs.last = 10 lies before first = 20"),
        (f"{FAIRS}first = 80\n", "fairs.first = 80 lies after the last quarter of the run, 79"),
        (FAIRS.replace("2.0", "0.0"), "instruments.fairs.budget = 0: it never spends"),
        ("[institutions.a]\n", "institutions.a.budget = 0, and there is no donor, fee or levy"),
        (
            "[institutions.a]\nbudget = 1.0\nopens = 9\ncloses = 9\n",
            "closes = 9 is not after opens",
        ),
        (
            "[institutions.a]\nbudget = 1.0\nopens = 5\n",
            "opens = 5 is in mid-year: firms join at the turn of a year, so it serves from 8 on",
        ),
        (
            "[institutions.a]\nbudget = 1.0\nopens = 5\ncloses = 8\n",
            "opens = 5 is in mid-year, and it closes before the year turns: nobody ever joins",
        ),
        ("[institutions.a]\nbudget = 1.0\nopens = 80\n", "opens = 80 lies after the last quarter"),
        (
            "[institutions.a]\naccess = { fee = 0.51 }\n",
            "institutions.a.access.fee = 0.51 is more than anybody can pay: a firm keeps at most 4",
        ),
    ],
)
def test_what_is_hardly_meant_is_told(world, text, said):
    (line,) = lines(world(text))
    assert said in line


@pytest.mark.parametrize(
    "text",
    [
        f"{FAIRS}first = 20\nlast = 20\n",
        f"{FAIRS}first = 79\n",
        "[institutions.a]\ndonor = 1.0\n",
        "[institutions.a]\nbudget = 1.0\nopens = 8\ncloses = 9\n",
        "[institutions.a]\naccess = { levy = 0.01 }\n",
        "[institutions.a]\naccess = { fee = 0.5 }\n",  # 4 kept / (2 yearly fees of 4 quarters)
        "[institutions.a]\nbudget = 1.0\naccess = { fee = 0.51, inclusive = true }\n",
        "neutral = ['access']\n[institutions.a]\naccess = { fee = 0.51 }\n",
        "[institutions.a]\n[timetable.b]\ntick = 4\ninstitutions = { a = { budget = 1.0 } }\n",
    ],
)
def test_what_is_meant_is_not_warned_of(world, text):
    assert lines(world(text)) == []


def test_money_in_one_arm_and_none_in_another_is_a_comparison(world):
    poor, rich = world("[institutions.a]\n"), world("[institutions.a]\nbudget = 1.0\n")
    assert warning_lines({"poor": poor, "rich": rich}) == []
    assert len(warning_lines({"poor": poor, "also": poor})) == 1


def test_what_may_be_spent_is_counted_by_quarter(world):
    text = f"""{FAIRS}first = 10
last = 19
[institutions.a]
budget = 3.0
opens = 4
[timetable.more]
tick = 40
institutions = {{ a = {{ budget = 5.0 }} }}
"""
    assert public_budget(world(text)) == pytest.approx(10 * 2.0 + 36 * 3.0 + 40 * 5.0)


def test_less_than_nine_tenths_spent_is_told(world):
    scenario = world("[institutions.a]\nbudget = 10.0\n")
    assert unspent(scenario, 721.0) == ""
    assert unspent(scenario, 719.0).startswith(
        "spends 719 of 800 units of account of public money, 90%"
    )
    assert unspent(world(""), 0.0) == ""
    rich = world("[institutions.a]\nbudget = 1000.0\n")
    assert unspent(rich, 3.25).startswith(
        "spends 3.2 of 80,000 units of account of public money, 0%"
    )


def test_what_ships_is_meant():
    """All but the file of defaults, and fairs of cases where no buyer abroad is scored."""
    warned = {
        file.relative_to(SCENARIOS): found
        for file in sources()
        if (checked := check_file(file)).kind not in FRAGMENTS
        and (found := warning_lines(checked.worlds))
    }
    of_cases = {file: lines for file, lines in warned.items() if file.parts[0] == "cases"}
    assert set(warned) - set(of_cases) == {Path("base.toml")}
    for line in (line for lines in of_cases.values() for line in lines):
        assert '"export_promotion" has no target: no chain abroad buys' in line


def test_who_gets_it_is_asked_of_what_takes_single_firms(world):
    """The other kinds choose nobody: a quota there would be ignored without a word."""
    for kind in ("grants", "export_promotion"):
        world(
            f"[instruments.a]\nkind = '{kind}'\nbudget = 1\nquota = 0.1\nparticipants = 'drawn'\n"
        )
    for kind in ("supplier_development", "consortium"):
        for line in ("quota = 0.1", "participants = 'drawn'"):
            with pytest.raises(InputError, match=f"does nothing where kind is '{kind}'"):
                world(f"[instruments.a]\nkind = '{kind}'\nbudget = 1\n{line}\n")
