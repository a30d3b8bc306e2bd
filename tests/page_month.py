"""A small invented month for the pages' tests: every kind of figure, and every kind of gap."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import MultiPoint, Point
from shapely.ops import voronoi_diagram

from insight.catalogue import FIGURES
from insight.public import SUPPRESSED_WORDS, PublicView
from insight.results import RESULT_COLUMNS
from pipelines.edge.page_data import Download, PageData

MONTHS = [f"2026-{month:02d}" for month in range(3, 11)]
SERVICES = pd.DataFrame(
    [
        ("bins", "Bins and recycling", "Priya Nair", "Tom Ashby"),
        ("council-tax", "Council tax", "Marcus Webb", "Helen Oduya"),
        ("planning", "Planning", "Siân O'Leary", "Dev Patel"),
        ("street-cleansing", "Street cleansing", "Priya Nair", None),
    ],
    columns=["code", "name", "head_of_service", "manager"],
    dtype="string",
)
WARDS = ["Abbey", "Brook", "Carr Lane", "Dale", "Eastfield", "Ferry", "Grange", "Hilltop"]
PLACES = ["Mill Lane", "Canal towpath", "Recreation ground", "Station Road", None, "Priory Walk"]


def result(measure, service, period, value, low=None, high=None, base=None, breakdown=""):
    return (measure, service, period, breakdown, value, None, None, low, high, base)


def counts(measure, service, split="", size=100, months=MONTHS):
    rows = []
    for at, month in enumerate(months):
        value = round(size * (1 + 0.12 * np.sin(at) + 0.02 * at))
        rows.append(
            result(
                measure, service, month, value, value - 2 * value**0.5, value + 2.1 * value**0.5,
                value, split,
            )
        )  # fmt: skip
    return rows


def results() -> pd.DataFrame:
    rows = []
    for service, size in (("bins", 1450), ("council-tax", 980), ("planning", 310)):
        rows += counts("contacts", service, size=size)
        for channel, part in (("phone", 0.52), ("email", 0.27), ("web", 0.17), ("post", 0.04)):
            rows += counts("contacts", service, f"channel={channel}", size * part)
        rows += counts("enquiries", service, size=size * 0.3)
        for topic, part in (("missed-bin", 0.41), ("refunds", 0.22), ("moving house", 0.17)):
            rows += counts("enquiries", service, f"topic={topic}", size * 0.3 * part)
        rows += counts("enquiries", service, "topic=", size * 0.3 * 0.2)
        rows.append(
            result("enquiries_classified_share", service, "2026-10", 0.803, 0.77, 0.83, 1240)
        )
        rows += counts("complaints_received", service, size=size / 60)
        rows += counts("complaints_received", service, "stage=stage 1", size / 75)
        rows += counts("complaints_received", service, "stage=stage 2", size / 300)
        rows += counts("complaints_received", service, "outcome=upheld", size / 150)
        rows += counts("complaints_received", service, "outcome=not upheld", size / 120)
        rows.append(result("complaints_upheld_share", service, "2026-10", 0.4, 0.25, 0.57, 32))
    rows += counts("contacts", "all", size=2740)
    rows += counts("contacts", "not recorded", "channel=phone", 12)
    for at, month in enumerate(MONTHS):
        share = 0.48 + 0.03 * at
        rows.append(
            result("satisfaction_share", "planning", month, share, share - 0.09, share + 0.08, 118)
        )
    rows.append(
        result("satisfaction_share", "planning", "2026-10", 0.74, 0.6, 0.84, 52, "question=overall")
    )
    rows.append(
        result("satisfaction_share", "planning", "2026-10", 0.61, 0.5, 0.71, 66, "question=speed")
    )
    rows.append(result("satisfaction_share", "bins", "2026-10", 0.82, 0.79, 0.85, 640))
    rows.append(result("satisfaction_share", "council-tax", "2026-10", None, None, None, 9))
    rows += counts("cases_received", "planning", size=61)
    rows += counts("cases_decided", "planning", size=58)
    rows += counts("cases_open", "planning", size=143)
    rows.append(result("cases_in_time_share", "planning", "2026-10", 0.71, 0.58, 0.81, 58))
    for at, ward in enumerate(WARDS[:6]):
        for service in ("street-cleansing", "all"):
            rows += counts("street_reports", service, f"ward={ward}", 4 + 3 * at)
    for at, month in enumerate(MONTHS):
        days = 71 - 2 * at
        rows.append(result("HB-01", "council-tax", month, days / 3, None, None, 140))
        rows.append(result("ST-02", "street-cleansing", month, 0.8 + at / 100, 0.7, 0.95, 130))
    frame = pd.DataFrame(rows, columns=list(RESULT_COLUMNS))
    text = dict.fromkeys(["measure", "service", "period", "breakdown"], "string")
    return frame.astype(text | dict.fromkeys(RESULT_COLUMNS[4:9], "float64") | {"base": "Int64"})


SCORECARD = [
    # measure, title, family, service, unit, decimals, polarity, value, lower, upper, base, target,
    # rag, direction, previous, last_year, status, commentary, published, disclosive
    ("SS-01", "Bins collected on the day", "service standard", "bins", "share", 1, "higher",
     0.9962, 0.9957, 0.9967, 61_204, 0.995, "green", "improving", 0.9948, 0.9951, "final", None,
     True, False),
    ("ST-02", "Reported fouling removed in one working day", "service standard",
     "street-cleansing", "share", 0, "higher", 0.87, 0.80, 0.92, 131, 0.95, "red", "improving",
     0.86, 0.91, "final",
     "One of two crews was off sick for two weeks.\nAgency cover starts on 9 November.", True,
     False),
    ("PL-01", "Applicants satisfied with planning", "general improvement", "planning", "share", 0,
     "higher", 0.69, 0.60, 0.77, 118, 0.70, "amber", "improving", 0.66, 0.41, "provisional",
     "Chasing calls have halved since weekly updates began.", True, False),
    ("PL-02", "Major applications decided in time", "general statutory", "planning", "share", 0,
     "higher", None, None, None, 3, 0.60, "suppressed", None, None, None, "suppressed", None, True,
     True),
    ("PL-03", "Planning appeals upheld for the council", "general statutory", "planning", "share",
     0, "higher", None, None, None, 2, 0.70, "awaited", None, 0.75, 0.72, "final", None, False,
     False),
    ("HB-01", "Time to decide a new housing benefit claim", "general statutory", "council-tax",
     "days", 1, "lower", 23.4, None, None, 142, 20.0, "red", "worsening", 21.9, 19.8, "final", None,
     True, False),
    ("CT-01", "Council tax collected so far this year", "general improvement", "council-tax",
     "share", 1, "higher", 0.661, None, None, None, 0.658, "green", "no change", 0.562, 0.659,
     "revised", None, True, False),
    ("CS-01", "Complaints received", "general improvement", "all", "count", 0, "lower", 47, 34.6,
     62.5, 47, None, "no target", "no change", 44, 51, "final", None, False, False),
    ("CS-02", "Fixed penalties given for fouling", "corporate strategy", "street-cleansing",
     "count", 0, "band", 4, 1.1, 10.2, 4, "2 to 6", "green", "no change", 3, 5, "final", None, True,
     False),
    ("CS-03", "Cost of each garden bin", "corporate strategy", "bins", "pounds", 2, "lower", 31.5,
     None, None, None, 32, "green", "worsening", 30.75, None, "final", None, False, False),
    ("CS-04", "Visits to leisure centres", "corporate strategy", "all", "count", 0, "higher", None,
     None, None, None, 41_000, "awaited", None, 40_212, 39_870, "awaited", None, True, False),
]  # fmt: skip


def scorecard() -> pd.DataFrame:
    columns = [
        "measure", "title", "family", "service", "unit", "decimals", "polarity", "value", "lower",
        "upper", "base", "target", "rag", "direction", "previous", "last_year", "status",
        "commentary", "published", "disclosive",
    ]  # fmt: skip
    frame = pd.DataFrame(SCORECARD, columns=columns)
    numbers = ["value", "lower", "upper", "previous", "last_year"]
    texts = ["measure", "title", "family", "service", "unit", "rag", "direction", "status"]
    frame = frame.astype(
        dict.fromkeys(numbers, "float64")
        | dict.fromkeys([*texts, "commentary"], "string")
        | {"base": "Int64", "decimals": "Int64", "published": "boolean", "disclosive": "boolean"}
    )
    heads = SERVICES.set_index("code")["head_of_service"]
    return frame.assign(
        head_of_service=frame["service"].map(heads).astype("string"),
        period=pd.Series(["2026-10"] * 7 + ["2026-27 Q2"] * 4, dtype="string"),
        change_within_interval=frame["measure"].isin(["PL-01"]),
        definition="What is counted, divided by " + frame["title"].str.lower() + " in all.",
    )


def public_view() -> PublicView:
    """Give two released quarters of the published measures."""
    rows = scorecard()
    rows = rows[rows["published"] & rows["status"].ne("awaited")].reset_index(drop=True)
    hidden = rows["status"].eq("suppressed")
    names = ("figure", "figure_service", "breakdown", "aggregation", "accumulation")
    rows = rows.drop(columns=["commentary"]).assign(
        **dict.fromkeys(names, ""), quarter="2026-27 Q2", issue=1, period="2026-27 Q2",
        decision=hidden.map({True: "suppressed", False: "published"}),
        reason=hidden.map({True: SUPPRESSED_WORDS, False: "Released."}),
        released_by="Head of Policy", frequency="quarterly", target_low=np.nan, target_high=np.nan,
        committee_on=pd.Timestamp("2026-11-01"),
        target=pd.to_numeric(rows["target"], errors="coerce"),
    )  # fmt: skip
    rows = rows.assign(aggregation="sum", accumulation="in period")
    earlier = rows.assign(period="2026-27 Q1", quarter="2026-27 Q1", value=rows["value"] * 0.98)
    return PublicView(
        "2026-27 Q2", "Head of Policy", rows, pd.concat([earlier, rows], ignore_index=True)
    )


def wards() -> gpd.GeoDataFrame:
    generator = np.random.default_rng(7)
    seeds = MultiPoint(generator.uniform([460_000, 298_000], [465_000, 302_000], (len(WARDS), 2)))
    borough = Point(462_500, 300_000).buffer(2_600).simplify(120)
    cells = [cell.intersection(borough) for cell in voronoi_diagram(seeds).geoms]
    return gpd.GeoDataFrame({"ward": WARDS}, geometry=cells, crs="EPSG:27700")


def hotspots() -> pd.DataFrame:
    evidence = ["strong", "strong", "moderate", "weak", "weak", "too few"]
    at = np.arange(len(PLACES))
    return pd.DataFrame(
        {
            "period": "2026-10",
            "source": "dog-fouling",
            "cell": [f"r{row}" for row in at],
            "easting": 461_125.0 + 480 * at,
            "northing": 299_375.0 + 750 * (at % 3),
            "ward": WARDS[: len(at)],
            "place": pd.array(PLACES, dtype="string"),
            "reports": [14, 11, 8, 5, 4, 1],
            "expected": [2.13, 2.4, 2.0, 1.9, 11.2, 0.4],
            "rank": at + 1,
            "evidence": evidence,
            "significant": [True, True, False, False, False, False],
            "crs": "EPSG:27700",
            "cell_m": 250.0,
        }
    )


def page_month(**changes) -> PageData:
    """Give the month; `changes` replace fields."""
    waits = pd.DataFrame(
        [
            ("planning", "householder", 81, 49.0, 71.0, 56.0,
             "Most householder applications are decided in about 7 weeks; 1 in 10 takes longer "
             "than 10 weeks."),
            ("planning", "major", 6, None, None, 91.0, None),
            ("planning", "lawful development", 12, 62.0, 90.0, 56.0,
             "It takes about 9 weeks at the moment, which is longer than we aim for."),
            ("council-tax", "new claim", 44, 12.0, 19.0, 20.0, "About 12 days."),
            ("council-tax", "change of address", 9, 1.0, 4.0, None, "Usually the next day."),
        ],
        columns=["service", "case_type", "open", "typical_days", "slowest_tenth_days",
                 "standard_days", "what_to_say"],
    )  # fmt: skip
    account = pd.DataFrame(
        [
            ("contacts", "contacts-2026-10.csv", 4210, 4188, 12, 10, 0, "accepted"),
            ("enquiries", "mailbox-2026-10.csv", 1302, 1300, 0, 2, 0, "accepted"),
            ("planning-survey", "survey.xlsx", 120, 118, 1, 1, 0, "accepted"),
            ("street-reports", "fixmystreet.csv", 311, 96, 5, 0, 210, "accepted"),
            ("complaints", "complaints.csv", 60, 0, 60, 0, 0, "refused"),
        ],
        columns=["source", "file", "rows_read", "accepted", "quarantined", "duplicates",
                 "filtered", "status"],
    )  # fmt: skip
    quarantine = pd.DataFrame(
        [
            ("contacts", "not a date", "contacted_at", 12,
             "Write the date as 31/10/2026 or 2026-10-31."),
            ("complaints", "missing column", None, 60, "The file has no column stage; add it."),
            ("street-reports", "outside the area", "latitude", 5,
             "Check that latitude and longitude are not swapped."),
        ],
        columns=["source", "rule", "column", "rows", "message"],
    )  # fmt: skip
    freshness = pd.DataFrame(
        [
            ("contacts", "in time", pd.Timestamp("2026-10-31"), pd.Timestamp("2026-12-05"), ""),
            ("street-reports", "stopped", pd.Timestamp("2026-08-31"), pd.Timestamp("2026-10-05"),
             "street-reports stopped: nothing is dated after 31 August 2026."),
            ("patrols", "never sent anything", None, None, "Nothing has ever come from patrols."),
        ],
        columns=["source", "state", "newest", "due_by", "note"],
    )  # fmt: skip
    volumes = pd.DataFrame(
        [
            (source, pd.Timestamp(f"{month}-01"), int(size * (1 + 0.1 * np.sin(at))))
            for source, size in (("contacts", 4000), ("street-reports", 300))
            for at, month in enumerate(MONTHS)
        ],
        columns=["source", "month", "rows"],
    )
    fields = {
        "council": "Harrowby Borough Council",
        "month": date(2026, 10, 1),
        "period_label": "October 2026",
        "generated_from": "Made by council-insight 0.1.0 from run 2026-10/3f9a: five files.",
        "scorecard": scorecard(),
        "results": results(),
        "hotspots": hotspots(),
        "hotspot_notes": (
            "96 reports from August to October 2026.",
            "Two places stand out beyond chance; the others are only the next in order.",
        ),
        "map_html": "<!doctype html><title>Map</title>",
        "waits": waits,
        "row_account": account,
        "quarantine": quarantine,
        "services": SERVICES,
        "catalogue": {
            code: (figure.title, figure.unit, figure.definition) for code, figure in FIGURES.items()
        },
        "public": public_view(),
        "wards": wards(),
        "freshness": freshness,
        "changes": ('contacts: channel "phone" is 2% of 1,240 rows in October 2026.',),
        "volumes": volumes,
        "downloads": (
            Download("performance", "scorecard.xlsx", "Scorecard workbook", "Excel, 14 KB"),
            Download("performance", "row_account.csv", "Row account", "CSV"),
            Download("wardens", "hotspots.csv", "Places in order", "CSV"),
        ),
    }
    return PageData(**(fields | changes))
