// Objects: what an API server says of objects that are to be created, without a server.
//
// Kubernetes' own kinds are decoded strictly, defaulted and given to the strategies of their registries; kinds of the
// CustomResourceDefinitions in the files that are named are pruned, defaulted and validated by apiextensions' own
// code, their CEL rules included. A line of standard input is an object as JSON; a line of output is the list of what
// is refused about it, as JSON, null where its kind is not known here.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sort"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/install"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/api/meta"
	metavalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/admissionregistration"
	_ "k8s.io/kubernetes/pkg/apis/admissionregistration/install"
	admissionvalidation "k8s.io/kubernetes/pkg/apis/admissionregistration/validation"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	"k8s.io/kubernetes/pkg/apis/batch"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/apis/networking"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	"k8s.io/kubernetes/pkg/apis/rbac"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	"k8s.io/kubernetes/pkg/registry/apps/deployment"
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
	"k8s.io/kubernetes/pkg/registry/batch/job"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	"k8s.io/kubernetes/pkg/registry/core/limitrange"
	"k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolumeclaim"
	"k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/pkg/registry/core/resourcequota"
	"k8s.io/kubernetes/pkg/registry/core/secret"
	"k8s.io/kubernetes/pkg/registry/core/serviceaccount"
	"k8s.io/kubernetes/pkg/registry/networking/networkpolicy"
	"k8s.io/kubernetes/pkg/registry/rbac/role"
	"k8s.io/kubernetes/pkg/registry/rbac/rolebinding"
	"sigs.k8s.io/yaml"
)

type definition struct {
	namespaced bool
	structural *structuralschema.Structural
	validator  validation.SchemaValidator
	rules      *cel.Validator
}

func main() {
	known := map[schema.GroupVersionKind]definition{}
	for _, file := range os.Args[1:] {
		if err := load(file, known); err != nil {
			fmt.Fprintln(os.Stderr, file+":", err)
			os.Exit(1)
		}
	}
	input, output := bufio.NewReaderSize(os.Stdin, 1<<20), json.NewEncoder(os.Stdout)
	for {
		line, err := input.ReadBytes('\n')
		if len(line) > 1 {
			if err := output.Encode(refused(line, known)); err != nil {
				panic(err)
			}
		}
		if err != nil {
			return
		}
	}
}

func refused(line []byte, known map[schema.GroupVersionKind]definition) []string {
	object := unstructured.Unstructured{}
	if err := object.UnmarshalJSON(line); err != nil {
		return []string{err.Error()}
	}
	if found, ok := known[object.GroupVersionKind()]; ok {
		return custom(object, found)
	}
	return builtin(line)
}

func load(file string, known map[schema.GroupVersionKind]definition) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	versioned := apiextensionsv1.CustomResourceDefinition{}
	if err := yaml.Unmarshal(text, &versioned); err != nil {
		return err
	}
	scheme := runtime.NewScheme()
	install.Install(scheme)
	scheme.Default(&versioned)
	crd := apiextensions.CustomResourceDefinition{}
	if err := scheme.Convert(&versioned, &crd, nil); err != nil {
		return err
	}
	for _, version := range crd.Spec.Versions {
		schemas, err := apiextensions.GetSchemaForVersion(&crd, version.Name)
		if err != nil {
			return err
		}
		structural, err := structuralschema.NewStructural(schemas.OpenAPIV3Schema)
		if err != nil {
			return err
		}
		validator, _, err := validation.NewSchemaValidator(schemas.OpenAPIV3Schema)
		if err != nil {
			return err
		}
		kind := schema.GroupVersionKind{Group: crd.Spec.Group, Version: version.Name, Kind: crd.Spec.Names.Kind}
		rules := cel.NewValidator(structural, true, celconfig.PerCallLimit)
		known[kind] = definition{crd.Spec.Scope == apiextensions.NamespaceScoped, structural, validator, rules}
	}
	return nil
}

func custom(object unstructured.Unstructured, known definition) []string {
	found := []string{}
	place, _, _ := unstructured.NestedFieldNoCopy(object.Object, "metadata", "namespace")
	if known.namespaced && (place == nil || place == "") {
		object.SetNamespace("default") // as kubectl's own
	}
	if object.GetName() == "" && object.GetGenerateName() != "" {
		object.SetName(object.GetGenerateName() + "abcde")
	}
	content := object.Object
	_, _, unknownMeta, err := objectmeta.GetObjectMetaWithOptions(content, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	if err != nil {
		return []string{err.Error()}
	}
	found = append(found, prefixed("unknown field ", unknownMeta)...)
	options := structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	found = append(found, prefixed("unknown field ", pruning.PruneWithOptions(content, known.structural, true, options))...)
	errs, unknown := objectmeta.CoerceWithOptions(nil, content, known.structural, true, objectmeta.CoerceOptions{ReturnUnknownFieldPaths: true})
	if errs != nil {
		found = append(found, errs.Error())
	}
	found = append(found, prefixed("unknown field ", unknown)...)
	defaulting.PruneNonNullableNullsWithoutDefaults(content, known.structural)
	defaulting.Default(content, known.structural)
	all := metavalidation.ValidateObjectMetaAccessor(&object, known.namespaced, metavalidation.NameIsDNSSubdomain, field.NewPath("metadata"))
	all = append(all, validation.ValidateCustomResource(nil, content, known.validator)...)
	all = append(all, objectmeta.Validate(nil, content, known.structural, false)...)
	all = append(all, listtype.ValidateListSetsAndMaps(nil, known.structural, content)...)
	if known.rules != nil && len(all) == 0 {
		fromRules, _ := known.rules.Validate(context.TODO(), nil, known.structural, content, nil, celconfig.RuntimeCELCostBudget)
		all = append(all, fromRules...)
	}
	return append(found, worded(all)...)
}

func builtin(line []byte) []string {
	codecs := serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict)
	versioned, kind, err := codecs.UniversalDeserializer().Decode(line, nil, nil)
	if err != nil {
		if runtime.IsNotRegisteredError(err) {
			return nil
		}
		return []string{err.Error()}
	}
	legacyscheme.Scheme.Default(versioned)
	internal, err := legacyscheme.Scheme.ConvertToVersion(versioned, schema.GroupVersion{Group: kind.Group, Version: runtime.APIVersionInternal})
	if err != nil {
		return []string{err.Error()}
	}
	switch object := internal.(type) {
	case *admissionregistration.ValidatingAdmissionPolicy:
		return worded(admissionvalidation.ValidateValidatingAdmissionPolicy(object))
	case *admissionregistration.ValidatingAdmissionPolicyBinding:
		return worded(admissionvalidation.ValidateValidatingAdmissionPolicyBinding(object))
	}
	strategy := strategyOf(internal)
	if strategy == nil {
		return nil
	}
	accessor, err := meta.Accessor(internal)
	if err != nil {
		return []string{err.Error()}
	}
	rest.FillObjectMetaSystemFields(accessor)
	namespace := accessor.GetNamespace()
	if strategy.NamespaceScoped() && namespace == "" {
		namespace = "default"
	}
	ctx := genericapirequest.WithNamespace(genericapirequest.NewContext(), namespace)
	info := &genericapirequest.RequestInfo{APIGroup: kind.Group, APIVersion: kind.Version}
	ctx = genericapirequest.WithRequestInfo(ctx, info)
	if err := rest.BeforeCreate(strategy, ctx, internal); err != nil {
		return []string{err.Error()}
	}
	return []string{}
}

func strategyOf(object runtime.Object) rest.RESTCreateStrategy {
	switch object.(type) {
	case *core.Pod:
		return pod.Strategy
	case *core.ConfigMap:
		return configmap.Strategy
	case *core.Secret:
		return secret.Strategy
	case *core.ServiceAccount:
		return serviceaccount.Strategy
	case *core.Namespace:
		return namespace.Strategy
	case *core.LimitRange:
		return limitrange.Strategy
	case *core.ResourceQuota:
		return resourcequota.Strategy
	case *core.PersistentVolumeClaim:
		return persistentvolumeclaim.Strategy
	case *batch.CronJob:
		return cronjob.Strategy
	case *batch.Job:
		return job.Strategy
	case *apps.Deployment:
		return deployment.Strategy
	case *networking.NetworkPolicy:
		return networkpolicy.Strategy
	case *rbac.Role:
		return role.Strategy
	case *rbac.RoleBinding:
		return rolebinding.Strategy
	}
	return nil
}

func prefixed(prefix string, paths []string) []string {
	found := []string{}
	for _, path := range paths {
		found = append(found, prefix+path)
	}
	return found
}

func worded(all field.ErrorList) []string {
	found := []string{}
	for _, err := range all {
		found = append(found, err.Error())
	}
	sort.Strings(found)
	return found
}
