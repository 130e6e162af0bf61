"""A strict JSON scanner (RFC 8259) that remembers where each value stands in the text.

The `json` module is not enough here. It takes NaN and Infinity, forgets repeated members and how a
number was spelled, converts numbers of any length (and fails beyond 4300 digits), and recurses.
This scanner keeps source text and offsets, and its depth is bounded by memory alone (DOC-09).
"""

import json
import re
from dataclasses import dataclass, field
from typing import NamedTuple

# Character classes are spelled out: `\d` and `\s` would take other scripts' digits and spaces.
# Possessive quantifiers (`*+`) keep long strings from costing memory for backtracking.
_SPACE = r"[ \t\n\r]*+"
_PLAIN = r'[^"\\\x00-\x1f]*+'
_ESCAPE = r'\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})'
_STRING = rf'"{_PLAIN}(?:{_ESCAPE}{_PLAIN})*+"'
_NUMBER = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?"

TOKEN = re.compile(
    rf"{_SPACE}(?:(?P<mark>[\[\]{{}},])|(?P<string>{_STRING})|(?P<number>{_NUMBER})|(?P<word>true|false|null))"
)
MEMBER_NAME = re.compile(rf"{_SPACE}(?P<name>{_STRING}){_SPACE}:")
INTEGER = re.compile(r"0|-?[1-9][0-9]*")
SURROGATE = re.compile(r"[\ud800-\udfff]")

END_OF_TEXT = re.compile(rf"{_SPACE}\Z")
END_OF_CONTAINER = {"}": re.compile(rf"{_SPACE}\}}"), "]": re.compile(rf"{_SPACE}\]")}
CLOSER_OF = {"{": "}", "[": "]"}
KIND_OF = {"{": "object", "[": "array"}

I64_MIN, I64_MAX = -(2**63), 2**63 - 1
I64_MAX_LENGTH = len(str(I64_MIN))

# Values with more containers than this around them are checked but not kept. Neither a tokens
# file (top, tokens, token, permissions) nor a request (top, probes, probe, actions) needs more.
KEPT_DEPTH = 4


@dataclass(slots=True)
class Value:
    """A JSON value and its place, `text[start:end]`."""

    kind: str  # "object", "array", "string", "number", "true", "false" or "null"
    start: int
    end: int
    text: str = ""  # of a string: unescaped; of a number: as spelled
    items: list["Value"] = field(default_factory=list)  # of an array
    members: list["Member"] = field(default_factory=list)  # of an object, in order, repeated ones too


class Member(NamedTuple):
    name: str
    start: int
    value: Value


class Scanned(NamedTuple):
    root: Value
    lone_surrogates: list[int]  # ascending offsets of the strings that hold one


class BrokenJson(Exception):
    def __init__(self, offset: int, message: str) -> None:
        super().__init__(f"{message} at character {offset}")
        self.offset = offset


def scan(text: str) -> Scanned:
    """Scan a whole text, which must be one JSON value and white space around it."""
    return _Scanner(text).scan()


def integer(number: str) -> int | None:
    """The value of a number that is spelled as an integer and fits 64 bits, else None."""
    # The length is looked at first: int() fails on more than 4300 digits, and is slow before that.
    if not is_integer(number) or len(number) > I64_MAX_LENGTH:
        return None
    value = int(number)
    return value if I64_MIN <= value <= I64_MAX else None


def is_integer(number: str) -> bool:
    """Whether a number is spelled as an integer: `1.0`, `1e3` and `-0` are not (TOK-08)."""
    return INTEGER.fullmatch(number) is not None


class _Scanner:
    """One pass over the text, with a stack of its own in place of recursion."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._closers: list[str] = []  # of every open container, outermost first
        # The open containers that are kept, within an array of our own that gets the root.
        self._path = [Value("array", 0, len(text))]
        self._name = ""
        self._name_start = 0
        self._lone_surrogates: list[int] = []

    def scan(self) -> Scanned:
        more = True
        while more:
            more = self._begin_value() or self._end_values()
        if not END_OF_TEXT.match(self._text, self._at):
            raise self._broken("text after the value")
        return Scanned(self._path[0].items[0], self._lone_surrogates)

    def _begin_value(self) -> bool:
        """Read a scalar or open a container; true if that container has a first value, which is next."""
        kind, source, start = self._take()
        if kind != "mark":
            self._scalar(kind, source, start)
            return False
        if source not in CLOSER_OF:
            raise self._broken(f"no value before '{source}'")
        self._open(source, start)
        if self._is_empty():
            self._close()
            return False
        if source == "{":
            self._take_name()
        return True

    def _end_values(self) -> bool:
        """Close the containers that end here; true if another value follows in one."""
        while self._closers:
            _, source, _ = self._take()  # a string is in quotes and so never looks like a mark
            if source == self._closers[-1]:
                self._close()
            elif source == ",":
                if self._closers[-1] == "}":
                    self._take_name()
                return True
            else:
                raise self._broken(f"neither ',' nor '{self._closers[-1]}' after a value")
        return False

    def _take(self) -> tuple[str, str, int]:
        """The kind, source and start of the next token."""
        token = TOKEN.match(self._text, self._at)
        if token is None or token.lastgroup is None:
            raise self._broken("not JSON")
        self._at = token.end()
        return token.lastgroup, token[token.lastgroup], token.start(token.lastgroup)

    def _take_name(self) -> None:
        found = MEMBER_NAME.match(self._text, self._at)
        if found is None:
            raise self._broken("no member name and ':'")
        self._at = found.end()
        self._name_start = found.start("name")
        self._name = self._unescape(found["name"], self._name_start)

    def _scalar(self, kind: str, source: str, start: int) -> None:
        # Below the kept depth too: a lone surrogate is noted wherever it stands.
        text = self._unescape(source, start) if kind == "string" else source
        if self._is_kept():
            self._keep(Value(source if kind == "word" else kind, start, self._at, text))

    def _open(self, mark: str, start: int) -> None:
        if self._is_kept():
            container = Value(KIND_OF[mark], start, self._at)
            self._keep(container)
            self._path.append(container)
        self._closers.append(CLOSER_OF[mark])

    def _is_empty(self) -> bool:
        end = END_OF_CONTAINER[self._closers[-1]].match(self._text, self._at)
        if end is None:
            return False
        self._at = end.end()
        return True

    def _close(self) -> None:
        if len(self._path) == len(self._closers) + 1:
            self._path.pop().end = self._at
        self._closers.pop()

    def _is_kept(self) -> bool:
        return len(self._closers) <= KEPT_DEPTH

    def _keep(self, value: Value) -> None:
        holder = self._path[-1]
        if holder.kind == "object":
            holder.members.append(Member(self._name, self._name_start, value))
        else:
            holder.items.append(value)

    def _unescape(self, literal: str, start: int) -> str:
        if "\\" not in literal:
            return literal[1:-1]
        # The literal is known to be well formed here, so the json module has nothing to be lenient about.
        text: str = json.loads(literal)
        if SURROGATE.search(text):
            self._lone_surrogates.append(start)
        return text

    def _broken(self, message: str) -> BrokenJson:
        return BrokenJson(self._at, message)
