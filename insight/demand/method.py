"""The choices behind the demand figures, all of them settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NOT_AVOIDABLE = "not avoidable"
CANNOT_TELL = "cannot tell"
CHASING = "progress chasing"
REPEAT_NOTIFICATION = "repeat notification"
PREMATURE_CLOSURE = "premature closure"
CLASSES = (
    CHASING,
    REPEAT_NOTIFICATION,
    PREMATURE_CLOSURE,
    "unclear letter or form",
    "information not on the website",
    "wrong number or passed on",
)
"""The former national indicator 14's classes of avoidable contact."""

CUES = (
    r"any (?:update|updates|news|progress|joy|idea when)",
    r"(?:an|for|the latest|no|more) updates?",
    r"(?:update|progress) on (?:my|our|the|this|where)",
    r"still (?:waiting|awaiting|pending|outstanding|unresolved|no |nothing)",
    r"(?:not|haven't|hasn't|have n't|has n't|never|isn't) (?:yet |still |been |actually )*"
    r"(?:heard|arrived|received|delivered|turned up|shown up|gone through|come through|"
    r"been (?:dealt|sorted|resolved|emptied|collected|paid|answered)|"
    r"had (?:a|any) (?:reply|response|answer))",
    r"taking (?:so|too|this|very|a) long",
    r"(?:it's|it has|has) been (?:over |more than |nearly |almost )?(?:\w+ )?(?:days|weeks|months)",
    r"(?:been|be) waiting",
    r"waiting (?:for )?(?:over|more than|since|nearly|almost|ages|weeks|months|\d+)",
    r"no(?:body| one)? (?:has |ever )?"
    r"(?:reply|response|replied|replies|responded|responds|answered|"
    r"(?:called|calls|rang|rings|rung|phoned|phones|got|gets|come|comes|came) back)",
    r"(?:heard|had|received|seen) nothing",
    r"left (?:you )?(?:a|two|three|four|several|many|\d+) (?:messages?|voicemails?)",
    r"still (?:have|has|haven't|hasn't) (?:no|not|had no|heard nothing)",
    r"chas(?:e|ed|ing|er)",
    r"follow(?:ing)?[- ]up (?:on|to|my|about)",
    r"how (?:much longer|long (?:until|before|am|are we|do i have|must i|have i))",
    r"when (?:will|can|should|am|is|are) .{0,60}?"
    r"(?:decided?|decision|hear|ready|done|processed|arrive|paid|come)",
    r"what(?:'?s| is| has) (?:(?:happening|going on) (?:with|about)|happened (?:to|with)|"
    r"the (?:status|progress) (?:of|on|with)|the (?:delay|hold[- ]?up))",
)
"""How people ask what became of something: regular expressions of whole words."""

AGAIN = (
    r"(?:rang|rung|called|calling|phoned|e-?mailed|wrote|written|ringing) (?:you )?again",
    r"(?:second|third|fourth|2nd|3rd|4th) (?:time|call|e-?mail|letter|request)",
)
"""How people, or those who note a call, say that it isn't the first: the words of a repeat."""


@dataclass(frozen=True, slots=True)
class DemandMethod:
    """How contacts become repeat, chasing, avoidable and digital ones.

    Parameters
    ----------
    repeat_days
        A contact of the same customer about the same service at most so many days later is a
        repeat.
    cues
        Regular expressions (of RE2) of whole words that show a contact to be chasing.
    again
        Others, that show it to be a repeat, whoever it is from.
    repeat_needs_open_case
        Whether a repeat alone is chasing only about an open case, in services whose cases are on
        record. In others there is no case to link to, and the repeat is taken.
    resolved
        Outcomes that say a contact was dealt with, without capitals.
    assisted
        Outcomes that say staff filled in the online form for the customer.
    digital_channels
        Channels in which people complete a transaction online by themselves.
    reasons
        The contact centre's reason, without capitals, to a class of `CLASSES` or "not avoidable".
    minutes, pounds
        Per channel: minutes that one contact takes; its cost from and to, in pounds.
    nobody_a_month, nobody_services
        A customer key with so many contacts a month about so many services stands for nobody.
    nobody_share, nobody_contacts
        So does one that holds this share of all contacts, at least so many.
    """

    repeat_days: int = 14
    cues: tuple[str, ...] = CUES
    again: tuple[str, ...] = AGAIN
    repeat_needs_open_case: bool = True
    resolved: tuple[str, ...] = ("resolved", "completed", "closed", "answered", "dealt with")
    assisted: tuple[str, ...] = ("assisted digital", "completed online for customer")
    digital_channels: tuple[str, ...] = ("web", "app")
    reasons: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    minutes: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    pounds: Mapping[str, tuple[float, float]] = field(default_factory=lambda: MappingProxyType({}))
    nobody_a_month: float = 20.0
    nobody_services: int = 3
    nobody_share: float = 0.1
    nobody_contacts: int = 30
    placeholders: frozenset[str] = frozenset()
    service_level_seconds: int = 20
