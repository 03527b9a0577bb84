"""No memory at the n-th allocation of a pass, once or from then on, in Rollcall or in a library:
the daemon ends with status 71 and one line, or answers with an error, or goes on; what is served
is what was served before or what is served after, and the next run repairs all."""
import os
import sys
import time

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from fault import Fault                                     # noqa: E402
from house import House                                     # noqa: E402
from served import difference, rows                         # noqa: E402
from tap import Skip, check, equal, holds, main, test       # noqa: E402
from world import World, program, wait_until                # noqa: E402

WORLD = World()
fix_clock(WORLD)
SANDBOX = Sandbox(WORLD, "id=lucca:memory,people=30,seed=12")
FAULT = Fault(WORLD)
HOUSE = House(WORLD)
HOUSE.rollcalld = program("tests/faults/rollcalld")
HOUSE.write_main("[sync]\ninterval = 1d\nretry_for = 0s\n")
HOUSE.source("fr", SANDBOX, "lucca:memory")
OUT_OF_MEMORY = 71
PLACES = 30
STATE = {"turn": 0, "ended": 0, "refused": 0, "coped": 0}


def start():
    HOUSE.start(FAULT.environment)


def prepare():
    if HOUSE.daemon is None:
        start()
    if not FAULT.can("alloc"):
        raise Skip("a sanitizer owns malloc here")
    if "people" not in STATE:
        HOUSE.rollcall("source", "approve", "fr")
        mails = {row[0] for row in HOUSE.query("SELECT work_email FROM v_person")}
        STATE["people"] = [p["index"] for p in SANDBOX.people()
                           if p["record"]["work_email"] in mails][3:6]
        STATE["uid"] = sorted(row[0] for row in HOUSE.query("SELECT uid FROM v_person"))[7]


def change():
    STATE["turn"] += 1
    for index in STATE["people"]:
        SANDBOX.control("POST", "/people/set", who=index,
                        set={"job_title": f"Turn {STATE['turn']}"})
    STATE["hide"] = HOUSE.query("SELECT count(*) FROM decision WHERE kind = 'hide'") == [(0,)]


def ask(name, **arguments):
    """As House.request; a connection that ends is an answer too."""
    try:
        return HOUSE.request(name, **arguments)
    except OSError as error:
        return None, {"code": "LOST", "text": str(error)}


def sync():
    return ask("sync", source="fr", full=True)


def hide():
    return ask("hide" if STATE["hide"] else "unhide", person=STATE["uid"])


def look():
    return {"rows": rows(HOUSE)}


def ended():
    """A connection that was closed may be all: the thread for it could not be made."""
    for _ in range(30):
        if not HOUSE.daemon.running():
            return True
        time.sleep(0.01)
    return False


def settled(error):
    """How the daemon took it: it ended, with the status and the line for that, or it lives."""
    if error is not None and error["code"] == "LOST" and ended():
        equal(HOUSE.daemon.child.wait(20), OUT_OF_MEMORY, str(STATE) + HOUSE.daemon.text()[-2000:])
        holds(HOUSE.daemon.text(), "out of memory: giving up")
        start()
        STATE["ended"] += 1
        return
    check(HOUSE.daemon.running(), "the daemon ended without a word to who asked")
    STATE["refused" if error is not None else "coped"] += 1


def fail_once(request, nth, forever):
    before = look()
    change()
    FAULT.order("heap", nth=nth, forever=forever)
    error = request()[1]
    FAULT.clear()
    after = look()
    settled(error)
    if error is not None and error["code"] != "LOST":
        check("memory" in error["text"] or error["code"] == "NETWORK", f"{nth}: {error}")
    if request == sync or error is not None:
        again = request()[1]
        check(again is None or again["code"] == "REFUSED", f"{nth}: the next one: {again}")
    done = look()
    check(after in (before, done), f"a mix at {nth}:\n{difference(before, after)}")
    if request == sync:
        equal(HOUSE.query("SELECT count(*) FROM v_person WHERE job_title = ?",
                          f"Turn {STATE['turn']}"), [(3,)], f"{nth}: the next run repairs")
        equal(HOUSE.query("SELECT count(*) FROM run_problem"), [(0,)], f"{nth}: records refused")


def memory_test(name, request):
    @test(f"{name}: no memory")
    def memory():
        prepare()
        for forever in (False, True):
            change()
            request()
            change()
            FAULT.count("heap")
            equal(request()[1], None, "one that goes well")
            total = FAULT.counted
            check(total > 100, f"{total} allocations")
            step = max(1, total // PLACES)
            for nth in range(1 + STATE["turn"] % step, total + 1, step):
                fail_once(request, nth, forever)
        check(STATE["ended"] > 10, f"{STATE}")


memory_test("a run", sync)
memory_test("a decision", hide)


@test("a start without memory ends with status 71, and the one after it goes on")
def starting():
    prepare()
    HOUSE.stop()
    before = look()
    for nth in range(1, 4000, 97):
        FAULT.order("heap", nth=nth, forever=True)
        HOUSE.start_with(environment=FAULT.environment, wait=False)
        said = len(HOUSE.daemon.text())
        wait_until(lambda n=said: not HOUSE.daemon.running() or
                   "info start " in HOUSE.daemon.text()[n:], "a start")
        FAULT.clear()
        if HOUSE.daemon.running():
            HOUSE.daemon.stop()
        check(HOUSE.daemon.child.returncode in (0, OUT_OF_MEMORY, 127),
              f"{nth}: exit status {HOUSE.daemon.child.returncode}")
        equal(difference(before, look()), "", f"what is served after {nth}")
    HOUSE.daemon = None
    start()
    equal(sync()[1], None, "a run")


main()
