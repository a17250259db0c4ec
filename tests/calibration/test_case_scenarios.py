"""A row of evidence becomes a scenario: the shipped files, the rules, and what is not used."""

import csv
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.evidence.case_scenarios import (
    CASES,
    SECTORS,
    case_scenario,
    derivation,
    write_cases,
)
from calibration.evidence.case_tables import DATA, DIMENSIONS, Case, Degree, governance, load_cases
from calibration.evidence.starting_conditions import load_starting_points
from model.scenario.faults import InputError
from model.scenario.files import load_document, parse_document
from model.scenario.schema import Scenario
from model.scenario.sector_keys import Sector

ROWS = load_cases()
ROW = {case.case: case for case in ROWS}
COMMAND = "uv run run.py cases --write"


def load(path: Path) -> Scenario:
    return parse_document(load_document(path), Scenario)


def with_codes(case: Case, **codes: int) -> Case:
    return case.model_copy(update=dict.fromkeys(governance(case), 0) | codes)


@pytest.fixture(scope="module")
def worlds() -> dict[str, Scenario]:
    return {case: load(CASES / f"{case}.toml") for case in ROW}


# the files


def test_one_file_for_each_case():
    assert {path.stem for path in CASES.glob("*.toml")} == set(ROW)
    assert len(ROW) == 40


@pytest.mark.parametrize("case", ROWS, ids=ROW)
def test_the_file_is_in_step_with_the_tables(case: Case):
    written = (CASES / f"{case.case}.toml").read_text(encoding="utf-8")
    assert written == case_scenario(case), f"to bring it in step: {COMMAND}"


def test_every_file_is_a_world_of_one_community_named_as_the_case(worlds):
    for case, world in worlds.items():
        sector = ROW[case].sector_group
        assert list(world.communities) == [case]
        assert world.communities[case].sector == sector
        assert list(world.sectors) == [sector]


def test_the_sector_is_that_of_its_file_and_nothing_of_it_is_changed(worlds):
    for world in worlds.values():
        [(name, sector)] = world.sectors.items()
        assert parse_document(load_document(SECTORS / f"{name}.toml"), Sector) == sector


def test_there_is_a_chain_for_each_mode_and_reach_that_the_paper_codes(worlds):
    for case, world in worlds.items():
        told = governance(ROW[case])
        if None in told.values():
            continue
        coded = {
            f"{mode}_{reach}": (mode, reach)
            for mode, where in told.items()
            for reach, sold in zip(("domestic", "global"), where, strict=True)
            if sold
        }
        chains = {name: (chain.governance, chain.reach) for name, chain in world.chains.items()}
        assert chains == coded


def test_every_key_of_a_file_is_told_by_its_derivation():
    for case in ROWS:
        data = tomllib.loads(case_scenario(case))
        preamble = [data.pop(key) for key in ("title", "description", "source")]
        assert all(preamble)
        steps = derivation(case)
        assert len({step.key for step in steps}) == len(steps)
        for step in steps:
            table, *path = step.table.split(".")
            here = data[table]
            for name in path:
                here = here[name]
            said = here.pop(step.name)
            assert said == (pytest.approx(step.value) if isinstance(said, float) else step.value)
            assert step.item
            assert step.given
            assert step.why
        assert not [*leaves(data)]


def leaves(table: dict):
    for value in table.values():
        yield from leaves(value) if isinstance(value, dict) else (value,)


def test_every_line_names_kind_source_and_confidence_or_is_a_choice_of_ours():
    said = r"(paper|page|memory), .+, [01](\.\d+)?$|ours(, .+)?$"
    for case in ROWS:
        lines = (CASES / f"{case.case}.toml").read_text(encoding="utf-8").splitlines()
        keys = [line for line in lines if " = " in line and not line.startswith("#")]
        preamble, rest = keys[:3], keys[3:]
        assert [line.split(" = ")[0] for line in preamble] == ["title", "description", "source"]
        wrong = [line for line in rest if not re.search(said, line.rpartition("  # ")[2])]
        assert not wrong, wrong[0]


# the rules


def start(case: Case) -> dict[str, float]:
    data = tomllib.loads(case_scenario(case))
    graded = load_starting_points().collective_efficiency
    return {key: data["communities"][case.case][key] for key in graded}


@pytest.mark.parametrize("sector", sorted({case.sector_group for case in ROWS}))
def test_the_degree_alone_sets_where_a_community_starts(sector: str):
    """Low, medium and high are an order on each condition, and the same one in every sector."""
    case = next(case for case in ROWS if case.sector_group == sector)
    low, medium, high = (start(case.model_copy(update={"ce_degree": d})) for d in Degree)
    assert all(low[key] < medium[key] < high[key] for key in low)
    graded = load_starting_points().collective_efficiency
    assert low == {key: entry.low for key, entry in graded.items()}
    assert high == {key: entry.high for key, entry in graded.items()}


def test_the_starting_conditions_cover_all_eight_components():
    """GPR05 section 4: four external economies and four joint actions."""
    economies = {"labour_mobility", "local_inputs", "information", "market_access"}
    actions = {"backward", "forward", "trust", "associated"}
    assert set(load_starting_points().collective_efficiency) == economies | actions | {"ties"}


codes = st.fixed_dictionaries(
    {mode: st.integers(0, 3) for mode in ("market", "network", "quasi_hierarchy", "hierarchy")}
)


@given(codes=codes)
def test_chains_never_want_more_than_their_share_and_keep_their_proportions(codes):
    points = load_starting_points()
    data = tomllib.loads(case_scenario(ROWS[0].model_copy(update=codes)))
    orders = {name: chain["orders"] for name, chain in data.get("chains", {}).items()}
    raw = {
        name: getattr(points.orders, name.rpartition("_")[0]).by_reach[name.rpartition("_")[2]]
        for name in orders
    }
    assert len(orders) == sum((code & 1) + (code >> 1) for code in codes.values())
    most = points.orders_in_all.value
    if sum(raw.values()) <= most:
        assert orders == raw
    else:
        assert sum(orders.values()) == pytest.approx(most, abs=0.005)
        for name in orders:
            assert orders[name] == pytest.approx(raw[name] * most / sum(raw.values()), abs=0.0006)


def test_boaco_sells_in_all_four_modes_and_so_has_its_orders_scaled(worlds):
    """GPR05 Table 3 codes 1, 1, 2, 2; 0.30 + 0.15 + 0.35 + 0.20 is more than 0.9.

    Before the multinational comes in 1999 led chains want half.
    """
    world = worlds["boaco_milk"]
    orders = {name: chain.orders for name, chain in world.chains.items()}
    whole = {
        "market_domestic": 0.27,
        "network_domestic": 0.135,
        "quasi_hierarchy_global": 0.315,
        "hierarchy_global": 0.18,
    }
    half = {name: share / (2 if "hierarchy" in name else 1) for name, share in whole.items()}
    assert orders == pytest.approx(half, abs=0.0006)
    after = world.timetable["from_1999"].chains
    assert {name: change.orders for name, change in after.items() if change.orders} == (
        pytest.approx({name: whole[name] for name in whole if "hierarchy" in name}, abs=0.0011)
    )


# what is not given


def test_what_is_not_given_is_assumed_and_the_file_says_so():
    """Of the two paper facts; of the years the file of the only cluster without any says so."""
    for case in ROWS:
        assumed = {step.item for step in derivation(case) if "taken as" in step.given}
        in_tables = assumed - {"years observed"}
        assert bool(in_tables) is (case.ce_degree is None or case.market is None)
        assert ("years observed" in assumed) is (case.case == "sao_bento_furniture")


def test_software_starts_as_high_collective_efficiency(worlds):
    """GPR05 Table 2 gives specialised suppliers the highest index; no degree is printed."""
    software = [case for case in ROWS if case.ce_degree is None]
    assert {case.sector_group for case in software} == {"specialised_suppliers"}
    assert all(
        start(case) == start(case.model_copy(update={"ce_degree": Degree.HIGH}))
        for case in software
    )


def test_a_degree_not_given_elsewhere_is_the_commonest_one():
    """22 of the 35 degrees are medium, as the reason in the file says."""
    count = Counter(case.ce_degree for case in ROWS if case.ce_degree)
    assumed = load_starting_points().not_given.ce_degree
    assert assumed.degree == count.most_common(1)[0][0]
    assert f"{count[assumed.degree]} of {count.total()}" in assumed.reason
    unknown = ROWS[0].model_copy(update={"ce_degree": None})
    assert start(unknown) == start(ROWS[0].model_copy(update={"ce_degree": assumed.degree}))


def test_campina_grande_starts_with_one_domestic_market_chain(worlds):
    """Its governance is N/A in GPR05 Table 3."""
    assert set(governance(ROW["campina_grande_footwear"]).values()) == {None}
    [(name, chain)] = worlds["campina_grande_footwear"].chains.items()
    assert (name, chain.governance, chain.reach) == ("market_domestic", "market", "domestic")


def test_no_chain_is_another_thing_than_governance_not_given():
    assert "chains" not in tomllib.loads(case_scenario(with_codes(ROWS[0])))


# what is not used

any_score = st.none() | st.integers(0, 6).map(lambda halves: halves / 2)


@given(
    case=st.sampled_from(ROWS), scores=st.fixed_dictionaries(dict.fromkeys(DIMENSIONS, any_score))
)
def test_upgrading_scores_change_no_byte(case: Case, scores):
    """They are what the model has to answer."""
    other = case.model_copy(update={**scores, "upgrading_sum": None})
    assert case_scenario(other) == case_scenario(case)


@pytest.mark.parametrize(
    "change", [{"ce_degree": Degree.LOW}, {"market": 2}, {"sector_group": "complex_products"}]
)
def test_what_is_used_changes_the_file(change):
    case = ROW["leon_footwear"]
    assert case_scenario(case.model_copy(update=change)) != case_scenario(case)


# one's own clusters


@pytest.fixture
def own_table(tmp_path: Path) -> Path:
    """Two clusters in a table without the printed sums; one name needs care in TOML."""
    with (DATA / "cases.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))[:-1]
    rows = """
tiruppur_knitwear,traditional,knitwear,"Tiruppur ""T-shirt"" town",India,high,1,0,2,0,3,3,1,0
sialkot_tools,complex_products,surgical\ttools,Sialkot,Pakistan,,,,,,,,,
"""
    table = tmp_path / "mine.csv"
    table.write_text(",".join(header) + rows, encoding="utf-8")
    return table


def test_your_own_table_becomes_worlds_in_your_own_folder(own_table: Path, tmp_path: Path):
    written = write_cases(tmp_path / "worlds", load_cases(own_table), source="our survey")
    assert [path.name for path in written] == ["tiruppur_knitwear.toml", "sialkot_tools.toml"]
    knitwear, tools = map(load, written)
    assert knitwear.source == "our survey"
    assert "T-shirt" in knitwear.communities["tiruppur_knitwear"].title
    assert set(knitwear.chains) == {"market_domestic", "quasi_hierarchy_global"}
    assert set(tools.chains) == {"market_domestic"}
    assert "GPR05 Tables" not in written[0].read_text(encoding="utf-8")


def test_a_world_of_your_own_can_be_moved(own_table: Path, tmp_path: Path):
    written = write_cases(tmp_path / "worlds", load_cases(own_table), source="our survey")
    moved = tmp_path / "elsewhere" / "deeper" / "mine.toml"
    moved.parent.mkdir(parents=True)
    written[0].rename(moved)
    assert (
        load(moved).sectors["traditional"]
        == load(CASES / "leon_footwear.toml").sectors["traditional"]
    )


def test_writing_again_writes_the_same(tmp_path: Path):
    """Where the folder lies beside its sectors as the shipped one does, it is the shipped one."""
    (tmp_path / "sectors").mkdir()
    for path in write_cases(tmp_path / "cases", sectors=tmp_path / "sectors"):
        assert path.read_bytes() == (CASES / path.name).read_bytes()


def test_a_folder_that_can_not_be_written_is_one_clear_line(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="can't be written") as caught:
        write_cases(tmp_path / "file" / "cases", ROWS[:1])
    assert len(caught.value.faults) == 1


# the numbers between


def bad_points(tmp_path: Path, old: str, new: str) -> InputError:
    text = (DATA / "starting_points.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "points.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_starting_points(tmp_path / "points.toml")
    return caught.value


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "high = 0.55",
            "high = 1.55",
            "collective_efficiency.trust.high = 1.55: must be from 0 to 1",
        ),
        ("efficiency.trust]", "efficiency.thrust]", "thrust"),
        ("value = 60", "value = 0", "firms.value = 0: must be at least 1"),
        ("value = 0.9", "value = 9", "orders_in_all.value = 9: must be from 0 to 1"),
        ('degree = "high"', 'degree = "highest"', "highest"),
        ("market = 1", "market = 4", "not_given.governance.market = 4: must be from 0 to 3"),
        ("[orders.network]", "[orders.net]", "orders.net"),
    ],
)
def test_a_wrong_starting_point_is_told_on_one_line(tmp_path: Path, old: str, new: str, said: str):
    assert said in str(bad_points(tmp_path, old, new))


def test_every_number_needs_a_reason(tmp_path: Path):
    text = (DATA / "starting_points.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("reason")]
    (tmp_path / "points.toml").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_starting_points(tmp_path / "points.toml")
    missing = [fault for fault in caught.value.faults if fault.key.endswith("reason")]
    assert len(missing) == len(text.splitlines()) - len(lines)
