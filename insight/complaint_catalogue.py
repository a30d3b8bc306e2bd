"""What the figures of complaint handling and of the wait now mean."""

from insight.figure import Figure

COMPLAINT_AND_CASE_FIGURES = (
    Figure(
        "complaints_closed",
        "Complaints closed",
        "count",
        "Complaints answered in the period with a decision (upheld, partly upheld or not upheld), "
        "each stage by itself; one without an answer date counts in the month it came in.",
        "neither",
    ),
    Figure(
        "complaints_on_time_share",
        "Complaints answered on time",
        "share",
        "Complaints closed in the period whose answer was sent by the day the Ombudsman's Code "
        "gives (stage 1 ten, stage 2 twenty working days of the acknowledgement, agreed extensions "
        "of at most as many days counted), divided by those closed that have the dates; shown "
        "without extensions too, and the clock runs from the last day for acknowledging where no "
        "acknowledgement is recorded.",
        "higher",
        "england and wales",
    ),
    Figure(
        "complaints_acknowledged_on_time_share",
        "Complaints acknowledged on time",
        "share",
        "Complaints acknowledged within five working days of receipt, divided by those whose fifth "
        "working day fell in the period; one never acknowledged is late, and one answered without "
        "a recorded acknowledgement is in neither number.",
        "higher",
        "england and wales",
    ),
    Figure(
        "complaint_working_days",
        "Working days to answer a complaint",
        "days",
        "Mean working days from receipt at the stage to the answer, of complaints closed in the "
        "period that have both dates.",
        "lower",
        "england and wales",
    ),
    Figure(
        "complaints_refused",
        "Complaints refused",
        "count",
        "Complaints not accepted, in the month they were refused, by the reason given.",
        "neither",
    ),
    Figure(
        "complaints_open",
        "Open complaints",
        "count",
        "Stage 1 and stage 2 complaints received and not answered at the end of the period.",
        "lower",
    ),
    Figure(
        "complaints_overdue",
        "Complaints overdue",
        "count",
        "Open complaints whose answer, with an agreed extension, was due before the last day of "
        "the period.",
        "lower",
        "england and wales",
    ),
    Figure(
        "complaint_compensation",
        "Compensation for complaints",
        "pounds",
        "Pounds paid for complaints answered in the period; the base is how many were paid.",
        "lower",
    ),
    Figure(
        "complaint_learning_actions",
        "Actions learnt from complaints",
        "count",
        "Complaints answered in the period for which an action was recorded that makes the service "
        "better.",
        "neither",
    ),
    Figure(
        "complaint_learning_done",
        "Learning actions done",
        "count",
        "Actions learnt from complaints that were done in the period.",
        "higher",
    ),
    Figure(
        "case_wait_now_days_typical",
        "Typical wait now",
        "days",
        "Days from receipt to decision that half of cases are expected to stay within, from every "
        "case open or decided in the three months up to the period's end, open ones counted as "
        "far as they have waited (product-limit estimate).",
        "lower",
    ),
    Figure(
        "case_wait_now_days_slowest_tenth",
        "Wait of the slowest tenth now",
        "days",
        "Days from receipt to decision that nine in ten cases are expected to stay within, "
        "estimated in the same way as the typical wait now.",
        "lower",
    ),
    Figure(
        "cases_past_standard",
        "Open cases past standard",
        "count",
        "Cases open at the end of the period for longer than the published standard of their kind; "
        "where none is published, past their own target or the later date agreed.",
        "lower",
    ),
    Figure(
        "cases_without_update",
        "Cases past standard without an update",
        "count",
        "Open cases past standard whose applicant was told nothing within the days that the "
        "settings give.",
        "lower",
    ),
)
