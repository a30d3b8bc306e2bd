"""Which e-mails belong to one conversation."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

_ANSWERED = re.compile(
    r"\s*(?:(?:re|fw|fwd|aw|wg|sv|vs|tr|rv|odp|atb|ymt)(?:\[\d+\]|\(\d+\))?\s*:"
    r"|\[(?:external|ext|spam)[^\]]{0,30}\]|\*{2,}(?:external|spam)[^*]{0,30}\*{2,})\s*",
    re.IGNORECASE,
)
_CONVERSATION = 44  # hexadecimal digits of Outlook's index that all of a conversation share
_LONGEST_CHAIN = 50  # answers in a row that each name only the one before


@dataclass(frozen=True, slots=True)
class MailLinks:
    """What an e-mail says of those before it.

    `message_id` is its own; `references` are those it names, oldest first, In-Reply-To last;
    `conversation` is Outlook's index as hexadecimal digits.
    """

    message_id: str
    references: tuple[str, ...] = ()
    conversation: str = ""
    subject: str = ""


def plain_subject(subject: str) -> str:
    """Return `subject` without what mail programs and gateways put before it.

    Examples
    --------
    >>> plain_subject("RE: Fw: [EXTERNAL] Missed bin")
    'Missed bin'
    """
    while match := _ANSWERED.match(subject):
        subject = subject[match.end() :]
    return subject.strip()


def thread_ids(messages: Sequence[MailLinks]) -> list[str]:
    """Return a key for each e-mail, the same for all of a conversation.

    Parameters
    ----------
    messages
        E-mails of one file, in any order.

    Returns
    -------
    list of str
        A hash: of the first e-mail's Message-ID as References or In-Reply-To tell it; of
        Outlook's conversation index for an answer that tells neither; of the subject for an
        answer that has nothing else. An e-mail that answers none begins a conversation.

    Notes
    -----
    Where a file holds the e-mail that an answer names, its own references lead further back. The
    key of an e-mail with full references does not depend on what else is in the file, so that a
    conversation keeps its key from month to month.

    Examples
    --------
    >>> first, answer = thread_ids([MailLinks("a@x"), MailLinks("b@x", ("a@x",))])
    >>> first == answer
    True
    """
    known = {message.message_id: message for message in messages if message.message_id}
    begun = {
        message.conversation[:_CONVERSATION]: message.message_id
        for message in messages
        if message.message_id and not message.references and _begins(message.conversation)
    }
    return [_key(message, known, begun) for message in messages]


def _key(message: MailLinks, known: dict[str, MailLinks], begun: dict[str, str]) -> str:
    if message.references:
        return _hashed("id", _root(message, known))
    conversation = message.conversation[:_CONVERSATION]
    if len(message.conversation) > _CONVERSATION:
        if conversation in begun:
            return _hashed("id", begun[conversation])
        return _hashed("conversation", conversation)
    subject = plain_subject(message.subject).casefold()
    answers = subject != message.subject.strip().casefold()
    if subject and (answers or not message.message_id):
        return _hashed("subject", subject)
    return _hashed("id", message.message_id)


def _root(message: MailLinks, known: dict[str, MailLinks]) -> str:
    seen = {message.message_id}
    for _ in range(_LONGEST_CHAIN):
        root = message.references[0]
        before = known.get(root)
        if before is None or not before.references or root in seen:
            return root
        seen.add(root)
        message = before
    return message.references[0]


def _begins(conversation: str) -> bool:
    return len(conversation) == _CONVERSATION


def _hashed(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()[:24]
