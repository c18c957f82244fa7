"""Which pins of a board wires join to one line."""

from collections.abc import Iterable, Sequence

from hardwire.model.errors import BadValueError


def joined(numbers: Sequence[int], nets: Sequence[Sequence[str]]) -> Iterable[Sequence[int]]:
    """Return the lines of a board, each as the numbers of its pins; `nets` name pins as `io0`.

    Nets that share a pin are one line.

    Raises:
        BadValueError: a net names what is no pin of this board.
    """
    names = {f"io{number}": number for number in numbers}
    line_of = {number: {number} for number in numbers}
    for place, net in enumerate(nets):
        for index, name in enumerate(net):
            if name not in names:
                problem = f"{name!r} is no pin of this board; it has {', '.join(names) or 'none'}"
                raise BadValueError(problem, path=f"nets[{place}][{index}]")
            line = line_of[names[net[0]]] | line_of[names[name]]
            line_of.update(dict.fromkeys(line, line))
    return [sorted(line) for number, line in line_of.items() if number == min(line)]
