"""Rewriting the journal beside the work: begun by a save, in a thread of its own, one at a time.

It gives way: after a millisecond's work it rests for one, so that no save waits long for the
interpreter. Given up, it leaves the journal as it was.
"""

from threading import Event, Lock, Thread

from store.journal import Journal, JournalError

AT_A_TIME = 16  # records, about a millisecond's work
REST = 0.001  # seconds
PATIENCE = 64 << 20  # bytes; after a failure the journal grows so far before the next attempt


class GivenUpError(Exception):
    """The casebook is being closed."""


class Compaction:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._at_work = Lock()
        self._end = Event()
        self._next_at = 0
        self.fault = ""
        """Why the last attempt failed: a sentence, or nothing if it did not."""

    def begin_if_worthwhile(self) -> None:
        """Begin, unless too little is past, or one is under way."""
        if not self._journal.is_mostly_past or self._journal.end < self._next_at:
            return
        if self._at_work.acquire(blocking=False):
            if self._end.is_set():
                self._at_work.release()
            else:
                Thread(target=self._compact, name="compaction", daemon=True).start()

    def carry_out(self) -> None:
        """Rewrite the journal now, after whatever rewriting is under way, and return when it is done.

        Raises OSError or JournalError as `Journal.rewrite`, GivenUpError when the casebook is closed.
        """
        with self._at_work:
            self._journal.rewrite(Pacing(self._end).pause)

    def close(self) -> None:
        """Give up what is under way, and begin no other."""
        self._end.set()
        with self._at_work:
            pass

    def _compact(self) -> None:
        try:
            self._journal.rewrite(Pacing(self._end).pause)
            self.fault = ""
        except GivenUpError:
            pass
        except (OSError, JournalError) as error:
            self.fault = str(error)
            self._next_at = self._journal.end + PATIENCE
        finally:
            self._at_work.release()


class Pacing:
    def __init__(self, end: Event) -> None:
        self._end = end
        self._records = 0

    def pause(self) -> None:
        """Rest now and then. Raises GivenUpError at the end."""
        self._records += 1
        if self._records % AT_A_TIME == 0 and self._end.wait(REST):
            raise GivenUpError
