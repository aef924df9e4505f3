"""Who wrote to a mailing group that is one of our own addresses.

A group on the way (Google Groups, Microsoft 365) adds the headers of a list, and may put itself
into the From header, "Ann via Data Protection". Behind it stands a human or nobody: where the
headers name two different people, or only ourselves, it is nobody.
"""

from bot.mail.home import Home
from bot.mail.look import Fields
from bot.mail.sender import sender_of
from bot.mail.signs import LIST_FIELDS
from bot.message import Sender

AUTHORS = ("x-original-from", "reply-to")
VIA = " via "
GROUP_FIELDS = ("return-path", "sender", "errors-to", "precedence")
GROUP_HOSTS = ("googlegroups.com", "groups.google.com")


def through_group(headers: Fields, sender: Sender | None, home: Home) -> bool:
    """Whether a group of ours passed the mail on."""
    if any(list_id in home.list_ids for list_id in map(id_of, headers.all("list-id"))):
        return True
    return sender is not None and home.is_own(sender.address) and VIA in sender.name


def author(headers: Fields, sender: Sender | None, home: Home) -> Sender | None:
    """Return the human who wrote to the group."""
    if sender is None or not home.is_own(sender.address):
        return sender
    named = [found for name in AUTHORS if (found := sender_of(headers.all(name)))]
    humans = [found for found in named if not home.is_own(found.address)]
    if len({human.address.lower() for human in humans}) != 1:
        return None
    name = humans[0].name or sender.name.partition(VIA)[0].strip(" '\"")
    return Sender(name, humans[0].address)


def is_the_groups(name: str, value: str, home: Home) -> bool:
    """Whether a group of ours added this header, so that it says nothing of who wrote."""
    if name == "precedence":
        return value.strip().lower() == "list"
    if name not in GROUP_FIELDS and not LIST_FIELDS.match(name):
        return False
    return any(place in value.lower() for place in (*home.domains, *GROUP_HOSTS))


def id_of(list_id: str) -> str:
    return list_id.rpartition("<")[2].partition(">")[0].strip().lower()
