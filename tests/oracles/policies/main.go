// Command policies judges as the API server's own code does, a line of JSON for each line of standard input.
//
//	policies judge CLUSTER     an admission request each: what its plugin ValidatingAdmissionPolicy says of it, for every
//	                           policy of the file CLUSTER (policies, bindings, params, namespaces) by itself
//	policies evaluate          an expression each: what it evaluates to in the CEL environment of a Kubernetes release
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == "judge" {
		each(newCluster(os.Args[2]).judge)
	} else if len(os.Args) == 2 && os.Args[1] == "evaluate" {
		each(evaluate)
	} else {
		fail(fmt.Errorf("usage: policies judge CLUSTER | policies evaluate"))
	}
}

func each[Question, Answer any](answer func(Question) Answer) {
	lines := bufio.NewReader(os.Stdin)
	decoder := json.NewDecoder(lines)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for decoder.More() {
		var question Question
		fail(decoder.Decode(&question))
		fail(encoder.Encode(answer(question)))
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
