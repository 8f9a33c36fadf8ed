// Command podsecurity asks Kubernetes' own evaluator of Pod Security, a line of JSON for each line of standard input:
// a pod and a level, and every check of that level that does not admit it. An empty list admits it.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

type question struct {
	Level string `json:"level"`
	Pod   struct {
		Metadata meta.ObjectMeta `json:"metadata"`
		Spec     core.PodSpec    `json:"spec"`
	} `json:"pod"`
}

type violation struct {
	Reason string `json:"reason"`
	Detail string `json:"detail"`
}

func main() {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	fail(err)
	decoder := json.NewDecoder(bufio.NewReader(os.Stdin))
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for decoder.More() {
		var asked question
		fail(decoder.Decode(&asked))
		level, err := api.ParseLevel(asked.Level)
		fail(err)
		found := []violation{}
		at := api.LevelVersion{Level: level, Version: api.LatestVersion()}
		for _, result := range evaluator.EvaluatePod(at, &asked.Pod.Metadata, &asked.Pod.Spec) {
			if !result.Allowed {
				found = append(found, violation{result.ForbiddenReason, result.ForbiddenDetail})
			}
		}
		fail(encoder.Encode(found))
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
