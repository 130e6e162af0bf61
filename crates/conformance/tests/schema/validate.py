"""Says of each document on standard input, base64 on a line of its own, what Python's jsonschema says of
it by the schema in the file that is named: valid, invalid, or unread where it is no JSON to Python."""

import base64
import json
import sys

from jsonschema import Draft202012Validator


def refuse(constant):
    raise ValueError(f"{constant} is no JSON")


def verdict(validator, document):
    try:
        value = json.loads(document.decode("utf-8"), parse_constant=refuse)
    except (ValueError, RecursionError):
        return "unread"
    return "valid" if validator.is_valid(value) else "invalid"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    documents = [base64.b64decode(line) for line in sys.stdin]
    for document in documents:
        print(verdict(validator, document))


if __name__ == "__main__":
    main()
