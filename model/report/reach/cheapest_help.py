"""The cheapest help that suffices: tried in rising order of price, then every dose below the one found.

No dose is taken to do more because it is larger: more of one thing can be less of another. What is told
as the cheapest is the cheapest of what was tried, in one replicate; in how many others it suffices is
told beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.report.reach.aided_runs import NO_HELP, AidedRun, aided
from model.report.reach.helps import OUTRIGHT, Help, Offer, Question

_AT_ONCE = 16  # helps side by side
_BETWEEN = 7  # amounts tried between one that does not suffice and one that does
_MOST_REPLICATES = 40  # in which the help found is tried

Tell = Callable[[int], None]


@dataclass(frozen=True)
class CheapestHelp:
    """What was tried for a question, and what was found."""

    question: Question
    without: AidedRun
    tried: tuple[AidedRun, ...]  # in order of trial
    listed: int  # doses on the list of offers; what is dearer than the one found was not tried
    found: AidedRun | None  # the cheapest that suffices; a yardstick is none
    yardstick: AidedRun | None  # the fewest practices taught outright that suffice

    @property
    def needs_nothing(self) -> bool:
        """Whether the goal was reached without help."""
        return self.suffices(self.without)

    def suffices(self, outcome: AidedRun) -> bool:
        """Whether enough firms reached the goal."""
        return outcome.reached(self.question.goal, self.question.wanted) is not None

    def gained(self, outcome: AidedRun) -> int:
        """How many more firms reached the goal at a time than did without help."""
        goal = self.question.goal
        return outcome.most(goal) - self.without.most(goal)


@dataclass(frozen=True)
class OtherReplicates:
    """In how many replicates the goal was reached without help and with that found, and what that cost."""

    replicates: int
    without: int
    helped: int
    costs: tuple[float, ...]


def cheapest_help(
    question: Question, replicate: int, offers: Sequence[Offer], tell: Tell | None = None
) -> CheapestHelp:
    """Try what is on offer; nothing if the goal was reached without."""
    (without,) = aided(question, [NO_HELP], [replicate])
    grid = [aid for offer in offers for aid in offer.grid()]
    answer = CheapestHelp(question, without, (), len(grid), None, None)
    if answer.needs_nothing:
        return answer
    grid.sort(key=lambda aid: (aid.price, aid.offer, aid.quarters, aid.dose))
    tried: list[AidedRun] = []
    for outright in (True, False):
        mine = [aid for aid in grid if (aid.offer == OUTRIGHT) == outright]
        tried += _in_order(answer, mine, replicate, tell)
        best = _cheapest(answer, tried, outright)
        if best is not None:
            offer = next(offer for offer in offers if offer.title == best.help.offer)
            finer = [
                aid
                for aid in _between(best.help, offer, tried)
                if outright or aid.price < best.cost
            ]
            tried += _batches(question, finer, replicate, tell)
    return replace(
        answer,
        tried=tuple(tried),
        found=_cheapest(answer, tried, outright=False),
        yardstick=_cheapest(answer, tried, outright=True),
    )


def in_other_replicates(
    question: Question, found: Help, replicates: Sequence[int]
) -> OtherReplicates:
    """The same help, tried in the first replicates of a result."""
    some = list(replicates)[:_MOST_REPLICATES]
    outcomes = aided(question, [NO_HELP, found], some)
    reached = [outcome.reached(question.goal, question.wanted) is not None for outcome in outcomes]
    n = len(some)
    costs = tuple(outcome.cost for outcome in outcomes[n:])
    return OtherReplicates(n, sum(reached[:n]), sum(reached[n:]), costs)


def _in_order(
    answer: CheapestHelp, helps: Sequence[Help], replicate: int, tell: Tell | None
) -> list[AidedRun]:
    """Outcomes in rising order of price, up to the price at which something cheaper suffices."""
    tried: list[AidedRun] = []
    dearest = np.inf
    for at in range(0, len(helps), _AT_ONCE):
        some = [aid for aid in helps[at : at + _AT_ONCE] if aid.price <= dearest]
        if not some:
            break
        outcomes = aided(answer.question, some, [replicate], tell)
        tried += outcomes
        costs = [outcome.cost for outcome in outcomes if answer.suffices(outcome)]
        dearest = min([dearest, *costs])
    return tried


def _batches(
    question: Question, helps: Sequence[Help], replicate: int, tell: Tell | None
) -> Iterator[AidedRun]:
    for at in range(0, len(helps), _AT_ONCE):
        yield from aided(question, helps[at : at + _AT_ONCE], [replicate], tell)


def _cheapest(answer: CheapestHelp, tried: Sequence[AidedRun], outright: bool) -> AidedRun | None:
    suffice = [
        outcome
        for outcome in tried
        if (outcome.help.offer == OUTRIGHT) == outright and answer.suffices(outcome)
    ]
    return min(suffice, key=lambda outcome: (outcome.cost, outcome.help.price), default=None)


def _between(best: Help, offer: Offer, tried: Sequence[AidedRun]) -> list[Help]:
    """Every dose between that found and the next smaller one that was tried, the span alike; and spans."""
    mine = [outcome.help for outcome in tried if outcome.help.offer == offer.title]
    below = max(
        (h.dose for h in mine if h.quarters == best.quarters and h.dose < best.dose), default=0
    )
    shorter = max((h.quarters for h in mine if h.dose == best.dose and h.quarters < best.quarters),
                  default=0)  # fmt: skip
    doses = np.linspace(below, best.dose, _BETWEEN + 2)[1:-1].tolist()
    if offer.whole:
        doses = [float(dose) for dose in range(int(below) + 1, int(best.dose))]
    found = [offer.make(dose, best.quarters) for dose in doses]
    return found + [offer.make(best.dose, span) for span in range(shorter + 1, best.quarters)]
