"""What a typed line means: a command, the answers to a safety list, or the value of a finding."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from gerdy.atlas import Atlas
from gerdy.atlas.model import Finding
from gerdy.case.problems import RefusedError, shown
from gerdy.errors import CaseError, GerdyError


class Command(StrEnum):
    """What can be asked for at any prompt, instead of answering."""

    BACK = "b"
    SKIP = "s"
    WHY = "w"
    LIST = "l"
    QUIT = "q"
    HELP = "h"
    MORE = "m"


_COMMANDS: Mapping[str, Command] = {
    **{command.value: command for command in Command},
    **{command.name.lower(): command for command in Command},
    "stop": Command.QUIT,
    "exit": Command.QUIT,
}
_NONE = {"", "n", "no", "none", "0", "-"}
_UNSURE = {"?", "unknown", "not sure", "unsure", "don't know"}
YES, NO, UNKNOWN = "positive", "negative", "unknown"


def command_of(reply: str) -> Command | None:
    """Return the command a line is, or None where it is an answer."""
    return _COMMANDS.get(reply.lower())


def list_answers(reply: str, members: Sequence[str]) -> dict[str, str]:
    """Return the answer to every member of a list.

    Nothing means that none applies; numbers name those that do, with a question mark those that may;
    everything else on the list is answered no.

    Raises
    ------
    RefusedError
        For anything but numbers of the list.
    """
    word = reply.lower()
    if word in _UNSURE:
        return dict.fromkeys(members, UNKNOWN)
    answers = dict.fromkeys(members, NO)
    if word in _NONE:
        return answers
    if word in {"y", "yes"} and len(members) == 1:
        return {members[0]: YES}
    for part in re.sub(r"\s+\?", "?", word).replace(",", " ").split():
        number, unsure = part.removesuffix("?"), part.endswith("?")
        if not (number.isascii() and number.isdigit() and 1 <= int(number) <= len(members)):
            raise RefusedError(
                f"{shown(part)}: write the numbers of those that apply, 1 to {len(members)}, such as 2 or "
                "1,3; 2? when you are not sure of it; Enter when none does."
            )
        answers[members[int(number) - 1]] = UNKNOWN if unsure else YES
    return answers


def finding_value(reply: str, finding: Finding) -> str:
    """Return what is answered, with the number of a level turned into its id."""
    return dict(numbered(finding)).get(reply, reply)


def numbered(finding: Finding) -> list[tuple[str, str]]:
    """Return the number to type and the id of each level; ids that are numbers keep them."""
    ids = [level.id for level in finding.levels]
    if any(name.isdigit() for name in ids):
        return [(name, name) for name in ids]
    return [(str(place), name) for place, name in enumerate(ids, start=1)]


def plain_message(error: GerdyError | RefusedError, atlas: Atlas, asked: str = "") -> str:
    """Return what is wrong without file and field, and with findings called by name.

    ``asked`` is the finding that was just asked about; any other that is at fault is named.
    """
    message = str(error).splitlines()[0]
    if isinstance(error, CaseError) and error.field is not None:
        message = message.split(f"{error.field}: ", 1)[-1]
        fault = error.field.removeprefix("findings.")
        if fault in atlas.findings and fault != asked:
            message = f"{fault} {message}"

    def name(match: re.Match[str]) -> str:
        found = atlas.findings.get(match[0])
        return f"“{found.name}”" if found is not None else match[0]

    message = re.sub(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)*\b", name, message)
    return message[:1].upper() + message[1:]
