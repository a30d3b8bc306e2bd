"""What to do about what was refused, said so that it can be done without asking anybody."""

from insight.headings import likely_columns

__all__ = ["likely_columns"]
