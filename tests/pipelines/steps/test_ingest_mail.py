"""A mailbox goes into the store as residents' new words, redacted, with every message told."""

from pipelines.steps.events import read_events

START = "From jane@example.com Mon Oct  5 10:01:00 2026\n"
QUOTED = "\nOn Fri, 2 Oct 2026 at 09:00, Tax <ct@council.gov.uk> wrote:\n> Please pay.\n"


def message(number, text, extra=""):
    head = f"From: Jane Smith <jane@example.com>\nMessage-ID: <m{number}@x>\nSubject: Bill\n"
    return f"{START}{head}Date: Mon, 5 Oct 2026 10:01:00 +0100\n{extra}\n{text}\n\n"


def test_new_words_are_stored_redacted_and_every_message_is_told(workspace, drop, insight_here):
    automatic = message(3, "I am away.", "Auto-Submitted: auto-replied\n")
    first = message(1, "My bill is wrong, ring 07700 900123.\n" + QUOTED)
    path = drop("enquiries", "post.mbox", first + message(2, "Still waiting.") + automatic + first)
    code, out, _ = insight_here("ingest", path, "--source", "enquiries")
    assert code == 0
    assert "4 rows read = 2 accepted + 0 quarantined + 1 duplicates + 1 filtered" in out
    stored = read_events(workspace, "enquiries").sort_values("enquiry_id")
    assert stored["text"].tolist() == ["My bill is wrong, ring [phone].", "Still waiting."]
    assert not stored["sender"].str.contains("jane").any()


def test_a_mapping_may_take_automatic_messages_too(workspace, drop, insight_here):
    automatic = message(3, "I am away.", "Auto-Submitted: auto-replied\n")
    path = drop("enquiries", "post.mbox", automatic)
    mapping = workspace.root / "mappings" / "all.yaml"
    mapping.write_text(
        "contract: enquiries\nrows: {where: {kind: [person, automatic]}}\n", encoding="utf-8"
    )
    code, out, err = insight_here("ingest", path, "--source", "enquiries", "--mapping", mapping)
    assert code == 0, err
    assert "1 rows read = 1 accepted" in out
