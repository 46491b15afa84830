package main

import (
	"fmt"
	"hash/fnv"
	"sort"
	"strings"

	"github.com/anishathalye/porcupine"
)

// operation is one line of a history: what a client asked about one member, and what it was told.
// Times are of one monotonic clock. Without Answered the outcome is unknown: if DiesBy is set it
// took effect before then or never, else it may at any time.
type operation struct {
	Client   int    `json:"client,omitempty"`
	Member   string `json:"member,omitempty"`
	Op       string `json:"op,omitempty"` // enrol, cancel, load, reverse, read, lines
	Call     int64  `json:"call,omitempty"`
	Return   int64  `json:"return,omitempty"`
	Answered bool   `json:"answered,omitempty"`
	DiesBy   int64  `json:"dies_by,omitempty"`

	isCertain bool // it took effect, though nobody was answered

	Key   string `json:"key,omitempty"`
	Body  string `json:"body,omitempty"`  // enrol: A or B, or N for a campaign that is not there; cancel: the body
	Of    string `json:"of,omitempty"`    // cancel: the enrolment, A or B; reverse: the load
	Txn   string `json:"txn,omitempty"`   // load, reverse
	Minor int64  `json:"minor,omitempty"` // load, reverse; a reversal of 0 takes the whole

	Status   int      `json:"status,omitempty"`
	Code     string   `json:"code,omitempty"` // of a refusal
	Replayed bool     `json:"replayed,omitempty"`
	Answer   string   `json:"answer,omitempty"`  // enrol, cancel: the body, if not refused
	Outcome  string   `json:"outcome,omitempty"` // load, reverse
	State    string   `json:"state,omitempty"`   // read
	Total    int64    `json:"total,omitempty"`   // read
	Lines    []string `json:"lines,omitempty"`   // lines, sorted
}

// keyed is a request that an idempotency key stands for.
type keyed struct {
	body   string
	status int
}

// member is the state of one member. A step copies it; text stands for all of it.
type member struct {
	enrolled     string // A or B
	isCancelled  bool
	loads        map[string][]int64  // the amounts that came under one id
	reversals    map[string][]string // by load, sorted: reversals apply in order of their ids
	amounts      map[string]int64    // of reversals
	keys         map[string]keyed
	answer       string // of the enrolment; empty: nobody has seen it yet
	cancelAnswer string
	text         string
	hash         uint64
}

func (m *member) copy() *member {
	c := *m
	c.loads, c.reversals = map[string][]int64{}, map[string][]string{}
	c.amounts, c.keys = map[string]int64{}, map[string]keyed{}
	for k, v := range m.loads {
		c.loads[k] = v
	}
	for k, v := range m.reversals {
		c.reversals[k] = v
	}
	for k, v := range m.amounts {
		c.amounts[k] = v
	}
	for k, v := range m.keys {
		c.keys[k] = v
	}
	return &c
}

// seal makes the text. fmt prints maps in the order of their keys.
func (m *member) seal() *member {
	m.text = ""
	m.text = fmt.Sprint(m.enrolled, m.isCancelled, m.loads, m.amounts, m.keys, m.answer,
		m.cancelAnswer)
	return m
}

func (m *member) isActive() bool { return m.enrolled != "" && !m.isCancelled }

// carried is the amount that counts of one load before reversals: the lowest (SPEC 2.4).
func (m *member) carried(txn string) int64 {
	lowest := m.loads[txn][0]
	for _, amount := range m.loads[txn] {
		if amount < lowest {
			lowest = amount
		}
	}
	return lowest
}

// left is what the reversals before `until` leave of a load; all of them, if it is empty.
func (m *member) left(txn, until string) int64 {
	rest := m.carried(txn)
	for _, id := range m.reversals[txn] {
		if id == until {
			break
		}
		taken := m.amounts[id]
		if taken == 0 || taken > rest {
			taken = rest
		}
		rest -= taken
	}
	return rest
}

func (m *member) total() int64 {
	if m.isCancelled { // nothing stands under it any more
		return 0
	}
	sum := int64(0)
	for txn := range m.loads {
		sum += m.left(txn, "")
	}
	return sum
}

func (m *member) lines() string {
	lines := []string{}
	for txn, amounts := range m.loads {
		for _, amount := range amounts {
			lines = append(lines, fmt.Sprintf("load %s %d", txn, amount))
		}
	}
	for id := range m.amounts {
		lines = append(lines, "reversal "+id)
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

// step gives the state after `in`, and whether its answer is the one that this state gives.
func (m *member) step(in *operation) (*member, bool) {
	switch in.Op {
	case "enrol":
		return m.underKey("enrol "+in.Key, in, (*member).enrol)
	case "cancel":
		return m.underKey("cancel "+in.Of+" "+in.Key, in, (*member).cancel)
	case "load":
		return m.load(in)
	case "reverse":
		return m.reverse(in)
	case "read":
		if m.enrolled == "" {
			return m, in.Status == 404
		}
		state := "active"
		if m.isCancelled {
			state = "cancelled"
		}
		return m, in.Status == 200 && in.State == state && in.Total == m.total()
	case "lines":
		return m, strings.Join(in.Lines, "\n") == m.lines()
	}
	panic("no operation is called " + in.Op)
}

func refused(in *operation, status int, code string) bool {
	return in.Status == status && in.Code == code && !in.Replayed
}

// underKey keeps the rules of idempotency keys (SPEC 3.1): the same request again gets the first
// answer, marked; another one is refused; what was refused leaves the key free.
func (m *member) underKey(name string, in *operation,
	do func(*member, *operation) (*member, int, string)) (*member, bool) {
	if first, isUsed := m.keys[name]; isUsed && in.Key != "" {
		if first.body != in.Body {
			return m, refused(in, 409, "idempotency_key_reuse")
		}
		next, isSame := m.see(in)
		return next, isSame && in.Status == first.status && in.Replayed
	}
	next, status, code := do(m, in)
	if status >= 400 {
		return m, refused(in, status, code)
	}
	if in.Key != "" {
		next = next.copy()
		next.keys[name] = keyed{in.Body, status}
		next.seal()
	}
	next, isSame := next.see(in)
	return next, isSame && in.Status == status && !in.Replayed
}

// see compares the body with the one that others were given, byte by byte.
func (m *member) see(in *operation) (*member, bool) {
	if !in.Answered {
		return m, true
	}
	known := m.answer
	if in.Op == "cancel" {
		known = m.cancelAnswer
	}
	if known != "" || in.Answer == "" {
		return m, known == in.Answer
	}
	next := m.copy()
	if in.Op == "cancel" {
		next.cancelAnswer = in.Answer
	} else {
		next.answer = in.Answer
	}
	return next.seal(), true
}

func (m *member) enrol(in *operation) (*member, int, string) {
	switch {
	case in.Body == "N":
		return m, 404, "unknown_campaign"
	case m.isCancelled:
		return m, 409, "enrolment_cancelled"
	case m.enrolled == in.Body:
		return m, 200, ""
	case m.enrolled != "":
		return m, 409, "enrolment_conflict"
	}
	next := m.copy()
	next.enrolled = in.Body
	return next.seal(), 201, ""
}

func (m *member) cancel(in *operation) (*member, int, string) {
	switch {
	case m.enrolled != in.Of:
		return m, 404, "unknown_enrolment"
	case m.isCancelled:
		return m, 200, ""
	}
	next := m.copy()
	next.isCancelled = true
	return next.seal(), 200, ""
}

func (m *member) load(in *operation) (*member, bool) {
	for _, amount := range m.loads[in.Txn] {
		if amount == in.Minor {
			return m, in.Outcome == "duplicate"
		}
	}
	next := m.copy()
	next.loads[in.Txn] = append(append([]int64{}, m.loads[in.Txn]...), in.Minor)
	sort.Slice(next.loads[in.Txn], func(i, j int) bool {
		return next.loads[in.Txn][i] < next.loads[in.Txn][j]
	})
	next.seal()
	switch {
	case !m.isActive():
		return next, in.Outcome == "kept"
	case next.left(in.Txn, "") == 0:
		return next, in.Outcome == "excluded:reversed"
	case next.carried(in.Txn) != in.Minor:
		return next, in.Outcome == "held:amount_mismatch"
	}
	return next, in.Outcome == "counted"
}

func (m *member) reverse(in *operation) (*member, bool) {
	if _, isKnown := m.amounts[in.Txn]; isKnown {
		return m, in.Outcome == "duplicate"
	}
	next := m.copy()
	next.amounts[in.Txn] = in.Minor
	next.reversals[in.Of] = append(append([]string{}, m.reversals[in.Of]...), in.Txn)
	sort.Strings(next.reversals[in.Of])
	next.seal()
	if !m.isActive() {
		return next, in.Outcome == "kept"
	}
	if len(m.loads[in.Of]) == 0 {
		return next, in.Outcome == "held:orphan_reversal"
	}
	rest := next.left(in.Of, in.Txn)
	switch {
	case in.Minor == 0 && rest == 0:
		return next, in.Outcome == "duplicate"
	case in.Minor > rest:
		return next, in.Outcome == "held:over_reversal"
	}
	return next, in.Outcome == "applied"
}

// search holds what one check has found out. A state is there once, so that pointers compare; and the
// same step, which the search comes back to again and again, is taken once.
type search struct {
	states map[string]*member
	steps  map[stepKey][]interface{}
}

type stepKey struct {
	state *member
	op    *operation
}

func (s *search) intern(m *member) *member {
	if known, isKnown := s.states[m.text]; isKnown {
		return known
	}
	sum := fnv.New64a()
	sum.Write([]byte(m.text))
	m.hash = sum.Sum64()
	s.states[m.text] = m
	return m
}

// listNext gives every state that may follow.
func (s *search) listNext(before *member, in *operation) []interface{} {
	after, isRight := before.step(in)
	switch {
	case in.Answered && !isRight:
		return nil
	case in.Answered || in.isCertain || in.DiesBy == 0:
		return []interface{}{s.intern(after)} // without an end, "never" is "after all others"
	}
	return []interface{}{before, s.intern(after)}
}

func makeModel() porcupine.Model {
	s := &search{map[string]*member{}, map[stepKey][]interface{}{}}
	model := porcupine.NondeterministicModel{
		Init: func() []interface{} { return []interface{}{s.intern((&member{}).copy().seal())} },
		Step: func(state, input, output interface{}) []interface{} {
			key := stepKey{state.(*member), input.(*operation)}
			next, isKnown := s.steps[key]
			if !isKnown {
				next = s.listNext(key.state, key.op)
				s.steps[key] = next
			}
			return next
		},
		Equal: func(a, b interface{}) bool { return a.(*member) == b.(*member) },
		Hash:  func(state interface{}) uint64 { return state.(*member).hash },
	}
	return model.ToModel()
}
