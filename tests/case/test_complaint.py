"""Where it hurts: side, regions, marks, and more than one complaint."""

import datetime
from collections.abc import Callable

import pytest

from gerdy.atlas import Atlas
from gerdy.case import Case, Complaint, Mark, Person, Quality, days_since, parse_case
from gerdy.errors import CaseError, InputError

Parse = Callable[[str], Case]


def refused(parse: Parse, complaint: str, message: str, field: str | None = None) -> None:
    with pytest.raises(CaseError, match=message) as caught:
        parse(f"complaint: {{side: right, {complaint}}}")
    assert caught.value.line == 2
    if field is not None:
        assert caught.value.field == field


def test_the_example_of_the_guide_is_read(parse: Parse) -> None:
    case = parse(
        "complaint:\n  side: R\n  since: 6 weeks ago\n"
        "  pain: {Outside-Knee: 6, thigh lateral: 2}\n  quality: burning\n"
    )
    assert case.complaints == (
        Complaint(
            side="right",
            since="6 weeks",
            pain={"knee_lateral": 6.0, "thigh_lateral": 2.0},
            qualities=(Quality.BURNING,),
        ),
    )


def test_marks_are_points_or_patches_of_the_chart(parse: Parse, atlas: Atlas) -> None:
    case = parse(
        "complaint:\n  side: left\n  drawing:\n"
        "    - {segment: knee, along: 0.4, around: 90, intensity: 6, quality: sharp}\n"
        "    - {segment: foot, along: [0.2, 0.6], around: [330, 30], intensity: 2}\n"
    )
    complaint = case.complaint()
    assert complaint.marks == (
        Mark(segment="knee", along=0.4, around=90.0, intensity=6.0, quality="sharp"),
        Mark(segment="foot", along=(0.2, 0.6), around=(330.0, 30.0), intensity=2.0),
    )
    assert complaint.all_qualities == {Quality.SHARP}
    drawing = complaint.drawing(atlas)
    assert drawing is not None
    assert drawing.side == "left"
    assert set(drawing.intensity.tolist()) == {0.0, 2.0, 6.0}


def test_named_regions_reach_the_chart(parse: Parse, atlas: Atlas) -> None:
    drawing = parse("").complaint().drawing(atlas)
    assert drawing is not None
    assert drawing.ticks == {"knee_lateral": 6.0}


def test_an_interview_may_begin_without_a_drawing(parse: Parse, atlas: Atlas) -> None:
    complaint = parse("complaint: {side: right}").complaint()
    assert not complaint.painted
    assert complaint.drawing(atlas) is None


def test_a_complaint_needs_its_side(parse: Parse) -> None:
    with pytest.raises(CaseError, match="is missing; write right or left") as caught:
        parse("complaint: {pain: {knee_lateral: 6}}")
    assert caught.value.field == "complaint.side"
    with pytest.raises(CaseError, match="must be right or left; got 'rigth'"):
        parse("complaint: {side: rigth}")
    with pytest.raises(CaseError, match="one complaint for each leg"):
        parse("complaint: {side: both}")


def test_a_case_needs_a_complaint(atlas: Atlas, parse: Parse) -> None:
    with pytest.raises(CaseError, match="complaint: is missing"):
        parse("# no complaint")
    with pytest.raises(CaseError, match="complaint: is missing"):
        parse("complaints: []")
    with pytest.raises(CaseError, match="at least one complaint"):
        Case(Person(), ())


@pytest.mark.parametrize(
    ("complaint", "message", "field"),
    [
        ("pain: {knee_latral: 6}", "unknown region .*knee_lateral", "complaint.pain.knee_latral"),
        ("pain: {fever: 6}", "a finding has this name", "complaint.pain.fever"),
        ("pain: {knee_lateral: 11}", "must be 0 to 10; got '11'", "complaint.pain.knee_lateral"),
        ("pain: {knee_lateral: }", "has no value; write how much", "complaint.pain.knee_lateral"),
        ("pain: {knee_lateral: a lot}", "must be a number", "complaint.pain.knee_lateral"),
        ("pain: {knee_lateral: 6, outside knee: 5}", "already given as 6", "complaint.pain.outside knee"),
        ("pain: 6", "must be a table", "complaint.pain"),
        ("worst_pain: 7", "unknown field 'worst_pain'. It is a finding: write it under", "complaint"),
        ("quality: stabbing", "must be one of ache, sharp", "complaint.quality"),
        ("since: recently", "a date .* or a duration", "complaint.since"),
        ("since: 2024-13", "YYYY-MM-DD", "complaint.since"),
        ("id: [a]", "must be one value", "complaint.id"),
        ("id: ' '", "1 to 60 characters", "complaint.id"),
        ("pian: {}", "unknown field 'pian'. Did you mean pain", "complaint"),
    ],
)
def test_what_cannot_be_is_refused(parse: Parse, complaint: str, message: str, field: str) -> None:
    refused(parse, complaint, message, field)


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        ("{segment: thihg, along: 0, around: 0, intensity: 1}", "Did you mean thigh"),
        ("{segment: thigh, along: 1.2, around: 0, intensity: 1}", "along: must be 0 to 1"),
        ("{segment: thigh, along: [0.5, 0.2], around: 0, intensity: 1}", "Swap the two"),
        ("{segment: thigh, along: [0, 1, 1], around: 0, intensity: 1}", "a number or .from, to."),
        ("{segment: thigh, along: [[0], 1], around: 0, intensity: 1}", "a number or .from, to."),
        ("{segment: thigh, along: [0, x], around: 0, intensity: 1}", "must be a number"),
        ("{segment: thigh, along: 0, around: 400, intensity: 1}", "around: must be 0 to 360"),
        ("{segment: pelvis, along: 0, around: 270, intensity: 1}", "around: must be 0 to 180"),
        ("{segment: pelvis, along: 0, around: [170, 20], intensity: 1}", "front to back"),
        ("{segment: thigh, along: 0, around: 0}", "intensity: is missing"),
        ("{along: 0, around: 0, intensity: 1}", "segment: is missing"),
        ("{segment: thigh, along: 0, around: 0, intensity: 1, colour: red}", "unknown field 'colour'"),
        ("thigh", "must be a table of fields"),
    ],
)
def test_a_mark_must_lie_on_the_body(parse: Parse, mark: str, message: str) -> None:
    refused(parse, f"drawing: [{mark}]", message)


def test_a_drawing_that_wipes_itself_out_is_refused(parse: Parse) -> None:
    mark = "segment: knee, along: 0.5, around: 90, intensity:"
    refused(parse, f"drawing: [{{{mark} 3}}, {{{mark} 0}}]", "nothing is painted")


def test_one_person_may_have_several_complaints(parse: Parse) -> None:
    case = parse(
        "complaints:\n"
        "  - {id: knee, side: right, pain: {knee_lateral: 6}, findings: {noble: positive}}\n"
        "  - {side: left, pain: {buttock: 3}}\n"
        "findings: {fever: no}\n"
    )
    assert [complaint.id for complaint in case.complaints] == ["knee", "complaint_2"]
    assert case.value("noble_compression", "knee") == "positive"
    assert case.value("noble_compression", "complaint_2") is None
    assert case.value("fever", "complaint_2") == "negative"
    with pytest.raises(CaseError, match="say which complaint is meant; choose from knee, complaint_2"):
        case.observations()
    with pytest.raises(CaseError, match="there is no complaint 'hip'"):
        case.complaint("hip")


def test_complaints_have_names_of_their_own(parse: Parse) -> None:
    with pytest.raises(CaseError, match="'a' is taken"):
        parse("complaints: [{id: a, side: left}, {id: a, side: right}]")
    with pytest.raises(CaseError, match="stands beside `complaint`"):
        parse("complaint: {side: left}\ncomplaints: [{side: left}]")


def test_all_problems_are_reported_together(parse: Parse) -> None:
    with pytest.raises(CaseError) as caught:
        parse(
            "complaint: {pain: {knee: 6}}\nperson: {age: 200}\nfindings: {fevr: yes}\ndate: today\nnote: x\n"
        )
    lines = str(caught.value).splitlines()
    assert [line.split(" ")[1] for line in lines] == [
        "person.age:", "complaint.side:", "complaint.pain.knee:", "findings.fevr:", "date:", "unknown",
    ]  # fmt: skip
    assert (caught.value.line, caught.value.field) == (3, "person.age")


def test_a_hopeless_file_is_given_up_early(parse: Parse) -> None:
    with pytest.raises(CaseError, match="too many problems") as caught:
        parse("findings: {" + ", ".join(f"nonsense{i}: yes" for i in range(5000)) + "}")
    assert len(str(caught.value).splitlines()) == 21


def test_long_values_do_not_flood_the_message(parse: Parse) -> None:
    long = "x" * 100_000
    with pytest.raises(CaseError) as caught:
        parse(f"person: {{sex: {long}, {long}: 1}}\nfindings: {{{long}: 1, fever: {long}}}\nnotes: {long}")
    assert len(str(caught.value)) < 2000


@pytest.mark.parametrize("version", ["2", "0", "one", "true", "1.5"])
def test_other_versions_are_refused(atlas: Atlas, version: str) -> None:
    with pytest.raises(CaseError, match="must be 1, the version of the format"):
        parse_case(f"gerdy: {version}\ncomplaint: {{side: left}}", atlas=atlas)


def test_a_file_without_version_is_no_case(atlas: Atlas) -> None:
    with pytest.raises(CaseError, match="begins with `gerdy: 1`"):
        parse_case("name: something else\n", atlas=atlas)


@pytest.mark.parametrize(
    ("since", "days"),
    [("2024-05-10", 7), ("2024-05", 16), ("2024", 137), ("2 weeks", 14), ("1 Day ago", 1), ("2025", -229)],
)
def test_a_beginning_is_counted_in_days(parse: Parse, since: str, days: float) -> None:
    found = parse(f"complaint: {{side: left, since: {since}}}").complaint().since
    assert found is not None
    assert days_since(found, datetime.date(2024, 5, 17)) == days


def test_marks_made_by_hand_are_checked_by_the_chart(atlas: Atlas) -> None:
    stray = Mark(segment="knee", along=3.0, around=90.0, intensity=5.0)
    with pytest.raises(InputError, match="along"):
        Complaint(side="left", marks=(stray,)).drawing(atlas)
