"""Does the body move, pull and press as published? Every target of ``mechanics/data/targets.yaml``, held to ours.

    python benchmarks/validation.py [--only O2 O4] [--json] [--model FILE.osim] [--recordings FOLDER]

A row passes, passes with a flag (a band of models instead of the measured one), or fails and says why. A failing row
is a finding about the model, not an error of this program: the exit status is 0.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from validation_exercises import exercises
from validation_geometry import geometry
from validation_knee import knee
from validation_running import running
from validation_setting import Setting, setting
from validation_stance import standing
from validation_targets import Outcome, targets

GROUPS = (geometry, standing, running, exercises, knee)


def outcomes(place: Setting, only: tuple[str, ...] = ()) -> list[Outcome]:
    """Return every target's outcome, in the order of the file; of the groups named, or all."""
    found: dict[str, Outcome] = {}
    for group in GROUPS:
        for one in group(place, only):
            found[one.target.id] = one
    wanted = [name for name in targets() if not only or _group(name) in only]
    return [found[name] for name in wanted]


def _group(name: str) -> str:
    return name[:3] if name[2:3].isdigit() else name[:2]


def table(rows: list[Outcome]) -> str:
    """Return the outcomes as aligned text, failures with their reason below."""
    lines = [f"{'target':22} {'published':52} {'accepted':>18} {'ours':>9} {'unit':14} result"]
    for one in rows:
        target = one.target
        accepted = (
            "" if target.least is None and target.most is None else f"{_n(target.least)} .. {_n(target.most)}"
        )
        mark = "flag" if one.flag else "pass" if one.passed else "FAIL"
        lines.append(
            f"{target.id:22} {target.published[:52]:52} {accepted:>18} {_n(one.ours):>9} {target.unit:14} {mark}"
        )
        if one.reason and (not one.passed or one.flag):
            lines.append(f"    {target.says}: {one.reason}")
    passed = sum(one.passed for one in rows)
    lines.append(f"{passed} of {len(rows)} pass, {sum(one.flag for one in rows)} of them with a flag")
    return "\n".join(lines)


def _n(value: float | bool | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.3g}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="*", default=[], help="target groups such as O2 O4")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--model", type=Path, help="an .osim file in place of Gerdy's own body")
    parser.add_argument(
        "--recordings", type=Path, help="folder of real recordings; walking and running need it"
    )
    given = parser.parse_args()
    rows = outcomes(setting(given.model, given.recordings), tuple(given.only))
    if given.json:
        json.dump([one.record() for one in rows], sys.stdout, indent=1)
        print()
    else:
        print(table(rows))


if __name__ == "__main__":
    main()
