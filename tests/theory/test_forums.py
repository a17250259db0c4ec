"""I5 Forums."""

import numpy as np
import pytest

from model.theory.forums import stay_in_touch
from model.theory.interaction import PEER
from model.theory.services import SERVICES
from model.world.tables import FORUM
from tests.theory.records import draws, neutral_params, params
from tests.worlds import (
    NO_SOURCES,
    NO_TURNOVER,
    ONE,
    TWO,
    history,
    live,
    neutral,
    parameters,
    scenario,
)

# Staff only bring firms together, so that meetings alone carry practice between communities.
MEETINGS = (
    ONE,
    TWO,
    NO_TURNOVER,
    {
        "institutions": {
            "forum": {
                "budget": 10.0,
                "services": dict.fromkeys(SERVICES, 0.0) | {"meeting": 1.0},
                "access": {"inclusive": True},
            },
        }
    },
    parameters(access={"take_up": 1}),
)
NO_MEETINGS = {"institutions": {"forum": {"services": {"meeting": 0.0}}}}
SILENT = parameters(services={"lessons": dict.fromkeys(SERVICES, 0)})


def made(lives):
    """Ties made at meetings."""
    return lives.world.ties[lives.world.ties.kind == FORUM]


def test_neutral_nobody_stays_in_touch():
    assert not any(stay_in_touch(draw, neutral_params("forums")) for draw in draws(100, 1))


def test_neutral_in_a_world_meetings_leave_no_ties():
    off = live(scenario(*MEETINGS, neutral("forums")), 8)
    assert len(made(off)) == 0
    assert len(made(live(scenario(*MEETINGS), 8))) > 0


def test_neutral_meetings_without_lessons_make_no_difference():
    off = (*MEETINGS, neutral("forums"), SILENT)
    offered, none = (live(scenario(*off, *more), 8) for more in ((), (NO_MEETINGS,)))
    assert offered.world.firms.hours.any()
    assert not none.world.firms.hours.any()
    for column in ("mastered", "aware", "resources", "members", "road", "contract"):
        assert (offered.world.firms[column] == none.world.firms[column]).all()
    assert history(offered)["ledger"] == history(none)["ledger"]


def test_meetings_that_begin_on_the_way_leave_ties_too():
    """There is room for ties that a change of the timetable brings."""
    begun = {
        "timetable": {
            "reform": {"tick": 2, "institutions": {"forum": {"services": {"meeting": 1.0}}}}
        }
    }
    assert len(made(live(scenario(*MEETINGS, NO_MEETINGS, begun), 8))) > 0


def test_firms_stay_in_touch_as_often_as_stated():
    numbers = params(forums={"meeting": 0.3})
    share = np.mean([stay_in_touch(draw, numbers) for draw in draws(2000, 2)])
    assert share == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / 2000))


def test_meetings_tie_firms_once_at_the_stated_trust_within_and_across_communities():
    still = neutral("joint_action")  # trust stays as it was
    lives = live(scenario(*MEETINGS, still, parameters(forums={"trust": 0.25})), 6)
    firms, ties = lives.world.firms, lives.world.ties[: lives.world.runs[0].used_ties]
    met = made(lives)
    assert len(met) > 5
    across = firms.community[met.a] != firms.community[met.b]
    assert across.any()
    assert not across.all()
    assert (met.usual == 0.25).all()
    assert (met.trust == 0.25).all()
    assert len(set(zip(ties.a.tolist(), ties.b.tolist(), strict=True))) == len(ties)


def test_three_meetings_in_ten_leave_a_tie():
    """Sixty firms that know nobody: of the first quarter's meetings hardly two are of the same pair."""
    many = {"communities": {name: {"firms": 100, "topology": "none"} for name in ("here", "there")}}
    money = {"institutions": {"forum": {"budget": 36.0}}}
    numbers = parameters(forums={"meeting": 0.3})
    lives = live(scenario(*MEETINGS, many, money, numbers), 1, range(4))
    meetings = lives.series["visits"].sum()
    assert meetings == 4 * 100 * 10  # 36 units buy a hundred events of ten firms
    # about one in two hundred applicants is drawn as its own guest, or meets a pair that met before
    assert 0.22 * meetings < len(made(lives)) < 0.31 * meetings


def crossings(*layers):
    """Lessons from a peer of the other community."""
    end = live(scenario(*MEETINGS, *layers), 8)
    told = end.ledger[end.ledger["channel"] == PEER]
    community = end.world.firms.community
    return (community[told["firm"]] != community[told["source"]]).sum()


def codified():
    trade = {"sectors": {"trade": {"tacitness": dict.fromkeys(
        ("process", "product", "functional", "intersectoral"), 0.0)}}}  # fmt: skip
    return (NO_SOURCES, trade)


def test_at_a_meeting_firms_hear_how_others_do_things():
    """Each guest is heard out on the spot, whether or not a tie is made."""
    apart = parameters(interaction={"rate": {"peer": 0}}, forums={"meeting": 0})
    assert crossings(*codified(), apart) > 0
    assert crossings(*codified(), apart, SILENT) == 0


def test_ties_made_at_meetings_carry_practice_between_communities_by_themselves():
    """MP17: the direct channel between previously isolated communities."""
    lively = (
        *codified(), SILENT,
        parameters(interaction={"rate": {"peer": 1}}, forums={"trust": 1}),
    )  # fmt: skip
    assert crossings(*lively) > 0
    assert crossings(*lively, NO_MEETINGS) == 0
    assert crossings(*lively, neutral("forums")) == 0
