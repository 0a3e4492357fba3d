"""Muscle-tendon forces against OpenSim 4.6, and what must hold of any muscle."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recordings import recordings

from gerdy.errors import InputError
from gerdy.mechanics.compiling import COMPILING
from gerdy.mechanics.curves import TENDON, curve
from gerdy.mechanics.hill import at_fibre, elastic, forces, muscle_arrays, rigid, tendon_stretch
from gerdy.mechanics.model import CurveKind, Curves, Muscle, Path
from gerdy.mechanics.osim import load_osim

NOWHERE = Path(points=())
RAJAGOPAL = Curves(active=(0.25, 0.77, 1.9, 0.75, 0.0))
STIFF = Curves(
    active=(0.25, 0.77, 1.9, 0.75, 0.0),
    passive=(0.15063246213625714, 0.5506359622562749, 0.2, 4.999956248882614, 0.75),
)
GAIT = Curves(kind=CurveKind.THELEN, active=(0.5,), velocity=(0.3, 1.8), passive=(4.0, 0.6), tendon=(0.033,))


def made(
    name: str, force: float, optimal: float, slack: float, pennation: float, curves: Curves = RAJAGOPAL
) -> Muscle:
    return Muscle(
        name=name, path=NOWHERE, max_force=force, optimal_length=optimal, tendon_slack=slack, pennation=pennation,
        curves=curves,
    )  # fmt: skip


# parameters: Rajagopal2016.osim, RajagopalLaiUhlrich2023.osim (gasmed_r), gait2392_thelen2003muscle.osim (thelen_)
MUSCLES = [
    made("soleus_r", 6194.84262295082, 0.044, 0.276755872375976, 0.38142888),
    made("glmed1_r", 1093.4667688, 0.073, 0.0558168319436554, 0.31655591),
    made("vaslat_r", 5148.76721311476, 0.0994, 0.220601284834603, 0.25286729),
    made("tfl_r", 411.20655737705, 0.095, 0.449497053805428, 0.05235988),
    made("gasmed_r", 3115.51475409836, 0.059, 0.387, 0.16568155, STIFF),
    made("thelen_soleus_r", 3549.0, 0.05, 0.25, 0.43633231, GAIT),
    made("thelen_glut_med1_r", 819.0, 0.0535, 0.078, 0.13962634, GAIT),
    made("thelen_vas_lat_r", 1871.0, 0.084, 0.157, 0.08726646, GAIT),
    made("no_tendon_no_angle", 500.0, 0.08, 0.0, 0.0),
    made("thelen_straight", 500.0, 0.08, 0.1, 0.0, GAIT),
    made("undriven", 0.0, 0.08, 0.1, 0.2),
]
ARRAYS = muscle_arrays(MUSCLES)
PLACE = {muscle.name: i for i, muscle in enumerate(MUSCLES)}


def rows(text: str) -> list[tuple[str | float, ...]]:
    """A name and numbers on each line."""
    split = (line.split() for line in text.strip().splitlines())
    return [(name, *map(float, numbers)) for name, *numbers in split]


# OpenSim 4.6, Millard2012EquilibriumMuscle with ignore_tendon_compliance, activation 1, at random lengths and speeds:
# muscle, path length m, path speed m/s, calcInextensibleTendonActiveFiberForce, getActiveFiberForceAlongTendon,
# getPassiveFiberElasticForceAlongTendon, getNormalizedFiberLength, getCosPennationAngle
RIGID = rows("""
soleus_r 0.308969490747 -0.334378722366 413.850136166 368.977563823 0 0.821327470676 0.891395596016
soleus_r 0.345387136338 -0.494369305429 0 0 4380.88178075 1.60360482482 0.972684435433
soleus_r 0.314875578537 0.129098802352 7918.64227529 7276.58316875 0 0.942943390828 0.918779395075
soleus_r 0.289472365132 0.365343464342 2903.96513234 1781.963494 0 0.471269914597 0.613260448087
glmed1_r 0.126056844367 0.259087437775 1423.78807977 1354.99830284 0.152347394545 1.01129531161 0.951445082322
glmed1_r 0.0967169213468 0.837602518348 1073.60776045 939.070077027 0 0.640947075362 0.874136444085
glmed1_r 0.164935732369 -0.407800035394 61.99350885 60.6981022239 561.29800142 1.52684985653 0.978995709029
glmed1_r 0.0995086337964 -0.718144696782 16.1286765959 14.3171098962 0 0.674632087762 0.88717664703
vaslat_r 0.354913136914 1.0902903723 4511.56064586 4436.88994928 1124.10586939 1.37419137916 0.983287987783
vaslat_r 0.377006502795 -0.576017323777 212.317422566 209.709097391 3551.82076429 1.59325805668 0.987594653509
vaslat_r 0.342497313468 -0.505914056188 637.217830953 624.480667945 411.891224557 1.25157776231 0.979817820706
vaslat_r 0.255628968111 0.520946437076 1835.6681385 1499.29016085 0 0.43216908971 0.81540116643
tfl_r 0.545219076961 -1.04045174435 0 0 0.0264419989732 1.0089585243 0.998653779589
tfl_r 0.497517803802 -0.577277403085 18.0040323397 17.9091580039 0 0.50818370614 0.994682774754
tfl_r 0.510814289877 0.755563249011 404.477975914 403.166699924 0 0.647562948005 0.996728723005
tfl_r 0.591115143828 -0.86573276035 1.94000006769 1.93881635328 181.324957504 1.49163515739 0.999384286223
gasmed_r 0.412672492175 -0.248851629044 251.964518992 235.659912557 0 0.465333872726 0.935085562276
gasmed_r 0.414290679754 -0.415068546588 96.8802175059 91.2711416588 0 0.491076596997 0.941918016379
gasmed_r 0.451764470203 0.446187388535 4055.75909133 4010.89733114 0 1.11002330716 0.988900753452
gasmed_r 0.437997213698 -0.0294881560077 2288.52506387 2248.10768793 0 0.879953156755 0.982279053798
""")

# OpenSim 4.6, Thelen2003Muscle, activation 1: muscle, length m, speed m/s, calcInextensibleTendonActiveFiberForce
RIGID_THELEN = rows("""
thelen_soleus_r 0.305323227482 0.445339010458 5331.75566654
thelen_soleus_r 0.297535856053 -0.191503280083 969.776299021
thelen_soleus_r 0.325311855853 -0.230320299114 405.740213307
thelen_soleus_r 0.270796629523 -0.313636788365 405.763650739
thelen_glut_med1_r 0.100246493591 -0.337935309531 55.3203049897
thelen_glut_med1_r 0.137073388493 -0.521138823363 6.29627760562
thelen_glut_med1_r 0.129425553872 -0.436895233606 42.0159758712
thelen_glut_med1_r 0.102324978799 -0.139663003404 185.021767681
thelen_vas_lat_r 0.243183404945 -0.670032676121 104.645892777
thelen_vas_lat_r 0.290667179842 -0.190012219489 407.723046511
thelen_vas_lat_r 0.203507069287 0.279453240232 2040.32646001
thelen_vas_lat_r 0.277497438021 -0.569186190082 126.729178053
""")

# OpenSim 4.6, fibre equilibrium at rest: muscle, path length m, activation, getTendonForce, getNormalizedFiberLength,
# getCosPennationAngle, getTendonStrain
ELASTIC = rows("""
soleus_r 0.314714178593 0.94129228186 4168.84955801 0.729855168301 0.860157418115 0.0373453010865
soleus_r 0.300447574909 0.505356325832 1310.67763779 0.568470174386 0.755782733251 0.0172988021407
soleus_r 0.336358164151 0.0865552795306 1169.33842912 1.30867475006 0.958692122083 0.015895525952
glmed1_r 0.132741372714 0.729598121275 764.798172631 1.07073526594 0.956804969274 0.0382886057966
glmed1_r 0.164920795942 0.871114117392 921.505452663 1.49418099922 0.978056779298 0.0433957364155
glmed1_r 0.134254107441 0.98069604533 1017.34497127 1.08454929688 0.957922349148 0.046519171012
vaslat_r 0.346797755934 0.982135710524 4424.02504563 1.19837338573 0.9779653593 0.0439838137258
vaslat_r 0.267637796287 0.304385551363 601.619460386 0.513415784046 0.873241602952 0.0112053329314
vaslat_r 0.359967317475 0.727521894798 3349.69603503 1.34444369112 0.982533609249 0.0365478292076
tfl_r 0.511061795498 0.855707914412 162.961441597 0.52584120377 0.995034755088 0.0263802968648
tfl_r 0.514303348753 0.76878364777 167.257274566 0.557606349506 0.995585570434 0.026846751203
tfl_r 0.579168335683 0.500238423077 192.881818835 1.22620186212 0.999088735707 0.0295625016703
gasmed_r 0.468715912168 0.112751438297 498.736274693 1.30332186841 0.991961286551 0.0140518520999
gasmed_r 0.404671661871 0.156835312209 26.1892640024 0.329731573711 0.865922423347 0.00213402075684
gasmed_r 0.474650967965 0.930245109644 2362.11927663 1.23181904987 0.990996601865 0.0403823951045
thelen_soleus_r 0.305323227482 0.471040684567 1562.44532777 1.08141584272 0.920475244128 0.0222096075616
thelen_soleus_r 0.297535856053 0.201147243831 640.55444025 0.966443710566 0.89931950141 0.0163150890252
thelen_soleus_r 0.325311855853 0.401257350753 2079.03903252 1.4443707139 0.956235906316 0.0250155956793
thelen_glut_med1_r 0.100246493591 0.805248975902 308.88189919 0.40958531258 0.940501237445 0.0209931371518
thelen_glut_med1_r 0.137073388493 0.444464401432 367.103443499 1.08057066884 0.99167111949 0.0223635219631
thelen_glut_med1_r 0.129425553872 0.739885608381 593.534128666 0.931307908429 0.988771047718 0.0276931155947
thelen_vas_lat_r 0.243183404945 0.161956599103 302.001591741 1.00057153096 0.996199052579 0.0156360408022
thelen_vas_lat_r 0.290667179842 0.948335327319 2149.64264267 1.52672130379 0.998369214923 0.0358708897208
thelen_vas_lat_r 0.203507069287 0.715630994869 831.575618258 0.519358452528 0.985818636127 0.0222906816255
""")

any_muscle = st.integers(0, len(MUSCLES) - 1)
any_number = st.floats(allow_nan=False, allow_infinity=False)
stretch = st.floats(0.05, 1.8)
pace = st.floats(-1.5, 1.5)
share = st.floats(0.0, 1.0)


def at(i: int, along: float, speed: float = 0.0) -> tuple[float, float]:
    """Path length and speed at which a rigid tendon leaves the fibre so long along it, in optimal lengths."""
    muscle = MUSCLES[i]
    return (
        muscle.tendon_slack + muscle.optimal_length * along,
        speed * muscle.optimal_length * muscle.max_velocity,
    )


@pytest.mark.parametrize(
    ("name", "length", "speed", "_without", "active", "passive", "normal", "cosine"), RIGID
)
def test_rigid_tendon_is_that_of_opensim(
    name: str, length: float, speed: float, _without: float, active: float, passive: float, normal: float,
    cosine: float,
) -> None:  # fmt: skip
    i = PLACE[name]
    ours = rigid(ARRAYS, i, length, speed)
    tolerance = 1e-7 * MUSCLES[i].max_force
    assert ours[0] == pytest.approx(active, rel=1e-6, abs=tolerance)
    assert ours[1] == pytest.approx(passive, rel=1e-6, abs=tolerance)
    assert ours[2:] == pytest.approx((normal, cosine), abs=1e-11)


@pytest.mark.parametrize(("name", "length", "speed", "without", "active", "_p", "_n", "_c"), RIGID)
def test_opensim_static_optimisation_differs_by_the_pennation_it_leaves_out(
    name: str, length: float, speed: float, without: float, active: float, _p: float, _n: float, _c: float
) -> None:
    i = PLACE[name]
    ours, _, normal, cosine = rigid(ARRAYS, i, length, speed)
    as_if_metres = math.sqrt(1 - (ARRAYS.height[i] / normal) ** 2)
    assert ours / cosine * as_if_metres == pytest.approx(without, rel=1e-6, abs=1e-7 * MUSCLES[i].max_force)


@pytest.mark.parametrize(("name", "length", "speed", "active"), RIGID_THELEN)
def test_rigid_tendon_of_thelen_is_that_of_opensim(
    name: str, length: float, speed: float, active: float
) -> None:
    i = PLACE[name]
    # OpenSim inverts its force-velocity curve to a speed within 1e-6
    assert rigid(ARRAYS, i, length, speed)[0] == pytest.approx(active, abs=1e-5 * MUSCLES[i].max_force)


@pytest.mark.parametrize(("name", "length", "activation", "force", "normal", "cosine", "strain"), ELASTIC)
def test_elastic_tendon_is_that_of_opensim(
    name: str, length: float, activation: float, force: float, normal: float, cosine: float, strain: float
) -> None:
    i = PLACE[name]
    ours = elastic(ARRAYS, i, length, 0.0, activation)
    assert ours[0] == pytest.approx(force, abs=1e-7 * MUSCLES[i].max_force)
    assert ours[1:] == pytest.approx((normal, cosine, strain), abs=1e-7)


@given(any_muscle, stretch, pace, share)
def test_balance_is_a_rigid_tendon_on_a_path_shorter_by_the_stretch(
    i: int, along: float, speed: float, activation: float
) -> None:
    length, _ = at(i, along, speed)
    force, normal, cosine, _ = elastic(ARRAYS, i, length, 0.0, activation)
    active, passive, fibre, angle = rigid(ARRAYS, i, length - tendon_stretch(ARRAYS, i, force), 0.0)
    assert activation * active + passive == pytest.approx(force, abs=1e-8 * MUSCLES[i].max_force)
    if force > 0.0:
        assert (fibre, angle) == pytest.approx((normal, cosine), abs=1e-9)


@given(any_muscle, stretch, pace)
def test_a_fibre_gives_what_its_rigid_muscle_gives(i: int, along: float, speed: float) -> None:
    active, passive, normal, cosine = rigid(ARRAYS, i, *at(i, along, speed))
    assert at_fibre(ARRAYS, i, normal, speed * cosine) == pytest.approx((active, passive), rel=1e-9, abs=1e-9)


@given(any_muscle, stretch, pace, share)
def test_a_very_stiff_tendon_is_a_rigid_one(i: int, along: float, speed: float, activation: float) -> None:
    usual = MUSCLES[i].curves
    curves = Curves(
        kind=usual.kind, active=usual.active, velocity=usual.velocity, passive=usual.passive, tendon=(1e-7,)
    )
    muscle = made("stiff", 1000.0, 0.08, 0.2, MUSCLES[i].pennation, curves)
    arrays = muscle_arrays([muscle])
    length, rate = 0.2 + 0.08 * along, speed * 0.8
    active, passive, *_ = rigid(arrays, 0, length, rate)
    force, *_ = elastic(arrays, 0, length, rate, activation)
    assert force == pytest.approx(activation * active + passive, rel=1e-4, abs=0.01)


@given(any_muscle, st.floats(0.0, 20.0), st.floats(0.0, 1.0))
def test_tendon_stretch_turns_the_tendon_curve_round(i: int, force: float, more: float) -> None:
    top, slack = MUSCLES[i].max_force, MUSCLES[i].tendon_slack
    long = tendon_stretch(ARRAYS, i, force * top)
    assert tendon_stretch(ARRAYS, i, (force + more) * top) >= long - 1e-12
    assert long >= 0.0
    if top * slack == 0.0:
        assert long == 0.0
    else:
        back, _ = curve(ARRAYS.tables, int(ARRAYS.curves[i, TENDON]), long / slack)
        assert back == pytest.approx(force, rel=1e-12, abs=1e-13)


@given(any_muscle, any_number, any_number, any_number)
def test_every_finite_input_gives_finite_forces_that_pull(
    i: int, length: float, speed: float, activation: float
) -> None:
    for found in (
        rigid(ARRAYS, i, length, speed),
        elastic(ARRAYS, i, length, speed, activation),
        at_fibre(ARRAYS, i, length, speed),
        (tendon_stretch(ARRAYS, i, length),),
    ):
        assert all(math.isfinite(value) and value >= 0.0 for value in found)


@given(any_muscle, st.floats(-0.5, 2.5), pace, share, st.sampled_from([1e-4, 1e-6, 1e-8]))
def test_forces_have_no_jumps(i: int, along: float, speed: float, activation: float, step: float) -> None:
    top = max(MUSCLES[i].max_force, 1.0)
    here, there = (rigid(ARRAYS, i, *at(i, x, speed)) for x in (along, along + step))
    assert abs(here[0] - there[0]) <= 60 * step * top
    assert abs(here[1] - there[1]) <= 60 * step * max(top, here[1])
    one, two = (elastic(ARRAYS, i, *at(i, x, speed), activation)[0] for x in (along, along + step))
    assert abs(one - two) <= 100 * step * max(top, one) + 1e-9 * top
    three = elastic(ARRAYS, i, *at(i, along, speed), min(1.0, activation + step))[0]
    assert abs(one - three) <= 10 * step * top + 1e-9 * top


@given(any_muscle, stretch, stretch, pace, pace, share, share)
def test_force_rises_with_activation_with_speed_and_passively_with_length(
    i: int, a: float, b: float, slow: float, fast: float, less: float, more: float
) -> None:
    (a, b), (slow, fast), (less, more) = sorted((a, b)), sorted((slow, fast)), sorted((less, more))
    tolerance = 1e-9 * MUSCLES[i].max_force
    assert rigid(ARRAYS, i, *at(i, a))[1] <= rigid(ARRAYS, i, *at(i, b))[1] + tolerance
    assert rigid(ARRAYS, i, *at(i, a, slow))[0] <= rigid(ARRAYS, i, *at(i, a, fast))[0] + tolerance
    length, speed = at(i, a, slow)
    weak, strong = elastic(ARRAYS, i, length, speed, less), elastic(ARRAYS, i, length, speed, more)
    assert weak[0] <= strong[0] + tolerance
    assert weak[1] >= strong[1] - 1e-9
    assert elastic(ARRAYS, i, *at(i, a), 0.0)[0] <= elastic(ARRAYS, i, *at(i, b), 0.0)[0] + tolerance


def test_a_path_too_short_for_tendon_and_fibre_pulls_nothing() -> None:
    for i, muscle in enumerate(MUSCLES):
        for length in (-1.0, 0.0, muscle.tendon_slack):
            assert rigid(ARRAYS, i, length, 0.0)[:2] == (0.0, 0.0)
            assert elastic(ARRAYS, i, length, 0.0, 1.0)[0] == 0.0


def test_full_shortening_speed_leaves_nothing_and_lengthening_tops_out() -> None:
    i = PLACE["tfl_r"]
    isometric = rigid(ARRAYS, i, *at(i, 1.0))[0]
    assert rigid(ARRAYS, i, *at(i, 1.0, -1.1))[0] == 0.0
    assert rigid(ARRAYS, i, *at(i, 1.0, 1.1))[0] == pytest.approx(1.4 * isometric)
    assert rigid(ARRAYS, i, *at(i, 1.0, 50.0))[0] == pytest.approx(1.4 * isometric)


SCRIPT = """
import json, sys
import numpy as np
from gerdy.mechanics.compiling import COMPILING
from gerdy.mechanics.hill import elastic, at_fibre, rigid, tendon_stretch
from mechanics.test_hill import ARRAYS, MUSCLES, both_paths
assert not COMPILING
json.dump(both_paths(), sys.stdout)
"""


def both_paths() -> list[list[float]]:
    """Every kernel at many inputs, wild ones included."""
    rng = np.random.default_rng(11)
    found = []
    for i, muscle in enumerate(MUSCLES):
        for k in range(40):
            length, speed = at(i, rng.uniform(-0.2, 2.0), rng.uniform(-1.3, 1.3))
            if k < 4:
                length, speed = (1e308, -1e308)[k % 2], (1e308, -1e308)[k // 2]
            activation, force = rng.uniform(), muscle.max_force * rng.uniform(0, 2)
            values = (
                *rigid(ARRAYS, i, length, speed),
                *elastic(ARRAYS, i, length, speed, activation),
                *at_fibre(ARRAYS, i, length, speed),
                tendon_stretch(ARRAYS, i, force),
            )
            found.append([float(value) for value in values])
    return found


@pytest.mark.slow
def test_the_python_path_gives_the_same_numbers() -> None:
    if not COMPILING:
        pytest.skip("the compiled path is switched off here, so there is nothing to compare with")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT],
        env={**os.environ, "GERDY_PATH": "python", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    plain, fast = np.array(json.loads(done.stdout)), np.array(both_paths())
    assert np.allclose(plain, fast, rtol=1e-12, atol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "name", "here"),
    [
        ("Rajagopal/Rajagopal2016.osim", "soleus_r", "soleus_r"),
        ("Rajagopal/RajagopalLaiUhlrich2023.osim", "gasmed_r", "gasmed_r"),
        ("Gait2392_Simbody/gait2392_thelen2003muscle.osim", "soleus_r", "thelen_soleus_r"),
    ],
)
def test_a_model_file_gives_the_same_muscle(file: str, name: str, here: str) -> None:
    path = recordings("opensim-models", "Models", *file.split("/"))
    muscle = next(muscle for muscle in load_osim(path).muscles if muscle.name == name)
    ours, arrays = MUSCLES[PLACE[here]], muscle_arrays([muscle])
    length, speed = at(PLACE[here], 1.2, -0.1)
    assert muscle.max_force == pytest.approx(ours.max_force)
    assert rigid(arrays, 0, length, speed) == pytest.approx(rigid(ARRAYS, PLACE[here], length, speed))
    assert elastic(arrays, 0, length, speed, 0.4) == pytest.approx(
        elastic(ARRAYS, PLACE[here], length, speed, 0.4)
    )


def test_many_at_once_are_the_same_as_one_by_one() -> None:
    rng = np.random.default_rng(3)
    lengths = np.array([[at(i, x)[0] for i in range(len(MUSCLES))] for x in rng.uniform(0.3, 1.7, 5)])
    speeds = rng.uniform(-0.5, 0.5, lengths.shape)
    activations = rng.uniform(0, 1, lengths.shape)
    total, springy = (
        forces(MUSCLES, lengths, speeds, activations),
        forces(MUSCLES, lengths, speeds, activations, tendon="elastic"),
    )
    for t in range(5):
        for i in range(len(MUSCLES)):
            active, passive, *_ = rigid(ARRAYS, i, lengths[t, i], speeds[t, i])
            assert total[t, i] == pytest.approx(activations[t, i] * active + passive)
            alone = elastic(ARRAYS, i, lengths[t, i], speeds[t, i], activations[t, i])[0]
            assert springy[t, i] == pytest.approx(alone)
    assert forces([], np.zeros((3, 0)), np.zeros((3, 0)), np.zeros((3, 0))).shape == (3, 0)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"lengths": np.zeros((2, 3))}, r"lengths: must be shaped \(instants, 11 muscles\); got \(2, 3\)"),
        ({"lengths": np.full((2, 11), np.nan)}, "lengths: must be finite; got nan at instant 0, muscle 0"),
        ({"speeds": np.zeros((3, 11))}, "must be shaped as lengths"),
        ({"activations": np.full((2, 11), 1.5)}, "activations: must be from 0 to 1"),
        ({"lengths": "long"}, "lengths: must be numbers"),
        ({"tendon": "steel"}, "tendon: must be 'rigid' or 'elastic'; got 'steel'"),
    ],
)
def test_bad_input_is_refused(changed: dict[str, object], words: str) -> None:
    given_ = {name: np.zeros((2, 11)) for name in ("lengths", "speeds", "activations")}
    with pytest.raises(InputError, match=words):
        forces(MUSCLES, **{**given_, **changed})  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    ("muscle", "words"),
    [
        (made("a", -1.0, 0.1, 0.1, 0.0), "muscle a: max_force: must be 0 N or more; got -1"),
        (made("a", 1.0, 0.0, 0.1, 0.0), "muscle a: optimal_length"),
        (made("a", 1.0, 0.1, -0.1, 0.0), "muscle a: tendon_slack"),
        (made("a", 1.0, 0.1, 0.1, 2.0), "muscle a: pennation"),
        (made("a", math.nan, 0.1, 0.1, 0.0), "muscle a: max_force"),
        (made("a", 1.0, 0.1, 0.1, 0.0, Curves(active=(0.5,))), "muscle a: curves.active: must have 5"),
    ],
)
def test_impossible_muscles_are_refused_by_name(muscle: Muscle, words: str) -> None:
    with pytest.raises(InputError, match=words):
        muscle_arrays([muscle])
