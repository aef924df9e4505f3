"""The configuration: one frozen value, read once, checked whole.

A TOML file, every key overridable by `PRIVACY_INTAKE_<SECTION>__<KEY>`; secrets by environment
or `*_file` only. Unknown keys are refused and all faults are said at once. Only this module
sees the environment.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)
from pydantic import ValidationError as PydanticError

from bot.forms import (
    accepted,
    casebook_address,
    holds_password,
    holiday,
    host_and_port,
    language,
    mail_address,
    relay_url,
    socket_or_port,
    split,
    time_zone,
)
from bot.mail.imap_config import ImapConfig
from bot.mail.lookup import name_server
from bot.mail.oauth_config import OAuthConfig
from bot.retention_config import RetentionConfig
from bot.slack.slack_config import SlackConfig, lacks
from store.casebook import EMBEDDED
from store.law import Label
from store.refused import RefusedError

PREFIX: Final = "PRIVACY_INTAKE_"
DEFAULT_FILE: Final = "privacy-intake.toml"
FROM_FILES: Final = (
    ("mail", "relay_password"),
    ("slack", "bot_token"),
    ("slack", "app_token"),
    ("slack", "signing_secret"),
)
"""Secrets that are read once, at the start, from the file that `*_file` names."""
SECRETS: Final[tuple[tuple[str, ...], ...]] = (
    *FROM_FILES,
    ("imap", "password"),
    ("imap", "oauth", "client_secret"),
    ("mail", "relay_oauth", "client_secret"),
)
"""What is set by the environment or lies in a file of its own, and is never shown."""


class ConfigError(RefusedError):
    """Everything that is wrong with the configuration, one fault a line."""


FourEyes = Literal["extension", "refusal", "outcome", "disclosure"]
Sending = Literal["send", "draft", "never"]
Role = Literal["handler", "lead", "auditor"]


Listen = Annotated[str, AfterValidator(host_and_port)]
Address = Annotated[str, AfterValidator(mail_address)]
System = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Hosts = Annotated[tuple[str, ...], BeforeValidator(split)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ControllerConfig(Section):
    """Who answers: letters are signed with this."""

    name: str = Field(default="Example Organisation", min_length=1)
    contact: str = "dataprotection@localhost"
    """How a person reaches the desk: printed in letters."""
    legal_name: str = ""
    """If it is another than the name; printed with the number and address."""
    number: str = ""
    """The company's number."""
    address: str = ""
    regulator_registration: str = ""
    """The number under which the controller is registered with the regulator."""
    notice_url: str = ""
    nation: Literal["ENG", "WLS", "SCT", "NIR"] = "ENG"
    """Whose bank holidays count: where requests are handled."""
    timezone: Annotated[str, AfterValidator(time_zone)] = "Europe/London"


class StaffConfig(Section):
    """A member of staff."""

    name: str = Field(min_length=1)
    email: Address | Literal[""] = ""
    """Where the daily list goes."""
    login: str = ""
    """The operating system's login: who acts on the command line."""
    slack_id: str = ""
    """The member ID in Slack; who acts there needs a login too."""
    roles: Annotated[tuple[Role, ...], BeforeValidator(split)] = ("handler",)
    """An auditor looks and does nothing; a lead may also sort out what others decided."""
    excluded_from: Hosts = ()
    """Kinds of case this person never sees: labels and facets, such as breach or employee."""


class DataConfig(Section):
    dir: Path = Path("data")
    """Spool, casebook and outgoing mail lie here. One bot only: it is locked."""
    casebook: Annotated[str, AfterValidator(casebook_address)] = Field(default=EMBEDDED, repr=False)
    """`tinydb` in the folder, or the address of a PostgreSQL that several bots share."""
    keyring: Path | None = None
    """The folder of keys, which bots that share a casebook share too; none is `dir`."""
    least_free_mb: int = Field(default=500, ge=0)
    """With less room on its disk no mail is taken: the sender keeps it and tries again."""


class LimitsConfig(Section):
    """What one sender, and all of them, may take of the mail door, and of its answers."""

    connections: int = Field(default=200, ge=1, le=10_000)
    per_address: int = Field(default=100, ge=1, le=10_000)
    """Connections from one address at a time."""
    idle_seconds: float = Field(default=300, gt=0, le=3600)
    """For each command, and for each 64 KB of a message (RFC 5321 4.5.3.2)."""
    transaction_seconds: float = Field(default=1200, gt=0, le=86_400)
    """From the greeting, or the message before, until a message is there."""
    answers_per_sender_day: int = Field(default=10, ge=1)
    """Acknowledgements by machine; what is over a limit waits for a person."""
    answers_per_case_day: int = Field(default=5, ge=1)
    answers_per_domain_hour: int = Field(default=50_000, ge=1)
    answers_per_hour: int = Field(default=100_000, ge=1)
    failed_senders_per_day: int = Field(default=50, ge=1)
    """Cases of senders who failed authentication that staff hear of one by one."""


class MailConfig(Section):
    listen: Listen = "127.0.0.1:8025"
    lmtp_listen: Annotated[str, AfterValidator(socket_or_port)] | Literal[""] = ""
    """For a mail server in front; empty for none."""
    hostname: str = Field(default="mail.invalid", pattern=r"^[A-Za-z0-9.-]{1,253}$")
    """What the doors greet as, and what we say to the relay."""
    addresses: Annotated[
        tuple[Annotated[str, AfterValidator(accepted)], ...], BeforeValidator(split)
    ] = Field(default=("dataprotection@",), min_length=1)
    """For whom mail is accepted; `dataprotection@` alone means that local part at any domain."""
    unsubscribe_addresses: Annotated[
        tuple[Annotated[str, AfterValidator(accepted)], ...], BeforeValidator(split)
    ] = ()
    """Where people write to stop marketing: mail is accepted there too, and follows a rule of its own."""
    relay: Annotated[str, AfterValidator(relay_url)] = "maildir:outgoing"
    """Where letters go; a relative Maildir lies in the data folder."""
    relay_user: str = ""
    relay_password: str = Field(default="", repr=False)
    """By environment or relay_password_file only."""
    relay_password_file: Path | None = None
    relay_oauth: OAuthConfig = OAuthConfig()
    """How a token is had for `relay_user`, instead of a password."""
    relay_tls: Literal["may", "must"] = "may"
    """Of smtp://: whether letters go only by TLS with a certificate that holds."""
    relay_ca_file: Path | None = None
    """Who signs the relay's certificate, if the system does not know it."""
    from_: Address = Field(default="dataprotection@localhost", alias="from")
    max_bytes: int = Field(default=35_000_000, ge=10_000, le=500_000_000)
    """The largest message taken, announced as SIZE (RFC 1870)."""
    trusted_hosts: Hosts = ()
    """Hosts whose Received stamps date the receipt, such as the border mail server."""
    resolver: Annotated[str, AfterValidator(name_server)] = ""
    """The DNS server by which the bot itself checks who wrote; empty: no DNS is asked."""
    trusted_authserv_id: str = Field(default="", pattern=r"^[A-Za-z0-9._:-]{0,253}$")
    """The border mail server's name in Authentication-Results: its checks of a sender count."""
    canary_minutes: int = Field(default=0, ge=0, le=10_080)
    """How often the bot sends itself a mail, to see whether mail arrives; 0 for never."""
    canary_address: Address | Literal[""] = ""
    """Where that mail is sent, so that the server in front brings it here; empty for `from`."""
    reply_address: Literal["plain", "plus"] = "plain"
    """Whether reply address and return path of each letter are its own, with a +."""
    require_tls: bool = False
    """Whether mail is taken by SMTP only after STARTTLS."""
    certificate_file: Path | None = None
    private_key_file: Path | None = None
    """If it is not in the certificate's file."""
    proxy_protocol: bool = False
    """Whether a balancer in front says whom it brings; nobody else may reach the port then."""
    limits: LimitsConfig = LimitsConfig()
    dkim_selector: str = Field(default="", pattern=r"^([A-Za-z0-9][A-Za-z0-9.-]{0,62})?$")
    dkim_key_file: Path | None = None
    """Letters are signed with it (RFC 6376)."""

    @model_validator(mode="after")
    def complete(self) -> Self:
        """Refuse half of what makes sense only as a whole."""
        if self.certificate_file is None and (self.require_tls or self.private_key_file):
            raise ValueError("require_tls and private_key_file need a certificate_file")
        if bool(self.dkim_selector) != bool(self.dkim_key_file):
            raise ValueError("dkim_selector and dkim_key_file need each other")
        if self.relay_oauth.token_url and not self.relay_user:
            raise ValueError("relay_oauth needs a relay_user")
        if self.relay_oauth.token_url and (self.relay_password or self.relay_password_file):
            raise ValueError("the relay takes a relay_password_file or relay_oauth, not both")
        return self


class WebConfig(Section):
    listen: Listen | Literal[""] = "127.0.0.1:8080"
    """For /health and /metrics; empty for none."""


class ClassifyConfig(Section):
    model: str = ""
    """A folder with a model trained here; empty for the one shipped."""
    floor: float = Field(default=0.05, ge=0, le=1)
    """A message is filed as other only if nothing else scores above this."""
    workers: int = Field(default=2, ge=1, le=64)
    seconds: float = Field(default=5.0, gt=0, le=600)
    """A reading that takes longer is ended and the mail goes to a person."""
    memory_mb: int = Field(default=1024, ge=64)
    """What one reading may take on top of the model."""


class PolicyConfig(Section):
    query_target_days: int = Field(default=10, ge=1, le=365)
    """The controller's own target for a question, in working days."""
    complaint_target_days: int = Field(default=30, ge=1, le=365)
    """The controller's own target for a complaint's outcome, in days from receipt."""
    review_target_days: int = Field(default=28, ge=1, le=365)
    """The controller's own target for a review, in days from receipt."""
    holiday_overrides: Annotated[
        tuple[Annotated[str, AfterValidator(holiday)], ...], BeforeValidator(split)
    ] = ()
    """Corrections of the bank holidays: `2027-06-07 A one-off holiday` adds, `-2027-05-03` drops."""
    warn_days_before: Annotated[tuple[int, ...], BeforeValidator(split)] = (7, 3, 1)
    """How many days before a due date its owner is reminded."""
    mode: Literal["send", "draft"] = "send"
    """`draft`: every letter waits for a person, acknowledgements too; for the first week."""
    acknowledge: dict[Label, Sending] = {}
    """By label, how what asks it is acknowledged; of several labels the most careful decides."""
    undo_seconds: int = Field(default=600, ge=0, le=86_400)
    """How long a letter of legal effect can be taken back after somebody has sent it."""
    four_eyes: Annotated[tuple[FourEyes, ...], BeforeValidator(split)] = ()
    """Which letters need a second person to send them."""
    sending_systems: Annotated[tuple[System, ...], BeforeValidator(split)] = ()
    """What sends marketing: an unsubscribe stays open until each is ticked off."""
    retention: RetentionConfig = RetentionConfig()
    digest_hour: int = Field(default=8, ge=0, le=23)
    """From which local hour on the list of yesterday's filed messages is sent."""


class RepliesConfig(Section):
    overrides: Path | None = None
    """A folder with the organisation's own words, in the layout of replies/templates."""
    languages: Annotated[
        tuple[Annotated[str, AfterValidator(language)], ...], BeforeValidator(split)
    ] = ("en",)
    """In which languages somebody can deal with the reply; any other is answered in English."""
    show_working: bool = False
    """Whether an acknowledgement tells in one line how its date was reckoned."""


class Config(Section):
    controller: ControllerConfig = ControllerConfig()
    staff: tuple[StaffConfig, ...] = ()
    data: DataConfig = DataConfig()
    mail: MailConfig = MailConfig()
    imap: ImapConfig = ImapConfig()
    slack: SlackConfig = SlackConfig()
    web: WebConfig = WebConfig()
    classify: ClassifyConfig = ClassifyConfig()
    policy: PolicyConfig = PolicyConfig()
    replies: RepliesConfig = RepliesConfig()


def load(path: Path | None, environ: Mapping[str, str] = os.environ) -> Config:
    """Read the configuration: `path`, else PRIVACY_INTAKE_CONFIG, else ./privacy-intake.toml if it is there.

    Raises ConfigError with every fault.
    """
    given = from_file(path or named_file(environ))
    refuse_secrets(given)
    if holds_password(str(given.get("data", {}).get("casebook", ""))):
        raise ConfigError(
            "data.casebook: a password does not belong in the file; name a passfile in the address"
        )
    for keys, value in overrides(environ):
        overlay(given, keys, value)
    try:
        config = Config.model_validate(given)
    except PydanticError as error:
        raise ConfigError("\n".join(fault(one) for one in error.errors())) from None
    config = with_secrets(config)
    if faults := "\n".join(slack_faults(config)):
        raise ConfigError(faults)
    return config


def refuse_secrets(given: Mapping[str, Any]) -> None:
    """Raise ConfigError for a secret that stands in the file itself."""
    for keys in SECRETS:
        section: Any = given
        for key in keys:
            section = section.get(key, {}) if isinstance(section, Mapping) else {}
        if section:
            name = ".".join(keys)
            raise ConfigError(f"{name}: a secret does not belong in the file; use {keys[-1]}_file")


def named_file(environ: Mapping[str, str]) -> Path | None:
    if named := environ.get(f"{PREFIX}CONFIG"):
        return Path(named)
    default = Path(DEFAULT_FILE)
    return default if default.exists() else None


def from_file(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from None


def overrides(environ: Mapping[str, str]) -> list[tuple[list[str], str]]:
    """Return what the environment sets, as the path of keys and the value."""
    return [
        (name.removeprefix(PREFIX).lower().split("__"), value)
        for name, value in sorted(environ.items())
        if name.startswith(PREFIX) and name != f"{PREFIX}CONFIG"
    ]


def overlay(given: dict[str, Any], keys: list[str], value: str) -> None:
    section = given
    for key in keys[:-1]:
        section = section.setdefault(key, {})
        if not isinstance(section, dict):
            raise ConfigError(
                f"{PREFIX}{'__'.join(keys).upper()}: a list of tables is set in the file only"
            )
    section[keys[-1]] = value


def fault(error: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in error["loc"] if part != "literal['']")
    if error["type"] == "extra_forbidden":
        return f"{where}: no such key"
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{where}: {message[:1].lower()}{message[1:]}"


def with_secrets(config: Config) -> Config:
    """Read the secrets that lie in files. Raises ConfigError when one cannot be read."""
    for name, key in FROM_FILES:
        section = getattr(config, name)
        path = getattr(section, f"{key}_file")
        if path is None:
            continue
        try:
            secret = path.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigError(f"{name}.{key}_file: {path}: {error.strerror}") from None
        changed = section.model_copy(update={key: secret})
        config = config.model_copy(update={name: changed})
    return config


def slack_faults(config: Config) -> Iterator[str]:
    """Say what the Slack door lacks, if it is to open."""
    if not config.slack.enabled:
        return
    yield from lacks(config.slack)
    for number, person in enumerate(config.staff):
        if person.slack_id and not person.login:
            yield f"staff.{number}.login: who acts in Slack needs a login"
    known = {person.slack_id for person in config.staff}
    for slack_id in config.slack.on_call:
        if slack_id not in known:
            yield f"slack.on_call: {slack_id} is the slack_id of nobody in [[staff]]"
