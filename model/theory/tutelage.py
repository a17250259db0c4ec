"""I2 Tutelage.

Staff meet a firm one step above where it stands: out of the repository they choose what the firm
lacks on the lowest rung that it can still complete. Pioneering knowledge is offered as it is, at the
frontier; most firms cannot absorb it, and merely hear of it.

    taught = one of repository & lowest incomplete rung within reach & ~mastered   (tutelage)
           = one of the top rung                                                   (pioneering)
    absorptive capacity under tutelage = capacity + guidance x (effort - capacity)

Staff who stay with a firm make up for what it lacks to learn by itself: that is what tutelage is for. A
lecture on pioneering knowledge does not.

Source: MP17 third concern and Experiential knowledge (tutelage, relational learning chains); GPR05
note 21 (a sequence of crops of rising difficulty). Neutral: patience = guidance = 0,
staff show whatever the repository holds, like any other source, to whoever can absorb it.
"""

from __future__ import annotations

from model.compiler import rule
from model.draws import DIAGNOSE, chance, key
from model.theory.absorption import next_rung
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import any_one_of
from model.theory.redundancy import shown

MECHANISM = Mechanism(
    key="I2",
    name="tutelage",
    question="Why does training help those whom advanced research leaves cold?",
    claim="Tutelage meets a firm one step above where it stands; pioneering offers the top only.",
    source="MP17, third concern and Experiential knowledge; GPR05 note 21",
    equation="taught = one of repository & lowest incomplete rung & ~mastered; "
    "capacity + guidance (effort - capacity)",
    neutral="patience = guidance = 0: the staff choose no better than chance and help nobody on",
    parameters=(
        Parameter(
            "patience", 0.9, 0, 1, "share of visits",
            "visits in which the staff find out first what the firm needs next",
            "diagnosis is part of tutelage, not of a seminar", neutral=0,
        ),
        Parameter(
            "guidance", 0.4, 0, 1, "share of the capacity that is lacking",
            "what staff at a firm's side make up for",
            "hundreds of hours of visits raised practices by a tenth of the scale in Colombia and a "
            "third and more in India, in shops that had not moved by themselves", neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def diagnosed(repository, me, d, reach):
    """Mask of what the staff hold that the firm needs next; 0 if there is nothing."""
    step = repository & next_rung(me, d, reach)
    if step:
        return step
    return repository & reach & ~me.mastered[d]


@rule
def taught(repository, me, d, reach, draw, params):
    """The practice that the staff show in a visit; 0 if the repository holds none."""
    if chance(key(draw, DIAGNOSE)) < params.tutelage.patience:
        wanted = any_one_of(diagnosed(repository, me, d, reach), draw)
        if wanted:
            return wanted
    return shown(repository, reach & ~me.mastered[d], draw, params)


@rule
def guided(capacity, effort, service, params):
    """Absorptive capacity (0-1) of a firm with staff at its side; ``effort``: what it would be if able."""
    guidance = params.tutelage.guidance * params.services.guidance[service]
    return capacity + guidance * (effort - capacity)
