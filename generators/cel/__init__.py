"""Kubernetes' CEL: expressions of a release's environment, with the values and the errors that its API server has."""
