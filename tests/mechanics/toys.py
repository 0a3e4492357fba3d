"""Small models whose mechanics can be worked out by hand."""

from __future__ import annotations

from gerdy.mechanics.model import (
    Axis,
    Body,
    BodyModel,
    Coordinate,
    Function,
    Joint,
    Linear,
    Marker,
    Muscle,
    Path,
    Point,
    Shape,
    Vector,
    Wrap,
)

Z = (0.0, 0.0, 1.0)
FEET = ("calcn_r", "calcn_l")  # bodies that every sweep asks for
TURN = Linear()
WIDE = (-3.0, 3.0)


def segment(name: str, mass: float = 0.0, centre: Vector = (0.0, 0.0, 0.0), spin: float = 0.0) -> Body:
    """A body that turns with this inertia about every axis."""
    return Body(name=name, mass=mass, centre=centre, inertia=(spin, spin, spin, 0.0, 0.0, 0.0))


def hinge(
    child: str, parent: str, coordinate: str, at: Vector = (0.0, 0.0, 0.0), function: Function = TURN
) -> Joint:
    """A hinge about z."""
    axis = Axis(direction=Z, coordinate=coordinate, function=function)
    return Joint(name=f"{child}_hinge", parent=parent, child=child, parent_location=at, rotations=(axis,))


def weld(child: str, parent: str) -> Joint:
    """A joint that does not move."""
    return Joint(name=f"{child}_weld", parent=parent, child=child)


def feet() -> tuple[tuple[Body, ...], tuple[Joint, ...]]:
    """Two feet without mass, fixed on the ground."""
    return tuple(segment(name) for name in FEET), tuple(weld(name, "ground") for name in FEET)


def chain(lengths: tuple[float, ...], masses: tuple[float, ...], spins: tuple[float, ...]) -> BodyModel:
    """A pendulum of several links that hang on one another, each link's mass at half its length; it bears no feet."""
    bodies, joints, coordinates = [], [], []
    parent, at = "ground", (0.0, 0.0, 0.0)
    for i, (length, mass, spin) in enumerate(zip(lengths, masses, spins, strict=True)):
        bodies.append(segment(f"link{i}", mass, (0.0, -0.5 * length, 0.0), spin))
        joints.append(hinge(f"link{i}", parent, f"angle{i}", at))
        coordinates.append(Coordinate(name=f"angle{i}", range=WIDE))
        parent, at = f"link{i}", (0.0, -length, 0.0)
    more, welds = feet()
    return BodyModel(
        name="chain",
        source="test",
        bodies=(*bodies, *more),
        joints=(*joints, *welds),
        coordinates=tuple(coordinates),
    )


def crane(
    path: Path,
    *,
    wraps: tuple[Wrap, ...] = (),
    function: Function = TURN,
    angles: tuple[float, float] = (-1.2, 1.2),
    at: Vector = (0.0, 0.0, 0.0),
) -> BodyModel:
    """One arm that turns about z at a point of a fixed base; one muscle takes the path between base and arm."""
    more, welds = feet()
    return BodyModel(
        name="crane",
        source="test",
        bodies=(segment("base", 1.0, spin=0.1), segment("arm", 1.0, (0.0, -0.2, 0.0), 0.1), *more),
        joints=(weld("base", "ground"), hinge("arm", "base", "angle", at, function), *welds),
        coordinates=(Coordinate(name="angle", range=angles),),
        wraps=wraps,
        muscles=(muscle("line", path),),
        markers=(Marker(name="tip", body="arm", location=(0.0, -0.4, 0.1)),),
    )


def muscle(name: str, path: Path) -> Muscle:
    """A muscle along a path."""
    return Muscle(name=name, path=path, max_force=100.0, optimal_length=0.1, tendon_slack=0.1)


def line(*points: Point, wraps: tuple[tuple[str, int, int], ...] = ()) -> Path:
    """A path."""
    return Path(points=points, wraps=wraps)


def point(body: str, *location: float) -> Point:
    """A fixed point."""
    x, y, z = location
    return Point(body=body, location=(x, y, z))


def cylinder(name: str, body: str, radius: float, location: Vector, quadrant: str | None = None) -> Wrap:
    """A long cylinder along z."""
    return Wrap(
        name=name,
        body=body,
        shape=Shape.CYLINDER,
        radius=radius,
        length=1.0,
        location=location,
        quadrant=quadrant,
    )
