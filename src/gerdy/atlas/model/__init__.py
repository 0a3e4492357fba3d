"""The kinds of fact Gerdy knows, as frozen records.

Every record is written by hand in ``data/*.yaml`` and validated on load. Ids are lower_snake_case and unique
within the whole atlas. ``name`` is what a runner would say, ``clinical`` what a clinician would write.
"""

from gerdy.atlas.model.body import (
    Blob,
    Box,
    ReferralField,
    Region,
    Relation,
    RelationKind,
    Structure,
    StructureKind,
)
from gerdy.atlas.model.causes import Alarm, Contributor, Family, Modifier, Pathway, Source, When
from gerdy.atlas.model.findings import (
    Cost,
    Finding,
    How,
    Level,
    Measured,
    OnOff,
    SafetyRule,
    Screen,
    Spread,
    Topic,
    Who,
)
from gerdy.atlas.model.record import Basis, Concern, Constant, Entry, Grade, Number, Record
from gerdy.atlas.model.treatment import Avoid, Dose, Intervention, Outcome, Phase, Setting
from gerdy.atlas.model.words import Citation, Claim, Verdict

__all__ = [
    "Alarm",
    "Avoid",
    "Basis",
    "Blob",
    "Box",
    "Citation",
    "Claim",
    "Concern",
    "Constant",
    "Contributor",
    "Cost",
    "Dose",
    "Entry",
    "Family",
    "Finding",
    "Grade",
    "How",
    "Intervention",
    "Level",
    "Measured",
    "Modifier",
    "Number",
    "OnOff",
    "Outcome",
    "Pathway",
    "Phase",
    "Record",
    "ReferralField",
    "Region",
    "Relation",
    "RelationKind",
    "SafetyRule",
    "Screen",
    "Setting",
    "Source",
    "Spread",
    "Structure",
    "StructureKind",
    "Topic",
    "Verdict",
    "When",
    "Who",
]
