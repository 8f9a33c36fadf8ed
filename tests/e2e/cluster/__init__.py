"""A real Kubernetes cluster for the tests: one module a component, each with a `start` that returns its Process."""
