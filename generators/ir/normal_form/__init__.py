"""The shape of a pipeline: what every engine must agree on, whatever form it gives it.

`neutral` is the vocabulary: tasks by path, and of each what it waits for, takes, runs and needs, in words that belong
to no engine. `graph` and `pod` read it from the IR, as Kubeflow's PipelineVersion and the local package carry it; an
engine with a form of its own reads its manifests back into the same words.
"""

from generators.ir.normal_form.graph import IR_NAMES, Names, shape_of
from generators.ir.normal_form.neutral import UNSAID, Difference, Shape, Source, Task

__all__ = ["IR_NAMES", "UNSAID", "Difference", "Names", "Shape", "Source", "Task", "shape_of"]
