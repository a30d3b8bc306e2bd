"""What each computed figure means, in one public sentence with its base."""

from insight.catalogue_demand import DEMAND
from insight.figure import Better, Figure, Unit

__all__ = ["FIGURES", "Better", "Figure", "Unit"]

_ALL = (
    Figure(
        "satisfaction_share",
        "Satisfied customers",
        "share",
        "Answers that are very or fairly satisfied (the top two of five points, or yes), divided "
        "by all answers on the scale to the survey's overall question; 'don't know' is counted "
        "but left out of the base unless the question says otherwise.",
        "higher",
    ),
    Figure(
        "satisfaction_net",
        "Net satisfaction",
        "score",
        "Share satisfied minus share dissatisfied, from -1 to 1, among the same answers as the "
        "share satisfied; 'don't know' is counted but left out of the base unless the question "
        "says otherwise.",
        "higher",
    ),
    Figure(
        "complaints_received",
        "Complaints received",
        "count",
        "Complaints received in the period; one that goes on to a further stage counts again at "
        "that stage, and requests for service are not complaints.",
        "lower",
    ),
    Figure(
        "complaints_upheld_share",
        "Complaints upheld",
        "share",
        "Complaints upheld or partly upheld, divided by those answered in the period with a "
        "decision (upheld, partly upheld or not upheld); where no answer date is recorded the "
        "month received is used, and withdrawn, refused, referred and open ones are left out.",
        "lower",
    ),
    Figure(
        "service_requests",
        "Service requests made through the complaints process",
        "count",
        "Requests for service received in the period that were recorded with the complaints but "
        "are not complaints.",
        "neither",
    ),
    Figure(
        "contacts",
        "Contacts",
        "count",
        "Contacts received in the period; where both a daily count and single records exist for "
        "one day, channel and service the count is used, and of two sets of single records the "
        "larger, so that no contact counts twice.",
        "neither",
    ),
    Figure(
        "calls_answered_share",
        "Calls answered",
        "share",
        "Calls answered, divided by calls offered, on the days where both were recorded.",
        "higher",
    ),
    Figure(
        "enquiries",
        "Enquiries",
        "count",
        "Written enquiries received in the period, whether or not their topic is known.",
        "neither",
    ),
    Figure(
        "enquiries_classified_share",
        "Enquiries with a topic",
        "share",
        "Enquiries given a topic with enough confidence, divided by all enquiries received in "
        "the period; the others wait for a person.",
        "higher",
    ),
    Figure(
        "street_reports",
        "Street reports",
        "count",
        "Reports received in the period about a place, such as dog fouling; reports say where "
        "people report, which is not the same as where the problem is.",
        "neither",
    ),
    Figure(
        "hotspots_significant",
        "Hotspots",
        "count",
        "Areas with more reports than chance explains, after allowing for the number of areas "
        "looked at.",
        "lower",
    ),
    Figure(
        "cases_received",
        "Cases received",
        "count",
        "Applications, claims and jobs received in the period.",
        "neither",
    ),
    Figure(
        "cases_decided",
        "Cases decided",
        "count",
        "Applications, claims and jobs decided in the period; withdrawn ones are left out.",
        "higher",
    ),
    Figure(
        "cases_open",
        "Open cases",
        "count",
        "Applications, claims and jobs received but not yet decided or withdrawn at the end of "
        "the period.",
        "lower",
    ),
    Figure(
        "case_wait_days_typical",
        "Typical wait",
        "days",
        "Days from receipt to decision that half of the cases decided in the period stayed "
        "within (the median); withdrawn cases are left out.",
        "lower",
    ),
    Figure(
        "case_wait_days_slowest_tenth",
        "Wait of the slowest tenth",
        "days",
        "Days from receipt to decision that nine in ten of the cases decided in the period "
        "stayed within; withdrawn cases are left out.",
        "lower",
    ),
    Figure(
        "cases_in_time_share",
        "Cases decided in time",
        "share",
        "Cases decided by their target date, or by a later date agreed with the applicant, "
        "divided by all cases decided in the period that have a target date; shown without "
        "agreed extensions too.",
        "higher",
    ),
    Figure(
        "form_completion_share",
        "Online forms completed",
        "share",
        "Online forms completed, divided by forms started, on the days where both were recorded.",
        "higher",
    ),
)

FIGURES: dict[str, Figure] = {figure.code: figure for figure in (*_ALL, *DEMAND)}
