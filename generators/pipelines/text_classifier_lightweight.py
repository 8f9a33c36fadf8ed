"""The text classifier in its lightweight build, for trying out: the source is in the manifest, on the base image.

The graph is that of `text_classifier`, step by step.
"""

from components.text_classifier import lightweight
from generators.pipelines.text_classifier import DESCRIPTION, pipeline_of

text_classifier_lightweight = pipeline_of(
    lightweight.steps, "text-classifier-lightweight", f"{DESCRIPTION}; lightweight build, for trying out"
)
