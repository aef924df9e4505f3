"""The fake as a test uses it: start it, let people talk and click, look at what the bot has shown them."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Self

from aiohttp import web

from tests.slack.api import Api
from tests.slack.socket import Envelope, Sockets
from tests.slack.workspace import APP_TOKEN, BOT_TOKEN, TEAM, Channel, User, Workspace

INTAKE, STAFF = "C0INTAKE", "G0STAFF"
SAM, JO, LEE, GUEST, FOREIGN = "U0SAM", "U0JO", "U0LEE", "U0GUEST", "U0FOREIGN"
GONE, ROBOT = "U0GONE", "U0ROBOT"
GROUP = "S0PRIVACY"
APP = "A0PRIVACY"


def acme(workspace: Workspace) -> Workspace:
    """Fill a workspace with the people and channels of the tests."""
    workspace.add(Channel(INTAKE))
    workspace.add(Channel(STAFF, is_private=True))
    workspace.add(Channel("C0OTHER", has_bot=False))
    workspace.add(Channel("C0SHARED", is_ext_shared=True))
    for who in (SAM, JO, LEE):
        workspace.add(User(who))
    workspace.add(User(GUEST, is_restricted=True))
    workspace.add(User(FOREIGN, team_id="T0OTHER"))
    workspace.add(User(GONE, deleted=True))
    workspace.add(User(ROBOT, is_bot=True))
    workspace.usergroups[GROUP] = [SAM, JO]
    return workspace


class FakeSlack:
    def __init__(
        self,
        workspace: Workspace | None = None,
        *,
        ack_within: float = 3.0,
        post_every: float = 0.9,
    ) -> None:
        self.workspace = acme(workspace or Workspace())
        self.api = Api(self.workspace, post_every=post_every)
        self.api.posted = self._echo
        self.sockets = Sockets(self.workspace, ack_within=ack_within)
        self.deliver: Callable[[str, dict[str, Any]], Envelope] = self.sockets.deliver
        """How what people do reaches the app."""
        self.responses: list[dict[str, Any]] = []
        """What was sent to response URLs: one person sees it."""
        self.url = ""
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/api/apps.connections.open", self._open)
        app.router.add_route("*", "/api/{method}", self.api.answer)
        app.router.add_get("/link", self.sockets.serve)
        app.router.add_post("/response/{user}", self._respond)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}/api/"
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.sockets.close()
        assert self._runner is not None
        await self._runner.cleanup()

    def settings(self, **more: Any) -> dict[str, Any]:
        """Return a `[slack]` section that reaches this Slack."""
        return {
            "enabled": True, "api_url": self.url, "bot_token": BOT_TOKEN, "app_token": APP_TOKEN,
            "intake_channel": INTAKE, "staff_channel": STAFF, "staff_usergroup": GROUP, **more,
        }  # fmt: skip

    async def _open(self, request: web.Request) -> web.Response:
        request.match_info["method"] = "apps.connections.open"
        link = f"ws://127.0.0.1:{self._port}/link?ticket={self.sockets.ticket()}"
        self.api.__dict__["apps_connections_open"] = lambda _arguments: {"url": link}
        return await self.api.answer(request)

    async def _respond(self, request: web.Request) -> web.Response:
        self.responses.append({"user": request.match_info["user"], **(await request.json())})
        return web.Response(text="ok")

    # What people do.

    def event(self, **event: Any) -> Envelope:
        """Deliver an event. Slack gives each its own id."""
        return self.deliver("events_api", {
            "type": "event_callback", "team_id": TEAM, "api_app_id": APP, "event": event,
            "event_id": self.workspace.new_id("Ev"), "event_time": int(self.workspace.now().timestamp()),
            "authorizations": [{"team_id": TEAM, "user_id": "U0BOT", "is_bot": True}],
        })  # fmt: skip

    def _echo(self, channel: Channel, message: dict[str, Any]) -> None:
        """Deliver the app's own message to it, as Slack does."""
        kind = "im" if channel.is_im else "group" if channel.is_private else "channel"
        self.event(**message, channel=channel.id, channel_type=kind, event_ts=message["ts"])

    def say_alone(self, text: str, *, user: str = LEE, **more: Any) -> str:
        """Write to the app in a direct message; return its ts."""
        return self.say(text, user=user, channel=self.workspace.direct(user), **more)

    def say(self, text: str, *, user: str = LEE, channel: str = INTAKE, **more: Any) -> str:
        """Post a message as a person does; return its ts."""
        message = self.workspace.put(channel, user=user, text=escaped(text), **more)
        kind = "im" if channel.startswith("D") else "channel"
        self.event(**message, channel=channel, channel_type=kind, event_ts=message["ts"])
        if "<@U0BOT>" in message["text"]:
            mention = {k: message[k] for k in ("user", "text", "ts", "thread_ts") if k in message}
            self.event(type="app_mention", channel=channel, event_ts=message["ts"], **mention)
        return str(message["ts"])

    def edit(self, ts: str, text: str, channel: str = INTAKE) -> None:
        message = self.workspace.channels[channel].messages[ts]
        before = dict(message)
        message |= {"text": escaped(text), "edited": {"user": message["user"], "ts": self.workspace.new_ts()}}  # fmt: skip
        self._changed(channel, "message_changed", message=dict(message), previous_message=before)

    def delete(self, ts: str, channel: str = INTAKE) -> None:
        """Delete a message; one with a thread leaves a tombstone, which is a change of it."""
        messages = self.workspace.channels[channel].messages
        before = messages.pop(ts)
        if not before.get("reply_count"):
            self._changed(channel, "message_deleted", deleted_ts=ts, previous_message=before)
            return
        stone = {
            "type": "message", "subtype": "tombstone", "user": "USLACKBOT", "hidden": True, "ts": ts,
            "thread_ts": ts, "text": "This message was deleted.", "reply_count": before["reply_count"],
        }  # fmt: skip
        messages[ts] = stone
        self._changed(channel, "message_changed", message=dict(stone), previous_message=before)

    def unfurl(self, ts: str, channel: str = INTAKE) -> None:
        """Show a preview of a link, which is a change of the message by nobody."""
        message = self.workspace.channels[channel].messages[ts]
        before = dict(message)
        message["attachments"] = [{"title": "Delete all my data", "text": "delete all my data"}]
        self._changed(channel, "message_changed", message=dict(message), previous_message=before)

    def _changed(self, channel: str, subtype: str, **more: Any) -> None:
        ts = self.workspace.new_ts()
        self.event(type="message", subtype=subtype, channel=channel, ts=ts, event_ts=ts, hidden=True, **more)  # fmt: skip

    def click(self, action: dict[str, Any], *, user: str, channel: str, ts: str) -> Envelope:
        return self._interact("block_actions", user, {
            "container": {"type": "message", "message_ts": ts, "channel_id": channel},
            "channel": {"id": channel, "name": "x"}, "message": {"ts": ts, "type": "message"},
            "actions": [{"block_id": "b", "action_ts": self.workspace.new_ts(), **action}],
            "response_url": f"{self.url.removesuffix('api/')}response/{user}",
        })  # fmt: skip

    def press(self, action_id: str, value: str, *, user: str, ts: str = "1.0", channel: str = STAFF) -> Envelope:  # fmt: skip
        action = {"type": "button", "action_id": action_id, "value": value}
        return self.click(action, user=user, channel=channel, ts=ts)

    def submit(self, view: dict[str, Any], values: dict[str, Any], *, user: str) -> Envelope:
        """Submit a modal; `values` maps a block to the state of its only element."""
        ids = {
            b["block_id"]: b["element"]["action_id"] for b in view["blocks"] if b["type"] == "input"
        }
        state = {block: {ids[block]: value} for block, value in values.items()}
        return self._interact("view_submission", user, {"view": {**view, "state": {"values": state}}, "response_urls": []})  # fmt: skip

    def shortcut(self, callback_id: str, *, user: str, channel: str, ts: str) -> Envelope:
        message = self.workspace.channels[channel].messages[ts]
        return self._interact("message_action", user, {
            "callback_id": callback_id, "message_ts": ts, "message": message, "channel": {"id": channel},
            "response_url": f"{self.url.removesuffix('api/')}response/{user}",
        })  # fmt: skip

    def global_shortcut(self, callback_id: str, *, user: str) -> Envelope:
        return self._interact("shortcut", user, {"callback_id": callback_id})

    def command(self, text: str, *, user: str, channel: str = STAFF) -> Envelope:
        return self.deliver("slash_commands", {
            "command": "/privacy", "text": text, "user_id": user, "channel_id": channel,
            "team_id": self.workspace.users[user].team_id, "api_app_id": APP,
            "trigger_id": self.api.trigger(), "response_url": f"{self.url.removesuffix('api/')}response/{user}",
        })  # fmt: skip

    def _interact(self, kind: str, user: str, more: dict[str, Any]) -> Envelope:
        team = self.workspace.users[user].team_id
        who = {"id": user, "username": user.lower(), "team_id": team}
        return self.deliver("interactive", {
            "type": kind, "team": {"id": TEAM, "domain": "acme"}, "user": who, "api_app_id": APP,
            "trigger_id": self.api.trigger(), "is_enterprise_install": False, **more,
        })  # fmt: skip

    def last_view(self) -> dict[str, Any]:
        return list(self.workspace.views.values())[-1]

    def public(self) -> str:
        """Return all that was ever shown in a channel, as one text."""
        return json.dumps([s.payload for s in self.workspace.shown if s.public], ensure_ascii=False)


def escaped(text: str) -> str:
    """Escape as Slack does what people type; mentions, links and commands it makes itself stay."""
    return text if "<" in text else text.replace("&", "&amp;").replace(">", "&gt;")


async def acked(envelope: Envelope, seconds: float = 10.0) -> dict[str, Any]:
    """Wait for the ack and return its payload."""
    async with asyncio.timeout(seconds):
        await envelope.acked.wait()
    return envelope.answer
