// Defaults: objects of Kubernetes' own kinds as the API server has filled them in before admission.
//
// A line of standard input is an object as JSON, and so is a line of output.
package main

import (
	"bufio"
	"encoding/json"
	"os"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
)

func main() {
	codecs := serializer.NewCodecFactory(legacyscheme.Scheme)
	input, output := bufio.NewReaderSize(os.Stdin, 1<<20), json.NewEncoder(os.Stdout)
	for {
		line, err := input.ReadBytes('\n')
		if len(line) > 1 {
			if err := output.Encode(filled(codecs, line)); err != nil {
				panic(err)
			}
		}
		if err != nil {
			return
		}
	}
}

func filled(codecs serializer.CodecFactory, line []byte) map[string]any {
	object, _, err := codecs.UniversalDeserializer().Decode(line, nil, nil)
	if err != nil {
		panic(err)
	}
	legacyscheme.Scheme.Default(object)
	found, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
	if err != nil {
		panic(err)
	}
	return found
}
