"""One row of the table: a figure of the hub, the reference beside it, the goal, and how busy the load was."""

from collections.abc import Sequence
from statistics import median

from msgspec import Struct

# From here on the load may have been what was measured.
BUSY_LOAD = 0.9


class Figure(Struct, frozen=True):
    """A median with its spread over the rounds."""

    median: float
    lowest: float
    highest: float
    rounds: tuple[float, ...]

    @classmethod
    def of(cls, rounds: Sequence[float]) -> "Figure":
        """Return the figure of the rounds of one run."""
        return cls(median(rounds), min(rounds), max(rounds), tuple(rounds))

    def __str__(self) -> str:
        if len(self.rounds) == 1:
            return _short(self.median)
        return f"{_short(self.median)} ({_short(self.lowest)}-{_short(self.highest)})"


class Row(Struct, frozen=True, kw_only=True):
    """What was measured, of whom, beside what."""

    work: str
    unit: str
    hub: Figure | None
    reference: Figure | None = None
    reference_name: str = ""
    ratio: Figure | None = None
    """The hub's figure over the reference's of the same round."""
    goal: str = ""
    """The goal of this figure; printed, never a gate."""
    note: str = ""
    """Why a figure is missing, or what it was taken over."""
    load_share: float | None = None
    """How much of a core the load took in the hub's busiest round; None where there is no load or it is Python's."""

    @classmethod
    def beside(
        cls,
        work: str,
        unit: str,
        hub: Sequence[float],
        reference_name: str,
        reference: Sequence[float],
        goal: str,
        *,
        load_share: float | None = None,
    ) -> "Row":
        """Return a row whose ratio is taken round by round."""
        ratios = [mine / theirs for mine, theirs in zip(hub, reference, strict=True) if theirs]
        return cls(
            work=work,
            unit=unit,
            hub=Figure.of(hub),
            reference=Figure.of(reference),
            reference_name=reference_name,
            ratio=Figure.of(ratios) if ratios else None,
            goal=goal,
            load_share=load_share,
        )

    @classmethod
    def missing(cls, work: str, why: object) -> "Row":
        """Return a row that says why there is none."""
        return cls(work=work, unit="", hub=None, note=f"not measured: {why}")


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table that reads well as plain text too."""
    head = ("work", "unit", "hub", "reference", "ratio", "goal", "load, of a core")
    lines = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(head))]
    shown = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    shown.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(shown)


def _cells(row: Row) -> tuple[str, ...]:
    reference = f"{row.reference_name} {row.reference}" if row.reference is not None else row.reference_name or "-"
    return (
        row.work,
        row.unit,
        str(row.hub) if row.hub is not None else row.note or "-",
        reference,
        str(row.ratio) if row.ratio is not None else "-",
        row.goal or "-",
        "-" if row.load_share is None else f"{row.load_share:.2f}{' full' if row.load_share >= BUSY_LOAD else ''}",
    )


def _short(number: float) -> str:
    if abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{number:.3g}"
