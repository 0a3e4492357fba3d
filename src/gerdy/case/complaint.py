"""Read one complaint: its side, where it hurts and how, and the findings that are its own."""

from __future__ import annotations

from functools import partial

from gerdy.atlas import Atlas
from gerdy.case.findings import read_findings
from gerdy.case.form import Form, described
from gerdy.case.model import Complaint, Quality
from gerdy.case.problems import RefusedError, shown
from gerdy.case.quantity import read_within
from gerdy.case.reading import Listing, Node, Scalar
from gerdy.case.scalars import Raw
from gerdy.case.since import read_since
from gerdy.case.words import find_region, is_finding
from gerdy.chart.drawing import QUALITIES, Mark
from gerdy.chart.limb import SEGMENTS, Side, limb
from gerdy.errors import UnknownIdError

LONGEST_ID = 60
PAIN = (0.0, 10.0)


def read_complaint(form: Form, atlas: Atlas, default_id: str) -> Complaint | None:
    """Return the complaint; None, with the problem noted on ``form``, where it has no usable side."""
    side = form.read("side", _side)
    if side is None and form.take("side") is None:
        form.wrong("side", "is missing; write right or left, the side that hurts.")
    name = form.read("id", _id)
    pain = _pain(form, atlas)
    drawing = enumerate(form.items("drawing"), start=1)
    marks = tuple(mark for place, node in drawing if (mark := _mark(form, place, node)))
    qualities = tuple(Quality(word) for word in form.choices("quality", QUALITIES))
    since = form.read("since", read_since)
    findings = read_findings(form.table("findings"), atlas)
    form.close(partial(is_finding, atlas))
    if side is None:
        return None
    return Complaint(
        side=side,
        id=name or default_id,
        since=since,
        pain=pain,
        marks=marks,
        qualities=qualities,
        findings=findings,
        line=form.line,
    )


def _id(raw: Raw) -> str:
    name = str(raw).strip()
    if not name or len(name) > LONGEST_ID or not name.isprintable():
        raise RefusedError(f"must be a name of 1 to {LONGEST_ID} characters; got {shown(raw)}.")
    return name


def _side(raw: Raw) -> Side:
    match str(raw).strip().lower():
        case "right" | "r":
            return "right"
        case "left" | "l":
            return "left"
        case "both" | "bilateral":
            raise RefusedError(
                "a complaint is about one side; write one complaint for each leg under `complaints`."
            )
    raise RefusedError(f"must be right or left; got {shown(raw)}.")


def _pain(form: Form, atlas: Atlas) -> dict[str, float]:
    table = form.table("pain")
    pain: dict[str, float] = {}
    for name in table.fields:
        intensity = table.number(name, *PAIN)
        try:
            region = find_region(atlas, name).id
        except UnknownIdError as error:
            table.wrong(name, str(error))
            continue
        if intensity is None:
            if table.take(name) is None:
                table.wrong(name, "has no value; write how much it hurts, 0 to 10.")
        elif pain.setdefault(region, intensity) != intensity:
            table.wrong(name, f"is the region {region}, already given as {pain[region]:g}; keep one.")
    return pain


def _mark(form: Form, place: int, node: Node) -> Mark | None:
    mark = Form(node, f"{form.name_of('drawing')}[{place}]", form.problems)
    segment = mark.choice("segment", SEGMENTS)
    sweep = 360.0 if segment is None else limb()[segment].sweep
    along = _span(mark, "along", 1.0)
    around = _span(mark, "around", sweep)
    intensity = mark.number("intensity", *PAIN)
    quality = mark.choice("quality", QUALITIES)
    for name, value in (("segment", segment), ("along", along), ("around", around), ("intensity", intensity)):
        if value is None and mark.take(name) is None:
            mark.wrong(name, "is missing; a mark has segment, along, around and intensity.")
    if isinstance(along, tuple) and along[0] > along[1]:
        mark.wrong("along", f"runs from top to bottom; got {along[0]:g} to {along[1]:g}. Swap the two.")
    # The trunk is half a body: its turn ends at the midline of the back, so nothing passes through 0.
    if isinstance(around, tuple) and around[0] > around[1] and sweep < 360.0:
        mark.wrong(
            "around",
            f"runs from front to back on the trunk; got {around[0]:g} to {around[1]:g}. Swap the two.",
        )
    mark.close()
    if segment is None or along is None or around is None or intensity is None:
        return None
    return Mark(segment=segment, along=along, around=around, intensity=intensity, quality=quality or "")


def _span(mark: Form, name: str, most: float) -> tuple[float, float] | float | None:
    """Return from and to, or a single number."""
    node = mark.take(name)
    if node is None:
        return None
    if not isinstance(node, Listing):
        return mark.number(name, 0.0, most)
    ends: list[float] = []
    for item in node.items:
        if not isinstance(item, Scalar):
            mark.wrong(name, f"must be a number or [from, to]; got {described(node)}.")
            return None
        try:
            ends.append(read_within(item.value, 0.0, most))
        except RefusedError as error:
            mark.wrong(name, str(error))
            return None
    if len(ends) != 2:
        mark.wrong(name, f"must be a number or [from, to]; got {described(node)}.")
        return None
    return ends[0], ends[1]
