"""Which files of a month came with other columns than those before them."""

import json
from datetime import date

import pandas as pd

from data_contracts import load_contract
from insight.errors import InsightError
from insight.heading_drift import HeadedFile, heading_change, heading_words
from insight.mapping import identity_mapping
from pipelines.edge.mappings import read_mapping
from pipelines.edge.workspace import Workspace


def heading_news(
    workspace: Workspace, files: pd.DataFrame, *, month: date, as_of: date
) -> list[tuple[str, str]]:
    """Return source and sentence for each file of the month whose columns changed.

    Parameters
    ----------
    workspace
        Whose mappings tell which headings are read.
    files
        The store's files: ``source``, ``name``, ``contract``, ``headings`` (JSON), ``mapping_file``
        and ``last_event``. One without headings was read before they were kept, and is passed over.
    month, as_of
        Files are looked at whose last event lies in `month` or after it up to the day `as_of`;
        where a source has no dates, its newest file.
    """
    known = files[files["headings"].notna()].assign(
        at=files["last_event"].dt.tz_localize(None), name=files["name"].astype("string")
    )
    known = known[known["at"].isna() | known["at"].lt(pd.Timestamp(as_of) + pd.Timedelta(days=1))]
    news = []
    for source, own in known.groupby("source", sort=True):
        ordered = own.sort_values(["at", "name"], na_position="first", kind="stable")
        headed = [
            HeadedFile(str(name), tuple(json.loads(str(headings))))
            for name, headings in zip(ordered["name"], ordered["headings"], strict=True)
        ]
        recent = ordered["at"].ge(pd.Timestamp(month)).to_numpy(copy=True)
        recent[-1] |= bool(ordered["at"].isna().all())
        for at in recent.nonzero()[0]:
            used = _used(workspace, str(source), ordered.iloc[at], headed[: at + 1])
            change = heading_change(str(source), headed[: at + 1], used=used)
            # A new column that is read already asks for nothing.
            if change is not None and (change.lost or not set(change.new) <= used):
                news.append((str(source), heading_words(change)))
    return news


def _used(workspace: Workspace, source: str, file: pd.Series, headed: list[HeadedFile]) -> set[str]:
    """Return the headings that are read: the mapping's, else those that are the contract's own."""
    given = next((s.mapping for s in workspace.settings.sources if s.name == source), None)
    path = file["mapping_file"] if pd.notna(file["mapping_file"]) else given
    mapping = None
    if path is not None:
        try:
            mapping = read_mapping(workspace.root / str(path))
        except InsightError:  # ingest says what is wrong with it
            return set()
    if mapping is None or not (mapping.columns or mapping.unpivot):
        every = [name for one in headed for name in one.headings]
        names = load_contract(str(file["contract"])).column_names
        return set(identity_mapping(str(file["contract"]), names, every).columns.values())
    return set(mapping.file_headings)
