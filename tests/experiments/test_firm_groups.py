"""Outcomes of groups of firms and of two groups apart, against records, which are made another way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.experiments.arms import outcomes_of, run_arms
from model.experiments.compare import effects
from model.experiments.experiment import Experiment, load_experiment
from model.experiments.points.point_tables import values
from model.experiments.points.runner import run_points
from model.experiments.points.store import opened
from model.experiments.search.search_file import Aim
from model.experiments.sensitivity.run import findings
from model.experiments.sensitivity.study import load_study
from model.experiments.sweep import sweep
from model.records.records import Records, simulate
from model.report.terminal_tables import effects_table
from model.scenario.faults import InputError
from tests.experiments.small import SWEEP, TICKS, write, write_world
from tests.worlds import MODES, POLICIES

REPLICATES = 6
SELLS = {"chains": {m: MODES["chains"][m] for m in ("network", "market")}}
CLUB = {"institutions": {"club": {"access": {"inclusive": False, "quota": 0.4}}}}
OWNED = {"communities": {"here": {"foreign": 0.3}}}

HEAD = """
title = "Groups"
base = "world.toml"
baseline = "none"
[arms.none]
overlay.institutions.club.budget = 0.0
[arms.club]
[arms.rich]
overlay.institutions.club = { budget = 9.0, access = { quota = 0.8 } }
"""
ASKED = {
    "here": 'of = { community = "here" }',
    "apart": 'of = { community = "here" }\nless = { community = "there" }',
    "sellers": 'of = { chains = ["network", "market"] }\nless_others = true',
    "only": 'of = { chains = ["network"], match = "exactly" }',
    "both": 'of = { chains = ["network", "market"], match = "all" }',
    "no_buyer": 'of = { chains = [], match = "exactly" }',
    "members": 'of = { participants = ["club"] }\nless_others = true',
    "members_here": 'of = { community = "here", participants = ["club"] }\nless_others = true',
    "granted": 'of = { participants = ["grants"] }\nless = { chains = ["market"] }',
    "foreign": 'of = { owned = "foreign" }\nless = { owned = "local" }',
    "helped": 'of = { participants = ["club"] }\nchosen_in = "rich"',
    "helped_apart": 'of = { participants = ["club"] }\nless_others = true\nchosen_in = "rich"',
}


def asked(*keys: str, more: str = "", measure: str = "process") -> str:
    return HEAD + "".join(
        f'\n[[outcomes]]\nmeasure = "{measure}"\n{ASKED[key]}\n{more}\n' for key in keys
    )


def small(folder: Path, text: str) -> Experiment:
    write_world(folder, SELLS, CLUB, OWNED, POLICIES)
    return load_experiment(write(folder, "e", text))


def measured(experiment: Experiment, replicates: int = REPLICATES) -> pd.DataFrame:
    with opened(None) as store:
        sampled = run_arms(
            experiment, store, lambda p: run_points(p, store), lambda f: True, replicates
        )
        return outcomes_of(experiment, sampled.cells, store)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Experiment, pd.DataFrame, Records]:
    experiment = small(tmp_path_factory.mktemp("groups"), asked(*ASKED))
    return experiment, measured(experiment), simulate(experiment.scenarios, REPLICATES)


def of_firms(firms: pd.DataFrame, which: pd.Series, less: pd.Series | None) -> pd.Series:
    """Mean of some firms less that of others, by arm and replicate; NaN where one has none."""
    everyone = firms.groupby(["scenario", "replicate"])["process"].size().index
    by = ["scenario", "replicate"]
    mean = firms[which].groupby(by)["process"].mean().reindex(everyone)
    return (
        mean if less is None else mean - firms[less].groupby(by)["process"].mean().reindex(everyone)
    )


def has(column: pd.Series, *names: str) -> pd.Series:
    return column.str.split().map(lambda held: bool({*held} & {*names}))


def by_hand(firms: pd.DataFrame) -> dict[str, pd.Series]:
    sells = has(firms["chains"], "network", "market")
    club, here = has(firms["institutions"], "club"), firms["community"] == "here"
    chains = firms["chains"].str.split().map(set)
    foreign = firms["ownership"] != "local"
    granted = has(firms["instruments"], "grants")
    return {
        "here": of_firms(firms, here, None),
        "apart": of_firms(firms, here, ~here),
        "sellers": of_firms(firms, sells, ~sells),
        "only": of_firms(firms, chains == {"network"}, None),
        "both": of_firms(firms, chains == {"network", "market"}, None),
        "no_buyer": of_firms(firms, chains == set(), None),
        "members": of_firms(firms, club, ~club),
        "members_here": of_firms(firms, club & here, ~club & here),
        "granted": of_firms(firms, granted, has(firms["chains"], "market")),
        "foreign": of_firms(firms, foreign, ~foreign),
    }


def test_a_group_is_what_the_table_of_firms_says(told):
    experiment, frame, records = told
    names = dict(zip(ASKED, (o.name for o in experiment.spec.outcomes), strict=True))
    found = frame.set_index(["arm", "replicate"])
    for key, expected in by_hand(records.firms).items():
        values = found[names[key]].sort_index()
        np.testing.assert_allclose(values, expected.sort_index(), err_msg=key)
        assert values.notna().any() or key == "both", key


def test_a_group_that_is_empty_is_missing_and_counted(told):
    """Nobody is a member of a club without money: nothing is known there, and it is no 0."""
    experiment, frame, _ = told
    row = effects(experiment, frame).set_index(["outcome", "arm"])
    name = experiment.spec.outcomes[[*ASKED].index("members")].name
    assert frame.loc[frame["arm"] == "none", name].isna().all()
    assert (row.loc[(name, "club"), "missing"], row.loc[(name, "club"), "replicates"]) == (6, 0)
    assert np.isnan(row.loc[(name, "club"), "effect"])


def test_firms_chosen_in_one_arm_are_looked_up_in_all(told):
    experiment, frame, records = told
    firms = records.firms.set_index(["replicate", "firm", "born"])
    arms = {arm: firms[firms["scenario"] == arm] for arm in experiment.scenarios}
    everywhere = (
        arms["none"].index.intersection(arms["club"].index).intersection(arms["rich"].index)
    )
    club = has(arms["rich"].loc[everywhere]["institutions"], "club").to_numpy()
    assert 0 < club.sum() < len(club)
    names = [o.name for o in experiment.spec.outcomes if o.chosen_in]
    for arm, lives in arms.items():
        process = lives.loc[everywhere]["process"]
        helped = process[club].groupby("replicate").mean()
        rest = process[~club].groupby("replicate").mean()
        mine = frame[frame["arm"] == arm].set_index("replicate")
        np.testing.assert_allclose(mine[names[0]], helped)
        np.testing.assert_allclose(mine[names[1]], helped - rest)


def test_quarters_are_those_of_at(tmp_path: Path):
    """The mean over quarters of what is known after each, the group as it is then."""
    keys = ("members", "helped", "apart")
    window = measured(small(tmp_path, asked(*keys, more="at = [7, 9]")), 3)
    each = [measured(small(tmp_path, asked(*keys, more=f"at = [{q}]")), 3) for q in (7, 8, 9)]
    columns = window.columns[3:6]
    assert all("_at_7_9" in column for column in columns)
    means = np.mean([frame.iloc[:, 3:6].to_numpy() for frame in each], axis=0)
    np.testing.assert_allclose(window[columns].to_numpy(), means)
    assert window[columns].notna().any().all()


def test_a_community_has_every_measure(tmp_path: Path):
    experiment = small(tmp_path, asked("apart", measure="exporters"))
    last = simulate(experiment.scenarios, 3).series.query("tick == tick.max()")
    wide = last.pivot(index=["scenario", "replicate"], columns="community", values="exporters")
    frame = measured(experiment, 3).set_index(["arm", "replicate"])
    apart = (wide["here"] - wide["there"]).reindex(frame.index)
    np.testing.assert_allclose(frame["exporters_of_here_less_there"], apart)


def test_what_is_said_names_the_groups_and_the_unit(told):
    experiment, frame, _ = told
    labels = dict(zip(ASKED, (o.label for o in experiment.spec.outcomes), strict=True))
    assert labels["sellers"] == "process, suppliers of network or market less others"
    assert labels["only"] == "process, suppliers of network only"
    assert labels["no_buyer"] == "process, suppliers of no chain"
    assert labels["members_here"] == "process, participants of club, here less others"
    assert labels["granted"] == "process, participants of grants less suppliers of market"
    assert labels["helped"] == "process, participants of club (chosen in rich)"
    table = effects(experiment, frame)
    assert table["unit"].unique().tolist() == ["score 0-3"]
    assert table["outcome_title"].drop_duplicates().tolist() == list(labels.values())
    effects_table(table, "")  # with outcomes of which nothing is known


def test_sweeps_and_studies_know_groups_too(tmp_path: Path):
    write_world(tmp_path, SELLS, CLUB)
    groups = f'[[outcomes]]\nmeasure = "process"\n{ASKED["sellers"]}\n'
    groups += f'[[outcomes]]\nmeasure = "gini"\n{ASKED["apart"]}\n'
    table = sweep(write(tmp_path, "s", f"communities = true\n{SWEEP}{groups}"))
    names = ["process_of_network_market_suppliers_less_others", "gini_of_here_less_there"]
    whole = table["community"] == "*"
    assert table.loc[whole, names].notna().all(axis=None)
    assert table.loc[~whole, names].isna().all(axis=None), "a contrast is of the world"
    wide = table[~whole].pivot(index=["point", "replicate"], columns="community", values="product")
    assert len(wide) == 12
    study = SWEEP.replace("steps = 3", "").split("[[outcomes]]")[0] + groups + "[tornado]\n"
    loaded = load_study(write(tmp_path, "t", study))
    with opened(None) as store:
        found = findings(loaded, run_points(loaded.points, store), store)
        first = values(loaded.points[0], store)[:, 0]
    said = found.outcomes.set_index("outcome")
    records = simulate({"first": loaded.points[0].scenario}, len(first))
    last = records.series.query("tick == tick.max()")
    gini = last.pivot(index="replicate", columns="community", values="gini")
    np.testing.assert_allclose(first[:, 1], gini["here"] - gini["there"])
    assert set(said.index) == set(names)


FAULTS = {
    'of = { community = "her" }': "of.community = \"her\": there is no community 'her'; did you mean",
    'of = { chains = ["netwrk"] }': "= [\"netwrk\"]: there is no chain 'netwrk'; did you mean network?",
    'of = { participants = ["clubb"] }': "there is no institution or instrument 'clubb'; did you mean club?",
    "of = { }": "outcomes[0].of: names no group; write e.g.",
    'of = { chains = [] }': 'of.chains = []: names no chain; write match = "exactly"',
    'of = { community = "here", match = "all" }': "of.match = \"all\": goes with chains",
    'less = { community = "here" }': "outcomes[0].less: goes with of, the group",
    "less_others = true": "outcomes[0].less_others = true: goes with of",
    'of = { community = "here" }\nless_others = true': "less_others = true: is for firms of",
    'of = { owned = "local" }\nless = { owned = "foreign" }\nless_others = true': "goes without less",
    'of = { owned = "lokal" }': 'of.owned = "lokal": must be',
    'of = { community = "here" }\nchosen_in = "rich"': 'chosen_in = "rich": goes with groups of firms',
    'of = { participants = ["club"] }\nchosen_in = "poor"': 'chosen_in = "poor": is no arm',
}  # fmt: skip


@pytest.mark.parametrize("said", FAULTS)
def test_a_group_that_can_not_be_is_refused_in_one_line(tmp_path: Path, said: str):
    text = f'{HEAD}\n[[outcomes]]\nmeasure = "process"\n{said}\n'
    with pytest.raises(InputError) as caught:
        small(tmp_path, text)
    assert FAULTS[said] in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_measure_that_single_firms_lack_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match=r"gini.*is not known of single firms"):
        small(tmp_path, asked("members", measure="gini"))


def test_arms_with_other_places_have_no_firms_in_common(tmp_path: Path):
    bigger = "\n[arms.bigger]\noverlay.communities.here.firms = 14\n"
    with pytest.raises(InputError, match="other communities or places for firms than arm 'bigger'"):
        small(tmp_path, asked("helped") + bigger)
    small(tmp_path, asked("members") + bigger)


def test_the_weakest_community_of_a_community_is_refused():
    with pytest.raises(ValueError, match="goes without of"):
        Aim(measure="process", matters=0.1, where="weakest", of={"community": "here"})  # type: ignore[arg-type]


def test_what_is_kept_of_a_firm_is_looked_at_in_its_quarters_only(tmp_path: Path):
    experiment = small(tmp_path, asked("members", "helped", "apart", more="at = [3, 4]"))
    from model.experiments.arms import points_of

    keep = points_of(experiment, 2)[0].keep
    assert keep.looks == {3, 4}
    assert keep.firms_after == (3, 4), "only what is chosen in one arm needs single firms"
    without = small(tmp_path, asked("members", "apart"))
    assert points_of(without, 2)[0].keep.firms_after == ()
    assert points_of(without, 2)[0].keep.looks == {TICKS - 1}


KNOWN = {
    "size": lambda firms: firms["workers"],
    "sales": lambda firms: firms["sales"],
    "exports": lambda firms: firms["exports"],
    "in_chain": lambda firms: firms["chains"] != "",
    "exporters": lambda firms: has(firms["chains"], "network"),  # the chain that sells abroad
    "high_road": lambda firms: firms["road"] == "high",
    "certified": lambda firms: firms["certified"] > 0,
}


def test_what_is_known_of_single_firms_is_what_their_table_says(tmp_path: Path):
    """Members of a body that certifies, whatever the measure, against the table of firms."""
    tests = {"institutions": {"club": {"certifies": 0.05, "services": {"test": 1.0, "visit": 1.0}}}}
    write_world(tmp_path, SELLS, CLUB, OWNED, POLICIES, tests)
    group = 'of = { participants = ["club"] }'
    text = HEAD + "".join(f'\n[[outcomes]]\nmeasure = "{name}"\n{group}\n' for name in KNOWN)
    experiment = load_experiment(write(tmp_path, "e", text))
    frame = measured(experiment, 2).set_index(["arm", "replicate"])
    firms = simulate(experiment.scenarios, 2).firms
    members = firms[has(firms["institutions"], "club")]
    for name, column in KNOWN.items():
        told = frame[f"{name}_of_club_participants"].dropna()
        by = [members["scenario"], members["replicate"]]
        expected = column(members).astype(float).groupby(by).mean()
        np.testing.assert_allclose(told.sort_index(), expected.sort_index(), err_msg=name)
        assert told.nunique() > 1 or name in ("high_road", "certified"), name
        assert told.max() > 0, name
