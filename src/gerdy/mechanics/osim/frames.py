"""Which body a socket path of an OpenSim model leads to, and where on it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from gerdy.mechanics.model import Vector
from gerdy.mechanics.osim.document import Node
from gerdy.mechanics.rotations import Array, Placement

ZERO: Vector = (0.0, 0.0, 0.0)


class Frames:
    """The bodies of a model and the offset frames fixed to them."""

    def __init__(self, model: Node) -> None:
        self.bodies = {node.name: node for node in model.listed("BodySet") if node.tag == "Body"}
        self.names = {"ground", *self.bodies}
        self.offsets: dict[tuple[str, str], Node] = {}
        self._collect(model, "")

    def _collect(self, node: Node, owner: str) -> None:
        for child in node.children:
            if child.tag == "PhysicalOffsetFrame":
                self.offsets[owner, child.name] = child
            self._collect(child, child.name or owner)

    def body(self, node: Node, path: str) -> str:
        """Return the body a path names; it must be a body itself."""
        name = path.rsplit("/", 1)[-1]
        if name not in self.names:
            raise node.fault(f"names the body '{path}', which the model does not have.")
        return name

    def resolve(self, node: Node, path: str, *, owner: str = "") -> tuple[str, Vector, Vector]:
        """Return the body a path leads to, and the frame's location and body-fixed x-y-z angles in it."""
        body, chain = self._follow(node, path, owner)
        if not chain:
            return body, ZERO, ZERO
        if len(chain) == 1:
            return (
                body,
                chain[0].vector("translation", default=ZERO),
                chain[0].vector("orientation", default=ZERO),
            )
        place = self._placement(chain)
        return body, _vector(place.origin), angles_of(place.rotation)

    def place(self, node: Node, path: str, location: Vector, *, owner: str = "") -> tuple[str, Vector]:
        """Return the body a path leads to, and a location of that frame in the body's own."""
        body, chain = self._follow(node, path, owner)
        return body, _vector(self._placement(chain).point(location)) if chain else location

    def _follow(self, node: Node, path: str, owner: str) -> tuple[str, list[Node]]:
        chain: list[Node] = []
        while True:
            name = path.rsplit("/", 1)[-1]
            frame = self._offset(path, owner)
            if frame is None:
                if name not in self.names:
                    raise node.fault(f"is fixed to '{path}', which the model does not have.")
                return name, chain
            if frame in chain:
                raise frame.fault("is fixed to itself.")
            chain.insert(0, frame)
            path = frame.word("socket_parent", "socket_parent_connectee_name", "socket_parent_frame")
            owner = ""

    def _offset(self, path: str, owner: str) -> Node | None:
        parts = [part for part in path.split("/") if part not in {"", ".", ".."}]
        name = parts[-1] if parts else ""
        if (owner, name) in self.offsets:
            return self.offsets[owner, name]
        if len(parts) > 1 and (parts[-2], name) in self.offsets:
            return self.offsets[parts[-2], name]
        if name in self.names:
            return None
        alike = [frame for (_, label), frame in self.offsets.items() if label == name]
        return alike[0] if len(alike) == 1 else None

    @staticmethod
    def _placement(chain: Iterable[Node]) -> Placement:
        place = Placement.of(ZERO, ZERO)
        for frame in chain:
            place = place @ Placement.of(
                frame.vector("translation", default=ZERO), frame.vector("orientation", default=ZERO)
            )
        return place


def angles_of(rotation: Array) -> Vector:
    """Return the body-fixed x-y-z angles (rad) of a rotation matrix."""
    y = float(np.arctan2(rotation[0, 2], np.hypot(rotation[0, 0], rotation[0, 1])))
    if abs(np.cos(y)) < 1e-9:  # x and z turn about one line: all of it is put into x
        return float(np.arctan2(rotation[2, 1], rotation[1, 1])), y, 0.0
    x = float(np.arctan2(-rotation[1, 2], rotation[2, 2]))
    z = float(np.arctan2(-rotation[0, 1], rotation[0, 0]))
    return x, y, z


def _vector(values: Iterable[float]) -> Vector:
    x, y, z = (float(v) for v in values)
    return x, y, z
