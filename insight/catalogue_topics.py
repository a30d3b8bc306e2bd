"""What each figure of enquiry topics means, in one public sentence with its base."""

from insight.figure import Figure

TOPICS = (
    Figure(
        "topic_chasing_share",
        "Enquiries that chase",
        "share",
        "Enquiries that ask what became of something, by their words or because the same person "
        "got in touch about an open case within the settings' number of days before, divided by "
        "all enquiries about the topic; a further e-mail in the same conversation is not counted.",
        "lower",
    ),
    Figure(
        "topic_avoidable_share",
        "Enquiries seen to be avoidable",
        "share",
        "Enquiries that the records show to be of one of the former national indicator 14's "
        "classes (chasing, telling another service the same, or asking again soon after a case "
        "was closed), or whose topic the council says nobody should have to write about, divided "
        "by all enquiries about the topic; there may be more.",
        "lower",
    ),
)
