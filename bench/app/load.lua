-- A closed loop for wrk: each of its connections sends its next request when it has the answer to the last.
-- Usage: wrk -s load.lua ... URL -- WORDS TOKENS SEED REPEAT RATE
--   WORDS   a file with a word on each line, every one of them one token of the model
--   TOKENS  of each text, [CLS] and [SEP] included
--   SEED    makes the texts of this run differ from another's
--   REPEAT  "repeat" for the same text every time, so that it comes from a cache; "new" for no two alike
--   RATE    requests a second in all; 0 for as many as come back
-- The last line that it prints is JSON: {"answers", "failures", "seconds", "p50", "p99"}, the times in milliseconds.

local ffi = require("ffi")
ffi.cdef([[
  typedef struct { long seconds; long nanoseconds; } moment;
  int clock_gettime(int clock, moment *now);
]])
local CLOCK_MONOTONIC = 1

local function milliseconds()
  local now = ffi.new("moment")
  ffi.C.clock_gettime(CLOCK_MONOTONIC, now)
  return tonumber(now.seconds) * 1000 + tonumber(now.nanoseconds) / 1e6
end

local function read_lines(file)
  local lines = {}
  for line in io.lines(file) do
    lines[#lines + 1] = line
  end
  return lines
end

function init(args)
  local words = read_lines(args[1])
  local count = tonumber(args[2]) - 2
  local state = tonumber(args[3])
  local rate = tonumber(args[5])
  local headers = { ["content-type"] = "application/json" }

  local function write()
    local text = {}
    for place = 1, count do
      -- A multiplier and modulus of Park and Miller's: plain, and the same on every machine.
      state = (state * 48271) % 2147483647
      text[place] = words[state % #words + 1]
    end
    return wrk.format("POST", nil, headers, '{"input":"' .. table.concat(text, " ") .. '"}')
  end

  if args[4] == "repeat" then
    local same = write()
    request = function() return same end
  else
    request = write
  end

  if rate > 0 then
    local due = milliseconds()
    -- Milliseconds until the next request may go: wrk asks before each.
    delay = function()
      due = due + 1000 / rate
      return math.max(0, math.floor(due - milliseconds() + 0.5))
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"answers":%d,"failures":%d,"seconds":%.6f,"p50":%.3f,"p99":%.3f}\n',
    summary.requests,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    summary.duration / 1e6,
    latency:percentile(50) / 1000,
    latency:percentile(99) / 1000
  ))
end
