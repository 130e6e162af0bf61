"""What can be wrong with a tokens file: codes, their layers, and which fault is reported."""

from typing import NamedTuple

# Outermost layer first: of several faults the outermost layer wins, then the first in the text.
CODES_BY_LAYER = {
    "json": ("json-syntax", "json-encoding"),
    "schema": ("duplicate-member", "not-an-object", "missing-member", "wrong-type", "expiry-out-of-range"),
    "grammar": (
        "permission-shape",
        "permission-resource-type",
        "permission-admin-only",
        "permission-empty-element",
        "permission-mixed-wildcard",
        "permission-system-name",
        "permission-action",
        "database-name",
    ),
    "semantic": ("token-prefix", "duplicate-token", "empty-name", "duplicate-name", "missing-database"),
}
LAYERS = tuple(CODES_BY_LAYER)
LAYER_OF = {code: layer for layer, codes in CODES_BY_LAYER.items() for code in codes}


class Fault(NamedTuple):
    """One reason to reject. No message quotes the value of a `token` member (GEN-07)."""

    code: str
    offset: int  # where in the text, to tell which of several faults is the first
    message: str

    @property
    def layer(self) -> str:
        return LAYER_OF[self.code]


class Rejected(Exception):
    """The document or permission is not acceptable, for the fault given."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def raise_first(faults: list[Fault]) -> None:
    """Reject for the fault that takes precedence; return when there is none."""
    if faults:
        raise Rejected(min(faults, key=lambda fault: (LAYERS.index(fault.layer), fault.offset)))
