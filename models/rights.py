"""What was taken out of the store for good, so that no original or backup brings it back."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import UtcTime


class Erasure(SQLModel, table=True):
    """A customer, or a case of theirs, whose rows up to a moment were erased.

    Who it was can be told only by somebody who has the key and the reference.
    """

    __tablename__ = "erasure"
    __table_args__ = {"info": {"digest": False}}

    fingerprint: str = Field(primary_key=True, description="Keyed hash of a pseudonym or case")
    erased_at: datetime = Field(sa_type=UtcTime, description="Rows up to then stay out")
    certificate: str = Field(description="Name of the certificate, without its folder")


class Purge(SQLModel, table=True):
    """How far back an input has been emptied because its retention period was over."""

    __tablename__ = "purge"
    __table_args__ = {"info": {"digest": False}}

    contract: str = Field(primary_key=True, description="Name of the input contract")
    purged_before: datetime = Field(sa_type=UtcTime, description="Rows from before it stay out")
