"""What the page was started with, and what an address asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import parse_qs, urlencode

from model.language import say
from model.provenance import DOOR
from model.scenario.faults import Fault, InputError, show_path, toml_value
from model.viewer.design import DesignDraft, open_design
from model.viewer.library import AS_FILED, FOLDER, experiment_of, pick, ready_made
from model.viewer.visitors import Visitors


@dataclass(frozen=True)
class ViewRequest:
    """A view: a scenario by its key, one or two designs of it. ``settings`` are of each design."""

    scenario: str
    seed: int | None = None
    designs: tuple[str, ...] = (AS_FILED,)
    settings: tuple[tuple[str, ...], ...] = ((),)

    def query(self) -> str:
        """As the query of an address, so that a view can be passed on."""
        pairs = [("scenario", self.scenario)]
        if self.seed is not None:
            pairs.append(("seed", str(self.seed)))
        for name, design, settings in zip("ab", self.designs, self.settings, strict=False):
            pairs.append((f"design_{name}", design))
            pairs += [(f"set_{name}", setting) for setting in settings]
        return urlencode(pairs)


@dataclass
class Server:
    """Set once by the launcher; read by every page."""

    start: ViewRequest = field(default_factory=lambda: ViewRequest(""))
    files: Mapping[str, Path] = field(default_factory=dict)  # beside those that ship
    local: bool = True  # only this machine can reach the page, so it may open files
    folder: Path = field(default_factory=Path.cwd)  # the one below which it may
    visitors: Visitors = field(default_factory=Visitors)


SERVER = Server()


def requested_view(query: str | None) -> ViewRequest:
    """What an address asks for; what it does not say is as the command line said."""
    asked = parse_qs((query or "").lstrip("?"), keep_blank_values=True)
    start = SERVER.start
    if not asked:
        return start
    scenario = asked.get("scenario", [start.scenario])[0]
    known = start if scenario == start.scenario else ViewRequest(scenario)
    seed = asked["seed"][0] if "seed" in asked else None
    if seed is not None and not seed.isdecimal():
        fault = Fault("address", "seed", toml_value(seed), say("must be a whole number from 0"))
        raise InputError(fault)
    designs, settings = [], []
    for name in ("a", "b"):
        if f"design_{name}" in asked or name == "a":
            designs.append(asked.get(f"design_{name}", [known.designs[0]])[0])
            settings.append(tuple(asked.get(f"set_{name}", ())))
    return ViewRequest(scenario, int(seed) if seed else known.seed, tuple(designs), tuple(settings))


def file_of(scenario: str) -> Path:
    """The file of a scenario's key; InputError if none is served by that name."""
    return SERVER.files[scenario] if scenario in SERVER.files else pick(scenario)


def may_open(path: Path) -> Path:
    """A file that a visitor asks for by its path; InputError outside the library and the folder given."""
    if not SERVER.local:
        raise InputError(
            Fault("view", "file", "", say("can't be opened on a page for other machines"))
        )
    found = path.resolve()
    if not any(found.is_relative_to(folder.resolve()) for folder in (SERVER.folder, FOLDER)):
        allowed = say("lies outside {folder} and the library", folder=show_path(SERVER.folder))
        hint = say(
            "write {command}, which opens its folder", command=f"{DOOR} view {show_path(path)}"
        )
        raise InputError(Fault("view", "file", show_path(path), allowed, hint))
    return found


def designs_of(wanted: ViewRequest) -> tuple[DesignDraft, ...]:
    """The designs of a wish; InputError with what is wrong about it."""
    path = file_of(wanted.scenario)
    found = []
    for ready, settings in zip(wanted.designs, wanted.settings, strict=False):
        design = open_design(path, ready)
        if wanted.seed is not None:
            design = design.move(("run", "seed"), wanted.seed)
        for setting in settings:
            design = design.write(setting)
        design.scenario  # noqa: B018  found wrong here rather than later
        found.append(design)
    return tuple(found)


def twin_of(design: DesignDraft) -> DesignDraft:
    """What to set beside a design at first: the last of its experiment, or the baseline."""
    known = ready_made(design.filed.path)
    shelf = experiment_of(design.ready or next(iter(known), ""))
    arms = [ready for ready in known.values() if ready.key.startswith(f"{shelf}.")]
    others = [arm.key for arm in arms if arm.key != design.ready]
    here = known.get(design.ready)
    if here is not None and not here.baseline:
        others = [arm.key for arm in arms if arm.baseline]
    return replace(design, ready=others[-1]) if others else design


def twins(design: DesignDraft) -> tuple[DesignDraft, DesignDraft]:
    """A design and what to set beside it: what there is comes first, so that gains are gains."""
    other = twin_of(design)
    here = ready_made(other.filed.path).get(other.ready)
    return (other, design) if here is not None and here.baseline else (design, other)


def as_request(scenario: str, designs: Sequence[DesignDraft]) -> ViewRequest:
    """The wish that leads to these designs."""
    settings = tuple(
        tuple(
            f"{key} = {toml_value(value)}"
            for key, value in design.moved.items()
            if value is not None
        )
        for design in designs
    )
    return ViewRequest(scenario, None, tuple(design.ready for design in designs), settings)
