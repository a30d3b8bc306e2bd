"""What each computed figure means, in one public sentence with its base."""

from insight.catalogue_demand import DEMAND
from insight.catalogue_topics import TOPICS
from insight.complaint_catalogue import COMPLAINT_AND_CASE_FIGURES
from insight.figure import Better, Figure, Unit

__all__ = ["FIGURES", "Better", "Figure", "Unit"]

_ALL = (
    Figure(
        "satisfaction_share",
        "Satisfied customers",
        "share",
        "Answers that are very or fairly satisfied (the top two of five points, or yes), divided "
        "by all answers on the scale to the survey's overall question, one a person where the "
        "person is known; 'don't know' is counted but left out of the base unless the question "
        "says otherwise.",
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
        "satisfaction_mean",
        "Mean satisfaction",
        "score",
        "Mean of the answers on the scale, from 0 for its worst answer to 100 for its best "
        "whichever way its numbers run; 'don't know' has no part in it.",
        "higher",
    ),
    Figure(
        "satisfaction_share_quarter",
        "Satisfied customers, rolling quarter",
        "share",
        "Answers of the three months ending with the period that are very or fairly satisfied, "
        "divided by all answers on the scale in them, one answer a person and question where the "
        "person is known, weighted to the population where the survey has margins and enough "
        "answers.",
        "higher",
    ),
    Figure(
        "satisfaction_change",
        "Change in satisfaction",
        "score",
        "Share satisfied in the three months ending with the period less that in the three "
        "months ending three, six or twelve months before, in proportion points from -1 to 1.",
        "higher",
    ),
    Figure(
        "satisfaction_change_relative",
        "Relative change in satisfaction",
        "score",
        "Share satisfied in the three months ending with the period over that in the three "
        "months ending three, six or twelve months before, less one, so that three tenths is "
        "thirty percent more satisfied people than before.",
        "higher",
    ),
    Figure(
        "satisfaction_change_adjusted",
        "Change in satisfaction for the same mix of cases",
        "score",
        "The change in the share satisfied, in proportion points, had both periods had the same "
        "mix of decisions and kinds of applicant; parts of the mix with fewer than five answers "
        "in either period are left out.",
        "higher",
    ),
    Figure(
        "satisfaction_driver",
        "What the dissatisfied mention",
        "score",
        "Share of the dissatisfied who wrote something in the twelve months ending with the "
        "period and used the word or phrase, less the share of the satisfied who did, in "
        "proportion points; only words that stand out beyond chance are told.",
        "lower",
    ),
    Figure(
        "survey_responses",
        "Survey responses",
        "count",
        "People who answered a survey in the period, each counted once a survey.",
        "higher",
    ),
    Figure(
        "survey_group_share",
        "Who answered a survey of residents",
        "share",
        "People of a group, such as an age band, who answered in the three months ending with the "
        "period, divided by all who answered in them and whose group is known.",
        "neither",
    ),
    Figure(
        "survey_group_population_share",
        "Who lives here, by the survey's margins",
        "share",
        "People of a group divided by all who live here, by the survey's margins file; beside the "
        "share of those who answered it tells who is missing.",
        "neither",
        interval=False,  # a count of everybody
    ),
    Figure(
        "comments_received",
        "Comments",
        "count",
        "Comments, compliments and suggestions received in the period; praise is a compliment, "
        "or a comment whose kind isn't known with a rating of nine or ten.",
        "neither",
    ),
    Figure(
        "comments_praise_share",
        "Praise among comments",
        "share",
        "Compliments, and comments of unknown kind with a rating of nine or ten, divided by all "
        "comments, compliments and suggestions received in the period.",
        "higher",
    ),
    Figure(
        "comments_read_positive_share",
        "Comments that read as positive",
        "share",
        "Comments without a rating that a model reads as positive, divided by all comments "
        "without a rating received in the period; shown only where the model is right often "
        "enough about comments whose rating is known.",
        "higher",
    ),
    Figure(
        "comments_reading_right_share",
        "Comments read rightly",
        "share",
        "Comments whose rating is known that a model read rightly without having learnt from "
        "them, divided by all of them, praise and criticism counting half each.",
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
        "Written enquiries received in the period, whether or not their topic is known; a further "
        "e-mail in the same conversation is not counted again.",
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
        "enquiries_several_topics_share",
        "Enquiries about several topics",
        "share",
        "Enquiries in which a further topic is asked about with enough confidence, divided by "
        "those with a topic.",
        "neither",
    ),
    Figure(
        "topic_share_corrected",
        "Topics, corrected for mistakes",
        "share",
        "Estimated number of enquiries about each topic, allowing for the mistakes the sorting is "
        "known to make, divided by the enquiries that look like a known topic.",
        "neither",
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
        interval=False,  # what chance explains is taken off already
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

FIGURES: dict[str, Figure] = {
    figure.code: figure for figure in (*_ALL, *TOPICS, *DEMAND, *COMPLAINT_AND_CASE_FIGURES)
}
