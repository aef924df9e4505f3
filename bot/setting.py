"""The parts that decide and write, made from the configuration: for the bot and for a lone command alike."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from bot.auditing import Audit
from bot.bench import Policy
from bot.calendar_desk import CALENDAR
from bot.canary import Canary
from bot.casework import Casework, Records
from bot.command import Read
from bot.config import Config
from bot.desk import Desk
from bot.erasures import Erasures
from bot.flood import Floodgate
from bot.intake import Intake
from bot.letters import Letters
from bot.mail.home import Home
from bot.models import Models
from bot.office import Office
from bot.people import People
from bot.reader import Reader
from bot.restraint import Restraint
from bot.retention import Retention, schedule_of
from bot.triage import Rules
from bot.watch import Watch
from store.block_list import BlockList, open_block_list
from store.calendars import differences, in_force, listed
from store.erasing import Erasing
from store.folder import DataFolder
from store.heads import Heads
from store.jurisdiction import Jurisdiction
from store.ledger import LEDGER, Ledger
from store.outbox import Outbox
from store.tombstones import Tombstones
from store.working_days import Calendar

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Setting:
    here: Jurisdiction
    configured: Calendar
    rules: Rules
    casework: Casework
    desk: Desk
    block_list: BlockList
    people: People
    watch: Watch
    audit: Audit
    canary: Canary
    erasures: Erasures


def configured_calendar(config: Config) -> Calendar:
    """Return the nation's bank holidays with the configured corrections."""
    corrections = config.policy.holiday_overrides
    added = {date.fromisoformat(c[:10]): c[11:] for c in corrections if not c.startswith("-")}
    dropped = [date.fromisoformat(c[1:]) for c in corrections if c.startswith("-")]
    return Calendar.of(config.controller.nation, added, dropped)


def accepted_calendar(config: Config, folder: DataFolder) -> Calendar:
    """Return the holidays a person has accepted; the first list is accepted as it is."""
    configured = configured_calendar(config)
    accepted = folder.casebook.kept(CALENDAR)
    if accepted is None:
        folder.casebook.keep(CALENDAR, listed(configured))
        return configured
    if not differences(configured, accepted):
        return configured
    log.warning("the holiday list has changed: see `privacy-intake calendar`")
    return in_force(configured, accepted)


def jurisdiction(config: Config) -> Jurisdiction:
    return Jurisdiction(
        zone=ZoneInfo(config.controller.timezone),
        calendar=configured_calendar(config),
        query_target_days=config.policy.query_target_days,
        complaint_target_days=config.policy.complaint_target_days,
        review_target_days=config.policy.review_target_days,
    )


def home(config: Config) -> Home:
    """Return what is ours; an address at any domain could be anybody's who writes."""
    mail = config.mail
    named = (a for a in (*mail.addresses, *mail.unsubscribe_addresses) if not a.endswith("@"))
    return Home(frozenset({mail.from_.lower(), *named}), mail.trusted_authserv_id, mail.resolver)


def setting(config: Config, folder: DataFolder) -> Setting:
    here = replace(jurisdiction(config), calendar=accepted_calendar(config, folder))
    casebook = folder.casebook
    ours = home(config)
    rules = Rules(
        floor=config.classify.floor,
        own_addresses=ours.addresses,
        unsubscribe_addresses=frozenset(config.mail.unsubscribe_addresses),
        trusted_hosts=frozenset(host.lower() for host in config.mail.trusted_hosts),
    )
    letters = Letters(config, here)
    block_list = open_block_list(
        config.data.keyring or folder.root, casebook, config.policy.sending_systems
    )
    tombstones = Tombstones(casebook, block_list.key)
    people = People(config.staff)
    witness = Heads(folder.root)
    casework = Casework(
        letters,
        here,
        Records(casebook.new_ref, casebook.get, casebook.by_trait, tombstones.knows),
        ours.domains,
        block_list,
        Restraint(config.mail.limits, casebook.answered),
        Floodgate(config.mail.limits.failed_senders_per_day, casebook.kept),
    )
    policy = Policy(
        undo=timedelta(seconds=config.policy.undo_seconds),
        four_eyes=frozenset(config.policy.four_eyes),
        schedule=schedule_of(config),
    )
    erasing = Erasing(
        casebook,
        folder.spool,
        here,
        secret=lambda: block_list.key,
        outbox=outbox(config, folder.root),
        ledger=Ledger(folder.root / LEDGER),
        sealing=folder.sealing,
    )
    return Setting(
        here=here,
        configured=configured_calendar(config),
        rules=rules,
        casework=casework,
        desk=Desk(casebook, casework, letters, rules, here, policy, block_list),
        block_list=block_list,
        people=people,
        watch=Watch(casebook, folder.fleet, here, people, config, witness),
        audit=Audit(casebook, witness, here, config.policy.digest_hour),
        canary=Canary(casebook, config.mail),
        erasures=Erasures(casebook, erasing, Retention(casebook, here, policy.schedule)),
    )


def outbox(config: Config, root: Path) -> Outbox:
    """Return where letters lie that were sent; a mail server has them, unless the relay is a Maildir."""
    scheme, _, where = config.mail.relay.partition(":")
    return Outbox(root / where if scheme == "maildir" else None)


def office(
    parts: Setting,
    folder: DataFolder,
    *,
    read: Read,
    now: Callable[[], datetime],
    changed: Callable[[], None] = lambda: None,
    hand_over: Callable[[str], None] = lambda _spool_id: None,
) -> Office:
    return Office(
        spool=folder.spool,
        casebook=folder.casebook,
        audit=parts.audit,
        fleet=folder.fleet,
        desk=parts.desk,
        block_list=parts.block_list,
        people=parts.people,
        watch=parts.watch,
        erasures=parts.erasures,
        canary=parts.canary,
        configured=parts.configured,
        here=parts.here,
        read=read,
        now=now,
        changed=changed,
        standing=folder.standing,
        hand_over=hand_over,
    )


def reader_for(config: Config) -> Reader:
    """Start the workers that read, with the model in use."""
    classify = config.classify
    return Reader(
        workers=classify.workers,
        seconds=classify.seconds,
        memory_bytes=classify.memory_mb << 20,
        model=Models(config).in_use,
        home=home(config),
    )


def intake_of(
    parts: Setting, folder: DataFolder, reader: Reader, now: Callable[[], datetime]
) -> Intake:
    return Intake(
        folder.spool,
        folder.casebook,
        reader,
        parts.casework,
        parts.rules,
        now,
        watch=parts.watch,
    )
