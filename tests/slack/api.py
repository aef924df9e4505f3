"""The Web API: each method takes its arguments and answers as Slack documents it, or with Slack's error."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.slack.limits import BreachError, check_message, check_view, must
from tests.slack.workspace import (
    APP_TOKEN,
    BOT_ID,
    BOT_TOKEN,
    BOT_USER,
    TEAM,
    Channel,
    Shown,
    Workspace,
)

Arguments = dict[str, Any]
Answer = dict[str, Any]

TRIGGER_LASTS = 3.0  # seconds
LONGEST_PAGE = 15  # Slack may give fewer than were asked for
SCOPE_OF = {
    "chat.postMessage": "chat:write", "chat.update": "chat:write", "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write", "users.info": "users:read",
    "usergroups.users.list": "usergroups:read", "conversations.open": "im:write",
    "users.conversations": "im:read",
}  # fmt: skip


class Api:
    """Answers the calls of one app. Trouble is ordered by adding to `trouble`."""

    def __init__(self, workspace: Workspace, *, post_every: float) -> None:
        self._workspace = workspace
        self._post_every = post_every
        self._last_post: dict[str, float] = {}
        self.triggers: dict[str, float] = {}
        self.calls: list[tuple[str, Arguments]] = []
        self.trouble: dict[str, list[Callable[[], web.Response | None]]] = {}
        """By method: what happens to the next calls instead; None lets one through."""
        self.after: dict[str, list[Callable[[web.Request], None]]] = {}
        """By method: what happens after the call was done, before it is answered."""
        self.allowed: dict[str, int] = {}
        """By method: how many calls a second, where that is to matter."""
        self._called_at: dict[str, list[float]] = {}
        self.tokens = {BOT_TOKEN, APP_TOKEN}
        self.rate_limited = 0
        self.slow = 0.0
        """Seconds that every call takes."""
        self.posted: Callable[[Channel, dict[str, Any]], None] = lambda _channel, _message: None
        """Told of each message of the app's own."""
        self.check_view: Callable[[dict[str, Any]], None] = check_view

    async def answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        arguments = await arguments_of(request)
        self.calls.append((method, arguments))
        await asyncio.sleep(self.slow)
        waiting = self.trouble.get(method) or self.trouble.get("*")
        trouble = waiting.pop(0)() if waiting else None
        if trouble is not None:
            return trouble
        try:
            self._authenticate(request, method)
            self._limit(method, arguments)
            answer = getattr(self, method.replace(".", "_"))(arguments)
        except BreachError as error:
            more = {
                "needed": SCOPE_OF.get(method, ""),
                "response_metadata": {"messages": [error.why]},
            }
            return web.json_response({"ok": False, "error": error.code, **more})
        except TooFastError:
            self.rate_limited += 1
            body = {"ok": False, "error": "ratelimited"}
            return web.json_response(body, status=429, headers={"Retry-After": "1"})
        if self.after.get(method):
            self.after[method].pop(0)(request)
        scopes = {"x-oauth-scopes": ",".join(sorted(self._workspace.scopes))}
        return web.json_response({"ok": True, **answer}, headers=scopes)

    def trigger(self) -> str:
        trigger_id = self._workspace.new_id("trigger")
        self.triggers[trigger_id] = asyncio.get_running_loop().time()
        return trigger_id

    def _authenticate(self, request: web.Request, method: str) -> None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        must(token, "no token", "not_authed")
        must(token in self.tokens, "unknown or revoked", "invalid_auth")
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        must(token == wanted, "the other kind of token", "not_allowed_token_type")
        scope = SCOPE_OF.get(method)
        must(scope is None or scope in self._workspace.scopes, f"needs {scope}", "missing_scope")

    def _limit(self, method: str, arguments: Arguments) -> None:
        now, channel = asyncio.get_running_loop().time(), arguments.get("channel", "")
        lately = [at for at in self._called_at.get(method, []) if now - at < 1]
        if len(lately) >= self.allowed.get(method, 1_000):
            raise TooFastError
        self._called_at[method] = [*lately, now]
        if method != "chat.postMessage":
            return
        if now - self._last_post.get(channel, -1e9) < self._post_every:
            raise TooFastError
        self._last_post[channel] = now

    def _channel(self, arguments: Arguments, *, history: bool = False) -> Channel:
        channel = self._workspace.channels.get(arguments.get("channel", ""))
        must(channel is not None, "no such channel", "channel_not_found")
        assert channel is not None
        if history:
            scope = "groups:history" if channel.is_private else "channels:history"
            scope = "im:history" if channel.is_im else scope
            must(scope in self._workspace.scopes, f"needs {scope}", "missing_scope")
        must(channel.has_bot or not channel.is_private, "hidden", "channel_not_found")
        must(channel.has_bot, "the bot is not in it", "not_in_channel")
        must(not channel.is_archived, "archived", "is_archived")
        return channel

    def auth_test(self, _arguments: Arguments) -> Answer:
        return {"user_id": BOT_USER, "bot_id": BOT_ID, "team_id": TEAM, "team": "Acme", "user": "privacy", "url": "https://acme.slack.test/"}  # fmt: skip

    def chat_postMessage(self, arguments: Arguments) -> Answer:  # noqa: N802
        channel = self._channel(arguments)
        text, blocks = arguments.get("text", ""), arguments.get("blocks", [])
        check_message(text, blocks)
        more = {"thread_ts": arguments["thread_ts"]} if arguments.get("thread_ts") else {}
        must(not more or more["thread_ts"] in channel.messages, "no parent", "thread_not_found")
        message = self._workspace.put(
            channel.id, user=BOT_USER, bot_id=BOT_ID, text=text, blocks=blocks, **more
        )
        self._show("chat.postMessage", channel.id, arguments)
        self.posted(channel, message)
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    def chat_update(self, arguments: Arguments) -> Answer:
        channel = self._channel(arguments)
        message = channel.messages.get(arguments["ts"])
        must(message is not None, "no such message", "message_not_found")
        assert message is not None
        must(message.get("bot_id") == BOT_ID, "somebody else's", "cant_update_message")
        text, blocks = arguments.get("text", ""), arguments.get("blocks", [])
        check_message(text, blocks)
        message |= {"text": text, "blocks": blocks, "edited": {"user": BOT_USER}}
        self._show("chat.update", channel.id, arguments)
        return {"channel": channel.id, "ts": message["ts"], "text": text}

    def chat_delete(self, arguments: Arguments) -> Answer:
        channel = self._channel(arguments)
        message = channel.messages.get(arguments["ts"])
        must(message is not None, "no such message", "message_not_found")
        assert message is not None
        must(message.get("bot_id") == BOT_ID, "somebody else's", "cant_delete_message")
        del channel.messages[arguments["ts"]]
        return {"channel": channel.id, "ts": arguments["ts"]}

    def chat_postEphemeral(self, arguments: Arguments) -> Answer:  # noqa: N802
        self._channel(arguments)
        must(arguments["user"] in self._workspace.users, "nobody", "user_not_in_channel")
        check_message(arguments.get("text", ""), arguments.get("blocks", []))
        self._show("chat.postEphemeral", arguments["user"], arguments)
        return {"message_ts": self._workspace.new_ts()}

    def conversations_history(self, arguments: Arguments) -> Answer:
        channel = self._channel(arguments, history=True)
        return paged(channel.top()[::-1], arguments)

    def conversations_replies(self, arguments: Arguments) -> Answer:
        channel = self._channel(arguments, history=True)
        found = channel.thread(arguments["ts"])
        must(found, "no such thread", "thread_not_found")
        parent, replies = found[:1], found[1:]
        answer = paged(replies, arguments)
        return {**answer, "messages": parent + answer["messages"]}

    def conversations_info(self, arguments: Arguments) -> Answer:
        channel = self._workspace.channels.get(arguments.get("channel", ""))
        must(channel is not None, "no such channel", "channel_not_found")
        assert channel is not None
        scope = "groups:read" if channel.is_private else "channels:read"
        scope = "im:read" if channel.is_im else scope
        must(scope in self._workspace.scopes, f"needs {scope}", "missing_scope")
        must(channel.has_bot or not channel.is_private, "hidden", "channel_not_found")
        return {"channel": channel.as_json()}

    def conversations_open(self, arguments: Arguments) -> Answer:
        user = self._workspace.users.get(arguments["users"])
        must(user is not None, "nobody", "user_not_found")
        assert user is not None
        must(not user.deleted, "gone", "user_disabled")
        must(not user.is_bot, "a bot", "cannot_dm_bot")
        return {"channel": {"id": self._workspace.direct(user.id)}}

    def users_conversations(self, arguments: Arguments) -> Answer:
        must(arguments.get("types") == "im", "the only kind in use here")
        found = [{"id": c.id, "is_im": True} for c in self._workspace.channels.values() if c.is_im]
        return {"channels": found, "response_metadata": {"next_cursor": ""}}

    def chat_getPermalink(self, arguments: Arguments) -> Answer:  # noqa: N802
        channel, ts = self._channel(arguments), arguments["message_ts"]
        must(ts in channel.messages, "no such message", "message_not_found")
        where = f"https://acme.slack.test/archives/{channel.id}/p{ts.replace('.', '')}"
        return {"channel": channel.id, "permalink": where}

    def users_info(self, arguments: Arguments) -> Answer:
        user = self._workspace.users.get(arguments["user"])
        must(user is not None, "nobody", "user_not_found")
        assert user is not None
        must(not user.hidden, "hidden", "user_not_visible")
        return {"user": user.as_json()}

    def usergroups_users_list(self, arguments: Arguments) -> Answer:
        members = self._workspace.usergroups.get(arguments["usergroup"])
        must(members is not None, "no such group", "no_such_subteam")
        return {"users": members}

    def views_open(self, arguments: Arguments) -> Answer:
        at = self.triggers.pop(arguments["trigger_id"], None)
        must(at is not None, "used or unknown", "exchanged_trigger_id")
        assert at is not None
        fresh = asyncio.get_running_loop().time() - at <= TRIGGER_LASTS
        must(fresh, "older than 3 seconds", "expired_trigger_id")
        return {"view": self._keep_view(arguments["view"], self._workspace.new_id("V"))}

    def views_update(self, arguments: Arguments) -> Answer:
        view = self._workspace.views.get(arguments["view_id"])
        must(view is not None, "no such view", "not_found")
        assert view is not None
        must(arguments.get("hash") in {None, view["hash"]}, "changed since", "hash_conflict")
        return {"view": self._keep_view(arguments["view"], arguments["view_id"])}

    def views_publish(self, arguments: Arguments) -> Answer:
        self.check_view(arguments["view"])
        must(arguments["view"]["type"] == "home", "not a home", "invalid_arguments")
        self._workspace.homes[arguments["user_id"]] = arguments["view"]
        self._show("views.publish", arguments["user_id"], arguments)
        return {"view": arguments["view"]}

    def _keep_view(self, view: dict[str, Any], view_id: str) -> Answer:
        check_view(view)
        must(view["type"] == "modal", "not a modal", "invalid_arguments")
        kept = {**view, "id": view_id, "hash": self._workspace.new_id("hash"), "team_id": TEAM}
        self._workspace.views[view_id] = kept
        self._show("views", view_id, view)
        return kept

    def _show(self, method: str, to: str, payload: dict[str, Any]) -> None:
        self._workspace.shown.append(Shown(method, to, payload))


class TooFastError(Exception):
    """More than one message a second in one channel."""


async def arguments_of(request: web.Request) -> Arguments:
    """Read arguments as Slack does: JSON, form or query; nested values may be JSON text."""
    if request.content_type == "application/json":
        body = await request.text()
        return dict(json.loads(body)) if body else {}
    given: Arguments = {**request.query, **(await request.post())}
    for name in ("blocks", "view"):
        if isinstance(given.get(name), str):
            given[name] = json.loads(given[name])
    return given


def paged(messages: list[dict[str, Any]], arguments: Arguments) -> Answer:
    oldest, latest = arguments.get("oldest", "0"), arguments.get("latest", "9" * 12)
    inclusive = str(arguments.get("inclusive", "0")) in {"1", "true", "True"}
    within = [
        m for m in messages
        if float(oldest) < float(m["ts"]) < float(latest) or (inclusive and m["ts"] in {oldest, latest})
    ]  # fmt: skip
    start, most = (
        int(arguments.get("cursor") or 0),
        min(int(arguments.get("limit", 100)), LONGEST_PAGE),
    )
    rest = start + most
    more = rest < len(within)
    cursor = {"next_cursor": str(rest) if more else ""}
    return {"messages": within[start:rest], "has_more": more, "response_metadata": cursor}
