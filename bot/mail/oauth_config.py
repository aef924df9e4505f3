"""The settings by which a token is had that stands for a password, at the mailbox and at the relay."""

from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


def https_url(value: str) -> str:
    url = urlsplit(value)
    if value and url.scheme != "https" and url.hostname not in THIS_MACHINE:
        raise ValueError("must begin with https://")
    return value


class OAuthConfig(BaseModel):
    """How a token is had that stands for the password (RFC 6749 4.4)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    token_url: Annotated[str, AfterValidator(https_url)] = ""
    client_id: str = ""
    client_secret: str = Field(default="", repr=False)
    """By environment or client_secret_file only."""
    client_secret_file: Path | None = None
    scope: str = ""

    @model_validator(mode="after")
    def complete(self) -> Self:
        """Refuse half of what makes sense only as a whole."""
        known = bool(self.client_id) and bool(self.client_secret or self.client_secret_file)
        if self.token_url and not known:
            raise ValueError("a token_url needs a client_id and a client_secret_file")
        if known and not self.token_url:
            raise ValueError("a client_id needs a token_url")
        return self
