"""Settings of small areas: whose people and deprivation reports are held against."""

from pydantic import Field

from pipelines.settings_sections import Section


class AreaFact(Section):
    """A CSV with a figure, `value_column`, for each area, `code_column`."""

    file: str = Field(min_length=1)
    code_column: str = Field(min_length=1)
    value_column: str = Field(min_length=1)


class Areas(Section):
    """Small areas, such as LSOAs: their outlines, residents and decile of deprivation.

    `code_column` is the code's in the file of outlines; deciles run from 1, the most deprived.
    """

    file: str = Field(min_length=1)
    code_column: str = Field(min_length=1)
    population: AreaFact
    deprivation: AreaFact | None = None
