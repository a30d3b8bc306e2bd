"""What to do about a row that broke a rule, in one sentence."""

_EXCHANGE = (
    "Exchange the two in the file; if all its rows have them so, swap the two headings under "
    "columns in the mapping."
)
# The beginning of a rule, as `insight.conform` and `insight.places` say it, and what mends it.
REMEDIES = (
    (
        "must be one of",
        "Correct it in the file, or add the spelling under synonyms in council.yaml.",
    ),
    (
        "must not be blank",
        "Fill it in, or name the heading that holds it under columns in the mapping.",
    ),
    (
        "is in the future",
        "Correct the year in the file; or, if the file writes the month first, write "
        "`dates: month-first` in the mapping.",
    ),
    (
        "is not a date",
        "Correct it in the file, or say under dates in the mapping how the file writes its dates.",
    ),
    (
        "is not a whole number",
        "Write a whole number in digits alone in the file; words, units and fractions can't be "
        "counted.",
    ),
    ("is not a number", "Write it in digits alone in the file, without words or units."),
    ("is not yes or no", "Write yes or no in the file."),
    ("is not text", "Write it as text in the file."),
    (
        "must not be below",
        "Correct the number in the file; if most rows have it, another heading belongs under "
        "columns in the mapping.",
    ),
    (
        "must not be above",
        "Correct the number in the file (a percentage needs its % sign); if most rows have it, "
        "another heading belongs under columns in the mapping.",
    ),
    (
        "must not be longer",
        "Shorten it in the file; if most rows have it, another heading belongs under columns in "
        "the mapping.",
    ),
    (
        "is not in the form",
        "Write a period as 2026-10, 2026-27 Q2 or 2026-27; what another column should look like "
        "is in its contract's description.",
    ),
    ("is before", "Correct whichever of the two dates is wrong in the file."),
    ("needs", "Give the row one of them in the file, or name its heading in the mapping."),
    ("latitude and longitude swapped", _EXCHANGE),
    ("easting and northing swapped", _EXCHANGE),
    (
        "outside the area",
        "Correct the point in the file; if the place is ours, the boundary file that wards_file "
        "names in council.yaml needs mending.",
    ),
    (
        "not a coordinate",
        "Correct the point in the file, or clear it and give a postcode or a ward; if most rows "
        "have it, write the file's own crs in the mapping.",
    ),
    ("missing place", "Give a point, a postcode, a street or a ward in the file."),
    (
        "unknown postcode",
        "Correct the postcode in the file, give a ward beside it, or bring the file that "
        "postcodes_file names in council.yaml up to date.",
    ),
    (
        "unknown street",
        "Write the street as the file that streets_file names in council.yaml does, or give a ward "
        "beside it.",
    ),
    (
        "street that may be several",
        "Two streets have this name, or it is very long: give a point, a postcode or a ward too.",
    ),
    ("another row gives another value", "Keep the right row of the two in the file."),
    ("unknown ward", "Write the ward as the boundary file does."),
)
_OTHERWISE = "Put it right in the file."


def remedy(rule: str) -> str:
    """Return what to do about a row that broke `rule`.

    Examples
    --------
    >>> remedy("is not yes or no")
    'Write yes or no in the file.'
    """
    return next((said for start, said in REMEDIES if rule.startswith(start)), _OTHERWISE)
