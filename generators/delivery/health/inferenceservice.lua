-- KServe says in status.conditions whether what is served is ready, and in status.modelStatus why a model is not.
-- One that no run has given a version yet waits for it, which is no failure of what Git says.
hs = {status = "Progressing", message = "KServe has not looked at it yet"}
local model = obj.spec.predictor and obj.spec.predictor.model
if model ~= nil and (model.storageUri == nil or model.storageUri == "") then
  hs.status = "Suspended"
  hs.message = "serves no version yet: the first run that accepts a model brings one"
  return hs
end
if obj.status == nil then return hs end
if obj.status.observedGeneration ~= nil and obj.metadata.generation ~= nil
  and obj.status.observedGeneration < obj.metadata.generation then
  return hs
end
local states = obj.status.modelStatus
if states ~= nil and states.lastFailureInfo ~= nil then
  hs.status = "Degraded"
  hs.message = states.lastFailureInfo.message or states.lastFailureInfo.reason or "the model cannot be loaded"
  return hs
end
if obj.status.conditions ~= nil then
  for _, condition in ipairs(obj.status.conditions) do
    if condition.type == "Ready" and condition.status == "True" then
      hs.status = "Healthy"
      hs.message = "serves " .. (model and model.storageUri or "what its predictor says")
      return hs
    end
    if condition.status == "False" and condition.message ~= nil and condition.message ~= "" then
      hs.message = condition.type .. ": " .. condition.message
    end
  end
end
return hs
