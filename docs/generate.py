"""Write the parts of these pages that come from the atlas and the body's tables: ``python docs/generate.py [--check]``.

A part stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``. With ``--check`` nothing is written, and the
exit code is 1 when a page is out of date.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from gerdy.atlas import Atlas, load_atlas
from gerdy.atlas.model import Alarm, Concern, Grade, SafetyRule
from gerdy.mechanics.band_ranges import load_ranges
from gerdy.mechanics.model import BodyModel
from gerdy.mechanics.table import rows, table
from gerdy.motion import labels
from gerdy.motion.measure_definitions import Definition, definitions

PAGES = Path(__file__).parent
PART = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
LEVELS = {
    Concern.EMERGENCY: "Emergency: today",
    Concern.URGENT: "Urgent: within days",
    Concern.ROUTINE: "Routine: an ordinary appointment",
}
EVIDENCE = {
    Grade.A: "trial or meta-analysis",
    Grade.B: "cohort or accuracy study",
    Grade.C: "small or specialist study",
    Grade.D: "expert text or article",
    Grade.E: "assumed",
}


def regions(atlas: Atlas) -> Iterator[str]:
    """Give the table of named regions."""
    yield "| region | what a runner would say | clinical |"
    yield "|---|---|---|"
    yield from (f"| `{r.id}` | {r.name} | {r.clinical} |" for r in atlas.regions.values())


def grades(atlas: Atlas) -> Iterator[str]:
    """Give the table of grades."""
    yield "| grade | evidence behind the number | worth, in people, when its uncertainty is drawn |"
    yield "|---|---|---|"
    for grade, words in EVIDENCE.items():
        size = atlas.constants[f"sample_size_{grade.value.lower()}"].value
        yield f"| {grade.value} | {words} | {size:g} |"


def safety(atlas: Atlas) -> Iterator[str]:
    """Give every rule and every alarm, most pressing first."""
    for level, title in LEVELS.items():
        yield f"## {title}"
        yield ""
        for rule in atlas.rules.values():
            if rule.level is level:
                yield from _rule(rule)
        alarms = [(source, source.alarm) for source in atlas.sources.values() if source.alarm]
        alarms = [(source, alarm) for source, alarm in alarms if alarm.level is level]
        if alarms:
            yield "Also when, taken together, the answers make one of these sources likely enough:"
            yield ""
            yield "| source | from a probability of | grade |"
            yield "|---|---|---|"
            yield from (f"| {source.name} (`{source.id}`) | {_alarm(alarm)} |" for source, alarm in alarms)
            yield ""


def _rule(rule: SafetyRule) -> Iterator[str]:
    yield f"**{rule.name}** (`{rule.id}`; {rule.clinical}; grade {rule.basis.grade.value}, {rule.basis.source})"
    when = condition(rule.when)
    outer = when.startswith("(") and not isinstance(rule.when, str) and {"all", "any"} & set(rule.when)
    yield from _wrapped(f"- When {when[1:-1] if outer else when}.")
    yield from _wrapped(f"- Why: {rule.reason}")
    yield from _wrapped(f"- Where: {rule.where.rstrip('.')}.")
    yield ""


def _alarm(alarm: Alarm) -> str:
    return f"{100 * alarm.at:g} % | {alarm.basis.grade.value}"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, 120, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def condition(when: Any) -> str:
    """Return the condition of a rule in words, ids as they are written in a case file."""
    if isinstance(when, str):
        return f"`{when}`"
    if "all" in when:
        return _joined(when["all"], "and")
    if "any" in when:
        return _joined(when["any"], "or")
    if "count" in when:
        return f"at least {when['count']} of ({', '.join(condition(part) for part in when['of'])})"
    if "not" in when:
        return f"not {condition(when['not'])}"
    if "region" in when:
        return f"pain drawn at `{when['region']}`"
    for key in ("person", "finding", "level"):
        if key in when:
            name = f"`{when[key]}`" if key != "person" else str(when[key]).replace("_", " ")
            return f"{name} {_limits(when)}"
    raise ValueError(f"a condition with no known key: {sorted(when)}")


def _joined(parts: list[Any], word: str) -> str:
    said = [condition(part) for part in parts]
    return said[0] if len(said) == 1 else f"({f' {word} '.join(said)})"


def _limits(when: Mapping[str, Any]) -> str:
    if "is" in when:
        allowed = when["is"] if isinstance(when["is"], list) else [when["is"]]
        return f"is {' or '.join(str(one) for one in allowed)}"
    limits = [
        f"{name} {when[key]}" for key, name in (("from", "at least"), ("below", "under")) if key in when
    ]
    return " and ".join(limits)


def measures(_: Atlas) -> Iterator[str]:
    """Give the table of movement measures."""
    yield "| measure | unit, and positive when | taken in | error, one SD | from step to step, one SD | answers |"
    yield "|---|---|---|---|---|---|"
    for one in definitions().values():
        kinds = ", ".join(str(kind).replace("_", " ") for kind in one.taken)
        asked = ", ".join(f"`{finding.id}`" for finding in one.findings)
        unit = {"deg": "°", "1": "share"}.get(one.unit, one.unit)
        yield (
            f"| {one.clinical} (`{one.id}`) | {unit}; {one.positive} | {kinds} | {_size(one, one.error.markers)} "
            f"| {_size(one, one.error.spread)} | {asked} |"
        )


def _size(one: Definition, value: float) -> str:
    return f"{value:g} {one.error.grade}" if value else "0"


def markers(_: Atlas) -> Iterator[str]:
    """Give the table of marker names that are recognised as bony points."""
    words = {row.name: row.label for row in rows.read("landmarks.yaml", rows.Landmarks).landmarks}
    names = yaml.safe_load(labels.FILE.read_text("utf-8"))["landmarks"]
    yield "| point | Gerdy's name | names read |"
    yield "|---|---|---|"
    for point, aliases in names.items():
        ours = point.replace("{s}", "r")
        read = ", ".join(f"`{alias.replace('{s}', 'r')}`" for alias in aliases)
        yield f"| {words[ours]} | `{ours}` | {read} |"


def clusters(_: Atlas) -> Iterator[str]:
    """Give the table of markers on soft parts."""
    names = yaml.safe_load(labels.FILE.read_text("utf-8"))["clusters"]
    yield "| segment | names read |"
    yield "|---|---|"
    for segment, aliases in names.items():
        read = ", ".join(f"`{alias.replace('{s}', 'r')}`" for alias in aliases)
        yield f"| {segment.removesuffix('_{s}')} | {read} |"


def muscles(_: Atlas) -> Iterator[str]:
    """Give the table of the own body's muscles, right side."""
    body: BodyModel = table()
    yield "| name | muscle | N at full effort | supplied by, % |"
    yield "|---|---|---|---|"
    for one in body.muscles:
        if one.name.endswith("_r"):
            roots = ", ".join(f"{root.upper()} {100 * share:.0f}" for root, share in one.roots.items())
            yield f"| `{one.name.removesuffix('_r')}` | {one.label} | {one.max_force:.0f} | {roots} |"


def band(_: Atlas) -> Iterator[str]:
    """Give the table of the band's parameters."""
    told = yaml.safe_load((rows.FOLDER / "strap.yaml").read_text("utf-8"))
    yield "| parameter | low | typical | high | unit | grade | source |"
    yield "|---|---|---|---|---|---|---|"
    for name in load_ranges():
        row = told[name]
        source = row["source"] if isinstance(row["source"], str) else ", ".join(row["source"])
        unit = "" if row["unit"] == "1" else row["unit"]
        yield (
            f"| `{name}` | {row['low']:g} | {row['typical']:g} | {row['high']:g} | {unit} | {row['grade']} | {source} |"
        )


PARTS: Mapping[str, Callable[[Atlas], Iterator[str]]] = {
    "band": band,
    "clusters": clusters,
    "grades": grades,
    "markers": markers,
    "measures": measures,
    "muscles": muscles,
    "regions": regions,
    "safety": safety,
}


def page(text: str, atlas: Atlas) -> str:
    """Return a page with its generated parts written anew."""

    def part(match: re.Match[str]) -> str:
        body = "\n".join(PARTS[match[2]](atlas)).rstrip("\n")
        return f"{match[1]}{body}\n{match[3]}"

    return PART.sub(part, text)


def main(*, check: bool) -> int:
    """Write the pages, or say which are out of date."""
    atlas, stale = load_atlas(), []
    for path in sorted(PAGES.glob("*.md")):
        before = path.read_text("utf-8")
        after = page(before, atlas)
        if after != before:
            stale.append(path.name)
            if not check:
                path.write_text(after, "utf-8")
    if stale:
        sys.stdout.write(f"{'out of date' if check else 'written'}: {', '.join(stale)}\n")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
