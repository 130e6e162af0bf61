"""What a server does with a tokens file at its start (BOOT-01 to BOOT-05)."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from document import Document, Token
from faults import Fault, raise_first
from grammar import INTERNAL_DATABASE, WILDCARD, Permission


class ServerToken(NamedTuple):
    name: str
    sha512: str
    is_resource: bool


class Server(NamedTuple):
    """What a server has before the start; nothing, if it is a fresh one."""

    databases: list[str]
    tokens: list[ServerToken]


def plan(document: Document, server: Server) -> dict[str, Any]:
    """Plan the start, or raise Rejected where the file stops it."""
    present = {INTERNAL_DATABASE, *server.databases}
    declared = dict.fromkeys(document.create_databases)
    create_tokens = _tokens_to_create(document, server)
    _check(create_tokens, present.union(declared), server)
    return {
        # BOOT-01: also where no token is created.
        "create_databases": [name for name in declared if name not in present],
        "create_tokens": [token.name for token in create_tokens],
        "notes": sorted(set(_notes(document, server))),
    }


def _has_resource_tokens(server: Server) -> bool:
    return any(token.is_resource for token in server.tokens)


def _tokens_to_create(document: Document, server: Server) -> list[Token]:
    if _has_resource_tokens(server):  # BOOT-02: then none
        return []
    taken = {token.name for token in server.tokens}
    return [token for token in document.tokens if token.name not in taken]  # BOOT-03


def _check(create_tokens: list[Token], databases: set[str], server: Server) -> None:
    """BOOT-04: only a token that is to be created can stop the start."""
    secrets = {token.sha512 for token in server.tokens}
    faults: list[Fault] = []
    for token in create_tokens:
        if token.sha512 in secrets:
            faults.append(Fault("duplicate-token", token.token_offset, "the secret exists under another name"))
        for permission in token.permissions:
            faults += _missing_databases(permission, databases)
    raise_first(faults)


def _missing_databases(permission: Permission, databases: set[str]) -> Iterator[Fault]:
    if permission.resource_type == "db":
        for name in permission.resource_names:
            if name != WILDCARD and name not in databases:
                yield Fault("missing-database", permission.offset, f"database '{name}' does not exist")


def _notes(document: Document, server: Server) -> Iterator[str]:
    if _has_resource_tokens(server):  # BOOT-02
        yield "tokens-exist"
    held = {token.name: token for token in server.tokens}
    for token in document.tokens:
        holder = held.get(token.name)
        if holder is None:
            continue
        if not holder.is_resource:  # BOOT-03
            yield "name-taken"
        elif holder.sha512 != token.sha512:  # BOOT-03
            yield "same-name-new-secret"
