"""The kinds of a namespace that a cluster's `platform` may hold, for the AppProject that admits them.

A test holds it to what is rendered.
"""

from __future__ import annotations

NAMESPACED = [
    ("", "ConfigMap"),
    ("", "LimitRange"),
    ("", "ResourceQuota"),
    ("", "Secret"),
    ("", "ServiceAccount"),
    ("batch", "CronJob"),
    ("external-secrets.io", "ExternalSecret"),
    ("networking.k8s.io", "NetworkPolicy"),
    ("rbac.authorization.k8s.io", "Role"),
    ("rbac.authorization.k8s.io", "RoleBinding"),
]
