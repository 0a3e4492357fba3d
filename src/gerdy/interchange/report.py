"""The report: one page that holds everything, for a person or a clinician, on screen and on paper."""

from __future__ import annotations

from gerdy import __version__
from gerdy.api import Assessment
from gerdy.atlas import Atlas, load_atlas
from gerdy.case import Case
from gerdy.interchange.pictures import drawing_picture
from gerdy.interchange.references import Library
from gerdy.interchange.sections.alarm import alarm
from gerdy.interchange.sections.answers import answers
from gerdy.interchange.sections.care import care
from gerdy.interchange.sections.checks import checks, turns
from gerdy.interchange.sections.grounds import grounds
from gerdy.interchange.sections.heading import heading, short
from gerdy.interchange.sections.ranking import ranking
from gerdy.interchange.sections.told import told
from gerdy.interchange.templating import environment, stylesheet
from gerdy.interchange.voice import Lexicon, voice_of
from gerdy.reasoning.site import hurting_regions


def report_html(
    case: Case, assessment: Assessment, *, voice: str = "plain", atlas: Atlas | None = None
) -> str:
    """Return the report of an assessment as one self-contained HTML page.

    The page works without scripts, fetches nothing, and prints on A4. Concern, where there is any, comes
    before everything else.

    Parameters
    ----------
    case : what the assessment was made from.
    assessment : the answer for one complaint of the case.
    voice : ``plain`` for the person, ``clinical`` for a clinician: terms, log-odds and a table of findings.
    atlas : the facts; the shipped ones when not given.

    Raises
    ------
    InputError
        If there is no such voice.
    CaseError
        If the assessment is about a complaint that the case does not have.
    """
    atlas = load_atlas() if atlas is None else atlas
    lexicon, library = Lexicon(atlas, voice_of(voice)), Library(atlas)
    complaint = case.complaint(assessment.complaint)
    drawing = complaint.drawing(atlas)
    template = environment().get_template("report.html")
    page = template.render(
        style=stylesheet(),
        version=__version__,
        clinical=lexicon.clinical,
        heading=heading(lexicon, case, complaint, hurting_regions(atlas, drawing)),
        alarm=alarm(lexicon, assessment.concern),
        short=short(lexicon, assessment),
        picture=drawing_picture(lexicon, drawing),
        ranking=ranking(lexicon, library, assessment, drawing),
        turns=turns(lexicon, assessment),
        checks=checks(lexicon, assessment),
        care=care(lexicon, assessment),
        told=told(lexicon, library, assessment),
        grounds=grounds(library, assessment),
        answers=answers(lexicon, case, complaint, assessment),
        sources_weighed=len(assessment.sources),
        # Last: by now every section has cited what it rests on.
        references=library.used(),
    )
    return page + "\n"
