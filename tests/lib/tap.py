"""A test program in Python: functions marked with @test, run in order, results as TAP.

    from tap import test, main, check, equal

    @test("a hidden person is gone")
    def hidden(): ...

    main()
"""
import sys
import traceback

_tests = []


class Skip(Exception):
    """Raise it with the reason why a test cannot run here."""


def test(name):
    def mark(function):
        _tests.append((name, function))
        return function
    return mark


def check(condition, text="condition does not hold"):
    if not condition:
        raise AssertionError(text)


def equal(got, wanted, what="value"):
    if got != wanted:
        raise AssertionError(f"{what}: got {got!r}, wanted {wanted!r}")


def holds(text, part):
    if part not in text:
        raise AssertionError(f"{part!r} is not in {text!r}")


def lacks(text, part):
    if part in text:
        raise AssertionError(f"{part!r} is in {text!r}")


def main():
    """Runs the tests named on the command line (parts of names), or all."""
    wanted = sys.argv[1:]
    chosen = [t for t in _tests if not wanted or any(w in t[0] for w in wanted)]
    failed = 0
    print(f"1..{len(chosen)}", flush=True)
    for number, (name, function) in enumerate(chosen, 1):
        try:
            function()
            print(f"ok {number} - {name}", flush=True)
        except Skip as reason:
            print(f"ok {number} - {name} # SKIP {reason}", flush=True)
        except Exception:                       # a test may fail in any way
            failed += 1
            print(f"not ok {number} - {name}", flush=True)
            for line in traceback.format_exc().splitlines():
                print(f"# {line}", flush=True)
    sys.exit(1 if failed else 0)
