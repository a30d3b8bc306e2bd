"""Events in which residents wait, complain or say what they think, and managers' own returns."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import moment, whole
from models.events import Event


class Case(Event, table=True):
    """One application, claim or job with its dates: backlog and age are measured against it."""

    __tablename__ = "case"

    case_id: str | None = Field(default=None, description="The case's reference")
    service: str | None = Field(default=None, description="Code of the service")
    case_type: str | None = Field(default=None, description="Kind of case, such as householder")
    received_at: datetime | None = moment("When it arrived", index=True)
    valid_at: datetime | None = moment("When it was complete enough to begin")
    target_at: datetime | None = moment("When it should be decided")
    extended_to: datetime | None = moment("Agreed later date")
    decided_at: datetime | None = moment("When it was decided", index=True)
    outcome: str | None = Field(default=None, description="How it was decided")
    last_update_sent_at: datetime | None = moment("When the customer was last told anything")
    ward: str | None = Field(default=None, description="Name of the ward")
    applicant_kind: str | None = Field(default=None, description="Householder, agent and so on")
    customer: str | None = Field(default=None, description="Pseudonym of the customer")


class Complaint(Event, table=True):
    """One stage of a complaint."""

    __tablename__ = "complaint"

    complaint_id: str | None = Field(default=None, description="The complaint's reference")
    received_at: datetime | None = moment("When it arrived at this stage", index=True)
    service: str | None = Field(default=None, description="Code of the service")
    stage: str | None = Field(default=None, description="Stage; request is a service request")
    regime: str | None = Field(default=None, description="Which Ombudsman's Code applies")
    acknowledged_at: datetime | None = moment("When it was acknowledged")
    extended_to: datetime | None = moment("Agreed later date")
    responded_at: datetime | None = moment("When the full response was sent")
    outcome: str | None = Field(default=None, description="What was found")
    refused_reason: str | None = Field(default=None, description="Why it was not accepted")
    category: str | None = Field(default=None, description="What it was about")
    ward: str | None = Field(default=None, description="Name of the ward")
    channel: str | None = Field(default=None, description="How the resident got in touch")
    compensation: float | None = Field(default=None, description="Pounds paid")
    customer: str | None = Field(default=None, description="Pseudonym of the customer")
    description: str | None = Field(default=None, description="What the resident wrote, redacted")
    learning_action: str | None = Field(default=None, description="What is done better, redacted")
    learning_done_at: datetime | None = moment("When that was done")


class ComplaintDecision(SQLModel, table=True):
    """An officer's decision whether what came in was a request for service or a complaint."""

    __tablename__ = "complaint_decision"

    source: str = Field(primary_key=True, description="Source of the complaint")
    complaint_id: str = Field(primary_key=True, description="The complaint's reference")
    decision: str = Field(description="complaint or request")
    decided_by: str = Field(description="Who decided, a name or a post")
    reason: str | None = Field(default=None, description="Why, where it isn't as suggested")
    suggested: str = Field(description="What the rule suggested then")
    rule: str = Field(description="Name of the rule that suggested it")
    paragraph: str = Field(description="Paragraph of the LGSCO's Code, part 2")
    decided_at: datetime | None = moment("When the decision was read in")


class Comment(Event, table=True):
    """One comment or suggestion, redacted."""

    __tablename__ = "comment"

    comment_id: str | None = Field(default=None, description="The comment's reference")
    received_at: datetime | None = moment("When it arrived", index=True)
    text: str | None = Field(default=None, description="What the resident wrote, redacted")
    service: str | None = Field(default=None, description="Code of the service")
    channel: str | None = Field(default=None, description="How the resident got in touch")
    kind: str | None = Field(default=None, description="What kind of comment")
    rating: int | None = whole("Rating given with it")


class SurveyResponse(Event, table=True):
    """One answer to one question of a survey."""

    __tablename__ = "survey_response"

    response_id: str | None = Field(default=None, description="The response's reference")
    survey: str | None = Field(default=None, description="Name of the survey")
    answered_at: datetime | None = moment("When it was answered", index=True)
    question: str | None = Field(default=None, description="Code of the question")
    scale: str | None = Field(default=None, description="Allowed answers and which way they run")
    answer: str | None = Field(default=None, description="The answer in words or as a number")
    service: str | None = Field(default=None, description="Code of the service")
    case_id: str | None = Field(default=None, description="Case that it was about")
    comment: str | None = Field(default=None, description="Words beside the answer, redacted")
    ward: str | None = Field(default=None, description="Name of the ward")
    age_band: str | None = Field(default=None, description="Age band")
    sex: str | None = Field(default=None, description="Sex")
    tenure: str | None = Field(default=None, description="Tenure of the home")
    weight: float | None = Field(default=None, description="Survey weight")


class KpiReturn(Event, table=True):
    """One figure that a manager or a partner entered."""

    __tablename__ = "kpi_return"

    measure: str | None = Field(default=None, index=True, description="Code of the measure")
    period: str | None = Field(default=None, description="2026-10, 2026-27 Q2 or 2026-27")
    value: float | None = Field(default=None, description="The figure in the measure's unit")
    numerator: float | None = Field(default=None, description="Top of the ratio")
    denominator: float | None = Field(default=None, description="Bottom of the ratio")
    unit: str | None = Field(default=None, description="Unit of the value, where it is said")
    commentary: str | None = Field(default=None, description="What the manager says, redacted")
    entered_by: str | None = Field(default=None, description="Post that entered it")
