"""Events about residents' requests: what happened, one row each, redacted before it got here.

The columns after the key machinery are those of the data contract with the same subject, all
nullable: what a row must hold is the contract's business, and a newer contract may ask for less.
No foreign keys lead from here: a million rows would each be checked for what one transaction
(the file's record and its rows, or neither) already promises.
"""

from datetime import date as calendar_date
from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from models.columns import moment, run_detail, whole


class Event(SQLModel):
    """Where a row came from, and how a correction or a duplicate of it is known."""

    source: str = Field(primary_key=True, description="Name of the source in the settings")
    row_key: str = Field(primary_key=True, description="The contract's key values joined with |")
    row_hash: str = Field(description="SHA-256 of the row's contents: equal means nothing to do")
    file_hash: str = Field(description="SHA-256 of the file that brought the row")
    row_number: int = Field(sa_type=BigInteger, description="Row in that file; its header is 1")
    run_id: str = run_detail("Run that wrote the row")


class StreetReport(Event, table=True):
    """One report about a place, such as dog fouling."""

    __tablename__ = "street_report"

    report_id: str | None = Field(default=None, description="The report's reference")
    reported_at: datetime | None = moment("When the resident reported it", index=True)
    category: str | None = Field(default=None, description="What was reported")
    latitude: float | None = Field(default=None, description="WGS84 latitude in degrees")
    longitude: float | None = Field(default=None, description="WGS84 longitude in degrees")
    easting: float | None = Field(default=None, description="Easting in metres, in crs")
    northing: float | None = Field(default=None, description="Northing in metres, in crs")
    crs: str | None = Field(default=None, description="Metric system of easting and northing")
    postcode: str | None = Field(default=None, description="Postcode of the place")
    street: str | None = Field(default=None, description="Name of the street, given alone")
    ward: str | None = Field(default=None, description="Name of the ward")
    place_note: str | None = Field(default=None, description="How the place was found")
    place_error_m: float | None = Field(default=None, description="How far off it may be, metres")
    description: str | None = Field(default=None, description="What the resident wrote, redacted")
    channel: str | None = Field(default=None, description="How the resident got in touch")
    service: str | None = Field(default=None, description="Code of the service")
    reporter: str | None = Field(default=None, description="Pseudonym of the reporter")
    status: str | None = Field(default=None, description="Open, closed or the like")
    target_at: datetime | None = moment("When it should be dealt with")
    closed_at: datetime | None = moment("When it was closed")


class Enquiry(Event, table=True):
    """One enquiry in a resident's words, redacted."""

    __tablename__ = "enquiry"

    enquiry_id: str | None = Field(default=None, description="The enquiry's reference")
    received_at: datetime | None = moment("When it arrived", index=True)
    text: str | None = Field(default=None, description="What the resident wrote, redacted")
    subject: str | None = Field(default=None, description="Subject line, redacted")
    channel: str | None = Field(default=None, description="How the resident got in touch")
    service: str | None = Field(default=None, description="Code of the service")
    sender: str | None = Field(default=None, description="Pseudonym of the sender")
    thread_id: str | None = Field(default=None, description="What keeps a conversation together")
    attachments: int | None = whole("Files that came with it; counted, never opened")
    topic: str | None = Field(default=None, description="Topic, where a person has said it")


class Contact(Event, table=True):
    """One contact with the council."""

    __tablename__ = "contact"

    contact_id: str | None = Field(default=None, description="The contact's reference")
    contacted_at: datetime | None = moment("When it happened", index=True)
    channel: str | None = Field(default=None, description="How the resident got in touch")
    service: str | None = Field(default=None, description="Code of the service")
    customer: str | None = Field(default=None, description="Pseudonym of the customer")
    reason: str | None = Field(default=None, description="Reason given by the contact centre")
    outcome: str | None = Field(default=None, description="How it ended")
    wait_seconds: int | None = whole("Seconds before an answer")
    duration_seconds: int | None = whole("Seconds of talk")
    case_id: str | None = Field(default=None, description="Case that it was about")
    text: str | None = Field(default=None, description="What was noted, redacted")


class ContactCount(Event, table=True):
    """A day's count of contacts by channel, where single contacts aren't recorded."""

    __tablename__ = "contact_count"

    date: calendar_date | None = Field(default=None, index=True, description="The day")
    channel: str | None = Field(default=None, description="How residents got in touch")
    service: str | None = Field(default=None, description="Code of the service")
    offered: int | None = whole("Contacts that arrived")
    answered: int | None = whole("Contacts that were answered")
    abandoned: int | None = whole("Contacts given up before an answer")
    wait_seconds_mean: float | None = Field(default=None, description="Mean seconds to an answer")
    share_within_target: float | None = Field(
        default=None, description="Proportion answered within the target time"
    )


class WebCount(Event, table=True):
    """A day's use of one page."""

    __tablename__ = "web_count"

    date: calendar_date | None = Field(default=None, index=True, description="The day")
    page: str | None = Field(default=None, description="Path or name of the page")
    service: str | None = Field(default=None, description="Code of the service")
    views: int | None = whole("Page views")
    form_starts: int | None = whole("Forms begun")
    form_completions: int | None = whole("Forms sent")


class Patrol(Event, table=True):
    """One patrol by a warden."""

    __tablename__ = "patrol"

    patrol_id: str | None = Field(default=None, description="The patrol's reference")
    started_at: datetime | None = moment("When it began", index=True)
    place: str | None = Field(default=None, description="Street or cell patrolled")
    cell: str | None = Field(default=None, description="Square of the map, from the patrol plan")
    minutes: float | None = Field(default=None, description="Minutes spent")
    action: str | None = Field(default=None, description="What was done")
    found: str | None = Field(default=None, description="What was found")
