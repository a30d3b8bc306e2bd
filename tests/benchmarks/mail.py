"""Time a mailbox from bytes to rows, beside the standard library's own reading of it.

Run with ``python tests/benchmarks/mail.py [MESSAGES ...]``. The messages are synthetic: about
1.5 kB of plain text, some with an HTML version or a file, most with quoted answers. The peer is
``mailbox.mbox`` with ``email.policy.default``, asked for the headers, the preferred body and the
number of attachments, in the same process; it strips nothing and keeps no threads.
"""

import email
import email.policy
import hashlib
import mailbox
import random
import sys
import tempfile
import time
from email.message import EmailMessage
from pathlib import Path
from typing import BinaryIO

from pipelines.edge.mail_files import read_mail
from pipelines.edge.raw_table import FileContent

SEED = 2026
SIZES = (1_000, 10_000, 100_000)
MOST_FOR_PEER = 10_000  # messages; the peer would take minutes over more
SENTENCES = (
    "I have had my council tax bill and the amount is wrong.",
    "We moved out in March and told you so on the telephone.",
    "Nobody has answered my last two e-mails about the single person discount.",
    "Please tell me how much I owe and by when it has to be paid.",
    "The direct debit was taken twice, on the first and on the fifteenth.",
)
QUOTED = "> Thank you for your e-mail. We aim to answer all enquiries within ten working days.\n"
HEADERS = (
    "Received: from mail.example.com (mail.example.com [192.0.2.1]) by mx.council.example with "
    "ESMTPS id {number};\n\tMon, 02 Mar 2026 10:01:00 +0000\n"
    'From: "Resident {number}" <resident{number}@example.com>\nTo: council.tax@council.example\n'
    "Subject: Re: Council tax {number}\nDate: Mon, 02 Mar 2026 10:01:00 +0000\n"
    "Message-ID: <{number}@mail.example.com>\nReferences: <{parent}@mail.example.com>\n"
    "MIME-Version: 1.0\n"
)


def mailbox_bytes(messages: int) -> bytes:
    """Return an mbox of invented messages."""
    chance = random.Random(SEED)  # noqa: S311
    return b"".join(_message(number, chance) for number in range(messages))


def _message(number: int, chance: random.Random) -> bytes:
    own = "\n\n".join(chance.choices(SENTENCES, k=chance.randint(2, 8)))
    text = f"Dear council,\n\n{own}\n\nRegards\nResident\n\n"
    if chance.random() < 0.6:
        text += "On Mon, 2 Mar 2026 at 09:00, Council Tax <ct@council.example> wrote:\n\n"
        text += QUOTED * chance.randint(2, 10)
    head = HEADERS.format(number=number, parent=chance.randint(0, number))
    plain = f'Content-Type: text/plain; charset="utf-8"\n\n{text}\n'
    kind = chance.random()
    if kind < 0.6:
        body = plain
    elif kind < 0.95:
        html = "<html><body><p>" + text.replace("\n", "<br>") + "</p></body></html>"
        body = _parts("alternative", plain, f"Content-Type: text/html; charset=utf-8\n\n{html}\n")
    else:
        file = "Content-Type: application/pdf; name=bill.pdf\nContent-Transfer-Encoding: base64\n\n"
        body = _parts("mixed", plain, file + "QUJDREVGR0hJSktMTU5PUA==\n" * 100)
    separator = f"From resident{number}@example.com Mon Mar  2 10:01:00 2026\n"
    return (separator + head + body + "\n").encode()


def _parts(kind: str, *parts: str) -> str:
    inside = "".join(f"--edge\n{part}" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="edge"\n\n{inside}--edge--\n'


def ours(data: bytes) -> float:
    """Return the seconds that we take."""
    started = time.process_time()
    table = read_mail(FileContent("post.mbox", data, hashlib.sha256(data).hexdigest()), 10**10)
    seconds = time.process_time() - started
    if table.frame["text"].str.contains("ten working days").any():
        raise SystemExit("Quoted words were kept.")
    return seconds


def peers(data: bytes) -> float:
    """Return the seconds that the standard library takes."""

    def factory(stream: BinaryIO) -> EmailMessage:
        return email.message_from_binary_file(stream, policy=email.policy.default)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "post.mbox"
        path.write_bytes(data)
        started = time.process_time()
        for message in mailbox.mbox(path, factory=factory, create=False):
            [str(message[name]) for name in ("From", "Subject", "Date", "Message-ID", "References")]
            body = message.get_body(("plain", "html"))
            if body is not None:
                body.get_content()
            sum(1 for _ in message.iter_attachments()) if message.is_multipart() else 0
        return time.process_time() - started


def main(sizes: tuple[int, ...]) -> None:
    """Print rates and their ratio for each size."""
    for messages in sizes:
        data = mailbox_bytes(messages)
        seconds = min(ours(data) for _ in range(2 if messages <= MOST_FOR_PEER else 1))
        line = f"{messages:>7,} messages of {len(data) / messages:,.0f} bytes: "
        line += f"{messages / seconds:,.0f} a second"
        if messages <= MOST_FOR_PEER:
            beside = peers(data)
            line += f"; standard library {messages / beside:,.0f}; ratio {beside / seconds:.1f}"
        print(line)  # noqa: T201


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
