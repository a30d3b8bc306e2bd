"""Customer keys that stand for nobody: what a system writes where nobody asked who it was."""

import pandas as pd

from insight.demand.method import DemandMethod

_MOST_SHARE = 0.5
_FEWEST = 10
_FEWEST_DAYS = 61
_DAYS_A_MONTH = 30.4


def nobody_keys(records: pd.DataFrame, method: DemandMethod) -> pd.DataFrame:
    """Find customer keys that can't be one person's.

    Under such a key every contact would be a repeat of the one before.

    Parameters
    ----------
    records
        As `insight.demand.volume.single_records` gives.
    method
        Its ``nobody_*`` limits, and ``placeholders``, keys the council named itself.

    Returns
    -------
    pandas.DataFrame
        ``customer``, ``contacts``, ``share`` (of all records) and ``why``, most contacts first.

    Notes
    -----
    A key stands for nobody where it is about ``nobody_services`` services and as many as
    ``nobody_a_month`` contacts a month (one nearly every working day); holds ``nobody_share`` of
    all records, at least ``nobody_contacts``; or holds half of ten or more.
    """
    known = records[records["customer"].notna()]
    by_key = known.groupby("customer", sort=False).agg(
        contacts=("day", "size"), first=("day", "min"), last=("day", "max")
    )
    share = by_key["contacts"] / max(len(records), 1)
    held = (records["day"].max() - records["day"].min()).days + 1 if len(records) else 1
    # Over two months, where there are so many: one person may have one bad month.
    span = ((by_key["last"] - by_key["first"]).dt.days + 1).clip(lower=min(held, _FEWEST_DAYS))
    months = span.div(_DAYS_A_MONTH).clip(lower=1)
    many = by_key["contacts"].div(months).ge(method.nobody_a_month)
    suspects = known[known["customer"].isin(by_key.index[many])]
    services = suspects.groupby("customer")["service"].nunique().reindex(by_key.index).fillna(0)
    everywhere = many & services.ge(method.nobody_services)
    large = share.ge(method.nobody_share) & by_key["contacts"].ge(method.nobody_contacts)
    most = share.ge(_MOST_SHARE) & by_key["contacts"].ge(_FEWEST)
    named = by_key.index.to_series().isin(method.placeholders)
    why = pd.Series("", index=by_key.index, dtype="string")
    why = why.mask(everywhere, "gets in touch nearly every working day about several services")
    why = why.mask(large | most, "stands for a large share of all contacts")
    why = why.mask(named, "is a placeholder in the settings")
    found = by_key.assign(share=share, why=why)[why.ne("")]
    found = found.rename_axis("customer").reset_index()
    return found.sort_values(["contacts", "customer"], ascending=[False, True], ignore_index=True)[
        ["customer", "contacts", "share", "why"]
    ]
