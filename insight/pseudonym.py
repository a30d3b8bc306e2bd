"""Replace who a person is by a code that stays the same, so that their contacts can be counted."""

import hmac

import pandas as pd

from insight.errors import InsightError

SHORTEST_KEY = 32  # bytes, as many as SHA-256 gives
_LENGTH = 32  # hexadecimal digits, 128 bits: no two people of a country collide


class PseudonymKeyError(InsightError):
    """The key is too short to keep pseudonyms from being guessed."""


def pseudonymise(values: pd.Series, key: bytes, *, scope: str) -> pd.Series:
    """Return a code for each value: the same for the same value, key and `scope`.

    Parameters
    ----------
    values
        Identifiers, such as e-mail addresses. Capitals and white space around them do not count.
    key
        The secret, at least 32 bytes.
    scope
        What the codes may be compared within, such as ``"person"``. Equal values of two scopes
        get unrelated codes.

    Returns
    -------
    pandas.Series
        ``string`` of 32 hexadecimal digits, missing where the value is missing or blank.

    Raises
    ------
    PseudonymKeyError
        If `key` is shorter.

    Notes
    -----
    HMAC-SHA256, cut to 128 bits: without the key, nobody can try out names or addresses.

    Examples
    --------
    >>> people = pd.Series(["Jane@example.com ", "jane@example.com", None], dtype="string")
    >>> codes = pseudonymise(people, bytes(32), scope="person")
    >>> codes[0] == codes[1], len(codes[0]), codes.isna().tolist()
    (True, 32, [False, False, True])
    """
    if len(key) < SHORTEST_KEY:
        raise PseudonymKeyError(
            f"The pseudonym key has {len(key)} bytes and needs {SHORTEST_KEY}. Make a new one, "
            "or restore the one that was used before."
        )
    places, written = pd.factorize(values.astype("string"))
    people = pd.Series(written, dtype="string").str.strip().str.casefold()
    prefix = f"{len(scope)}:{scope}:".encode()  # its length keeps scope and value apart
    codes = pd.array(
        [
            hmac.digest(key, prefix + person.encode(), "sha256").hex()[:_LENGTH] if person else None
            for person in people
        ],
        dtype="string",
    )
    return pd.Series(codes.take(places, allow_fill=True), index=values.index, name=values.name)
