"""What to do about a row that broke a rule, in one sentence."""

# The beginning of a rule, as `insight.conform` and `insight.places` say it, and what mends it.
_REMEDIES = (
    (
        "must be one of",
        "Correct it in the file, or add the spelling under synonyms in council.yaml.",
    ),
    ("must not be blank", "Fill it in, or map the column that holds it."),
    (
        "is in the future",
        "Check the year, and the mapping's order of day and month.",
    ),
    ("is not a date", "Correct it, or say in the mapping how the file writes its dates."),
    ("is not a whole number", "Correct it in the file; words and fractions can't be counted."),
    ("is not a number", "Correct it in the file."),
    ("is not yes or no", "Correct it in the file."),
    ("must not be below", "Check that the column is mapped to the right heading."),
    ("must not be above", "Check that the column is mapped to the right heading."),
    ("must not be longer", "Check that the column is mapped to the right heading."),
    ("is not in the form", "Write it as the contract's description says."),
    ("is before", "Correct whichever of the two dates is wrong."),
    ("needs", "Give the row one of them."),
    ("latitude and longitude swapped", "Swap the two columns in the mapping."),
    ("easting and northing swapped", "Swap the two columns in the mapping."),
    ("outside the area", "Check the point; if the place is ours, the boundary file needs mending."),
    ("not a coordinate", "Check the point, and the mapping's crs."),
    ("missing place", "Give a point, a postcode or a ward."),
    ("unknown postcode", "Check the postcode, or bring the postcode file up to date."),
    ("unknown ward", "Write the ward as the boundary file does."),
)
_OTHERWISE = "Put it right in the file."


def remedy(rule: str) -> str:
    """Return what to do about a row that broke `rule`.

    Examples
    --------
    >>> remedy("latitude and longitude swapped")
    'Swap the two columns in the mapping.'
    """
    return next((said for start, said in _REMEDIES if rule.startswith(start)), _OTHERWISE)
