-- Sends the requests of a file in turn; @n@ stands in their bodies for a number that no other request has.
local requests, number = {}, 0

function init(arguments)
  number = tonumber(arguments[2])
  for line in io.lines(arguments[1]) do
    local method, path, body = line:match("^([^\t]*)\t([^\t]*)\t(.*)$")
    if body == "" then
      requests[#requests + 1] = wrk.format(method, path)
    else
      requests[#requests + 1] = { method, path, body }
    end
  end
end

function request()
  number = number + 1
  local request = requests[number % #requests + 1]
  if type(request) == "string" then
    return request
  end
  local body = request[3]:gsub("@n@", string.format("%d", number))
  return wrk.format(request[1], request[2], nil, body)
end

function done(summary)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("\n%d %d %d\n", summary.requests, summary.duration, failed))
end
