"""What the body's mechanics must reproduce, and how a computed value is held against it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from gerdy.errors import GerdyError


@dataclass(frozen=True)
class Target:
    """One sub-claim: what is published, and the least and most that is accepted (None: open; both None: a sign)."""

    id: str
    says: str
    published: str
    unit: str
    least: float | None
    most: float | None
    source: tuple[str, ...]
    grade: str
    status: str = "seen"
    flagged: tuple[float, float] | None = None


@dataclass(frozen=True)
class Outcome:
    """A target with what was found: ``ours`` in the target's unit, True or False for a sign, None if not computed."""

    target: Target
    ours: float | bool | None
    passed: bool
    flag: bool = False
    reason: str = ""

    def record(self) -> dict[str, Any]:
        """Return one flat row for JSON; what is no number is null."""
        row = asdict(self.target)
        ours = None if self.ours is None or math.isnan(self.ours) else self.ours
        row.update(ours=ours, passed=self.passed, flag=self.flag, reason=self.reason)
        return row


@cache
def document() -> dict[str, Any]:
    """Return the shipped file of targets."""
    path = resources.files("gerdy.mechanics") / "data" / "targets.yaml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return loaded


@cache
def targets() -> dict[str, Target]:
    """Return every target by id, in the order of the file; tables are spread into one target per cell."""
    file = document()
    listed = [_row(row) for row in file["rows"]]
    spread = [*_arms(file["moment_arms"]), *_paths(file["path_changes"]), *_rates(file["step_rate"])]
    found = {one.id: one for one in [*listed, *spread]}
    order = sorted(found, key=lambda name: (int("".join(c for c in name[1:3] if c.isdigit())), name))
    return {name: found[name] for name in order}


def judge(name: str, ours: float | bool | None, reason: str = "") -> Outcome:
    """Hold a value against its target; ``reason`` says how it came about, or why it fails."""
    target = targets()[name]
    if ours is None or isinstance(ours, bool):
        return Outcome(target, ours, ours is True, reason=reason)
    inside = (target.least is None or ours >= target.least) and (target.most is None or ours <= target.most)
    if inside or target.flagged is None:
        return Outcome(target, ours, inside, reason=reason)
    flag = target.flagged[0] <= ours <= target.flagged[1]
    return Outcome(target, ours, flag, flag, reason)


def missing(names: Iterable[str], reason: str) -> list[Outcome]:
    """Return a failing row for each target that could not be computed."""
    return [judge(name, None, reason) for name in names]


def attempt(names: Iterable[str], compute: Callable[[], list[Outcome]]) -> list[Outcome]:
    """Return what ``compute`` finds; where the program refuses or lacks a part, every target fails and says why."""
    names = list(names)
    try:
        found = compute()
    except GerdyError as error:
        return missing(names, f"refused: {error}")
    except ModuleNotFoundError as error:
        return missing(names, f"needs {error.name}, which is not there")
    absent = set(names) - {one.target.id for one in found}
    return found + missing(sorted(absent), "not computed")


def _row(row: dict[str, Any]) -> Target:
    least, most = row["accept"] or (None, None)
    flagged = row.get("flagged")
    return Target(
        id=row["id"],
        says=row["says"],
        published=str(row["published"]),
        unit=row["unit"],
        least=least,
        most=most,
        source=tuple(row["source"]),
        grade=row["grade"],
        status=row["status"],
        flagged=None if flagged is None else (flagged[0], flagged[1]),
    )


def _arms(table: dict[str, Any]) -> Iterable[Target]:
    basis = {"source": tuple(table["source"]), "grade": table["grade"], "status": "computed"}
    for muscle, cells in table["muscles"].items():
        for column, (low, high) in zip(table["columns"], cells, strict=True):
            wider = max(table["tolerance"]["mm"], table["tolerance"]["share"] * max(abs(low), abs(high)))
            yield Target(
                id=f"O2 {muscle} {column['id']}",
                says=f"moment arm of {muscle}, {column['id'].replace('_', ' ')}",
                published=f"{low} to {high}",
                unit="mm",
                least=low - wider,
                most=high + wider,
                **basis,
            )
    for muscle in table["switches"]:
        says = f"{muscle} turns from external to internal rotator between 0 and 90 degrees of flexion"
        yield Target(f"O2 {muscle} switches", says, "sign", "sign", None, None, **basis)
    for muscle in table["weaker"]:
        says = f"{muscle} abducts less at 90 degrees of flexion and in adduction than at neutral"
        yield Target(f"O2 {muscle} weaker", says, "sign", "sign", None, None, **basis)


def _paths(table: dict[str, Any]) -> Iterable[Target]:
    for row in table["poses"]:
        low, high = min(row["models"]), max(row["models"])
        widen = table["tolerance"]
        least = low - max(widen["mm"], widen["share"] * abs(low))
        most = high + max(widen["mm"], widen["share"] * abs(high))
        if "within" in row:
            least, most = -row["within"], row["within"]
        yield Target(
            id=f"O3 {row['id']}",
            says=f"path of tensor and band, {row['id'].replace('_', ' + ')}",
            published=", ".join(f"{value:g}" for value in row["models"]),
            unit="mm",
            least=least,
            most=most,
            source=tuple(table["source"]),
            grade=table["grade"],
            status="computed",
        )


def _rates(table: dict[str, Any]) -> Iterable[Target]:
    for row in table["measures"]:
        for rate, value in zip(table["rates"], row["values"], strict=True):
            yield Target(
                id=f"{row['id']} {rate:+d} %",
                says=f"{row['says']} at {rate:+d} % step rate",
                published=f"{value:g}, tolerance {row['tolerance']:g}",
                unit=row["unit"],
                least=value - row["tolerance"],
                most=value + row["tolerance"],
                source=tuple(table["source"]),
                grade=table["grade"],
            )
