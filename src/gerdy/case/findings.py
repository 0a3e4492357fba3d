"""Read a table of findings: any spelling of a finding's name, one value or one per leg."""

from __future__ import annotations

from gerdy.atlas import Atlas
from gerdy.atlas.model import Finding
from gerdy.case.form import Form, described
from gerdy.case.model import Given, Sides, Value
from gerdy.case.problems import RefusedError, shown
from gerdy.case.quantity import tidy
from gerdy.case.reading import Node, Scalar, Table
from gerdy.case.values import choices, read_value
from gerdy.case.words import find_finding
from gerdy.errors import UnknownIdError

_SIDE_WORDS = {"left": "left", "l": "left", "right": "right", "r": "right"}


def read_findings(form: Form, atlas: Atlas) -> dict[str, Given]:
    """Return what was given, by finding id (problems are noted on ``form``)."""
    found: dict[str, Given] = {}
    names: dict[str, str] = {}
    for name, node in form.fields.items():
        form.take(name)
        try:
            finding = find_finding(atlas, name)
            given = Given(read_node(finding, node), line=node.line)
        except (UnknownIdError, RefusedError) as error:
            form.wrong(name, str(error))
            continue
        if finding.id in found and found[finding.id] != given:
            first = (
                f"{shown(names[finding.id])} (line {found[finding.id].line}: {said(found[finding.id].value)})"
            )
            form.wrong(
                name, f"is the same finding as {first}, with another value: {said(given.value)}. Keep one."
            )
        found.setdefault(finding.id, given)
        names.setdefault(finding.id, name)
    return found


def read_node(finding: Finding, node: Node) -> Value | Sides:
    """Return the value of a finding, or its values per leg.

    Raises
    ------
    RefusedError
        If the finding cannot have it.
    """
    if isinstance(node, Scalar):
        if node.text == "":
            raise RefusedError(f"has no value; write {choices(finding)}.")
        # The text, not its number, so that a grade written 3 finds the level "3".
        return read_value(finding, node.value if node.value is None else node.text)
    if not isinstance(node, Table):
        raise RefusedError(f"must be {choices(finding)}; got {described(node)}.")
    if not finding.sided:
        raise RefusedError(f"is not a matter of sides; give one value instead of {', '.join(node.fields)}.")
    sides: dict[str, Value] = {}
    for word, item in node.fields.items():
        side = _SIDE_WORDS.get(word.strip().lower())
        if side is None:
            raise RefusedError(f"has the sides left and right; got {shown(word)}.")
        if side in sides:
            raise RefusedError(f"gives {side} twice; keep one.")
        if not isinstance(item, Scalar):
            raise RefusedError(f"{side}: must be {choices(finding)}; got {described(item)}.")
        value = read_node(finding, item)
        if not isinstance(value, Sides):
            sides[side] = value
    if not sides:
        raise RefusedError("has no value; write left and right, or one value for the side that hurts.")
    return Sides(**sides)


def said(value: Value | Sides) -> str:
    """Return a value in words for a message."""
    if isinstance(value, Sides):
        pairs = (("left", value.left), ("right", value.right))
        return ", ".join(f"{side} {said(one)}" for side, one in pairs if one is not None)
    return f"{tidy(value):g}" if isinstance(value, float) else str(value)
