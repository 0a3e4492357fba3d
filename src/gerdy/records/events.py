"""An event: who says what of whom, when; and the same once it is kept."""

from __future__ import annotations

import datetime
from uuid import UUID

import msgspec

from gerdy.errors import InputError
from gerdy.records.bodies import Body, ComplaintDrawn, Kept, Silent, normal, tag_of

LONGEST_ACTOR = 80
_MOST_REVISIONS = 2**31
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)


class Event(Silent, frozen=True, kw_only=True):
    """What a client sends; ``id`` is made by the client, so that sending it again never doubles it.

    Attributes
    ----------
    person, complaint : opaque ids; the names of both belong into the body, which is encrypted.
    expected : the revision of the complaint the client had seen (0 for a new one); None to add to any.
    actor : who says it: the person's own id, or the name of an account.
    effective_at : when it was so, by the client's clock.
    """

    id: UUID
    person: UUID
    body: Body
    actor: str
    effective_at: datetime.datetime
    complaint: UUID | None = None
    expected: int | None = None

    @property
    def type(self) -> str:
        """The type of what it says."""
        return tag_of(self.body)

    def __repr__(self) -> str:
        return f"Event({self.type} {self.id})"


class Stored(Silent, frozen=True, kw_only=True):
    """An event as it is kept.

    Attributes
    ----------
    seq : its number on the person's timeline, from 1 without gaps.
    revision : of the complaint, after it; None where it is about none.
    recorded_at : when it was kept, by the server's clock.
    hash : covers it and everything before it on the timeline.
    """

    id: UUID
    person: UUID
    seq: int
    body: Kept
    actor: str
    effective_at: datetime.datetime
    recorded_at: datetime.datetime
    hash: str
    complaint: UUID | None = None
    expected: int | None = None
    revision: int | None = None

    @property
    def type(self) -> str:
        """The type of what it says."""
        return tag_of(self.body)

    def __repr__(self) -> str:
        return f"Stored({self.type} {self.id} seq={self.seq})"


def parse_event(content: bytes) -> Event:
    """Return the event in JSON, as a client sends it.

    Raises
    ------
    InputError
        If it breaks a rule; the message names the place and nothing of what stands there.
    """
    try:
        event = msgspec.json.decode(content, type=Event)
    except msgspec.ValidationError as error:
        told = str(error)
        # A type nobody knows is quoted by msgspec; what a client wrote there could be anything.
        told = f"Unknown type{told[told.rfind(' - at ') :]}" if told.startswith("Invalid value") else told
        raise InputError(f"event: {told}; see docs/records.md.") from None
    except msgspec.DecodeError:
        raise InputError("event: is not JSON; send one object.") from None
    return checked(event)


def checked(event: Event) -> Event:
    """Return the event as it will be kept.

    Raises
    ------
    InputError
        Naming the field that breaks a rule.
    """
    for name, value in (("id", event.id), ("person", event.person), ("complaint", event.complaint)):
        if not isinstance(value, UUID) and not (name == "complaint" and value is None):
            raise InputError(f"event.{name}: must be a UUID; got a {type(value).__name__}.")
    check_actor(event.actor)
    if event.effective_at.tzinfo is None:
        raise InputError("event.effective_at: must say its time zone; add Z or an offset.")
    if event.expected is not None and (event.complaint is None or not 0 <= event.expected < _MOST_REVISIONS):
        raise InputError(
            "event.expected: is a revision of a complaint, 0 or more; name the complaint with it."
        )
    if isinstance(event.body, ComplaintDrawn) and event.complaint is None:
        raise InputError("event.complaint: is missing; a drawing is of one complaint.")
    try:
        effective = event.effective_at.astimezone(datetime.UTC)
    except OverflowError:
        raise InputError("event.effective_at: must lie in the years 1 to 9999.") from None
    return msgspec.structs.replace(event, body=normal(event.body), effective_at=effective)


def check_actor(actor: str) -> None:
    """Refuse what is no name of an account.

    Raises
    ------
    InputError
        If it is empty, too long, or holds what cannot be printed.
    """
    if not isinstance(actor, str) or not 0 < len(actor) <= LONGEST_ACTOR or not actor.isprintable():
        raise InputError(f"actor: must be 1 to {LONGEST_ACTOR} printable characters.")


def microseconds(moment: datetime.datetime) -> int:
    """Return a moment as microseconds since 1970, UTC: the same number in every database."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(count: int) -> datetime.datetime:
    """Return the moment that many microseconds after 1970."""
    return _EPOCH + count * _MICROSECOND
