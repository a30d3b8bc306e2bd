"""What each demand figure means, in one public sentence with its base."""

from insight.figure import Figure

DEMAND = (
    Figure(
        "contacts_change",
        "Contacts against the same weeks last year",
        "share",
        "Contacts in the month's weeks less those in the weeks of the same number last year, "
        "divided by the latter; a week belongs to the month of its Thursday, and weeks whose "
        "number of bank holidays differs from last year's are left out.",
        "neither",
        interval=False,  # too few weeks to tell it from chance give none
        change=True,
    ),
    Figure(
        "contacts_by_week",
        "Contacts by week",
        "count",
        "Contacts from Monday to Sunday, beside those of the week with the same number last year.",
        "neither",
        interval=False,  # shown beside last year's, which tells more
    ),
    Figure(
        "contacts_expected",
        "Contacts expected",
        "count",
        "Contacts forecast for the month from the months before, given only for services and "
        "channels where such forecasts have been closer than taking last week or last year again; "
        "the range is one that nine months in ten should lie in.",
        "neither",
    ),
    Figure(
        "calls_abandoned_share",
        "Calls given up",
        "share",
        "Calls given up before an answer, divided by calls offered, on the days where both were "
        "recorded and fewer were given up than offered.",
        "lower",
    ),
    Figure(
        "service_level_share",
        "Calls answered within the target time",
        "share",
        "Calls answered within the telephone system's target time, divided by calls answered, on "
        "the days where both were recorded.",
        "higher",
    ),
    Figure(
        "wait_seconds_mean",
        "Mean wait for an answer",
        "seconds",
        "Seconds that answered callers waited, each day's mean weighed by its calls answered.",
        "lower",
    ),
    Figure(
        "digital_take_up_share",
        "Digital take-up",
        "share",
        "Transactions completed online, those completed with help from staff among them, divided "
        "by all transactions completed; without an online form or digital contact on record there "
        "is no figure.",
        "higher",
    ),
    Figure(
        "contact_hours",
        "Staff hours on contacts",
        "hours",
        "Contacts multiplied by the minutes that the settings give for one by its channel; "
        "channels without minutes are left out.",
        "neither",
    ),
    Figure(
        "contact_pounds",
        "Cost of contacts",
        "pounds",
        "Contacts multiplied by the council's own cost of one by its channel, from its lowest to "
        "its highest; channels without a cost are left out.",
        "lower",
    ),
    Figure(
        "repeat_contact_share",
        "Repeat contacts",
        "share",
        "Single contacts by a customer who had been in touch about the same service at most the "
        "settings' number of days before, divided by all single contacts whose customer is known "
        "and not a placeholder.",
        "lower",
    ),
    Figure(
        "chasing_contacts",
        "Chasing contacts",
        "count",
        "Single contacts that ask what became of something: by their words, or a repeat about a "
        "case still open, or a repeat for the same reason where the service's cases are not on "
        "record.",
        "lower",
    ),
    Figure(
        "chasing_contact_share",
        "Share of contacts that chase",
        "share",
        "Chasing contacts, divided by all single contacts; where nobody noted words or who the "
        "customer was, chasing can't be seen.",
        "lower",
    ),
    Figure(
        "first_contact_resolution_share",
        "Resolved at first contact",
        "share",
        "First contacts dealt with and not followed by another of the same customer about the "
        "same service within the settings' number of days, divided by all first contacts of known "
        "customers for which so many days are on record.",
        "higher",
    ),
    Figure(
        "avoidable_contacts",
        "Avoidable contacts seen",
        "count",
        "Single contacts that the contact centre's reason or the records show to be of one of the "
        "former national indicator 14's classes; there may be more.",
        "lower",
    ),
    Figure(
        "avoidable_contact_share",
        "Avoidable contact",
        "share",
        "Contacts of the former national indicator 14's classes, divided by all contacts that "
        "were classed, by their reason where four in five have one that tells, or else by a "
        "person on a random sample.",
        "lower",
    ),
)
