"""What makes loads doubtful: postures that did not converge, residual forces, moments that muscles cannot give."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gerdy.mechanics.body import Body
from gerdy.mechanics.ik import Fit
from gerdy.mechanics.loads import Loads
from gerdy.mechanics.mjcf import GRAVITY
from gerdy.mechanics.sweep import Ground
from gerdy.motion.recording import Note, NoteKind

Array = NDArray[np.float64]

RESIDUAL = 0.10  # of the peak ground force; a larger force (RMS) that nothing explains is warned of (assumed, grade E)
LACK = 0.05  # of a coordinate's peak moment that muscles may leave open (assumed, grade E)
LEAST_LACK = 1.0  # N m
MISFIT = 0.04  # m RMS of all markers of a frame; real recordings stay below 0.03 (assumed, grade E)


def doubts(
    body: Body,
    time: Array,
    loads: Loads,
    solved: Fit | None,
    ground: Ground,
    unknown: NDArray[np.bool_] | None,
) -> list[Note]:
    """Return a warning for everything that may spoil the loads, with time, size and likely cause.

    ``unknown`` (t,) marks frames whose ground force is not known; None where no plate was read at all.
    """
    notes = []
    if solved is not None and not solved.converged.all():
        where = np.flatnonzero(~solved.converged)
        notes.append(
            Note(
                NoteKind.WARNING,
                f"posture did not converge in {len(where)} frames.",
                time=(float(time[where[0]]), float(time[where[-1]])),
            )
        )
    if not loads.settled.all():
        where = np.flatnonzero(~loads.settled)
        notes.append(
            Note(
                NoteKind.WARNING,
                f"effort could not be shared to tolerance in {len(where)} frames; do not use them.",
                time=(float(time[where[0]]), float(time[where[-1]])),
            )
        )
    notes += _misfits(time, solved)
    known = np.ones(len(time), dtype=bool) if unknown is None else ~unknown
    if unknown is not None and known.any():
        notes += _residuals(body, time[known], loads.moment[known], ground.force[known])
    notes += _overloads(body, time, loads, known, measured=unknown is not None)
    return notes


def _misfits(time: Array, solved: Fit | None) -> list[Note]:
    """Return a warning where the body cannot be brought near its markers."""
    if solved is None:
        return []
    seen = np.isfinite(solved.residual)
    total = np.where(seen, solved.residual, 0.0) ** 2
    off = np.sqrt(total.sum(axis=1) / np.maximum(seen.sum(axis=1), 1))
    worst, count = int(np.argmax(off)), int((off > MISFIT).sum())
    if count == 0:
        return []
    return [
        Note(
            NoteKind.WARNING,
            f"in {count} frames markers lie {1e3 * MISFIT:.0f} mm (RMS) or more off the body, at most "
            f"{1e3 * off[worst]:.0f} mm: names exchanged, wrong units, or another person's body.",
            time=(float(time[worst]), float(time[worst])),
        )
    ]


def _residuals(body: Body, time: Array, moment: Array, force: Array) -> list[Note]:
    """Return a warning where the pelvis would need a hand: forces, mass or timing do not agree."""
    columns = [body.column(f"pelvis_t{axis}") for axis in "xyz" if f"pelvis_t{axis}" in body.coordinates]
    size = np.linalg.norm(moment[:, columns], axis=1) / (body.mass * GRAVITY)
    typical, worst = float(np.sqrt((size**2).mean())), int(np.argmax(size))
    peak = float(np.linalg.norm(force.sum(axis=1), axis=1).max()) / (body.mass * GRAVITY)
    if typical <= RESIDUAL * peak:
        return []
    return [
        Note(
            NoteKind.WARNING,
            f"residual force on the pelvis {100 * typical:.0f} % of body weight (RMS), at most "
            f"{100 * size[worst]:.0f} %: a force on the wrong foot, wrong units or mass, or a plate that missed a "
            "step.",
            column="pelvis",
            time=(float(time[worst]), float(time[worst])),
        )
    ]


def _overloads(
    body: Body, time: Array, loads: Loads, known: NDArray[np.bool_], *, measured: bool
) -> list[Note]:
    """Return a warning for every coordinate whose muscles could not give its moment, with the likely cause."""
    notes = []
    cause = "weight that did not rest on this foot, for no force was measured"
    if measured:
        cause = "a force on the wrong foot, units, a point of force that is off, or too little filtering"
    for i, name in enumerate(body.coordinates):
        peak = float(np.abs(loads.moment[known, i]).max(initial=0.0))
        worst = int(np.argmax(np.abs(loads.reserve[:, i]) * known))
        lack = float(loads.reserve[worst, i])
        if abs(lack) <= max(LACK * peak, LEAST_LACK):
            continue
        own = name[-2:] if name.endswith(("_r", "_l")) else ""
        full = [
            m
            for m, high in zip(body.muscles, loads.saturated[worst], strict=True)
            if high and m.endswith(own)
        ]
        notes.append(
            Note(
                NoteKind.WARNING,
                f"asked for {loads.moment[worst, i]:.0f} N m, muscles gave {loads.moment[worst, i] - lack:.0f}; "
                f"at full effort: {', '.join(full) or 'none'}. Likely {cause}; else a muscle weaker than this movement "
                "needs.",
                column=name,
                time=(float(time[worst]), float(time[worst])),
            )
        )
    return notes
