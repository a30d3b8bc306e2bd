"""Read mapping files."""

import hashlib
import json
from collections.abc import Mapping as MappingType
from dataclasses import asdict, replace
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from data_contracts import INPUTS
from insight.column_recipes import headings_in
from insight.errors import InsightError
from insight.mapping import Mapping, Unpivot
from pipelines.edge.layout_keys import LayoutKeys
from pipelines.edge.ready_mappings import ready_names, standing_for

SpellingsType = MappingType[str, MappingType[str, list[str]]]


class MappingFileError(InsightError):
    """A mapping file cannot be used."""


class _Rows(BaseModel):
    model_config = ConfigDict(extra="forbid")
    where: dict[str, list[str]] = Field(default_factory=dict)
    leave_out: dict[str, list[str]] = Field(default_factory=dict)


class _Unpivot(BaseModel):
    model_config = ConfigDict(extra="forbid")
    keep: list[str] = Field(default_factory=list)
    columns: dict[str, str | dict[str, str]]
    names_to: str = "question"
    values_to: str = "answer"

    @model_validator(mode="after")
    def _each_named(self) -> Self:
        for heading, told in self.columns.items():
            if isinstance(told, dict) and self.names_to not in told:
                message = f"{heading} needs {self.names_to}"
                raise ValueError(message)
        return self

    def plain(self) -> Unpivot:
        """Return it as ingest takes it."""
        told = {
            heading: {self.names_to: said} if isinstance(said, str) else said
            for heading, said in self.columns.items()
        }
        return Unpivot(
            tuple(self.keep),
            {heading: said[self.names_to] for heading, said in told.items()},
            self.names_to,
            self.values_to,
            {
                heading: more
                for heading, said in told.items()
                if (more := {key: text for key, text in said.items() if key != self.names_to})
            },
        )


class _MappingFile(BaseModel):
    """The keys a mapping file may have."""

    model_config = ConfigDict(extra="forbid")

    contract: str
    columns: dict[str, str] = Field(default_factory=dict)
    join: dict[str, str] = Field(default_factory=dict)
    point: str | None = None
    dates: str = "day-first"
    timezone: str | None = None
    crs: str | None = None
    area: str | None = None
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    rows: _Rows = _Rows()
    quarters: Literal["financial", "calendar"] = "financial"
    add_up: bool = False
    unpivot: _Unpivot | None = None
    generate: list[str] = Field(default_factory=list)
    layout: LayoutKeys = LayoutKeys()

    @field_validator("join")
    @classmethod
    def _names_headings(cls, join: dict[str, str]) -> dict[str, str]:
        for name, recipe in join.items():
            if not headings_in(recipe):
                message = f'{name} names no heading; write one as "{{Heading}}"'
                raise ValueError(message)
        return join

    @field_validator("contract")
    @classmethod
    def _known_contract(cls, contract: str) -> str:
        if contract not in INPUTS:
            message = f"there is no input {contract}; use one of {', '.join(INPUTS)}"
            raise ValueError(message)
        return contract


def read_mapping(path: Path) -> Mapping:
    """Return the mapping in the YAML file `path`; its `area` is made an absolute path.

    Where there is no such file, the ready-made mapping of that name is taken, if there is one.

    Raises
    ------
    MappingFileError
        If the file is missing, is not YAML, or has keys that a mapping has not; every fault
        is said at once.
    """
    path = standing_for(path)
    try:
        # Every value stays the text that is written: a file has Yes and 1 as text too.
        content = yaml.BaseLoader(path.read_text(encoding="utf-8-sig")).get_single_data()
    except FileNotFoundError:
        message = (
            f"There is no mapping file {path}. Check its name; ready-made ones are "
            f"{', '.join(ready_names())}."
        )
        raise MappingFileError(message) from None
    except (OSError, UnicodeDecodeError) as error:
        message = f"The mapping {path.name} cannot be read; save it as UTF-8 text."
        raise MappingFileError(message) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark else ""
        message = f"The mapping {path.name} is not YAML{line}; check the indents and colons."
        raise MappingFileError(message) from error
    if not isinstance(content, dict):
        message = f"The mapping {path.name} must be `key: value` lines, beginning with `contract:`."
        raise MappingFileError(message)
    try:
        checked = _MappingFile.model_validate(content)
    except ValidationError as error:
        faults = "; ".join(_fault(item) for item in error.errors(include_input=False))
        message = f"The mapping {path.name} is wrong: {faults}."
        raise MappingFileError(message) from error
    mapping = _plain(checked)
    if mapping.area is None:
        return mapping
    return replace(mapping, area=str((path.parent / mapping.area).absolute()))


def _fault(item: ErrorDetails) -> str:
    key = ".".join(str(part) for part in item["loc"])
    told = {"extra_forbidden": "not a key of a mapping", "missing": "is needed"}
    return f"{key}: {told.get(item['type'], item['msg'].removeprefix('Value error, '))}"


def reading_hash(mapping: Mapping | None, synonyms: SpellingsType) -> str:
    """Return a hash that changes when a file would be read differently.

    That is when its mapping does, wherever its files lie, or when the council's own spellings
    do. Without a mapping the file's own headings are the contract's.
    """
    content: dict[str, object] = {"synonyms": synonyms}
    if mapping is not None:
        content |= asdict(mapping) | {"area": mapping.area and Path(mapping.area).name}
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _tuples(values: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {column: tuple(chosen) for column, chosen in values.items()}


def _plain(checked: _MappingFile) -> Mapping:
    return Mapping(
        contract=checked.contract,
        columns=checked.columns,
        dates=checked.dates,
        timezone=checked.timezone,
        crs=checked.crs,
        area=checked.area,
        translations=checked.values,
        constants=checked.constants,
        where=_tuples(checked.rows.where),
        leave_out=_tuples(checked.rows.leave_out),
        join=checked.join,
        point=checked.point,
        quarters=checked.quarters,
        add_up=checked.add_up,
        unpivot=checked.unpivot.plain() if checked.unpivot else None,
        generate=tuple(checked.generate),
        layout=checked.layout.plain(),
    )
