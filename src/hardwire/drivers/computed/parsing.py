"""The expression language: text in, tree out, never anything but a tree or a sentence.

sum       = product { ("+" | "-") product }
product   = signed { ("*" | "/") signed }
signed    = "-" signed | atom
atom      = number [ unit ] | function "(" sum { "," sum } ")" | reference | "(" sum ")"
reference = part { "." part } "." part
part      = name | "'" any letters "'"
"""

from difflib import get_close_matches
from math import isfinite

from hardwire.drivers.computed.tokens import Kind, Token, at, tokens
from hardwire.drivers.computed.tree import FUNCTIONS, Binary, Call, Negative, Node, Number, Reference
from hardwire.drivers.computed.units import is_known_unit, nearest_unit

# Both keep a hostile file from the interpreter's stack: a chain of signs is as deep a tree as it is long.
DEPTH_LIMIT = 32
NODE_LIMIT = 128
# Beyond it a float no longer holds every whole number.
WHOLE_LIMIT = 2**53
DIGITS_LIMIT = 9
_DIGITS = tuple(Number(digits) for digits in range(DIGITS_LIMIT + 1))
QUOTES_HINT = "an id or a point with other letters than A to Z, 0 to 9 and _ stands in quotes: 'grid-2'.power_w"


def parse(text: str) -> Node:
    """Return the tree of an expression.

    Raises:
        BadValueError: it is none, or too long, deep or large; the sentence names the column.
    """
    return _Parser(list(tokens(text))).whole()


class _Parser:
    """Reads tokens from left to right; each method takes what its name says."""

    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._next = 0
        self._depth = 0
        self._nodes = 0

    def whole(self) -> Node:
        node = self._sum()
        token = self._tokens[self._next]
        if token.kind is not Kind.END:
            raise at(token.column, f"{token.text!r} is not expected here; is there a sign missing before it?")
        return node

    def _sum(self) -> Node:
        node = self._product()
        while sign := self._taken("+", "-"):
            node = self._counted(Binary(sign.text, node, self._product()), sign)
        return node

    def _product(self) -> Node:
        node = self._signed()
        while sign := self._taken("*", "/"):
            node = self._counted(Binary(sign.text, node, self._signed()), sign)
        return node

    def _signed(self) -> Node:
        token = self._tokens[self._next]
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            raise at(token.column, f"parentheses, functions and signs stand in each other at most {DEPTH_LIMIT} deep")
        node = self._counted(Negative(self._signed()), token) if self._taken("-") else self._atom()
        self._depth -= 1
        return node

    def _atom(self) -> Node:
        token = self._tokens[self._next]
        self._next += 1
        match token.kind:
            case Kind.NUMBER:
                return self._counted(Number(_number(token), self._unit()), token)
            case Kind.NAME if self._taken("("):
                return self._counted(self._call(token), token)
            case Kind.NAME | Kind.QUOTED:
                return self._counted(self._reference(token), token)
            case Kind.SIGN if token.text == "(":
                node = self._sum()
                self._close(token)
                return node
            case Kind.END:
                raise at(token.column, "a number or a point such as grid.power_w is missing at the end")
        raise at(token.column, f"{token.text!r} is not expected here; a number or a point such as grid.power_w is")

    def _unit(self) -> str:
        """Take the unit behind a number, where there is one."""
        token = self._tokens[self._next]
        if token.kind not in (Kind.NAME, Kind.UNIT):
            return ""
        if not is_known_unit(token.text):
            raise at(token.column, f"there is no unit {token.text!r}{nearest_unit(token.text)}")
        self._next += 1
        return token.text

    def _call(self, name: Token) -> Node:
        if name.text not in FUNCTIONS:
            near = get_close_matches(name.text, FUNCTIONS, 1, 0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(FUNCTIONS)}"
            raise at(name.column, f"there is no function {name.text!r}; {hint}")
        opened = self._tokens[self._next - 1]
        arguments = [self._sum()]
        while self._taken(","):
            arguments.append(self._sum())
        self._close(opened)
        fewest, most = FUNCTIONS[name.text]
        if len(arguments) < fewest or (most is not None and len(arguments) > most):
            wanted = f"{fewest} or more" if most is None else str(fewest) if most == fewest else f"{fewest} or {most}"
            noun = "argument" if most == 1 else "arguments"
            raise at(name.column, f"{name.text} takes {wanted} {noun}, not {len(arguments)}")
        if name.text == "round" and len(arguments) > 1 and arguments[1] not in _DIGITS:
            raise at(name.column, f"round takes a number of digits from 0 to {DIGITS_LIMIT} in second place")
        return Call(name.text, tuple(arguments))

    def _reference(self, first: Token) -> Reference:
        parts = [first.text]
        while self._taken("."):
            part = self._tokens[self._next]
            if part.kind not in (Kind.NAME, Kind.QUOTED):
                raise at(part.column, f"the name of a point is missing behind {'.'.join(parts)!r}; {QUOTES_HINT}")
            self._next += 1
            parts.append(part.text)
        if len(parts) == 1:
            raise at(
                first.column, f"{first.text!r} is no point: write device.point, such as grid.power_w; {QUOTES_HINT}"
            )
        return Reference(".".join(parts[:-1]), parts[-1])

    def _taken(self, *signs: str) -> Token | None:
        """Take the next token when it is one of these signs."""
        token = self._tokens[self._next]
        if token.kind is Kind.SIGN and token.text in signs:
            self._next += 1
            return token
        return None

    def _close(self, opened: Token) -> None:
        if not self._taken(")"):
            token = self._tokens[self._next]
            raise at(token.column, f"the parenthesis of column {opened.column} is not closed here")

    def _counted(self, node: Node, token: Token) -> Node:
        self._nodes += 1
        if self._nodes > NODE_LIMIT:
            raise at(token.column, f"an expression has at most {NODE_LIMIT} numbers, points, signs and functions")
        return node


def _number(token: Token) -> int | float:
    value = float(token.text)
    if not isfinite(value):
        raise at(token.column, "a number is too large")
    return int(token.text) if token.text.isdigit() and value < WHOLE_LIMIT else value
