"""A conversation keeps its key, and strangers never share one by chance."""

from insight.mail_threads import MailLinks, plain_subject, thread_ids


def test_the_first_message_named_is_the_conversation():
    first = MailLinks("a@x", subject="Bin")
    second = MailLinks("b@x", ("a@x",), subject="Re: Bin")
    third = MailLinks("c@x", ("a@x", "b@x", "b@x"), subject="Re: Bin")
    assert len(set(thread_ids([third, first, second]))) == 1
    assert thread_ids([third]) == thread_ids([second])  # whatever else is in the file


def test_answers_that_name_only_the_one_before_lead_back():
    chain = [MailLinks(f"{n}@x", (f"{n - 1}@x",) if n else ()) for n in range(20)]
    assert len(set(thread_ids(chain))) == 1


def test_answers_in_a_circle_end():
    assert len(thread_ids([MailLinks("a@x", ("b@x",)), MailLinks("b@x", ("a@x",))])) == 2


def test_outlooks_index_joins_what_names_nothing():
    index = "01d1" + "0" * 40
    messages = [
        MailLinks("a@x", (), index, "Bin"),
        MailLinks("b@x", (), index + "0123456789", "RE: Bin"),
        MailLinks("c@x", (), index.replace("1", "2") + "0123456789", "RE: Bin"),
    ]
    first, second, third = thread_ids(messages)
    assert first == second != third


def test_a_common_subject_does_not_join_strangers():
    first, second = thread_ids([MailLinks("a@x", subject="Bin"), MailLinks("b@x", subject="Bin")])
    assert first != second


def test_answers_with_nothing_else_are_joined_by_subject():
    one, other = thread_ids(
        [MailLinks("a@x", subject="RE: Bin 4"), MailLinks("", subject="[EXTERNAL] fw: bin 4")]
    )
    assert one == other


def test_only_what_programs_add_is_taken_from_a_subject():
    assert plain_subject("Re: RE[2]: Fwd: AW: Recycling: bin") == "Recycling: bin"
    assert plain_subject("Reply: x") == "Reply: x"
