"""What enquiries are about: the model's answers, and a person's corrections."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import moment


class TopicPrediction(SQLModel, table=True):
    """The classifier's answer for one enquiry."""

    __tablename__ = "topic_prediction"

    source: str = Field(primary_key=True, description="Source of the enquiry")
    enquiry_id: str = Field(primary_key=True, description="The enquiry's reference")
    topic: str = Field(description="The likeliest topic; empty when the model abstained")
    confidence: float | None = Field(default=None, description="Probability of topic, 0 to 1")
    runner_up: str | None = Field(default=None, description="Likeliest topic that was not given")
    accepted: bool = Field(description="Whether the answer was sure enough to count")
    model_version: str = Field(description="Version of the model, as in ModelRun")
    period: str = Field(index=True, description="Month of the enquiry, such as 2026-10")


class TopicReview(SQLModel, table=True):
    """A person's answer for one enquiry."""

    __tablename__ = "topic_review"

    source: str = Field(primary_key=True, description="Source of the enquiry")
    enquiry_id: str = Field(primary_key=True, description="The enquiry's reference")
    reviewer: str = Field(primary_key=True, description="Post that reviewed it")
    topic: str = Field(description="Topic that the person chose")
    note: str | None = Field(default=None, description="Why, where the person said so")
    reviewed_at: datetime | None = moment("When it was reviewed")
