"""Full disks, closed doors, others' locks and damaged files: an error with a name, and nothing lost."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from records.making import KEY, Patient
from records.postgres import Server, unprivileged
from sqlalchemy import event as listening
from sqlalchemy import text

from gerdy.errors import (
    BusyError,
    DamagedError,
    DiskFullError,
    FileError,
    InputError,
    MasterKeyError,
    MissingPartError,
    ReadOnlyError,
    RecordsError,
    StorageError,
)
from gerdy.records import Event, NoteWritten, Records, database, open_records
from gerdy.records.timeline import find_person

LONG = "n" * 20_000


def fill(records: Records, someone: Patient, most: int = 400) -> tuple[list[Event], Event, StorageError]:
    """Append long notes until the disk is full; return what was kept, what was not, and the error."""
    kept: list[Event] = []
    for _ in range(most):
        event = someone.says(NoteWritten(text=LONG))
        try:
            records.append(event)
        except StorageError as error:
            return kept, event, error
        kept.append(event)
    raise AssertionError("the disk never was full")


def check(records: Records, someone: Patient, kept: list[Event], refused: Event) -> None:
    """Check that everything acknowledged is there, and what was not kept can be sent again now."""
    assert [one.id for one in records.timeline(someone.id, actor=someone.id)] == [one.id for one in kept]
    assert records.append(refused).seq == len(kept) + 1
    assert records.verify(unseal=True).ok


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """Give a folder with little room; skip where none may be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="gerdy-small-"))
    order: list[str | Path] = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "tmpfs", folder]
    done = subprocess.run(order, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        folder.rmdir()
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


def grow(folder: Path, megabytes: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={megabytes}m", folder], check=True)


def test_a_full_disk_under_sqlite_loses_nothing(runner: Patient) -> None:
    with small_disk(2) as folder, open_records(folder / "records.db", master_key=KEY) as records:
        kept, refused, error = fill(records, runner)
        assert isinstance(error, DiskFullError)
        assert "no room" in str(error)
        assert len(kept) > 20
        assert records.verify().ok, "reading goes on"
        with pytest.raises(FileError):
            records.backup(folder / "copy.db")
        assert not list(folder.glob("*copy*")), "no half backup stays"
        grow(folder, 8)
        check(records, runner, kept, refused)


def test_a_full_disk_under_postgresql_loses_nothing(postgres: Server, runner: Patient) -> None:
    with small_disk(4) as folder:
        home = folder / "space"
        home.mkdir()
        if postgres.user is not None:
            shutil.chown(home, postgres.user)
        where = postgres.database()
        with open_records(where, master_key=KEY) as records:
            postgres.run(f"CREATE TABLESPACE small LOCATION '{home}'")
            records._database.run_alone("ALTER TABLE record_event SET TABLESPACE small")
            kept, refused, error = fill(records, runner)
            assert isinstance(error, DiskFullError)
            assert len(kept) > 20
            grow(folder, 16)
            check(records, runner, kept, refused)
        postgres.drop(where)
        postgres.run("DROP TABLESPACE small")


def test_a_database_that_may_not_grow_loses_nothing(tmp_path: Path, runner: Patient) -> None:
    """The same without a disk of its own: SQLite reports a full database for a limit on its pages as well."""
    with open_records(tmp_path / "records.db", master_key=KEY) as records:
        records.append(runner.draws())
        limit = [60]

        @listening.listens_for(records._database.engine, "checkout")
        def limited(connection: Any, *_: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {limit[0]}").close()

        kept, refused, error = fill(records, runner)
        assert isinstance(error, DiskFullError)
        limit[0] = 10_000
        there = records.timeline(runner.id, actor=runner.id)
        assert [one.id for one in there[1:]] == [one.id for one in kept]
        records.append(refused)
        assert records.verify(unseal=True).ok


FILE_LIMIT = """
import resource, signal, sys
from records.making import KEY, Patient
from records.test_faults import fill
from gerdy.records import open_records
someone = Patient()
with open_records(sys.argv[1], master_key=KEY) as records:
    records.append(someone.draws())
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))
    kept, refused, error = fill(records, someone)
    print(type(error).__name__, len(kept))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    there = records.timeline(someone.id, actor=someone.id)
    assert [one.id for one in there[1:]] == [one.id for one in kept]
    records.append(refused)
    assert records.verify(unseal=True).ok
"""


def python(code: str, *args: str, cwd: Path) -> str:
    """Run code in a process of its own, with the tests at hand, and return what it prints."""
    path = os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-B", "-c", code, *args],
        env={**os.environ, "PYTHONPATH": path},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_limit_on_the_size_of_files_loses_nothing(tmp_path: Path) -> None:
    name, count = python(FILE_LIMIT, str(tmp_path / "records.db"), cwd=tmp_path).split()
    assert issubclass({"StorageError": StorageError, "DiskFullError": DiskFullError}[name], StorageError)
    assert int(count) > 5


CLOSED = """
import os, sys, tempfile
from uuid import UUID
from records.making import KEY, Patient
from gerdy.errors import StorageError
from gerdy.records import open_records
someone = Patient(id=UUID(sys.argv[2]))
with tempfile.TemporaryDirectory() as folder, open_records(folder + "/other.db", master_key=KEY) as records:
    records.append(someone.draws())  # whatever loads late is loaded before privileges are given up
if sys.argv[3]:
    os.setgroups([])
    os.setgid(int(sys.argv[3]))
    os.setuid(int(sys.argv[3]))
for attempt in (
    lambda records: records.append(someone.answers("night_pain", "no")),
    lambda records: records.timeline(someone.id, actor="dr_lee"),
    lambda records: records.erase(someone.id, actor="dr_lee"),
):
    try:
        with open_records(sys.argv[1], master_key=KEY) as records:
            attempt(records)
    except StorageError as error:
        print(type(error).__name__)
    else:
        print("done")
"""


@pytest.mark.parametrize("folder_too", [False, True])
def test_files_that_cannot_be_written_are_told_and_stay(
    tmp_path: Path, runner: Patient, folder_too: bool
) -> None:
    folder = Path(tempfile.mkdtemp(prefix="gerdy-closed-"))
    where = folder / "records.db"
    try:
        with open_records(where, master_key=KEY) as records:
            records.append(runner.draws())
        before = where.read_bytes()
        where.chmod(0o444)
        folder.chmod(0o555 if folder_too else 0o777)
        user = unprivileged()
        number = "" if user is None else str(pwd.getpwnam(user).pw_uid)
        told = python(CLOSED, str(where), str(runner.id), number, cwd=Path("/")).split()
        assert set(told) <= ({"ReadOnlyError", "StorageError"} if folder_too else {"ReadOnlyError"})
        assert len(told) == 3
        folder.chmod(0o700)
        where.chmod(0o600)
        assert where.read_bytes() == before
        with open_records(where, master_key=KEY) as records:
            records.append(runner.answers("night_pain", "no", expected=1))
            assert records.verify(unseal=True).ok
    finally:
        folder.chmod(0o700)
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


def test_postgresql_that_may_only_be_read_is_told(postgres: Server, runner: Patient) -> None:
    where = postgres.database()
    with open_records(where, master_key=KEY) as records:
        records.append(runner.draws())
    name = where.split("@/")[1].split("?")[0]
    postgres.run(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    with open_records(where, master_key=KEY) as records:
        for attempt in (
            lambda: records.append(runner.answers("night_pain", "no")),
            lambda: records.erase(runner.id, actor="dr_lee"),
            lambda: records.timeline(runner.id, actor="dr_lee"),  # cannot be audited, so it is not read
        ):
            with pytest.raises(ReadOnlyError):
                attempt()
        assert len(records.timeline(runner.id, actor=runner.id)) == 1
        assert records.verify().ok
    postgres.drop(where)


def test_somebody_elses_lock_is_told_after_a_while(
    where: str, runner: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT", 0.3)
    with open_records(where, master_key=KEY) as first, open_records(where, master_key=KEY) as second:
        first.append(runner.draws())
        event = runner.answers("night_pain", "no")
        with first._database.writing() as connection:
            find_person(connection, runner.id, lock=True)
            with pytest.raises(BusyError, match="locked"):
                second.append(event)
        assert second.append(event).seq == 2


def test_a_writer_waits_for_its_turn(where: str, runner: Patient) -> None:
    with open_records(where, master_key=KEY) as first, open_records(where, master_key=KEY) as second:
        first.append(runner.draws())
        held, done = threading.Event(), threading.Event()

        def hold() -> None:
            with first._database.writing() as connection:
                find_person(connection, runner.id, lock=True)
                held.set()
                assert not done.wait(0.3), "the other one did not wait"

        holder = threading.Thread(target=hold)
        holder.start()
        held.wait()
        second.append(runner.answers("night_pain", "no"))
        done.set()
        holder.join()


def look(where: Path) -> None:
    with open_records(where, master_key=KEY) as records:
        records.verify()


def test_a_damaged_file_is_told(tmp_path: Path, runner: Patient) -> None:
    where = tmp_path / "records.db"
    with open_records(where, master_key=KEY) as records:
        said = [records.append(runner.says(NoteWritten(text=LONG))) for _ in range(50)]
    whole = where.read_bytes()
    found = 0
    for start in range(0, len(whole), len(whole) // 12):
        where.write_bytes(whole[:start] + b"\x5a" * 4096 + whole[start + 4096 :])
        try:
            with open_records(where, master_key=KEY) as records:
                if records.verify().ok:  # it fell where nothing is kept
                    assert records.timeline(runner.id, actor=runner.id) == said
                else:
                    found += 1
        except RecordsError as error:
            assert isinstance(error, DamagedError), (start, error)  # noqa: PT017
            found += 1
    assert found > 8
    where.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DamagedError):
        look(where)


def test_a_server_that_is_away_is_told_and_found_again(mortal_postgres: Server, runner: Patient) -> None:
    where = mortal_postgres.database()
    with open_records(where, master_key=KEY) as records:
        records.append(runner.draws())
        mortal_postgres.crash()
        event = runner.answers("night_pain", "no", expected=1)
        with pytest.raises(StorageError, match="send the same event again"):
            records.append(event)
        mortal_postgres.start()
        assert records.append(event).seq == 2
        assert records.verify(unseal=True).ok


@pytest.mark.parametrize(
    "wrong", ["mysql://localhost/x", "postgresql://localhost:port/x", ":memory:", "file:a.db?mode=ro", ""]
)
def test_what_is_no_database_is_told(wrong: str) -> None:
    with pytest.raises(InputError, match="database"):
        open_records(wrong)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="check its folder"):
        open_records(tmp_path / "missing" / "records.db")
    with pytest.raises(StorageError):
        open_records(f"postgresql://gerdy@/none?host={tmp_path}")


def test_a_missing_driver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingPartError, match=r"gerdy\[app\]"):
        open_records("postgresql:///nowhere")


def test_more_at_once_than_can_be_served_are_told(
    tmp_path: Path, runner: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT", 0.1)
    with open_records(tmp_path / "records.db", master_key=KEY) as records, ExitStack() as held:
        records.append(runner.draws())
        pool: Any = records._database.engine.pool
        for _ in range(pool.size() + pool._max_overflow):
            held.enter_context(records._database.reading())
        with pytest.raises(BusyError):
            records.verify()
        held.close()
        assert records.verify().ok


def test_what_is_acknowledged_is_on_disk_whatever_the_default(
    where: str, runner: Patient, request: Any
) -> None:
    """A pulled plug cannot be tested here; that both databases are told to sync before they answer can."""
    postgres = None if "://" not in where else request.getfixturevalue("postgres")
    if postgres is not None:
        name = where.split("@/")[1].split("?", maxsplit=1)[0]
        postgres.run(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        asked: dict[str, object] = {"SHOW synchronous_commit": "on", "SHOW fsync": "on"}
    else:
        asked = {"PRAGMA journal_mode": "wal", "PRAGMA synchronous": 2, "PRAGMA secure_delete": 1}
    with open_records(where, master_key=KEY) as records, records._database.writing() as connection:
        assert {ask: connection.execute(text(ask)).scalar_one() for ask in asked} == asked


def test_many_openings_leave_nothing_open(tmp_path: Path, runner: Patient) -> None:
    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    counts = []
    for _ in range(20):
        with open_records(tmp_path / "records.db", master_key=KEY) as records:
            records.append(runner.says(NoteWritten(text="x")))
            records.state(runner.id, actor="dr_lee")
        counts.append(descriptors())
    assert counts[-1] <= counts[1]


def test_a_key_that_cannot_be_read_is_told(tmp_path: Path, runner: Patient) -> None:
    with open_records(tmp_path / "records.db", master_key=tmp_path) as records, pytest.raises(MasterKeyError):
        records.append(runner.draws())
    with open_records(tmp_path / "records.db", create=False) as records:
        assert records.people() == []
