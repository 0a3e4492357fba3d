"""The body: regions of skin, structures, how they act on each other, and where sources are felt."""

from __future__ import annotations

from enum import StrEnum

from gerdy.atlas.model.record import Basis, Entry, Number, Record


class Region(Entry, frozen=True, kw_only=True):
    """A named patch of skin: a union of boxes in limb coordinates."""

    boxes: list[Box]


class Box(Record, frozen=True, kw_only=True):
    """A patch of one segment.

    ``along`` is 0-1 from its top, ``around`` degrees from-to (0 front, 90 outer, 180 back, 270 inner).
    """

    segment: str
    along: tuple[float, float]
    around: tuple[float, float]


class StructureKind(StrEnum):
    """What sort of tissue a structure is."""

    MUSCLE = "muscle"
    TENDON = "tendon"
    FASCIA = "fascia"
    NERVE = "nerve"
    ROOT = "root"
    BONE = "bone"
    JOINT = "joint"
    BURSA = "bursa"
    LIGAMENT = "ligament"
    FAT = "fat"
    VESSEL = "vessel"
    ORGAN = "organ"
    COMPARTMENT = "compartment"


class Structure(Entry, frozen=True, kw_only=True):
    """A piece of anatomy."""

    kind: StructureKind


class RelationKind(StrEnum):
    """How one thing acts on another; read as a sentence, "from KIND to"."""

    GIVES_RISE_TO = "gives_rise_to"  # root -> nerve
    INNERVATES = "innervates"  # nerve -> muscle, joint or skin region
    ATTACHES_TO = "attaches_to"
    TENSIONS = "tensions"
    COVERS = "covers"
    COMPRESSES = "compresses"
    REFERS_TO = "refers_to"  # source -> region
    KEY_TO = "key_to"  # key source -> satellite source; carries a coupling number
    LOADS = "loads"  # contributor -> source or structure
    LEADS_TO = "leads_to"  # contributor -> contributor
    WEAKENS = "weakens"  # source -> contributor (a root weakening the abductors)
    SUPPLIES = "supplies"  # vessel -> structure
    PART_OF = "part_of"


class Relation(Record, frozen=True, kw_only=True):
    """One typed edge of the graph that the chain explanation walks."""

    kind: RelationKind
    start: str
    end: str
    basis: Basis
    says: str = ""  # a plain clause for the chain, when the default wording would be poor
    coupling: float | None = None  # KEY_TO only: factor on the odds of both being active together


class Blob(Record, frozen=True, kw_only=True):
    """One patch of a referral field: the chance, at its centre, that a typical drawing paints it."""

    segment: str
    along: tuple[float, float]
    around: tuple[float, float]  # centre, full width in degrees
    p: float
    spill: bool = False  # spill-over rather than essential zone


class ReferralField(Record, frozen=True, kw_only=True):
    """Where one source is felt, as a few blobs; ``source`` is the source's id."""

    source: str
    blobs: list[Blob]
    basis: Basis
    published: dict[str, Number] = {}  # region id -> fraction of patients marking it
