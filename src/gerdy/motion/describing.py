"""What is in a recording, in a few lines for people."""

from __future__ import annotations

import numpy as np

from gerdy.motion.forces import peak
from gerdy.motion.gaps import runs
from gerdy.motion.recording import Angles, Markers, Motion, Plate


def describe(motion: Motion) -> list[str]:
    """Return lines on a recording: markers, rate, duration, gaps, plates with peak force, coordinates, notes."""
    lines = [f"{motion.name} ({', '.join(motion.sources)})"]
    if motion.markers is not None:
        lines += _markers(motion.markers)
    for plate in motion.plates:
        lines.append(_plate(plate))
    if motion.angles is not None:
        lines += _angles(motion.angles)
    if motion.other:
        lines.append(
            f"other: {len(motion.other)} columns ({', '.join(list(motion.other)[:8])}{_more(motion.other, 8)})"
        )
    lines += [f"  {note}" for note in motion.notes]
    return lines


def _clock(time: np.ndarray) -> str:
    rate = (len(time) - 1) / (time[-1] - time[0]) if len(time) > 1 else float("nan")
    return f"{time[0]:.3f} to {time[-1]:.3f} s, {len(time)} frames at {rate:.5g} Hz"


def _more(items: object, shown: int) -> str:
    number = len(items) if hasattr(items, "__len__") else 0
    return f", and {number - shown} more" if number > shown else ""


def _markers(markers: Markers) -> list[str]:
    missing = ~np.asarray(np.isfinite(markers.position).all(axis=2))
    lines = [f"markers: {len(markers.names)}, {_clock(markers.time)}", f"  {', '.join(markers.names)}"]
    if not missing.any():
        return [*lines, "  no gaps"]
    worst = sorted(range(len(markers.names)), key=lambda i: -int(missing[:, i].sum()))
    worst = [i for i in worst if missing[:, i].any()]
    parts = []
    for i in worst[:5]:
        gaps = len(runs(missing[:, i]))
        parts.append(
            f"{markers.names[i]} {100 * missing[:, i].mean():.2g} % in {gaps} {'gap' if gaps == 1 else 'gaps'}"
        )
    return [*lines, f"  open gaps in {len(worst)} markers: {'; '.join(parts)}{_more(worst, 5)}"]


def _plate(plate: Plate) -> str:
    highest = peak(plate)
    if highest == 0.0:
        return f"plate {plate.name}: no force"
    loaded = np.nan_to_num(plate.force[:, 1]) > 0
    contacts = len(runs(loaded))
    at = float(plate.time[int(np.nanargmax(plate.force[:, 1]))])
    return (
        f"plate {plate.name}: peak {highest:.0f} N at {at:.3f} s, "
        f"{contacts} {'contact' if contacts == 1 else 'contacts'}, {_clock(plate.time)}"
    )


def _angles(angles: Angles) -> list[str]:
    shown = ", ".join(angles.names)
    return [f"coordinates: {len(angles.names)}, {_clock(angles.time)}", f"  {shown}"]
