"""How long what has ended is kept: the settings of `[policy.retention]`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Months = Annotated[int, Field(ge=1, le=1200)]


class RetentionConfig(BaseModel):
    """How many months what has ended is kept, by what it was; from the last action on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ordinary: Months = 36
    disputed: Months = 72
    """A complaint or review, and what a legal hold kept."""
    breach: Months = 72
    unsubscribe: Months = 12
    abandoned: Months = 1
    """The requester did not say who they are, or did not answer."""
    junk: Months = 12
    """Not ours, a duplicate, and what was filed without a case."""
    undo_days: float = Field(default=7, ge=0, le=365)
    """How long an erasure that was decided can be taken back."""
