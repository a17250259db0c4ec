"""K2 How needs interaction.

Mastery comes by own practice, own engineering, machinery, local suppliers of inputs, laboratories,
advanced users, consultants, the buyer, peers, people who change jobs, or an institution's staff.
Each channel has its rate and its power to carry what is tacit; what a channel can teach depends
on which practices its source holds in the sector (a table of the scenario).

    chance of how = absorptive capacity x (1 - hidden_d (1 - carry_channel))
    hidden_d      = 1 - (1 - tacitness_d)(1 - translation)

Even what is written down has to be translated to one's own shop: that there is a manual does not make a
shop able (MP17, first concern). ``translation`` is the part of codified knowledge for which this holds.

A firm goes only to a source that holds something of the kind that it attends to: from a seller of machines
nothing is to be had for functions, so that nobody pays for a visit or is disappointed by one.

Practices embodied in machinery need the machine: shown by anybody else but the buyer who specifies
it or somebody hired who ran one, they stay at *what* with chance ``embodied``. Own practice works on what
the firm is aware of, and alone carries nothing tacit.

Source: GPR05 section 3a (tacit knowledge), 3b and Table 1 (learning patterns), Table 4 (other
critical sources; note b: process innovation comes from technology suppliers, none of them local);
MP17 first concern. Neutral: all rates 0 (nobody learns), carry 1 (tacitness does not matter).
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import EMBODIED, HOW, chance, key
from model.theory.access import is_associated
from model.theory.awareness import see
from model.theory.mechanism import Mechanism, Parameter

CHANNELS = (
    "start", "practice", "engineering", "machinery", "inputs", "laboratory", "user", "consultant",
    "buyer", "peer", "labour", "institution", "inheritance", "forgotten",
    "recombination", "overtaken",
)  # fmt: skip
(
    START, PRACTICE, ENGINEERING, MACHINERY, INPUTS, LABORATORY, USER, CONSULTANT,
    BUYER, PEER, LABOUR, INSTITUTION, INHERITANCE, FORGOTTEN, RECOMBINATION,
    OVERTAKEN,
) = range(len(CHANNELS))  # fmt: skip
SOURCES = CHANNELS[ENGINEERING : BUYER + 1]  # those whose holdings the sector table gives
TAUGHT = CHANNELS[PRACTICE : INSTITUTION + 1]  # those with a rate

MECHANISM = Mechanism(
    key="K2",
    name="interaction",
    question="From whom does a firm learn how?",
    claim="Knowing how comes only by practice and interaction; channels differ in what they carry.",
    source="GPR05 section 3, Tables 1 and 4; MP17, first concern",
    equation="chance of how = absorptive capacity (1 - hidden (1 - carry)), "
    "hidden = 1 - (1 - tacitness)(1 - translation)",
    neutral="rate = 0 for every channel: nobody learns; carry = 1: tacitness does not matter; "
    "translation = 0: what is codified needs no translation",
    parameters=(
        Parameter(
            "rate", (0.8, 0.9, 1.0, 0.9, 1.0, 1.0, 0.7, 1.0, 0.25, 0.2, 1.0), 0, 1,
            "meetings a quarter",
            "how often a firm with full access meets the source while it attends to a dimension",
            "orders of magnitude: every quarter with whom one deals all the time, a fully "
            "trusted neighbour once a year, a hire every five quarters; an institution's visit is a "
            "meeting; levels of upgrading in GPR05 Tables 5-7 are out of reach at half of it",
            neutral=0, labels=TAUGHT,
        ),
        Parameter(
            "carry", (0.0, 0.6, 0.9, 0.8, 0.5, 1.0, 0.4, 1.0, 1.0, 1.0, 0.9), 0, 1,
            "share of tacit how that gets across",
            "power of the channel to carry what is tacit",
            "side by side carries all, machines and training nearly all, papers and advice half "
            "or less, own reading nothing (GPR05 section 3a)", labels=TAUGHT,
        ),
        Parameter(
            "translation", 0.2, 0, 1, "share of codified knowledge",
            "what is written down and yet has to be shown",
            "suppliers know the standard of modular trades and cannot implement it (MP17, first "
            "concern); a fifth is a guess to be calibrated", neutral=0,
        ),
        Parameter(
            "embodied", 0.9, 0, 1, "chance",
            "a practice that machinery holds can't be mastered from anybody but machinery, buyer or people "
            "hired",
            "technology of traditional sectors is transferred embodied in capital goods "
            "(GPR05 Table 1)", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def rate(channel, params):
    """Meetings a quarter with the source behind a channel, at full access."""
    return params.interaction.rate[channel - PRACTICE]


@rule
def carry_of(channel, params):
    """Share (0-1) of tacit how that gets across through the channel."""
    return params.interaction.carry[channel - PRACTICE]


@rule
def how(carry, d, absorptive, sector, params):
    """Chance that a practice within reach, once shown, is mastered by way of a channel's ``carry``."""
    hidden = 1.0 - (1.0 - sector.tacitness[d]) * (1.0 - params.interaction.translation)
    return absorptive * (1.0 - hidden * (1.0 - carry))


@rule
def with_machine(channel, d, sector):
    """Mask of the practices that come with a machine, which this channel does not bring."""
    if channel in (MACHINERY, BUYER, LABOUR):
        return 0 * sector.known[d]
    return sector.holds[d, MACHINERY - ENGINEERING]


@rule
def needs_machine(channel, d, practice, sector, draw, params):
    """Whether the practice can't be had through this channel because it comes with a machine."""
    if with_machine(channel, d, sector) & practice == 0:
        return False
    return chance(key(draw, EMBODIED)) < params.interaction.embodied


@rule
def price(channel, sector):
    """What a lesson costs at list price, units of account."""
    if channel == MACHINERY:
        return sector.machinery_price
    if channel == CONSULTANT:
        return sector.consultant_price
    return 0.0


@rule
def affords(me, asked):
    """Whether the firm can pay the price asked."""
    return asked <= me.resources


@rule
def access(channel, me, community, sector, asked):
    """Access (0-1) of a firm to a source of the sector table, at the price ``asked`` locally.

    Machinery and consultants are for those who can pay; local suppliers and advanced users are
    reached as far as trust in joint action goes (C2), the laboratory through the producers'
    association (C2); the firm's own engineering is always at hand. The buyer's door is opened by G2.
    """
    if not affords(me, asked):
        return 0.0
    if channel == INPUTS:
        return sector.local_inputs * community.local_inputs * me.backward
    if channel == USER:
        return me.forward
    if channel == LABORATORY and not is_associated(me):
        return sector.open_laboratory
    return 1.0


@rule
def meets_source(channel, me, community, sector, asked, params):
    """Chance (0-1) of meeting a source of the sector table this quarter."""
    return rate(channel, params) * access(channel, me, community, sector, asked)


@rule
def take_up(firm, me, channel, carry, d, practice, reach, absorptive, sector, draw, params):
    """A firm that was shown a practice takes note and perhaps masters it; returns what is new.

    ``me`` is the firm as it was, ``firm`` as it becomes, ``carry`` what of tacit how gets across (0-1),
    ``reach`` what K3 allows, ``draw`` the meeting's. Returns the practice if the firm did not master it
    before, else 0.
    """
    see(firm, d, practice, draw, params)
    if practice & reach & ~me.mastered[d] == 0:
        return 0 * practice
    if needs_machine(channel, d, practice, sector, draw, params):
        return 0 * practice
    if chance(key(draw, HOW)) >= how(carry, d, absorptive, sector, params):
        return 0 * practice
    gained = practice & ~firm.mastered[d]
    firm.mastered[d] |= practice
    firm.aware[d] |= practice
    return gained
