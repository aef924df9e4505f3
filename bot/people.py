"""Who may do what, and who sees which case: the members of staff as the configuration names them.

With nobody configured there is one member of staff: whoever runs the bot, with every role.
What a person may not see does not exist for them, in lists and counts too.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.config import StaffConfig
from store.case import Case
from store.refused import RefusedError


class NotAllowedError(RefusedError):
    """Somebody may not do that; the text is for them."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acts or looks."""

    login: str
    name: str
    roles: frozenset[str]
    excluded_from: frozenset[str] = frozenset()

    def must_be(self, *roles: str) -> None:
        """Raise NotAllowedError unless the person has one of `roles`."""
        if not self.roles & set(roles):
            raise NotAllowedError(f"{self.name} is no {' or '.join(roles)} here")

    def sees(self, case: Case) -> bool:
        return not (self.excluded_from & case.kinds or self.login in case.hidden_from)


class People:
    def __init__(self, staff: Iterable[StaffConfig]) -> None:
        staff = list(staff)
        self._by_login = {
            person.login: Person(
                person.login,
                person.name,
                frozenset(person.roles),
                frozenset(person.excluded_from),
            )
            for person in staff
            if person.login
        }
        self._by_slack_id = {p.slack_id: self._by_login[p.login] for p in staff if p.slack_id}

    def who(self, login: str) -> Person:
        """Return the person with that login. Raises NotAllowedError for somebody unknown."""
        if not self._by_login:
            return Person(login, login, frozenset({"handler", "lead", "auditor"}))
        if login not in self._by_login:
            raise NotAllowedError(f"{login} is not among the [[staff]] of the configuration")
        return self._by_login[login]

    def everybody(self) -> list[Person]:
        return list(self._by_login.values())

    def in_slack(self, slack_id: str) -> Person:
        """Return the person with that member ID in Slack. Raises NotAllowedError for somebody unknown."""
        if not self._by_login:
            return self.who(slack_id)
        if slack_id not in self._by_slack_id:
            raise NotAllowedError("you are not among the staff of the privacy desk")
        return self._by_slack_id[slack_id]

    def slack_ids(self) -> list[str]:
        """Return the member IDs of all who have one."""
        return list(self._by_slack_id)

    def slack_id_of(self, login: str) -> str:
        """Return the member ID of somebody, or an empty text."""
        found = (i for i, person in self._by_slack_id.items() if person.login == login)
        return next(found, "")
