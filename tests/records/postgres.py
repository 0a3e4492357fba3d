"""A real PostgreSQL of our own: started for the tests, on a socket nobody else knows, with everything synced."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from uuid import uuid4

import psycopg

MISSING = "PostgreSQL is not installed: apt-get install postgresql (looked under /usr/lib/postgresql/*/bin)"


def programs() -> Path | None:
    """Return the folder of initdb and postgres, the newest there is."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


def unprivileged(*names: str) -> str | None:
    """Return an account without privileges to run as; None where this process has none itself."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in (*names, "nobody") if name in known), "nobody")


class Server:
    """One server; every test gets a database of its own in it."""

    def __init__(self, bin_folder: Path) -> None:
        self.bin, self.user = bin_folder, unprivileged("postgres")
        self._free: list[str] = []
        self.folder = Path(tempfile.mkdtemp(prefix="gerdy-pg-"))
        if self.user is not None:
            shutil.chown(self.folder, self.user)
        told = ["-D", "data", "-U", "gerdy", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        with self._log.open("wb") as log:
            assert self._popen(log, "initdb", *told).wait() == 0, self._log.read_text()
        self.start()

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    def _popen(self, log: IO[bytes], program: str, *args: str) -> subprocess.Popen[bytes]:
        """Start a program of PostgreSQL; it refuses to run as root."""
        return subprocess.Popen(
            [self.bin / program, *args],
            cwd=self.folder,
            user=self.user,
            group=None if self.user is None else pwd.getpwnam(self.user).pw_gid,
            extra_groups=None if self.user is None else [],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = {
            "listen_addresses": "",
            "fsync": "on",
            "shared_buffers": "16MB",
            "max_connections": "40",
            "recovery_init_sync_method": "syncfs",
        }
        told = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self._log.open("ab") as log:
            self.process = self._popen(log, "postgres", "-D", "data", "-k", str(self.folder), *told)
        deadline = time.monotonic() + 30
        while True:
            try:
                self.run("SELECT 1")
            except psycopg.OperationalError:
                assert self.process.poll() is None, self._log.read_text()[-2000:]
                assert time.monotonic() < deadline, self._log.read_text()[-2000:]
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """Stop it and take everything away."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(30)
        shutil.rmtree(self.folder)

    def crash(self) -> None:
        """Kill the server and every process of it at once, as a power cut would."""
        main = self.process.pid
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        processes = [main, *map(int, children)]
        for process in processes:
            os.kill(process, signal.SIGKILL)
        self.process.wait(10)
        deadline = time.monotonic() + 10
        while any(alive(process) for process in processes):
            assert time.monotonic() < deadline, "the server outlives kill -9"
            time.sleep(0.01)

    def database(self) -> str:
        """Return the URL of an empty database; one that was dropped is used again, since making one is slow."""
        if self._free:
            return self._free.pop()
        name = f"t{uuid4().hex}"
        self.run(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def drop(self, url: str) -> None:
        """Empty a database, whoever still looks at it."""
        name = url.split("@/")[1].split("?", maxsplit=1)[0]
        others = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608
        self.run(others)
        self.run(f'ALTER DATABASE "{name}" RESET ALL')
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        self._free.append(url)

    def url(self, name: str) -> str:
        """Return the URL of a database."""
        return f"postgresql://gerdy@/{name}?host={self.folder}"

    def run(self, statement: str) -> None:
        """Run a statement as the owner of everything."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


def alive(process: int) -> bool:
    """Return whether a process runs; one that is dead and not yet collected does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


@contextmanager
def server() -> Iterator[Server | None]:
    """Give a running server; None where PostgreSQL cannot be had."""
    folder = programs()
    if folder is None:
        yield None
        return
    running = Server(folder)
    try:
        yield running
    finally:
        running.stop()
