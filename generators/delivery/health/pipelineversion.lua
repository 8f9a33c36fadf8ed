-- A version is well as soon as it is there: the webhook of Kubeflow Pipelines refuses what it cannot run, and makes a
-- version the child of its pipeline. One without a parent came past the webhook.
for _, owner in ipairs(obj.metadata.ownerReferences or {}) do
  if owner.kind == "Pipeline" then
    return {status = "Healthy", message = "a version of the pipeline " .. owner.name}
  end
end
return {status = "Healthy", message = "no pipeline owns it: the webhook of Kubeflow Pipelines has not seen it"}
