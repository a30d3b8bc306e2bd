"""Tables of the performance store: "models" means SQLModel tables, never classifiers.

Keys are natural, never counted up, so that equal contents make equal stores.
"""

from models.columns import RUN_DETAIL, UtcTime
from models.events import Contact, ContactCount, Enquiry, Event, Patrol, StreetReport, WebCount
from models.feedback import Case, Comment, Complaint, ComplaintDecision, KpiReturn, SurveyResponse
from models.hotspots import Hotspot, PatrolAction
from models.public import PublicFigure
from models.results import Measure, Rebaseline, Release, Result, Revision, Service, Target
from models.rights import Erasure, Purge
from models.runs import ModelRun, PipelineRun, QuarantinedRow, RefusedFile, SourceFile
from models.topics import TopicPrediction, TopicPromotion, TopicReview

EVENT_TABLES: dict[str, type[Event]] = {
    "street_reports": StreetReport,
    "enquiries": Enquiry,
    "contacts": Contact,
    "contact_counts": ContactCount,
    "web_counts": WebCount,
    "cases": Case,
    "complaints": Complaint,
    "comments": Comment,
    "surveys": SurveyResponse,
    "kpi_returns": KpiReturn,
    "patrols": Patrol,
}
"""Table of each input contract."""

__all__ = [
    "EVENT_TABLES",
    "RUN_DETAIL",
    "Case",
    "Comment",
    "Complaint",
    "ComplaintDecision",
    "Contact",
    "ContactCount",
    "Enquiry",
    "Erasure",
    "Event",
    "Hotspot",
    "KpiReturn",
    "Measure",
    "ModelRun",
    "Patrol",
    "PatrolAction",
    "PipelineRun",
    "PublicFigure",
    "Purge",
    "QuarantinedRow",
    "Rebaseline",
    "RefusedFile",
    "Release",
    "Result",
    "Revision",
    "Service",
    "SourceFile",
    "StreetReport",
    "SurveyResponse",
    "Target",
    "TopicPrediction",
    "TopicPromotion",
    "TopicReview",
    "UtcTime",
    "WebCount",
]
