package main

import (
	"fmt"
	"sort"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/cel/environment"
)

type expression struct {
	Version    string    `json:"version"`
	Expression string    `json:"expression"`
	Object     rawObject `json:"object"`
}

type value struct {
	Value   any    `json:"value"`
	Error   string `json:"error"`
	Invalid string `json:"invalid"`
}

var environments = map[string]*cel.Env{}

func evaluate(asked expression) value {
	env := environmentOf(asked.Version)
	ast, issues := env.Compile(asked.Expression)
	if issues != nil {
		return value{Invalid: issues.String()}
	}
	program, err := env.Program(ast)
	if err != nil {
		return value{Invalid: err.Error()}
	}
	var object any
	if len(asked.Object) > 0 {
		fail(utiljson.Unmarshal(asked.Object, &object))
	}
	found, _, err := program.Eval(map[string]any{"object": object})
	if err != nil {
		return value{Error: err.Error()}
	}
	return value{Value: plain(found)}
}

func environmentOf(name string) *cel.Env {
	if env, known := environments[name]; known {
		return env
	}
	set, err := environment.MustBaseEnvSet(version.MustParse(name)).Extend(environment.VersionedOptions{
		IntroducedVersion: version.MajorMinor(1, 0),
		EnvOptions:        []cel.EnvOption{cel.Variable("object", cel.DynType)},
	})
	fail(err)
	env, err := set.Env(environment.NewExpressions)
	fail(err)
	environments[name] = env
	return env
}

// plain is a value with its type at every level: [type, value].
func plain(found ref.Val) any {
	switch v := found.(type) {
	case *types.Optional:
		if !v.HasValue() {
			return []any{"optional", nil}
		}
		return []any{"optional", plain(v.GetValue())}
	case traits.Lister:
		items := []any{}
		for i := types.Int(0); i < v.Size().(types.Int); i++ {
			items = append(items, plain(v.Get(i)))
		}
		return []any{"list", items}
	case traits.Mapper:
		items := [][]any{}
		for it := v.Iterator(); it.HasNext() == types.True; {
			key := it.Next()
			items = append(items, []any{plain(key), plain(v.Get(key))})
		}
		sort.Slice(items, func(i, j int) bool { return fmt.Sprint(items[i][0]) < fmt.Sprint(items[j][0]) })
		return []any{"map", items}
	case types.Null:
		return []any{"null", nil}
	case types.Bytes:
		return []any{"bytes", fmt.Sprintf("%x", []byte(v))}
	}
	return []any{found.Type().TypeName(), fmt.Sprint(found.Value())}
}
