"""What Argo Workflows' controller refuses of an object whose shape is right: names, calls, graphs, variables.

Only that is said of which nothing outside of the object can decide otherwise: a template of another WorkflowTemplate is
looked at where that is known too. `spec` is the whole, `templates` one template, `calls` what steps and tasks run,
`graph` what tasks wait for, and `variables` what stands in `{{...}}`.

Source: workflow/validate/validate.go of https://github.com/argoproj/argo-workflows (v4.1).
"""

from generators.engines.argo.lint.spec import KINDS, problems

__all__ = ["KINDS", "problems"]
