"""From an institution of a dossier to a design: type, knowledge, governance, access, reach, founding year.

All numbers are those of `calibration/data/coding.toml`, by type; how much money a body has is not known, so
the file holds the middle of a prior (`cases.money`). What only bargains or lends teaches nothing and makes
no key; fairs and export consortia, which sell and do not teach, are export promotion.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from calibration.evidence.coding import Coding
from calibration.evidence.dossiers import Dossier, InstitutionFact
from calibration.evidence.steps import OURS, Evidence, Step, Value
from model.theory.services import SERVICES

TAUGHT = ("experiential", "training", "certification", "information", "pioneering")
"""Kinds of knowledge that a body can pass on; with "market" beside them it also has firms meet."""
_SELLING = ("fair", "consortium")
_LONGEST = 32


def institution_steps(dossier: Dossier, led: Sequence[str], coding: Coding) -> Iterator[Step]:
    """Keys of the institutions of a cluster; `led`: chains that a leader governs."""
    names: set[str] = set()
    for body in dossier.institutions:
        name = _name(body.name, names)
        if body.type in _SELLING and not _kinds(body) - {"market", "information"}:
            yield from _promotion(name, body, dossier, coding)
        elif _kinds(body) & set(TAUGHT):
            yield from _design(name, body, dossier, led, coding)


def _kinds(body: InstitutionFact) -> set[str]:
    return set(body.knowledge)


def _promotion(
    name: str, body: InstitutionFact, dossier: Dossier, coding: Coding
) -> Iterator[Step]:
    said = _Sayer(f"instruments.{name}", body)
    yield said("title", _title(body), "The name to go by.")
    yield said("source", body.source, "Where the dossier has it from.")
    yield said("kind", "export_promotion", "It brings firms and buyers together.", body.type)
    yield _money("budget", said, body, coding)
    if opens := max(0, dossier.quarter(body.founded)):
        yield said("first", opens, "Founding year.", f"founded {body.founded}")


def _design(
    name: str, body: InstitutionFact, dossier: Dossier, led: Sequence[str], coding: Coding
) -> Iterator[Step]:
    said = _Sayer(f"institutions.{name}", body)
    yield said("title", _title(body), "The name to go by.")
    yield said("source", body.source, "Where the dossier has it from.")
    known = "; ".join(body.knowledge)
    services = _services(body, coding)
    yield said("services", services, "What a body does follows what it knows.", known)
    yield said("experiential", _experiential(body, coding), coding.pioneering.reason, known)
    if "certification" in body.knowledge:
        yield said("certifies", coding.certifies.value, coding.certifies.reason, known)
    access = _access(body, led, coding)
    why = coding.selective.reason if "quota" in access else coding.fees.reason
    yield said("access", access, why, body.access)
    board = _board(body, coding)
    yield said("board", board, "Who governs it has the seats (MP17).", body.governance)
    yield _money("donor" if body.governance == "foreign_aid" else "budget", said, body, coding)
    if opens := max(0, dossier.quarter(body.founded)):
        yield said("opens", opens, "Founding year.", f"founded {body.founded}")


class _Sayer:
    """Makes the steps of one body."""

    def __init__(self, table: str, body: InstitutionFact) -> None:
        self.table, self.body = table, body

    def __call__(self, key: str, value: Value, why: str, note: str = "") -> Step:
        body = self.body
        given = f"{body.name}; {body.type}, founded {body.founded}"
        evidence = Evidence.of(body)
        return Step("institution", given, f"{self.table}.{key}", value, why, note, evidence)


def _money(key: str, said: _Sayer, body: InstitutionFact, coding: Coding) -> Step:
    share = getattr(coding.reach, body.reach)
    note = f"not known: middle of {coding.money.prior} x {share:g}, reach {body.reach}"
    why = f"{coding.money.reason} {coding.reach.reason}"
    return replace(said(key, coding.money.value * share, why, note), evidence=OURS)


def _services(body: InstitutionFact, coding: Coding) -> dict[str, float]:
    """Shares added over the kinds of knowledge, normalised."""
    total = dict.fromkeys(SERVICES, 0.0)
    for kind in body.knowledge:
        for service in SERVICES if kind in coding.services else ():
            total[service] += getattr(coding.services[kind], service)
    in_all = sum(total.values())
    return {
        service: round(share / in_all, 3)
        for service, share in total.items()
        if share or service == "visit"
    }


def _experiential(body: InstitutionFact, coding: Coding) -> float:
    if "pioneering" not in body.knowledge:
        return 1.0
    beside = _kinds(body) & {"experiential", "training", "certification"}
    return coding.pioneering.value if beside else 0.0


def _access(body: InstitutionFact, led: Sequence[str], coding: Coding) -> dict[str, object]:
    if body.access == "contract" and led:
        return {"fee": coding.fees.contract, "chains": list(led)}
    fee = getattr(coding.fees, body.access)
    if body.access in ("selective", "contract"):
        return {"fee": fee, "quota": coding.selective.value, "participants": "chosen"}
    return {"fee": fee}


def _board(body: InstitutionFact, coding: Coding) -> dict[str, float]:
    joint = coding.joint_investment.value
    return {
        "state": {"government": 1.0},
        "foreign_aid": {"government": 1.0},
        "association": {"government": 0.0, "home_association": 1.0},
        "cooperative": {"government": 0.0, "home_association": 1.0},
        "joint": {"government": 1.0, "home_association": 1.0, "joint_investment": joint},
        "private": {"government": 0.0, "lead_firms": 1.0},
    }[body.governance]


def _title(body: InstitutionFact) -> str:
    return re.split(r"[,(:]", body.name)[0].strip()


def _name(text: str, taken: set[str]) -> str:
    """A key of that name, plain letters, not taken yet."""
    plain = unicodedata.normalize("NFKD", re.split(r"[,(:;]", text)[0])
    letters = plain.encode("ascii", "ignore").decode().lower().replace("'", "")
    words = re.findall(r"[a-z0-9]+", letters)
    name = _joined(words)
    while name in taken:
        name += "_too"
    taken.add(name)
    return name


def _joined(words: Iterable[str]) -> str:
    name = ""
    for word in words:
        longer = f"{name}_{word}" if name else word
        if name and len(longer) > _LONGEST:
            break
        name = longer
    return re.sub(r"(_(of|and|the|for|with|in))+$", "", name)
