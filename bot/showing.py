"""What a person sees of messages: their words, what was saved of them, what became of a heap of them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bot.terminal import console, instant, print_json, table
from bot.views import View


def show_messages(messages: Sequence[View], *, as_json: bool) -> None:
    if as_json:
        print_json(messages)
        return
    for message in messages:
        console.rule()
        console.print(f"From:     {message['sender'] or 'unknown'}")
        console.print(f"Received: {instant(message['received_at'])}  ({message['id']})")
        console.print(f"Subject:  {message['subject']}")
        for flag in message["flags"]:
            console.print(f"Mind:     {flag}")
        for file in message["attachments"]:
            name = file["name"] or "no name"
            console.print(f"Attached: {name}, {file['content_type']}, {file['size']:,} bytes")
        console.print(f"\n{message['text'].strip()}\n")
    if not messages:
        console.print("no messages")


def show_files(files: Iterable[Path], *, as_json: bool) -> None:
    for path in files:
        print_json([{"path": str(path)}]) if as_json else console.print(str(path))


def show_summary(summary: View, *, as_json: bool) -> None:
    if as_json:
        print_json([summary])
        return
    rows = [[name.replace("_", " "), str(n)] for name, n in summary.items() if isinstance(n, int)]
    table(["What became of them", "Messages"], rows)
    for path in summary["too_large"]:
        console.print(f"too large, and left out: {path}", style="red")


@contextmanager
def progress(what: str, total: int) -> Iterator[Progress]:
    """Show a bar on a terminal, and nothing elsewhere; it stays off the output."""
    err = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal, transient=True) as bar:
        bar.add_task(what, total=total)
        yield bar
