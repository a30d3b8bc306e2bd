"""Invented residents: names put together at random, telephones and mail that reach nobody."""

import numpy as np
import pandas as pd

from insight.borough.ground import Ground
from insight.borough.plan import Plan
from insight.borough.words import FORENAMES, SURNAMES

RESIDENTS = 12_000
"""Those who might get in touch in two years."""

NI_PREFIXES = np.array(["AB", "CE", "HJ", "JK", "LW", "PX", "SR", "TY"])


def make_people(plan: Plan, ground: Ground) -> pd.DataFrame:
    """Return residents who may get in touch.

    Returns
    -------
    pandas.DataFrame
        One row per person: person (a number), forename, surname, name, email, phone,
        ni_number, account (council tax), address, postcode, street, ward. Telephone numbers
        are Ofcom's for drama, domains the reserved example ones.
    """
    rng = plan.stream("people")
    count = RESIDENTS
    streets = ground.streets
    weight = streets["homes"].to_numpy() / streets["homes"].sum()
    home = rng.choice(len(streets), size=count, p=weight)
    number = (rng.random(count) * streets["homes"].to_numpy()[home]).astype(np.int64) + 1
    per_street = len(ground.postcodes) // len(streets)
    postcode = home * per_street + rng.integers(per_street, size=count)
    people = pd.DataFrame(
        {
            "person": np.arange(count),
            "forename": rng.choice(FORENAMES, size=count),
            "surname": rng.choice(SURNAMES, size=count),
            "street": streets["street"].to_numpy()[home],
            "ward": streets["ward"].to_numpy()[home],
            "postcode": ground.postcodes["postcode"].to_numpy()[postcode],
        }
    ).astype(dict.fromkeys(["forename", "surname", "street", "ward", "postcode"], "string"))
    digits = _text(rng.integers(100, 999, size=count))
    mobile = pd.Series(rng.random(count) < 0.7)
    people["name"] = people["forename"] + " " + people["surname"]
    people["address"] = _text(number) + " " + people["street"]
    people["phone"] = ("07700 900" + digits).where(mobile, "01632 960" + digits)
    domain = pd.Series(rng.choice(["example.com", "example.org", "example.net"], size=count))
    local = people["forename"] + "." + people["surname"].str.replace("'", "", regex=False)
    people["email"] = local.str.lower() + _text(people["person"] % 97) + "@" + domain
    six = _text(rng.integers(100_000, 1_000_000, size=count))
    people["ni_number"] = (
        pd.Series(rng.choice(NI_PREFIXES, size=count))
        + " " + six.str[:2] + " " + six.str[2:4] + " " + six.str[4:] + " "
        + pd.Series(rng.choice(list("ABCD"), size=count))
    )  # fmt: skip
    people["account"] = _text(70_000_000 + rng.choice(9_000_000, size=count, replace=False))
    return people.astype(dict.fromkeys(["email", "ni_number"], "string"))


def _text(
    numbers: "np.ndarray[tuple[int], np.dtype[np.int64]] | pd.Series[int]",
) -> "pd.Series[str]":
    return pd.Series(numbers).astype("string")
