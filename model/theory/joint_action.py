"""C2 Joint action.

Four kinds, all deliberate: with suppliers (backward), with traders and buyers (forward), with one
other producer (bilateral), with many in an association or institution (multilateral). Each costs
effort and happens as far as trust allows; trust grows when joint action pays, that is when
something is learned, and else sinks back towards
what was usual when the tie began.

    meets with chance rate x trust
    trust' = trust + gain (1 - trust)            if it paid
           = trust - fade (trust - floor)        if it did not, floor = habit x usual trust
           = trust - disuse (trust - floor)      if they did not meet
           = trust + push (1 - trust)            if a broker brought them into a project

Multilateral joint action is membership: that of the local association opens laboratory and extension
services (K2), that of an institution its programmes (I2). An association may also buy for its members: who
buys machines and advice together pays less for a lesson, and so more of the poor can pay it.

    price of machines and advice for a member = local price x (1 - purchases)

Cluster and consortium programmes pay brokers, who bring neighbours together in projects, as many ties a
quarter as money pays for. Firms that trust each other act together more; what they can learn is still only
what they know (K4): such programmes build joint action and not longer-term learning.

Source: GPR05 section 2, note 5 (Nadvi and Schmitz 1999: joint purchase of inputs, common use of equipment)
and section 4; MP17, The shift in GVC policy (PROFO in Chile, horizontal networks, consortia). Neutral:
starting trust, membership and common purchases 0; gain = fade = disuse = push = 0 keeps trust as it was.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.access import is_associated
from model.theory.interaction import PEER, rate
from model.theory.mechanism import InstrumentKind, Mechanism, Parameter

CONSORTIUM = 3  # number of its brokers among the kinds of instruments

MECHANISM = Mechanism(
    key="C2",
    name="joint_action",
    question="When do firms act together, and what keeps it going?",
    claim="Joint action is deliberate, costs effort, needs trust; trust grows when it pays.",
    source="GPR05 sections 2 and 4, note 5; MP17, The shift in GVC policy",
    equation="trust' = trust + gain (1 - trust) if it paid, else trust - fade (trust - floor)",
    neutral="gain = fade = disuse = push = 0 (trust stays as it was); starting trust and common "
    "purchases 0 (no joint action)",
    instrument=InstrumentKind("consortium", CONSORTIUM),
    parameters=(
        Parameter(
            "gain", 0.1, 0, 1, "share of missing trust",
            "growth of trust after joint action that paid",
            "ten good experiences close two thirds of the gap", neutral=0,
        ),
        Parameter(
            "fade", 0.05, 0, 1, "share of trust above the floor",
            "loss of trust after joint action that taught nothing",
            "trust is lost at half the pace at which it is won", neutral=0,
        ),
        Parameter(
            "disuse", 0.005, 0, 1, "share of trust above the floor",
            "loss of trust in a quarter without a meeting",
            "acquaintance lasts: half of what was built up is left after 35 years", neutral=0,
        ),
        Parameter(
            "habit", 0.5, 0, 1, "share of usual trust",
            "trust below which joint action does not sink, however little it pays",
            "neighbours stay neighbours",
        ),
        Parameter(
            "effort", 0.01, 0, 1, "quarterly value added of a firm without mastery",
            "what a meeting with a peer costs", "a manager's day", neutral=0,
        ),
        Parameter(
            "push", 0.2, 0, 1, "share of missing trust",
            "what a brokered project adds to the trust of two neighbours",
            "twice what a meeting that paid adds by itself", neutral=0,
        ),
        Parameter(
            "broker", 0.1, 0.001, 100, "units of account a tie", "price of a brokered project",
            "a fifth of an institution's visit",
        ),
    ),
    without=(
        ("communities.*.trust", 0.0), ("communities.*.backward", 0.0), ("communities.*.forward", 0.0),
        ("communities.*.purchases", 0.0), ("across.trust", 0.0), ("across.pairs.*.trust", 0.0),
    ),
)  # fmt: skip


FULL_CIRCLE = 3  # ties in full trust that make bilateral joint action high


@rule
def meetings_of_full_circle(params):
    """Meetings a quarter of a firm that has a full circle of peers."""
    return FULL_CIRCLE * meets_peer(1.0, 1.0, params)


@rule
def meets_peer(trust, openly, params):
    """Chance (0-1) of a meeting with a peer; ``openly``: what K7 and C3 leave possible."""
    return rate(PEER, params) * trust * openly


@rule
def trust_after(trust, paid, usual, params):
    """Trust (0-1) after a meeting that paid or did not."""
    p = params.joint_action
    if paid:
        return trust + p.gain * (1.0 - trust)
    return trust - p.fade * max(0.0, trust - p.habit * usual)


@rule
def trust_unused(trust, usual, params):
    """Trust (0-1) after a quarter without a meeting."""
    p = params.joint_action
    return trust - p.disuse * max(0.0, trust - p.habit * usual)


@rule
def brokered(trust, params):
    """Trust (0-1) after a brokered project."""
    return trust + params.joint_action.push * (1.0 - trust)


@rule
def price_for(me, asked, community):
    """What a firm pays for a lesson at the local price ``asked``: members of the association buy together."""
    if is_associated(me):
        return asked * (1.0 - community.purchases)
    return asked
