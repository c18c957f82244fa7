"""The first half of a board's Lua world: the budget of a program, and a library that keeps to it."""

# A hook counts the instructions of a program. Three ways around it are shut: `xpcall` and `coroutine` are not there (a
# message handler runs while hooks are off, a new coroutine has no hook), and `__gc` is refused (finalizers run while
# hooks are off). Errors that are caught are counted and bounded in depth. Functions of the library that work long by
# themselves are bounded one by one: repetition, patterns, sorting, and tables that lie about their length.
LIBRARY = rb"""
local STEP, DEPTH_LIMIT, THINGS_LIMIT, TOLD_LIMIT, PENDING_LIMIT, MESSAGE_LIMIT, hardware, firmware = ...

local error, load, pcall, rawget, select, tostring, type = error, load, pcall, rawget, select, tostring, type
local setmetatable, getmetatable, tonumber = setmetatable, debug.getmetatable, tonumber
local sethook, clock = debug.sethook, os.clock
local create, resume, yield, status = coroutine.create, coroutine.resume, coroutine.yield, coroutine.status
local isyieldable = coroutine.isyieldable
local rep, sub, find, match = string.rep, string.sub, string.find, string.match
local gmatch, gsub = string.gmatch, string.gsub
local clean = collectgarbage
local floor, log, table_move, table_pack, table_concat = math.floor, math.log, table.move, table.pack, table.concat

local TOO_LONG = "the program took too long and was ended"

local left, deadline = 0, 0

local function exhausted()
  -- From now on every instruction fails, so that no pcall gets around it.
  left = 0
  sethook(exhausted, "", 1)
  error(TOO_LONG, 0)
end

local function count()
  left = left - STEP
  if left <= 0 or clock() > deadline then exhausted() end
end

local function charge(steps)
  left = left - steps
  if left <= 0 then exhausted() end
end

-- Each level that catches an error lets the next one happen, which takes the longer the more levels there are; and at
-- the end of the stack or of the memory the hook itself fails. So levels are few, and what is caught counts.
local depth = 0

local function caught(outer, is_well, ...)
  depth = outer
  if not is_well then count() end
  return is_well, ...
end

local function safe_pcall(...)
  local outer = depth
  if outer >= DEPTH_LIMIT then error("at most " .. DEPTH_LIMIT .. " pcalls go into one another", 2) end
  depth = outer + 1
  return caught(outer, pcall(...))
end

-- Others go into theirs while one waits.
local function kept(outer, ...)
  depth = outer
  return ...
end

local function rest()
  return kept(depth, yield())
end

local function octets(value)
  if type(value) ~= "string" and type(value) ~= "number" then error("bytes are given as a string", 3) end
  return tostring(value)
end

-- Where a set in brackets ends, as Lua reads it: what stands first in it is no end.
local function set_end(pattern, place)
  place = place + 1
  if sub(pattern, place, place) == "^" then place = place + 1 end
  repeat
    if sub(pattern, place, place) == "%" then place = place + 1 end
    place = place + 1
  until place > #pattern or sub(pattern, place, place) == "]"
  return place
end

-- At most (length of the text) ^ (how many parts may be long or short) tries from each place of the text.
local function pattern_steps(text, pattern)
  -- Floats: whole numbers would wrap around.
  local length, tries = #text + 1.0, #text + 1.0
  if sub(pattern, 1, 1) == "^" then tries = 1.0 end
  local place = 1
  while place <= #pattern do
    local one = sub(pattern, place, place)
    if one == "%" then
      place = place + 1
      local other = sub(pattern, place, place)
      if other == "b" then
        tries, place = tries * length, place + 2
      elseif find(other, "^[0-9]") then
        tries = tries * length
      end
    elseif one == "[" then
      place = set_end(pattern, place)
    elseif one == "*" or one == "+" or one == "-" then
      tries = tries * length
    elseif one == "?" then
      tries = tries * 2
    end
    place = place + 1
  end
  return tries * #pattern / 10
end

local function bounded(work)
  return function(text, pattern, ...)
    local steps = pattern_steps(octets(text), octets(pattern))
    if steps > left then error("this pattern may take too long on a text of " .. #tostring(text) .. " bytes", 2) end
    charge(steps)
    return work(text, pattern, ...)
  end
end

local safe_string = {
  byte = string.byte, char = string.char, format = string.format, len = string.len, lower = string.lower,
  pack = string.pack, packsize = string.packsize, reverse = string.reverse, sub = string.sub,
  unpack = string.unpack, upper = string.upper,
  match = bounded(match), gmatch = bounded(gmatch), gsub = bounded(gsub),
}

local find_pattern = bounded(find)

function safe_string.find(text, pattern, init, plain)
  if plain then
    charge((#octets(text) + 1) * (#octets(pattern) + 1) / 1000)
    return find(text, pattern, init, plain)
  end
  return find_pattern(text, pattern, init)
end

function safe_string.rep(text, count, separator)
  local number = tonumber(count) or 0
  if number > 0 then charge(number * (1 + (#octets(text) + #octets(separator or "")) / 1000) / 10) end
  return rep(text, count, separator)
end

-- A string's own methods are the bounded ones.
local of_strings = getmetatable("")
of_strings.__index = safe_string
of_strings.__metatable = false

local function honest(work)
  return function(list, ...)
    local of_list = type(list) == "table" and getmetatable(list)
    if of_list and rawget(of_list, "__len") ~= nil then error("functions of `table` take no __len", 2) end
    return work(list, ...)
  end
end

local safe_table = {pack = table.pack}
for _, name in ipairs({"concat", "insert", "remove", "sort", "unpack"}) do
  safe_table[name] = honest(table[name])
end

-- How many elements a function of the library goes through by itself: those are no instructions.
local function charge_range(list, first, last, each)
  local first = tonumber(first or 1) or 1
  local last = tonumber(last or type(list) == "table" and #list) or 0
  if last >= first then charge((last + 1.0 - first) * each) end
end

local honest_concat, honest_sort, honest_unpack = safe_table.concat, safe_table.sort, safe_table.unpack

function safe_table.concat(list, separator, first, last)
  charge_range(list, first, last, 5)
  return honest_concat(list, separator, first, last)
end

function safe_table.unpack(list, first, last)
  charge_range(list, first, last, 1)
  return honest_unpack(list, first, last)
end

function safe_table.sort(list, is_less)
  local length = type(list) == "table" and #list or 0
  charge(length * log(length + 1.0, 2))
  return honest_sort(list, is_less)
end

function safe_table.move(from, first, last, ...)
  local count = last + 1.0 - first
  if count > 0 then charge(count) end
  return table_move(from, first, last, ...)
end
"""
