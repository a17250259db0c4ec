"""The levels of the two papers as patterns, made from the evidence tables so that no number stands twice.

    sector means of the upgrading scores    as scorers see them, within a quarter of a point of
                                            GPR05 Tables 5 to 7
    collective efficiency by sector         within one point of GPR05 Table 2
    facts about small firms                 in the order of magnitude of MP17

Every level is that of the forty clusters of GPR05 in the last year of the run. Levels are what the model
is fitted to, so they are asked of the fitted model: of the medians of a posterior, those of the theory and
those of how experts score together, since they were inferred together. A sector mean is the score that an
expert can be expected to give (``measurement_model``), noise, rounding, the ends of the scale and the choice
of clusters included: an expert who errs scores nobody above 3 and nobody below 0, so that the mean score of
those near an end lies further inside. Without a posterior the levels are those of the defaults, and the
mean firm is taken for the cluster.

Clusters are in those tables because some upgrading had happened there, while the facts of MP17 are about
all small firms of a region: with those, only an order of magnitude can be asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from calibration.evidence.case_scenarios import CASES, SCENARIOS
from calibration.evidence.case_tables import (
    DIMENSIONS,
    Case,
    ContextFact,
    load_cases,
    load_context_facts,
    load_sector_collective_efficiency,
    scores,
)
from calibration.posterior.measurement_model import GRID, NAMES, Numbers, chances
from calibration.prior.overlay import lay_cases
from model.experiments.patterns.pattern_files import PatternFile, load_files
from model.experiments.patterns.pattern_kinds import Seen
from model.scenario import Scenario, load

PATTERNS = SCENARIOS / "patterns"
SCORE_WITHIN = 0.25  # half of the step in which the papers score
EFFICIENCY_WITHIN = 1.0  # of twelve: each of the four components half of a step off
MAGNITUDE = 2.0  # times as small or large
_SHIPPED = "levels"

_FACTS = {
    "smes_exporting_directly": ("exporters", "South America"),
    "small_firm_labour_productivity": ("productivity_gap", "South America"),
}
"""Facts that a measure answers to: fact -> measure, place of which the figure is taken."""
_NO_MEASURE = {
    "suppliers_per_export_firm": "Chile",
}
"""Facts that no measure answers to: a lead firm stands for all the export firms of its chain."""
_PERCENT = 100.0


class ExpertScores(Seen):
    """The score that an expert can be expected to give, at ``numbers`` of the measurement model."""

    numbers: dict[str, float]

    def scores(self, firms: np.ndarray) -> np.ndarray:
        """Expected score of each run in each dimension, (runs, 4); arguments as of ``Seen.scores``."""
        given = Numbers.of(np.array([[self.numbers[name] for name in NAMES]]))
        no_chance = np.zeros(firms.shape)  # each is one history
        return np.asarray((chances(given, firms[None], no_chance) @ GRID)[0])


def shipped_patterns(
    settings: Iterable[str] = (), fitted: Mapping[str, float] | None = None
) -> dict[str, PatternFile]:
    """The pattern files that ship, and the levels; ``settings`` are laid over every world.

    ``fitted``: numbers of a posterior, for the levels alone.
    """
    settings = list(settings)
    files = load_files(sorted(PATTERNS.glob("*.toml")), settings)
    return files | {_SHIPPED: levels(settings=settings, fitted=fitted)}


def levels(
    cases: Sequence[Case] | None = None,
    folder: Path = CASES,
    settings: Iterable[str] = (),
    fitted: Mapping[str, float] | None = None,
) -> PatternFile:
    """The levels as a pattern file: worlds are the scenarios of the cases.

    ``fitted`` (``medians`` of a posterior) is laid over them; where ``settings`` say the same key, they hold.
    """
    cases = load_cases() if cases is None else cases
    settings = list(settings)
    loaded = [load(folder / f"{case.case}.toml", settings) for case in cases]
    of_cases = {k: v for k, v in (fitted or {}).items() if k not in NAMES and not _set(k, settings)}
    laid = lay_cases(loaded, of_cases)
    worlds = {case.case: scenario for case, scenario in zip(cases, laid, strict=True)}
    seen = ExpertScores(numbers={name: fitted[name] for name in NAMES}) if fitted else None
    return PatternFile.model_validate(
        {
            "title": "Levels: sector means of GPR05 and facts of MP17",
            "source": "GPR05 Tables 2, 5, 6, 7; MP17, Weak GVC participation",
            "sampling": {"batch": 20, "most": 100},
            "worlds": worlds,
            "patterns": {
                **dict(_scores(cases, worlds, seen)),
                **dict(_efficiency(cases, worlds)),
                **dict(_facts(cases)),
            },
        }
    )


def _by_sector(cases: Sequence[Case]) -> dict[str, list[Case]]:
    sectors: dict[str, list[Case]] = {}
    for case in cases:
        sectors.setdefault(case.sector_group, []).append(case)
    return sectors


def _title(sector: str, worlds: dict[str, Scenario], cases: Sequence[Case]) -> str:
    return worlds[cases[0].case].sectors[sector].title


def _scores(
    cases: Sequence[Case], worlds: dict[str, Scenario], seen: Seen | None
) -> Iterator[tuple[str, Any]]:
    """A level for each sector and kind of upgrading, over the clusters that have the score."""
    for sector, members in _by_sector(cases).items():
        for dimension in DIMENSIONS:
            scored = {c.case: scores(c)[dimension] for c in members}
            given = {case: score for case, score in scored.items() if score is not None}
            if not given:
                continue
            mean = sum(given.values()) / len(given)
            yield (
                f"{sector}_{dimension}",
                {
                    "kind": "level",
                    "group": "GPR05 Tables 5 to 7: sector means",
                    "title": _title(sector, worlds, members),
                    "claim": f"The mean {dimension} score of {len(given)} clusters is {mean:.2f}.",
                    "source": "GPR05 Tables 5, 6, 7",
                    "worlds": tuple(given),
                    "between": {dimension: _around(mean, SCORE_WITHIN)},
                    "seen": seen,
                },
            )


def _efficiency(cases: Sequence[Case], worlds: dict[str, Scenario]) -> Iterator[tuple[str, Any]]:
    """The sums and the index of collective efficiency of each sector."""
    by_sector = _by_sector(cases)
    for row in load_sector_collective_efficiency():
        members = by_sector.get(row.sector_group)
        if not members:
            continue
        printed = {
            "external_economies": row.external_economies,
            "joint_action": row.joint_action,
            "collective_efficiency": row.ce_index,
        }
        yield (
            f"{row.sector_group}_efficiency",
            {
                "kind": "level",
                "group": "GPR05 Table 2: collective efficiency",
                "title": _title(row.sector_group, worlds, members),
                "claim": ", ".join(
                    f"{name.replace('_', ' ')} {v:g}" for name, v in printed.items()
                ),
                "source": "GPR05 Table 2",
                "worlds": tuple(case.case for case in members),
                "between": {m: _around(v, EFFICIENCY_WITHIN) for m, v in printed.items()},
            },
        )


def _facts(cases: Sequence[Case]) -> Iterator[tuple[str, Any]]:
    """Facts about small firms, in their order of magnitude."""
    for fact in load_context_facts():
        said = {
            "group": "MP17: orders of magnitude",
            "title": f"{fact.fact.replace('_', ' ').capitalize()}, {fact.place}",
            "claim": f"{_shown(fact)} {fact.unit}.",
            "source": fact.source,
        }
        measure, place = _FACTS.get(fact.fact, ("", ""))
        if fact.place == place:
            yield (
                fact.fact,
                said
                | {
                    "kind": "level",
                    "note": f"Within a factor of {MAGNITUDE:g} of the figure.",
                    "worlds": tuple(case.case for case in cases),
                    "between": {measure: _magnitude(fact)},
                },
            )
        elif _NO_MEASURE.get(fact.fact) == fact.place:
            note = "A lead firm stands for all export firms of its chain, which are not counted."
            yield fact.fact, said | {"kind": "absent", "note": note, "measures": (fact.fact,)}


def _shown(fact: ContextFact) -> str:
    if fact.high == fact.low:
        return f"{fact.low:g}"
    return f"{fact.low:g} to {fact.high:g}" if fact.high else f"{fact.low:g} or more"


def _set(key: str, settings: Iterable[str]) -> bool:
    """Whether a setting says what stands at a key, or the table in which it stands."""
    told = (setting.partition("=")[0].strip() for setting in settings)
    return any(f"{key}.".startswith(f"{each}.") for each in told)


def _around(value: float, within: float) -> tuple[float, float]:
    return round(value - within, 3), round(value + within, 3)


def _magnitude(fact: ContextFact) -> tuple[float, float]:
    """A share of one within a factor of what the fact says in percent."""
    high = fact.low if fact.high is None else fact.high
    most = high / _PERCENT * MAGNITUDE
    return round(fact.low / _PERCENT / MAGNITUDE, 4), round(min(1.0, most), 4)
