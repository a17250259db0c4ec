"""A changed world says what differs, and is a scenario file like any other."""

from pathlib import Path

import pytest

from model.records.records import simulate
from model.scenario import load
from model.scenario.faults import InputError
from model.viewer.design import DesignDraft, in_step, open_design
from model.viewer.levers import (
    ACCESS,
    ACROSS,
    BOARD,
    CHAIN,
    COMMUNITY,
    EACH,
    INSTITUTION,
    INSTRUMENT,
    RUN,
    levers,
    moved,
)
from model.viewer.library import FOLDER, key_of, path_of, ready_made, shelf_of, shipped
from model.viewer.view_request import (
    SERVER,
    ViewRequest,
    as_request,
    designs_of,
    requested_view,
    twin_of,
)

FILED = path_of("worlds/four_wine_regions")
BRIDGING = "institutions.bridging"


@pytest.fixture
def design() -> DesignDraft:
    return open_design(FILED, BRIDGING)


def test_every_shipped_scenario_is_offered_and_opens():
    assert len(shipped()) > 40
    assert {key_of(path_of(key)) for key in shipped()} == set(shipped())
    for key in shipped():
        assert open_design(path_of(key)).changes == ()


def test_a_ready_made_design_is_the_arm_of_its_experiment(design: DesignDraft):
    from model.experiments.experiment import load_experiment

    experiment = load_experiment(FOLDER / "experiments" / "institutions.toml")
    assert design.scenario == experiment.scenarios["bridging"]
    assert sum(ready.baseline for ready in ready_made(FILED).values()) == len(
        {key.partition(".")[0] for key in ready_made(FILED)}
    )


def test_what_differs_is_said_and_nothing_else(design: DesignDraft):
    changed = moved(design.with_ready(""), ("communities", EACH, "trust"), 0.9)
    said = [str(difference) for difference in changed.changes]
    assert said[0] == "communities.valley.trust = 0.9, was 0.45"
    assert len(said) == 4
    back = changed.move(("communities", "valley", "trust"), 0.45)
    assert len(back.changes) == 3


def test_a_saved_world_simulates_as_it_was_shown(design: DesignDraft, tmp_path: Path):
    changed = design.move(("institutions", "bridge", "budget"), 7.5).move(("run", "ticks"), 4)
    file = tmp_path / "saved.toml"
    file.write_text(changed.toml(), encoding="utf-8")
    assert load(file) == changed.scenario
    assert "institutions.bridge added" in file.read_text(encoding="utf-8")
    again, shown = (simulate(s, 1).series for s in (load(file), changed.scenario))
    assert again.equals(shown)


def test_a_table_is_replaced_whole_and_taken_out(design: DesignDraft):
    assert design.scenario.institutions["bridge"].services.meeting > 0.0
    title, table = shelf_of("institutions")["laboratory"]
    other = design.move(("institutions", "bridge"), table)
    assert other.scenario.institutions["bridge"].title == title
    assert other.scenario.institutions["bridge"].services.meeting == 0.0
    assert not design.move(("institutions", "bridge"), None).scenario.institutions


def test_a_shock_is_an_event_of_the_timetable(design: DesignDraft):
    event = {"title": "Liberalisation", "tick": 9, "chains": {"supermarkets": {"outside": 0.8}}}
    changed = design.move(("timetable", "shock_1"), event)
    assert changed.scenario.timetable["shock_1"].chains["supermarkets"].outside == 0.8
    assert changed.move(("timetable", "shock_1"), None).scenario == design.scenario


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("communities.valley.trust = 2", "must be from 0 to 1"),
        ("communities.valley.trsut = 0.2", "did you mean trust"),
        ("nothing", "has no value"),
        ("= 3", "is not a key"),
    ],
)
def test_what_cannot_be_is_told_as_on_the_command_line(
    design: DesignDraft, setting: str, said: str
):
    with pytest.raises(InputError, match=said):
        design.write(setting).scenario  # noqa: B018


def test_levers_take_words_and_bounds_from_the_schema(design: DesignDraft):
    policy = design.move(("instruments", "grants"), {"kind": "grants", "budget": 1.0})
    for table, names in (
        (("run",), RUN),
        (("across",), ACROSS),
        (("communities", EACH), COMMUNITY),
        (("chains", "supermarkets"), CHAIN),
        (("institutions", "bridge"), INSTITUTION),
        (("institutions", "bridge", "access"), ACCESS),
        (("institutions", "bridge", "board"), BOARD),
        (("instruments", "grants"), INSTRUMENT),
    ):
        for each in levers(policy, table, names):
            assert len(each.help) > 10, each.key
            if each.kind == "share":
                assert (each.low, each.high) == (0.0, 1.0)
            if each.kind in ("choice", "names"):
                assert each.choices
            if each.value is not None:  # put where it is, a lever changes nothing
                still = policy if EACH in each.key else moved(policy, each.key, each.value)
                assert still.scenario == policy.scenario


def test_an_address_leads_back_to_the_view(design: DesignDraft):
    SERVER.start, SERVER.files = ViewRequest("worlds/four_wine_regions"), {}
    changed = design.move(("run", "seed"), 5).move(("communities", "oasis", "trust"), 0.7)
    pair = (changed, twin_of(changed))
    asked = requested_view("?" + as_request("worlds/four_wine_regions", pair).query())
    assert [d.scenario for d in designs_of(asked)] == [d.scenario for d in pair]
    assert requested_view("?scenario=worlds/four_wine_regions&seed=9").seed == 9


@pytest.mark.parametrize("query", ["?scenario=../base", "?scenario=worlds/nowhere", "?seed=-1",
                                   "?design_a=nothing", "?set_a=run.ticks%3D-1"])  # fmt: skip
def test_an_address_that_asks_too_much_is_refused(query: str):
    SERVER.start, SERVER.files = ViewRequest("worlds/four_wine_regions"), {}
    with pytest.raises(InputError):
        designs_of(requested_view(query))


def test_twins_share_seed_and_horizon(design: DesignDraft):
    later = design.move(("run", "ticks"), 30).move(("run", "seed"), 8)
    one, other = in_step((design, later))
    assert one is design
    assert other.scenario.run == design.scenario.run
