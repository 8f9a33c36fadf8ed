"""Metrics are metadata without a file."""

from kfp import dsl

from kit import PYTHON


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def measured(metrics: dsl.Output[dsl.Metrics]):
    metrics.log_metric("accuracy", 0.75)


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def accuracy(metrics: dsl.Input[dsl.Metrics]) -> float:
    return metrics.metadata["accuracy"]


@dsl.pipeline(name="artifact-without-file")
def pipeline() -> float:
    return accuracy(metrics=measured().outputs["metrics"]).output
