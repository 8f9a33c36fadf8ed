"""The `argo` engine: compiles a pipeline's IR to Argo Workflows v4.1, one pod a task, with no Kubeflow service.

`convert` is the entry for any compiled pipeline, `render` for one of this repository's; `workflow` and `cron_workflow`
make what starts the template. From the outside in: `workflowtemplate` assembles it, `dag` makes a template of each DAG,
`dataflow` says where each input comes from, `conditions` and `loops` what they decide, `leaf` makes the template of a
task with an executor: `python` for the KFP executor with its `bootstrap`, `container` for any other image, `importer`
for what is there already. `pods` and `volumes` carry the PlatformSpec. `features` lists all that the IR can say, and
`refusals` why some of it has no form in Argo; `shape` reads a template back.
"""

from generators.engines.argo.starting import cron_workflow, workflow
from generators.engines.argo.workflowtemplate import Options, convert, render

__all__ = ["Options", "convert", "cron_workflow", "render", "workflow"]
