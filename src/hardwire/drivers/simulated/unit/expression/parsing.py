"""The language of a unit's expressions: text in, tree out, never anything but a tree or a sentence.

either     = both { "||" both }
both       = comparison { "&&" comparison }
comparison = sum [ ("<" | "<=" | ">" | ">=" | "=" | "==" | "!=") sum ]
sum        = product { ("+" | "-") product }
product    = signed { ("*" | "/" | "%") signed }
signed     = ("-" | "!") signed | atom
atom       = number | point | function "(" either { "," either } ")" | "(" either ")"
point      = "f(" number ")" | "r(" number "," number ")" | name

Source: ezeio reference, section 4 (f(n), r(device, register), greater than 0 is true); the rest is this hub's choice.
"""

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from math import isfinite

from hardwire.drivers.simulated.unit.expression.tokens import Kind, Token, at, tokens
from hardwire.drivers.simulated.unit.expression.tree import (
    FUNCTIONS,
    Binary,
    Call,
    Inverted,
    Negative,
    Node,
    Number,
    Reference,
)
from hardwire.model.unit import register_name

# Both keep a hostile file from the interpreter's stack: a chain of signs is as deep a tree as it is long.
DEPTH_LIMIT = 24
NODE_LIMIT = 128

_LEVELS: Sequence[tuple[str, ...]] = (
    ("||",),
    ("&&",),
    ("<", "<=", ">", ">=", "=", "==", "!="),
    ("+", "-"),
    ("*", "/", "%"),
)
"""The signs between two values, the loosest first."""
_COMPARISON = 2


def parse(text: str, *, fields: Sequence[str], points: Collection[str]) -> Node:
    """Return the tree of an expression.

    `fields` are the names of f(1), f(2), ...; `points` all names that there are, registers included.

    Raises:
        BadValueError: it is none, or too long, deep or large, or reads what is not there; the sentence names the
            column.
    """
    return _Parser(list(tokens(text)), fields, points).whole()


class _Parser:
    """Reads tokens from left to right; each method takes what its name says."""

    def __init__(self, found: list[Token], fields: Sequence[str], points: Collection[str]) -> None:
        self._tokens = found
        self._fields = fields
        self._points = points
        self._next = 0
        self._depth = 0
        self._nodes = 0

    def whole(self) -> Node:
        node = self._level(0)
        token = self._tokens[self._next]
        if token.kind is not Kind.END:
            raise at(token.column, f"{token.text!r} is not expected here")
        return node

    def _level(self, level: int) -> Node:
        """Take values with the signs of this level between them."""
        if level == len(_LEVELS):
            return self._signed()
        node = self._level(level + 1)
        while sign := self._taken(*_LEVELS[level]):
            text = "==" if sign.text == "=" else sign.text
            node = self._counted(Binary(text, node, self._level(level + 1)), sign)
            if level == _COMPARISON:
                # `1 < f(1) < 3` would be true for every f(1).
                break
        return node

    def _signed(self) -> Node:
        token = self._tokens[self._next]
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            raise at(token.column, f"parentheses, functions and signs stand in each other at most {DEPTH_LIMIT} deep")
        if self._taken("-"):
            node = self._counted(Negative(self._signed()), token)
        elif self._taken("!"):
            node = self._counted(Inverted(self._signed()), token)
        else:
            node = self._atom()
        self._depth -= 1
        return node

    def _atom(self) -> Node:
        token = self._tokens[self._next]
        self._next += 1
        match token.kind:
            case Kind.NUMBER:
                return self._counted(Number(_number(token)), token)
            case Kind.NAME if opened := self._taken("("):
                return self._counted(self._called(token, opened), token)
            case Kind.NAME:
                return self._counted(self._named(token, token.text), token)
            case Kind.SIGN if token.text == "(":
                node = self._level(0)
                self._close(token)
                return node
            case Kind.END:
                raise at(token.column, "a number or a point such as f(1) is missing at the end")
        raise at(token.column, f"{token.text!r} is not expected here; a number or a point such as f(1) is")

    def _called(self, name: Token, opened: Token) -> Node:
        match name.text.lower():
            case "f":
                number = self._whole_number(opened)
                self._close(opened)
                if not 1 <= number <= len(self._fields):
                    raise at(name.column, f"there is no field {number}: this unit has {len(self._fields)}")
                return Reference(self._fields[number - 1])
            case "r":
                device = self._whole_number(opened)
                if not self._taken(","):
                    raise at(name.column, "a register is r(device, register), such as r(2,34)")
                register = self._whole_number(opened)
                self._close(opened)
                point = register_name(device, register)
                if point not in self._points:
                    raise at(name.column, f"there is no register {register} of device {device}: declare it first")
                return Reference(point)
        return self._function(name, opened)

    def _function(self, name: Token, opened: Token) -> Node:
        function = name.text.lower()
        if function not in FUNCTIONS:
            raise at(name.column, f"there is no function {name.text!r}; known are f, r, {', '.join(FUNCTIONS)}")
        arguments = [self._level(0)]
        while self._taken(","):
            arguments.append(self._level(0))
        self._close(opened)
        fewest, most = FUNCTIONS[function]
        if len(arguments) < fewest or (most is not None and len(arguments) > most):
            wanted = f"{fewest} or more" if most is None else str(fewest)
            raise at(name.column, f"{function} takes {wanted}, not {len(arguments)}")
        return Call(function, tuple(arguments))

    def _named(self, token: Token, name: str) -> Reference:
        if name not in self._points:
            near = get_close_matches(name, self._points, 1, 0.5)
            hint = f"did you mean {near[0]!r}?" if near else "fields are f(1), f(2), ..., registers r(2,34)"
            raise at(token.column, f"there is no point {name!r}; {hint}")
        return Reference(name)

    def _whole_number(self, opened: Token) -> int:
        token = self._tokens[self._next]
        if token.kind is not Kind.NUMBER or not token.text.isdigit():
            raise at(token.column, f"a whole number is missing behind the parenthesis of column {opened.column}")
        self._next += 1
        return int(token.text)

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


def _number(token: Token) -> float:
    value = float(token.text)
    if not isfinite(value):
        raise at(token.column, "a number is too large")
    return value
