"""What was aimed at and what of it failed: sections of the validation page, made from findings."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from calibration.evidence.figures import LIKELIHOODS
from calibration.posterior.credible_intervals import central
from calibration.posterior.figure_evidence import FigureEvidence
from calibration.validation.cross_validation import MODEL, margins
from calibration.validation.findings import ValidationFindings
from model.wording.numbers import between, fixed

WITHIN = 0.5  # correlation within sectors from which clusters of one sector are told apart
SPREAD = (0.5, 1.5)  # simulated over scored spread within sectors
COVERAGE = (0.85, 0.95)  # of 90% intervals
_FAR = 2.0  # standard deviations from which a figure does not fit
_SCORED = ("product", "process", "functional")  # kinds of which correlations are asked


def figures_table(evidence: FigureEvidence, values: np.ndarray) -> pd.DataFrame:
    """What prior and posterior say of the figures beside the scores, as printed.

    Columns: likelihood, figure, printed, prior_median, prior_low, prior_high, median, low, high (central
    95% of draws of numbers ``values`` and of
    histories), apart (median less printed, in standard deviations that the likelihood allows), source.
    """
    chance = evidence.fitted.chance * np.random.default_rng(0).standard_normal(
        (len(values), len(evidence.figures))
    )
    told = evidence.expected(values) + chance
    places = np.random.default_rng(1).standard_normal((len(values), len(evidence.prior)))
    before = evidence.expected(evidence.prior.numbers(places)) + chance
    rows = []
    for i, figure in enumerate(evidence.figures):
        low, high = central(told[:, i])
        median = float(np.median(told[:, i]))
        first = central(before[:, i])
        rows.append({
            "likelihood": figure.likelihood,
            "figure": figure.name,
            "printed": figure.shown(figure.value),
            "prior_median": figure.shown(float(np.median(before[:, i]))),
            "prior_low": figure.shown(first[0]),
            "prior_high": figure.shown(first[1]),
            "median": figure.shown(median),
            "low": figure.shown(low),
            "high": figure.shown(high),
            "apart": (median - figure.value) / evidence.deviation[i],
            "source": figure.source,
        })  # fmt: skip
    return pd.DataFrame(rows)


def within_page(found: ValidationFindings) -> Iterator[str]:
    """Clusters of one sector group beside each other."""
    yield "## Clusters of one sector"
    yield ""
    yield (
        "Correlation: of the predictive mean with the score, each cluster left out, once the mean of its "
        "sector group is "
        "taken away from both. Spread: of one simulated history of each cluster within sector groups, as "
        "scorers would "
        "see it, over that of the scores, without the noise of those who scored."
    )
    yield ""
    yield "| kind | correlation | spread |"
    yield "| --- | --: | --: |"
    for kind, r in found.within_r.items():
        yield f"| {kind} | {fixed(r, 2)} | {fixed(found.within_spread[kind], 2)} |"


def figures_page(found: ValidationFindings) -> Iterator[str]:
    """The evidence beside the scores, printed and as the posterior has it."""
    yield "## The evidence beside the scores"
    yield ""
    without = found.problem.without
    kinds = "; ".join(
        f"`{name}`: {text}" for name, text in LIKELIHOODS.items() if name not in without
    )
    yield (
        f"Each kind is a likelihood of its own, which `run.py calibrate --without NAME` leaves out: "
        f"{kinds}. The figures "
        f"alone leave {found.problem.plausible:.0%} of the prior; the second half of the emulator's points "
        f"is drawn from "
        "that."
    )
    yield ""
    evidence = found.problem.figures
    if evidence is None:
        yield "No figure is compared with these clusters."
        return
    table = figures_table(evidence, found.problem.values(found.draws.z)[:, : found.problem.free])
    yield (
        "Prior and posterior predictive: medians with central 95% of draws and histories; apart: in "
        "standard deviations that the "
        "likelihood allows "
        "(`calibration/data/likelihoods.toml` says why so much)."
    )
    yield ""
    yield "| kind | figure | printed | prior | posterior | apart | source |"
    yield "| --- | --- | --: | --: | --: | --: | --- |"
    for row in table.to_dict("records"):
        yield (
            f"| {row['likelihood']} | {row['figure'].replace('_', ' ')} | {row['printed']:.3g} | "
            f"{row['prior_median']:.3g} ({row['prior_low']:.3g} to {row['prior_high']:.3g}) | "
            f"{row['median']:.3g} ({row['low']:.3g} to {row['high']:.3g}) | {fixed(row['apart'], 1)} | "
            f"{row['source']} |"
        )


def failures_page(found: ValidationFindings) -> Iterator[str]:
    """Everything that was aimed at and not reached."""
    failed = list(failures(found))
    yield "## What failed"
    yield ""
    if not failed:
        yield "Every aim of this page was reached."
        return
    yield f"Aims are written in `calibration/validation/aims.py`. {len(failed)} of them were not reached:"
    yield ""
    for said in failed:
        yield f"- {said}"


def failures(found: ValidationFindings) -> Iterator[str]:
    """One sentence for each aim that was not reached."""
    table = margins(found.held_out)
    one = table[table["scheme"] == "cluster"]
    for column, name in (("error", "error"), ("crps", "CRPS")):
        unclear = [
            f"{str(row['method']).replace('_', ' ')} "
            f"({between(row[f'{column}_low'], row[f'{column}_high'], 3)})"
            for row in one.to_dict("records")
            if not row[f"{column}_low"] > 0
        ]
        if unclear:
            yield (
                f"With one cluster left out the margin in {name} is not clear of zero over "
                f"{', '.join(unclear)}."
            )
    for kind in _SCORED:
        r = found.within_r[kind]
        if not r > WITHIN:
            yield f"Within sectors {kind} correlates with the scores by {fixed(r, 2)}, aim above {WITHIN}."
    for kind in _SCORED:
        spread = found.within_spread[kind]
        if not SPREAD[0] <= spread <= SPREAD[1]:
            yield (
                f"Within sectors the simulated spread of {kind} is {fixed(spread, 2)} of the scored, aim "
                f"{SPREAD[0]} to {SPREAD[1]}."
            )
    for row in found.by_method[found.by_method["method"] == MODEL].to_dict("records"):
        if not COVERAGE[0] <= row["coverage90"] <= COVERAGE[1]:
            yield (
                f"Central 90% intervals with one {row['scheme']} left out hold {row['coverage90']:.0%} of "
                f"scores, aim "
                f"{COVERAGE[0]:.0%} to {COVERAGE[1]:.0%} (they give themselves {row['said90']:.0%}, scores "
                f"being few)."
            )
    yield from _of_the_fit(found)


def _of_the_fit(found: ValidationFindings) -> Iterator[str]:
    recovered = found.recovered
    low, high = recovered["coverage_low"].iloc[0], recovered["coverage_high"].iloc[0]
    outside = recovered[~recovered["coverage90"].between(low, high)]
    for row in outside.to_dict("records"):
        yield (
            f"Planted truths of `{row['key']}` lie in their 90% intervals {row['coverage90']:.0%} of "
            "the time."
        )
    if found.mixed < found.refits:
        yield f"{found.refits - found.mixed} of {found.refits} other posteriors did not mix."
    if found.emulator.spread > 1.1:
        yield (
            f"At posterior draws real runs spread {found.emulator.spread:.2f} times as much around the "
            f"emulator as the "
            "likelihood allows for."
        )
    if found.problem.figures is not None:
        values = found.problem.values(found.draws.z)[:, : found.problem.free]
        table = figures_table(found.problem.figures, values)
        for row in table[table["apart"].abs() > _FAR].to_dict("records"):
            yield (
                f"{row['figure'].replace('_', ' ').capitalize()} ({row['likelihood']}) is printed as "
                f"{row['printed']:.3g}; the posterior has {row['median']:.3g}, "
                f"{fixed(abs(row['apart']), 1)} standard "
                "deviations off."
            )
    if found.patterns is not None:
        lost = found.patterns[found.patterns["accepted"] < 0.5]
        if len(lost):
            yield (
                f"{len(lost)} of {len(found.patterns)} rows of patterns are outside the range that the "
                f"claim accepts in "
                "most draws (table below)."
            )
