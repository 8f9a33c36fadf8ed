"""What a component says of itself for people and catalogues: its metadata, its owners, its steps, its README.

The files are those of Kubeflow's component catalogue (https://github.com/kubeflow/pipelines-components), so that a
component's folder can be contributed to it.
"""
