"""Mails for the flow tests, written out as a client would send them."""

from email.message import EmailMessage
from itertools import count

numbers = count(1)

ACCESS = "Hello, please send me a copy of all the personal data you hold about me. Ann"
ERASURE = "Please delete all the personal data you have about me."
BOTH = (
    "Hello, first please send me a copy of all the information you have about me. "
    "Once I have it, delete my account and everything in it."
)
COMPLAINT = (
    "I want to make a formal complaint about how you handled my personal data. "
    "You shared my phone number with strangers and I am very unhappy about it."
)
VAGUE = "Hello, it is about the thing from last year. Please sort it out this time."
INVOICE = (
    "Dear accounts team, please find attached invoice 4471 for the office plants delivered in "
    "October. It is payable within 30 days. Kind regards, Green Leaf Supplies"
)


def mail(
    text: str,
    *,
    sender: str = "Ann Example <ann@mail.example>",
    subject: str = "My data",
    message_id: str = "",
    **headers: str,
) -> str:
    """Write a mail; further headers by keyword, with _ for -."""
    written = EmailMessage()
    written["From"] = sender
    written["To"] = "dataprotection@acme.example"
    written["Subject"] = subject
    written["Message-ID"] = message_id or f"<{next(numbers)}.test@mail.example>"
    for name, value in headers.items():
        written[name.replace("_", "-")] = value
    written.set_content(text)
    return written.as_string()


def reply_to(
    letter: EmailMessage,
    text: str,
    *,
    sender: str = "Ann Example <ann@mail.example>",
    **headers: str,
) -> str:
    """Answer one of our letters as a mail program does."""
    return mail(
        text,
        sender=sender,
        subject=f"Re: {letter['Subject']}",
        In_Reply_To=str(letter["Message-ID"]),
        **headers,
    )
