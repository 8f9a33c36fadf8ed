package main

import (
	"context"
	"errors"
	"os"
	"strings"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	core "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	"k8s.io/apiserver/pkg/warning"
	"k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/informers"
	kubernetes "k8s.io/client-go/kubernetes/fake"
)

// cluster holds a plugin for each policy, so that the denial by one hides none by another.
type cluster struct {
	names   []string
	plugins []*validating.Plugin
}

type state struct {
	Policies   []*admissionregistration.ValidatingAdmissionPolicy        `json:"policies"`
	Bindings   []*admissionregistration.ValidatingAdmissionPolicyBinding `json:"bindings"`
	Params     []*param                                                  `json:"params"`
	Namespaces []*core.Namespace                                         `json:"namespaces"`
}

type param struct {
	Resource   string         `json:"resource"`
	Namespaced bool           `json:"namespaced"`
	Object     map[string]any `json:"object"`
}

// request is one for a namespaced object where Namespace is not empty.
type request struct {
	Operation   string         `json:"operation"`
	Resource    string         `json:"resource"`
	Subresource string         `json:"subresource"`
	Namespace   string         `json:"namespace"`
	Name        string         `json:"name"`
	Object      rawObject      `json:"object"`
	Old         rawObject      `json:"old"`
	User        map[string]any `json:"user"`
}

type rawObject []byte

func (r *rawObject) UnmarshalJSON(data []byte) error {
	*r = append((*r)[:0], data...)
	return nil
}

// object reads numbers as the API server does: 64-bit integers where they are ones, else doubles.
func (r rawObject) object() *unstructured.Unstructured {
	if len(r) == 0 || string(r) == "null" {
		return nil
	}
	found := map[string]any{}
	fail(utiljson.Unmarshal(r, &found))
	return &unstructured.Unstructured{Object: found}
}

type verdict struct {
	Policy   string   `json:"policy"`
	Message  string   `json:"message"`
	Reason   string   `json:"reason"`
	Code     int32    `json:"code"`
	Warnings []string `json:"warnings"`
}

func newCluster(file string) *cluster {
	text, err := os.ReadFile(file)
	fail(err)
	var state state
	fail(utiljson.Unmarshal(text, &state))
	all := &cluster{}
	for _, policy := range state.Policies {
		setDefaults(policy)
		all.names = append(all.names, policy.Name)
		all.plugins = append(all.plugins, newPlugin(policy, state))
	}
	return all
}

func newPlugin(policy *admissionregistration.ValidatingAdmissionPolicy, state state) *validating.Plugin {
	objects := []runtime.Object{policy}
	for _, binding := range state.Bindings {
		setMatchDefaults(binding.Spec.MatchResources)
		if binding.Spec.PolicyName == policy.Name {
			objects = append(objects, binding)
		}
	}
	for _, namespace := range state.Namespaces {
		objects = append(objects, namespace)
	}
	client := kubernetes.NewClientset(objects...)
	shared := informers.NewSharedInformerFactory(client, 0)
	dynamic, mapper := params(state.Params)
	plugin, err := validating.NewPlugin(nil)
	fail(err)
	plugin.SetExternalKubeInformerFactory(shared)
	plugin.SetExternalKubeClientSet(client)
	plugin.SetDynamicClient(dynamic)
	plugin.SetRESTMapper(mapper)
	plugin.SetAuthorizer(authorizerfactory.NewAlwaysAllowAuthorizer())
	plugin.SetDrainedNotification(make(chan struct{}))
	fail(plugin.ValidateInitialization())
	shared.Start(nil)
	shared.WaitForCacheSync(nil)
	if !plugin.WaitForReady() {
		fail(errors.New("the plugin is not ready"))
	}
	return plugin
}

func params(all []*param) (*fake.FakeDynamicClient, meta.RESTMapper) {
	mapper := meta.NewDefaultRESTMapper(nil)
	lists := map[schema.GroupVersionResource]string{{Version: "v1", Resource: "configmaps"}: "ConfigMapList"}
	mapper.Add(core.SchemeGroupVersion.WithKind("ConfigMap"), meta.RESTScopeNamespace)
	var objects []runtime.Object
	for _, param := range all {
		object := &unstructured.Unstructured{Object: param.Object}
		kind, scope := object.GroupVersionKind(), meta.RESTScope(meta.RESTScopeRoot)
		if param.Namespaced {
			scope = meta.RESTScopeNamespace
		}
		lists[kind.GroupVersion().WithResource(param.Resource)] = kind.Kind + "List"
		mapper.AddSpecific(kind, kind.GroupVersion().WithResource(param.Resource), kind.GroupVersion().WithResource(strings.ToLower(kind.Kind)), scope)
		objects = append(objects, object)
	}
	return fake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), lists, objects...), mapper
}

// setDefaults is what k8s.io/kubernetes/pkg/apis/admissionregistration/v1 sets before anything reads a policy.
func setDefaults(policy *admissionregistration.ValidatingAdmissionPolicy) {
	if policy.Spec.FailurePolicy == nil {
		fails := admissionregistration.Fail
		policy.Spec.FailurePolicy = &fails
	}
	setMatchDefaults(policy.Spec.MatchConstraints)
}

func setMatchDefaults(match *admissionregistration.MatchResources) {
	if match == nil {
		return
	}
	if match.MatchPolicy == nil {
		equivalent := admissionregistration.Equivalent
		match.MatchPolicy = &equivalent
	}
	if match.NamespaceSelector == nil {
		match.NamespaceSelector = &metav1.LabelSelector{}
	}
	if match.ObjectSelector == nil {
		match.ObjectSelector = &metav1.LabelSelector{}
	}
}

func (c *cluster) judge(asked request) []verdict {
	attributes := asked.attributes()
	interfaces := admission.NewObjectInterfacesFromScheme(runtime.NewScheme())
	var verdicts []verdict
	for i, plugin := range c.plugins {
		recorder := &recorder{}
		ctx := warning.WithWarningRecorder(context.Background(), recorder)
		err := plugin.Validate(ctx, attributes, interfaces)
		found := verdict{Policy: c.names[i], Warnings: recorder.warnings}
		if err != nil {
			found.Message = err.Error()
			var status *apierrors.StatusError
			if errors.As(err, &status) {
				found.Reason, found.Code = string(status.ErrStatus.Reason), status.ErrStatus.Code
			}
		}
		if err != nil || len(recorder.warnings) > 0 {
			verdicts = append(verdicts, found)
		}
	}
	return verdicts
}

func (r request) attributes() admission.Attributes {
	object, old := r.Object.object(), r.Old.object()
	known := object
	if known == nil {
		known = old
	}
	kind := known.GroupVersionKind()
	who := &user.DefaultInfo{Name: "somebody", Groups: []string{"system:masters", "system:authenticated"}}
	var options runtime.Object = &metav1.CreateOptions{TypeMeta: metav1.TypeMeta{Kind: "CreateOptions", APIVersion: "meta.k8s.io/v1"}}
	return admission.NewAttributesRecord(
		orNil(object), orNil(old), kind, r.Namespace, r.Name, kind.GroupVersion().WithResource(r.Resource), r.Subresource,
		admission.Operation(r.Operation), options, false, who,
	)
}

func orNil(object *unstructured.Unstructured) runtime.Object {
	if object == nil {
		return nil
	}
	return object
}

type recorder struct{ warnings []string }

func (r *recorder) AddWarning(_, text string) { r.warnings = append(r.warnings, text) }
