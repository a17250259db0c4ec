"""What ships passes the check, parts that others extend too, and unknown keys in parts do not."""

import pytest

from model.experiments.question_files import FRAGMENTS, check_file
from model.scenario.faults import InputError
from tests.scenario.mutants import SCENARIOS, sources
from tests.scenario.said import message_of

KIND_OF = {
    "base.toml": "scenario",
    "sectors": "sector",
    "institutions": "institution",
    "instruments": "instrument",
    "cases": "scenario",
    "worlds": "scenario",
    "experiments": "experiment",
    "sweeps": "sweep",
    "search": "search",
    "sensitivity": "sensitivity file",
    "patterns": "pattern file",
    "trials": "trial",
}


@pytest.mark.parametrize("file", sources(), ids=lambda file: str(file.relative_to(SCENARIOS)))
def test_every_file_that_ships_is_valid_and_of_its_kind(file):
    place = file.relative_to(SCENARIOS)
    kind = check_file(file).kind
    if place.parts[:2] == ("patterns", "worlds"):
        assert kind in ("scenario", "overlay")
    else:
        assert kind == KIND_OF[place.parts[0]]


def test_an_unknown_key_of_a_part_is_refused(write):
    parts = [file for file in sources() if check_file(file).kind in FRAGMENTS]
    assert len(parts) > 10
    for file in parts:
        part = write("x.toml", f'extends = "{file}"\nunheard = 1\n')
        assert "unheard = 1: is not a known key" in message_of(check_file, part), file


def test_a_part_of_a_scenario_may_leave_out_what_others_say_and_nothing_else(write):
    part = write("x.toml", "[communities.here]\nfirms = 60\n")
    assert check_file(part).kind == "overlay"
    part = write("x.toml", "[communities.here]\nfirms = -1\n")
    assert "communities.here.firms = -1: must be" in message_of(check_file, part)
    part = write("x.toml", "[chains.buyer]\ngovernanse = 'market'\n")
    assert "did you mean governance?" in message_of(check_file, part)


def test_a_chain_of_its_own_is_known(write):
    part = write("x.toml", "title = 'A buyer'\ngovernance = 'market'\nreach = 'global'\n")
    assert check_file(part).kind == "chain"


def test_a_world_that_lacks_a_title_is_no_part(write):
    sector = SCENARIOS / "sectors" / "traditional.toml"
    text = f'[sectors.trade]\nextends = "{sector}"\n[communities.here]\nsector = "trade"\n'
    assert "title: is missing" in message_of(check_file, write("x.toml", text))


def test_an_experiment_without_arms_says_so(write):
    world = SCENARIOS / "worlds" / "four_wine_regions.toml"
    text = f'title = "x"\nbase = "{world}"\nbaseline = "a"\n[[outcomes]]\nmeasure = "product"\n'
    assert "arms: number of entries must be at least 2" in message_of(
        check_file, write("x.toml", text)
    )


@pytest.mark.parametrize("value", ["0", "true", "[]", "[1]", '"x"'])
@pytest.mark.parametrize("table", ["worlds", "experiments", "patterns", "margins"])
def test_a_value_where_a_table_is_meant_is_told(write, table, value):
    patterns = SCENARIOS / "patterns" / "narratives.toml"
    begin = f'extends = "{patterns}"\nremove = ["experiments"]\n'  # they are sought beside it
    file = write("x.toml", f"{begin}{table} = {value}\n")
    with pytest.raises(InputError) as refused:
        check_file(file)
    assert f"{table} = {value}: must be a table" in str(refused.value)


@pytest.mark.parametrize(
    "table",
    [
        "unheard",
        "arms.unheard.unheard",
        "arms.bridging.unheard",
        "arms.bridging.overlay.unheard",
        "arms.bridging.overlay.institutions.bridge.unheard",
        "arms.bridging.overlay.institutions.bridge.access.unheard",
        "arms.bridging.overlay.timetable.late.unheard",
        "arms.bridging.overlay.parameters.unheard",
        "arms.bridging.overlay.run.unheard",
    ],
)
def test_an_unknown_empty_table_does_not_pass_in_an_experiment_that_extends_another(write, table):
    experiment = SCENARIOS / "experiments" / "institutions.toml"
    world = SCENARIOS / "worlds" / "four_wine_regions.toml"
    file = write("x.toml", f'extends = "{experiment}"\nbase = "{world}"\n[{table}]\n')
    with pytest.raises(InputError) as refused:
        check_file(file)
    assert f"{table.replace('arms.unheard.unheard', 'arms.unheard')}" in str(refused.value)
    assert "is not a known key" in str(refused.value)
