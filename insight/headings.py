"""Which heading of a file is likely the column that was looked for.

A suggestion for a person to judge, never something to act on: a heading is named only where
one stands out.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

# What council systems call the same thing; the contracts' own names are among them.
_SAME = (
    ("contact id", "contact ref", "interaction id", "call id", "call reference", "case number"),
    ("report id", "report ref", "service request id", "incident id", "job number", "fms id"),
    ("case id", "case ref", "application number", "application ref", "planning ref", "app no"),
    ("complaint id", "complaint ref", "complaint no", "feedback id"),
    ("response id", "respondent id", "submission id", "form id"),
    ("enquiry id", "message id", "email id", "ticket id", "ticket no"),
    ("contacted at", "contact date", "call date", "call time", "date of contact"),
    ("reported at", "report date", "requested datetime", "date reported", "date logged", "logged"),
    ("received at", "date received", "date of receipt", "created", "date created", "opened"),
    ("answered at", "completion time", "submitted", "date submitted", "response date"),
    ("responded at", "date responded", "date of response", "date replied", "date answered"),
    ("closed at", "date closed", "date resolved", "date fixed", "completed", "completion date"),
    ("decided at", "decision date", "date of decision", "determination date"),
    ("valid at", "date valid", "validated", "date validated", "registered"),
    ("target at", "target date", "due date", "date due", "deadline"),
    ("started at", "start time", "start date"),
    ("channel", "contact channel", "contact method", "method of contact", "source", "how received"),
    ("service", "service area", "department", "directorate", "team", "queue", "skill"),
    ("customer", "customer id", "customer ref", "caller", "person id"),
    ("reporter", "reported by", "reporter name", "reporter email", "requestor"),
    ("sender", "from", "email address", "from address"),
    ("category", "type", "problem type", "service name", "issue", "report type"),
    ("description", "details", "detail", "notes", "what happened"),
    ("text", "message", "body", "content", "enquiry", "comments"),
    ("latitude", "lat", "y coordinate wgs84"),
    ("longitude", "long", "lon", "lng"),
    ("easting", "eastings", "x", "x coordinate", "osgb x", "bng easting"),
    ("northing", "northings", "y", "y coordinate", "osgb y", "bng northing"),
    ("postcode", "post code", "postal code", "zip"),
    ("ward", "ward name", "electoral ward"),
    ("outcome", "decision", "result", "disposition"),
    ("status", "state", "case status"),
    ("offered", "calls offered", "calls received", "presented", "calls presented"),
    ("answered", "calls answered", "handled", "calls handled"),
    ("abandoned", "calls abandoned", "lost", "lost calls"),
    ("wait seconds", "wait time", "queue time", "time to answer", "speed of answer"),
    ("duration seconds", "talk time", "handle time", "call length", "duration"),
    ("wait seconds mean", "average wait", "average speed of answer", "asa"),
    ("share within target", "service level", "answered in target", "percent in target"),
    ("views", "page views", "pageviews", "hits"),
    ("page", "page path", "url", "landing page"),
    ("form starts", "forms started", "starts"),
    ("form completions", "forms completed", "completions", "submissions"),
    ("measure", "kpi", "indicator", "pi", "measure code", "pi code"),
    ("value", "actual", "performance", "outturn"),
    ("period", "month", "quarter", "reporting period"),
    ("commentary", "comment", "narrative"),
    ("stage", "complaint stage"),
    ("regime", "ombudsman"),
    ("question", "question code"),
    ("answer", "response", "score", "rating"),
    ("age band", "age group", "age"),
    ("sex", "gender"),
)  # fmt: skip
_SHORT = {
    "no": "number", "nr": "number", "num": "number", "ref": "reference", "id": "reference",
    "number": "number", "tel": "telephone", "phone": "telephone", "dt": "date", "desc":
    "description", "cat": "category", "avg": "mean", "average": "mean", "secs": "seconds",
}  # fmt: skip
_ONE_KIND = {"number": "reference"}
# Words that say little by themselves: "Date of birth" isn't the date that was looked for.
_FILLERS = frozenset({"of", "the", "a", "an", "at", "on", "in", "for", "to"})
_KINDS = frozenset({"date", "time", "datetime", "reference", "type", "code", "name", "value"})
_ALIKE = 0.76  # how close each word must be to its fellow; "received" and "resolved" are not
_CLEAR = 0.02  # by how much the best must stand out


def likely_columns(
    wanted: Sequence[str], given: Sequence[str], *, minimum: float = 0.75
) -> dict[str, str]:
    """Return, for each wanted column that has one, the heading likely meant.

    Parameters
    ----------
    wanted
        Columns that a file lacks: a contract's names, or headings it used to have.
    given
        Headings that the file has and nobody has claimed.
    minimum
        How close a heading must be, from 0 to 1: 1 is the same but for capitals and punctuation,
        0.9 another name for the same thing, below that a slip of the pen.

    Returns
    -------
    dict of str
        Wanted name to heading. A heading is given once at most, and none where two are as close.

    Examples
    --------
    >>> likely_columns(["channel", "received_at", "ward"], ["Chanel", "Date received", "Town"])
    {'channel': 'Chanel', 'received_at': 'Date received'}
    """
    scores = {name: {head: _closeness(name, head) for head in given} for name in wanted}
    ranked = sorted(
        ((score, name, head) for name, row in scores.items() for head, score in row.items()),
        key=lambda item: -item[0],
    )
    found: dict[str, str] = {}
    for score, name, head in ranked:
        if score < minimum or name in found or head in found.values():
            continue
        rivals = [s for other, s in scores[name].items() if other not in {head, *found.values()}]
        rivals += [row[head] for other, row in scores.items() if other not in {name, *found}]
        if score - max(rivals, default=0.0) >= _CLEAR:
            found[name] = head
    return {name: found[name] for name in wanted if name in found}


def _closeness(name: str, head: str) -> float:
    """Return how likely two names mean one thing, from 0 to 1."""
    one, other = _words(name), _words(head)
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    telling, other_telling = one - _FILLERS, other - _FILLERS
    if set(telling) == set(other_telling):
        return 0.97
    if (telling - _KINDS or telling) == (other_telling - _KINDS or other_telling):
        return 0.93
    if any(telling in group and other_telling in group for group in _GROUPS):
        return 0.9
    return _spelling(telling, other_telling)


def _spelling(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the likeness of the two worst-matched words, since one other word is another thing."""
    if len(one) != len(other):
        joined = "".join(sorted(one)), "".join(sorted(other))
        return 0.88 if joined[0] == joined[1] else 0.0
    worst = min(
        max(_slip(word, fellow) for fellow in side)
        for words, side in ((one, other), (other, one))
        for word in words
    )
    return 0.88 * worst if worst >= _ALIKE else 0.0


def _slip(word: str, fellow: str) -> float:
    """Return how alike two words are; hardly anybody gets the first letter wrong."""
    return SequenceMatcher(None, word, fellow).ratio() if word[0] == fellow[0] else 0.0


def _words(name: str) -> frozenset[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)  # ContactDate
    words = re.findall(r"[^\W_]+", spaced.casefold())
    full = (_SHORT.get(word, word) for word in words)
    return frozenset(_ONE_KIND.get(word, word) for word in full)


_GROUPS = tuple(frozenset(_words(name) - _FILLERS for name in group) for group in _SAME)
