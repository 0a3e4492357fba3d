"""Every number of a record is found, with its own basis or that of its record."""

import msgspec

from gerdy.atlas.model import Finding, Source
from gerdy.cli.numbers import sourced

BASIS = {"grade": "E", "source": "assumed: for tests"}
OWN = {
    "value": 0.6,
    "low": 0.5,
    "high": 0.7,
    "grade": "B",
    "source": "somebody2020",
    "n": 40,
    "unverified": True,
}


def _finding(**fields: object) -> Finding:
    record = {
        "id": "a",
        "name": "a",
        "clinical": "a",
        "topic": "onset",
        "ask": "?",
        "who": "person",
        "cost": {"seconds": 5},
        "basis": BASIS,
        **fields,
    }
    return msgspec.convert(record, Finding)


def test_plain_numbers_stand_on_the_basis_of_their_record() -> None:
    rows = {row.what: row for row in sourced(_finding(background=0.2, given={"itbs": 0.8, "pfp": OWN}))}
    assert rows["background"].value == "0.2"
    assert rows["background"].basis.source == "assumed: for tests"
    assert rows["given itbs (LR+ 4, LR- 0.25)"].value == "0.8"
    assert rows["given pfp (LR+ 3, LR- 0.5)"].value == "0.6 (0.5 to 0.7)"
    assert rows["given pfp (LR+ 3, LR- 0.5)"].basis.n == 40
    assert "cost seconds" not in rows


def test_grades_and_measurements_are_followed_inside() -> None:
    levels = [
        {"id": "weak", "name": "weak", "on": 0.7, "off": OWN},
        {"id": "ok", "name": "ok", "on": 0.3, "off": 0.4},
    ]
    rows = {row.what: row.value for row in sourced(_finding(observes="x", levels=levels))}
    assert rows == {
        "basis": "",
        "levels weak on": "0.7",
        "levels weak off": "0.6 (0.5 to 0.7)",
        "levels ok on": "0.3",
        "levels ok off": "0.4",
    }
    spread = {"mean": 20, "sd": 5}
    measured = {
        "unit": "deg",
        "plausible": [0, 90],
        "on": spread,
        "off": spread,
        "cutoff": 25,
        "positive_below": True,
    }
    names = [row.what for row in sourced(_finding(observes="x", measured=measured))]
    assert names == ["basis", "measured on mean", "measured on sd", "measured off mean", "measured off sd"]


def test_a_modifier_says_for_whom_it_holds() -> None:
    record = {
        "id": "s",
        "name": "s",
        "clinical": "s",
        "structure": "x",
        "family": "band",
        "pathway": "p",
        "prior": OWN,
        "modifiers": [{"when": {"sex": "female", "age": [40, 60]}, "value": 3, **BASIS}],
        "harm": {"value": 1, **BASIS},
    }
    rows = {row.what: row.value for row in sourced(msgspec.convert(record, Source))}
    assert rows["modifiers age 40-60 and sex female"] == "3"
    assert rows["prior"] == "0.6 (0.5 to 0.7)"
