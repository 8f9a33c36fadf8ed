"""The IR with types: frozen values that read the JSON of a compiled pipeline where it stands, and copy none of it.

`Pipeline` is the entry: a PipelineSpec with its PlatformSpec. From it lead its `component`s, their `task`s with the
`source` of each value, the `container` that an executor runs, and the settings of its `pod`. `placeholders` is the
language inside texts. A field with a deprecated twin is resolved here, for reading and for writing, and nowhere else.

Values made by the thousand are named tuples, which cost a third of a frozen dataclass to make.

What is read must be sound (`generators.ir.validate`); a view checks nothing.
"""

from generators.ir.view.component import Component, Declared
from generators.ir.view.container import Container, Resources
from generators.ir.view.pipeline import Pipeline
from generators.ir.view.pod import Pod
from generators.ir.view.source import Source
from generators.ir.view.task import Loop, Retry, Task

__all__ = ["Component", "Container", "Declared", "Loop", "Pipeline", "Pod", "Resources", "Retry", "Source", "Task"]
