"""The warnings about a document that loads."""

import math
import re
from collections import Counter
from collections.abc import Iterator

from access import Grants, merge_grants
from document import TOKEN_PREFIX, Document, Token
from grammar import INTERNAL_DATABASE, WILDCARD, Permission

OPERATOR_NAME = "_admin"
SILENT_UNKNOWN_NAME = "description"
SILENT_UNKNOWN_PREFIXES = ("_", "$")
DATABASE_NAME_DOCUMENTED_MAX = 64
DATABASES_DEFAULT_LIMIT = 100
LATEST_LIKELY_SECONDS = 99_999_999_999

SECRET_MIN_CHARACTERS = 22
SECRET_MIN_HEX_DIGITS = 32
SECRET_MIN_BITS = 64
HEX = re.compile(r"[0-9A-Fa-f]*")
RUN_OF_EQUALS = re.compile(r"(.)\1{7}", re.DOTALL)
# 64 bytes in URL-safe base64: 85 full characters, and one of which only two bits count.
BASE64_OF_64_BYTES = re.compile(r"[A-Za-z0-9_-]{85}[AQgw]")
PLACEHOLDER_MARK = re.compile(r"\.\.\.|[<>{$]")
PLACEHOLDER_WORD = re.compile(
    r"(?:\A|[-_])(?:your|here|example|changeme|replace|placeholder|fake|sample)(?:\Z|[-_])",
    re.ASCII | re.IGNORECASE,
)
RUN_OF_X = re.compile(r"x{3,}")
VISIBLE_ASCII = re.compile(r"[!-~]*")


def warnings_of(document: Document, now_millis: int) -> list[str]:
    """The distinct codes, sorted."""
    codes = set(_document_warnings(document))
    for token in document.tokens:
        codes.update(_secret_warnings(token.token))
        codes.update(_token_warnings(token, now_millis))
        codes.update(_grant_warnings(token, set(document.create_databases)))
    return sorted(codes)


def _document_warnings(document: Document) -> Iterator[str]:
    if any(map(_is_odd, document.unknown_names)):  # DOC-05
        yield "unknown-member"
    if not document.tokens:  # DOC-07
        yield "no-tokens"
    databases = set(document.create_databases)
    if len(databases) < len(document.create_databases):  # DB-03
        yield "duplicate-database"
    if any(map(_is_long, databases)):  # DB-02
        yield "long-database-name"
    if len(databases) > DATABASES_DEFAULT_LIMIT:  # DB-06
        yield "too-many-databases"


def _is_odd(unknown_name: str) -> bool:
    return unknown_name != SILENT_UNKNOWN_NAME and not unknown_name.startswith(SILENT_UNKNOWN_PREFIXES)


def _is_long(database: str) -> bool:
    return len(database.partition("/")[0]) > DATABASE_NAME_DOCUMENTED_MAX


def _secret_warnings(token: str) -> Iterator[str]:
    secret = token.removeprefix(TOKEN_PREFIX)
    if not _is_generated(secret):  # TOK-02
        if _is_placeholder(secret):
            yield "placeholder-token"
        elif _is_weak(secret):
            yield "weak-token"
    if not VISIBLE_ASCII.fullmatch(token):  # TOK-03
        yield "unusable-token"


def _is_generated(secret: str) -> bool:
    return bool(BASE64_OF_64_BYTES.fullmatch(secret)) and not RUN_OF_EQUALS.search(secret)


def _is_placeholder(secret: str) -> bool:
    return (
        bool(PLACEHOLDER_MARK.search(secret))
        or bool(PLACEHOLDER_WORD.search(secret))
        or len(RUN_OF_X.findall(secret)) >= 3
    )


def _is_weak(secret: str) -> bool:
    return (
        len(secret) < SECRET_MIN_CHARACTERS
        or (len(secret) < SECRET_MIN_HEX_DIGITS and bool(HEX.fullmatch(secret)))
        or bool(RUN_OF_EQUALS.search(secret))
        or _entropy_bits(secret) < SECRET_MIN_BITS
    )


def _entropy_bits(secret: str) -> float:
    """Length times the Shannon entropy a character."""
    return sum(count * math.log2(len(secret) / count) for count in Counter(secret).values())


def _token_warnings(token: Token, now_millis: int) -> Iterator[str]:
    if token.name == OPERATOR_NAME:  # TOK-07
        yield "reserved-name"
    if token.expiry_millis is not None and 1 <= token.expiry_millis <= LATEST_LIKELY_SECONDS:  # TOK-09
        yield "expiry-looks-like-seconds"
    elif not token.is_active(now_millis):  # TOK-09
        yield "expired"
    if not token.permissions:  # TOK-10
        yield "no-permissions"


def _grant_warnings(token: Token, declared: set[str]) -> Iterator[str]:
    grants = merge_grants(token.permissions)
    if _has_duplicates(token, grants):  # PERM-09
        yield "duplicate-grant"
    if any(_lost_actions(grants, resource) for resource in grants):  # ACC-03
        yield "shadowed-grant"
    if any(_is_ineffective(permission, declared) for permission in token.permissions):
        yield "ineffective-grant"
    databases = [name for (resource_type, name) in grants if resource_type == "db" and name != WILDCARD]
    for name in databases:
        if declared and name not in declared and name != INTERNAL_DATABASE:  # DB-05
            yield "undeclared-database"
        if _is_long(name):  # DB-02
            yield "long-database-name"


def _has_duplicates(token: Token, grants: Grants) -> bool:
    granted = sum(len(permission.resource_names) * len(permission.actions) for permission in token.permissions)
    distinct = sum(map(len, grants.values()))
    return distinct < granted or any(permission.has_repeats for permission in token.permissions)


def _lost_actions(grants: Grants, resource: tuple[str, str]) -> set[str]:
    """What the wildcard would have granted on a resource, had it not a grant of its own."""
    resource_type, name = resource
    if name == INTERNAL_DATABASE:  # nothing to lose there (ACC-06)
        return set()
    # `create` on a name means nothing, so that none is lost there (ACC-04).
    return grants.get((resource_type, WILDCARD), set()) - grants[resource] - {"create"}


def _is_ineffective(permission: Permission, declared: set[str]) -> bool:
    """Whether an entry gives nothing on one of its names, whatever others say of that name."""
    if permission.resource_type != "db" or permission.resource_names == (WILDCARD,):
        return False
    if INTERNAL_DATABASE in permission.resource_names:  # DB-04
        return True
    actions = set(permission.actions)
    undeclared = set(permission.resource_names) - declared
    return "create" in actions and (actions == {"create"} or bool(undeclared))  # ACC-04
