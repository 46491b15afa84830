package main

import (
	"fmt"
	"math"
)

// line is what a load or reversal leaves in the list of the member, for good.
func (op *operation) line() string {
	switch op.Op {
	case "load":
		return fmt.Sprintf("load %s %d", op.Txn, op.Minor)
	case "reverse":
		return "reversal " + op.Txn
	}
	return ""
}

// isFirst is true if the answer says that the line was new. A new reversal that finds nothing left
// is called a duplicate, too, and so says nothing.
func (op *operation) isFirst() bool { return op.Outcome != "duplicate" }

// findLastLook gives an answered list that was asked for when every other answer had been given.
func findLastLook(ops []*operation) *operation {
	var look *operation
	latest := int64(math.MinInt64)
	for _, op := range ops {
		if op.Op == "lines" && op.Answered && (look == nil || op.Call > look.Call) {
			look = op
		}
	}
	for _, op := range ops {
		if op.Answered && op != look && op.Return > latest {
			latest = op.Return
		}
	}
	if look == nil || look.Call <= latest {
		return nil
	}
	return look
}

// simplify takes out guesses that a last look settles; the history is as good or bad as before.
// Lines never go away again. So of the loads and reversals without an answer, one whose line is not
// in the last look acted after it or never: nobody saw it, and it is left out. One whose line is
// there, and that nobody else sent, acted before the end of the look: it is no question any more.
// One whose line somebody else was told to have brought changed nothing, if it ever came: a repeat.
// Without these steps the search doubles with each of them.
func simplify(ops []*operation) []*operation {
	look := findLastLook(ops)
	if look == nil {
		return ops
	}
	isThere, senders, isBrought := map[string]bool{}, map[string]int{}, map[string]bool{}
	for _, line := range look.Lines {
		isThere[line] = true
	}
	for _, op := range ops {
		senders[op.line()]++
		if op.Answered && op.isFirst() {
			isBrought[op.line()] = true
		}
	}
	kept := []*operation{}
	for _, op := range ops {
		line := op.line()
		if op.Answered || line == "" {
			kept = append(kept, op)
			continue
		}
		if !isThere[line] || isBrought[line] {
			continue
		}
		if senders[line] == 1 {
			certain := *op
			certain.isCertain = true
			if op.end() > look.Return {
				certain.DiesBy = look.Return
			}
			op = &certain
		}
		kept = append(kept, op)
	}
	return kept
}
