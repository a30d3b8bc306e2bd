"""What enquiries are about: the model's answers, and a person's corrections."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from models.columns import UtcTime, moment, run_detail


class TopicPrediction(SQLModel, table=True):
    """The classifier's answer for one enquiry."""

    __tablename__ = "topic_prediction"

    source: str = Field(primary_key=True, description="Source of the enquiry")
    enquiry_id: str = Field(primary_key=True, description="The enquiry's reference")
    topic: str = Field(description="The likeliest topic; empty when the model abstained")
    confidence: float | None = Field(default=None, description="Probability of topic, 0 to 1")
    runner_up: str | None = Field(default=None, description="Likeliest topic that was not given")
    accepted: bool = Field(description="Whether the answer was sure enough to count")
    rule: str | None = Field(
        default=None, description="Reason of the council's own rule that gave the topic"
    )
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
    kind: str | None = Field(
        default=None, description="Why it was looked at; control rows teach nothing"
    )
    base_version: str | None = Field(
        default=None, description="Version of the model whose answer the person saw"
    )


class TopicPromotion(SQLModel, table=True):
    """When a model came into use, by whom and why; the newest one is in use."""

    __tablename__ = "topic_promotion"

    number: int = Field(
        primary_key=True, sa_type=BigInteger, description="1 is the first; nothing is taken back"
    )
    version: str = Field(description="Version of the model, as in ModelRun")
    promoted_by: str = Field(description="Post of the person, or 'contest' where it won by itself")
    reason: str = Field(description="Why, or what the contest said")
    promoted_at: datetime = run_detail("When it came into use", sa_type=UtcTime)
