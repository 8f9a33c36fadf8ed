-- The last condition that is true says what a TFJob is doing.
local state, message = "", "waiting for the training operator"
if obj.status ~= nil and obj.status.conditions ~= nil then
  for _, condition in ipairs(obj.status.conditions) do
    if condition.status == "True" then
      state, message = condition.type, condition.message or condition.type
    end
  end
end
if state == "Succeeded" then
  return {status = "Healthy", message = message}
elseif state == "Failed" then
  return {status = "Degraded", message = message}
elseif state == "Suspended" then
  return {status = "Suspended", message = message}
end
return {status = "Progressing", message = message}
