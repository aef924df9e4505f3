"""The templates: ours, and before them an organisation's own of the same names.

They run in a sandbox; a missing fact is an error and never a blank, and a fact never becomes markup or a new line.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Final

from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    FunctionLoader,
    PackageLoader,
    StrictUndefined,
    select_autoescape,
)
from jinja2.bccache import Bucket
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup
from typing_extensions import override

from replies.dates import cy_date, uk_date
from replies.layout import Laid, as_written, one_line

OURS: Final = PackageLoader("replies")


class _Compiled(BytecodeCache):
    """What was compiled once is not compiled again for another folder's letters."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    @override
    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    @override
    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


COMPILED: Final = _Compiled()


@cache
def names() -> frozenset[str]:
    """Name every template there is: an organisation can have its own of these, and of no others."""
    return frozenset(OURS.list_templates())


def read_own(folder: Path | None) -> dict[str, str]:
    """Read an organisation's own templates, once: what was read is what is sent and what is hashed."""
    if folder is None:
        return {}
    paths = {name: folder / name for name in sorted(names())}
    return {
        name: path.read_text(encoding="utf-8") for name, path in paths.items() if path.is_file()
    }


def environment(own: Mapping[str, str]) -> SandboxedEnvironment:
    """Return where templates are filled, an organisation's own before ours."""
    here = FunctionLoader(lambda name: (own[name], name, None) if name in own else None)
    environment = SandboxedEnvironment(
        loader=ChoiceLoader([here, OURS]),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        finalize=_fact,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        bytecode_cache=COMPILED,
    )
    environment.filters |= {
        "uk_date": uk_date,
        "cy_date": cy_date,
        "as_written": as_written,
        "sentence": lambda phrase: phrase[:1].upper() + phrase[1:],
    }
    return environment


def _fact(value: object) -> str:
    return value if isinstance(value, Markup | Laid) else one_line(str(value))
