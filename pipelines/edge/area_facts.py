"""Reads small areas with their residents and deprivation, as statistics offices publish them."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from insight.errors import MissingColumnsError
from pipelines.edge.geography import GeographyError, read_area

if TYPE_CHECKING:
    import geopandas as gpd

    from pipelines.settings_areas import AreaFact, Areas

DECILES = (1, 10)


def read_areas(root: Path, areas: "Areas", crs: str) -> "gpd.GeoDataFrame":
    """Return the areas that the settings name, with what is known of each.

    Parameters
    ----------
    root
        The workspace, which the files' paths start from.
    areas
        The setting.
    crs
        Metric system to give the outlines in.

    Returns
    -------
    geopandas.GeoDataFrame
        ``area`` (code), ``population``, ``decile`` (missing where not given) and outlines.

    Raises
    ------
    GeographyError
        If a file is missing or wrong, or its codes match none of the outlines'.
    MissingColumnsError
        If a column is absent.
    """
    path = root / areas.file
    shapes = read_area(path).to_crs(crs)
    if areas.code_column not in shapes.columns:
        raise MissingColumnsError({areas.code_column}, path.name)
    code = shapes[areas.code_column].astype("string").str.strip()
    people = _fact(root, areas.population, code)
    decile = pd.Series(pd.NA, index=code.index, dtype="Float64")
    if areas.deprivation is not None:
        decile = _fact(root, areas.deprivation, code)
        if not decile.dropna().between(*DECILES).all():
            raise GeographyError(
                f"{areas.deprivation.file}: {areas.deprivation.value_column} has to be a decile "
                "from 1 (most deprived) to 10; name the column of deciles, not of ranks."
            )
    return shapes[[shapes.geometry.name]].assign(
        area=code, population=people.to_numpy(dtype=float, na_value=float("nan")),
        decile=decile.to_numpy(dtype=float, na_value=float("nan")),
    )  # fmt: skip


def _fact(root: Path, fact: "AreaFact", code: pd.Series) -> pd.Series:
    """Return the figure of each code; numbers may have commas between thousands."""
    path = root / fact.file
    try:
        table = pd.read_csv(path, dtype="string", encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise GeographyError(f"{path.name}: there is no such file; check its path.") from error
    except (OSError, ValueError) as error:
        raise GeographyError(f"{path.name} can't be read as CSV; save it as UTF-8 CSV.") from error
    if missing := {fact.code_column, fact.value_column} - set(table.columns):
        raise MissingColumnsError(missing, path.name)
    text = table[fact.value_column].str.replace(",", "", regex=False)
    number = pd.to_numeric(text, errors="coerce").astype("Float64")
    known = number.groupby(table[fact.code_column].str.strip()).first()
    told = code.map(known)
    if told.isna().all():
        raise GeographyError(
            f"{path.name}: no code in {fact.code_column} is one of the outlines' codes; check "
            "both code_column settings under areas in council.yaml."
        )
    return told.astype("Float64")
