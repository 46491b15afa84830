"""Loaded by schemathesis (http_fuzz.py): signs webhooks, so that their bodies are read; counts."""

import atexit
import collections
import json
import os
import sys
import zlib

import schemathesis

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "outside"))
# pylint: disable=wrong-import-position
from thaw_process import sign

SECRET = os.environ.get("THAW_FUZZ_SECRET", "")
CAMPAIGN = json.loads(os.environ.get("THAW_FUZZ_CAMPAIGN", "{}"))
SECONDS = int(os.environ.get("THAW_FUZZ_SECONDS", "0"))


ANSWERS = collections.Counter()
OPERATIONS = collections.defaultdict(collections.Counter)


@schemathesis.hook
def after_call(_context, case, response):
    """What is never answered well is hardly fuzzed: the run says which calls that are."""
    ANSWERS[response.status_code] += 1
    OPERATIONS[case.operation.label][response.status_code // 100] += 1


@atexit.register
def report():
    if not ANSWERS:
        return
    print("answers:", ", ".join(f"{status} x {count}" for status, count in sorted(ANSWERS.items())))
    print("never 2xx:", ", ".join(sorted(label for label, classes in OPERATIONS.items()
                                         if not classes[2])) or "none")


def put_into(whole, generated):
    """One field of what was generated, in a body that is good without it: one that is wrong all
    over is refused at the first look."""
    if not isinstance(generated, dict) or not generated:
        return generated
    names = sorted(generated)
    name = names[zlib.crc32(repr(generated).encode()) % len(names)]
    return {**whole, name: generated[name]}


def sign_body(case):
    """A body that is given as bytes is sent as it is, so it can be signed here."""
    try:
        text = json.dumps(case.body)
    except (TypeError, ValueError):
        return
    case.body = text.encode()
    case.headers["webhook-id"] = "msg"
    case.headers["webhook-timestamp"] = str(SECONDS)
    case.headers["webhook-signature"] = sign("msg", SECONDS, text, SECRET)


@schemathesis.hook
def before_call(_context, case, _kwargs):
    """Only of the run with data (THAW_FUZZ_SECRET)."""
    if not SECRET:
        return
    if case.operation.label == "POST /v1/webhooks/{provider}":
        sign_body(case)
    elif case.operation.label == "PUT /v1/campaigns/{id}":
        case.body = put_into(CAMPAIGN, case.body)
    elif case.operation.label == "POST /v1/enrolments":
        case.body = put_into({"campaign": "cold", "member": f"F{ANSWERS.total()}"}, case.body)
