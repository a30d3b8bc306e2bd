"""What people say in their own words, by service: themes, praise kept apart, and how it reads."""

from insight.comments.praise import is_praise
from insight.comments.sentiment import Reading, SentimentMethod, measure_reading, read_sentiment
from insight.comments.themes import OTHER, Themes, find_themes, name_themes

__all__ = [
    "OTHER",
    "Reading",
    "SentimentMethod",
    "Themes",
    "find_themes",
    "is_praise",
    "measure_reading",
    "name_themes",
    "read_sentiment",
]
