"""The one kind of error whose text is a sentence for the person who asked; all others are bugs or the disk."""


class RefusedError(Exception):
    """What was asked cannot be done, and the text says why."""


class CaseError(RefusedError):
    """The case's history forbids what was asked of it; the text is for whoever asked."""
