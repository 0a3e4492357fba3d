"""What a musculoskeletal model is made of, whichever file it came from: plain records, SI units, ISB axes.

Ground and segments: X forward, Y up, Z to the person's right. Locations are in the frame of the named body.
Orientations are body-fixed x-y-z sequences in radians.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

Vector = tuple[float, float, float]


class Constant(Struct, frozen=True, tag="constant"):
    """The same value everywhere."""

    value: float = 0.0


class Linear(Struct, frozen=True, tag="linear"):
    """A straight line: ``slope * x + intercept``."""

    slope: float = 1.0
    intercept: float = 0.0


class Spline(Struct, frozen=True, tag="spline"):
    """The cubic spline through points, straight beyond its ends.

    At both ends its third derivative is that of the cubic through the four points there (Forsythe, Malcolm, Moler
    1977), as in the field's models.
    """

    x: tuple[float, ...]
    y: tuple[float, ...]


class Piecewise(Struct, frozen=True, tag="piecewise"):
    """Straight lines through points, straight beyond its ends."""

    x: tuple[float, ...]
    y: tuple[float, ...]


class Polynomial(Struct, frozen=True, tag="polynomial"):
    """A polynomial, highest power first."""

    coefficients: tuple[float, ...]


Function = Constant | Linear | Spline | Piecewise | Polynomial


class Coupling(Struct, frozen=True):
    """A coordinate that follows another: ``value = function(of)``."""

    of: str
    function: Function


class Coordinate(Struct, frozen=True, kw_only=True):
    """One way in which the body moves (rad or m); a locked one stays at its default, a coupled one follows another."""

    name: str
    default: float = 0.0
    range: tuple[float, float] = (-3.2, 3.2)
    rotational: bool = True
    locked: bool = False
    clamped: bool = False  # inverse kinematics keeps it within its range
    coupling: Coupling | None = None


class Axis(Struct, frozen=True, kw_only=True):
    """One rotation about, or translation along, ``direction`` by ``function(coordinate)``.

    Without a coordinate the function is a constant. A ``carried`` axis does not move but its joint force or moment is
    reported, for example the three translations of a hip.
    """

    direction: Vector
    coordinate: str | None = None
    function: Function = Constant()
    carried: str | None = None  # the name under which the load that the joint carries along it is reported


class Joint(Struct, frozen=True, kw_only=True):
    """How a child body moves in a parent: translations along parent axes, then body-fixed rotations, in order."""

    name: str
    parent: str  # "ground" or a body
    child: str
    parent_location: Vector = (0.0, 0.0, 0.0)
    parent_orientation: Vector = (0.0, 0.0, 0.0)
    child_location: Vector = (0.0, 0.0, 0.0)
    child_orientation: Vector = (0.0, 0.0, 0.0)
    translations: tuple[Axis, ...] = ()
    rotations: tuple[Axis, ...] = ()


class Body(Struct, frozen=True, kw_only=True):
    """A rigid segment; inertia about its mass centre: xx, yy, zz, xy, xz, yz (kg m2)."""

    name: str
    mass: float
    centre: Vector = (0.0, 0.0, 0.0)
    inertia: tuple[float, float, float, float, float, float] = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


class Shape(StrEnum):
    """What a path can be wrapped over."""

    CYLINDER = "cylinder"  # along its own z
    SPHERE = "sphere"


class Wrap(Struct, frozen=True, kw_only=True):
    """A smooth obstacle; ``quadrant`` (+x, -x, +y, -y, +z, -z of its own frame) is the side a path must pass on."""

    name: str
    body: str
    shape: Shape
    radius: float
    length: float = 0.0
    location: Vector = (0.0, 0.0, 0.0)
    orientation: Vector = (0.0, 0.0, 0.0)
    quadrant: str | None = None


class Moving(Struct, frozen=True, kw_only=True):
    """Where a path point is along one axis of its body, as a function of a coordinate."""

    coordinate: str
    function: Function


class Point(Struct, frozen=True, kw_only=True):
    """A point of a path: fixed in a body, moving with a coordinate, or present only within a coordinate's range."""

    body: str
    location: Vector
    moving: tuple[Moving | None, Moving | None, Moving | None] | None = None
    only: tuple[str, float, float] | None = None  # coordinate, lowest, highest


class Path(Struct, frozen=True, kw_only=True):
    """A line of action through its points, over its obstacles, straight between."""

    points: tuple[Point, ...]
    wraps: tuple[
        tuple[str, int, int], ...
    ] = ()  # obstacle, first and last point (0-based) between which it may touch


class CurveKind(StrEnum):
    """Whose force-length-velocity curves a muscle uses."""

    MILLARD = "millard"
    THELEN = "thelen"


class Curves(Struct, frozen=True, kw_only=True):
    """The shape of a muscle's curves; the defaults are those of Millard 2013 as the field's standard tool ships them.

    Millard (lengths in optimal lengths, strains, forces in greatest isometric force):

    - active: least, transition and most length; slope of the shallow part; floor (0 for damped and rigid models)
    - velocity: slopes at and near full shortening speed, at rest, at and near full lengthening speed; greatest force;
      curviness of the shortening and the lengthening part
    - passive: strain at zero force and at one, then all or none of: slope at low force, slope at one, curviness
    - tendon: strain at one, then all or none of: slope at one, force at the end of the toe, curviness

    Thelen: active (shape,); velocity (shape, greatest force, and if not 0.95 the share of it beyond which the curve is
    straight); passive (shape, strain at one); tendon (strain at one,).
    """

    kind: CurveKind = CurveKind.MILLARD
    active: tuple[float, ...] = (0.4441, 0.73, 1.8123, 0.8616, 0.0)
    velocity: tuple[float, ...] = (0.0, 0.25, 5.0, 0.0, 0.15, 1.4, 0.6, 0.9)
    passive: tuple[float, ...] = (0.0, 0.7, 0.2, 2.857142857142857, 0.75)
    tendon: tuple[float, ...] = (0.049, 28.061224489795918, 0.6666666666666666, 0.5)


class Muscle(Struct, frozen=True, kw_only=True):
    """A muscle-tendon unit: force N, lengths m, pennation rad, speed in optimal lengths a second."""

    name: str
    path: Path
    max_force: float
    optimal_length: float
    tendon_slack: float
    pennation: float = 0.0
    max_velocity: float = 10.0
    curves: Curves = Curves()
    roots: dict[str, float] = {}  # share of its nerve supply by root (l2 .. s2); own model only
    label: str = ""  # what a person calls it


class Marker(Struct, frozen=True, kw_only=True):
    """A point on a body that a camera can follow."""

    name: str
    body: str
    location: Vector
    landmark: bool = (
        True  # a bony point whose place on a scaled body is known; otherwise it is found per recording
    )


class Band(Struct, frozen=True, kw_only=True):
    """The iliotibial band of one side: muscles that pull in series on one elastic strap.

    A pulling muscle's own path ends where the strap begins; ``strap`` runs on from there to the shin. Of the strap's
    tension the share ``to_patella`` takes the ``patellar`` path instead of the last stretch.
    """

    name: str
    side: str  # "r" or "l"
    muscles: tuple[str, ...]
    strap: Path
    patellar: Path | None = None


class BodyModel(Struct, frozen=True, kw_only=True):
    """A whole musculoskeletal model; joints are in order, each parent before its children."""

    name: str
    source: str
    bodies: tuple[Body, ...]
    joints: tuple[Joint, ...]
    coordinates: tuple[Coordinate, ...]
    wraps: tuple[Wrap, ...] = ()
    muscles: tuple[Muscle, ...] = ()
    markers: tuple[Marker, ...] = ()
    bands: tuple[Band, ...] = ()
    notes: tuple[str, ...] = ()  # what the file held that could not be taken over, one line each
