"""The lightweight build of the same steps: their source in the manifest, on the base image. For trying out.

Nothing has to be built or pushed but the base image; a step installs the packages that the base image lacks each time
it starts. Every pod is labelled `build: lightweight`. The pods of a TFJob and of an InferenceService cannot run code
that is only in the manifest, so those two steps refuse a cluster.
"""

from types import SimpleNamespace

from kfp import dsl

from components.text_classifier import component
from generators.ir.embedding import with_source

BASE_IMAGE = "shared"  # components/shared/Dockerfile
LABELS = {"build": "lightweight"}
SOURCES = ["components/text_classifier/src", "components/shared/src"]
GENSIM, KSERVE, SCIKIT_LEARN = "gensim==4.4.0", "kserve==0.20.0", "scikit-learn==1.9.1"
PACKAGES = {  # what a step needs beyond the base image, at the versions of requirements.txt
    "check": [SCIKIT_LEARN],
    "embed": [GENSIM],
    "attempt": [GENSIM],
    "train": [GENSIM],
    "train_distributed": [GENSIM],
    "deploy": [KSERVE],
}
LOADER = "graft_steps.loaders.graft_saved_model"
ALSO = {  # modules that a step starts as processes, or copies
    "train": [LOADER],
    "train_distributed": ["text_classifier.worker", LOADER],
    "deploy": ["graft_steps.serving"],
}
STEPS = (
    component.plan, component.prepare, component.check, component.embed, component.attempt,
    component.pick, component.keep, component.train, component.train_distributed, component.evaluate,
    component.gate, component.register, component.record, component.deploy,
)  # fmt: skip


def _built(step, name: str):
    made = dsl.component(
        step.python_func,
        base_image=BASE_IMAGE,
        packages_to_install=PACKAGES.get(name, []),
        install_kfp_package=False,
    )
    return with_source(made, SOURCES, ALSO.get(name, []))


_named = {step.name.replace("-", "_"): step for step in STEPS}
steps = SimpleNamespace(LABELS=LABELS, **{name: _built(step, name) for name, step in _named.items()})
