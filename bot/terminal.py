"""What a person sees of a command's answer: tables and sentences, or JSON where asked.

Colour goes away by itself where the output is no terminal. Nothing is printed as markup: a
requester's name may look like one.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.views import View
from store.due import short

console = Console(highlight=False, markup=False)

STYLE = {"triage": "yellow", "open": "green", "closed": "dim"}


def print_json(values: Iterable[object]) -> None:
    for value in values:
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def show_rows(rows: Iterable[View], *, as_json: bool) -> None:
    """Show values that are alike as a table, their keys as its head."""
    found = list(rows)
    if as_json:
        print_json(found)
    elif found:
        table(list(found[0]), [[said(value) for value in row.values()] for row in found])
    else:
        console.print("none")


def show_cases(cases: Iterable[View], *, as_json: bool) -> None:
    if as_json:
        print_json(cases)
        return
    flood, rows = 0, []
    for case in cases:
        flood += case["in_flood"]
        rows += [] if case["in_flood"] else case_rows(case)
    if rows:
        table(["Reference", "What was asked", "Received", "Due", "State"], rows)
    elif not flood:
        console.print("no cases yet")
    if flood:
        console.print(f"and {flood} of senders who failed authentication: privacy-intake flood")


def case_rows(case: View) -> list[list[str]]:
    """One row for each thing asked; the reference stands in the first."""
    rows = []
    for place, request in enumerate(case["requests"]):
        state = "closed" if request["state"] == "closed" else case["state"]
        if request["moved_to"]:
            state = f"in {request['moved_to']}"
        received = short(date.fromisoformat(request["received_on"]))
        rows.append(
            [case["ref"] if place == 0 else "", asked(request), received, due_of(request), state]
        )
    return rows


def asked(request: View) -> str:
    if request["right"]:
        return str(request["right"]).replace("_", " ")
    guess = ", ".join(request["guess"]).replace("_", " ")
    return f"to be sorted ({guess}?)" if guess else "to be sorted"


def due_of(request: View) -> str:
    if request["due_on"] is None or request["moved_to"]:
        return "-"
    day = short(date.fromisoformat(request["due_on"]))
    kind = {"policy": " (own target)", "at_once": " (at once)", "acknowledgement": " (acknowledge)"}
    if request["due_at"]:
        return f"{datetime.fromisoformat(request['due_at']):%a %d %b %H:%M} UTC"
    return day + kind.get(request["due_kind"], "")


def show_case(cases: Iterable[View], *, as_json: bool) -> None:
    if as_json:
        print_json(cases)
        return
    for case in cases:
        show_one(case)


def show_receipt(erased: View) -> None:
    """Say what became of a case that was erased, place by place."""
    head = f"{erased['ref']}  erased on {erased['erased_at'][:16]} UTC"
    console.print(Text(head, style="bold"))
    console.print(f"Asked by {erased['asked_by']}, confirmed by {erased['confirmed_by']}")
    console.print(f"Reason:    {erased['reason']} ({erased['rule']})")
    table(["Place", "Erased"], [[place, str(n)] for place, n in erased["places"].items()])
    if erased["slack_posts_left"]:
        console.print("Its posts in Slack are still to be deleted")
    for place in erased["out_of_reach"]:
        console.print(f"Out of reach: {place}")


def show_one(case: View) -> None:
    if case["state"] == "erased":
        show_receipt(case)
        return
    who = case["requester"]
    console.print(Text(f"{case['ref']}  {case['state']}", style="bold"))
    console.print(
        f"Requester: {who['name']} <{who['address'] or 'unknown'}>, trust: {who['trust']}"
        + (", made sure of since" if who["verified"] else "")
        + (f" ({', '.join(who['trust_reasons'])})" if who["trust_reasons"] else "")
    )
    console.print(f"Received:  {case['received_at']} by {case['channel']}")
    for line in (*known_of(case), *ties(case)):
        console.print(line)
    for request in case["requests"]:
        head = f"\n{request['number']}. {asked(request)}"
        if request["moved_to"]:
            console.print(f"{head}: goes on in {request['moved_to']}")
            continue
        console.print(f"{head}: due {due_of(request)}{end_of(request)}")
        for sentence in request["working"]:
            console.print(f"     {sentence}")
        for words in request["because"]:
            console.print(f'     read by {request["score"]:.0%} in "{words}"')
    console.print()
    rows = [[e["at"][:19], e["kind"], detail(e), e["by"]] for e in case["events"]]
    table(["At (UTC)", "What happened", "", "By"], rows)


def known_of(case: View) -> Iterator[str]:
    """Say what was read beside what is asked, and what to know before reading the messages."""
    if case["facets"]:
        yield f"Reads as:  {', '.join(case['facets']).replace('_', ' ')}"
    flags = dict.fromkeys(flag for message in case["messages"] for flag in message["flags"])
    for flag in flags:
        yield f"To know:   {flag}"


def ties(case: View) -> Iterator[str]:
    """Say how a case is tied to others, and what is to be done about its papers."""
    if case["merged_into"]:
        yield f"Goes on in {case['merged_into']}"
    if case["links"]:
        yield f"Linked:    {', '.join(case['links'])}"
    for link in case["proposed_links"]:
        yield f"Linked?    {link['ref']}: {link['why']}"
    for spool_id in case["papers_due"]:
        yield f"To delete: the proof of identity in {spool_id}"
    if held := case["legal_hold"]:
        yield f"Legal hold: {held['owner']}, until {held['review_on']} at least: {held['why']}"
    if erasure := case["erasure"]:
        stands = erasure["stopped_by"] and f"stopped ({erasure['stopped_by']})"
        stands = stands or erasure["erase_at"] or "waits for a second person"
        yield f"To be erased, asked by {erasure['asked_by']}: {stands}"
    for warning in case["warnings"]:
        yield f"Warning:   {warning}"


def end_of(request: View) -> str:
    left = ", ".join(request["systems_left"])
    closed = f", to be ticked off: {left}" if left else ""
    closed += f", closed: {request['outcome']}" if request["outcome"] else ""
    of = request["reviews"]
    if of is None:
        return closed
    decided = f"{of['outcome']}, by {of['decided_by']}"
    return f", reviews request {of['request']} of {of['ref']} ({decided}){closed}"


def detail(event: View) -> str:
    known = (
        "label",
        "what",
        "outcome",
        "reasons",
        "letter_kind",
        "letter_id",
        "why",
        "ref",
        "spool_id",
        "system",
    )
    said_of = [str(event[key]) for key in known if event.get(key)]
    return ", ".join(said_of + list(event.get("flags", ())))


def show_filed(items: Iterable[View], *, as_json: bool) -> None:
    found = list(items)
    if as_json:
        print_json(found)
        return
    rows = [[i["id"], i["received_at"][:16], i["end"], i["why"], scores(i)] for i in found]
    table(["Id", "Received (UTC)", "Filed as", "Why", "Reading"], rows) if rows else console.print(
        "none"
    )


def scores(item: View) -> str:
    return ", ".join(f"{label} {score:.2f}" for label, score in item["scores"].items())


def show_account(account: View, *, as_json: bool) -> bool:
    """Show where every message is; return whether the sum is right."""
    if as_json:
        print_json([account])
        return bool(account["adds_up"])
    rows = [[end, str(count)] for end, count in account["ends"].items()]
    table(["Where", "Messages"], [*rows, ["accepted", str(account["accepted"])]])
    for spool_id in account["missing"]:
        console.print(f"{spool_id}: done, but in no case and in no file", style="red")
    for spool_id in account["without_bytes"]:
        console.print(f"{spool_id}: in the casebook, but its bytes are gone", style="red")
    console.print("it adds up" if account["adds_up"] else "it does not add up")
    return bool(account["adds_up"])


def show_proof(proof: View, *, as_json: bool) -> bool:
    """Show what was proved; return whether everything is as it was chained."""
    if as_json:
        print_json([proof])
        return bool(proof["whole"])
    for fault in proof["faults"]:
        console.print(fault, style="red")
    console.print(
        f"{proof['cases']} cases with {proof['events']} events, {proof['erased']} erased, "
        f"{proof['log_entries']} entries of the house log, {proof['days']} days' heads"
    )
    if proof["unchained"]:
        console.print(
            f"{proof['unchained']} events are older than the chain and were not looked at"
        )
    if proof["last"]:
        console.print(f"head of {proof['last']['on']}: {proof['last']['root']}")
    console.print("all is as it was chained" if proof["whole"] else "not all is as it was chained")
    return bool(proof["whole"])


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    shown = Table(show_edge=False, header_style="bold", pad_edge=False)
    for name in head:
        shown.add_column(name, overflow="fold")
    for row in rows:
        shown.add_row(*(Text(cell, style=STYLE.get(cell, "")) for cell in row))
    console.print(shown)


def said(value: Any) -> str:
    return "" if value is None else str(value)


def show_check(checked: View, *, as_json: bool) -> None:
    if as_json:
        print_json([checked])
        return
    for section, settings in checked["settings"].items():
        for key, value in settings.items() if isinstance(settings, dict) else [("", settings)]:
            console.print(
                f"{section}.{key} = {json.dumps(value)}"
                if key
                else f"{section} = {json.dumps(value)}"
            )
    for warning in checked["warnings"]:
        console.print(f"warning: {warning}", style="yellow")
    console.print("the configuration is good")


def show_what_if(found: Iterable[View]) -> None:
    for due in found:
        console.print(f"due {due['due'] or 'on no date yet'}; nothing was changed")
        for sentence in due["working"]:
            console.print(f"  {sentence}", soft_wrap=True)


def show_calendar(found: Iterable[View], *, as_json: bool) -> None:
    rows = list(found)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        if "holiday" in row:
            console.print(row["holiday"])
        elif "accepted" in row:
            console.print(f"accepted: {row['accepted']}; in force from the next start on")
        else:
            what = str(row["right"] or "not sorted").replace("_", " ")
            console.print(f"{row['ref']}  {what}: {row['old']} would be {row['new']}")
    if not rows:
        console.print("the holiday list is the one in force")


def show_letters(found: Iterable[View], *, as_json: bool) -> None:
    rows = list(found)
    if as_json:
        print_json(rows)
    elif len(rows) == 1 and "text" in rows[0]:
        console.print(f"To: {rows[0]['to']}\nSubject: {rows[0]['subject']}\n\n{rows[0]['text']}")
    elif rows:
        for row in rows:
            show_fate(row)
    else:
        console.print("no letters yet")


def show_fate(row: View) -> None:
    """Say what a letter was, and each thing that became of it, in order."""
    console.print(Text(f"{row['id']}  {row['kind']}  {row['status']}", style="bold"))
    console.print(f"  to {row['to']}, in the words of version {row['version']}")
    console.print(f"  {instant(row['owed_at'])} written by {row['by']}")
    for step in row["became"]:
        why = f": {step['why']}" if step["why"] else ""
        console.print(f"  {instant(step['at'])} {step['what']} by {step['by']}{why}")


def instant(text: str) -> str:
    at = datetime.fromisoformat(text)
    return f"{short(at)} {at:%Y %H:%M} UTC"
