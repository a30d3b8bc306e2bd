"""A page's first section: what it says, in two or three sentences that are drawn from its figures.

Each function gives lines for `parts.in_short`: ``says``, and ``href``, the section that says more.
Nothing is said of what isn't there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.edge import page_parts as say
from pipelines.edge import page_words as words

View = dict[str, Any]


def line(says: str, href: str = "") -> View:
    """Make one line; `href` is the section's address on the page, or another page's."""
    return {"says": says, "href": href}


def listed(names: Sequence[str], most: int = 3) -> str:
    """Write a few names as a reader says them.

    >>> listed(["a", "b"]), listed(["a", "b", "c", "d", "e"])
    ('a and b', 'a, b, c and 2 more')
    """
    names = list(names)
    if len(names) > most:
        names = [*names[:most], f"{len(names) - most} more"]
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def of_the_run(view: Mapping[str, Any], new_topics: Sequence[str]) -> list[View]:
    """Say where the measures stand, what was refused, and which sources stopped."""
    said = []
    counts = [item for item in view["counts"] if item["number"]]
    if counts:
        total = sum(item["number"] for item in counts)
        each = [f"{item['number']} {item['mark'].word.lower()}" for item in counts]
        said.append(
            line(f"Of {say.plural(total, 'measure')}: {listed(each, most=6)}.", "#scorecard")
        )
    if refused := len(view["refused_files"]):
        said.append(
            line(
                f"{say.plural(refused, 'file was', 'files were')} refused whole: the figures are "
                f"without {'it' if refused == 1 else 'them'} until put right.",
                "#rows",
            )
        )
    late = [row["source"] for row in view["freshness"] if row["note"]]
    if late:
        verbs = "is late, has" if len(late) == 1 else "are late, have"
        those = f"{say.plural(len(late), 'source')} {verbs} stopped or never came"
        said.append(line(f"{those}: {listed(late)}.", "#sources"))
    totals = view["totals"]
    if totals["rows_read"]:
        share = words.part_share(totals["quarantined"] / totals["rows_read"])
        said.append(
            line(
                f"{say.count(totals['quarantined'])} of {say.plural(totals['rows_read'], 'row')} "
                f"({share}) were refused and are kept aside.",
                "#refused",
            )
        )
    if new_topics:
        said.append(line("People have begun to write about something new.", "#new-topics"))
    return said


def of_places(places: Sequence[Mapping[str, Any]]) -> list[View]:
    """Say where wardens should go first, and how many of the places listed are sure."""
    if not places:
        return []
    first = dict(places[0])
    name, ward = words.place_name(first), say.text(first["ward"])
    where = name if ward in name else f"{name}, {ward}"
    usual = (
        "" if first["expected"] is None
        else f", where about {words.rough(first['expected'])} would be usual"
    )  # fmt: skip
    said = [line(f"Start with {where}: {say.plural(first['reports'], 'report')}{usual}.")]
    sure = sum(say.evidence(row["evidence"]).order <= 1 for row in places)
    if not sure:
        said.append(line("None of the places below has strong or some evidence: it may be chance."))
    elif sure < len(places):
        said.append(
            line(
                f"{sure} of the {len(places)} places below {'has' if sure == 1 else 'have'} strong "
                "or some evidence; at the others it may be chance."
            )
        )
    return said


def of_planning(view: Mapping[str, Any]) -> list[View]:
    """Say whether applicants are more satisfied, how the queue moves, and how long people wait."""
    said = []
    if view["survey"]["headline"]:
        said.append(line(view["survey"]["headline"], "#change"))
    known = [row for row in view["flows"] if row["open"] is not None]
    if len(known) > 1:
        now, before = known[-1], known[-2]
        moved = now["open"] - before["open"]
        than = (
            f"{say.count(abs(moved))} {'more' if moved > 0 else 'fewer'} than"
            if moved
            else "as many as"
        )
        said.append(
            line(
                f"{say.plural(now['open'], 'case was', 'cases were')} open at the end of "
                f"{say.period(now['period'])}, {than} a month before.",
                "#cases",
            )
        )
    return said + of_waits(view["waits"], "#waits")


def of_waits(services: Sequence[Mapping[str, Any]], href: str = "") -> list[View]:
    """Say how many kinds of case take longer than their published standard, and which."""
    rows = [(each["name"], row) for each in services for row in each["rows"]]
    judged = [(name, row) for name, row in rows if row["standard_days"] is not None]
    if not judged:
        return []
    several = len(services) > 1
    long = [f"{name + ', ' if several else ''}{say.label(row['case_type']).lower()}"
            for name, row in judged if row["mark"].kind == "red"]  # fmt: skip
    kinds = say.plural(len(judged), "kind of case", "kinds of case")
    if not long:
        keep = "keeps it" if len(judged) == 1 else "keep it"
        return [line(f"The {kinds} with a standard typically {keep}.", href)]
    verb = "takes" if len(long) == 1 else "take"
    told = "; ".join(long)
    return [
        line(f"{len(long)} of {kinds} typically {verb} longer than the standard: {told}.", href)
    ]


def of_gaps(lists: Sequence[Mapping[str, Any]], service: Any, months: int) -> list[View]:  # noqa: ANN401
    """Say of each list which topic comes first and what it could save."""
    said = []
    for each in lists:
        if not each["rows"]:
            continue
        row = each["rows"][0]
        written = say.plural(row["enquiries"], "enquiry", "enquiries")
        where = f" ({service(row['service'])})" if row["service"] else ""
        said.append(
            line(
                f"{each['title']} first: {row['topic']}{where}. It could save about "
                f"{say.count(row['saved'])} of {written} in {say.plural(months, 'month')} "
                f"({say.interval(row['saved_lower'], row['saved_upper'])}).",
                f"#{each['code']}",
            )
        )
    return said


def of_wards(rows: Sequence[Mapping[str, Any]]) -> list[View]:
    """Say which wards had clearly more or fewer reports than the year before."""
    said = []
    for way in ("more", "fewer"):
        if wards := [str(row["ward"]) for row in rows if str(row["words"]).startswith(f"{way}:")]:
            said.append(line(f"Clearly {way} reports than the year before: {listed(wards)}."))
    if not said and any(str(row["words"]).startswith("about the same") for row in rows):
        said.append(line("No ward's reports have changed beyond chance since the year before."))
    return said
