"""Faults to plant into a good history. Each gives a changed copy, and the operation that was changed."""

import copy


def is_later(operation, than):
    return operation["call"] > than["return"]


def find_total_reads(history, member):
    """Answered reads of a total, in the order of their calls."""
    return sorted((operation for operation in history
                   if operation["member"] == member and operation["op"] == "read"
                   and operation.get("state") == "active"), key=lambda read: read["call"])


def find_single_load(history, drawn, reads_after=2):
    """(a counted load that came once, to a member whose totals never fall; the reads after it)."""
    plain = [operation for operation in history if operation["member"].endswith("-2")]
    loads = [operation for operation in plain if operation["op"] == "load"]
    txns = [operation["txn"] for operation in loads]
    drawn.shuffle(loads)
    for load in loads:
        if load.get("outcome") == "counted" and txns.count(load["txn"]) == 1:
            reads = [read for read in find_total_reads(plain, load["member"])
                     if is_later(read, load)]
            if len(reads) >= reads_after:
                return load, reads
    raise AssertionError("the history has no load to plant a fault at")


def lost_load(history, drawn):
    """It was acknowledged, and nobody saw it afterwards."""
    history = copy.deepcopy(history)
    load, reads = find_single_load(history, drawn)
    for read in reads:
        read["total"] -= load["minor"]
    line = f"load {load['txn']} {load['minor']}"
    for operation in history:
        if operation["op"] == "lines" and line in operation["lines"] and is_later(operation, load):
            operation["lines"].remove(line)
    return history, load


def load_counted_twice(history, drawn):
    """Every total after it has it twice."""
    history = copy.deepcopy(history)
    load, reads = find_single_load(history, drawn)
    for read in reads:
        read["total"] += load["minor"]
    return history, load


def stale_read(history, drawn):
    """The first read after the acknowledgement does not see it, the others do."""
    history = copy.deepcopy(history)
    load, reads = find_single_load(history, drawn)
    reads[0]["total"] -= load["minor"]
    return history, reads[0]


def read_goes_back(history, drawn):
    """A read gives the total that was true before an earlier read's."""
    history = copy.deepcopy(history)
    members = sorted({operation["member"] for operation in history
                      if operation["member"].endswith("-2")})
    drawn.shuffle(members)
    for member in members:
        reads = find_total_reads(history, member)
        for first, middle, last in zip(reads, reads[1:], reads[2:]):
            if (is_later(middle, first) and is_later(last, middle)
                    and first["total"] < middle["total"]):
                last["total"] = first["total"]
                return history, last
    raise AssertionError("no total rises from read to read")


def key_answered_twice_differently(history, drawn):
    """The replay names another window than the first answer."""
    history = copy.deepcopy(history)
    replays = [operation for operation in history
               if operation["op"] == "enrol" and operation.get("replayed")]
    replay = drawn.choice(replays)
    replay["answer"] = replay["answer"].replace('"window_id":"cold.', '"window_id":"warm.')
    return history, replay


def repeat_counted_again(history, drawn):
    """The second delivery of a load is answered as the first was."""
    history = copy.deepcopy(history)
    repeats = [operation for operation in history if operation["op"] == "load"
               and operation.get("outcome") == "duplicate" and operation["member"].endswith("-2")
               and all(is_later(operation, other) for other in history
                       if other.get("txn") == operation["txn"] and other is not operation
                       and other.get("outcome") in ("counted", "kept"))
               and all(other.get("answered") for other in history
                       if other.get("txn") == operation["txn"])]
    repeat = drawn.choice(repeats)
    repeat["outcome"] = "counted"
    return history, repeat


def acknowledged_twice_under_one_key(history, drawn):
    """A replay that is not marked as one: the request was carried out again."""
    history = copy.deepcopy(history)
    replays = [operation for operation in history
               if operation["op"] == "enrol" and operation.get("replayed")
               and operation["status"] == 201]
    replay = drawn.choice(replays)
    replay["replayed"] = False
    return history, replay


PLANTS = (lost_load, load_counted_twice, stale_read, read_goes_back,
          key_answered_twice_differently, repeat_counted_again, acknowledged_twice_under_one_key)
