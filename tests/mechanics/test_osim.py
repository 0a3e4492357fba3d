"""Reading OpenSim models: against positions that OpenSim computed, against the format's dialects, against bad files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mechanics import osim_text as text
from recordings import recordings

from gerdy.errors import FileError
from gerdy.mechanics.functions import value
from gerdy.mechanics.model import (
    BodyModel,
    Constant,
    Coupling,
    CurveKind,
    Linear,
    Piecewise,
    Polynomial,
    Shape,
    Spline,
)
from gerdy.mechanics.osim import load_osim
from gerdy.mechanics.osim.frames import angles_of
from gerdy.mechanics.posing import full_values, place_bodies, place_point
from gerdy.mechanics.rotations import rotation_of

Load = Callable[[str], BodyModel]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def read(content: str) -> BodyModel:
        path = tmp_path / "model.osim"
        path.write_text(content)
        return load_osim(path)

    return read


# --- against OpenSim ------------------------------------------------------------------------------------------------

POSTURE = {
    "pelvis_tilt": -0.2, "pelvis_list": 0.1, "pelvis_rotation": 0.3, "hip_flexion_r": 0.5, "hip_adduction_r": -0.1,
    "hip_rotation_r": 0.2, "hip_flexion_l": -0.2, "ankle_angle_r": 0.2, "subtalar_angle_r": 0.15,
    "lumbar_extension": -0.1,
}  # fmt: skip
RAJAGOPAL = POSTURE | {
    "knee_angle_r": 1.1, "knee_angle_l": 0.4, "lumbar_bending": 0.05, "arm_flex_r": 0.4, "elbow_flex_r": 1.0,
    "pro_sup_r": 0.5,
}  # fmt: skip
GAIT = POSTURE | {"knee_angle_r": -1.1, "knee_angle_l": -0.4}

# Origins (m), diagonals of the rotation matrix and path points in ground, computed by OpenSim 4.6.
FROM_OPENSIM = {
    ("Rajagopal", "Rajagopal2016.osim"): (
        RAJAGOPAL,
        {
            "patella_r": ([0.091405714, 0.438342558, 0.021426404], [0.814346333, 0.895643509, 0.907569727]),
            "calcn_r": ([-0.236797173, 0.183838037, 0.171147658], [0.650782561, 0.808153372, 0.83598841]),
            "toes_l": ([-0.469683756, 0.10803647, -0.068785452], [0.685480796, 0.711706956, 0.973583284]),
            "hand_r": ([0.315701052, 0.962978979, 0.068703179], [0.251989873, 0.373098831, 0.800043666]),
        },
        {
            ("vaslat_r", 2): [0.122663853, 0.471756486, 0.022218997],
            ("gasmed_r", 1): [-0.218535544, 0.207854755, 0.161240077],
        },
    ),
    ("Rajagopal", "RajagopalLaiUhlrich2023.osim"): (
        RAJAGOPAL,
        {
            "calcn_r": ([-0.232256032, 0.178260832, 0.169379813], [0.650782467, 0.80815331, 0.835988304]),
            "toes_l": ([-0.467430137, 0.104474271, -0.07086197], [0.685480824, 0.711706907, 0.973583365]),
        },
        {("vaslat_r", 2): [0.122663853, 0.471756486, 0.022218997]},
    ),
    ("Gait2392_Simbody", "subject01.osim"): (
        GAIT,
        {
            "calcn_r": ([-0.239087325, 0.192095689, 0.194840924], [0.734547767, 0.829976751, 0.903857061]),
            "toes_l": ([-0.52509376, 0.126855803, -0.093115776], [0.665977075, 0.714002352, 0.950563786]),
            "torso": ([-0.080700201, 1.113028582, 0.038674363], [0.917713063, 0.954237202, 0.950563786]),
        },
        {
            ("rect_fem_r", 2): [0.126598394, 0.50295891, 0.015548552],
            ("semimem_r", 1): [0.035090776, 0.507893952, 0.035715305],
        },
    ),
}


@pytest.mark.parametrize("place", FROM_OPENSIM)
def test_bodies_and_path_points_lie_where_opensim_puts_them(place: tuple[str, str]) -> None:
    posture, bodies, points = FROM_OPENSIM[place]
    model = load_osim(recordings("opensim-models", "Models", *place))
    values = full_values(model, posture)
    placed = place_bodies(model, values)
    for body, (origin, diagonal) in bodies.items():
        assert placed[body].origin == pytest.approx(origin, abs=2e-9)
        assert np.diag(placed[body].rotation) == pytest.approx(diagonal, abs=2e-9)
    paths = {muscle.name: muscle.path for muscle in model.muscles}
    for (muscle, index), where in points.items():
        assert place_point(paths[muscle].points[index], placed, values) == pytest.approx(where, abs=2e-9)


@pytest.mark.parametrize(
    ("place", "counts"),
    [
        (("Rajagopal", "Rajagopal2016.osim"), (22, 39, 80, 40, 66)),
        (("Rajagopal", "RajagopalLaiUhlrich2023.osim"), (22, 39, 80, 44, 66)),
        (("Gait2392_Simbody", "subject01.osim"), (12, 23, 92, 0, 39)),
        (("Gait2392_Simbody", "gait2392_thelen2003muscle.osim"), (12, 23, 92, 0, 0)),
    ],
)
def test_nothing_of_a_published_model_is_lost(place: tuple[str, str], counts: tuple[int, ...]) -> None:
    model = load_osim(recordings("opensim-models", "Models", *place))
    found = (model.bodies, model.coordinates, model.muscles, model.wraps, model.markers)
    assert tuple(map(len, found)) == counts
    assert not [note for note in model.notes if "CoordinateActuator" not in note]


def test_a_knee_carries_loads_along_the_axes_of_the_femur_and_positive_inward_on_both_sides() -> None:
    model = load_osim(recordings("opensim-models", "Models", "Rajagopal", "Rajagopal2016.osim"))
    carried = {}
    for joint in model.joints:
        to_body = rotation_of(joint.parent_orientation)
        for axis in joint.translations + joint.rotations:
            if axis.carried:
                carried[axis.carried] = to_body @ np.array(axis.direction)
    for side in "rl":
        for name in ("hip", "knee"):
            for letter, unit in zip("xyz", np.eye(3), strict=True):
                assert carried[f"{name}_{side}_{letter}"] == pytest.approx(unit, abs=1e-12)
        assert carried[f"patella_{side}_z"] == pytest.approx([0, 0, 1], abs=1e-12)
        outward = 1.0 if side == "r" else -1.0
        assert carried[f"knee_{side}_adduction"][0] * outward > 0.98
        assert carried[f"knee_{side}_rotation"][1] * outward > 0.98


def test_patella_follows_the_knee() -> None:
    model = load_osim(recordings("opensim-models", "Models", "Rajagopal", "Rajagopal2016.osim"))
    found = {c.name: c.coupling for c in model.coordinates if c.coupling}
    line = Linear(1.0, 0.0)
    expected = {f"knee_angle_{side}_beta": Coupling(f"knee_angle_{side}", line) for side in "rl"}
    assert found == expected


# --- dialects -------------------------------------------------------------------------------------------------------


def test_old_and_new_dress_hold_the_same_body(load: Load) -> None:
    new, old = load(text.model()), load(text.old_model())
    assert (new.bodies, new.joints, new.coordinates) == (old.bodies, old.joints, old.coordinates)


def test_joint_of_a_file_is_kept_as_it_stands(load: Load) -> None:
    joint = load(text.model()).joints[1]
    assert (joint.parent, joint.child) == ("femur_r", "tibia_r")
    assert joint.parent_location == (0.0, -0.4, 0.0)
    assert joint.child_orientation == (0.3, 0.2, 0.1)
    assert [axis.carried for axis in joint.rotations] == [None, "knee_r_rotation", "knee_r_adduction"]
    coordinate = load(text.model()).coordinates[-1]
    assert (coordinate.default, coordinate.range, coordinate.rotational) == (0.25, (-2.0, 1.0), True)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<Constant><value>0.5</value></Constant>", Constant(0.5)),
        ("<LinearFunction><coefficients>2 0.5</coefficients></LinearFunction>", Linear(2.0, 0.5)),
        ("<SimmSpline><x>0 1 3</x><y>0 2 1</y></SimmSpline>", Spline((0, 1, 3), (0, 2, 1))),
        ("<NaturalCubicSpline><x>0 1</x><y>0 2</y></NaturalCubicSpline>", Spline((0, 1), (0, 2))),
        ("<SimmSpline><x>7</x><y>0.3</y></SimmSpline>", Constant(0.3)),
        ("<PiecewiseLinearFunction><x>0 1</x><y>0 2</y></PiecewiseLinearFunction>", Piecewise((0, 1), (0, 2))),
        ("<PolynomialFunction><coefficients>1 2 3 4 5</coefficients></PolynomialFunction>",
         Polynomial((1, 2, 3, 4, 5))),
        (
            "<MultiplierFunction><function><SimmSpline><x>0 1</x><y>1 2</y></SimmSpline></function>"
            "<scale>3</scale></MultiplierFunction>",
            Spline((0, 1), (3, 6)),
        ),
    ],
)  # fmt: skip
def test_functions_are_read_with_their_factors(load: Load, written: str, read: object) -> None:
    joint = load(text.model(inside=text.knee(translation=written, coordinate="knee_angle_r"))).joints[1]
    moved = [axis for axis in joint.translations if not axis.carried]
    assert moved[0].function == read
    assert moved[0].coordinate == (None if isinstance(read, Constant) else "knee_angle_r")


def test_a_spline_bends_at_its_ends_as_opensim_bends_it(load: Load) -> None:
    spline = "<SimmSpline><x>0 1 2.5 3</x><y>1 3 2 5</y></SimmSpline>"
    joint = load(text.model(inside=text.knee(translation=spline, coordinate="knee_angle_r"))).joints[1]
    function = next(axis for axis in joint.translations if not axis.carried).function
    at = (-1.0, 0.3, 0.7, 1.5, 2.8, 4.0)
    # computed by OpenSim 4.6
    assert [value(function, x) for x in at] == pytest.approx(
        [-5.733333333, 2.5016, 3.1784, 2.1, 3.4416, 14.133333333], abs=1e-9
    )


@pytest.mark.parametrize(
    ("tag", "names", "turning", "moving"),
    [
        ("PinJoint", ["a"], 1, 0),
        ("SliderJoint", ["a"], 0, 1),
        ("UniversalJoint", ["a", "b"], 2, 0),
        ("BallJoint", ["a", "b", "c"], 3, 0),
        ("PlanarJoint", ["a", "b", "c"], 1, 2),
        ("WeldJoint", [], 0, 0),
    ],
)
def test_plain_joints(load: Load, tag: str, names: list[str], turning: int, moving: int) -> None:
    hand = '<Body name="hand_r"><mass>1</mass></Body>'
    joint = (
        f'<{tag} name="wrist"><socket_parent_frame>/bodyset/tibia_r</socket_parent_frame>'
        "<socket_child_frame>/bodyset/hand_r</socket_child_frame>"
        f"<coordinates>{''.join(map(text.coordinate, names))}</coordinates></{tag}>"
    )
    model = load(text.model(bodies=hand, joints=joint))
    assert (len(model.joints[2].rotations), len(model.joints[2].translations)) == (turning, moving)
    assert [c.name for c in model.coordinates[7:]] == names
    assert [c.rotational for c in model.coordinates[7:]] == [i < turning for i in range(len(names))]


def test_joints_come_parent_first_in_whatever_order_a_file_has_them(load: Load) -> None:
    content = text.model()
    start, end = content.index("<FreeJoint"), content.index("<CustomJoint")
    swapped = content[:start] + content[end:].replace("</CustomJoint>", "</CustomJoint>" + content[start:end])
    assert [joint.name for joint in load(swapped).joints] == ["hip_r", "knee_r"]


def test_points_and_obstacles_of_a_path(load: Load) -> None:
    moving = (
        '<MovingPathPoint name="m"><socket_parent_frame>/bodyset/tibia_r</socket_parent_frame>'
        "<socket_x_coordinate>/jointset/knee_r/knee_angle_r</socket_x_coordinate>"
        "<x_location><LinearFunction><coefficients>2 1</coefficients></LinearFunction></x_location>"
        "<y_location><Constant><value>0.7</value></Constant></y_location>"
        "<z_location><Constant><value>0.9</value></Constant></z_location></MovingPathPoint>"
    )
    conditional = (
        "<ConditionalPathPoint><location>1 2 3</location><body>tibia_r</body>"
        "<range>-1 0.5</range><coordinate>knee_angle_r</coordinate></ConditionalPathPoint>"
    )
    on_frame = text.point("<socket_parent_frame>/jointset/knee_r/femur_end</socket_parent_frame>", "0.1 0 0")
    cylinder = (
        '<WrapObjectSet><objects><WrapCylinder name="bump"><active>true</active><quadrant>x</quadrant>'
        "<translation>1 2 3</translation><xyz_body_rotation>0.1 0.2 0.3</xyz_body_rotation>"
        "<radius>0.03</radius><length>0.1</length></WrapCylinder>"
        '<WrapEllipsoid name="egg"/><WrapSphere name="off"><active>false</active></WrapSphere>'
        "</objects></WrapObjectSet>"
    )
    wraps = (
        "<PathWrap><wrap_object>bump</wrap_object><range>2 -1</range></PathWrap>"
        "<PathWrap><wrap_object>bump</wrap_object><range>-1 -1</range></PathWrap>"
        "<PathWrap><wrap_object>egg</wrap_object></PathWrap>"
    )
    forces = text.MUSCLE.format(points=on_frame + moving + conditional, wraps=wraps, curves="", others="")
    model = load(text.model(femur=cylinder, rest=forces))
    path = model.muscles[0].path
    first, second, third = path.points
    expected = rotation_of((0.1, 0.2, 0.3)) @ [0.1, 0, 0] + [0, -0.4, 0]
    assert first.body == "femur_r"
    assert first.location == pytest.approx(expected)
    assert second.moving is not None
    assert second.moving[0] is not None
    assert second.moving[0].function == Linear(2.0, 1.0)
    assert second.moving[1:] == (None, None)
    assert second.location == (0.0, 0.7, 0.9)
    assert third.only == ("knee_angle_r", -1.0, 0.5)
    assert path.wraps == (("bump", 1, 2), ("bump", 0, 2))
    assert (model.wraps[0].shape, model.wraps[0].quadrant, model.wraps[0].body) == (
        Shape.CYLINDER,
        "+x",
        "femur_r",
    )
    assert len(model.wraps) == 1
    assert [note.split("'")[1] for note in model.notes] == ["egg", "off", "vas_r", "vas_r"]


def test_curves_of_muscles(load: Load) -> None:
    curves = (
        "<pennation_angle_at_optimal>0.2</pennation_angle_at_optimal>"
        "<ActiveForceLengthCurve><minimum_value>0</minimum_value></ActiveForceLengthCurve>"
        "<FiberForceLengthCurve><strain_at_zero_force>0.1</strain_at_zero_force>"
        "<strain_at_one_norm_force>0.6</strain_at_one_norm_force></FiberForceLengthCurve>"
        "<TendonForceLengthCurve><strain_at_one_norm_force>0.1</strain_at_one_norm_force></TendonForceLengthCurve>"
    )
    muscle = load(
        text.model(rest=text.MUSCLE.format(points=text.POINTS, wraps="", curves=curves, others=""))
    ).muscles[0]
    assert muscle.pennation == 0.2
    assert muscle.curves.active == (0.4441, 0.73, 1.8123, 0.8616, 0.0)
    assert muscle.curves.passive == pytest.approx((0.1, 0.6, 0.2, 4.0, 0.75))
    assert muscle.curves.tendon == pytest.approx((0.1, 13.75, 2 / 3, 0.5))
    thelen = text.MUSCLE.replace("Millard2012EquilibriumMuscle", "Thelen2003Muscle")
    curves = "<Af>0.3</Af><Flen>1.8</Flen><FmaxTendonStrain>0.033</FmaxTendonStrain>"
    muscle = load(
        text.model(rest=thelen.format(points=text.POINTS, wraps="", curves=curves, others=""))
    ).muscles[0]
    assert muscle.curves.kind is CurveKind.THELEN
    assert muscle.curves.velocity == (0.3, 1.8, 0.95)
    assert muscle.curves.tendon == (0.033,)


def test_what_a_file_leaves_out_comes_from_its_defaults(load: Load) -> None:
    usual = (
        "<defaults><Millard2012EquilibriumMuscle><max_isometric_force>5</max_isometric_force>"
        "<max_contraction_velocity>7</max_contraction_velocity></Millard2012EquilibriumMuscle></defaults>"
    )
    forces = text.MUSCLE.format(points=text.POINTS, wraps="", curves="", others="")
    muscle = load(text.model(rest=usual + forces)).muscles[0]
    assert (muscle.max_force, muscle.max_velocity) == (1000.0, 7.0)


def test_what_is_not_taken_over_is_named(load: Load) -> None:
    others = (
        '<BushingForce name="pad"/><Millard2012EquilibriumMuscle name="off"><appliesForce>false</appliesForce>'
        "<max_isometric_force>1</max_isometric_force></Millard2012EquilibriumMuscle>"
        '<Schutte1993Muscle_Deprecated name="bad"><max_isometric_force>1</max_isometric_force>'
        "</Schutte1993Muscle_Deprecated>"
    )
    rest = text.MUSCLE.format(points=text.POINTS, wraps="", curves="", others=others)
    rest += '<ConstraintSet><objects><PointConstraint name="pin"/></objects></ConstraintSet>'
    rest += '<ContactGeometrySet><objects><ContactSphere name="sole"/></objects></ContactGeometrySet>'
    rest += "<gravity>0 0 -9.81</gravity>"
    model = load(text.model(rest=rest, version="50000"))
    assert [m.name for m in model.muscles] == ["vas_r"]
    told = "\n".join(model.notes)
    for word in (
        "'pad'",
        "'off' is switched off",
        "'bad' is left out",
        "'pin'",
        "'sole'",
        "gravity",
        "version 50000",
    ):
        assert word in told


def test_a_coordinate_may_follow_another_with_a_factor(load: Load) -> None:
    rest = (
        '<ConstraintSet><objects><CoordinateCouplerConstraint name="c"><isEnforced>true</isEnforced>'
        "<coupled_coordinates_function><LinearFunction><coefficients>2 0.1</coefficients></LinearFunction>"
        "</coupled_coordinates_function><independent_coordinate_names>knee_angle_r</independent_coordinate_names>"
        "<dependent_coordinate_name>q0</dependent_coordinate_name><scale_factor>3</scale_factor>"
        "</CoordinateCouplerConstraint></objects></ConstraintSet>"
    )
    follower = load(text.model(rest=rest)).coordinates[0]
    assert follower.coupling is not None
    assert follower.coupling.of == "knee_angle_r"
    assert value(follower.coupling.function, 1.0) == pytest.approx(6.3)
    assert follower.default == pytest.approx(3 * (2 * 0.25 + 0.1))


def test_markers_on_flesh_are_no_landmarks(load: Load) -> None:
    names = ("RASI", "RTH1", "R.Thigh.Upper", "RLFC", "L_shank_2", "LTB3", "C7")
    markers = "".join(
        f'<Marker name="{n}"><body>tibia_r</body><location>0 1 2</location></Marker>' for n in (*names, "C7")
    )
    model = load(text.model(rest=f"<MarkerSet><objects>{markers}</objects></MarkerSet>"))
    assert [m.name for m in model.markers if m.landmark] == ["RASI", "RLFC", "C7"]
    assert len(model.markers) == len(names)
    assert any("C7" in note for note in model.notes)


# --- bad files ------------------------------------------------------------------------------------------------------

LOOP = (
    '<WeldJoint name="again"><socket_parent_frame>/ground</socket_parent_frame>'
    "<socket_child_frame>/bodyset/tibia_r</socket_child_frame></WeldJoint>"
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", ["model.osim:1:", "no well-formed XML"]),
        ("<OpenSimDocument Version='40000'><Model>", ["model.osim:1:", "no well-formed XML"]),
        ("<html/>", ["model.osim:1:", "no OpenSim model", "<html>"]),
        ("<OpenSimDocument Version='40000'><ScaleTool/></OpenSimDocument>", ["no model", "ScaleTool"]),
        ("<OpenSimDocument Version='10905'><Model/></OpenSimDocument>", ["10905", "save it again"]),
        ("<OpenSimDocument Version='40000'><Model name='m'/></OpenSimDocument>", ["'m'", "no bodies"]),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', ["model.osim:1:", "entities"]),
        ("<a>" * 200, ["deep"]),
        (text.model(knee_tag="EllipsoidJoint"), ["model.osim:11:", "EllipsoidJoint 'knee_r'", "not supported"]),
        (text.model(inside=""), ["'knee_r'", "no <SpatialTransform>"]),
        (text.model(inside=text.knee(function="<GCVSpline/>")), ["GCVSpline", "not supported"]),
        (text.model(inside=text.knee(function="<SimmSpline><x>0 0</x><y>1 2</y></SimmSpline>")), ["must rise"]),
        (text.model(inside=text.knee(function="<SimmSpline><x>0 1</x><y>1</y></SimmSpline>")), ["as many y as x"]),
        (text.model(bodies='<Body name="rib"><mass>1</mass></Body>'), ["'rib'", "hangs on no joint"]),
        (text.model(joints=LOOP), ["two joints"]),
        (text.model().replace(">/ground<", ">/nowhere<"), ["'/nowhere'", "does not have"]),
        (text.model().replace("<mass>9<", "<mass>heavy<"), ["model.osim:4:", "must be numbers", "'heavy'"]),
        (text.model().replace("<mass>9<", "<mass>-9<"), ["model.osim:4:", "negative"]),
        (text.model().replace("0 -0.2 0<", "0 -0.2<"), ["three numbers"]),
        (text.model().replace("0 -0.2 0<", "0 nan 0<"), ["finite"]),
        (text.model(rest="<length_units>inches</length_units>"), ["meters", "inches"]),
        (text.old_model(reverse="true"), ["reversed"]),
        (text.model(bodies='<Body name="tibia_r"/>'), ["tibia_r", "more than once"]),
    ],
)  # fmt: skip
def test_a_file_that_is_no_such_model_says_what_and_where(load: Load, content: str, words: list[str]) -> None:
    with pytest.raises(FileError) as caught:
        load(content)
    for word in words:
        assert word in str(caught.value)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        load_osim(tmp_path / "nothing.osim")


def test_names_in_latin_1_are_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "model.osim"
    path.write_bytes(text.model(rest="<credits>Müller</credits>").encode("latin-1"))
    assert load_osim(path).name == "two bones"


@given(st.integers(0, 10_000), st.integers(1, 40), st.text("<>/ax0 \"'&-.", max_size=12))
def test_a_damaged_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, at: int, cut: int, put: str
) -> None:
    whole = text.model(rest=text.MUSCLE.format(points=text.POINTS, wraps="", curves="", others=""))
    at %= len(whole)
    path = tmp_path_factory.getbasetemp() / "damaged.osim"
    path.write_text(whole[:at] + put + whole[at + cut :])
    try:
        model = load_osim(path)
    except FileError:
        return
    assert model.joints


@given(st.tuples(*[st.floats(-3.1, 3.1) for _ in range(3)]))
def test_angles_of_a_rotation_turn_back_into_it(angles: tuple[float, float, float]) -> None:
    rotation = rotation_of(angles)
    assert rotation_of(angles_of(rotation)) == pytest.approx(rotation, abs=1e-7)


@pytest.mark.parametrize("y", [np.pi / 2, -np.pi / 2])
def test_angles_are_found_where_two_axes_fall_together(y: float) -> None:
    rotation = rotation_of((0.4, y, 0.3))
    assert rotation_of(angles_of(rotation)) == pytest.approx(rotation, abs=1e-9)
