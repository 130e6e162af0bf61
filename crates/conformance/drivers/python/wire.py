"""Reading the requests of the driver protocol.

They are scanned like tokens files, so that `append` gets its token as it was spelled.
"""

import binascii
from collections.abc import Sequence

import jsontext
from access import Probe
from jsontext import SURROGATE, Value
from plan import Server, ServerToken

Fields = dict[str, Value]


class Unreadable(Exception):
    """The request is not one of this protocol."""


class Request:
    """One request line; `source` gives the text of a value as it stands in the line."""

    def __init__(self, line: bytes) -> None:
        try:
            self._text = line.decode("utf-8")
            root = jsontext.scan(self._text).root
        except (UnicodeDecodeError, jsontext.BrokenJson) as error:
            raise Unreadable(f"not a line of JSON: {error}") from None
        self.fields = _fields(root, "the request")

    def source(self, value: Value) -> str:
        return self._text[value.start : value.end]


def required(fields: Fields, name: str) -> Value:
    if name not in fields:
        raise Unreadable(f"'{name}' is missing")
    return fields[name]


def optional(fields: Fields, name: str) -> Value | None:
    value = fields.get(name)
    return None if value is None or value.kind == "null" else value


def text(value: Value, name: str) -> str:
    if value.kind != "string" or SURROGATE.search(value.text):
        raise Unreadable(f"'{name}' is not a string of Unicode text")
    return value.text


def integer(value: Value, name: str) -> int:
    number = jsontext.integer(value.text) if value.kind == "number" else None
    if number is None:
        raise Unreadable(f"'{name}' is not a 64-bit integer")
    return number


def boolean(value: Value, name: str) -> bool:
    if value.kind not in ("true", "false"):
        raise Unreadable(f"'{name}' is neither true nor false")
    return value.kind == "true"


def array(value: Value, name: str) -> Sequence[Value]:
    if value.kind != "array":
        raise Unreadable(f"'{name}' is not an array")
    return value.items


def texts(value: Value, name: str) -> list[str]:
    return [text(item, name) for item in array(value, name)]


def document(value: Value) -> bytes:
    """A document is bytes, whichever way it is sent."""
    fields = _fields(value, "the document")
    if "text" in fields:
        return text(fields["text"], "text").encode("utf-8")
    encoded = text(required(fields, "base64"), "base64")
    try:
        # Strict: the default skips characters that are not of the alphabet.
        return binascii.a2b_base64(encoded, strict_mode=True)
    except ValueError as error:
        raise Unreadable(f"'base64' is not base64: {error}") from None


def probe(value: Value) -> Probe:
    fields = _fields(value, "a probe")
    if "actions" in fields:
        actions = texts(fields["actions"], "actions")
    else:
        actions = [text(required(fields, "action"), "action")]
    return Probe(
        text(required(fields, "token"), "token"),
        text(required(fields, "resource_type"), "resource_type"),
        text(required(fields, "resource_name"), "resource_name"),
        actions,
    )


def server(value: Value | None) -> Server:
    if value is None:
        return Server([], [])
    fields = _fields(value, "state")
    return Server(
        texts(required(fields, "databases"), "databases"),
        [_server_token(token) for token in array(required(fields, "tokens"), "tokens")],
    )


def _server_token(value: Value) -> ServerToken:
    fields = _fields(value, "a token of the state")
    return ServerToken(
        text(required(fields, "name"), "name"),
        text(required(fields, "token_sha512"), "token_sha512"),
        boolean(required(fields, "resource"), "resource"),
    )


def _fields(value: Value, name: str) -> Fields:
    if value.kind != "object":
        raise Unreadable(f"{name} is not an object")
    return {member.name: member.value for member in value.members}
