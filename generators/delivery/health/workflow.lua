-- A run: its phase, and what Argo Workflows says of it.
local phase = ""
local message = "waiting for the controller of Argo Workflows"
if obj.status ~= nil then
  phase = obj.status.phase or ""
  if phase ~= "" then
    message = obj.status.message or phase
  end
end
if phase == "Succeeded" then
  return {status = "Healthy", message = message}
elseif phase == "Failed" or phase == "Error" then
  return {status = "Degraded", message = message}
elseif obj.spec ~= nil and obj.spec.suspend == true then
  return {status = "Suspended", message = "suspended"}
end
return {status = "Progressing", message = message}
