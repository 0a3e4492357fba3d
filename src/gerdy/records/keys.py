"""Envelope encryption: each person's events under a key of their own, that key under the master key.

AES-256-GCM throughout. What a ciphertext belongs to is bound to it, so that it opens nowhere else.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hmac
import os
import re
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gerdy.errors import DamagedError, FileError, MasterKeyError
from gerdy.records.chain import digest
from gerdy.records.newfile import new_file

VARIABLE = "GERDY_MASTER_KEY"
KEY_BYTES, NONCE_BYTES = 32, 12
# A short answer must not be told from a long one by its length: texts are filled up with spaces.
BLOCK = 256
_HEX = re.compile(r"[0-9a-fA-F]{64}")


class MasterKey:
    """Where the master key is: given, in the environment, or in a file that is made on first use."""

    def __init__(self, given: bytes | str | Path | None, beside: Path | None) -> None:
        self._given = given
        self._file = given if isinstance(given, Path) else beside
        self._known: bytes | None = None

    def get(self, *, make: bool = False) -> bytes:
        """Return the key; with ``make`` a key file that is missing is made.

        Raises
        ------
        MasterKeyError
            If there is none, it is no key, or others can read its file.
        """
        if self._known is None:
            self._known = self._find(make=make)
        return self._known

    def _find(self, *, make: bool) -> bytes:
        if isinstance(self._given, bytes | str):
            return _key_in(self._given, "master_key")
        spoken = os.environ.get(VARIABLE, "")
        if self._given is None and spoken:
            return _key_in(spoken, VARIABLE)
        if self._file is None:
            raise MasterKeyError(f"no master key: set {VARIABLE} (64 hex digits), or name a key file.")
        with contextlib.suppress(FileNotFoundError):
            return _read(self._file)
        if not make:
            raise MasterKeyError(
                f"{self._file}: the master key is not there; put it back, or set {VARIABLE}."
            )
        # Two that start at once both find the one that came first.
        try:
            with new_file(self._file) as fresh:
                fresh.write_text(secrets.token_hex(KEY_BYTES) + "\n", "ascii")
        except FileError as error:
            if not self._file.exists():
                raise MasterKeyError(f"the master key cannot be kept: {error}") from error
        return _read(self._file)


def _read(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        text = path.read_text("ascii")
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise MasterKeyError(f"{path}: the master key cannot be read ({type(error).__name__}).") from None
    if os.name == "posix" and mode & 0o077:
        raise MasterKeyError(f"{path}: others can read the master key; run: chmod 600 {path}")
    return _key_in(text, str(path))


def _key_in(given: bytes | str, where: str) -> bytes:
    """Return the key in hex, base64 or raw; nothing of it goes into a message."""
    if isinstance(given, bytes) and len(given) == KEY_BYTES:
        return given
    text = given.decode("ascii", "replace") if isinstance(given, bytes) else given
    text = text.strip()
    if _HEX.fullmatch(text):
        return bytes.fromhex(text)
    with contextlib.suppress(binascii.Error, ValueError):
        key = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
        if len(key) == KEY_BYTES:
            return key
    raise MasterKeyError(f"{where}: holds no master key; it is 32 bytes, written as 64 hex digits or base64.")


def name_of(master: bytes) -> str:
    """Return a name by which a master key is known; it tells nothing of the key."""
    return hmac.digest(master, b"gerdy records master key name", "sha256").hex()[:16]


def new_key(master: bytes, person: str) -> tuple[bytes, bytes]:
    """Return a fresh data key, and the same wrapped by the master key for this person."""
    key, nonce = AESGCM.generate_key(256), secrets.token_bytes(NONCE_BYTES)
    return key, nonce + AESGCM(master).encrypt(nonce, key, _bound("key", person))


def data_key(master: bytes, person: str, wrapped_by: str, wrapped: bytes) -> bytes:
    """Return the data key of a person.

    Raises
    ------
    MasterKeyError
        If another master key wrapped it.
    DamagedError
        If it was altered, or belongs to somebody else.
    """
    if wrapped_by != name_of(master):
        raise MasterKeyError(
            "the master key is another one than the records were written with; give that one."
        )
    try:
        return AESGCM(master).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _bound("key", person))
    except (InvalidTag, ValueError):
        raise DamagedError(f"the key of person {person} was altered; restore a backup.") from None


def seal(key: bytes, content: bytes, *place: object) -> tuple[bytes, bytes]:
    """Return nonce and ciphertext of JSON that belongs to a place: person, number, id, type."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    filled = content.ljust(-(-len(content) // BLOCK) * BLOCK)
    return nonce, AESGCM(key).encrypt(nonce, filled, _bound("event", *place))


def unseal(key: bytes, nonce: bytes, sealed: bytes, *place: object) -> bytes:
    """Return the JSON in a ciphertext.

    Raises
    ------
    DamagedError
        If it was altered, or belongs to another place.
    """
    try:
        return AESGCM(key).decrypt(nonce, sealed, _bound("event", *place))
    except (InvalidTag, ValueError):
        raise DamagedError(
            f"event {place[1]} of person {place[0]} was altered; run: gerdy records verify"
        ) from None


def _bound(*place: object) -> bytes:
    return digest("gerdy records", 1, *place)
