"""What exists online for each topic: where people could have helped themselves."""

from insight.borough.enquiries import TOPICS
from insight.borough.measures import Yaml

FORMS = {
    "Moving home": "/council-tax/moving-home",
    "Payments and direct debit": "/council-tax/pay",
    "Council tax support": "/council-tax/support",
    "Comments on an application": "/planning/comment",
}
"""Topics with a form, and its page as the web counts name it."""

READ = {
    "Progress of an application": "/planning/search-applications",
    "Comments on an application": "/planning/search-applications",
}
"""Topics with a page that people read before they write."""

LGSL = {"Reminders and arrears": [57], "Refunds": [57]}


def make_topics() -> Yaml:
    """Return ``topics.yaml``: nobody planned for the voucher, so it isn't there."""
    topics = []
    for topic in TOPICS:
        online = {"form": FORMS.get(topic.title), "page": READ.get(topic.title)}
        named = {name: page for name, page in online.items() if page}
        lgsl: Yaml = {"lgsl": LGSL[topic.title]} if topic.title in LGSL else {}
        about: Yaml = {"name": topic.title, "service": topic.service}
        topics.append(about | lgsl | named)
    return {"topics": topics, "topic_rules": []}
