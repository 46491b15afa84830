// Command checker reads a history of clients of thaw, a JSON object a line, and says whether each
// member's operations can be put in one order that explains every answer (linearizability).
//
// usage: checker HISTORY; exit 0 yes, 1 no, 2 not decided or not readable
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"sort"
	"time"

	"github.com/anishathalye/porcupine"
)

const (
	perMember = 20 * time.Second
	shownMax  = 12
)

func readHistory(from io.Reader) (map[string][]*operation, error) {
	members := map[string][]*operation{}
	decoder := json.NewDecoder(bufio.NewReader(from))
	for {
		op := &operation{}
		err := decoder.Decode(op)
		if err == io.EOF {
			return members, nil
		}
		if err != nil {
			return nil, err
		}
		members[op.Member] = append(members[op.Member], op)
	}
}

// end is the last moment at which an operation may have taken effect.
func (op *operation) end() int64 {
	switch {
	case op.Answered:
		return op.Return
	case op.DiesBy != 0:
		return op.DiesBy
	}
	return math.MaxInt64
}

func toPorcupine(ops []*operation) []porcupine.Operation {
	history := make([]porcupine.Operation, 0, len(ops))
	for _, op := range ops {
		history = append(history, porcupine.Operation{ClientId: op.Client, Input: op, Call: op.Call,
			Return: op.end()})
	}
	return history
}

func check(ops []*operation) porcupine.CheckResult {
	return porcupine.CheckOperationsTimeout(makeModel(), toPorcupine(ops), perMember)
}

// findOrders gives the longest orders of a bad history, as indexes of ops.
func findOrders(ops []*operation) [][]int {
	_, info := porcupine.CheckOperationsVerbose(makeModel(), toPorcupine(ops), perMember)
	if partial := info.PartialLinearizations(); len(partial) > 0 {
		return partial[0]
	}
	return nil
}

// explain prints what the longest order leaves over, first those that were called first.
func explain(name string, ops []*operation, orders [][]int) {
	longest := map[int]bool{}
	for _, order := range orders {
		if len(order) > len(longest) {
			longest = map[int]bool{}
			for _, index := range order {
				longest[index] = true
			}
		}
	}
	fmt.Printf("member %s: %d of %d operations have an order; then none of these fits:\n", name,
		len(longest), len(ops))
	left := []*operation{}
	for index, op := range ops {
		if !longest[index] {
			left = append(left, op)
		}
	}
	sort.Slice(left, func(i, j int) bool { return left[i].Call < left[j].Call })
	for index, op := range left {
		if index == shownMax {
			break
		}
		text, _ := json.Marshal(op)
		fmt.Printf("  %s\n", text)
	}
}

func run(path string) int {
	file, err := os.Open(path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	defer file.Close()
	members, err := readHistory(file)
	if err != nil || len(members) == 0 {
		fmt.Fprintln(os.Stderr, "no history:", err)
		return 2
	}
	code, count, slowest := 0, 0, time.Duration(0)
	for name, ops := range members {
		count += len(ops)
		ops = simplify(ops)
		began := time.Now()
		result := check(ops)
		if spent := time.Since(began); spent > slowest {
			slowest = spent
		}
		switch result {
		case porcupine.Illegal:
			explain(name, ops, findOrders(ops))
			code = 1
		case porcupine.Unknown:
			fmt.Printf("member %s: not decided within %s\n", name, perMember)
			if code == 0 {
				code = 2
			}
		}
	}
	fmt.Printf("%d operations of %d members, the slowest took %s\n", count, len(members),
		slowest.Round(time.Millisecond))
	return code
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: checker HISTORY")
		os.Exit(2)
	}
	os.Exit(run(os.Args[1]))
}
