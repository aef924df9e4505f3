"""The review of an organisation's own templates, before any letter is sent in them.

Each is read, filled with the sample facts of its kinds, and held to the same rules as ours; each fault has its file and
line. Where a fault is something left out, the line is the file's first.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from replies.lint import Fault, lint
from replies.preview import Sample, samples
from replies.render import Renderer
from replies.render.reading import BROKEN, misspelt, place
from replies.render.templates import names, read_own


def check_overrides(folder: Path) -> list[Fault]:
    """Say all that is wrong with the templates in a folder, or nothing."""
    if not folder.is_dir():
        return [Fault(str(folder), "is no folder")]
    if faults := [*_strangers(folder), *_garbled(folder)]:
        return _in_order(faults)
    own = read_own(folder)
    misread = [
        Fault(name, reason, line) for name in own for line, reason in misspelt(name, own[name])
    ]
    return _in_order(misread or _Trial(folder, own).faults())


def _in_order(faults: Iterable[Fault]) -> list[Fault]:
    return sorted(set(faults), key=lambda fault: (fault.where, fault.line, fault.reason))


def _strangers(folder: Path) -> Iterator[Fault]:
    """Find files that would never be read: most are spelt wrongly."""
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not path.name.startswith(".") and name not in names():
            near = get_close_matches(name, names(), n=1)
            meant = f"; is {near[0]} meant?" if near else ""
            yield Fault(name, f"is none of the templates{meant}", 1)


def _garbled(folder: Path) -> Iterator[Fault]:
    for name in names():
        path = folder / name
        try:
            if path.is_file():
                path.read_bytes().decode()
        except UnicodeDecodeError as error:
            line = path.read_bytes().count(b"\n", 0, error.start) + 1
            yield Fault(name, "is not written in UTF-8", line)


class _Trial:
    """Every sample letter that the folder changes, written in its words and looked at."""

    def __init__(self, folder: Path, own: Mapping[str, str]) -> None:
        self._own = own
        self._theirs = Renderer(folder)
        self._without = {name: Renderer(folder, without={name}) for name in own}

    def faults(self) -> Iterator[Fault]:
        for sample in samples():
            folders = {"", sample.language, f"{sample.language}/{sample.facts.kind}"}
            if suspects := [name for name in self._own if name.rpartition("/")[0] in folders]:
                yield from self._faults(sample, suspects)

    def _faults(self, sample: Sample, suspects: list[str]) -> Iterator[Fault]:
        try:
            faults = _look_at(sample, self._theirs)
        except BROKEN as error:
            name, line = place(error, suspects) or (_nearest(suspects), 1)
            yield Fault(name, f"cannot be filled in: {error}", line)
            return
        for fault in faults:
            name, line = self._said(fault, suspects) or (self._blame(fault, sample, suspects), 1)
            yield Fault(name, f"the {fault.where} {fault.reason}", line)

    def _said(self, fault: Fault, suspects: list[str]) -> tuple[str, int] | None:
        """Find the line that says what it never may."""
        _, _, quoted = fault.reason.partition(": ")
        words = quoted.strip("'\"").lower()
        for name in suspects if words else ():
            for number, line in enumerate(self._own[name].splitlines(), start=1):
                if words in line.lower():
                    return name, number
        return None

    def _blame(self, fault: Fault, sample: Sample, suspects: list[str]) -> str:
        """Find the file without which the letter would be right."""
        for name in suspects if len(suspects) > 1 else ():
            try:
                if fault not in _look_at(sample, self._without[name]):
                    return name
            except BROKEN:
                continue
        return _nearest(suspects)


def _look_at(sample: Sample, renderer: Renderer) -> list[Fault]:
    return lint(sample.facts, renderer.render(sample.facts, sample.language))


def _nearest(suspects: Collection[str]) -> str:
    """Choose the file that is most of all about this letter."""
    return max(sorted(suspects), key=lambda name: name.count("/"))
