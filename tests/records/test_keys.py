"""The master key: given, in the environment, or in a file made on first use; never guessed, never told."""

from __future__ import annotations

import base64
import multiprocessing
import os
from pathlib import Path

import pytest
from records.making import KEY, Patient

from gerdy.errors import DamagedError, MasterKeyError
from gerdy.records import open_records
from gerdy.records.keys import MasterKey, data_key, name_of, new_key, seal, unseal

OWNER_ALONE = 0o600


def test_a_key_file_is_made_beside_a_new_database(tmp_path: Path, runner: Patient) -> None:
    file = tmp_path / "records.db.key"
    with open_records(tmp_path / "records.db") as records:
        assert not file.exists(), "looking needs none"
        records.append(runner.draws())
    assert file.stat().st_mode & 0o777 == OWNER_ALONE
    before = file.read_text()
    with open_records(tmp_path / "records.db") as records:
        records.append(Patient().draws())
        assert len(records.timeline(runner.id, actor=runner.id)) == 1
    assert file.read_text() == before


def test_a_lost_key_is_told_and_no_new_one_made(tmp_path: Path, runner: Patient) -> None:
    file = tmp_path / "records.db.key"
    with open_records(tmp_path / "records.db") as records:
        records.append(runner.draws())
    kept = file.read_text()
    file.unlink()
    with open_records(tmp_path / "records.db") as records:
        for attempt in (
            lambda: records.append(Patient().draws()),
            lambda: records.timeline(runner.id, actor=runner.id),
        ):
            with pytest.raises(MasterKeyError, match="put it back"):
                attempt()
        assert records.verify().ok
        assert not file.exists()
        file.write_text(kept)
        file.chmod(OWNER_ALONE)
        assert len(records.timeline(runner.id, actor=runner.id)) == 1


def test_a_key_others_can_read_is_refused(tmp_path: Path, runner: Patient) -> None:
    file = tmp_path / "my.key"
    file.write_text(KEY.hex())
    file.chmod(0o640)
    with open_records(tmp_path / "records.db", master_key=file) as records:
        with pytest.raises(MasterKeyError, match="chmod 600"):
            records.append(runner.draws())
        file.chmod(OWNER_ALONE)
        records.append(runner.draws())


@pytest.mark.parametrize(
    "written",
    [KEY.hex(), KEY.hex().upper(), base64.b64encode(KEY).decode(), base64.urlsafe_b64encode(KEY).decode()],
)
def test_a_key_is_hex_or_base64(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("GERDY_MASTER_KEY", f" {written}\n")
    assert MasterKey(None, None).get() == KEY
    assert MasterKey(written, None).get() == KEY
    assert MasterKey(written.encode(), None).get() == KEY


@pytest.mark.parametrize(
    "written", ["", "secret-words", "ab" * 31, "ü" * 64, base64.b64encode(KEY[:-1]).decode()]
)
def test_what_is_no_key_is_refused_and_not_repeated(tmp_path: Path, written: str) -> None:
    file = tmp_path / "key"
    file.write_text(written)
    file.chmod(OWNER_ALONE)
    for source in (written, file):
        with pytest.raises(MasterKeyError) as caught:
            MasterKey(source, None).get()
        assert not written or written not in str(caught.value)


def test_without_any_key_postgresql_is_told_what_to_do() -> None:
    with pytest.raises(MasterKeyError, match="GERDY_MASTER_KEY"):
        MasterKey(None, None).get(make=True)


def test_what_is_given_comes_before_the_environment_and_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GERDY_MASTER_KEY", bytes(32).hex())
    assert MasterKey(KEY, tmp_path / "none").get() == KEY
    assert MasterKey(None, tmp_path / "none").get(make=True) == bytes(32)
    assert not (tmp_path / "none").exists()
    assert MasterKey(tmp_path / "named", None).get(make=True) != bytes(32), "a file that is named is meant"


def test_a_folder_that_cannot_hold_a_key_is_told(tmp_path: Path) -> None:
    with pytest.raises(MasterKeyError, match="cannot be kept"):
        MasterKey(tmp_path / "missing" / "key", None).get(make=True)


def make_key(file: str, gate: object, found: object) -> None:
    gate.wait()  # type: ignore[attr-defined]
    found.put(MasterKey(Path(file), None).get(make=True))  # type: ignore[attr-defined]


def test_two_that_start_at_once_make_one_key(tmp_path: Path) -> None:
    ways = multiprocessing.get_context("spawn")
    gate, found = ways.Barrier(3), ways.Queue()
    starters = [ways.Process(target=make_key, args=(str(tmp_path / "key"), gate, found)) for _ in range(3)]
    for starter in starters:
        starter.start()
    keys = {found.get(timeout=60) for _ in starters}
    for starter in starters:
        starter.join()
    assert len(keys) == 1
    assert os.listdir(tmp_path) == ["key"]  # noqa: PTH208


def test_a_ciphertext_opens_in_its_place_alone() -> None:
    place = ("person", 1, "id", "note_written")
    key, wrapped = new_key(KEY, "person")
    nonce, sealed = seal(key, b'{"a":1}', *place)
    assert unseal(key, nonce, sealed, *place).rstrip() == b'{"a":1}'
    for number, other in enumerate(("somebody", 2, "other", "plan_issued")):
        elsewhere = [*place[:number], other, *place[number + 1 :]]
        with pytest.raises(DamagedError):
            unseal(key, nonce, sealed, *elsewhere)
    for wrong in (sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1]), b""):
        with pytest.raises(DamagedError):
            unseal(key, nonce, wrong, *place)
    with pytest.raises(DamagedError):
        data_key(KEY, "somebody", name_of(KEY), wrapped)
    with pytest.raises(DamagedError):
        data_key(KEY, "person", name_of(KEY), wrapped[:-1])
    with pytest.raises(MasterKeyError):
        data_key(bytes(32), "person", name_of(KEY), wrapped)
    assert data_key(KEY, "person", name_of(KEY), wrapped) == key
