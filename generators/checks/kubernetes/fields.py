"""What the values of Kubernetes' fields may be, which its published schemas leave open.

By definition, as `$defs` of the bundled schemas call it without `io.k8s.`, and field.
https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/validation.go and its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping

from generators.checks.forms import (
    CONFIG_KEY,
    ENV_NAME,
    LABEL,
    LABELS,
    PATH_SEGMENT,
    PORT_NAME,
    QUALIFIED,
    SUBDOMAIN,
    Schema,
)

_PORT = {"minimum": 1, "maximum": 65535}
_COUNT = {"minimum": 0}
_SOME = {"minItems": 1}
_FILLED = {"minLength": 1}
_PROTOCOL = {"enum": ["TCP", "UDP", "SCTP", None]}
_NOT_UPWARDS = {"pattern": r"^(?!/)(?!(.*/)?\.\.(/|$))", "description": "a path without .. that does not begin with /"}
_USER = {"minimum": 0, "maximum": 2147483647}
_SUBJECT_KINDS = {"enum": ["User", "Group", "ServiceAccount"]}
_SCOPES = [
    "Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity",
    "VolumeAttributesClass",
]  # fmt: skip
_SHARE = {
    "pattern": "^[0-9]+%$", "minimum": 0, "maximum": 2**31 - 1, "description": "a whole number, or a share such as 25%",
}  # fmt: skip
_QUANTITIES = {"type": ["object", "null"], "propertyNames": QUALIFIED}


def _plain(form: Schema) -> Schema:
    """A form for a field whose type is said already, and which may be empty."""
    pattern = form["pattern"]
    return {**{key: value for key, value in form.items() if key != "type"}, "pattern": f"^$|{pattern}"}


FIELDS: Mapping[str, Mapping[str, Schema]] = {
    "api.core.v1.Container": {
        "name": LABEL,
        "image": {"minLength": 1, "pattern": r"^\S(.*\S)?$", "description": "no space before or after it"},
        "imagePullPolicy": {"enum": ["Always", "IfNotPresent", "Never", "", None]},
        "terminationMessagePolicy": {"enum": ["File", "FallbackToLogsOnError", "", None]},
        "restartPolicy": {"enum": ["Always", "OnFailure", "Never", None]},
    },
    "api.core.v1.ContainerPort": {
        "containerPort": _PORT,
        "hostPort": {"minimum": 0, "maximum": 65535},
        "protocol": _PROTOCOL,
        "name": _plain(PORT_NAME),
    },
    "api.core.v1.EnvVar": {"name": ENV_NAME},
    "api.core.v1.EnvFromSource": {"prefix": _plain(ENV_NAME)},
    "api.core.v1.ConfigMapKeySelector": {"key": CONFIG_KEY, "name": SUBDOMAIN},
    "api.core.v1.SecretKeySelector": {"key": CONFIG_KEY, "name": SUBDOMAIN},
    "api.core.v1.ConfigMapEnvSource": {"name": SUBDOMAIN},
    "api.core.v1.SecretEnvSource": {"name": SUBDOMAIN},
    "api.core.v1.KeyToPath": {
        "key": CONFIG_KEY,
        "path": {**_NOT_UPWARDS, "minLength": 1},
        "mode": {"minimum": 0, "maximum": 511},
    },
    "api.core.v1.ConfigMapProjection": {"name": _FILLED},
    "api.core.v1.SecretProjection": {"name": _FILLED},
    "api.core.v1.ConfigMapVolumeSource": {"defaultMode": {"minimum": 0, "maximum": 511}},
    "api.core.v1.SecretVolumeSource": {"defaultMode": {"minimum": 0, "maximum": 511}},
    "api.core.v1.ProjectedVolumeSource": {"defaultMode": {"minimum": 0, "maximum": 511}},
    "api.core.v1.ServiceAccountTokenProjection": {
        "path": {**_NOT_UPWARDS, "minLength": 1},
        "expirationSeconds": {"minimum": 600, "maximum": 1 << 32},
    },
    "api.core.v1.VolumeMount": {"name": _FILLED, "mountPath": _FILLED, "subPath": _NOT_UPWARDS},
    "api.core.v1.Volume": {"name": LABEL},
    "api.core.v1.PersistentVolumeClaimVolumeSource": {"claimName": _FILLED},
    "api.core.v1.EmptyDirVolumeSource": {"medium": {"enum": ["", "Memory", "HugePages", None]}},
    "api.core.v1.HostPathVolumeSource": {"path": _FILLED},
    "api.core.v1.PodSpec": {
        "containers": _SOME,
        "restartPolicy": {"enum": ["Always", "OnFailure", "Never", "", None]},
        "dnsPolicy": {"enum": ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None", "", None]},
        "preemptionPolicy": {"enum": ["PreemptLowerPriority", "Never", None]},
        "activeDeadlineSeconds": {"minimum": 1, "maximum": 2147483647},
        "terminationGracePeriodSeconds": {},  # a negative one is taken as 1
        "serviceAccountName": _plain(SUBDOMAIN),
        "hostname": _plain(LABEL),
        "subdomain": _plain(LABEL),
        "priorityClassName": _plain(SUBDOMAIN),
        "runtimeClassName": _plain(SUBDOMAIN),
        "nodeSelector": LABELS,
    },
    "api.core.v1.PodSecurityContext": {
        "runAsUser": _USER,
        "runAsGroup": _USER,
        "fsGroup": _USER,
        "fsGroupChangePolicy": {"enum": ["Always", "OnRootMismatch", None]},
        "supplementalGroups": {"items": {"type": "integer", **_USER}},
    },
    "api.core.v1.SecurityContext": {
        "runAsUser": _USER,
        "runAsGroup": _USER,
        "procMount": {"enum": ["Default", "Unmasked", None]},
    },
    "api.core.v1.SeccompProfile": {"type": {"enum": ["Localhost", "RuntimeDefault", "Unconfined"]}},
    "api.core.v1.AppArmorProfile": {"type": {"enum": ["Localhost", "RuntimeDefault", "Unconfined"]}},
    "api.core.v1.Toleration": {
        "operator": {"enum": ["Exists", "Equal", "", None]},
        "effect": {"enum": ["NoSchedule", "PreferNoSchedule", "NoExecute", "", None]},
        "key": _plain(QUALIFIED),
    },
    "api.core.v1.Probe": {
        "initialDelaySeconds": _COUNT,
        "timeoutSeconds": _COUNT,
        "periodSeconds": _COUNT,
        "successThreshold": _COUNT,
        "failureThreshold": _COUNT,
    },
    "api.core.v1.ResourceFieldSelector": {
        "resource": {
            "pattern": r"^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.+)$",
            "description": "a limit or a request of cpu, memory or ephemeral-storage, such as limits.cpu",
        },
    },
    "api.core.v1.HTTPGetAction": {"scheme": {"enum": ["HTTP", "HTTPS", "", None]}},
    "api.core.v1.NodeSelectorRequirement": {
        "key": QUALIFIED,
        "operator": {"enum": ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]},
    },
    "api.core.v1.PreferredSchedulingTerm": {"weight": {"minimum": 1, "maximum": 100}},
    "api.core.v1.WeightedPodAffinityTerm": {"weight": {"minimum": 1, "maximum": 100}},
    "api.core.v1.NodeSelector": {"nodeSelectorTerms": _SOME},
    "api.core.v1.PodAffinityTerm": {"topologyKey": QUALIFIED},
    "api.core.v1.TopologySpreadConstraint": {
        "maxSkew": {"minimum": 1},
        "topologyKey": QUALIFIED,
        "whenUnsatisfiable": {"enum": ["DoNotSchedule", "ScheduleAnyway"]},
    },
    "api.core.v1.ResourceRequirements": {"limits": _QUANTITIES, "requests": _QUANTITIES},
    "api.core.v1.VolumeResourceRequirements": {"limits": _QUANTITIES, "requests": _QUANTITIES},
    "api.core.v1.PersistentVolumeClaimSpec": {
        "accessModes": {"items": {"enum": ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]}},
        "volumeMode": {"enum": ["Filesystem", "Block", "", None]},
        "storageClassName": _plain(SUBDOMAIN),
    },
    "api.core.v1.LimitRangeItem": {
        "type": {
            "anyOf": [
                {"enum": ["Pod", "Container", "PersistentVolumeClaim"]},
                {**QUALIFIED, "minLength": 1, "not": {"pattern": "^[^/]*$"}},
            ]
        }
    },
    "api.core.v1.ResourceQuotaSpec": {"hard": _QUANTITIES, "scopes": {"items": {"enum": _SCOPES}}},
    "api.core.v1.ScopedResourceSelectorRequirement": {
        "scopeName": {"enum": _SCOPES},
        "operator": {"enum": ["In", "NotIn", "Exists", "DoesNotExist"]},
    },
    "api.core.v1.ServiceSpec": {
        "type": {"enum": ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName", "", None]},
        "sessionAffinity": {"enum": ["ClientIP", "None", "", None]},
        "selector": LABELS,
    },
    "api.core.v1.ServicePort": {"port": _PORT, "protocol": _PROTOCOL, "name": _plain(LABEL)},
    "api.apps.v1.DeploymentSpec": {
        "replicas": _COUNT,
        "minReadySeconds": _COUNT,
        "revisionHistoryLimit": _COUNT,
        "progressDeadlineSeconds": _COUNT,
    },
    "api.apps.v1.RollingUpdateDeployment": {"maxSurge": _SHARE, "maxUnavailable": _SHARE},
    "api.apps.v1.DeploymentStrategy": {"type": {"enum": ["Recreate", "RollingUpdate", "", None]}},
    "api.apps.v1.StatefulSetSpec": {"replicas": _COUNT},
    "api.batch.v1.JobSpec": {
        "parallelism": _COUNT,
        "completions": _COUNT,
        "backoffLimit": _COUNT,
        "activeDeadlineSeconds": _COUNT,
        "ttlSecondsAfterFinished": _COUNT,
        "completionMode": {"enum": ["NonIndexed", "Indexed", None]},
        "podReplacementPolicy": {"enum": ["TerminatingOrFailed", "Failed", None]},
    },
    "api.batch.v1.CronJobSpec": {
        "schedule": _FILLED,
        "concurrencyPolicy": {"enum": ["Allow", "Forbid", "Replace", "", None]},
        "startingDeadlineSeconds": _COUNT,
        "successfulJobsHistoryLimit": _COUNT,
        "failedJobsHistoryLimit": _COUNT,
    },
    "api.batch.v1.PodFailurePolicyOnPodConditionsPattern": {
        "type": QUALIFIED,
        "status": {"enum": ["True", "False", "Unknown", "", None]},
    },
    "api.batch.v1.PodFailurePolicyRule": {"action": {"enum": ["FailJob", "FailIndex", "Ignore", "Count"]}},
    "api.rbac.v1.RoleRef": {
        "apiGroup": {"const": "rbac.authorization.k8s.io"},
        "kind": {"enum": ["Role", "ClusterRole"]},
        "name": PATH_SEGMENT,
    },
    "api.rbac.v1.Subject": {"kind": _SUBJECT_KINDS, "name": _FILLED},
    "api.rbac.v1.PolicyRule": {"verbs": _SOME},
    "api.networking.v1.NetworkPolicySpec": {"policyTypes": {"items": {"enum": ["Ingress", "Egress"]}, "maxItems": 2}},
    "api.networking.v1.NetworkPolicyPort": {"protocol": _PROTOCOL},
    "apimachinery.pkg.apis.meta.v1.LabelSelector": {"matchLabels": LABELS},
    "apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement": {
        "key": QUALIFIED,
        "operator": {"enum": ["In", "NotIn", "Exists", "DoesNotExist"]},
    },
    "api.admissionregistration.v1.ValidatingAdmissionPolicySpec": {
        "failurePolicy": {"enum": ["Fail", "Ignore", None]},
    },
    "api.admissionregistration.v1.ParamKind": {
        "apiVersion": {"pattern": r"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[a-z]([-a-z0-9]*[a-z0-9])?$", "type": "string"},
        "kind": {"pattern": "^[A-Za-z]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?$", "type": "string"},
    },
    "api.admissionregistration.v1.Validation": {
        "expression": {"pattern": r"\S", "description": "an expression in CEL"},
        "reason": {"enum": ["Unauthorized", "Forbidden", "Invalid", "RequestEntityTooLarge", None]},
    },
    "api.admissionregistration.v1.MatchCondition": {"name": QUALIFIED, "expression": {"pattern": r"\S"}},
    "api.admissionregistration.v1.Variable": {
        "name": {"minLength": 1, "pattern": "^[_a-zA-Z][_a-zA-Z0-9]*$", "description": "an identifier of CEL"},
        "expression": {"pattern": r"\S"},
    },
    "api.admissionregistration.v1.AuditAnnotation": {"key": QUALIFIED, "valueExpression": {"pattern": r"\S"}},
    "api.admissionregistration.v1.MatchResources": {"matchPolicy": {"enum": ["Exact", "Equivalent", None]}},
    "api.admissionregistration.v1.NamedRuleWithOperations": {
        "operations": {"minItems": 1, "items": {"enum": ["*", "CREATE", "UPDATE", "DELETE", "CONNECT"]}},
        "apiGroups": _SOME,
        "apiVersions": {"minItems": 1, "items": _FILLED},
        "resources": _SOME,
        "scope": {"enum": ["*", "Cluster", "Namespaced", None]},
    },
    "api.admissionregistration.v1.ParamRef": {"parameterNotFoundAction": {"enum": ["Allow", "Deny"]}},
    "api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec": {
        "policyName": {**SUBDOMAIN, "minLength": 1},
        "validationActions": {"minItems": 1, "items": {"enum": ["Deny", "Warn", "Audit"]}, "uniqueItems": True},
    },
}
FIELDS = {**FIELDS, "api.core.v1.EphemeralContainer": FIELDS["api.core.v1.Container"]}
