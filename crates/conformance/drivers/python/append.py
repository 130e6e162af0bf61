"""Appending a token to a tokens file (FILE-01 to FILE-03).

The new text is spliced into the old one, so that nothing of the old document has to be written
again: order, unknown and repeated members, numbers to the digit and escapes stay as they are.
"""

from typing import NamedTuple

from document import Document, load
from jsontext import Value

# Database names and their JSON source; None for what is no string, which the new file is rejected for.
Sources = dict[str | None, str]

NEW_FILE = b'{\n  "tokens": []\n}\n'


class _Splice(NamedTuple):
    start: int
    end: int
    text: str


def append(data: bytes | None, token: str, databases: Sources) -> str:
    """The new file. The token and the databases are given as JSON source text."""
    # FILE-03: an empty file is as good as none.
    document = load(data or NEW_FILE)
    splices = [_extend(document.members["tokens"], [token])]
    splices += _splice_databases(document, databases)
    text = _apply(document.text, splices)
    # The new token and databases are judged as part of the whole: same rules, same faults, and
    # what is there already is a duplicate.
    load(text.encode("utf-8"))
    return text


def _splice_databases(document: Document, databases: Sources) -> list[_Splice]:
    """FILE-01: names not there yet go to the end; the list is made if absent or null."""
    present = set(document.create_databases)
    added = [source for name, source in databases.items() if name not in present]
    value = document.members.get("create_databases")
    if not added:
        return []
    if value is None:
        top = document.text.index("{") + 1
        # A member always follows, since `tokens` is required.
        return [_Splice(top, top, f'\n  "create_databases": [{", ".join(added)}],')]
    if value.kind == "null":
        return [_Splice(value.start, value.end, f"[{', '.join(added)}]")]
    return [_extend(value, added)]


def _extend(array: Value, sources: list[str]) -> _Splice:
    """Add items right behind the last one, or behind the bracket of an empty array."""
    if array.items:
        end = array.items[-1].end
        return _Splice(end, end, "".join(f", {source}" for source in sources))
    return _Splice(array.start + 1, array.start + 1, ", ".join(sources))


def _apply(text: str, splices: list[_Splice]) -> str:
    # From the end to the beginning, so that the offsets still to be used stay right.
    for splice in sorted(splices, reverse=True):
        text = text[: splice.start] + splice.text + text[splice.end :]
    return text
