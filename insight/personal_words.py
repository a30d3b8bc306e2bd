"""Words that are no names, though a name could stand where they do."""

TOKEN = "[name]"  # noqa: S105
IN_NAMES = "'\u2019\\-"
"""Apostrophes and hyphens, for a character class."""

# A capitalised word that is one of these is no name, or ends one.
_OFFICE = """
    admin administration administrator all association benefit benefits bin bins board borough
    building chair chief city colleague colleagues committee community complaints control council
    councillor councillors councils county customer customers data department departmental dept
    desk development director district editor electoral enforcement enquiries enquiry environment
    environmental everybody everyone executive finance folks friend friends guys head health help
    helpdesk home homes housing householder landlord leaseholder leisure library licensing manager
    member members neighbour neighbours nhs occupier office officer officers ombudsman owner
    parish parking parks payments people planner planners planning police pollution protection
    reception recycling refuse registrar resident residents revenues safety school secretary
    service services sir sirs madam staff street support tax team teams tenancy tenant tenants
    there town transport treasurer trading ward warden wardens waste webmaster
"""
_ORDINARY = """
    a about advance after afternoon again also although always an any anyway are as at be
    because been before best both but by can cheers could currently day days dear did do does
    during either evening ever every excel faithfully finally firstly following for from further
    furthermore good had has have he hello her here hey hi his hiya how however i i'd i'll i'm
    i've if im in is it it's its just kind last lastly later many may me morning mr mrs ms mx miss
    dr prof professor rev reverend cllr much must my never next no not now nothing of ok okay on
    once one only or our outlook please recently regarding regards re respectfully secondly sent
    she should signed since sincerely so some sorry soon thank thanks that the their then these
    they this those to today tomorrow tonight too truly unfortunately until very warm was we what
    when where whether which while who why will windows wishes with word would yes yesterday yet
    you your yours sclerosis
    monday tuesday wednesday thursday friday saturday sunday
    january february march july september october november december
"""


def word_set(text: str) -> frozenset[str]:
    """Return the words of a list that is written as text."""
    return frozenset(text.split())


def bare(word: str) -> str:
    """Return `word` in small letters, without a possessive."""
    return word.casefold().replace("\u2019", "'").removesuffix("'s")


OFFICE_WORDS = word_set(_OFFICE)
"""Words that make what they end an office's."""
NO_NAMES = OFFICE_WORDS | word_set(_ORDINARY)
"""Words that a person's name ends before."""
