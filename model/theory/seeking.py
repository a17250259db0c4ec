"""K8 Whose advice is sought.

Among those it has ties with a firm turns to the abler: they have more to show. Givers choose, too: they
help rivals for the same buyer less, and rather those who helped them before. So a few able firms give most
of the advice in a cluster, and who is far ahead or apart takes little part.

    meetings with a peer x max(0, 1 + ability x (capability of the peer - own))
                         x (1 - rivalry)       if both supply the same chain
                         x (1 + reciprocity)   if the peer has learned more from the firm than it taught

Source: GPR05 section 2 (bilateral joint action); MP17, Experiential knowledge (local ties share, and block);
uneven giving among wine firms: Giuliani and Bell (2005), cited by MP17; rivals share less: Cai and Szeidl
(2018). Neutral: ability = rivalry = reciprocity = 0: every tie is as good as another of the same trust.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import capability

MECHANISM = Mechanism(
    key="K8",
    name="seeking",
    question="To whom do firms turn for advice, and who gives it?",
    claim="Firms turn to the abler; givers help rivals less and those who helped them more.",
    source="GPR05 section 2; MP17, Experiential knowledge; Giuliani and Bell 2005; Cai and Szeidl 2018",
    equation="meetings x (1 + ability (peer - own)) x (1 - rivalry) or x (1 + reciprocity)",
    neutral="ability = rivalry = reciprocity = 0",
    parameters=(
        Parameter(
            "ability", 3.0, 0, 20, "share of meetings per unit of capability",
            "meetings that a peer's lead in capability brings",
            "a peer ahead by a third of all practices is asked twice as often, one behind by as much not "
            "at all", neutral=0,
        ),
        Parameter(
            "rivalry", 0.5, 0, 1, "share of meetings", "meetings that suppliers of one chain avoid",
            "managers passed on half as much to rivals (Cai and Szeidl 2018; order of magnitude)",
            neutral=0,
        ),
        Parameter(
            "reciprocity", 0.5, 0, 5, "share of meetings", "meetings that a debt brings",
            "advice is given for advice; half as much again is a guess to be calibrated", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def are_rivals(me, peer):
    """Whether two firms supply the same chain."""
    for c in range(len(me.contract)):
        for other in range(len(peer.contract)):
            if me.contract[c] >= 0 and me.contract[c] == peer.contract[other]:
                return True
    return False


@rule
def eagerness(me, peer, debt, params):
    """What ability, rivalry and past help make of the meetings of two firms; 1: as trust has it.

    ``debt``: lessons that the peer had from the firm less those it gave.
    """
    times = by_ability(capability(peer) - capability(me), params)
    if are_rivals(me, peer):
        times *= 1.0 - params.seeking.rivalry
    return by_debt(times, debt, params)


@rule
def most_eager(me, debt, params):
    """As ``eagerness``, and never less, with whomever: for who would not even meet the ablest stranger."""
    return by_debt(by_ability(1.0 - capability(me), params), debt, params)


@rule
def by_ability(lead, params):
    """What a peer's lead in capability (-1 to 1) makes of meetings."""
    return max(0.0, 1.0 + params.seeking.ability * lead)


@rule
def by_debt(times, debt, params):
    """Meetings that are ``times`` the usual, and what past help makes of them."""
    if debt > 0:
        return times * (1.0 + params.seeking.reciprocity)
    return times
