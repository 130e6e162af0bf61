"""What the tokens of a file may do (ACC)."""

from collections.abc import Iterable
from typing import NamedTuple

from document import Document
from grammar import INTERNAL_DATABASE, SYSTEM_NAMES, WILDCARD, Permission

Grants = dict[tuple[str, str], set[str]]  # (resource type, resource name) to actions


class Probe(NamedTuple):
    """One request to decide: it needs all of its actions at once."""

    token: str
    resource_type: str
    resource_name: str
    actions: list[str]


def merge_grants(permissions: Iterable[Permission]) -> Grants:
    """ACC-02: entries of one token for the same resource unite their actions."""
    grants: Grants = {}
    for permission in permissions:
        for name in permission.resource_names:
            grants.setdefault((permission.resource_type, name), set()).update(permission.actions)
    return grants


def decide_all(
    document: Document, databases: list[str], later: list[str], now_millis: int, probes: list[Probe]
) -> list[str]:
    """Decide each probe: `allow`, `deny` or `unauthenticated`."""
    # ACC-05: a database that was made again afterwards is not the one a grant was resolved to.
    resolvable = set(databases) - set(later)
    grants_of = {
        token.token: _resolve(merge_grants(token.permissions), resolvable)
        for token in document.tokens
        if token.is_active(now_millis)
    }
    return [_decide(grants_of.get(probe.token), probe) for probe in probes]


def _resolve(grants: Grants, databases: set[str]) -> Grants:
    """ACC-04: a named grant whose database does not exist when the token is created is void."""
    return {
        (resource_type, name): actions
        for (resource_type, name), actions in grants.items()
        if resource_type != "db" or name == WILDCARD or name in databases
    }


def _decide(grants: Grants | None, probe: Probe) -> str:
    if grants is None:  # ACC-01: unknown or expired
        return "unauthenticated"
    if not _is_grantable(probe):
        return "deny"
    # ACC-03: the first entry found decides alone; the wildcard adds nothing to a name.
    for name in (probe.resource_name, WILDCARD):
        actions = grants.get((probe.resource_type, name))
        if actions is not None:
            return "allow" if actions.issuperset(probe.actions) else "deny"  # ACC-08, ACC-10
    return "deny"


def _is_grantable(probe: Probe) -> bool:
    if probe.resource_type == "system":
        return probe.resource_name in SYSTEM_NAMES  # ACC-07
    return probe.resource_name != INTERNAL_DATABASE  # ACC-06
