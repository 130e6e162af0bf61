"""The grammar of permissions (PERM) and of database names (DB-01)."""

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from faults import Fault, Rejected

WILDCARD = "*"
INTERNAL_DATABASE = "_internal"
SYSTEM_NAMES = ("health", "metrics", "ping", "ready")  # PERM-06
ACTION_ORDER = ("create", "describe", "read", "write", "delete")  # PERM-11
ACTIONS_OF = {"db": ACTION_ORDER, "system": ("read",)}  # PERM-07, PERM-08

DATABASE_NAME_MAX_BYTES = 511
DATABASE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:/[A-Za-z0-9_-]+)?")

_Reject = Callable[[str, str], NoReturn]


class Permission(NamedTuple):
    """What one permission text grants, without repeats, actions in canonical order."""

    resource_type: str
    resource_names: tuple[str, ...]
    actions: tuple[str, ...]
    has_repeats: bool  # whether the text named something twice (PERM-09)
    offset: int

    def to_json(self) -> dict[str, Any]:
        return {
            "resource_type": self.resource_type,
            "resource_names": list(self.resource_names),
            "actions": list(self.actions),
        }


def is_database_name(name: str) -> bool:
    # DB-01. ASCII only, so characters are bytes. fullmatch, because `$` would allow a final newline.
    return len(name) <= DATABASE_NAME_MAX_BYTES and DATABASE_NAME.fullmatch(name) is not None


def parse_permission(text: str, offset: int = 0) -> Permission:
    """Parse one permission, or raise Rejected for its first fault: shape, type, names, actions."""

    def reject(code: str, message: str) -> NoReturn:
        raise Rejected(Fault(code, offset, f"permission {json.dumps(text)}: {message}"))

    parts = text.split(":")
    if len(parts) != 3:  # PERM-01
        reject("permission-shape", "not three parts around two colons")
    resource_type, names, actions = parts[0], parts[1].split(","), parts[2].split(",")
    _check_resource_type(resource_type, reject)
    _check_names(resource_type, names, reject)
    _check_actions(resource_type, actions, reject)
    return Permission(
        resource_type,
        tuple(dict.fromkeys(names)),
        tuple(action for action in ACTION_ORDER if action in actions),
        len(set(names)) < len(names) or len(set(actions)) < len(actions),
        offset,
    )


def _check_resource_type(resource_type: str, reject: _Reject) -> None:
    if resource_type == WILDCARD:  # PERM-02
        reject("permission-admin-only", "the resource type '*' is for admin tokens")
    if resource_type not in ACTIONS_OF:
        reject("permission-resource-type", "the resource type is neither 'db' nor 'system'")


def _check_names(resource_type: str, names: list[str], reject: _Reject) -> None:
    for name in names:
        if name == "":  # PERM-04
            reject("permission-empty-element", "an empty resource name")
        if name == WILDCARD:
            if len(names) > 1:  # PERM-03, and `*,*` as from 3.9
                reject("permission-mixed-wildcard", "'*' stands alone in a list of names")
        elif resource_type == "db":
            if name != INTERNAL_DATABASE and not is_database_name(name):  # PERM-05
                reject("database-name", f"{json.dumps(name)} is not a database name")
        elif name not in SYSTEM_NAMES:  # PERM-06
            reject("permission-system-name", f"{json.dumps(name)} is not one of {', '.join(SYSTEM_NAMES)}")


def _check_actions(resource_type: str, actions: list[str], reject: _Reject) -> None:
    allowed = ACTIONS_OF[resource_type]
    for action in actions:
        if action == "":  # PERM-04
            reject("permission-empty-element", "an empty action")
        if action not in allowed:  # PERM-07, PERM-08
            reject("permission-action", f"{json.dumps(action)} is not one of {', '.join(allowed)}")
