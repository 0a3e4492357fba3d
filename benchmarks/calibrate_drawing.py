"""Calibrate the drawing model: ``python benchmarks/calibrate_drawing.py [--each 100] [--write]``.

Prints, for painted drawings and for ticked regions, the log-loss over a grid of temper and leak;
``--write`` puts the best pairs into src/gerdy/chart/data/manner.yaml.
"""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path

import msgspec
import numpy as np

from gerdy.atlas import load_atlas
from gerdy.chart.calibration import Weighed, simulate, weigh
from gerdy.chart.manner import drawing_model
from gerdy.chart.table import build_table

FILE = Path(__file__).parents[1] / "src" / "gerdy" / "chart" / "data" / "manner.yaml"
TEMPERS = {
    "cells": [0.01, 0.02, 0.03, 0.035, 0.04, 0.045, 0.05, 0.055, 0.06, 0.07, 0.08, 0.1, 0.15, 0.3, 1.0],
    "regions": [0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.3],
}
LEAKS = {
    "cells": [0.001, 0.003, 0.006, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.07, 0.1],
    "regions": [0.005, 0.01, 0.02, 0.03, 0.045, 0.06, 0.08, 0.11, 0.15],
}


def report(kind: str, found: list[Weighed]) -> None:
    print(f"\n{kind}: best of {len(found)} pairs")
    for pair in found[:6]:
        print(
            f"  temper {pair.temper:<6g} leak {pair.leak:<7g} log-loss {pair.log_loss:.4f}"
            f"  first {pair.first:.1%}  in three {pair.in_three:.1%}"
        )
    independent = [pair for pair in found if pair.temper == 1.0]
    print(f"  as if independent (temper 1): log-loss {min(pair.log_loss for pair in independent):.3f}")


def write(best: dict[str, Weighed], people: int, seed: int) -> None:
    text = FILE.read_text("utf-8")
    for kind, pair in best.items():
        line = f"{kind}: {{temper: {pair.temper:g}, leak: {pair.leak:g}}}"
        text = re.sub(rf"(?m)^{kind}: \{{temper.*$", line, text)
    losses = f"log_loss_cells: {best['cells'].log_loss:.4f}, log_loss_regions: {best['regions'].log_loss:.4f}"
    text = re.sub(
        r"(?m)^calibration: .*$", f"calibration: {{people: {people}, seed: {seed}, {losses}}}", text
    )
    FILE.write_text(text, "utf-8")
    print(f"\nwrote {FILE.name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--each", type=int, default=100, help="drawings of each source")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    # The maps at their word: temper and leak say how people draw, whatever the maps are worth (calibrate_trust).
    table = build_table(load_atlas(), msgspec.structs.replace(drawing_model(), trust=1.0))
    start = time.perf_counter()
    people = simulate(table, given.each, np.random.default_rng(given.seed))
    print(
        f"{len(people.truth)} drawings of {len(table.sources)} sources in {time.perf_counter() - start:.0f} s"
    )
    print(
        f"chance log-loss {np.log(len(table.sources)):.3f}; {people.ticked.sum(1).mean():.1f} regions ticked"
    )
    best = {}
    for kind, layer, painted in (
        ("cells", table.cells, people.painted),
        ("regions", table.regional, people.ticked),
    ):
        found = weigh(table, layer, (painted, people.truth), tempers=TEMPERS[kind], leaks=LEAKS[kind])
        report(kind, found)
        best[kind] = found[0]
    if given.write:
        write(best, len(people.truth), given.seed)


if __name__ == "__main__":
    main()
