"""The second half of a board's Lua world: what a program is offered, what it tells, how its turns go."""

from hardwire.drivers.simulated.board.lua.library import LIBRARY

# In Lua, since no Python object may ever come within a program's reach: what goes in and out is numbers and bytes.
WORLD = (
    LIBRARY
    + rb"""
local now_ms, began_ms = 0, nil
local outbox, outbox_bytes, pending, pending_count, last_token = {}, 0, {}, 0, 0

local function tell(...)
  if #outbox >= THINGS_LIMIT then error("a program tells at most " .. THINGS_LIMIT .. " things at a time", 3) end
  -- One string may be told many times: it takes its memory once.
  for place = 2, select("#", ...) do
    local part = select(place, ...)
    if type(part) == "string" then outbox_bytes = outbox_bytes + #part end
  end
  if outbox_bytes > TOLD_LIMIT then error("a program tells at most " .. TOLD_LIMIT .. " bytes at a time", 3) end
  outbox[#outbox + 1] = {...}
end

local function message(value)
  local content = octets(value)
  if #content > MESSAGE_LIMIT then error("at most " .. MESSAGE_LIMIT .. " bytes go at a time", 3) end
  return content
end

local function whole(value, most)
  local number = tonumber(value)
  if number == nil or number ~= floor(number) or number < 0 or number > most then
    error("a whole number from 0 to " .. most .. " is needed", 3)
  end
  return floor(number)
end

local function copied(library)
  local copy = {}
  for name, value in pairs(library) do copy[name] = value end
  return copy
end

local env = {
  assert = assert, error = error, ipairs = ipairs, next = next, pairs = pairs, pcall = safe_pcall,
  rawequal = rawequal, rawget = rawget, rawlen = rawlen, rawset = rawset, select = select,
  tonumber = tonumber, tostring = tostring, type = type, _VERSION = _VERSION,
  math = copied(math), utf8 = copied(utf8), string = safe_string, table = safe_table,
  os = {}, cloud = {},
}
env._G = env

function env.setmetatable(of, with)
  if type(of) ~= "table" then error("a table is needed", 2) end
  if type(with) == "table" and rawget(with, "__gc") ~= nil then error("__gc is not offered", 2) end
  return setmetatable(of, with)
end

function env.getmetatable(of)
  local with = getmetatable(of)
  local hidden = type(with) == "table" and rawget(with, "__metatable")
  if hidden ~= nil and with ~= nil then return hidden or nil end
  return with
end

local function joined(separator, ...)
  local texts = table_pack(...)
  for place = 1, texts.n do texts[place] = tostring(texts[place]) end
  return table_concat(texts, separator, 1, texts.n)
end

function env.print(...) tell("log", joined("\t", ...)) end
function env.os.log(...) tell("log", joined("", ...)) end
function env.os.getTick() return now_ms - began_ms end
function env.os.getUnix() return now_ms // 1000 end
function env.os.getVersion() return firmware end
function env.os.getHW() return hardware end

function env.cloud.pluginSend(data) tell("send", message(data)) end
function env.cloud.pluginSendFrameStart(id, length) tell("frame", whole(id, 255), whole(length, 4294967295)) end
function env.cloud.pluginSendFrameEnd() tell("frame end") end

-- What goes on later has a token: the coroutine that waits for it, or the function to be called.
local function suspend(continuation)
  if not isyieldable() then error("this cannot wait inside a function of the library", 3) end
  if pending_count >= PENDING_LIMIT then error("a program waits for at most " .. PENDING_LIMIT .. " things", 3) end
  pending_count = pending_count + 1
  last_token = last_token % 4294967295 + 1
  pending[last_token] = continuation
  return last_token
end

local current

function env.os.wait(duration_ms)
  local duration = whole(duration_ms, 3600000)
  tell("wait", suspend(current), duration)
  rest()
end

function env.cloud.transactionWait(data, ...)
  local callback, timeout_ms = ...
  if type(callback) ~= "function" then callback, timeout_ms = nil, callback end
  local timeout = whole(timeout_ms or 30000, 3600000)
  local content = message(data)
  local token = suspend(callback and {main = callback} or current)
  tell("ask", token, content, timeout)
  if callback then return end
  return rest()
end

local function resumed(thread, ...)
  return resume(thread.co, ...)
end

-- One turn of a thread: until it ends or waits.
local function carry_on(thread, ...)
  current, depth = thread, 0
  local is_well, problem = resumed(thread, ...)
  current = nil
  if not is_well then
    -- Its stack would hold all that it had, and perhaps no memory is left to tell that.
    thread.co = nil
    if type(problem) ~= "string" and type(problem) ~= "number" then
      problem = "the program raised a " .. type(problem)
    end
    outbox[#outbox + 1] = {"raised", thread.call, problem}
  elseif status(thread.co) == "dead" and thread.call then
    outbox[#outbox + 1] = {"returned", thread.call, problem}
  end
end

local function begin(main, call, ...)
  local thread = {call = call}
  thread.co = create(function(...)
    local result = main(...)
    if call then return result == nil and "" or tostring(result) end
  end)
  sethook(thread.co, count, "", STEP)
  carry_on(thread, ...)
end

local turns = {}

function turns.run(source, call)
  local main, problem = load(source, "=lua", "t", env)
  if main == nil then
    outbox[1] = {"raised", call or nil, match(problem, "^[^\n]*")}
  else
    begin(main, call or nil)
  end
end

function turns.command(data)
  local main = rawget(env, "on_command")
  if type(main) == "function" then begin(main, nil, data) end
end

function turns.go_on(token, is_success, result)
  local thread = pending[token]
  if thread == nil then return end
  pending[token] = nil
  pending_count = pending_count - 1
  if thread.main then
    begin(thread.main, nil, is_success, result)
  else
    sethook(thread.co, count, "", STEP)
    carry_on(thread, is_success, result)
  end
end

-- A turn has three steps, so that only the middle one, in which a program runs, has to do with little memory.
local given = {}

local function prepare(kind, budget, cpu_s, at_ms, ...)
  given = {kind, budget, cpu_s, at_ms, ...}
  outbox, outbox_bytes = {}, 0
end

local function go()
  local kind, budget, cpu_s, at_ms = given[1], given[2], given[3], given[4]
  left, deadline, now_ms = budget, clock() + cpu_s, at_ms
  began_ms = began_ms or at_ms
  turns[kind](given[5], given[6], given[7])
end

local function collect()
  local told, used = outbox, given[2] - left
  given, outbox = {}, {}
  return told, used
end

return prepare, go, collect, clean
"""
)
