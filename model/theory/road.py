"""F1 High road or low road.

Once a year the owner asks what learning is worth. What it sees is its own record: the practices that
the firm mastered over the last quarters, worth so much a quarter each, for as long as the owner looks
ahead. If that does not cover what the effort costs, and the firm has no slack to go on regardless, it
takes the low road: it saves on learning and lives on squeezed wages and margins. Help from outside, a
lesson by an institution or a buyer, improves the record and may turn it back.

    progress' = progress + memory (practices mastered this quarter - progress)
    expected return = (progress + hope) x value of a practice x foresight
    high road if expected return >= cost of a quarter's effort, or resources >= comfort
    low road: effort x (1 - neglect), wage share x (1 - wage_squeeze)

The value of a practice is what full mastery of process and product adds, a practice (F2).

Source: GPR05 section 1 (high and low road: squeezing wages and margins instead of raising
productivity); MP17 (catch-22). Neutral: neglect = wage_squeeze = 0, the road makes no difference.
"""

from __future__ import annotations

from model.compiler import rule
from model.theory.mechanism import Mechanism, Parameter
from model.theory.practices import PRACTICES, PROCESS, PRODUCT
from model.theory.pressure import spurred
from model.theory.resources import effort

HIGH, LOW = 1, 0

MECHANISM = Mechanism(
    key="F1",
    name="road",
    question="Why do some firms squeeze wages instead of learning?",
    claim="A firm that sees no return to learning takes the low road, one that does invests.",
    source="GPR05 section 1; MP17, Weak GVC participation",
    equation="high road if (progress + hope) value x foresight >= cost, or resources >= comfort",
    neutral="neglect = wage_squeeze = 0",
    parameters=(
        Parameter(
            "memory", 0.1, 0, 1, "weight of the last quarter",
            "how fast the owner's record of its own progress forgets",
            "owners judge by the last two or three years",
        ),
        Parameter(
            "confidence", 0.5, 0, 10, "practices a quarter",
            "progress that a founder takes for granted before there is a record",
            "founders start on the high road and are sobered within a few years",
        ),
        Parameter(
            "hope", 0.05, 0, 10, "practices a quarter",
            "progress that the owner hopes for beyond its record",
            "one practice in five years: what keeps a firm trying",
        ),
        Parameter(
            "foresight", 20, 1, 400, "quarters", "how far ahead the owner looks",
            "five years, the horizon of a small firm's investments",
        ),
        Parameter(
            "cost", 0.15, 0, 10, "units of account a quarter",
            "what a quarter's effort to learn costs the owner",
            "one day a week of the owner and the foreman in a firm without mastery",
        ),
        Parameter(
            "comfort", 3.0, 0, 100, "units of account",
            "resources with which an owner goes on learning whatever the record says",
            "nine months' value added of a firm without mastery",
        ),
        Parameter(
            "neglect", 0.5, 0, 1, "share of effort", "learning effort that the low road saves",
            "the firm still copies what it stumbles on", neutral=0,
        ),
        Parameter(
            "wage_squeeze", 0.2, 0, 1, "share of the wage share", "wages that the low road saves",
            "wage gaps of small firms in MP17 Fig. 3 exceed productivity gaps by about as much",
            neutral=0,
        ),
    ),
)  # fmt: skip


@rule
def progress_after(progress, gained, params):
    """The owner's record of practices mastered a quarter."""
    return progress + params.road.memory * (gained - progress)


@rule
def practice_value(params):
    """What one process or product practice adds a quarter, units of account."""
    gain = params.value_added.gain
    return 0.5 * (gain[PROCESS] + gain[PRODUCT]) / PRACTICES


@rule
def choose_road(me, params):
    """HIGH if learning is expected to pay, else LOW."""
    p = params.road
    expected = (me.progress + p.hope) * practice_value(params) * p.foresight
    return HIGH if expected >= p.cost or me.resources >= p.comfort else LOW


@rule
def learning_effort(me, params):
    """Effort (0-1) that the firm puts into learning: by its means, pressure (F5) and road."""
    spent = spurred(effort(me, params), me, params)
    if me.road == HIGH:
        return spent
    return spent * (1.0 - params.road.neglect)


@rule
def wage_kept(me, params):
    """Share (0-1) of the usual wage share that the firm pays."""
    return 1.0 if me.road == HIGH else 1.0 - params.road.wage_squeeze
