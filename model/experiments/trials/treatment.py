"""Giving firms what their arm is offered: hours of staff, a first order, a practice, an instrument.

Everything that any arm names is shut until the study begins. Hours are money to the institution: it gets
as much as so many hours for each taker cost, in equal parts over the quarters of the dose, and its
takers are its only members.
"""

from __future__ import annotations

import numpy as np

from model.draws import generator
from model.engine.chains import free_contract, sign_contract
from model.experiments.trials.assignment import STUDY, Assignment
from model.experiments.trials.trial_file import TrialFile
from model.theory.practices import DIMENSIONS, PER_RUNG, RUNG_1
from model.world.build import RunView
from model.world.row_names import Names
from model.world.tables import NOBODY

_NEW = 3


def shut(trial: TrialFile, view: RunView, names: Names) -> None:
    """Close what any arm offers, before the world begins."""
    for arm in trial.arms.values():
        for body in arm.doses:
            row = view.institutions[names.institutions.index(body)]
            row.budget = row.donor = row.fee = row.levy = row.take_up = 0.0
            row.inclusive = 1
        for instrument in arm.instruments:
            view.instruments[names.instruments.index(instrument)].budget = 0.0


def new_practices(trial: TrialFile, view: RunView, seed: int) -> np.ndarray:
    """(4,) masks of practices that arms teach; nobody and no source masters them from now on."""
    masks = np.zeros(len(DIMENSIONS), np.int64)
    wanted = {
        arm.teaches.dimension: arm.teaches.practices for arm in trial.arms.values() if arm.teaches
    }
    draws = generator(seed, int(view.run.replicate), STUDY, _NEW)
    for dimension, number in wanted.items():
        d = DIMENSIONS.index(dimension)
        bits = draws.choice(PER_RUNG, number, replace=False)
        masks[d] = int(sum(1 << int(bit) for bit in bits)) & RUNG_1
        for table, column in (
            (view.firms, "mastered"), (view.firms, "aware"), (view.chains, "holds"),
            (view.institutions, "repository"), (view.institutions, "expertise"),
            (view.sectors, "holds"), (view.sectors, "own"),
        ):  # fmt: skip
            table[column][:, d] &= ~masks[d]
    return masks


def treat(
    trial: TrialFile, view: RunView, names: Names, given: Assignment, taught: np.ndarray
) -> None:
    """Give every taker what its arm offers, at the start of the quarter that comes."""
    tick = int(view.run.tick)
    for number, arm in enumerate(trial.arms.values()):
        takers = given.rows[(given.arm == number) & given.takes]
        if len(takers) == 0:
            continue
        for body in arm.doses:
            bit = names.institutions.index(body)
            view.firms["members"][takers] |= 1 << bit
        if arm.order is not None:
            _order(view, names.chains.index(arm.order), takers, tick)
        if arm.teaches is not None:
            d = DIMENSIONS.index(arm.teaches.dimension)
            view.firms["mastered"][takers, d] |= taught[d]
            view.firms["aware"][takers, d] |= taught[d]
        for instrument in arm.instruments:
            row = names.instruments.index(instrument)
            view.instruments[row].budget = trial.world.instruments[instrument].budget
    for body, dose in {b: d for arm in trial.arms.values() for b, d in arm.doses.items()}.items():
        number = names.institutions.index(body)
        row = view.institutions[number]
        members = int(((view.firms.members >> number) & 1).sum())
        row.opens, row.closes = tick, tick + dose.quarters
        row.budget = dose.hours * members * row.hour_price / dose.quarters


def _order(view: RunView, number: int, takers: np.ndarray, tick: int) -> None:
    """The buyer wants as much more as it orders of the takers, a first order of each."""
    chain = view.chains[number]
    for row in takers:
        firm = view.firms[row]
        if free_contract(firm, view.parameters) == NOBODY:
            continue
        sign_contract(firm, number, chain, tick, view.parameters)
        chain.orders += 1
        chain.amount += chain.first_order
