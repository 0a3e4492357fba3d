"""The movement report shows all that was computed, says what was not, and hides no warning."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import xarray
from hypothesis import given, settings
from hypothesis import strategies as st
from interchange import motion_trial as made
from interchange.page import Page, read
from interchange.test_style import luminance

from gerdy.atlas import load_atlas
from gerdy.errors import InputError
from gerdy.interchange.motion import motion_report
from gerdy.interchange.motion.axes import Scale, number, ticks
from gerdy.interchange.motion.cautions import cautions
from gerdy.interchange.motion.instants import instants
from gerdy.interchange.motion.joints import ANGLES, MOMENTS
from gerdy.interchange.motion.measures import meanings
from gerdy.interchange.motion.muscles import OTHERS, named
from gerdy.interchange.motion.published import Limit, Peak, Published, Range, published
from gerdy.interchange.motion.spans import curve, peaks, spans_of
from gerdy.interchange.motion.trial import Trial
from gerdy.interchange.motion.whatif import rows_of
from gerdy.motion.measure_definitions import definitions

SECTIONS = (
    *("cautions", "glance", "body", "band", "whatif", "measures", "angles", "moments", "effort"),
    *("contacts", "quality", "about"),
)
SUMMARIES = (
    made.Summary("pelvic_drop", "r", 4, 5.2, 0.7, 4.1),
    made.Summary("pelvic_drop", "l", 3, 6.3, 1.1, 4.1),
    made.Summary("step_rate", "both", 8, 167.0, 2.0, 1.5),
)


@cache
def run() -> xarray.Dataset:
    return made.running()


@cache
def run_html() -> str:
    data = run()
    return motion_report(
        data,
        measures=SUMMARIES,
        events=made.run_events(),
        poses=lambda frame: made.pose(data, frame),
        what_if=made.comparisons(),
        title="Easy <run> & more",
        notes=("assumed: the shoes weigh nothing",),
    )


def text(html: str) -> str:
    page = read(html)
    return re.sub(r"\s+", " ", next(iter(page.all("body") or page.elements)).text)


def section(html: str, name: str) -> str:
    inside = re.split(r"(?=<section|<footer)", html)
    return next(part for part in inside if f'aria-labelledby="{name}"' in part)


def check(html: str) -> Page:
    """Return the page after checking that it is sound, complete for those who cannot see it, and fetches nothing."""
    assert html.startswith("<!doctype html>\n<html lang=")
    page = read(html)
    assert page.problems == []
    ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    levels = [int(one.tag[1]) for one in page.all("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for one in page.elements:
        assert one.attributes.get("href", "#")[0] == "#"
        assert one.attributes.get("href", "#")[1:] in {*ids, ""}
        assert not [name for name in one.attributes if name.startswith("on")]
        assert "src" not in one.attributes
    assert not page.all("script", "link", "iframe", "object", "embed", "form", "base")
    assert not re.search(r"https?:|//[a-z]|url\(|@import", html)
    for one in page.all("svg"):
        assert one.attributes.get("aria-hidden") == "true" or len(one.attributes["aria-label"]) > 20
    assert not re.search(r"\b(nan|inf|None)\b", re.sub(r">None: |>None\.<", "><", html))
    return page


def test_page_is_sound() -> None:
    page = check(run_html())
    places = [page.place(name) for name in SECTIONS]
    assert places == sorted(places)
    assert "Easy <run> & more" in page.all("h1")[0].text


def test_every_chart_has_words_and_its_numbers_in_a_table() -> None:
    page = check(run_html())
    figures = [
        one for one in page.elements if one.tag == "svg" and one.attributes.get("class") in ("plot", "strip")
    ]
    assert (
        len(figures)
        == len([one for one in page.all("details") if "figure" in one.within])
        >= len(ANGLES) + len(MOMENTS) + 10
    )
    assert len(page.all("summary")) == len(page.all("details"))
    tables = [one for one in page.all("table") if {"details", "figure"} <= set(one.within)]
    assert len(tables) == len(figures)
    assert all(re.search(r"\d", one.text) for one in tables)


@pytest.mark.parametrize(
    "words",
    [
        "In 2 frames of 320 the pose that fits the markers best was not reached",
        "right ankle 14 %",
        "right tensor fasciae latae (9 % of frames)",
        "at worst 104 mm (LKNE at 1.50 s)",
        "Force plate 2: 3 % of its samples are clipped.",
        "LKNE from 1.480 to 1.510 s: gap filled by a spline.",
        "The trial's up axis is Y.",
        "42 markers at 100 Hz.",
        "The shoes weigh nothing.",
    ],
)
def test_warnings_and_assumptions_stand_first(words: str) -> None:
    assert words in text(section(run_html(), "cautions"))
    assert run_html().index('id="cautions"') < run_html().index('id="glance"')


@pytest.mark.parametrize("mode", [0, 1])
def test_lines_and_words_stand_out_from_the_paper(mode: int) -> None:
    style = run_html().partition("<style>")[2].partition("</style>")[0]
    colours: dict[str, str] = {}
    for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL):
        found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
        if mode or colours.keys().isdisjoint(found):
            colours |= found
    for name, least in (("right", 3.0), ("left", 3.0), ("known", 3.0), ("push", 3.0), ("limit", 4.5)):
        bright, dim = sorted((luminance(colours[name]), luminance(colours["paper"])), reverse=True)
        assert (bright + 0.05) / (dim + 0.05) >= least, name


def test_warnings_follow_from_the_numbers() -> None:
    data = run().copy(deep=True)
    data["moment"].loc[{"coordinate": "pelvis_ty"}] = 400.0
    data = data.assign_attrs(quasi_static=1, notes="warning: looks odd")
    found = cautions(Trial(data, made.run_events()), ())
    warned = [one.text.replace("\u00a0", " ") for one in found.computed]
    assert any(
        "Residual force on the pelvis: up to 400 N, 23 % of the highest ground" in one for one in warned
    )
    assert any("No ground forces were measured" in one for one in warned)
    assert found.warnings == ("Looks odd.",)
    sound = run().drop_vars(["converged", "saturated", "reserve_share", "marker_residual"])
    calm = motion_report(sound.assign_attrs(notes=[]), events=made.run_events())
    assert "Nothing in the recording or the analysis asks for a warning" in text(calm)


def test_notes_speak_of_joints_and_muscles_by_name() -> None:
    note = "warning: hip_adduction_r at 1.2 s: at full effort: tfl_r, glmed1_r; not known: some_thing"
    words = "Right hip adduction at 1.2 s: at full effort: right tensor fasciae latae, right gluteus medius, front;"
    # The numbers already warn of muscles that give too little, so that what is said of one joint is detail.
    assert cautions(Trial(run()), [note]).detailed == (f"{words} not known: some_thing.",)
    silent = Trial(run().drop_vars("reserve_share"))
    assert cautions(silent, [note]).warnings[-1] == f"{words} not known: some_thing."
    assert "1 more" not in text(motion_report(run(), notes=[note]))
    assert words in text(motion_report(run(), notes=[note]))


def test_a_long_list_of_tired_muscles_is_cut_and_kept_whole_behind_a_click() -> None:
    data = run().copy(deep=True)
    data["saturated"] = data["activation"] > 0.3
    part = section(motion_report(data, events=made.run_events()), "cautions")
    count = int((data["saturated"].any("time")).sum())
    assert f"and {count - 6} more muscles" in text(part)
    whole = text(part).partition(f"All {count} muscles at their limit")[2]
    assert whole.count(" of frames)") == count


def test_measures_of_the_dataset_are_shown_where_none_are_handed_in() -> None:
    table = np.full((2, 2, 3), np.nan)
    table[0], table[1] = [[5.2, 0.7, 4.1], [6.3, 1.1, 4.1]], [[167.0, 2.0, 1.5], [167.0, 2.0, 1.5]]
    names = {
        "measure": ["pelvic_drop", "step_rate"],
        "side": list(made.SIDES),
        "statistic": ["mean", "sd", "error"],
    }
    data = run().assign(measured=xarray.DataArray(table, names, ("measure", "side", "statistic")))
    said = text(section(motion_report(data, events=made.run_events()), "measures"))
    assert "5.2 ± 4.1 (SD 0.7)" in said
    assert said.count("167 ± 2") == 1


def test_a_note_is_said_once() -> None:
    html = motion_report(run(), events=made.run_events(), notes=("found: 42 markers at 100 Hz",))
    assert text(section(html, "cautions")).count("42 markers at 100 Hz") == 1


def test_curves_run_from_contact_to_contact() -> None:
    trial = Trial(run(), made.run_events())
    spans = spans_of(trial)
    assert spans.kind == "cycle"
    assert spans.count("right") == 4
    assert spans.count("left") == 3
    off = spans.off("right")
    assert off is not None
    assert off == pytest.approx(100 * made.STANCE / made.STRIDE)
    found = curve(trial, spans, "right", trial.angle("hip_adduction_r"))
    assert found is not None
    assert found.n == 4
    assert found.sd is not None
    assert found.peak[1] == pytest.approx(15, abs=1)
    # The knee bends furthest in swing; the published peak is of the time on the foot.
    knee = trial.knee_flexion("right")
    assert peaks(trial, spans, "right", knee, stance=False).mean() > 85
    assert 40 < peaks(trial, spans, "right", knee, stance=True).mean() < 50


def test_a_missed_contact_makes_no_cycle() -> None:
    events = made.run_events()
    kept = tuple(phase for phase in events.phases if phase.side == "r")
    holed = made.Events(
        "running", (kept[0], made.Phase("r", kept[1].start, kept[1].toe_off, kept[3].start), *kept[3:])
    )
    assert spans_of(Trial(run(), holed)).count("right") == 2


def test_a_peak_is_placed_against_the_published_one() -> None:
    said = text(section(run_html(), "angles"))
    assert re.search(
        r"Highest with the foot down: right 9\.\d, within one SD; left 11\.\d, within one SD", said
    )
    assert "Published 10.4 (SD 3.3) deg (runners, n 45, grade B; Heiderscheit and others 2011" in said
    assert re.search(r"right 44\.\d, within one SD.*?Published 46.3 \(SD 4.5\) deg", said)


def test_walking_is_not_held_against_running() -> None:
    events = made.Events("walking", made.run_events().phases)
    html = motion_report(run(), events=events)
    assert "Published" not in text(section(html, "angles"))
    assert "holds no published angles" in text(section(html, "angles"))
    assert "Published 2.4 body weights" in text(section(html, "contacts"))


def test_measures_stand_side_by_side_with_what_they_mean() -> None:
    said = text(section(run_html(), "measures"))
    assert "5.2 ± 4.1 (SD 0.7, n 4)" in said
    assert "6.3 ± 4.1 (SD 1.1, n 3)" in said
    assert "167 ± 2 (SD 2, n 8)" in said
    assert meanings()["pelvic_drop"] in said
    assert "171 (SD 8): 15 uninjured men" in said


def test_every_measure_has_a_meaning() -> None:
    assert set(meanings()) == set(definitions())


def test_single_steps_are_summarised_where_no_summary_came() -> None:
    steps = [made.Step("pelvic_drop", "r", value) for value in (4.0, 6.0)]
    said = text(section(motion_report(run(), measures=steps), "measures"))
    assert "5.0 (SD 1.4, n 2)" in said


def test_body_is_drawn_at_contact_hardest_pull_and_toe_off() -> None:
    trial = Trial(run(), made.run_events())
    moments = instants(trial)
    assert [one.side for one in moments] == ["right"] * 3 + ["left"] * 3
    contact, hardest, off = moments[:3]
    assert contact.time < hardest.time < off.time
    assert (hardest.time - contact.time) / made.STRIDE == pytest.approx(0.14, abs=0.02)
    page = check(run_html())
    bodies = [one for one in page.elements if one.attributes.get("class") == "body"]
    assert len(bodies) == 6
    assert "Ground pushes with 2." in bodies[1].attributes["aria-label"]
    assert "Band pulled with" in bodies[1].attributes["aria-label"]


def test_picture_turns_with_the_person() -> None:
    data, turned = run(), run().copy(deep=True)
    turned["angle"].loc[{"coordinate": "pelvis_rotation"}] += np.pi / 2  # now facing -z

    def posed(frame: int) -> made.Pose:
        plain, spin = made.pose(data, frame), np.array([[0.0, 0, -1], [0, 1, 0], [1, 0, 0]])
        return made.Pose(
            tuple((name, points @ spin) for name, points in plain.bones),
            {name: points @ spin for name, points in plain.muscles.items()},
            {name: points @ spin for name, points in plain.strap.items()},
        )

    arrows = ["ground_force", "ground_point"]
    straight = motion_report(
        data.drop_vars(arrows), events=made.run_events(), poses=lambda frame: made.pose(data, frame)
    )
    assert section(straight, "body") == section(
        motion_report(turned.drop_vars(arrows), events=made.run_events(), poses=posed), "body"
    )


def test_saturated_muscles_are_marked() -> None:
    effort = section(run_html(), "effort")
    assert 'class="limit"' in effort
    assert "At the limit: Tensor fasciae latae." in effort
    assert "No muscle at its limit" not in effort


def test_muscles_of_another_model_keep_their_names() -> None:
    found = named(("zz_top_r", "glut_med1_r", "tfl_r", "tfl_l"), "r")
    assert [one.name for one in found] == ["Tensor fasciae latae", "Gluteus medius, front", "zz top"]
    assert found[-1].group == OTHERS


def test_band_is_compared_with_what_is_known() -> None:
    said = text(section(run_html(), "band"))
    assert "0.44 %" in said
    assert "Within what the tested material gives" in said
    assert "More than the best stretch by hand" in said
    assert "knee is bent 20 to 30 deg" in said
    soft = run().copy(deep=True)
    soft["band_strain"] = soft["band_strain"] * 3
    assert "More than expected" in text(section(motion_report(soft, events=made.run_events()), "band"))


def test_what_if_shows_each_change_with_its_range() -> None:
    part = section(run_html(), "whatif")
    said = text(part)
    assert "Gluteus medius and minimus at half strength" in said
    assert "+90 %" in said
    assert "730 to 1,140" in said
    frame = xarray.Dataset(
        {name: ("comparison", [getattr(one, name) for one in made.comparisons()]) for name in made.COMPARED}
    )
    assert section(motion_report(run(), what_if=frame), "whatif").count("<circle") == part.count("<circle")
    with pytest.raises(InputError, match="no 'changed'"):
        rows_of(
            [{"name": "a", "variable": "band_force", "side": "right", "baseline": 1, "low": 2, "high": 3}]
        )
    bare = rows_of([{"name": "a", "variable": "band_force", "side": "right", "baseline": 1, "changed": 2}])
    assert (bare[0].low, bare[0].high) == (2.0, 2.0)


def test_left_of_the_knee_sign_does_not_matter() -> None:
    bent = run().copy(deep=True)
    for side in "rl":
        for name in ("angle", "moment"):
            bent[name].loc[{"coordinate": f"knee_angle_{side}"}] *= -1
    for name in ("angles", "moments"):
        turned = section(motion_report(bent, events=made.run_events()), name)
        assert turned == section(motion_report(run(), events=made.run_events()), name)


def test_a_squat_without_band_and_forces_says_so() -> None:
    data, events = made.squatting()
    html = motion_report(data, events=events, poses=lambda frame: made.pose(data, frame))
    check(html)
    assert "% of a repeat" in html
    assert "2 repeats" in text(html)
    assert "has no iliotibial band" in text(section(html, "band"))
    assert "Deepest point" in text(section(html, "body"))
    assert "whatif" not in read(html).all("main")[0].text
    assert "step cycle" not in text(html)


@pytest.mark.parametrize(
    ("kept", "silent"),
    [
        (("angle",), ("moments", "effort", "band", "contacts", "quality", "body", "measures")),
        (("angle", "moment", "ground_force"), ("effort", "band", "contacts")),
        (("activation",), ("angles", "moments", "band", "contacts")),
        ((), ("angles", "moments", "effort", "band", "contacts", "quality", "glance")),
    ],
)
def test_what_is_missing_says_why(kept: tuple[str, ...], silent: tuple[str, ...]) -> None:
    html = motion_report(run().drop_vars(set(run().data_vars) - set(kept)), events=made.run_events())
    check(html)
    for name in silent:
        assert 'class="missing"' in section(html, name)
        assert len(text(section(html, name)).split()) > 6


def test_without_events_curves_run_over_time() -> None:
    html = motion_report(run())
    check(html)
    assert "time, s" in html
    assert "Movement not recognised" in text(html)


def test_a_dataset_without_time_is_refused() -> None:
    with pytest.raises(InputError, match="has no time"):
        motion_report(run().drop_dims("time"))


def test_names_cannot_break_the_page() -> None:
    data = run().assign_attrs(trial="<b>x</b>", model='"><script>', notes=["warning: <img src=x>"])
    muscles = ["</svg><script>_r" if name == "tfl_r" else name for name in made.MUSCLES]
    html = motion_report(data.assign_coords(muscle=muscles), events=made.run_events())
    check(html)
    assert "<script" not in html


@st.composite
def spoiled(draw: st.DrawFn) -> xarray.Dataset:
    """Return the run with some variables gone, others empty or with holes."""
    data = run().copy(deep=True)
    names = sorted(map(str, data.data_vars))
    data = data.drop_vars(draw(st.lists(st.sampled_from(names), unique=True, max_size=12)))
    for name in draw(
        st.lists(st.sampled_from(sorted(map(str, data.data_vars)) or ["angle"]), unique=True, max_size=8)
    ):
        if name in data and data[name].dtype == float:
            first, last = sorted(draw(st.tuples(st.integers(0, 320), st.integers(0, 320))))
            values = data[name].values
            values[first:last] = np.nan
            if draw(st.booleans()):
                values[...] = draw(st.sampled_from([np.nan, 0.0]))
    if draw(st.booleans()):
        data.attrs.pop("mass_kg")
    return data


@pytest.mark.slow
@given(data=spoiled(), kind=st.sampled_from(["running", "landing", "squat", "standing"]), shown=st.booleans())
@settings(max_examples=12, deadline=None)
def test_a_spoiled_dataset_gives_a_sound_page(data: xarray.Dataset, kind: str, shown: bool) -> None:
    events = made.Events(kind, made.run_events().phases, (made.Repeat(0.2, 0.9, 1.6),))
    check(
        motion_report(data, events=events, poses=(lambda frame: made.pose(run(), frame)) if shown else None)
    )


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(3, 8))
def test_ticks_are_few_round_and_enclose(low: float, size: float, most: int) -> None:
    found = ticks(low, low + size, most)
    assert 2 <= len(found) <= most + 1
    assert found[0] <= low + 1e-6 * size + 1e-9 * abs(low)
    assert found[-1] >= low + size - 1e-6 * size - 1e-9 * abs(low)
    step = found[1] - found[0]
    assert found == pytest.approx([found[0] + n * step for n in range(len(found))], rel=1e-6, abs=1e-6 * step)


@given(st.floats(-1e5, 1e5), st.integers(0, 3))
def test_numbers_read_back(value: float, digits: int) -> None:
    words = number(value, digits).replace(",", "").replace("−", "-")
    assert float(words) == pytest.approx(value, abs=0.5001 * 10**-digits)
    assert not words.startswith("-0") or float(words) != 0


def test_a_scale_meets_both_ends() -> None:
    place = Scale(-5.0, 20.0, 10.0, 110.0)
    assert (place(-5.0), place(20.0)) == (10.0, 110.0)


def test_published_figures_name_their_source() -> None:
    found = published()
    assert isinstance(found, Published)
    records: list[Peak | Range | Limit] = [*found.peaks, *found.band.values(), *found.limits.values()]
    for one in records:
        assert one.grade in "ABCDE"
        assert one.source in found.references or one.source.startswith(("derived: ", "assumed: "))
        for name in re.findall(r"\(([a-z_]+\d*)\)", one.source):
            assert name in found.references
    unknown = set(found.references) - set(load_atlas().citations)
    assert unknown <= {"pmc6044588", "bergmann2001", "bergmann1993"}
    charts = {one.id for one in (*ANGLES, *MOMENTS)} | {"hip_contact"}
    assert {peak.chart for peak in found.peaks} <= charts


def test_published_peaks_agree_with_those_of_the_measures() -> None:
    charts = {"hip_internal_rotation": "hip_rotation"}
    shared = 0
    for name, definition in definitions().items():
        for norm in definition.norms:
            for peak in published().of(norm.movement, charts.get(name, name)):
                men = peak.who == "men"
                if peak.source != norm.source or peak.side == "right" or (norm.who == "30 men") != men:
                    continue
                assert (peak.value, peak.sd, peak.n, peak.grade) == (
                    norm.mean,
                    norm.sd,
                    norm.n,
                    norm.grade,
                ), name
                shared += 1
    assert shared >= 8
