"""Pattern files: what the literature says the model must show, as data.

A pattern is a claim about a number that runs of some worlds give, with what is expected of it (the
kinds stand in ``kinds``). Worlds are whole scenarios, which mostly extend shared files, or the
arms of experiment files. Worlds that are compared run on the same random numbers. What counts as no
effect, and how narrow an interval has to be, is said in the file, by unit of measure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from model.experiments.experiment import load_experiment
from model.experiments.patterns.pattern_kinds import (
    OWNED_ABROAD,
    SHARE,
    Absent,
    AnyPattern,
    Contrast,
    Level,
    LevelChange,
    Margin,
    Rank,
    Sampling,
    measures_of,
    unit_of,
    worlds_of,
)
from model.experiments.points.firm_snapshots import FIRM_MEASURES
from model.measures import BY_NAME
from model.parameters import Section
from model.scenario.faults import (
    Fault,
    InputError,
    Misfit,
    MisfitError,
    show_key,
    show_path,
    suggest,
)
from model.scenario.files import Document, load_document, parse_document, set_values
from model.scenario.names_and_shares import Name
from model.scenario.schema import Scenario
from model.world.row_names import names_of


class PatternFile(Section):
    """A list of patterns with the worlds and margins that they need."""

    title: str = Field(description="one line that says what is examined")
    source: str = Field("", description="what it is drawn from")
    sampling: Sampling = Field(default_factory=Sampling, description="how many replicates")
    horizons: tuple[Annotated[int, Field(ge=1, le=1000)], ...] = Field(
        (),
        description="years at which effects are looked at again, since a sign must not depend on when",
    )
    margins: dict[str, Margin] = Field({}, description="what counts as an effect, by unit")
    experiments: dict[Name, str] = Field(
        {},
        description="experiment files, relative to this file: arm A of experiment E is world E_A",
    )
    worlds: dict[Name, Scenario] = Field({}, description="scenarios by name")
    patterns: dict[Name, AnyPattern] = Field(min_length=1, description="claims by name")

    @model_validator(mode="after")
    def _references(self) -> PatternFile:
        units = {measure.unit for measure in BY_NAME.values()} | {SHARE}
        misfits = [
            Misfit(("margins", unit), "is no unit of a measure", suggest(unit, sorted(units)))
            for unit in self.margins
            if unit not in units
        ]
        for name, pattern in self.patterns.items():
            for misfit in self._misfits(pattern):
                misfits.append(replace(misfit, key=("patterns", name, *misfit.key)))
        if misfits:
            raise MisfitError(*misfits)
        return self

    def _misfits(self, pattern: AnyPattern) -> Iterator[Misfit]:
        """What is wrong with the references of a pattern, by its own keys."""
        keys = worlds_of(pattern)
        unknown = [(key, world) for key, world in keys if world not in self.worlds]
        for key, world in unknown:
            yield Misfit((key,), f"there is no world {world!r}", suggest(world, self.worlds))
        if unknown or isinstance(pattern, Absent):
            return
        scenarios = [self.worlds[world] for _, world in keys]
        yield from _unlike(pattern, scenarios)
        yield from _unknown_places(pattern, scenarios)
        yield from _unknown_measures(pattern)
        for place, unit in _units(pattern):
            if unit not in self.margins and not isinstance(pattern, Level | LevelChange):
                hint = f"add [margins.{json.dumps(unit)}]"
                yield Misfit(place, f"has no margin for its unit, {unit!r}", hint)


def _unlike(pattern: AnyPattern, scenarios: list[Scenario]) -> Iterator[Misfit]:
    """Worlds that are compared and can't be."""
    key = worlds_of(pattern)[0][0]
    for what in ("ticks",) if isinstance(pattern, Level | LevelChange) else ("ticks", "seed"):
        values = sorted({getattr(scenario.run, what) for scenario in scenarios})
        if len(values) > 1:
            yield Misfit((key,), f"worlds of one pattern need one run.{what}, not {values}")


def _unknown_places(pattern: AnyPattern, scenarios: list[Scenario]) -> Iterator[Misfit]:
    """Communities, chains, institutions and quarters that the worlds do not have."""
    place = getattr(pattern, "community", None)
    lacking = [s for s in scenarios if place is not None and place not in s.communities]
    if lacking:
        allowed = f"a world of this pattern has no community {place!r}"
        yield Misfit(("community",), allowed, suggest(str(place), lacking[0].communities))
    among = getattr(pattern, "among", None)
    if isinstance(pattern, Contrast):
        yield from _unknown_body(("of",), pattern.of, scenarios[0])
    elif among is not None:
        yield from _unknown_body(("among", "of"), among.of, scenarios[0])
        if place is not None or getattr(pattern, "at", None) is not None:
            allowed = "goes with neither community nor at: firms are known at the end"
            yield Misfit(("among",), allowed)
    ticks = min(scenario.run.ticks for scenario in scenarios)
    for key in ("at", "early", "late"):
        window = getattr(pattern, key, None)
        if window is not None and not window[0] <= window[1] < ticks:
            yield Misfit((key,), f"must be two quarters in order, from 0 to {ticks - 1}")


def _unknown_body(key: tuple[str, ...], of: str, scenario: Scenario) -> Iterator[Misfit]:
    names = names_of(scenario)
    known = (*names.chains, *names.institutions, OWNED_ABROAD)
    if of not in known:
        yield Misfit(key, f"there is no chain or institution {of!r}", suggest(of, known))


def _unknown_measures(pattern: AnyPattern) -> Iterator[Misfit]:
    single = _of_single_firms(pattern)
    known = list(FIRM_MEASURES) if single else list(BY_NAME)
    for measure in measures_of(pattern):
        if measure not in known:
            allowed = "is no measure of a single firm" if single else "is no measure"
            yield Misfit((_said_in(pattern), measure), allowed, suggest(measure, known))


def _of_single_firms(pattern: AnyPattern) -> bool:
    return isinstance(pattern, Contrast) or getattr(pattern, "among", None) is not None


def _said_in(pattern: AnyPattern) -> str:
    """The key under which a pattern lists its measures."""
    return "between" if isinstance(pattern, Level | LevelChange) else "expect"


def _units(pattern: AnyPattern) -> Iterator[tuple[tuple[str, ...], str]]:
    """Where a unit comes in, and which."""
    if isinstance(pattern, Rank):
        yield ("top",), SHARE
    for measure in measures_of(pattern):
        if unit := unit_of(measure):
            yield (_said_in(pattern), measure), unit


def load_patterns(path: Path | str, settings: Iterable[str] = ()) -> PatternFile:
    """Read a pattern file; ``key=value`` settings are laid over every world.

    Raises InputError with one line for every fault.
    """
    settings = list(settings)
    document = load_document(path)
    with_arms = _with_arms(document, settings)
    file = parse_document(with_arms, PatternFile)
    own = tuple(document.data.get("worlds", ()))  # a table, or it were no pattern file
    if not settings or not own:
        return file
    parse_document(set_values(_world(document, own[0]), settings), Scenario)
    over_all = [f"worlds.{show_key((world,))}.{setting}" for world in own for setting in settings]
    return parse_document(set_values(with_arms, over_all), PatternFile)


def _with_arms(document: Document, settings: Iterable[str]) -> Document:
    """The document with the arms of its experiments among its worlds; they stand in one file only."""
    files = document.data.get("experiments", {})
    if not isinstance(files, dict) or not isinstance(document.data.get("worlds", {}), dict):
        return document  # said when it is parsed
    worlds = dict(document.data.get("worlds", {}))
    for name, relative in files.items():
        if not isinstance(relative, str):
            continue
        experiment = load_experiment(document.path.parent / relative, settings)
        for arm, scenario in experiment.scenarios.items():
            world = f"{name}_{arm}"
            if world in worlds:
                key, allowed = show_key(("worlds", world)), f"is arm {arm!r} of {relative} already"
                raise InputError(
                    Fault(show_path(document.path), key, "", allowed, "give it another name")
                )
            worlds[world] = scenario.model_dump(mode="json", exclude_none=True)
    return replace(document, data=document.data | {"worlds": worlds})


def load_files(paths: Iterable[Path | str], settings: Iterable[str] = ()) -> dict[str, PatternFile]:
    """Pattern files by name without ending, or by path where two have the same name."""
    settings = list(settings)
    files: dict[str, PatternFile] = {}
    for path in paths:
        name = Path(path).stem
        files[str(path) if name in files else name] = load_patterns(path, settings)
    return files


def _world(document: Document, name: str) -> Document:
    """One world of a pattern file as a document of its own, so that a bad setting is told once."""
    origins = {k[2:]: file for k, file in document.origins.items() if k[:2] == ("worlds", name)}
    return replace(document, data=document.data["worlds"][name], origins=origins)
