-- A Pipeline of Kubeflow Pipelines is a name for its versions: it is well as soon as it is there.
return {status = "Healthy", message = "the pipeline is registered"}
