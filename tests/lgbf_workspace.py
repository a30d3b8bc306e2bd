"""A benchmarking workspace of the Scottish indicators: its councils are the services.

A council that uses the system has a workspace to itself; a benchmark of named neighbours is one
workspace whose services are the councils, so that each is a page and every measure has 32 rows.
"""

import re

import pandas as pd

BETTER = {"Ascending": "lower", "Descending": "higher", "Goldilocks": "band"}
UNITS = {"Cost": "pounds", "Days": "days", "Score": "score"}
WIDTH = 0.05
"""Half a band round a "Goldilocks" midpoint: the file gives the midpoint alone."""
FIGURES = ["LA_IndicatorReal", "LA_Numerator_real", "LA_Den_Real"]


def read_years(real_data) -> pd.DataFrame:
    """Return the annual file's rows, but for its last, which is commas alone."""
    path = real_data / "scottish-lgbf-kpis" / "lgbf_to_2019_20.csv.gz"
    raw = pd.read_csv(path).dropna(subset=["Code"])
    starts, ends = raw["Year"].str[:4].astype(int), raw["Year"].str[-2:].astype(int) + 2000
    spans = ends - starts
    year = (ends - 1).astype(str) + "-" + (ends % 100).map("{:02d}".format)
    code = raw["Code"] + " " + raw["LocalAuthority"]
    return raw.assign(code=code, year=year, spans=spans)


def read_indicators(real_data) -> pd.DataFrame:
    """Return what is said of each of the 108 measures, by its code."""
    return pd.read_csv(real_data / "scottish-lgbf-kpis" / "indicators.csv").set_index("Code")


def service_of(council: str) -> str:
    """Write a council's name as the code of a service."""
    return re.sub(r"[^a-z]+", "-", council.lower())


def settings_of(years: pd.DataFrame, indicators: pd.DataFrame) -> dict[str, list[dict]]:
    """Write the settings: a measure for each indicator and council, aimed at Scotland's figure."""
    top = years.groupby("Code")["LA_IndicatorReal"].agg(["min", "max"])
    spans = years.groupby("Code")["spans"].max()
    goals = years[years["year"].eq("2019-20")].groupby("Code")["Scotland_Indicator_Real"].first()
    names = sorted(set(years["LocalAuthority"]))
    each = pd.MultiIndex.from_product([indicators.index, names], names=["Code", "LocalAuthority"])
    each = each.to_frame(index=False).assign(code=lambda rows: rows.agg(" ".join, axis="columns"))
    measures = [
        measure_of(row, indicators.loc[row["Code"]], top.loc[row["Code"]])
        | ({"accumulation": "rolling"} if spans[row["Code"]] > 1 else {})
        | target_of(indicators.loc[row["Code"]], goals.get(row["Code"]))
        for row in each.to_dict("records")
    ]
    services = [{"code": service_of(name), "name": name} for name in names]
    source = {"name": "lgbf", "contract": "kpi_returns", "mapping": "lgbf_with_spans"}
    return {"services": services, "measures": measures, "sources": [source]}


def measure_of(row: dict, about: pd.Series, top: pd.Series) -> dict:
    """Describe one council's measure as measures.yaml does."""
    share = about["MeasureType"] == "Percentage" and top["min"] >= 0 and top["max"] <= 1
    after_point = re.search(r"0\.(0+)", about["NumberFormat"])
    return {
        "code": row["code"],
        "title": about["Title"],
        "family": "general statutory",
        "service": service_of(row["LocalAuthority"]),
        "unit": "share" if share else UNITS.get(about["MeasureType"], "rate"),
        "decimals": len(after_point[1]) if after_point else 0,
        "polarity": BETTER[about["Ranking_Type"]],
        "aggregation": "ratio of sums" if share else "last",
        "frequency": "annual",
        "entered": True,
    }


def target_of(about: pd.Series, scotland: float | None) -> dict:
    """Aim at Scotland's figure of 2019-20, or at a band round the midpoint."""
    middle = float(about["Ranking_GoldilocksMidpoint"])
    if about["Ranking_Type"] == "Goldilocks":
        return {"targets": {"2019-20": {"low": middle - WIDTH, "high": middle + WIDTH}}}
    if scotland is None or pd.isna(scotland):
        return {}
    return {"targets": {"2019-20": {"value": float(scotland), "agreed_by": "SOLACE"}}}
