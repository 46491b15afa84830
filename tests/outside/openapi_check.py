"""Whether an answer is one that openapi.json describes, and whether what was taken is, too."""

import json
import os
import re
from urllib.parse import unquote

import jsonschema

_PATH = os.path.join(os.path.dirname(__file__), "..", "..", "src", "app", "api", "openapi.json")
with open(_PATH, encoding="utf-8") as _file:
    _DOCUMENT = json.load(_file)


def _resolve(item):
    while "$ref" in item:
        found = _DOCUMENT
        for step in item["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        item = found
    return item


def _to_pattern(path):
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))


# Paths without anything that varies come first: /dead-letters/redrive is no dead letter's id.
_PATHS = [(_to_pattern(path), item)
          for path, item in sorted(_DOCUMENT["paths"].items(), key=lambda p: p[0].count("{"))]


def find_operation(method, path):
    """The operation of a request, or none."""
    plain = unquote(path.split("?")[0])
    for pattern, item in _PATHS:
        if pattern.fullmatch(plain) and method.lower() in item:
            return item[method.lower()]
    return None


def _check(schema, value, what):
    # References are looked up from the root of the schema.
    root = {**schema, "components": _DOCUMENT["components"]}
    errors = list(jsonschema.Draft202012Validator(root).iter_errors(value))
    if errors:
        raise AssertionError(f"openapi.json does not describe {what}: {errors[0].message} "
                             f"at {list(errors[0].absolute_path)}")


def check_exchange(method, path, body, status, content_type, answer):
    """Raises AssertionError. `body` and `answer` are parsed where they are JSON."""
    operation = find_operation(method, path)
    what = f"{method} {path}: {status}"
    if operation is None:
        # What does not begin so was asked of the points sandbox.
        if status < 400 and path.startswith("/v1/"):
            raise AssertionError(f"openapi.json has no {what}")
        return
    responses = operation["responses"]
    if str(status) not in responses and status < 400:
        raise AssertionError(f"openapi.json does not say {what}")
    content = _resolve(responses.get(str(status), responses["default"])).get("content", {})
    kind = content_type.split(";")[0].strip()
    if kind not in content:
        raise AssertionError(f"openapi.json does not say {what} with '{kind}'")
    _check(content[kind]["schema"], answer, what)
    taken = operation.get("requestBody", {}).get("content", {}).get("application/json")
    # A delivery's events are answered one by one, the wrong ones too.
    if taken and status < 300 and body and operation["operationId"] != "receiveWebhook":
        parsed = json.loads(body) if isinstance(body, (str, bytes)) else body
        _check(taken["schema"], parsed, f"the body of {what}")
