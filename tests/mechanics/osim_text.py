"""Small model files written out, in the format's old and new dress, for the tests of the reader."""

from __future__ import annotations

CONSTANT = "<Constant><value>0</value></Constant>"
SLOPE = "<LinearFunction><coefficients>1 0</coefficients></LinearFunction>"


def axis(name: str, direction: str, function: str, coordinate: str = "") -> str:
    return (
        f'<TransformAxis name="{name}"><coordinates>{coordinate}</coordinates><axis>{direction}</axis>'
        f"<function>{function}</function></TransformAxis>"
    )


def knee(function: str = SLOPE, translation: str = CONSTANT, coordinate: str = "") -> str:
    """The inside of a joint that bends by ``function``, and glides forward by ``translation``."""
    return "<SpatialTransform>{}</SpatialTransform>".format(
        axis("rotation1", "0 0 1", function, "knee_angle_r")
        + axis("rotation2", "0 1 0", CONSTANT)
        + axis("rotation3", "1 0 0", CONSTANT)
        + axis("translation1", "1 0 0", translation, coordinate)
        + axis("translation2", "0 1 0", CONSTANT)
        + axis("translation3", "0 0 1", CONSTANT)
    )


def coordinate(name: str, extra: str = "") -> str:
    return (
        f'<Coordinate name="{name}"><default_value>0.25</default_value><range>-2 1</range>'
        f"<locked>false</locked>{extra}</Coordinate>"
    )


FREE = "".join(coordinate(f"q{i}") for i in range(6))

MUSCLE = """<ForceSet><objects><Millard2012EquilibriumMuscle name="vas_r">
<max_isometric_force>1000</max_isometric_force><optimal_fiber_length>0.1</optimal_fiber_length>
<tendon_slack_length>0.2</tendon_slack_length>
<GeometryPath><PathPointSet><objects>{points}</objects></PathPointSet>
<PathWrapSet><objects>{wraps}</objects></PathWrapSet></GeometryPath>
{curves}</Millard2012EquilibriumMuscle>{others}</objects></ForceSet>"""


def point(
    place: str = "<socket_parent_frame>/bodyset/femur_r</socket_parent_frame>", at: str = "0 0 0"
) -> str:
    return f"<PathPoint><location>{at}</location>{place}</PathPoint>"


POINTS = point() + point("<socket_parent_frame>/bodyset/tibia_r</socket_parent_frame>", "0.01 -0.1 0")


def model(
    *,
    version: str = "40000",
    bodies: str = "",
    femur: str = "",
    joints: str = "",
    inside: str | None = None,
    rest: str = "",
    knee_tag: str = "CustomJoint",
) -> str:
    """A femur that floats and a tibia that hangs on it, in the format of version 4."""
    inside = knee() if inside is None else inside
    return f"""<?xml version="1.0"?>
<OpenSimDocument Version="{version}"><Model name="two bones">
<BodySet><objects>
<Body name="femur_r"><mass>9</mass><mass_center>0 -0.2 0</mass_center><inertia>0.1 0.03 0.1 0 0 0</inertia>
{femur}</Body>
<Body name="tibia_r"><mass>4</mass><mass_center>0 -0.1 0</mass_center><inertia>0.05 0.01 0.05 0.001 0 0</inertia></Body>
{bodies}</objects></BodySet>
<JointSet><objects>
<FreeJoint name="hip_r"><socket_parent_frame>/ground</socket_parent_frame>
<socket_child_frame>/bodyset/femur_r</socket_child_frame><coordinates>{FREE}</coordinates></FreeJoint>
<{knee_tag} name="knee_r"><socket_parent_frame>femur_end</socket_parent_frame>
<socket_child_frame>tibia_top</socket_child_frame>
<coordinates>{coordinate("knee_angle_r")}</coordinates>
<frames><PhysicalOffsetFrame name="femur_end"><socket_parent>/bodyset/femur_r</socket_parent>
<translation>0 -0.4 0</translation><orientation>0.1 0.2 0.3</orientation></PhysicalOffsetFrame>
<PhysicalOffsetFrame name="tibia_top"><socket_parent>/bodyset/tibia_r</socket_parent>
<translation>0.01 0.02 0.03</translation><orientation>0.3 0.2 0.1</orientation></PhysicalOffsetFrame></frames>
{inside}</{knee_tag}>{joints}
</objects></JointSet>{rest}
</Model></OpenSimDocument>"""


def old_model(rest: str = "", reverse: str = "false") -> str:
    """The same bones with joints inside bodies, as version 3 wrote them."""
    return f"""<?xml version="1.0"?>
<OpenSimDocument Version="30000"><Model name="two bones">
<BodySet><objects><Body name="ground"><mass>0</mass><Joint/></Body>
<Body name="femur_r"><mass>9</mass><mass_center>0 -0.2 0</mass_center><inertia_xx>0.1</inertia_xx>
<inertia_yy>0.03</inertia_yy><inertia_zz>0.1</inertia_zz><Joint><FreeJoint name="hip_r">
<parent_body>ground</parent_body><CoordinateSet><objects>{FREE}</objects><groups/></CoordinateSet>
</FreeJoint></Joint></Body>
<Body name="tibia_r"><mass>4</mass><mass_center>0 -0.1 0</mass_center><inertia_xx>0.05</inertia_xx>
<inertia_yy>0.01</inertia_yy><inertia_zz>0.05</inertia_zz><inertia_xy>0.001</inertia_xy>
<Joint><CustomJoint name="knee_r"><parent_body>femur_r</parent_body>
<location_in_parent>0 -0.4 0</location_in_parent><orientation_in_parent>0.1 0.2 0.3</orientation_in_parent>
<location>0.01 0.02 0.03</location><orientation>0.3 0.2 0.1</orientation><reverse>{reverse}</reverse>
<CoordinateSet><objects>{coordinate("knee_angle_r")}</objects><groups/></CoordinateSet>
{knee()}</CustomJoint></Joint></Body></objects><groups/></BodySet>{rest}</Model></OpenSimDocument>"""
