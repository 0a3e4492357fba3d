"""Kill -9 at any moment: nothing acknowledged is lost, nothing is doubled, and everything is back at once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from records.postgres import Server
from records.writer import KEY, PEOPLE, event

from gerdy.records import open_records

WRITER = Path(__file__).with_name("writer.py")
KILLS = 160  # of the writer, on each database
FIRST_LIFE = 0.1  # s, at most; later ones grow while too little is written, and shrink while it is much
PLENTY = 60  # events in one life
CRASHES = 10  # of PostgreSQL itself
LONGEST_RESTART = 3.0  # s, from an empty interpreter to an event on disk
RETRIES = 3  # events sent again after a restart, as from an offline queue


class Victim:
    """A process that writes, and what it said was kept."""

    def __init__(self, where: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, WRITER, where], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.orders: IO[str] = self.process.stdin
        self.told: IO[str] = self.process.stdout
        self.kept = -1  # the last number said to be kept
        self.lives: list[int] = []  # how many events were kept in each life

    def live(self) -> int:
        """Begin to write after the last event that was kept, a few of those once more; return the process id."""
        self.orders.write(f"{max(self.kept + 1 - RETRIES, 0)}\n")
        self.orders.flush()
        self.lives.append(0)
        while True:
            word, number = self.told.readline().split()
            if word == "child":
                return int(number)
            assert word == "kept"
            self._keep(int(number))

    def die(self, *, failing: bool = False) -> None:
        """Read what was said until the end; ``failing`` allows a life that ended with an error."""
        for line in self.told:
            word, _, rest = line.partition(" ")
            if word.strip() == "gone":
                return
            if word == "kept":
                self._keep(int(rest))
            else:
                assert failing, line
                assert "StorageError" in line, line

    def _keep(self, number: int) -> None:
        self.lives[-1] += number > self.kept
        self.kept = max(self.kept, number)


@contextmanager
def victim(where: str) -> Iterator[Victim]:
    """Give a victim, which is gone afterwards."""
    started = Victim(where)
    try:
        yield started
    finally:
        started.orders.close()
        assert started.process.wait(30) == 0
        started.told.close()


def check(where: str, kept: int) -> None:
    """Check that all events up to a number are there, in order, and at most one that was under way."""
    with open_records(where, master_key=KEY) as records:
        assert records.verify(unseal=True).ok
        there = {one.id: one for person in PEOPLE for one in records.timeline(person, actor=person)}
        total = records.verify().events
    assert total == len(there), "none is doubled"
    assert kept + 1 <= total <= kept + 2, "none is lost, none is made up"
    for number in range(total):
        assert there[event(number).id].seq == number // len(PEOPLE) + 1
        assert there[event(number).id].body == event(number).body


def restart(where: str, number: int) -> float:
    """Return how long a new process takes from nothing to an event on disk, in seconds."""
    code = (
        "import sys; from records.writer import KEY, event; from gerdy.records import open_records\n"
        f"with open_records({where!r}, master_key=KEY) as records: records.append(event({number}))"
    )
    start = time.monotonic()
    path = os.pathsep.join([str(WRITER.parents[1]), os.environ.get("PYTHONPATH", "")])
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": path})
    return time.monotonic() - start


@pytest.mark.slow
def test_killed_while_writing_loses_nothing_and_doubles_nothing(where: str) -> None:
    chance, life = random.Random(4711), FIRST_LIFE
    with victim(where) as writer:
        for turn in range(KILLS):
            process = writer.live()
            time.sleep(chance.uniform(0, life))
            os.kill(process, signal.SIGKILL)
            writer.die()
            # However fast the machine is: killed while opening, while writing, and after much was written.
            life *= 1.1 if writer.lives[-1] == 0 else 0.8 if writer.lives[-1] > PLENTY else 1.0
            if turn % 50 == 49:
                check(where, writer.kept)
        check(where, writer.kept)
    assert len(writer.lives) == KILLS
    assert sum(count > 0 for count in writer.lives) > KILLS / 4, "most lives must get to write"
    took = restart(where, writer.kept + 1)
    assert took <= LONGEST_RESTART
    print(f"{KILLS} kills, {writer.kept + 1} events kept, restart in {took:.2f} s")  # noqa: T201


@pytest.mark.slow
def test_postgresql_itself_killed_loses_nothing_and_doubles_nothing(mortal_postgres: Server) -> None:
    """Every process of the server dies at once, as in a power cut; the writer comes back with it."""
    chance = random.Random(815)
    where = mortal_postgres.database()
    with victim(where) as writer:
        for _ in range(CRASHES):
            writer.live()
            time.sleep(chance.uniform(0.05, 0.5))
            mortal_postgres.crash()
            writer.die(failing=True)
            mortal_postgres.start()
        check(where, writer.kept)
    assert sum(count > 0 for count in writer.lives) > CRASHES / 2
    took = restart(where, writer.kept + 1)
    assert took <= LONGEST_RESTART
    print(f"{CRASHES} crashes of PostgreSQL, {writer.kept + 1} events kept, restart in {took:.2f} s")  # noqa: T201
