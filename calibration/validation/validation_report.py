"""The validation page: Markdown made from findings, every number and every judgement in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from calibration.evidence.hypotheses import load_hypotheses
from calibration.posterior.credible_intervals import FORECAST_LEVEL, central
from calibration.posterior.mcmc import MIXED
from calibration.posterior.measurement_model import PARAMETERS, PREFIX
from calibration.validation.aims import failures_page, figures_page, within_page
from calibration.validation.baselines import __doc__ as YARDSTICKS  # noqa: N812
from calibration.validation.case_diagnostics import SURPRISING
from calibration.validation.cross_validation import MODEL, margins
from calibration.validation.findings import ValidationFindings
from calibration.validation.plots import short
from calibration.validation.policy_uncertainty import statement
from model.wording.numbers import fixed

_NOT_KNOWN = 0.9  # variance left from which a direction counts as not identified
_LEARNED = 0.1  # contraction from which something was learned


def page(found: ValidationFindings, figures: str = "images") -> str:
    """The page as Markdown; ``figures`` is the folder of the pictures as seen from it."""
    parts = (
        _head(found), _said(found), failures_page(found), _held_out(found, figures), _by_dimension(found),
        within_page(found), _fitted(found, figures), figures_page(found),
        _identified(found), _planted(found, figures), _emulator(found), _cases(found, figures),
        _patterns(found, figures), _policy(found), _limits(found),
    )  # fmt: skip
    return "\n".join("\n".join(part) + "\n" for part in parts)


def _head(found: ValidationFindings) -> Iterator[str]:
    study = found.study
    yield "# Validation"
    yield ""
    yield "<!-- Written by `uv run run.py validate` from its results. Do not edit: run it again. -->"
    yield (
        f"Generated from results by `uv run run.py validate` (effort: {study.effort.name}, seed "
        f"{study.seed}). What was fitted, what was held out, what failed. How it is done and why: "
        "[calibration.md](calibration.md)."
    )
    yield ""
    given = int((~np.isnan(study.observed)).sum())
    yield (
        f"Fitted: {len(found.problem.names)} numbers, {found.problem.free} of them of the model and "
        f"{len(PARAMETERS)} of the way in which experts score, to {given} scores of "
        f"{len(study.fitted_cases)} clusters and {len(study.figures)} figures beside them. Simulated for "
        f"the emulator: {found.problem.emulator.points} "
        f"points, each cluster once: half of them from the prior, half from what the figures leave of it."
    )


def _said(found: ValidationFindings) -> Iterator[str]:
    """The result in a few sentences that follow from the tables."""
    yield "## In short"
    yield ""
    table = found.by_method
    for scheme, part in table.groupby("scheme", sort=False):
        rows = part.set_index("method")
        own, others = rows.loc[MODEL], rows.drop(index=MODEL)
        said = []
        for column, name in (("mae", "error"), ("crps", "CRPS")):
            best = others[column].idxmin()
            beaten = int((others[column] > own[column]).sum())
            said.append(
                f"{name} {own[column]:.3f}, better than {beaten} of {len(others)} yardsticks (best of "
                f"them: {str(best).replace('_', ' ')}, {others[column].min():.3f})"
            )
        yield (
            f"- One {scheme} left out: {'; '.join(said)}. Intervals that give themselves "
            f"{own['said90']:.0%} hold {own['coverage90']:.0%} of the scores."
        )
    table = margins(found.held_out)
    clear = (table["error_low"] > 0) & (table["crps_low"] > 0)
    one = clear[table["scheme"] == "cluster"]
    yield (
        f"- Of {len(table)} margins over a yardstick {int(clear.sum())} are clear of zero in both error and "
        f"CRPS by a bootstrap over clusters; with one cluster left out {int(one.sum())} of {len(one)}."
    )
    low, high = found.recovered["coverage_low"].iloc[0], found.recovered["coverage_high"].iloc[0]
    outside = int((~found.recovered["coverage90"].between(low, high)).sum())
    yield (
        f"- Planted truths: {found.planted_coverage:.0%} within their 90% intervals; {outside} of "
        f"{len(found.recovered)} numbers outside the range of chance ({low:.0%} to {high:.0%})."
    )
    learned = found.known[found.known["contraction"] >= _LEARNED]
    of_model = learned[~learned["key"].str.startswith(PREFIX)]
    yield (
        f"- The evidence takes away a tenth or more of the prior's variance for {len(of_model)} of "
        f"{found.problem.free} numbers of the model and {len(learned) - len(of_model)} of "
        f"{len(PARAMETERS)} of the measurement model: most of what is learned is about levels and about "
        "scoring."
    )
    yield f"- {statement(found.policy)}"


def _held_out(found: ValidationFindings, figures: str) -> Iterator[str]:
    yield "## Prediction of what was not fitted"
    yield ""
    yield (
        "Each group of clusters is left out in turn, the posterior fitted to the rest, and the scores "
        "left out predicted. All forecasts are chances of the seven scores that can be given and are "
        "judged alike. Error: mean absolute error of the predictive median; of mean: of the predictive "
        "mean, which for yardsticks is the number they predict. CRPS: continuous ranked probability score. "
        f"Coverage: share of scores within the central {FORECAST_LEVEL:.0%} interval; said: the chance that "
        "the forecast itself gives to it, more than nine tenths since scores are few. Bold: best in its "
        "column."
    )
    yield ""
    yield from _scores_table(found.by_method, "scheme", "left out")
    yield ""
    yield from _margins(found)
    yield ""
    yield f"![The model beside yardsticks]({figures}/validation_yardsticks.png)"
    yield ""
    yield "Yardsticks:"
    yield ""
    yield "```text"
    assert YARDSTICKS is not None
    yield "\n\n".join(YARDSTICKS.split("\n\n")[1:3])
    yield "```"
    yield ""
    yield (
        "What this comparison cannot show: defaults and sector tables of the model were written by people "
        "who had read the two papers, sector means of the scores among them. Leaving clusters out keeps a "
        "cluster's own scores from the fit, not from its authors. Yardsticks know nothing before they see "
        "their training set."
    )


def _margins(found: ValidationFindings) -> Iterator[str]:
    """By how much the model is better, and how sure that is."""
    table = margins(found.held_out)
    clear = table[(table["error_low"] > 0) & (table["crps_low"] > 0)]
    yield (
        "Yardstick less model, mean over scores, with 95% bootstrap intervals over clusters; an interval "
        f"above zero says that the model is better also in other draws of such clusters. Both are in "
        f"{len(clear)} of {len(table)} rows."
    )
    yield ""
    yield "| left out | yardstick | error | CRPS |"
    yield "| --- | --- | --: | --: |"
    for row in table.to_dict("records"):
        cells = [
            f"{fixed(row[c], 3)} ({fixed(row[f'{c}_low'], 3)} to {fixed(row[f'{c}_high'], 3)})"
            for c in ("error", "crps")
        ]
        yield f"| {row['scheme']} | {row['method'].replace('_', ' ')} | {' | '.join(cells)} |"


def _scores_table(table: pd.DataFrame, by: str, title: str) -> Iterator[str]:
    yield f"| {title} | method | scores | error | of mean | CRPS | coverage | said |"
    yield "| --- | --- | --: | --: | --: | --: | --: | --: |"
    for name, part in table.groupby(by, sort=False):
        best = {column: part[column].min() for column in ("mae", "mae_of_mean", "crps")}
        for row in part.to_dict("records"):
            cells = [
                f"**{row[c]:.3f}**" if row[c] == least else f"{row[c]:.3f}"
                for c, least in best.items()
            ]
            method = row["method"].replace("_", " ")
            yield (
                f"| {name} | {method} | {row['scores']} | {' | '.join(cells)} | "
                f"{row['coverage90']:.2f} | {row['said90']:.2f} |"
            )


def _by_dimension(found: ValidationFindings) -> Iterator[str]:
    yield "## By kind of upgrading, one cluster left out"
    yield ""
    yield from _scores_table(found.by_dimension, "dimension", "kind")
    lost = [
        str(name)
        for name, part in found.by_dimension.groupby("dimension", sort=False)
        if part.set_index("method")["crps"].idxmin() != MODEL
    ]
    yield ""
    yield (
        f"By CRPS the model is not the best for: {', '.join(lost)}."
        if lost
        else "By CRPS the model is the best for every kind."
    )


def _fitted(found: ValidationFindings, figures: str) -> Iterator[str]:
    yield "## What was fitted"
    yield ""
    free, left = (found.screened[found.screened["free"] == each] for each in (True, False))
    most = left["information"].max() if "information" in left and len(left) else 0.0
    yield (
        f"{len(found.screened)} numbers of the theory, of the sector tables and of the translation of codes "
        f"were screened; the {len(free)} that say most of the evidence beyond one another are free "
        "(`calibration/posterior/screening.csv` keeps the order and what each moves). The others stay at "
        "their defaults: beyond those that are free, the evidence tells of none of them more than "
        f"{most:.2f} times what is known already, by the linear reckoning of the screening. "
        "Prior: PERT with the default as its mode, known within a factor of three (of odds, for shares). "
        "Medians with central 95% intervals."
    )
    yield ""
    yield "| number | before | after | variance taken away |"
    yield "| --- | --: | --: | --: |"
    for row in found.known.to_dict("records"):
        before = f"{row['prior_median']:.3g} ({row['prior_low']:.3g} to {row['prior_high']:.3g})"
        after = f"{row['median']:.3g} ({row['low']:.3g} to {row['high']:.3g})"
        taken = max(0.0, row["contraction"])
        yield f"| `{row['key']}` | {before} | {after} | {taken:.0%} |"
    yield ""
    yield f"![Before and after]({figures}/validation_before_and_after.png)"
    yield ""
    yield "The measurement model (`calibration/posterior/measurement_model.py` says why):"
    yield ""
    for parameter in PARAMETERS:
        yield f"- `{parameter.name}`: {parameter.meaning}. Prior: {parameter.reason}."
    yield ""
    yield (
        f"Sampler: {len(found.draws.z)} draws kept, worth {found.draws.effective:.0f} independent ones in "
        f"the worst direction; potential scale reduction {found.draws.reduction:.3f}; "
        f"{found.draws.accepted:.0%} of moves accepted. Of {found.refits} other posteriors, without clusters "
        f"and of planted tables, {found.mixed} have a reduction below {MIXED:g} (first half of a chain "
        "against the second)."
    )


def _identified(found: ValidationFindings) -> Iterator[str]:
    table = found.directions
    unknown = table[table["remaining"] >= _NOT_KNOWN]
    yield "## What the evidence cannot tell apart"
    yield ""
    yield (
        f"Principal directions of the posterior, in prior standard deviations. In {len(unknown)} of "
        f"{len(table)} directions nine tenths or more of the prior's variance are left: the evidence does "
        f"not "
        "identify these. Best known and least known:"
    )
    yield ""
    yield "| direction | variance left | made of |"
    yield "| --: | --: | --- |"
    for row in pd.concat([table.head(5), table.tail(5)]).to_dict("records"):
        made_of = short(row["made_of"]).replace("parameters.", "").replace("sectors.", "")
        yield f"| {row['direction']} | {row['remaining']:.2f} | {made_of} |"


def _planted(found: ValidationFindings, figures: str) -> Iterator[str]:
    table = found.recovered
    yield "## Planted truth"
    yield ""
    low, high = table["coverage_low"].iloc[0], table["coverage_high"].iloc[0]
    yield (
        f"{table['tables'].iloc[0]} tables were simulated by the model at numbers drawn from the prior and "
        "fitted like the evidence. Coverage of 90% intervals should lie between "
        f"{low:.2f} and {high:.2f} for 95 numbers of a hundred; ranks should be uniform (small p: they are "
        "not). Recovered: correlation of the posterior mean with the truth."
    )
    yield ""
    yield "| number | coverage | p of uniform ranks | recovered | variance taken away |"
    yield "| --- | --: | --: | --: | --: |"
    for row in table.to_dict("records"):
        yield (
            f"| `{row['key']}` | {row['coverage90']:.2f} | {row['rank_p']:.2f} | "
            f"{fixed(row['correlation'], 2)} | {max(0.0, row['contraction']):.0%} |"
        )
    yield ""
    yield f"All together: {found.planted_coverage:.3f}."
    yield ""
    yield f"![Rank histograms]({figures}/validation_ranks.png)"


def _emulator(found: ValidationFindings) -> Iterator[str]:
    emulator, check = found.problem.emulator, found.emulator
    yield "## The emulator"
    yield ""
    yield (
        f"A polynomial of degree {emulator.degree} stands in for the simulator. Held out, it explains "
        f"{float(np.median(emulator.explained[..., 0])):.0%} of the variance of a mean firm's score over the "
        f"prior (median over clusters and kinds); one history lies "
        f"{float(emulator.chance[..., 0].mean()):.2f} score points around it, which the likelihood allows "
        f"for. Real runs at {found.study.effort.checked} posterior draws: mean difference "
        f"{fixed(check.bias, 3)} score points, {check.worst_bias:.3f} for the worst cluster and kind; their "
        f"spread is {check.spread:.2f} times what the likelihood allows for (above 1: too bold there)."
    )


def _cases(found: ValidationFindings, figures: str) -> Iterator[str]:
    table = found.cases
    yield "## Cluster by cluster"
    yield ""
    yield f"![Each cluster predicted from the others]({figures}/validation_clusters.png)"
    yield ""
    surprising = table[table["surprising"]]
    yield (
        f"A score is surprising if the forecast made without its cluster gave {SURPRISING:.0%} or less to a "
        f"score at least as far to that side. {len(surprising)} of {len(table)} scores are; "
        f"{found.expected_surprises:.1f} would be if every forecast were right."
    )
    yield ""
    yield from _unexplained(surprising)
    yield ""
    yield "Every score, its prediction without the cluster, and the channels that carried it in the model:"
    yield ""
    yield "| cluster | kind | score | median (90%) | carried by |"
    yield "| --- | --- | --: | --: | --- |"
    for row in table.to_dict("records"):
        star = " \\*" if row["surprising"] else ""
        yield (
            f"| {row['title']} | {row['dimension']} | {row['score']:g}{star} | "
            f"{row['median']:g} ({row['low']:g} to {row['high']:g}) | {row['channels']} |"
        )
    if len(found.unscored):
        yield ""
        yield "Clusters without scores: mean firm at draws of the posterior, 0-3, median (90%)."
        yield ""
        yield "| cluster | " + " | ".join(dict.fromkeys(found.unscored["dimension"])) + " |"
        yield "| --- " * (1 + found.unscored["dimension"].nunique()) + "|"
        for title, part in found.unscored.groupby("title", sort=False):
            cells = [
                f"{r['median']:.1f} ({r['low']:.1f} to {r['high']:.1f})"
                for r in part.to_dict("records")
            ]
            yield f"| {title} | {' | '.join(cells)} |"


def _unexplained(surprising: pd.DataFrame) -> Iterator[str]:
    """The clusters that the model cannot explain, each with the hypothesis written for it."""
    hypotheses = load_hypotheses()
    yield (
        "Clusters with a surprising score, and the hypothesis that was written for each by hand "
        "(`calibration/data/hypotheses.toml`; none is used in the fit):"
    )
    yield ""
    for case, part in surprising.groupby("case", sort=False):
        scores = ", ".join(
            f"{row['dimension']} {row['score']:g} where {row['low']:g} to {row['high']:g} was expected"
            for row in part.to_dict("records")
        )
        hypothesis = hypotheses.get(str(case))
        said = "No hypothesis is written."
        if hypothesis is not None:
            said = f"{hypothesis.text} ({hypothesis.source}.) What would tell: {hypothesis.tell}"
        yield f"- **{part['title'].iloc[0]}**: {scores}. {said}"


def _patterns(found: ValidationFindings, figures: str) -> Iterator[str]:
    yield "## Patterns under the posterior"
    yield ""
    table = found.patterns
    if table is None:
        yield "Not examined."
        return
    likely = table["accepted"] >= 0.5
    yield (
        f"{int(table['draws'].max())} draws of the posterior, {int(table['replicates'].max())} runs of each "
        f"world a draw, on common random numbers. In {int(likely.sum())} of {len(table)} rows most draws are "
        "in the range that the claim accepts. Chance of single runs is in these shares and draws them "
        "towards a half: `run.py patterns` at the defaults has many runs and tells sharper verdicts of one "
        "set of numbers."
    )
    yield ""
    for group, part in table.groupby("group", sort=False):
        yield f"### {group}"
        yield ""
        yield "| pattern | measure | expected | mean effect (95% of draws) | accepted | sign |"
        yield "| --- | --- | --- | --: | --: | --: |"
        for row in part.to_dict("records"):
            yield (
                f"| {row['title']} | {str(row['measure']).replace('_', ' ')} | {row['expectation']} | "
                f"{fixed(row['effect'], 2)} ({fixed(row['low'], 2)} to {fixed(row['high'], 2)}) | "
                f"{row['accepted']:.0%} | {row['signed']:.0%} |"
            )
        yield ""
    yield f"![Patterns over the posterior]({figures}/validation_patterns.png)"


def _policy(found: ValidationFindings) -> Iterator[str]:
    yield "## Policy under uncertainty"
    yield ""
    yield statement(found.policy)
    yield ""
    yield (
        "All designs at one public budget, which not all of them spend: last quarter of the country, mean "
        "over draws (95% of draws); public cost over the run, units of account:"
    )
    yield ""
    table = found.policy_runs
    measures = [name for name in table if name not in ("draw", "arm")]
    yield "| design | " + " | ".join(str(m).replace("_", " ") for m in measures) + " |"
    yield "| --- " + "| --: " * len(measures) + "|"
    for arm, part in table.groupby("arm", sort=False):
        cells = [_mean_and_range(part[measure]) for measure in measures]
        yield f"| {str(arm).replace('_', ' ')} | {' | '.join(cells)} |"
    yield ""
    yield (
        "Numbers that the scores do not touch, those of institutions above all, stay at their defaults "
        "here: the interval holds what the forty clusters leave open and chance, not all that is unknown."
    )


def _mean_and_range(values: Iterable[float]) -> str:
    array = np.asarray(list(values), float)
    low, high = central(array)
    places = 0 if array.max() >= 20 else 2
    return f"{fixed(array.mean(), places)} ({fixed(low, places)} to {fixed(high, places)})"


def _limits(found: ValidationFindings) -> Iterator[str]:
    yield "## What limits this, and what would help"
    yield ""
    after = found.known.set_index("key")["median"]
    near, far, colour = (after[f"{PREFIX}{n}"] for n in ("noise_near", "noise_far", "colour"))
    chance = found.problem.emulator.chance[..., 0].mean(axis=0)
    yield (
        f"- A score of process or product differs from what the model gives a cluster by what its two "
        f"scores share ({colour:.2f} score points, standard deviation) and by noise of its own ({near:.2f}); "
        f"a score of functional or intersectoral upgrading by {far:.2f}. One history of the simulated "
        f"cluster varies by {chance.mean():.2f}. So the limit is what the case table leaves out of a "
        "cluster, and judgement, not simulation."
    )
    alike = _alike(found)
    yield (
        f"- {alike} of {len(found.study.fitted_cases)} clusters start from the same case file as another one "
        "(sector group, degree of collective efficiency and chains alike), so no theory can tell them apart "
        "from these inputs."
    )
    surprising = found.cases[found.cases["surprising"]]
    by_kind = ", ".join(f"{k} {n}" for k, n in surprising["dimension"].value_counts().items())
    yield f"- Surprising scores by kind: {by_kind or 'none'}."
    wanted = [load_hypotheses().get(case) for case in dict.fromkeys(surprising["case"])]
    tell = list(dict.fromkeys(h.tell.rstrip(".") for h in wanted if h is not None))
    if tell:
        yield "- Data that would tell the hypotheses above apart: " + "; ".join(tell) + "."


def _alike(found: ValidationFindings) -> int:
    """Clusters that share all inputs of the model with another."""
    seen: dict[tuple[object, ...], int] = {}
    inputs = [
        (c.sector_group, c.ce_degree, c.market, c.network, c.quasi_hierarchy, c.hierarchy)
        for c in found.study.fitted_cases
    ]
    for each in inputs:
        seen[each] = seen.get(each, 0) + 1
    return sum(seen[each] > 1 for each in inputs)
