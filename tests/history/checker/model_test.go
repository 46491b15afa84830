package main

import (
	"testing"

	"github.com/anishathalye/porcupine"
)

// at sets when an operation was called and answered.
func at(call, end int64, op operation) *operation {
	op.Call, op.Return, op.Answered = call, end, true
	return &op
}

// unanswered may have taken effect at any time after its call, or before `diesBy` if that is set.
func unanswered(call, diesBy int64, op operation) *operation {
	op.Call, op.DiesBy = call, diesBy
	return &op
}

func enrol(status int, body, key string) operation {
	return operation{Op: "enrol", Body: body, Key: key, Status: status, Answer: "window " + body}
}

func replayed(op operation) operation {
	op.Replayed = true
	return op
}

func refuse(op operation, status int, code string) operation {
	op.Status, op.Code, op.Answer = status, code, ""
	return op
}

func load(txn string, minor int64, outcome string) operation {
	return operation{Op: "load", Txn: txn, Minor: minor, Outcome: outcome}
}

func reverse(txn, of string, minor int64, outcome string) operation {
	return operation{Op: "reverse", Txn: txn, Of: of, Minor: minor, Outcome: outcome}
}

func read(total int64) operation {
	return operation{Op: "read", Status: 200, State: "active", Total: total}
}

func cancel() operation {
	return operation{Op: "cancel", Of: "A", Status: 200, Answer: "cancelled"}
}

func lines(list ...string) operation { return operation{Op: "lines", Lines: list} }

type history struct {
	name string
	ops  []*operation
}

var enrolled = at(1, 2, enrol(201, "A", ""))

var good = []history{
	{"a write and reads after it", []*operation{enrolled, at(3, 4, load("a", 100, "counted")),
		at(5, 6, read(100)), at(7, 8, lines("load a 100"))}},
	{"a read beside a write may see it or not", []*operation{enrolled,
		at(3, 9, load("a", 100, "counted")), at(4, 5, read(0)), at(6, 7, read(100))}},
	{"kept loads count once the member enrols", []*operation{at(1, 2, load("a", 100, "kept")),
		at(3, 4, refuse(operation{Op: "read"}, 404, "")), at(5, 6, enrol(201, "A", "")),
		at(7, 8, read(100))}},
	{"a repeat is a duplicate, the lowest amount counts", []*operation{enrolled,
		at(3, 4, load("a", 100, "counted")), at(5, 6, load("a", 100, "duplicate")),
		at(7, 8, load("a", 150, "held:amount_mismatch")), at(9, 10, load("a", 60, "counted")),
		at(11, 12, read(60))}},
	{"reversals take what is left", []*operation{enrolled, at(3, 4, load("a", 100, "counted")),
		at(5, 6, reverse("r1", "a", 31, "applied")), at(7, 8, read(69)),
		at(9, 10, reverse("r2", "a", 0, "applied")), at(11, 12, reverse("r3", "a", 0, "duplicate")),
		at(13, 14, reverse("r4", "a", 5, "held:over_reversal")), at(15, 16, read(0))}},
	{"a reversal before its load", []*operation{enrolled,
		at(3, 4, reverse("r1", "a", 0, "held:orphan_reversal")),
		at(5, 6, load("a", 100, "excluded:reversed")), at(7, 8, read(0))}},
	{"a write without an answer, seen late", []*operation{enrolled,
		unanswered(3, 0, load("a", 100, "")), at(5, 6, read(0)), at(7, 8, read(100))}},
	{"a write without an answer, never seen", []*operation{enrolled,
		unanswered(3, 0, load("a", 100, "")), unanswered(3, 9, load("b", 200, "")),
		at(10, 11, read(0))}},
	{"a killed server's write, seen after the restart", []*operation{enrolled,
		unanswered(3, 9, load("a", 100, "")), at(10, 11, read(100)),
		at(12, 13, load("a", 100, "duplicate"))}},
	{"a last look without what was not answered", []*operation{enrolled,
		unanswered(3, 0, load("a", 100, "")), unanswered(3, 9, load("b", 200, "")),
		at(5, 6, read(0)), at(10, 11, lines())}},
	{"a last look with what was not answered", []*operation{enrolled,
		unanswered(3, 0, load("a", 100, "")), unanswered(3, 9, load("b", 200, "")),
		at(5, 6, read(0)), at(7, 8, read(200)), at(10, 11, lines("load a 100", "load b 200"))}},
	{"a list that is not the last look settles nothing", []*operation{enrolled,
		at(3, 4, lines()), unanswered(5, 0, load("a", 100, "")), at(6, 7, read(100))}},
	{"a repeat whose first delivery was not answered, and never came", []*operation{enrolled,
		unanswered(3, 5, load("a", 100, "")), at(6, 7, load("a", 100, "counted")),
		at(10, 11, lines("load a 100"))}},
	{"a key gets its first answer again", []*operation{at(1, 2, enrol(201, "A", "k")),
		at(3, 4, replayed(enrol(201, "A", "k"))), at(5, 6, enrol(200, "A", "other")),
		at(7, 8, replayed(enrol(200, "A", "other")))}},
	{"a key with another body", []*operation{at(1, 2, enrol(201, "A", "k")),
		at(3, 4, refuse(enrol(0, "B", "k"), 409, "idempotency_key_reuse"))}},
	{"what is refused leaves its key free", []*operation{
		at(1, 2, refuse(enrol(0, "N", "k"), 404, "unknown_campaign")),
		at(3, 4, enrol(201, "A", "k"))}},
	{"one key, two bodies at once: one of them is first", []*operation{
		at(1, 9, enrol(201, "A", "k")),
		at(2, 8, refuse(enrol(0, "B", "k"), 409, "idempotency_key_reuse"))}},
	{"a cancelled enrolment has no total", []*operation{enrolled,
		at(3, 4, load("a", 100, "counted")), at(5, 6, cancel()), at(7, 8, load("b", 100, "kept")),
		at(9, 10, operation{Op: "read", Status: 200, State: "cancelled", Total: 0}),
		at(11, 12, refuse(enrol(0, "A", ""), 409, "enrolment_cancelled"))}},
}

var bad = []history{
	{"an acknowledged load is lost", []*operation{enrolled, at(3, 4, load("a", 100, "counted")),
		at(5, 6, read(0)), at(7, 8, lines())}},
	{"a load is counted twice", []*operation{enrolled, at(3, 4, load("a", 100, "counted")),
		at(5, 6, load("a", 100, "duplicate")), at(7, 8, read(200))}},
	{"a repeat is taken for a new load", []*operation{enrolled,
		at(3, 4, load("a", 100, "counted")), at(5, 6, load("a", 100, "counted"))}},
	{"a stale read after an acknowledged write", []*operation{enrolled,
		at(3, 4, load("a", 100, "counted")), at(5, 6, load("b", 50, "counted")),
		at(7, 8, read(100)), at(9, 10, read(150))}},
	{"a read goes back, beside a write", []*operation{enrolled,
		at(3, 20, load("a", 100, "counted")), at(5, 6, read(100)), at(7, 8, read(0))}},
	{"a read sees half of what was reversed", []*operation{enrolled,
		at(3, 4, load("a", 100, "counted")), at(5, 9, reverse("r", "a", 0, "applied")),
		at(6, 7, read(50))}},
	{"a list without a line that counts", []*operation{enrolled,
		at(3, 4, load("a", 100, "counted")), at(5, 6, read(100)), at(7, 8, lines())}},
	{"a key is answered twice differently", []*operation{at(1, 2, enrol(201, "A", "k")),
		at(3, 4, replayed(operation{Op: "enrol", Body: "A", Key: "k", Status: 201,
			Answer: "another window"}))}},
	{"a repeat under a key is carried out again", []*operation{at(1, 2, enrol(201, "A", "k")),
		at(3, 4, enrol(200, "A", "k"))}},
	{"a key takes another body", []*operation{at(1, 2, enrol(201, "A", "k")),
		at(3, 4, refuse(enrol(0, "B", "k"), 409, "enrolment_conflict"))}},
	{"two bodies under one key, both refused the other's way", []*operation{
		at(1, 9, refuse(enrol(0, "A", "k"), 409, "idempotency_key_reuse")),
		at(2, 8, refuse(enrol(0, "B", "k"), 409, "idempotency_key_reuse"))}},
	{"what was refused burns its key", []*operation{
		at(1, 2, refuse(enrol(0, "N", "k"), 404, "unknown_campaign")),
		at(3, 4, refuse(enrol(0, "A", "k"), 409, "idempotency_key_reuse"))}},
	{"two first enrolments", []*operation{at(1, 9, enrol(201, "A", "")),
		at(2, 8, enrol(201, "A", ""))}},
	{"a killed server's write comes up later", []*operation{enrolled,
		unanswered(3, 9, load("a", 100, "")), at(10, 11, read(0)), at(12, 13, read(100))}},
	{"what was seen is not in the last look", []*operation{enrolled,
		unanswered(3, 0, load("a", 100, "")), at(5, 6, read(100)), at(7, 8, lines())}},
	{"a last look with what a killed server was asked, and a read without it", []*operation{
		enrolled, unanswered(3, 5, load("a", 100, "")), at(6, 7, read(0)),
		at(8, 9, lines("load a 100"))}},
	{"a write without an answer is undone", []*operation{enrolled,
		unanswered(3, 0, load("a", 100, "")), at(5, 6, read(100)), at(7, 8, read(0))}},
}

func expect(t *testing.T, histories []history, wanted porcupine.CheckResult) {
	for _, each := range histories {
		t.Run(each.name, func(t *testing.T) {
			if result := check(each.ops); result != wanted {
				t.Fatalf("%s, wanted %s", result, wanted)
			}
			if result := check(simplify(each.ops)); result != wanted {
				t.Fatalf("simplified: %s, wanted %s", result, wanted)
			}
		})
	}
}

func TestGoodHistoriesAreTaken(t *testing.T) { expect(t, good, porcupine.Ok) }

func TestBadHistoriesAreRefused(t *testing.T) { expect(t, bad, porcupine.Illegal) }
