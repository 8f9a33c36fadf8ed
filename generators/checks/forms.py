"""The forms of names that Kubernetes refuses to deviate from, as patterns for a JSON Schema and for Python.

As k8s.io/apimachinery/pkg/util/validation and pkg/api/validation have them.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_WORD = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
_PREFIX = rf"(?=[^/]{{1,253}}/|[^/]*$)({_SUBDOMAIN}/)?"

LABEL: Schema = {
    "type": "string",
    "maxLength": 63,
    "pattern": f"^{_LABEL}$",
    "description": "lower-case letters, digits and hyphens, at most 63, a letter or a digit at both ends",
    "x-message": "is no DNS label (RFC 1123)",
}
SUBDOMAIN: Schema = {
    "type": "string",
    "maxLength": 253,
    "pattern": f"^{_SUBDOMAIN}$",
    "description": "lower-case letters, digits, hyphens and dots, at most 253, a letter or a digit at both ends",
    "x-message": "is no DNS subdomain (RFC 1123)",
}
SERVICE: Schema = {
    "type": "string",
    "maxLength": 63,
    "pattern": "^[a-z]([-a-z0-9]*[a-z0-9])?$",
    "description": "a letter first, then lower-case letters, digits and hyphens, at most 63",
}
PATH_SEGMENT: Schema = {  # what RBAC calls its objects
    "type": "string",
    "pattern": r"^(?!\.{1,2}$)[^/%]+$",
    "description": "any text without / and %, and not . or ..",
}
QUALIFIED: Schema = {
    "type": "string",
    "pattern": f"^{_PREFIX}{_WORD}$",
    "description": "a name of at most 63 letters, digits, hyphens, dots and underscores, perhaps after a domain and /",
}
# Kubernetes looks at an annotation's key in lower case.
ANNOTATION: Schema = {
    "type": "string",
    "pattern": rf"^(?=[^/]{{1,253}}/|[^/]*$)({_SUBDOMAIN.replace('a-z', 'A-Za-z')}/)?{_WORD}$",
    "description": QUALIFIED["description"],
}
LABEL_VALUE: Schema = {
    "type": "string",
    "pattern": f"^({_WORD})?$",
    "description": "at most 63 letters, digits, hyphens, dots and underscores, a letter or a digit at both ends",
}
LABELS: Schema = {"type": ["object", "null"], "propertyNames": QUALIFIED, "additionalProperties": LABEL_VALUE}
ANNOTATIONS: Schema = {
    "type": ["object", "null"],
    "propertyNames": ANNOTATION,
    "additionalProperties": {"type": "string"},
}
CONFIG_KEY: Schema = {
    "type": "string",
    "maxLength": 253,
    "pattern": r"^(?!\.{1,2}$)(?!\.\.)[-._a-zA-Z0-9]+$",
    "description": "letters, digits, hyphens, dots and underscores",
}
ENV_NAME: Schema = {  # RelaxedEnvironmentVariableValidation
    "type": "string",
    "pattern": "^[ -<>-~]+$",
    "description": "printable ASCII characters without =",
}
PORT_NAME: Schema = {
    "type": "string",
    "maxLength": 15,
    "pattern": "^(?!.*--)(?=.*[a-z])[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
    "description": "at most 15 lower-case letters, digits and hyphens, one letter among them",
}
# resource.Quantity's, whose exponent is a sign and digits, or a suffix.
QUANTITY_PATTERN = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$"
DATE_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$"
BASE64 = r"^(?:[A-Za-z0-9+/\r\n]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
