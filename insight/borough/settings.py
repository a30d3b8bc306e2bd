"""The borough's settings and mapping files, as plain values ready to be written as YAML."""

from insight.borough.measures import Yaml
from insight.borough.returns import PARTNER_INDICATOR
from insight.borough.surveys import ANSWERS, PLANNING_QUESTIONS, SERVICE_QUESTIONS
from insight.borough.words import AUTHORITY_CODE, COUNCIL, PARTNER

WARDS_FILE = "reference/wards.geojson"
POSTCODES_FILE = "reference/postcodes.csv"
STREETS_FILE = "reference/streets.geojson"
POPULATION_FILE = "reference/population.csv"
AREAS_FILE = "reference/areas.csv"


def make_council() -> Yaml:
    """Return ``council.yaml``."""
    return {
        "name": COUNCIL,
        "authority_code": AUTHORITY_CODE,
        "crs": "EPSG:27700",
        "timezone": "Europe/London",
        "wards_file": WARDS_FILE,
        "wards_name_column": "ward_name",
        "postcodes_file": POSTCODES_FILE,
        "streets_file": STREETS_FILE,
        "areas": {
            "file": WARDS_FILE,
            "code_column": "ward_code",
            "population": _area_fact("residents"),
            "deprivation": _area_fact("decile"),
        },
        "hotspot_categories": ["Dog fouling"],
        "council_reference_pattern": r"\b7\d{7}\b",
        "channels": [
            "phone",
            "email",
            "web",
            "post",
            "face to face",
            "social media",
            "app",
            "chat",
        ],
        "partners": {"leisure": f"Contract manager, {PARTNER}"},
        "committee_months": {"Q1": "September", "Q2": "November", "Q3": "March", "Q4": "June"},
        "tolerance": {"kind": "relative", "size": 0.05},
        "contact_costs": {"minutes": {"phone": 6, "email": 8, "face to face": 12, "web": 1}},
        "demand": {
            "reasons": {
                "wrong number or passed on": ["Switchboard"],
                "information not on the website": ["Collection day", "Opening hours"],
            }
        },
        "retention_days": {},
        "disclosure": {"threshold": 5},
        "surveys": {"margins": {"residents panel": POPULATION_FILE}},
        "synonyms": {"channel": {"web": ["online form"], "phone": ["phone call"]}},
    }


def _area_fact(column: str) -> Yaml:
    return {"file": AREAS_FILE, "code_column": "ward_code", "value_column": column}


def _service(
    code: str, name: str, head: str, manager: str, lgsl: list[int], standard: object = None
) -> Yaml:
    service: Yaml = {
        "code": code,
        "name": name,
        "head_of_service": head,
        "manager": manager,
        "lgsl": lgsl,
    }
    return service if standard is None else service | {"standard_days": standard}


def make_services() -> list[Yaml]:
    """Return ``services.yaml``'s list."""
    planning = {
        "householder": 56, "minor": 56, "tree works": 56, "discharge of conditions": 56,
        "listed building": 56, "major": 91,
    }  # fmt: skip
    place, people = "Head of Place", "Head of Customer Service and Transformation"
    return [
        _service(
            "planning", "Planning", place, "Planning Control Team Leader", [516, 508, 512], planning
        ),
        _service(
            "council-tax", "Council tax", "Head of Finance", "Revenues Manager", [57, 59, 63], 21
        ),
        _service("waste", "Waste and recycling", place, "Waste Manager", [524, 528, 530, 533]),
        _service(
            "street-cleaning", "Street cleaning", place, "Clean and Green Manager", [580, 587]
        ),
        _service("dog-warden", "Dog warden", place, "Environmental Health Manager", [432, 577]),
        _service("housing", "Housing", "Head of Housing", "Housing Manager", [69, 72]),
        _service(
            "customer-services", "Customer services", people, "Customer Services Manager", [353]
        ),
        _service("leisure", "Leisure", place, f"Contract Manager, {PARTNER}", []),
    ]  # fmt: skip


def make_sources() -> list[Yaml]:
    """Return ``sources.yaml``'s list; a source without a mapping has the contract's headings."""
    mapped = {
        "fixmystreet": "street_reports",
        "council-tax-mailbox": "enquiries",
        "crm": "contacts",
        "planning-mailbox": "enquiries",
        "phone-log": "contacts",
        "telephony": "contact_counts",
        "planning-register": "cases",
        "complaints": "complaints",
        "planning-survey": "surveys",
        "customer-services-survey": "surveys",
        "manager-returns": "kpi_returns",
        "leisure-partner": "kpi_returns",
    }
    plain = {
        "web-analytics": "web_counts",
        "benefits-system": "cases",
        "comments": "comments",
        "residents-panel": "surveys",
        "patrols": "patrols",
    }
    sheets = {
        "telephony": "Daily", "complaints": "Complaints", "planning-survey": "Form1",
        "customer-services-survey": "Form1", "manager-returns": "Return",
        "leisure-partner": "Return",
    }  # fmt: skip
    sources: list[Yaml] = []
    for name, contract in mapped.items():
        sheet: Yaml = {"sheet": sheets[name]} if name in sheets else {}
        mapping = f"mappings/{name}.yaml"
        sources.append({"name": name, "contract": contract, "mapping": mapping, **sheet})
    return sources + [{"name": name, "contract": contract} for name, contract in plain.items()]


def make_mappings() -> dict[str, Yaml]:
    """Return each source's mapping file."""
    satisfaction = dict(
        zip(
            ANSWERS.tolist(),
            [
                "very satisfied", "fairly satisfied", "neither", "fairly dissatisfied",
                "very dissatisfied", "don't know",
            ],
            strict=True,
        )
    )  # fmt: skip
    return {
        "fixmystreet": {
            "contract": "street_reports",
            "columns": {
                "report_id": "Report ID", "reported_at": "Created", "category": "Category",
                "latitude": "Latitude", "longitude": "Longitude", "description": "Detail",
                "channel": "Device Type", "service": "Category", "reporter": "User Name",
                "status": "Status", "closed_at": "Closed",
            },
            "dates": "iso",
            "values": {
                "channel": {"website": "web", "app": "app", "phone call": "phone"},
                "service": {
                    "Dog fouling": "dog-warden",
                    "Litter": "street-cleaning",
                    "Fly-tipping": "street-cleaning",
                },
            },
            "rows": {"where": {"Category": ["Dog fouling", "Litter", "Fly-tipping"]}},
        },
        "council-tax-mailbox": {
            "contract": "enquiries",
            "dates": "iso",
            "constants": {"service": "council-tax"},
            "rows": {"where": {"kind": ["person"]}},
        },
        "crm": {"contract": "contacts", "dates": "month-first"},
        "planning-mailbox": {
            "contract": "enquiries",
            "columns": {
                "enquiry_id": "Ref", "received_at": "Received", "sender": "From",
                "subject": "Subject", "text": "Message", "thread_id": "Conversation",
                "topic": "Sorted as",
            },
            "dates": "day-first",
            "constants": {"service": "planning", "channel": "email"},
        },
        "phone-log": {
            "contract": "contacts",
            "columns": {
                "contact_id": "Call ref", "contacted_at": "Start time", "channel": "Contact type",
                "service": "Service", "customer": "Customer no", "reason": "Reason",
                "outcome": "Outcome", "wait_seconds": "Queue secs", "duration_seconds": "Talk secs",
                "case_id": "Case", "text": "Notes",
            },
            "dates": "day-first",
        },
        "telephony": {
            "contract": "contact_counts",
            "columns": {
                "date": "Day", "service": "Queue", "offered": "Offered", "answered": "Answered",
                "abandoned": "Abandoned", "wait_seconds_mean": "Average wait (s)",
                "share_within_target": "Within target",
            },
            "dates": "iso",
            "values": {"service": {
                "Council Tax": "council-tax", "Bins and Recycling": "waste", "Planning": "planning",
                "Housing Options": "housing", "Streets": "street-cleaning",
                "Switchboard": "customer-services",
            }},
            "constants": {"channel": "phone"},
        },
        "planning-register": {
            "contract": "cases",
            "columns": {
                "case_id": "Application no", "case_type": "Type", "applicant_kind": "Applicant is",
                "customer": "Contact e-mail", "ward": "Ward", "received_at": "Received",
                "valid_at": "Valid", "target_at": "Target date",
                "extended_to": "Extension agreed to", "decided_at": "Decided",
                "last_update_sent_at": "Applicant last updated", "outcome": "Decision",
            },
            "dates": "day-first",
            "constants": {"service": "planning"},
        },
        "complaints": {
            "contract": "complaints",
            "columns": {
                "complaint_id": "Reference", "received_at": "Date received", "service": "Service",
                "stage": "Stage", "regime": "Ombudsman", "acknowledged_at": "Acknowledged",
                "responded_at": "Responded", "outcome": "Outcome",
                "refused_reason": "Reason refused", "category": "Category", "ward": "Ward",
                "channel": "How received", "compensation": "Compensation",
                "customer": "Complainant", "description": "What happened",
            },
            "dates": "iso",
        },
        "planning-survey": _wide_survey(
            "planning applicants", "planning", PLANNING_QUESTIONS, satisfaction,
            {"case_id": "Application number", "ward": "Ward"},
        ),
        "customer-services-survey": _wide_survey(
            "customer services", "customer-services", SERVICE_QUESTIONS, satisfaction, {}
        ),
        "manager-returns": {
            "contract": "kpi_returns",
            "columns": {
                "measure": "Measure code", "period": "Period", "numerator": "Numerator",
                "denominator": "Denominator", "value": "Value", "commentary": "Comment",
                "entered_by": "Entered by",
            },
        },
        "leisure-partner": {
            "contract": "kpi_returns",
            "columns": {
                "measure": "Indicator", "period": "Month", "value": "Attendances",
                "commentary": "Remarks", "entered_by": "Completed by",
            },
            "values": {"measure": {PARTNER_INDICATOR: "LEISURE-VISITS"}},
        },
    }  # fmt: skip


def _wide_survey(
    survey: str,
    service: str,
    questions: dict[str, str],
    answers: dict[str, str],
    more: dict[str, str],
) -> Yaml:
    columns = {
        "response_id": "ID",
        "answered_at": "Completion time",
        "comment": "Anything to add?",
        **more,
    }
    return {
        "contract": "surveys",
        "columns": columns,
        "dates": "iso",
        "values": {"answer": answers},
        "constants": {"survey": survey, "service": service, "scale": "satisfaction-5"},
        "unpivot": {"keep": list(columns), "columns": questions},
    }
