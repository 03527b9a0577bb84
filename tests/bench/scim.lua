-- For wrk: asks for what a file names, one path a line, one after the other and from the start again.
-- Arguments: the file and the token. Ends with one line of JSON.
local threads = 0

function setup(thread)
	thread:set("number", threads)
	threads = threads + 1
end

function init(args)
	wrk.headers["Authorization"] = "Bearer " .. args[2]
	requests = {}
	for path in io.lines(args[1]) do
		requests[#requests + 1] = wrk.format("GET", path)
	end
	at = math.floor(#requests / 2) * number
end

function request()
	at = at % #requests + 1
	return requests[at]
end

function done(summary, latency)
	local errors = summary.errors
	io.write(string.format('{"requests": %d, "seconds": %f, "bytes": %d, "failed": %d, "p99": %f}\n',
		summary.requests, summary.duration / 1e6, summary.bytes, errors.connect + errors.read +
		errors.write + errors.status + errors.timeout, latency:percentile(99)))
end
