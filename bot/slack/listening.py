"""Who hears what: every kind of thing Slack delivers has a listener, since what nobody hears comes four times."""

import re
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.journal import place_of
from bot.slack.commands import NAME, Commands
from bot.slack.desk import SlackDesk
from bot.slack.door import SlackDoor
from bot.slack.forms import FORMS
from bot.slack.home import TURN, Home
from bot.slack.opening import NEW_CASE, OPEN_CASE, Opening
from bot.slack.wire import quiet_logger

log = structlog.get_logger()

EVERY = re.compile(".*")


def app_with(web: AsyncWebClient, door: SlackDoor, signing_secret: str = "") -> AsyncApp:
    """Return an app whose door owns every message before anything else looks at it."""
    app = AsyncApp(
        client=web,
        name="privacy-intake",
        signing_secret=signing_secret,
        logger=quiet_logger(),
        before_authorize=door.own_it_first,
    )
    app.error(failed)
    return app


def listen(app: AsyncApp, desk: SlackDesk, opening: Opening, home: Home) -> None:
    app.command(NAME)(Commands(desk, opening).typed)
    app.message_shortcut(OPEN_CASE)(opening.from_message)
    app.global_shortcut(NEW_CASE)(opening.from_nowhere)
    app.view(NEW_CASE)(opening.submitted)
    for name in FORMS:
        app.view(name)(desk.submitted)
    app.event("app_home_opened")(home.opened)
    app.action(re.compile(f"^{TURN}-"))(home.turned)
    app.action(EVERY)(desk.clicked)
    app.view(other_than(NEW_CASE, *FORMS))(nothing_more)
    app.shortcut(other_than(OPEN_CASE, NEW_CASE))(nothing_more)
    app.command(other_than(NAME))(nothing_more)
    for kind in (app.event, app.view_closed, app.options):
        kind(EVERY)(nothing_more)


def other_than(*names: str) -> re.Pattern[str]:
    """Return what matches every other name: a listener that is slow is passed over for the next that matches."""
    return re.compile(rf"^(?!(?:{'|'.join(map(re.escape, names))})$)")


async def nothing_more(ack: AsyncAck) -> None:
    await ack()


async def failed(error: Exception, body: dict[str, Any]) -> None:
    """Log where it failed. What was not acked before stays so: Slack says so to whoever clicked, or comes again."""
    log.error("slack listener failed", kind=str(body.get("type")), error=place_of(error))
