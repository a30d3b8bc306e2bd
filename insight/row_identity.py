"""What identifies a row and what tells two versions of it apart: its key, a hash of the rest."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

HASH_DIGITS = 16
"""Hexadecimal digits of a row's hash: 64 bits."""

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio: spreads every bit
_SHIFT = np.uint64(29)


def row_keys(rows: pd.DataFrame, key: Sequence[str]) -> pd.Series:
    """Return the values of the `key` columns joined with ``|`` (``string``), blanks as nothing.

    Examples
    --------
    >>> rows = pd.DataFrame({"complaint": ["C1", "C2"], "stage": [1, 2]})
    >>> row_keys(rows, ["complaint", "stage"]).tolist()
    ['C1|1', 'C2|2']
    """
    joined, *others = (rows[name].astype("string").fillna("") for name in key)
    for other in others:
        joined = joined.str.cat(other, sep="|")
    return joined.rename(None)


def row_hashes(rows: pd.DataFrame) -> pd.Series:
    """Return a hash of each row's values: equal rows have equal hashes, on any machine.

    Parameters
    ----------
    rows
        Typed columns. Their names and order count; which of a text's types holds it doesn't.

    Returns
    -------
    pandas.Series
        ``string`` of `HASH_DIGITS` hexadecimal digits, aligned with `rows`.

    Notes
    -----
    Each column is hashed by pandas (a keyed SipHash of text, a mix of a number's bits) and the
    columns are joined by multiplying and shifting, so that order matters. Two versions of a row
    get the same hash by accident once in 2**64.

    Examples
    --------
    >>> one, two, three = row_hashes(pd.DataFrame({"a": ["x", "x", "y"], "b": [1, 1, 1]}))
    >>> one == two, one == three
    (True, False)
    """
    together = np.zeros(len(rows), dtype=np.uint64)
    for name in rows.columns:
        seeded = together ^ pd.util.hash_array(np.array([str(name)], dtype=object))[0]
        together = (seeded + _hashes(rows[name])) * _MULTIPLIER
        together ^= together >> _SHIFT
    digits = pa.py_buffer(together.astype(">u8").tobytes().hex().encode())
    whole = pa.FixedSizeBinaryArray.from_buffers(pa.binary(HASH_DIGITS), len(rows), [None, digits])
    text = whole.cast(pa.binary()).cast(pa.large_string())
    return pd.Series(pd.array(text, dtype="string"), index=rows.index)


def _hashes(values: pd.Series) -> npt.NDArray[np.uint64]:
    """Return a 64-bit hash of each value, the same for every missing one."""
    missing = values.isna().to_numpy()
    if pd.api.types.is_datetime64_any_dtype(values):
        instants = (
            values if values.dt.tz is None else values.dt.tz_convert("UTC").dt.tz_localize(None)
        )
        plain = instants.to_numpy(dtype="datetime64[us]").view("int64")
    elif pd.api.types.is_bool_dtype(values) or pd.api.types.is_integer_dtype(values):
        plain = values.astype("Int64").fillna(0).to_numpy(dtype="int64")
    elif pd.api.types.is_float_dtype(values):
        plain = values.to_numpy(dtype="float64", na_value=0.0) + 0.0  # no minus before a nought
    else:
        return _text_hashes(values, missing)
    hashed = pd.util.hash_array(plain, categorize=False)
    return np.where(missing, np.uint64(0), hashed)


def _text_hashes(values: pd.Series, missing: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint64]:
    codes, texts = pd.factorize(values.astype("string"))  # missing ones have code -1
    each = pd.util.hash_array(texts.to_numpy(dtype=object), categorize=False)
    padded = np.append(each, np.uint64(0))
    found: npt.NDArray[np.uint64] = np.where(missing, np.uint64(0), padded[codes])
    return found
