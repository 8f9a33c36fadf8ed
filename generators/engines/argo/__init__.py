"""The `argo` engine: compiles a pipeline's IR to Argo Workflows v4.1, one pod a task, with no Kubeflow service.

`convert` is the entry for any compiled pipeline, `compile_template` for one that is known to be sound, `render` for one
of this repository's; `workflow` and `cron_workflow`
make what starts the template. The folders stand in the order of the compilation: `graph` makes a template of each DAG
and says where each input comes from, `task` makes the template of a task with an executor, `pod` carries the
PlatformSpec, `text` is the language that all of it is written in. `features` lists all that the IR can say, and
`refusals` why some of it has no Argo equivalent; `readback` reads a template back.
"""

from generators.engines.argo.submit import cron_workflow, workflow
from generators.engines.argo.workflow_template import Compiled, Options, compile_template, convert, render

__all__ = ["Compiled", "Options", "compile_template", "convert", "cron_workflow", "render", "workflow"]
