#!/usr/bin/env python3
"""InfluxDB 3 Enterprise tokens files behind the driver protocol of the conformance suite.

One JSON object a line on stdin, one answer a line on stdout. See README.md.
"""

import json
import sys
from typing import Any

import wire
from access import decide_all
from advice import warnings_of
from append import append
from document import load
from faults import Rejected
from grammar import parse_permission
from plan import plan
from wire import Request, Unreadable, optional, required

PROTOCOL = 1
Answer = dict[str, Any]


def op_permission(request: Request) -> Answer:
    return parse_permission(wire.text(required(request.fields, "text"), "text")).to_json()


def op_load(request: Request) -> Answer:
    now = optional(request.fields, "now_millis")
    now_millis = 0 if now is None else wire.integer(now, "now_millis")
    document = load(wire.document(required(request.fields, "document")))
    return {
        "create_databases": list(dict.fromkeys(document.create_databases)),
        "tokens": [token.to_json() for token in document.tokens],
        "warnings": warnings_of(document, now_millis),
    }


def op_access(request: Request) -> Answer:
    fields = request.fields
    data = wire.document(required(fields, "document"))
    databases = wire.texts(required(fields, "databases"), "databases")
    later = optional(fields, "later")
    later_databases = [] if later is None else wire.texts(later, "later")
    now_millis = wire.integer(required(fields, "now_millis"), "now_millis")
    probes = [wire.probe(value) for value in wire.array(required(fields, "probes"), "probes")]
    return {"decisions": decide_all(load(data), databases, later_databases, now_millis, probes)}


def op_append(request: Request) -> Answer:
    fields = request.fields
    document = required(fields, "document")
    data = None if document.kind == "null" else wire.document(document)
    token = request.source(required(fields, "token"))
    created = optional(fields, "create_databases")
    values = [] if created is None else wire.array(created, "create_databases")
    databases = {value.text if value.kind == "string" else None: request.source(value) for value in values}
    return {"document": {"text": append(data, token, databases)}}


def op_plan(request: Request) -> Answer:
    data = wire.document(required(request.fields, "document"))
    server = wire.server(optional(request.fields, "state"))
    return plan(load(data), server)


OPS = {"permission": op_permission, "load": op_load, "access": op_access, "append": op_append, "plan": op_plan}


def hello(request: Request) -> Answer:
    protocol = wire.integer(required(request.fields, "protocol"), "protocol")
    if protocol != PROTOCOL:
        return {"outcome": "unsupported", "message": f"this driver speaks protocol {PROTOCOL}"}
    return {
        "protocol": PROTOCOL,
        "implementation": {"name": "tokens-python-sample", "version": "1.0.0", "language": "Python"},
        "ops": list(OPS),
        "features": ["warnings", "notes"],
        "target": "3.11",
    }


def perform(op: str, request: Request) -> Answer:
    if op == "hello":
        return hello(request)
    if op not in OPS:
        return {"outcome": "unsupported", "message": f"unknown op {json.dumps(op)}"}
    try:
        return {"outcome": "accept", "value": OPS[op](request)}
    except Rejected as rejected:
        fault = rejected.fault
        return {"outcome": "reject", "layer": fault.layer, "code": fault.code, "message": fault.message}


def answer(line: bytes) -> Answer | None:
    """The answer to one request, or None to `bye`."""
    seq = None
    try:
        request = Request(line)
        seq = wire.integer(required(request.fields, "seq"), "seq")
        op = wire.text(required(request.fields, "op"), "op")
        if op == "bye":
            return None
        return {"seq": seq, **perform(op, request)}
    except Unreadable as unreadable:
        return {"seq": seq, "error": str(unreadable)}


def main() -> int:
    # Binary streams: text mode would translate line ends and depend on the locale.
    for line in sys.stdin.buffer:
        response = answer(line)
        if response is None:
            break
        sys.stdout.buffer.write(json.dumps(response, ensure_ascii=False).encode("utf-8") + b"\n")
        sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
