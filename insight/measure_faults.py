"""What is wrong with a measure, a target or a return: said in a sentence, and the rest goes on."""

import re
from collections.abc import Iterable

import pandas as pd

FAULT_COLUMNS = ("measure", "period", "rule", "message")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.&-]{0,59}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.& -]{0,59}")
UNKNOWN = "no such measure"
_PERIOD = re.compile(r"[0-9]{4}[-/][0-9Ww]{2,4}( ?[Qq][1-4])?")


def faults(rows: pd.DataFrame, rule: str, message: str) -> pd.DataFrame:
    """Say one fault of each of `rows` (``measure`` and ``period``).

    `message` may name ``{measure}``, ``{period}``, ``{where}`` (the file and row, where `rows` has
    ``file`` and ``row_number``) and any other column of `rows`. What doesn't look like a code or a
    period isn't repeated, nor a code of several words that is no measure's: it could be anything
    that somebody typed.
    """
    found = pd.DataFrame(columns=list(FAULT_COLUMNS), dtype="string")
    if rows.empty:
        return found
    plain = rows.astype("object").where(rows.notna(), "")
    code = _WORD if rule == UNKNOWN else _CODE
    plain["measure"] = [_or_else(code, text, "a measure") for text in plain["measure"]]
    plain["where"] = _where(plain)
    plain["period"] = [_or_else(_PERIOD, period, "a period") for period in plain["period"]]
    told = [
        message.format_map({str(k): v for k, v in row.items()}) for row in plain.to_dict("records")
    ]
    said = plain[["measure", "period"]].assign(rule=rule, message=told)
    return said.astype("string").reset_index(drop=True)


def _where(rows: pd.DataFrame) -> list[str]:
    """Name the file and the row of each fault, as far as they are known."""
    nothing = pd.Series("", index=rows.index)
    files, numbers = rows.get("file", nothing), rows.get("row_number", nothing)
    return [
        f" ({file}, row {number})" if number else f" ({file})" if file else ""
        for file, number in zip(files, numbers, strict=True)
    ]


def join_faults(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Put faults together, each once."""
    empty = pd.DataFrame(columns=list(FAULT_COLUMNS), dtype="string")
    return pd.concat([empty, *parts], ignore_index=True).drop_duplicates(ignore_index=True)


def _or_else(pattern: re.Pattern[str], text: object, otherwise: str) -> str:
    return str(text) if pattern.fullmatch(str(text)) else otherwise
