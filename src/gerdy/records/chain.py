"""The hash chains: what a row's hash covers, computed from stored fields alone, so that no key is needed.

Every field goes in with its kind and length: no two rows of different fields give the same bytes.
"""

from __future__ import annotations

import hashlib
from typing import Any

EVENT_FIELDS = (
    "person", "seq", "id", "complaint", "revision", "expected", "type", "actor", "effective_at", "recorded_at",
    "nonce", "payload",
)  # fmt: skip
PERSON_FIELDS = ("id", "number", "opened_at", "master_key", "key_digest")


def digest(*fields: object) -> bytes:
    """Return the SHA-256 of fields, each with its kind and length before it."""
    total = hashlib.sha256()
    for field in fields:
        content = (
            bytes(field)
            if isinstance(field, bytes | memoryview)
            else str(field).encode("utf-8", "surrogatepass")
        )
        total.update(f"{_kind(field)}{len(content)}:".encode())
        total.update(content)
    return total.digest()


def _kind(field: object) -> str:
    if field is None:
        return "none"
    return "bytes" if isinstance(field, bytes | memoryview) else type(field).__name__


LEDGER_START = digest("gerdy records", "people", 1)


def person_hash(before: bytes, row: Any) -> bytes:
    """Return the hash of a person, ``before`` being that of the one opened before; it starts their timeline."""
    return digest("gerdy records", "person", 1, before, *(row[name] for name in PERSON_FIELDS))


def event_hash(before: bytes, row: Any) -> bytes:
    """Return the hash of an event, ``before`` being that of the one before it."""
    return digest("gerdy records", "event", 1, before, *(row[name] for name in EVENT_FIELDS))
