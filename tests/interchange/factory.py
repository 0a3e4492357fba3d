"""Cases and assessments made by hand, so that the report is tested whatever the facts say."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from gerdy.api import Assessment
from gerdy.atlas.model import Concern, Grade, Who
from gerdy.care.plan import GoTo, LeftOut, Plan, PlanItem, Review, StopItem
from gerdy.case import Answer, Case, Complaint, Given, Means, Person, Quality, Sex, Sides
from gerdy.reasoning.answer import (
    Chain,
    ChainLink,
    Change,
    Choice,
    ConcernAnswer,
    Contribution,
    ContributorAnswer,
    Question,
    Reason,
    RestingNumber,
    RestsOn,
    SourceAnswer,
)

EXERCISE = "Tense and let go"
SAFETY_NET = "Bladder or bowel has changed: a hospital, today"
REASONS = {
    Concern.EMERGENCY: ("rule_cauda_equina", "bladder_change"),
    Concern.URGENT: ("rule_weakness", "progressive_weakness"),
    Concern.ROUTINE: ("rule_long_pain", "pain_over_3_months"),
}


def a_case(**changes: Any) -> Case:
    """Return a runner's case with an answer of every kind."""
    complaint = Complaint(
        side="right",
        id=changes.pop("id", "main"),
        since="6 weeks",
        pain={"knee_lateral": 6.0, "thigh_lateral": 3.0},
        qualities=(Quality.ACHE,),
        findings={"noble_compression": Given(Sides(left=Answer.NEGATIVE, right=Answer.POSITIVE))},
    )
    given: dict[str, Any] = {
        "person": Person(age=34.0, sex=Sex.FEMALE, height_cm=168.0, mass_kg=60.0, activities=("running",)),
        "complaints": (complaint,),
        "findings": {
            "fever": Given(Answer.NEGATIVE),
            "load_increase": Given(Answer.UNKNOWN),
            "hip_internal_rotation_deg": Given(34.0),
        },
        "date": datetime.date(2025, 6, 2),
        "means": Means(minutes_per_day=15.0, equipment=("band",), goal="run ten kilometres"),
        "notes": "The left knee hurt two years ago.",
    }
    return Case(**{**given, **changes})


def a_contribution(name: str, log_odds: float, *, unverified: bool = False) -> Contribution:
    return Contribution(
        id=name,
        name=f"name of {name}",
        value="as drawn" if name == "drawing" else "yes",
        log_odds=log_odds,
        grade=Grade.D,
        source="derived: from otsuka2020, scaled",
        unverified=unverified,
    )


def a_source(name: str, probability: float, **changes: Any) -> SourceAnswer:
    links = [
        ChainLink(id="little_strength_work", name="Little strength work", kind="contributor", says="loads"),
        ChainLink(id=name, name=f"plain {name}", kind="source", says="is felt at"),
        ChainLink(id="knee_lateral", name="outer knee", kind="site", says=""),
    ]
    source = SourceAnswer(
        id=name,
        name=f"plain {name}",
        clinical=f"clinical {name}",
        family="band",
        pathway="band_load",
        probability=probability,
        interval=(probability / 2, min(1.0, probability * 1.5)),
        words=f"about {round(10 * probability)} in 10",
        prior_log_odds=-2.0,
        for_=[a_contribution("drawing", 1.9), a_contribution("noble_compression", 0.8, unverified=True)],
        against=[a_contribution("fever", -0.3)],
        chain=Chain(
            links=links, sentence=f"Little strength work loads → plain {name} is felt at → outer knee"
        ),
        other_chains=[],
        about=f"About {name}.",
        unlike=f"Unlike {name}.",
        course=f"Course of {name}.",
    )
    return msgspec.structs.replace(source, **changes)


def a_question(name: str, who: Who = Who.PERSON, **changes: Any) -> Question:
    question = Question(
        id=name,
        kind="finding",
        name=f"question {name}",
        clinical=f"clinical question {name}",
        ask=f"Is {name} so?",
        topic="onset",
        who=who,
        safety=False,
        seconds=70.0,
        discomfort=2.0,
        value=0.1,
        value_per_minute=0.1,
        why=f"why {name}",
        choices=[Choice(value="positive", name="yes", probability=0.4, leads="itbs", leads_with=0.8)],
        position="Standing.",
        steps=[f"step of {name}"],
        positive="It hurts.",
        caution="Hold on.",
    )
    return msgspec.structs.replace(question, **changes)


def an_item(name: str = EXERCISE, phase: str = "treat") -> PlanItem:
    return PlanItem(
        id="tense",
        name=name,
        clinical=f"clinical {name}",
        phase=phase,
        why="Because it is tense.",
        helps=["itbs"],
        dose="twice a day",
        steps=["Press.", "Let go."],
        feel="Warmth.",
        stop_if=["It tingles."],
        progress="Press longer.",
        easier="Press less.",
        minutes=5.0,
        equipment=["ball"],
        equivalents=["bridge"],
        coverage=0.3,
    )


def a_plan(level: Concern, reasons: list[Reason], **changes: Any) -> Plan:
    first = level.rank >= Concern.URGENT.rank
    plan = Plan(
        level=level,
        headline="Be seen first." if first else "2 things to do.",
        go_to=[GoTo(level=r.level, where=r.where, say=r.say, because=r.reason) for r in reasons],
        until_then=[an_item("Rest the leg", "make_safe")] if first else [],
        stop_doing=[StopItem(id="stop", name="Stop rolling", why="it presses", instead=["Swim instead."])],
        items=[] if first else [an_item(), an_item("Clam", "strength")],
        ask_about=[] if first else [an_item("Gait retraining", "running")],
        left_out=[LeftOut(id="out", name="One-leg squat", why="begin with both")],
        minutes=10.0,
        coverage=0.6,
        pain_rule="Pain up to 3 of 10 is fine.",
        reviews=[Review(week=2, date="2025-06-16", look_at="Is it no worse?")],
        safety_net=[SAFETY_NET],
    )
    return msgspec.structs.replace(plan, **changes)


def a_reason(level: Concern) -> Reason:
    rule, finding = REASONS[level]
    return Reason(
        id=rule,
        name=f"{level} reason",
        kind="rule",
        level=level,
        reason=f"{level}: because of the nerves.",
        where=f"{level}: a hospital",
        say=f"{level}: please check me.",
        because=[finding, "age"],
    )


def an_assessment(level: Concern = Concern.NONE, **changes: Any) -> Assessment:
    """Return an assessment with every part filled; its concern has a reason at ``level`` and at each below."""
    reasons = [
        a_reason(one) for one in reversed(Concern) if one is not Concern.NONE and one.rank <= level.rank
    ]
    names = ("itbs", "mf_vl", "gtps", "pfp", "men_lateral", "rad_l5", "hip_oa")
    chances = (0.61, 0.33, 0.08, 0.05, 0.02, 0.004, 0.0002)
    given: dict[str, Any] = {
        "complaint": "main",
        "side": "right",
        "concern": ConcernAnswer(level=level, reasons=reasons),
        "sources": [a_source(name, chance) for name, chance in zip(names, chances, strict=True)],
        "contributors": [
            ContributorAnswer(
                id="little_strength_work", name="Little", clinical="Few", probability=0.6, loads=["itbs"]
            )
        ],
        "unexplained": 0.03,
        "unexplained_says": "Known sources explain what was told.",
        "omitted_mass_bound": 0.0004,
        "next_questions": [
            a_question("screen_general_health", kind="screen", safety=True, findings=["fever", "chills"]),
            a_question("began_during_run"),
            a_question("quiet", discomfort=0.0, steps=[]),
            a_question("trochanter_palpation", Who.CLINICIAN),
        ],
        "enough": False,
        "would_change": [
            Change(
                id="began_during_run",
                name="First felt during a run",
                value="negative",
                given=False,
                leads="mf_vl",
                leads_name="Outer thigh muscle",
                before=0.33,
                after=0.55,
                says="says",
            )
        ],
        "rests_on": RestsOn(
            grades={"A": 0.0, "B": 0.1, "C": 0.2, "D": 0.4, "E": 0.3},
            unverified=0.05,
            says="This answer rests 40 % on expert text.",
            numbers=[
                RestingNumber(
                    what="how common: the band",
                    value=2.1,
                    grade=Grade.D,
                    source="assumed: nobody counted (otsuka2020)",
                    unverified=True,
                    share=0.4,
                )
            ],
        ),
        "answered": ["noble_compression", "fever"],
        "positive": ["noble_compression"],
        "irritability": 1,
        "silent": [],
        "plan": a_plan(level, reasons),
        "means": Means(),
        "date": None,
    }
    return Assessment(**{**given, **changes})
