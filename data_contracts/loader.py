"""From a contract's YAML to the plain object that checks tables.

What the standard has no place for stands in its ``customProperties``: ``maxErrorShare``,
``eventTime``, ``oneOf``, ``notBefore`` (whole table), ``vocabulary`` and ``notAfter`` (column).
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml
from open_data_contract_standard.model import (
    CustomProperty,
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
)

from insight.contract import Column, Contract, Kind, Privacy
from insight.errors import InsightError

INPUTS = (
    "street_reports",
    "enquiries",
    "contacts",
    "contact_counts",
    "web_counts",
    "cases",
    "complaints",
    "comments",
    "surveys",
    "kpi_returns",
    "patrols",
)
OUTPUTS = (
    "scorecard",
    "public_scorecard",
    "satisfaction",
    "complaint_figures",
    "demand",
    "service_figures",
    "enquiry_topics",
    "form_gaps",
    "waits",
    "hotspots",
    "row_account",
    "complaints_due",
    "cases_past_standard",
    "recovery_weeks",
)
STORE = "performance_store"
"""The contract of the store's own tables; the others are of one table each."""


class UnknownContractError(InsightError):
    """No contract has that name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no contract called {name}. Use one of: {', '.join(contract_names())}."
        )


def contract_names() -> tuple[str, ...]:
    """Return the names of all contracts, inputs first."""
    return INPUTS + OUTPUTS


@cache
def load_standard(name: str) -> OpenDataContractStandard:
    """Return the contract called `name` as the standard's own model.

    Raises
    ------
    UnknownContractError
        If there is no such contract.
    """
    if name not in {*contract_names(), STORE}:
        raise UnknownContractError(name)
    text = resources.files(__name__.rpartition(".")[0]).joinpath(f"{name}.odcs.yaml")
    return OpenDataContractStandard(**_yaml(text.read_text(encoding="utf-8")))


@cache
def load_vocabularies() -> dict[str, dict[str, str]]:
    """Return, for each vocabulary, the value that each casefolded spelling stands for."""
    text = resources.files(__name__.rpartition(".")[0]).joinpath("vocabulary.yaml")
    raw = _yaml(text.read_text(encoding="utf-8"))
    return {name: _spellings(values) for name, values in raw.items()}


def load_contract(
    name: str, synonyms: Mapping[str, Mapping[str, list[str]]] | None = None
) -> Contract:
    """Return the contract called `name` as a plain object.

    Parameters
    ----------
    name
        Such as ``"complaints"``; one of `contract_names`.
    synonyms
        A council's own spellings: vocabulary, then allowed value, then what people write.

    Raises
    ------
    UnknownContractError
        If there is no such contract.
    """
    if name not in contract_names():
        raise UnknownContractError(name)
    standard = load_standard(name)
    (table,) = standard.schema_ or []
    own = {key: _spellings(values) for key, values in (synonyms or {}).items()}
    return _contract(name, standard, table, own)


@cache
def load_store_contracts() -> dict[str, Contract]:
    """Return the contract of each table of the store that other systems may read, by its name."""
    standard = load_standard(STORE)
    return {
        str(table.name): _contract(str(table.name), standard, table, {})
        for table in standard.schema_ or []
    }


def _contract(
    name: str,
    standard: OpenDataContractStandard,
    table: SchemaObject,
    own: Mapping[str, Mapping[str, str]],
) -> Contract:
    extra = _custom(standard.customProperties)
    promises = {sla.property: sla.value for sla in standard.slaProperties or []}
    return Contract(
        name=name,
        version=str(standard.version),
        title=str(standard.name),
        columns=tuple(_column(prop, own) for prop in table.properties or []),
        max_error_share=float(extra.get("maxErrorShare", 0.0)),
        retention_days=_days(promises.get("retention")),
        freshness_days=_days(promises.get("frequency")),
        one_of=tuple(tuple(group) for group in extra.get("oneOf", ())),
        not_before=tuple((later, earlier) for later, earlier in extra.get("notBefore", ())),
        event_time=extra.get("eventTime"),
    )


def _column(prop: SchemaProperty, own: Mapping[str, Mapping[str, str]]) -> Column:
    options = prop.logicalTypeOptions or {}
    extra = _custom(prop.customProperties)
    vocabulary = str(extra.get("vocabulary", ""))
    allowed = tuple(
        str(value)
        for rule in prop.quality or []
        if rule.metric == "invalidValues"
        for value in (rule.arguments or {}).get("validValues", ())
    )
    spellings = {
        **{value.casefold(): value for value in allowed},
        **load_vocabularies().get(vocabulary, {}),
        **own.get(vocabulary, {}),
    }
    return Column(
        name=str(prop.name),
        kind=Kind(str(prop.logicalType)),
        required=bool(prop.required),
        key_position=prop.primaryKeyPosition if prop.primaryKey else None,
        description=prop.description or "",
        privacy=Privacy(str(prop.classification)),
        allowed=allowed,
        synonyms={spelling: value for spelling, value in spellings.items() if value in allowed},
        vocabulary=vocabulary,
        minimum=options.get("minimum"),
        maximum=options.get("maximum"),
        not_after_today=extra.get("notAfter") == "today",
        max_length=options.get("maxLength"),
        pattern=options.get("pattern"),
    )


def _custom(properties: list[CustomProperty] | None) -> dict[str, Any]:
    return {str(item.property): item.value for item in properties or []}


def _spellings(values: Mapping[str, list[str]]) -> dict[str, str]:
    # Trimmed as a file's values are, so that a spelling copied from one, "Tel." say, is found.
    return {
        str(spelling).casefold().strip(" ."): value
        for value, spelt in values.items()
        for spelling in [value, *spelt]
    }


def _days(value: str | float | bool | None) -> int | None:
    return None if value is None or value == "unlimited" else int(value)


def _yaml(text: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(text)
    return content
