"""One council's settings: YAML files in its workspace, checked all at once.

`Settings` holds what the files say; `INSIGHT_STORE_URL` and `INSIGHT_OUTPUT_ROOT` in the
environment win over them.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from data_contracts import INPUTS, load_vocabularies
from insight.errors import InsightError
from pipelines.settings_areas import Areas
from pipelines.settings_demand import Demand
from pipelines.settings_measures import MEASURE_CODE, YEAR, Measure, Tolerance, YearTarget
from pipelines.settings_sections import (
    CODE,
    Contacts,
    Disclosure,
    Patrols,
    Service,
    Source,
    Surveys,
)
from pipelines.settings_topics import OnlineTopic, TakeUp, TopicRuleSetting

FILES = {
    "council.yaml": None,
    "services.yaml": {"services"},
    "sources.yaml": {"sources"},
    "measures.yaml": {"measures"},
    "targets.yaml": {"targets"},
    "topics.yaml": {"topics", "topic_rules", "take_up"},
}
OPTIONAL = {"targets.yaml", "topics.yaml"}
# Ten times as fast where PyYAML has its C library, as its wheels do.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


EPSG = r"^EPSG:\d{4,6}$"
AUTHORITY = r"^[ENSWXZ]\d{8}$"
EXAMPLES = {
    EPSG: "write it as EPSG:27700",
    AUTHORITY: "write the ONS code, a letter and eight digits, such as E07000135",
    CODE: "write a code of small letters, digits, - and _, such as council-tax",
    MEASURE_CODE: "write a code of letters, digits, single spaces and - _ . &, such as PLAN-SAT",
    YEAR: "write a financial year, such as 2026-27",
}


class SettingsError(InsightError):
    """The settings are wrong; every fault is said, with its file and key."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        count = f"{len(faults)} thing{'s' if len(faults) > 1 else ''} to put right"
        super().__init__("\n  - ".join([f"The settings have {count}:", *faults]))


class Settings(BaseSettings):
    """Everything about one council; nothing of it is code."""

    model_config = SettingsConfigDict(env_prefix="INSIGHT_", extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    authority_code: str = Field(pattern=AUTHORITY)
    crs: str = Field("EPSG:27700", pattern=EPSG)
    timezone: str = "Europe/London"
    wards_file: str | None = None
    wards_name_column: str | None = None
    postcodes_file: str | None = None
    streets_file: str | None = None
    streets_name_column: str | None = None
    areas: Areas | None = None
    hotspot_categories: tuple[str, ...] = ()
    council_reference_pattern: str | None = None
    staff_names: tuple[str, ...] = ()
    name_model: str | None = None
    channels: tuple[str, ...] = ()
    partners: dict[str, str] = Field(default_factory=dict)
    committee_months: dict[Literal["Q1", "Q2", "Q3", "Q4"], str] = Field(default_factory=dict)
    tolerance: Tolerance = Tolerance()
    contact_costs: Contacts = Contacts()
    demand: Demand = Demand()
    retention_days: dict[str, int] = Field(default_factory=dict)
    inbox_retention_days: int = Field(90, ge=1)
    log_retention_days: int = Field(365, ge=1)
    backup_retention_days: int = Field(35, ge=1)
    lawful_basis: dict[str, str] = Field(default_factory=dict)
    disclosure: Disclosure = Disclosure()
    surveys: Surveys = Surveys()
    no_update_days: int = Field(14, ge=1)
    complaint_soon_days: int = Field(2, ge=1, le=10)
    complaint_refused_reasons: tuple[str, ...] = ()
    patrols: Patrols = Patrols()
    synonyms: dict[str, dict[str, list[str]]] = Field(default_factory=dict)
    topic_precision: float = Field(0.9, gt=0.5, lt=1)
    topic_encoder: str | None = None
    topic_encoder_sha256: str = Field("", pattern="^([0-9a-f]{64})?$")
    services: tuple[Service, ...] = Field(min_length=1)
    sources: tuple[Source, ...] = ()
    measures: tuple[Measure, ...] = ()
    targets: tuple[YearTarget, ...] = ()
    topics: tuple[OnlineTopic, ...] = ()
    topic_rules: tuple[TopicRuleSetting, ...] = ()
    take_up: TakeUp = TakeUp()
    store_url: str | None = None
    output_root: str | None = None

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            message = "not a time zone; write one such as Europe/London"
            raise ValueError(message)
        return zone

    @field_validator("council_reference_pattern")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error:
            message = "not a regular expression"
            raise ValueError(message) from None
        return pattern

    @field_validator("retention_days", "lawful_basis")
    @classmethod
    def _known_inputs(cls, of_inputs: dict[str, Any]) -> dict[str, Any]:
        if unknown := sorted(set(of_inputs) - set(INPUTS)):
            message = f"there is no input {', '.join(unknown)}; use {', '.join(INPUTS)}"
            raise ValueError(message)
        return of_inputs

    @field_validator("retention_days")
    @classmethod
    def _at_least_a_day(cls, days: dict[str, int]) -> dict[str, int]:
        if few := sorted(name for name, number in days.items() if number < 1):
            message = f"{', '.join(few)}: keep rows for at least 1 day"
            raise ValueError(message)
        return days

    @field_validator("synonyms")
    @classmethod
    def _known_vocabularies(
        cls, synonyms: dict[str, dict[str, list[str]]]
    ) -> dict[str, dict[str, list[str]]]:
        known = load_vocabularies()
        for name, values in synonyms.items():
            if name not in known:
                message = f"there is no vocabulary {name}; use {', '.join(known)}"
                raise ValueError(message)
            allowed = sorted(set(known[name].values()))
            if unknown := sorted(set(values) - set(allowed)):
                message = f"{name} has no value {', '.join(unknown)}; use {', '.join(allowed)}"
                raise ValueError(message)
        return synonyms

    @model_validator(mode="after")
    def _agree(self) -> Self:
        faults = [
            *_repeated("services", [service.code for service in self.services]),
            *_repeated("sources", [source.name for source in self.sources]),
            *_repeated("measures", [measure.code for measure in self.measures]),
            *_repeated("topics", [topic.name for topic in self.topics]),
        ]
        known = {service.code for service in self.services} | {"all"}
        owned = [("measures", measure.code, measure.service) for measure in self.measures]
        owned += [("topics", topic.name, topic.service) for topic in self.topics]
        faults += [
            f"{kind}: {name} belongs to service {service}, which services.yaml does not have"
            for kind, name, service in owned
            if service not in known
        ]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The council's time zone."""
        return ZoneInfo(self.timezone)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over what `load_settings` read from the files."""
        return env_settings, init_settings


def load_settings(folder: Path) -> Settings:
    """Read the workspace's settings from `folder`.

    Raises
    ------
    SettingsError
        With every fault in every file, each with its key and what is allowed.
    """
    merged: dict[str, object] = {}
    owners: dict[str, str] = {}
    faults: list[str] = []
    for name, keys in FILES.items():
        if name in OPTIONAL and not (folder / name).exists():
            continue
        content = _read(folder / name, faults)
        for key, value in content.items():
            if keys is not None and key not in keys:
                faults.append(
                    f"{name}, {key}: belongs in another file; {name} has {', '.join(keys)} only"
                )
            merged[key] = value
            owners[key] = name
    if not faults:
        try:
            return Settings(**merged)  # type: ignore[arg-type]
        except ValidationError as error:
            faults = [_fault(item, owners, merged) for item in error.errors()]
    raise SettingsError(faults)


def _read(path: Path, faults: list[str]) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = yaml.load(text, Loader=LOADER)  # noqa: S506 (both loaders are the safe one)
    except FileNotFoundError:
        faults.append(f"{path.name}: not found; `insight init` writes one to start from")
        return {}
    except (OSError, UnicodeDecodeError):
        faults.append(f"{path.name}: cannot be read; save it as UTF-8 text")
        return {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        faults.append(f"{path.name}{line}: not YAML; check the indents and colons there")
        return {}
    if content is None:
        return {}
    if not isinstance(content, dict):
        faults.append(f"{path.name}: must be `key: value` lines")
        return {}
    return {str(key): value for key, value in content.items()}


def _fault(item: ErrorDetails, owners: Mapping[str, str], merged: Mapping[str, object]) -> str:
    """Say one of pydantic's errors as file, key and what is allowed; never the value itself."""
    where = [part for part in item["loc"] if part != "function-after"]
    if not where:
        return str(item["msg"]).removeprefix("Value error, ")
    owner = owners.get(str(where[0]), "council.yaml")
    key, value = str(where[0]), merged.get(str(where[0]))
    for part in where[1:]:
        named = _step(value, part)
        key += f"[{named}]" if isinstance(part, int) else f".{part}"
        value = _child(value, part)
    told = {"extra_forbidden": "not a key we know", "missing": "is needed"}
    said = told.get(item["type"], str(item["msg"]).removeprefix("Value error, "))
    if item["type"] == "string_pattern_mismatch":
        said = EXAMPLES.get(item["ctx"]["pattern"], said)
    return f"{owner}, {key}: {said}"


def _step(value: object, part: int | str) -> object:
    """Name the item `part` of a list by its code, which a person can search for."""
    item = _child(value, part)
    keys = ("code", "name", "measure")
    named = next(filter(None, map(item.get, keys)), None) if isinstance(item, dict) else None
    return named or part


def _child(value: object, part: int | str) -> object:
    if isinstance(value, Mapping):
        return value.get(part)
    if isinstance(value, Sequence) and isinstance(part, int) and part < len(value):
        return value[part]
    return None


def _repeated(what: str, codes: list[str]) -> list[str]:
    return [f"{what}: {code} is there twice" for code, n in Counter(codes).items() if n > 1]
