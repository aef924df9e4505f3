"""The settings of the mailbox door: where the mailbox is, who we are there, what is done with what was taken."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.mail.oauth_config import THIS_MACHINE, OAuthConfig


def done_with(value: str) -> str:
    if value != "flag" and not (value.startswith("move:") and value != "move:"):
        raise ValueError("must be flag or move:FOLDER")
    return value


class ImapConfig(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    host: str = ""
    """Empty for no mailbox."""
    port: int = Field(default=993, ge=1, le=65_535)
    tls: Literal["tls", "starttls", "none"] = "tls"
    ca_file: Path | None = None
    """Who signs its certificate, if the system does not know it."""
    user: str = ""
    password: str = Field(default="", repr=False)
    """By environment or password_file only."""
    password_file: Path | None = None
    oauth: OAuthConfig = OAuthConfig()
    folder: str = Field(default="INBOX", min_length=1)
    since: date | None = None
    """What was received before is left alone."""
    poll_seconds: float = Field(default=60, gt=0, le=600)
    done: Annotated[str, AfterValidator(done_with)] = "flag"
    """What is done with a message that was taken: marked as read, or moved; never deleted."""

    @model_validator(mode="after")
    def complete(self) -> Self:
        """Refuse half of what makes sense only as a whole, and a password in plain sight."""
        if not self.host:
            return self
        if not self.user:
            raise ValueError("a mailbox needs a user")
        if not (self.password or self.password_file or self.oauth.token_url):
            raise ValueError("a mailbox needs a password_file, or oauth")
        if self.tls == "none" and self.host not in THIS_MACHINE:
            raise ValueError("without TLS only a server on this machine is asked")
        return self
