"""What the store has counted since it was opened: plain numbers, which whoever tells them reads when asked."""

from time import monotonic

from hardwire.model.histogram import Histogram


class StoreFigures:
    """Counted by the writer's thread alone; any thread may read. Nothing of the counts is ever taken back."""

    __slots__ = ("busy_since_s", "commit_times", "commits", "failed_commits", "is_failing", "new_rows", "repeated_rows")

    def __init__(self) -> None:
        self.commits = 0
        self.failed_commits = 0
        self.is_failing = False
        """Whether the newest transaction could not be committed."""
        self.commit_times = Histogram()
        """Seconds from a transaction's beginning until it was durable."""
        self.new_rows = 0
        """Values that were written."""
        self.repeated_rows = 0
        """How many rows named a (device, point, log, at) that had its value already, or came after their time."""
        self.busy_since_s: float | None = None
        """When the transaction began that is being written (`time.monotonic`); None while there is none."""

    def begin(self) -> None:
        """A transaction begins."""
        self.busy_since_s = monotonic()

    def end(self, *, is_durable: bool, new_rows: int = 0, repeated_rows: int = 0) -> None:
        """It has ended."""
        began_s, self.busy_since_s = self.busy_since_s, None
        self.is_failing = not is_durable
        if not is_durable:
            self.failed_commits += 1
            return
        self.commits += 1
        self.new_rows += new_rows
        self.repeated_rows += repeated_rows
        if began_s is not None:
            self.commit_times.observe(monotonic() - began_s)

    def busy_s(self) -> float:
        """For how long the present transaction has been written; 0 while there is none."""
        began_s = self.busy_since_s
        return 0.0 if began_s is None else monotonic() - began_s
