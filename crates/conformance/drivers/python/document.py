"""Loading a tokens file: from bytes to a Document, or the fault that takes precedence.

Every check adds its fault to one list, and the precedence of faults is applied once, at the end.
What is read of a faulty member is a stand-in (an empty string or list): it can only cause faults
of inner layers, which the outer fault that is already in the list precedes.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jsontext
from faults import Fault, Rejected, raise_first
from grammar import Permission, is_database_name, parse_permission
from jsontext import Value

TOKEN_PREFIX = "apiv3_"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

DOCUMENT_MEMBERS = ("create_databases", "tokens")
DOCUMENT_REQUIRED = ("tokens",)
TOKEN_MEMBERS = ("token", "name", "expiry_millis", "permissions")
TOKEN_REQUIRED = ("token", "name", "permissions")


@dataclass(slots=True)
class Token:
    """A token object; `token` is the secret string itself."""

    token: str
    token_offset: int
    name: str
    name_offset: int
    expiry_millis: int | None
    permissions: list[Permission]

    @property
    def sha512(self) -> str:
        return hashlib.sha512(self.token.encode("utf-8")).hexdigest()

    def is_active(self, now_millis: int) -> bool:
        # TOK-09: equal is expired; absent and the greatest number never expire.
        if self.expiry_millis is None or self.expiry_millis == jsontext.I64_MAX:
            return True
        return self.expiry_millis > now_millis

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "token_sha512": self.sha512,
            "expiry_millis": self.expiry_millis,
            "permissions": [permission.to_json() for permission in self.permissions],
        }


@dataclass(slots=True)
class Document:
    """A tokens file that loads."""

    text: str
    members: dict[str, Value]  # the known ones of the top level, by name
    create_databases: list[str]  # as given, repeats too
    tokens: list[Token]
    unknown_names: list[str]  # of the top level and of token objects


def load(data: bytes) -> Document:
    """Load a tokens file, or raise Rejected."""
    text = _decode(data)
    try:
        scanned = jsontext.scan(text)
    except jsontext.BrokenJson as broken:  # DOC-01
        raise Rejected(Fault("json-syntax", broken.offset, str(broken))) from None
    _check_surrogates(scanned)
    reader = _Reader()
    document = reader.document(text, scanned.root)
    raise_first(reader.faults)
    return document


def _decode(data: bytes) -> str:
    if data.startswith(BYTE_ORDER_MARK):  # DOC-02
        raise Rejected(Fault("json-encoding", 0, "the text begins with a byte-order mark"))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:  # DOC-01
        raise Rejected(Fault("json-encoding", error.start, f"invalid UTF-8 at byte {error.start}")) from None


def _check_surrogates(scanned: jsontext.Scanned) -> None:
    """DOC-01: a lone surrogate escape may stand in the value of an unknown member only."""
    root, lone = scanned
    if not lone or root.kind != "object":
        return
    inside_unknown = sum(
        bisect_left(lone, value.end) - bisect_left(lone, value.start) for value in _unknown_values(root)
    )
    if inside_unknown < len(lone):
        raise Rejected(Fault("json-syntax", lone[0], "a lone surrogate escape"))


def _unknown_values(root: Value) -> Iterator[Value]:
    for member in root.members:
        if member.name not in DOCUMENT_MEMBERS:
            yield member.value
        elif member.name == "tokens":
            for token in member.value.items:
                yield from (inner.value for inner in token.members if inner.name not in TOKEN_MEMBERS)


class _Reader:
    """Reads a scanned document, collecting every fault of it."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._unknown_names: list[str] = []

    def document(self, text: str, root: Value) -> Document:
        members = self._members(root, DOCUMENT_MEMBERS, DOCUMENT_REQUIRED)
        databases = self._databases(members.get("create_databases"))
        tokens = [self._token(item) for item in self._items(members.get("tokens"))]
        self._check_unique(tokens)
        return Document(text, members, databases, tokens, self._unknown_names)

    def _fault(self, code: str, value: Value, message: str) -> None:
        self.faults.append(Fault(code, value.start, message))

    def _members(self, holder: Value, known: tuple[str, ...], required: tuple[str, ...]) -> dict[str, Value]:
        """The known members of an object by name; of a repeated one the first."""
        found: dict[str, Value] = {}
        if holder.kind != "object":  # DOC-06
            self._fault("not-an-object", holder, f"{_article(holder.kind)} in place of an object")
            return found
        for member in holder.members:
            if member.name not in known:  # DOC-05
                self._unknown_names.append(member.name)
            elif member.name in found:  # DOC-04
                self.faults.append(Fault("duplicate-member", member.start, f"'{member.name}' is given twice"))
            else:
                found[member.name] = member.value
        for name in required:
            if name not in found:  # DOC-06, section 2
                self._fault("missing-member", holder, f"'{name}' is missing")
        return found

    def _databases(self, value: Value | None) -> list[str]:
        if value is None or value.kind == "null":  # DOC-08
            return []
        strings = self._strings(value)
        for string in strings:
            if not is_database_name(string.text):  # DB-01; `_internal` too breaks it (DB-04)
                self._fault("database-name", string, "not a database name in 'create_databases'")
        return [string.text for string in strings]

    def _token(self, value: Value) -> Token:
        members = self._members(value, TOKEN_MEMBERS, TOKEN_REQUIRED)
        token = self._string(members.get("token"), value)
        name = self._string(members.get("name"), value)
        if not token.text.startswith(TOKEN_PREFIX):  # TOK-01
            self._fault("token-prefix", token, f"'token' does not begin with {TOKEN_PREFIX}")
        if name.text == "":  # TOK-05
            self._fault("empty-name", name, "'name' is empty")
        return Token(
            token.text,
            token.start,
            name.text,
            name.start,
            self._expiry(members.get("expiry_millis")),
            self._permissions(members.get("permissions")),
        )

    def _expiry(self, value: Value | None) -> int | None:
        if value is None or value.kind == "null":  # TOK-08: null counts as absent
            return None
        if value.kind != "number" or not jsontext.is_integer(value.text):
            self._fault("wrong-type", value, "'expiry_millis' is not an integer")
            return None
        expiry_millis = jsontext.integer(value.text)
        if expiry_millis is None:
            self._fault("expiry-out-of-range", value, "'expiry_millis' does not fit 64 bits")
        return expiry_millis

    def _permissions(self, value: Value | None) -> list[Permission]:
        permissions = []
        for string in self._strings(value):  # TOK-10
            try:
                permissions.append(parse_permission(string.text, string.start))
            except Rejected as rejected:  # TOK-11
                self.faults.append(rejected.fault)
        return permissions

    def _string(self, value: Value | None, holder: Value) -> Value:
        """A required string; a stand-in where it is missing or no string."""
        if value is not None and value.kind == "string":
            return value
        if value is not None:
            self._fault("wrong-type", value, f"{_article(value.kind)} in place of a string")
        return Value("string", holder.start, holder.start)

    def _strings(self, value: Value | None) -> list[Value]:
        items = self._items(value)
        for item in items:
            if item.kind != "string":
                self._fault("wrong-type", item, f"{_article(item.kind)} in place of a string")
        return [item for item in items if item.kind == "string"]

    def _items(self, value: Value | None) -> list[Value]:
        if value is None:  # missing, and said so already
            return []
        if value.kind != "array":
            self._fault("wrong-type", value, f"{_article(value.kind)} in place of an array")
        return list(value.items)

    def _check_unique(self, tokens: list[Token]) -> None:
        seen_tokens: set[str] = set()
        seen_names: set[str] = set()
        for token in tokens:
            if token.token in seen_tokens:  # TOK-04, as since 3.11.1
                self.faults.append(Fault("duplicate-token", token.token_offset, "the same token string again"))
            if token.name in seen_names:  # TOK-06: compared as they are, no folding
                self.faults.append(Fault("duplicate-name", token.name_offset, "the same name again"))
            seen_tokens.add(token.token)
            seen_names.add(token.name)


def _article(kind: str) -> str:
    return f"an {kind}" if kind in ("array", "object") else f"a {kind}" if kind in ("number", "string") else kind
