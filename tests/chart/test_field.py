"""Blobs become chances on the skin, narrower for careful and wider for generous people."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gerdy.atlas import Atlas
from gerdy.atlas.model import Basis, Blob, Grade, ReferralField
from gerdy.chart.cells import cells
from gerdy.chart.field import CEILING, beyond, cell_chance, patch_chance
from gerdy.chart.manner import drawing_model

FOCAL, TYPICAL, WIDE = drawing_model().manners
BASIS = Basis(grade=Grade.E, source="assumed: a test")


def field(*blobs: Blob) -> ReferralField:
    return ReferralField(source="x", blobs=list(blobs), basis=BASIS)


def blob(p: float = 0.8, *, spill: bool = False, segment: str = "thigh") -> Blob:
    return Blob(segment=segment, along=(0.3, 0.7), around=(90.0, 60.0), p=p, spill=spill)


@given(st.floats(0.02, 0.95), st.booleans())
def test_careful_people_paint_less_and_generous_people_more(p: float, spill: bool) -> None:
    one = field(blob(p, spill=spill))
    focal, typical, wide = (cell_chance(one, manner) for manner in (FOCAL, TYPICAL, WIDE))
    assert (focal <= typical + 1e-12).all()
    assert (typical <= wide + 1e-12).all()
    assert (focal > 0).sum() < (wide > 0).sum()


@given(st.floats(0.02, 0.9))
def test_a_typical_drawing_paints_the_core_with_the_written_chance(p: float) -> None:
    inside = cells().inside("thigh", (0.4, 0.6), (80, 100))
    assert np.allclose(cell_chance(field(blob(p)), TYPICAL)[inside], p)


def test_overlapping_blobs_do_not_add_up() -> None:
    both = cell_chance(field(blob(0.4), blob(0.7)), TYPICAL)
    assert np.allclose(both, cell_chance(field(blob(0.7)), TYPICAL))


def test_a_blob_reaches_into_the_next_segment_of_the_leg_only() -> None:
    low = Blob(segment="thigh", along=(0.8, 1.0), around=(90.0, 60.0), p=0.9)
    chance = cell_chance(field(low), WIDE)
    assert chance[cells().inside("knee", (0.0, 0.2), (80, 100))].min() > 0.1
    high = Blob(segment="pelvis", along=(0.8, 1.0), around=(90.0, 30.0), p=0.9)
    assert cell_chance(field(high), WIDE)[cells().inside("thigh", (0, 1), (0, 360))].max() == 0


def test_distance_is_negative_inside_and_infinite_elsewhere() -> None:
    far = beyond([blob(), blob(segment="foot")])
    assert far.shape == (2, len(cells().patch_along))
    assert far[0].min() < -30
    assert np.isinf(far[0][cells().patch_segment == 5]).all()


def test_every_source_has_a_field_that_can_be_painted(atlas: Atlas) -> None:
    assert set(atlas.fields) == set(atlas.sources)
    chance = patch_chance(list(atlas.fields.values()), [FOCAL, TYPICAL, WIDE])
    assert chance.min() == 0.0
    assert chance.max() <= CEILING
    assert (chance.max(axis=2) > 0.03).all()


def test_fields_stay_readable(atlas: Atlas) -> None:
    for one in atlas.fields.values():
        assert 3 <= len(one.blobs) <= 16, one.source
        # A source felt broadly and weakly has spill-over alone; every other has an essential zone.
        assert any(not part.spill for part in one.blobs) or one.source == "tumour"
