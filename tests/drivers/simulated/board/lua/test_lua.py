"""The walls around a board's Lua program: what it cannot reach, and how it is stopped whatever it tries."""

import time

import pytest

from hardwire.drivers.simulated.board.lua.told import Budget, Told
from hardwire.drivers.simulated.board.lua.world import PENDING_LIMIT, THINGS_LIMIT, Lua
from tests.drivers.simulated.board.settled import NOON_US

BUDGET = Budget(instructions=500_000, cpu_s=5.0)
CALL = 7
TOO_LONG = b"the program took too long and was ended"

PATIENCE_S = 5.0
"""A program without bounds takes for ever; one with them takes hundredths of this."""


@pytest.fixture
def lua() -> Lua:
    return Lua("obnizb1", "7.1.0")


def run(lua: Lua, source: str, budget: Budget = BUDGET) -> list[Told]:
    """Run a call and return all that it told."""
    began = time.monotonic()
    told = list(lua.run(source.encode(), CALL, budget, NOON_US))
    assert time.monotonic() - began < PATIENCE_S
    return told


def result(lua: Lua, source: str) -> bytes:
    (told,) = run(lua, source)
    assert (told.kind, told.number) == ("returned", CALL)
    return told.octets


def problem(lua: Lua, source: str, budget: Budget = BUDGET) -> bytes:
    told = run(lua, source, budget)[-1]
    assert (told.kind, told.number) == ("raised", CALL)
    return told.octets


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("return 'a\\255'", b"a\xff"),
        ("return 6 * 7", b"42"),
        ("return 0.5", b"0.5"),
        ("return true", b"true"),
        ("return nil", b""),
        ("local x = 1", b""),
        ("return 1, 2", b"1"),
        ("return tostring(_G == _ENV)", b"true"),
        ("return ('temp=21'):match('(%w+)=')", b"temp"),
        ("return ('a1b2'):gsub('[0-9]', '#')", b"a#b#"),
        ("return ('x'):rep(3, ',')", b"x,x,x"),
        ("return tostring(('a'):rep(-1) == '')", b"true"),
        ("return tostring(('a.b'):find('.', 1, true))", b"2"),
        ("return tostring(('[]]'):find('[]]+'))", b"2"),
        ("return (('f(a(b)c)'):match('%b()'))", b"(a(b)c)"),
        ("return (('THE (quick) fox'):find('%f[%a]%a+', 5))", b"6"),
        ("return (('abab'):match('^(a)b%1b?$'))", b"a"),
        ("return (('abab'):match('^(ab)%1$'))", b"ab"),
        ("return (('x-1'):match('[^%]%-]+'))", b"x"),
        ("local t = {3, 1, 2} table.sort(t) return table.concat(t, ',')", b"1,2,3"),
        ("return table.concat(table.move({1, 2}, 1, 2, 2), ',')", b"1,1,2"),
        ("return #table.move({}, 1, 0, 1)", b"0"),
        ("return select('#', table.unpack({1, 2, 3}))", b"3"),
        ("return getmetatable(setmetatable({}, {x = 5})).x", b"5"),
        ("return tostring(getmetatable(setmetatable({}, {__metatable = 'mine'})))", b"mine"),
        ("return tostring(getmetatable({})) .. tostring(getmetatable(''))", b"nilnil"),
        ("return tostring(setmetatable({}, nil) ~= nil)", b"true"),
        ("return os.getHW() .. os.getVersion()", b"obnizb17.1.0"),
        ("return os.getTick()", b"0"),
        ("return os.getUnix()", b"1795608000"),
        ("return math.floor(1.5) .. utf8.char(228)", b"1\xc3\xa4"),
    ],
)
def test_a_call_gives_its_first_result_as_text(lua: Lua, source: str, text: bytes) -> None:
    assert result(lua, source) == text


def test_globals_live_from_one_turn_to_the_next(lua: Lua) -> None:
    run(lua, "x = 1")
    run(lua, "x = x + 1")

    assert result(lua, "return x") == b"2"


def test_ticks_count_from_the_beginning_of_the_program(lua: Lua) -> None:
    run(lua, "x = 1")

    told = lua.run(b"return os.getTick()", CALL, BUDGET, NOON_US + 1_500_000)

    assert told == [Told("returned", CALL, b"1500")]


@pytest.mark.parametrize(
    "name",
    [
        "io",
        "debug",
        "package",
        "require",
        "load",
        "loadstring",
        "loadfile",
        "dofile",
        "python",
        "coroutine",
        "xpcall",
        "collectgarbage",
        "warn",
        "os.execute",
        "os.exit",
        "os.remove",
        "os.getenv",
        "os.clock",
        "string.dump",
        "getmetatable('').__index",
    ],
)
def test_nothing_leads_out(lua: Lua, name: str) -> None:
    assert result(lua, f"local ok, it = pcall(function() return {name} end) return tostring(ok and it)") in (
        b"nil",
        b"false",
    )


@pytest.mark.parametrize(
    "source",
    [
        "while true do end",
        "while true do pcall(function() while true do end end) end",
        "local function again() return again() end again()",
        "::here:: goto here",
        "for i = 1, 1e15 do end",
        "table.sort({3, 2, 1}, function() while true do end end)",
        "return setmetatable({}, {__tostring = function() while true do end end})",
        "local x <close> = setmetatable({}, {__close = function() while true do end end})",
        "return setmetatable({}, {__index = function() while true do end end}).x",
        "os.log(setmetatable({}, {__tostring = function() while true do end end}))",
        "string.rep('', 1e15)",
        "string.rep('x', 1e9)",
        "table.move({}, 1, 1e15 // 1 | 0, 2)",
        "table.move({}, math.mininteger, math.maxinteger, 2)",
        "return (('a'):rep(100000):find(('a'):rep(50000) .. 'b', 1, true))",
        "local ok, why = pcall(string.rep, 'x', 1e15) while true do end",
        "table.concat(setmetatable({}, {__index = rawlen}), '', 1, 1e15)",
        "table.unpack({}, 1, 1e15)",
        "while true do pcall(error) end",
        "local t = {} for i = 1, 50000 do t[i] = -i end table.sort(t, math.ult)",
    ],
)
def test_what_goes_on_for_ever_is_ended(lua: Lua, source: str) -> None:
    assert problem(lua, source) == TOO_LONG
    assert result(lua, "return 'well'") == b"well"


def test_what_takes_long_by_few_instructions_is_ended_by_the_clock(lua: Lua) -> None:
    source = "local s = ('a'):rep(100000) while true do local x = s:upper() end"

    assert problem(lua, source, Budget(instructions=10**12, cpu_s=0.05)) == TOO_LONG


@pytest.mark.parametrize(
    "pattern", ["('a*'):rep(20) .. 'b'", "('a-'):rep(20) .. 'b'", "('(a+)'):rep(9) .. '%1%2%3b'", "('%b()'):rep(9)"]
)
@pytest.mark.parametrize("call", ["find(%s)", "match(%s)", "gsub(%s, '')", "gmatch(%s)"])
def test_a_pattern_that_could_try_for_ever_is_not_tried(lua: Lua, pattern: str, call: str) -> None:
    source = f"return ('a'):rep(1000):{call.replace('%s', pattern)}"

    assert b"this pattern may take too long on a text of 1000 bytes" in problem(lua, source)


def test_many_cheap_patterns_use_the_budget_up(lua: Lua) -> None:
    assert problem(lua, "local s = ('a'):rep(200) while true do s:find('a*b') end") in (
        TOO_LONG,
        b"lua:1: this pattern may take too long on a text of 200 bytes",
    )


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("error('boom')", b"lua:1: boom"),
        ("error('boom', 0)", b"boom"),
        ("error({})", b"the program raised a table"),
        ("error(setmetatable({}, {__tostring = function() while true do end end}))", b"the program raised a table"),
        ("error(5)", b"5"),
        ("error()", b"the program raised a nil"),
        ("x = = 1", b"lua:1: unexpected symbol near '='"),
        ("\x1bLua", b"attempt to load a binary chunk (mode is 't')"),
        ("setmetatable({}, {__gc = function() end})", b"lua:1: __gc is not offered"),
        ("setmetatable('', {})", b"lua:1: a table is needed"),
        ("table.insert(setmetatable({}, {__len = function() return 1e15 end}), 1, 2)", b"take no __len"),
        ("table.concat(5)", b"table expected"),
        ("('x'):find({})", b"bytes are given as a string"),
        ("cloud.pluginSend({})", b"bytes are given as a string"),
        ("cloud.pluginSend()", b"bytes are given as a string"),
        ("cloud.pluginSend(('x'):rep(65537))", b"at most 65536 bytes go at a time"),
        ("cloud.pluginSendFrameStart(256, 1)", b"a whole number from 0 to 255 is needed"),
        ("cloud.pluginSendFrameStart(1, -1)", b"a whole number from 0 to 4294967295 is needed"),
        ("cloud.pluginSendFrameStart(1, 0.5)", b"a whole number"),
        ("cloud.pluginSendFrameStart('x', 1)", b"a whole number"),
        ("os.wait(3600001)", b"a whole number from 0 to 3600000 is needed"),
        ("(''):gsub('', function() os.wait(1) end)", b"this cannot wait inside a function of the library"),
        ("string.format('%d', 'x')", b"bad argument #2 to 'format'"),
    ],
)
def test_an_error_is_a_sentence(lua: Lua, source: str, sentence: bytes) -> None:
    assert sentence in problem(lua, source)


@pytest.mark.parametrize(
    "source",
    [
        "local t = {} while true do t[#t + 1] = {} end",
        "local s = 'x' while true do s = s .. s end",
        "local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end",
        "local function f(n) return 1 + f(n + 1) end return f(1)",
        "string.pack('c100000000', 'x')",
        "local t = {} pcall(function() while true do t[#t + 1] = {} end end) while true do t[#t + 1] = {} end",
    ],
)
def test_memory_is_bounded(lua: Lua, source: str) -> None:
    sentence = problem(lua, source, Budget(instructions=50_000_000, cpu_s=5.0))

    assert b"memory" in sentence or b"stack overflow" in sentence
    assert result(lua, "return 'well'") == b"well"


FULL = b"the program used up its memory and was begun anew"
ROOMY = Budget(instructions=50_000_000, cpu_s=5.0)


@pytest.mark.parametrize(
    "source",
    [
        "t = {} while true do t[#t + 1] = {} end",
        "t = {} pcall(function() while true do t[#t + 1] = {} end end)",
    ],
)
def test_a_program_that_keeps_its_memory_full_is_at_its_end(lua: Lua, source: str) -> None:
    run(lua, source, ROOMY)
    was_full = lua.is_full

    told = lua.command(b"x", BUDGET, NOON_US)

    assert not was_full
    assert told == [Told("raised", None, FULL)]
    assert lua.is_full


def test_a_program_that_leaves_no_room_to_tell_its_result_is_at_its_end() -> None:
    # One of these fills the memory to within the few bytes that telling the result takes.
    fill = "pcall(function() while true do t = {t} end end) return ('y'):rep(%d)"
    worlds = [(Lua("obnizb1", "7.1.0"), size) for size in range(0, 200, 2)]

    ends = {lua.run((fill % size).encode(), CALL, ROOMY, NOON_US)[-1].octets for lua, size in worlds}

    assert FULL in ends
    assert any(lua.is_full for lua, _ in worlds)


@pytest.mark.parametrize("call", [CALL, None])
def test_a_source_longer_than_the_memory_ends_the_program(lua: Lua, call: int | None) -> None:
    told = lua.run(b"x" * 3_000_000, call, BUDGET, NOON_US)

    assert told == [Told("raised", call, FULL)]
    assert lua.is_full


def test_a_program_tells_bytes_frames_and_lines(lua: Lua) -> None:
    source = """
        cloud.pluginSendFrameStart(3, 6)
        cloud.pluginSend('fra\\0')
        cloud.pluginSend(12)
        cloud.pluginSendFrameEnd()
        os.log('a', 1, nil)
        print('b', true)
    """

    told = lua.run(source.encode(), None, BUDGET, NOON_US)

    assert told == [
        Told("frame", 3, amount=6),
        Told("send", octets=b"fra\0"),
        Told("send", octets=b"12"),
        Told("frame end"),
        Told("log", octets=b"a1nil"),
        Told("log", octets=b"b\ttrue"),
    ]


def test_a_program_tells_so_much_at_a_time(lua: Lua) -> None:
    told = run(lua, "while true do cloud.pluginSend('x') end")

    assert len(told) == THINGS_LIMIT + 1
    assert b"a program tells at most 500 things at a time" in told[-1].octets


def test_a_program_tells_so_many_bytes_at_a_time(lua: Lua) -> None:
    told = run(lua, "local s = ('x'):rep(65536) while true do cloud.pluginSend(s) end")

    assert [len(one.octets) for one in told[:-1]] == [65_536, 65_536]
    assert b"a program tells at most 131072 bytes at a time" in told[-1].octets


def test_pcalls_go_into_one_another_so_deep(lua: Lua) -> None:
    dive = "local function dive(n) local ok, why = pcall(dive, n + 1) return ok and why or n .. why end"

    assert result(lua, f"{dive} return dive(0)") == b"49lua:1: at most 50 pcalls go into one another"
    assert result(lua, f"{dive} pcall(dive, 0) return dive(0)").startswith(b"49")


def test_errors_that_are_caught_where_the_stack_ends_use_the_budget_up(lua: Lua) -> None:
    source = """local t = setmetatable({}, {})
        getmetatable(t).__index = function(it, key) pcall(function() return it[key] end) return it[key] end
        while true do pcall(function() return t.x end) end"""

    assert problem(lua, source) == TOO_LONG


def test_a_wait_keeps_the_depth_of_the_one_who_waits(lua: Lua) -> None:
    run(lua, "local function dive(n) if n == 0 then os.wait(1) else pcall(dive, n - 1) end end dive(50)")

    told = lua.go_on(1, True, b"", BUDGET, NOON_US)

    assert told == [Told("returned", CALL)]
    assert result(lua, "return tostring(pcall(tostring, 1))") == b"true"


def test_bytes_go_to_on_command_where_there_is_one(lua: Lua) -> None:
    before = lua.command(b"x", BUDGET, NOON_US)
    run(lua, "function on_command(c) cloud.pluginSend('got ' .. c) end")

    after = lua.command(b"\x00\xff", BUDGET, NOON_US)
    run(lua, "on_command = setmetatable({}, {__call = error})")

    assert (before, after) == ([], [Told("send", octets=b"got \x00\xff")])
    assert lua.command(b"x", BUDGET, NOON_US) == []


def test_a_thing_of_the_hub_would_be_of_no_use_to_a_program(lua: Lua) -> None:
    run(lua, "function on_command(c) cloud.pluginSend(tostring(pcall(function() return c.__class__ end))) end")

    told = lua.command(object(), BUDGET, NOON_US)  # type: ignore[arg-type]  # what never happens

    assert told == [Told("send", octets=b"false")]


def test_an_error_in_on_command_belongs_to_no_call(lua: Lua) -> None:
    run(lua, "function on_command(c) error('no') end")

    assert lua.command(b"x", BUDGET, NOON_US) == [Told("raised", None, b"lua:1: no")]


def test_a_program_waits_and_goes_on_where_it_was(lua: Lua) -> None:
    waiting = run(lua, "local x = 'was here' os.wait(100) return x")

    over = lua.go_on(1, False, b"timeout", BUDGET, NOON_US)

    assert waiting == [Told("wait", 1, amount=100)]
    assert over == [Told("returned", CALL, b"was here")]
    assert lua.go_on(1, False, b"timeout", BUDGET, NOON_US) == []


def test_a_question_is_answered_to_the_one_who_waits(lua: Lua) -> None:
    asked = run(lua, "local ok, r = cloud.transactionWait('ping', 500) return tostring(ok) .. r")

    answered = lua.go_on(1, True, b"pong", BUDGET, NOON_US)

    assert asked == [Told("ask", 1, b"ping", 500)]
    assert answered == [Told("returned", CALL, b"truepong")]


def test_a_question_with_a_function_holds_nobody(lua: Lua) -> None:
    asked = run(lua, "cloud.transactionWait('ping', function(ok, r) cloud.pluginSend(tostring(ok) .. r) end) return 1")

    answered = lua.go_on(1, False, b"timeout", BUDGET, NOON_US)

    assert asked == [Told("ask", 1, b"ping", 30_000), Told("returned", CALL, b"1")]
    assert answered == [Told("send", octets=b"falsetimeout")]


def test_what_goes_on_has_a_budget_again_and_only_that(lua: Lua) -> None:
    run(lua, "os.wait(1) while true do end")

    assert lua.go_on(1, False, b"", BUDGET, NOON_US) == [Told("raised", CALL, TOO_LONG)]


def test_a_program_waits_for_so_many_things(lua: Lua) -> None:
    for _ in range(PENDING_LIMIT):
        run(lua, "os.wait(1)")

    assert b"waits for at most 20 things" in problem(lua, "os.wait(1)")
    lua.go_on(1, False, b"", BUDGET, NOON_US)
    assert run(lua, "os.wait(1)") == [Told("wait", 21, amount=1)]
