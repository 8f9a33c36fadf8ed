"""Reads a WorkflowTemplate back into the words of `generators.ir.normal_form`, to see whether the compiler was right.

It goes by the finished manifest alone and shares nothing with the compiler but how tasks and parameters are called, so
that a mistake of the compiler shows. `graph` reads the DAGs, `pod` and `program` what runs in a task; `expressions` and
`conditions` read the `language` that all of it is written in.
"""

from generators.engines.argo.readback.graph import NAMES, shape_of

__all__ = ["NAMES", "shape_of"]
