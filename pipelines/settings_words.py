"""What is said of settings that don't fit, in place of the checking library's own words."""

from pipelines.settings_measures import MEASURE_CODE, YEAR
from pipelines.settings_sections import CODE

EPSG = r"^EPSG:\d{4,6}$"
AUTHORITY = r"^[ENSWXZ]\d{8}$"
EXAMPLES = {
    r"\w": "has no letter or digit to look for",
    EPSG: "write it as EPSG:27700",
    AUTHORITY: "write the ONS code, a letter and eight digits, such as E07000135",
    CODE: "write a code of small letters, digits, - and _, such as council-tax",
    MEASURE_CODE: "write a code of letters, digits, single spaces and - _ . &, such as PLAN-SAT",
    YEAR: "write a financial year, such as 2026-27",
}


TOLD = {
    "extra_forbidden": "not a key we know",
    "missing": "is needed",
    "tuple_type": "write a list, such as [one, another]",
    "int_parsing": "write a whole number",
    "string_type": "write a text; a number or yes and no as a text stand in quotation marks",
    "string_too_short": "must not be blank",
    "too_short": "must not be empty",
}
