"""Expressions: FEEL, Camunda's `${…}`, and other languages where FEEL is expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from service.engine.feel import evaluate
from tests.escapes.trying import Place

A = "a" * 3000
DATA = {
    "a": {"b": [1, 2, 3]},
    "text": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
    "list": list(range(50)),
    "n": 7,
}


def nested(opening: str, inner: str, closing: str, depth: int) -> str:
    return opening * depth + inner + closing * depth


FEEL = {
    # endless
    "a range of a thousand million": "for i in 1..1000000000 return i",
    "counting a range": "count(for i in 1..1000000000 return 1)",
    "a range that never arrives": "for i in 0.5..3 return i",
    "a range backwards": "for i in 1000000000..-1000000000 return i",
    "a range to infinity": "for i in 1..1e308 return i",
    "some over two ranges": "some x in 1..1000000, y in 1..1000000 satisfies x + y < 0",
    "every over two ranges": "every x in 1..1000000, y in 1..1000000 satisfies x + y > 0",
    "four loops": "for a in 1..1000, b in 1..1000, c in 1..1000, d in 1..1000 return a",
    "loops over loops": "for a in (for b in 1..100000 return b), c in (for d in 1..100000 return d) return a",
    "a function of itself": "{f: function(x) f(x), g: function(h) h(h), r: g(g)}.r",
    "application to itself": "{w: function(x) x(x), r: w(w)}.r",
    "the Y combinator": "{y: function(f) f(f), r: y(function(g) g(g))}.r",
    "a context that names itself": "{a: b, b: a}.a",
    "a filter in a filter": "(for i in 1..2000 return i)[count((for j in 1..2000 return j)[item > 0]) > 0]",
    "sorting with a function": "sort(for i in 1..500000 return i, function(a, b) a > b)",
    "sorting that contradicts itself": "sort(for i in 1..20000 return i, function(a, b) true)",
    # heavy
    "doubling a text": 'for i in 1..40 return if i = 1 then "aaaaaaaaaaaaaaaaaaaaaaaa" else partial[-1] + partial[-1]',
    "doubling a list": "for i in 1..60 return if i = 1 then [1, 2, 3] else concatenate(partial[-1], partial[-1])",
    "lists in lists in lists": "for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]]",
    "contexts in contexts": "for i in 1..60 return if i = 1 then {a: 1} else {a: partial[-1], b: partial[-1]}",
    "a long answer": 'for i in 1..60000 return "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"',
    "a long answer of days": 'for i in 1..30000 return date("2026-01-01") + duration("P1D")',
    "joining": 'string join(for i in 1..300000 return "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")',
    "replacing each letter by many": f'replace(replace(replace(text, "a", "{A[:300]}"), "a", "{A[:300]}"), "a", "{A[:300]}")',
    "references that double": f'replace(replace(text, "a+", "{"$0" * 200}"), "a", "{"$0" * 200}")',
    "splitting": 'split(string join(for i in 1..200000 return "ab", ","), ",")',
    "flattening": "flatten(for i in 1..300000 return [[i]])",
    "union": "union(for i in 1..20000 return i, for j in 1..20000 return j + 0.5)",
    "distinct values": "distinct values(for i in 1..50000 return i)",
    "index of": "index of(for i in 1..300000 return 1, 1)",
    "mode": "mode(for i in 1..100000 return i)",
    "median": "median(for i in 1..300000 return 300000 - i)",
    "product": "product(for i in 1..300000 return 9)",
    "a power": "9 ** 9 ** 9 ** 9",
    "a large decimal": "decimal(1/3, 100000000)",
    "a rounded one": "round half up(1.5, 1000000000)",
    "a year beyond time": 'date("999999999-12-31") + duration("P999999999Y")',
    "a duration beyond time": 'duration("P99999999999999999999D") * 99999999999999999999',
    "days to the end of time": 'for d in date("2026-01-01")..date("999999-01-01") return d',
    "a long text of digits": f'number("{"9" * 3900}")',
    "a huge exponent": "1e999999999",
    # regular expressions
    "nested quantifiers": 'matches(text, "^(a+)+$")',
    "alternatives that overlap": 'matches(text, "^(a|a)*$")',
    "three stars": 'matches(text, "^(.*a)(.*a)(.*a)(.*a)(.*a)(.*a)(.*a)(.*a)(.*a)(.*a)(.*a)(.*a)$")',
    "looking ahead": 'matches(text, "^(?=(a+))+b")',
    "looking behind": 'matches(text, "(?<=(a+)+)b$")',
    "going back": 'matches(text, "(a*)*\\\\1b")',
    "a counted thousand": 'matches(text, "(a{1,1000}){1,1000}$")',
    "a counted thousand thousands": 'matches("a", "(((a{1000}){1000}){1000}){1000}")',
    "replacing slowly": 'replace(text, "(a*)*b", "x")',
    "splitting slowly": 'split(text, "(a+)+b")',
    "a class of everything": f'matches(text, "[{"a-z" * 1200}]+$")',
    "groups without end": f'matches(text, "{"(" * 1500}a{")" * 1500}")',
    "a broken expression": 'matches(text, "(((")',
    # deep and long
    "deep parentheses": nested("(", "1", ")", 2000),
    "deep lists": nested("[", "1", "]", 2000),
    "deep contexts": nested("{a:", "1", "}", 1000),
    "deep calls": nested("not(", "true", ")", 800),
    "deep minus": "-" * 4000 + "1",
    "deep if": nested("if true then ", "1", " else 2", 160),
    "deep functions": nested("function(x) ", "x", "", 300),
    "deep for": nested("for x in [1] return ", "x", "", 200),
    "deep paths": "a" + ".b" * 2000,
    "deep filters": "list" + "[true]" * 600,
    "many additions": "+".join(["1"] * 2000),
    "many comparisons": " and ".join(["n = 7"] * 400),
    "ten thousand characters": "1" * 10_000,
    "a megabyte": "1 + " * 250_000 + "1",
    # to the language below
    "the constructor": '"a".constructor.constructor("return this")()',
    "the constructor of a function": 'abs.constructor("return globalThis")()',
    "the prototype": "{}.__proto__.polluted",
    "a prototype put in": 'context merge([{"__proto__": {polluted: 1}}, {}]).polluted',
    "a prototype by key": 'context put({}, "__proto__", {polluted: 1}).polluted',
    "a deep prototype by key": 'context put({}, ["__proto__", "polluted"], 1)',
    "a constructor by key": 'context put({}, ["constructor", "prototype", "polluted"], 1)',
    "a prototype from entries": 'context([{key: "__proto__", value: {polluted: 1}}]).polluted',
    "get value of a prototype": 'get value({}, "__proto__")',
    "get value of a constructor": 'get value({}, ["constructor", "name"])',
    "get entries of a prototype": "get entries({}.__proto__)",
    "a length of its own": '{length: 4294967295, "0": 1}[1]',
    "the global object": "globalThis.feelRun(0, \"{}\", false, \"\", \"\")",
    "eval": 'eval("1+1")',
    "Function": 'Function("return 1")()',
    "import": 'import("fs")',
    "require": 'require("child_process").execSync("id")',
    "process": "process.env",
    "std of QuickJS": 'std.loadFile("@SECRET@")',
    "os of QuickJS": 'os.exec(["touch", "@DROPPED@"])',
    "fetch": 'fetch("@URL@/feel")',
    "a script with a handler": "{toString: function() 1}",
    "a value of its own making": '{"valueOf": function() 9, r: 1} + 1',
    "a thenable": '{"then": function(f) f(f)}',
    "toJSON": '{"toJSON": function() {"@type": "date", "@": "x"}}',
    "a forged day": '{"@": "2026-01-01"}',
    "a forged kind": '{"@type": "date", "@": "2026-99-99"}',
    "a backtick": "`${1+1}`",
    "a Java function": 'function(x) external { java: { class: "java.lang.Runtime", method signature: "exec(java.lang.String)" } }',
    "calling a Java function": '{f: function(x) external { java: { class: "java.lang.Math", method signature: "cos(double)" } }, r: f(1)}.r',
    # odd bytes
    "NUL": "1\x00",
    "a lone surrogate": '"\ud800"',
    "a bell": "a \x07 b",
    "right to left": '"\u202ecod.exe" = "a"',
    "zero width": "n\u200b = 7",
    "a full-width equals": "n ＝ 7",
    "a combining tower": '"' + "a" + "\u0301" * 3000 + '"',
    "an emoji family": 'string length("👨‍👩‍👧‍👦👨‍👩‍👧‍👦")',
}  # fmt: skip

OTHERS = {
    "JUEL: a method": "${a.getClass()}",
    "JUEL: the runtime": '${"".getClass().forName("java.lang.Runtime").getMethod("exec", "".getClass()).invoke(null, "id")}',
    "JUEL: a bean": "${runtimeService.startProcessInstanceByKey('p')}",
    "JUEL: the execution": '${execution.setVariable("x", 1)}',
    "JUEL: an assignment": "${n = 8}",
    "JUEL: a lambda": "${(x -> x + 1)(1)}",
    "JUEL: a static call": "${T(java.lang.Runtime).getRuntime().exec('id')}",
    "JUEL: brackets": "${a['class']['classLoader']}",
    "JUEL: two at once": "${1}${2}",
    "JUEL: in itself": "${${1}}",
    "JUEL: deep": "${" + nested("(", "1", ")", 1900) + "}",
    "JUEL: many nots": "${" + "!" * 3900 + "true}",
    "JUEL: many questions": "${" + nested("true ? ", "1", " : 2", 200) + "}",
    "JUEL: a JNDI name": "${jndi:ldap://127.0.0.1:1/a}",
    "JUEL: unfinished": "${n ==",
    "JUEL: a method of a number": "#{n.toString()}",
    "JUEL: a long list of sums": "${" + "+".join(["n"] * 1900) + "}",
    "OGNL": "%{(#rt=@java.lang.Runtime@getRuntime()).exec('id')}",
    "SpEL": "#{T(java.lang.Runtime).getRuntime().exec('id')}",
    "Groovy": '"touch @DROPPED@".execute()',
    "Python: an import": "__import__('os').system('touch @DROPPED@')",
    "Python: subclasses": "().__class__.__base__.__subclasses__()",
    "Python: a file": "open('@SECRET@').read()",
    "Python: a loop": "[x for x in range(10**9)]",
    "Python: a power": "9**9**9",
    "Python: a format": "'{0.__class__.__mro__}'.format(n)",
    "Jinja": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "JavaScript": "(() => { while (true) {} })()",
    "JavaScript: a regex": "/(a+)+$/.test(text)",
    "Ruby": "`touch @DROPPED@`",
    "SQL": "1; DROP TABLE cases; --",
    "XPath": "document('@SECRET@')",
    "a shell": "$(touch @DROPPED@)",
}  # fmt: skip

CASES = FEEL | OTHERS


@contextmanager
def prepared(place: Place) -> Iterator[Callable[[str], object]]:
    """Expressions are evaluated over some data; the engine goes on working, and nobody's prototype has changed."""
    evaluate("1 + 1")

    def perform(source: str) -> object:
        try:
            return repr(evaluate(place.filled(source), DATA))[:200]
        finally:
            assert evaluate("[{}.polluted, n + 1]", {"n": 6}) == [None, 7]

    yield perform
