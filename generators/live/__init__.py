"""What runs where, and runs that a person starts there: what clusters and Argo CD say, beside what Git says.

kubeconfig   which contexts a person has, and which of them is that of a declared cluster
asking       questions to several places at once, each with an end, and why one went without an answer
cluster      the objects that are read there, by lightkube

declared     what the checkout says: a row for each environment, cluster and pipeline
argocd       what Argo CD says of each of them
namespace    what a namespace says: intents, records of runs, live Workflows
records      a record of a run, as the component `operations` writes it
workflow     a Workflow of Argo's: its steps, its outputs and metrics, and what failed
status       all that together
tables       the same as text

starting     `graft run --cluster`: what is started, refusals, and the table of what starts it, by engine
argo         a run as a Workflow, by the Kubernetes API
argo_server  the same by the server of Argo Workflows
kubeflow     a run of Kubeflow Pipelines, by kfp's client
following    a run until it is over, told step by step
"""
