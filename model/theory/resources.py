"""F3 Resources, exit and entry.

Learning takes slack. A firm keeps part of its margin as resources; effort rises with them at a
falling rate, purchases draw on them. A firm without resources whose earnings do not cover wages and
overheads is in distress, and closes after some quarters of it. Entrants are spin-offs that take part
of their parent's practice along, or newcomers who start as firms of the sector once did.

    effort     = resources / (resources + slack)
    resources' = within 0..cap: resources + retained (value added x luck - wage - overhead) - spending
    luck       = 1 + volatility (2 u - 1)
    exit after ``patience`` quarters of distress; a vacancy is filled with chance ``entry`` a quarter,
    by a spin-off with chance ``spin_off``, who masters each practice of the parent with ``inherit``

Source: MP17 (resource constraints of SMEs); GPR05 section 2 (spin-offs), section 1 (margins squeezed
on the low road); Klepper (2007) on spin-offs. Neutral: slack = 0 (effort is full), volatility = 0,
patience at its upper bound (nobody closes), entry = 0.
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import FOUND, QUALITY, chance, key
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import DIMENSIONS, PER_RUNG, PRACTICES

MECHANISM = Mechanism(
    key="F3",
    name="resources",
    question="What can a small firm afford to learn, and when does it close?",
    claim="Slack limits learning; losses lead to exit; spin-offs carry their parent's practice.",
    source="MP17, Weak GVC participation; GPR05 sections 1 and 2; Klepper 2007",
    equation="effort = resources / (resources + slack); resources follow margins and spending",
    neutral="slack = volatility = entry = 0, patience 1000 (nobody closes), small = 1",
    parameters=(
        Parameter(
            "endowment", 1.0, 0, 100, "units of account", "resources of a firm when it starts",
            "a quarter's value added a worker of a firm without mastery",
        ),
        Parameter(
            "slack", 0.3, 0, 10, "units of account",
            "resources at which effort is half of full",
            "a month's value added a worker of a firm without mastery", neutral=0,
        ),
        Parameter(
            "retained", 0.5, 0, 1, "share of margin",
            "margin kept in the firm", "the owner's family lives on the other half",
        ),
        Parameter(
            "overhead", 0.5, 0, 1, "units of account a quarter",
            "costs that do not depend on mastery",
            "rent, energy, interest; half of the value added a worker of a firm without mastery",
        ),
        Parameter(
            "cap", 4.0, 0.1, 100, "units of account",
            "most that a firm keeps as slack", "a year's value added a worker of a firm without mastery",
        ),
        Parameter(
            "volatility", 0.9, 0, 1, "share of value added",
            "width of the quarterly shock to earnings",
            "small firms live from order to order; with less, hardly one closes in twenty years", neutral=0,
        ),
        Parameter(
            "patience", 4, 1, 1000, "quarters", "distress before the firm closes",
            "a bad year", neutral=1000, whole=True,
        ),
        Parameter(
            "entry", 0.1, 0, 1, "chance a quarter", "a vacant place is taken by an entrant",
            "two and a half years on average; low barriers shorten it", neutral=0,
        ),
        Parameter(
            "spin_off", 0.6, 0, 1, "share of entrants", "entrants who come from a local firm",
            "most entrants in clusters are spin-offs (Klepper 2007)",
        ),
        Parameter(
            "inherit", 0.7, 0, 1, "chance a practice", "a spin-off masters what its parent does",
            "the founder worked in part of the firm", neutral=0,
        ),
        Parameter(
            "small", 0.5, 0.01, 1, "share of the size of a founder", "size of an entrant",
            "firms are born small: most entrants have a handful of workers", neutral=1,
        ),
    ),
)  # fmt: skip


@rule
def effort(me, params):
    """Learning effort (0-1) that the firm's resources allow."""
    slack = params.resources.slack
    if slack == 0.0:
        return 1.0
    return me.resources / (me.resources + slack)


@rule
def luck(draw, params):
    """The quarterly shock to earnings, mean 1."""
    return 1.0 + params.resources.volatility * (2.0 * chance(draw) - 1.0)


@rule
def margin(earned, wage, params):
    """Earnings that wages and overheads leave (units of account; negative is a loss)."""
    return earned - wage - params.resources.overhead


@rule
def resources_after(resources, margin, spending, params):
    """Resources (units of account) carried into the next quarter."""
    p = params.resources
    return min(p.cap, max(0.0, resources + p.retained * margin - spending))


@rule
def closes(me, params):
    """Whether distress has lasted long enough to close the firm."""
    return me.distress >= params.resources.patience


@rule
def start_density(community, d, bit, quality, fall):
    """Chance that a founder masters a practice: the trade's start, within the local repertoire.

    Nobody starts with what nobody around masters; the rest is the denser, so that the mean start
    does not depend on how narrow the repertoire is.
    """
    if (community.repertoire[d] >> bit) & 1 == 0:
        return 0.0
    density = community.start[d] * quality / community.repertoire_share
    for _ in range(bit // PER_RUNG):
        density *= fall
    return min(1.0, density)


@rule
def found(firm, community, sector, draw):
    """A newcomer masters what founders of its trade and place do, more or less by its quality."""
    quality = 1.0 + sector.start_spread * (2.0 * chance(key(draw, QUALITY)) - 1.0)
    for d in range(len(DIMENSIONS)):
        mask = 0 * firm.mastered[d]
        for bit in range(PRACTICES):
            density = start_density(community, d, bit, quality, sector.start_fall)
            if chance(key(draw, FOUND + PRACTICES * d + bit)) < density:
                mask |= 1 << bit
        firm.mastered[d] = mask
        firm.aware[d] = mask


@rule
def inherit(firm, parent, draw, params):
    """A spin-off takes part of its parent's practice along, and knows of all of it."""
    for d in range(len(DIMENSIONS)):
        mask = 0 * firm.mastered[d]
        for bit in range(PRACTICES):
            if chance(key(draw, FOUND + PRACTICES * d + bit)) < params.resources.inherit:
                mask |= 1 << bit
        firm.mastered[d] = parent.mastered[d] & mask
        firm.aware[d] = parent.aware[d]
