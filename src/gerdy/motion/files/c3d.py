"""C3D files: markers, force plates and other analog channels, read with ezc3d."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np

from gerdy.errors import FileError
from gerdy.motion.files.content import Content, found, some, warning
from gerdy.motion.files.trc import unique_markers
from gerdy.motion.frames import LENGTHS, length_factor
from gerdy.motion.recording import Array, Markers, Note, Plate


def read_c3d(path: str | Path) -> Content:
    """Return markers (m), plates (N, m, N m, acting on the person) and analog channels, in the axes of the file.

    Time counts from the first frame that was ever recorded, as the file's own events do.

    Raises
    ------
    FileError
        If the file is no C3D file or is cut off.
    """
    content, notes = _open(path)
    parameters = content["parameters"]
    header = content["header"]
    rate = float(header["points"]["frame_rate"])
    first = int(header["points"]["first_frame"])
    if rate <= 0:
        raise FileError(f"{path}: POINT:RATE is {rate:g}; a C3D file needs the frames a second.")
    markers = _markers(content, rate, first, notes)
    notes += _cut_off(Path(path).read_bytes(), int(np.shape(content["data"]["points"])[2]))
    analog_rate = float(header["analogs"]["frame_rate"]) or rate
    plates, used = _plates(content, analog_rate, first / rate, path, notes)
    other = _channels(content, analog_rate, first / rate, used, notes)
    events = _value(parameters, "EVENT", "USED")
    if events is not None and len(events) and int(events[0]):
        notes.append(found(f"{int(events[0])} events are marked in the file; Gerdy finds its own."))
    if markers is None and not plates and not other:
        raise FileError(f"{path}: holds neither markers nor forces.")
    return Content(str(path), "c3d", markers=markers, plates=plates, other=other, notes=tuple(notes))


def _open(path: str | Path) -> tuple[Any, list[Note]]:
    import ezc3d  # noqa: PLC0415 - costs 60 ms that only a C3D file should

    if not Path(path).is_file():
        raise FileError(f"{path}: cannot be read (no such file); check the name.")
    if Path(path).read_bytes()[1:2] != b"\x50":
        raise FileError(f"{path}: is no C3D file (its second byte must be 0x50); export it again.")
    try:
        return ezc3d.c3d(str(path), extract_forceplat_data=True), []
    except Exception as error:  # ezc3d raises whatever its parser met
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    try:
        content = ezc3d.c3d(str(path))
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise FileError(
            f"{path}: cannot be read as C3D ({reason}); it may be cut off, export it again."
        ) from error
    return content, [warning(f"its force plates cannot be read ({reason}); markers only.")]


def _cut_off(raw: bytes, held: int) -> list[Note]:
    """Return a warning where the file holds fewer frames than its first block counts (words 4 and 5 of the format)."""
    parameters = (raw[0] - 1) * 512
    big = (
        len(raw) > parameters + 3 and raw[parameters + 3] == 86
    )  # the number that stands for MIPS byte order
    first, last = struct.unpack_from(">HH" if big else "<HH", raw, 6)
    # 16 bits count to 65535; longer recordings keep their length elsewhere.
    counted = last - first + 1
    if last == 65535 or counted <= 0 or held >= counted:
        return []
    return [warning(f"counts {counted} frames but holds only {held}: the file is cut off.")]


def _value(parameters: Any, group: str, name: str) -> Any:
    try:
        return parameters[group][name]["value"]
    except (KeyError, TypeError):
        return None


def _markers(content: Any, rate: float, first: int, notes: list[Note]) -> Markers | None:
    points = np.asarray(content["data"]["points"], dtype=float)
    if points.shape[1] == 0 or points.shape[2] == 0:
        return None
    position = np.ascontiguousarray(points[:3].transpose(2, 1, 0))
    position[(position == 0.0).all(axis=2)] = np.nan
    labels = _all_labels(content["parameters"], "POINT", position.shape[1])
    virtual = _scalars(content["parameters"])
    bare = [i for i, name in enumerate(labels) if not name or name.startswith("*")]
    if bare:
        notes.append(warning(f"{len(bare)} of {len(labels)} markers have no label and are left out."))
    derived = [i for i, name in enumerate(labels) if name in virtual]
    if derived:
        notes.append(
            found(f"{len(derived)} computed columns (angles, forces, powers) among the markers left out.")
        )
    kept = [i for i in range(len(labels)) if i not in bare and i not in derived]
    if not kept:
        notes.append(warning("no marker has a label; label them in the program that recorded them."))
        return None
    units = _value(content["parameters"], "POINT", "UNITS")
    names, position = unique_markers([labels[i] for i in kept], position[:, kept], notes)
    factor, more = length_factor(units[0] if units else None, position)
    notes += more
    time = (first + np.arange(len(position))) / rate
    notes.insert(
        0,
        found(
            f"{len(names)} markers, {len(time)} frames at {rate:g} a second.",
            time=(float(time[0]), float(time[-1])),
        ),
    )
    if first:
        notes.append(
            found(f"frame 1 of the file is frame {first + 1} of the recording; time counts from the latter.")
        )
    return Markers(time, names, position * factor)


def _all_labels(parameters: Any, group: str, number: int) -> list[str]:
    """Return labels with any subject prefix (``JA1:LASI``) taken off; further ones stand in LABELS2, LABELS3."""
    labels: list[str] = []
    for suffix in ("", "2", "3", "4"):
        labels += _value(parameters, group, "LABELS" + suffix) or []
    labels = [str(label).strip().rsplit(":", 1)[-1] for label in labels]
    return (labels + [""] * number)[:number]


def _scalars(parameters: Any) -> set[str]:
    """Return the labels that hold no positions: POINT:ANGLES, FORCES, MOMENTS, POWERS and SCALARS name them."""
    names: set[str] = set()
    for group in ("ANGLES", "FORCES", "MOMENTS", "POWERS", "SCALARS"):
        names |= {str(name).strip().rsplit(":", 1)[-1] for name in _value(parameters, "POINT", group) or []}
    return names - {""}


def _plates(
    content: Any, rate: float, start: float, path: str | Path, notes: list[Note]
) -> tuple[tuple[Plate, ...], set[int]]:
    plates = []
    used: set[int] = set()
    channel = _value(content["parameters"], "FORCE_PLATFORM", "CHANNEL")
    for i, raw in enumerate(content["data"].get("platform", [])):
        name = f"plate_{i + 1}"
        if channel is not None and np.ndim(channel) == 2 and i < np.shape(channel)[1]:
            used |= {int(c) - 1 for c in np.asarray(channel)[:, i]}
        metres = LENGTHS.get(str(raw["unit_position"]).casefold())
        newtons = {"n": 1.0, "kn": 1000.0}.get(str(raw["unit_force"]).casefold())
        newton_metres = {"nmm": 0.001, "nm": 1.0, "n.m": 1.0, "n*m": 1.0, "n.mm": 0.001}.get(
            str(raw["unit_moment"]).replace(" ", "").casefold()
        )
        if metres is None or newtons is None or newton_metres is None:
            raise FileError(
                f"{path}: {name}: units '{raw['unit_force']}', '{raw['unit_moment']}', '{raw['unit_position']}' "
                "are not known; write N, Nmm or Nm, mm or m."
            )
        force = np.ascontiguousarray(np.asarray(raw["force"], dtype=float).T) * newtons
        point = np.ascontiguousarray(np.asarray(raw["center_of_pressure"], dtype=float).T) * metres
        moment = np.nan_to_num(np.ascontiguousarray(np.asarray(raw["Tz"], dtype=float).T)) * newton_metres
        corners = np.asarray(raw["corners"], dtype=float).T * metres
        if not len(force):
            notes.append(warning("has no samples; left out.", name))
            continue
        if not np.any(force):
            notes.append(found("was not stepped on: it reads zero throughout.", name))
        time = start + np.arange(len(force)) / rate
        plates.append(
            Plate(name, time, force, point, moment, corners if np.isfinite(corners).all() else None)
        )
    if plates:
        notes.append(found(f"{len(plates)} force plates at {rate:g} samples a second."))
    return tuple(plates), used


def _channels(
    content: Any, rate: float, start: float, used: set[int], notes: list[Note]
) -> dict[str, tuple[Array, Array]]:
    analogs = np.asarray(content["data"]["analogs"], dtype=float)
    if analogs.ndim != 3 or not analogs.shape[2]:
        return {}
    labels = _all_labels(content["parameters"], "ANALOG", analogs.shape[1])
    time = start + np.arange(analogs.shape[2]) / rate
    other = {
        labels[i] or f"channel_{i + 1}": (time, analogs[0, i])
        for i in range(analogs.shape[1])
        if i not in used
    }
    if other:
        notes.append(found(f"{len(other)} analog channels kept as they are: {some(list(other))}."))
    return other
