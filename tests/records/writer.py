"""Write events as fast as the database takes them, until killed: the victim of the tests that kill.

Reads lines ``NUMBER`` from standard input; for each it forks a child that opens the records anew and writes the
events from that number on, in order. The child tells every event once it is kept, in a line on standard output;
this process, which has everything loaded, tells the child's process id, and when it is gone.
"""

from __future__ import annotations

import datetime
import os
import sys
from uuid import UUID, uuid5

from gerdy.records import ComplaintDrawn, Event, QuestionAnswered, open_records
from gerdy.records.database import Database

KEY = bytes(range(32))
SPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
START = datetime.datetime(2026, 3, 2, 12, 0, tzinfo=datetime.UTC)
PEOPLE = tuple(uuid5(SPACE, f"person {number}") for number in range(3))
COMPLAINTS = tuple(uuid5(SPACE, f"complaint {number}") for number in range(3))


def event(number: int) -> Event:
    """Return the event of a number, always the same; three people take turns."""
    who, turn = number % len(PEOPLE), number // len(PEOPLE)
    drawing = ComplaintDrawn(document={"side": "right", "pain": {"knee_lateral": 6}})
    return Event(
        id=uuid5(SPACE, str(number)),
        person=PEOPLE[who],
        complaint=COMPLAINTS[who],
        expected=turn,  # so that a lost or doubled event is a conflict
        actor=str(PEOPLE[who]),
        effective_at=START + datetime.timedelta(seconds=number),
        body=QuestionAnswered(finding="night_pain", value=turn) if turn else drawing,
    )


def tell(line: str) -> None:
    """Write a line at once, whole."""
    os.write(1, f"{line}\n".encode())


def write(where: str, number: int) -> None:
    """Write events for ever."""
    try:
        with open_records(where, master_key=KEY) as records:
            while True:
                records.append(event(number))
                tell(f"kept {number}")
                number += 1
    except BaseException as error:
        tell(f"failed {type(error).__name__}: {error}")
    finally:
        os._exit(1)


def main(where: str) -> None:
    """Fork a writer for every line read."""
    Database(where).close()  # loads the driver, and connects to nothing
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            write(where, int(line))
        tell(f"child {child}")
        os.waitpid(child, 0)
        tell("gone")


if __name__ == "__main__":
    main(sys.argv[1])
