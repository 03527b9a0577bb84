"""Killed at each step of a pass and at random: what LDAP, SCIM and the tables show is what they
showed before or what they show after, byte by byte; the next run repairs all, and the report
says what happened."""
import os
import random
import signal
import sys
import time

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from served import Served, difference, rows                 # noqa: E402
from tap import check, equal, holds, main, test             # noqa: E402
from world import World, free_port, program, wait_until                 # noqa: E402

WORLD = World()
fix_clock(WORLD)
SANDBOX = Sandbox(WORLD, "id=lucca:kills,people=160,seed=9")
HOUSE = House(WORLD)
HOUSE.scim_port = free_port()
HOUSE.main = f"[scim]\nlisten = 127.0.0.1:{HOUSE.scim_port}\n[sync]\ninterval = 1d\n"
HOUSE.write_main(HOUSE.main)
HOUSE.source("fr", SANDBOX, "lucca:kills")

STEPS = ("begin", "state", "legal-entities", "locations", "groups", "employees", "plan", "write",
         "note", "commit")
PUBLISHING = ("plan", "write", "commit")
STATE = {"round": 0}


def served():
    if "served" not in STATE:
        HOUSE.start()
        HOUSE.rollcall("source", "approve", "fr")
        STATE["served"] = Served(WORLD, HOUSE)
        HOUSE.stop()
    return STATE["served"]


def change():
    """Something of each kind: values, a manager, members of groups, somebody new."""
    STATE["round"] += 1
    turn = STATE["round"]
    active = [p for p in SANDBOX.people() if p["exists"] and p["record"]["work_email"]
              and p["record"]["employment_status"] == "ACTIVE"]
    for person in active[10:16]:
        SANDBOX.control("POST", "/people/set", who=person["index"],
                        set={"job_title": f"Round {turn}"})
    SANDBOX.control("POST", "/people/set", who=active[20]["index"],
                    set={"manager_id": active[turn % 8]["index"], "groups": [turn % 4]})
    SANDBOX.control("POST", "/people/hire", set={"last_name": f"Round{turn}"})


def titles():
    return HOUSE.query("SELECT count(*) FROM v_person WHERE job_title = ?",
                       f"Round {STATE['round']}")[0][0]


def settle(before, after, interrupted):
    """Starts again, looks at the report, lets the next run repair all; the view after the kill
    was the one before or the one now."""
    HOUSE.start()
    source = HOUSE.ask("source", "list")["sources"][0]
    equal(source["error"], "CANCELLED" if interrupted else "", "the error in the report")
    if interrupted:
        holds(source["error_text"], "in the middle of the run")
        holds(HOUSE.daemon.text(), "run.interrupted")
    HOUSE.rollcall("sync", "fr", "--full")
    equal(HOUSE.ask("source", "list")["sources"][0]["error"], "", "the error after the next run")
    done = served().look()
    check(titles() >= 4, "the next run brought what was missing")
    check(after in (before, done), f"a mix:\n{difference(before, after)}")
    return done


def killed(process):
    equal(process.child.wait(20), -signal.SIGKILL, "how it ended")


def run_test(step):
    @test(f"a run that is killed after `{step}`")
    def run():
        before = served().look()
        change()
        HOUSE.start_with("--stop-after", step)
        code, _, errors = HOUSE.rollcall("sync", "fr", "--full", status=None)
        killed(HOUSE.daemon)
        equal(code, 10, errors)
        holds(errors, "ended before it answered")
        after = served().look()
        done = settle(before, after, step != "commit")
        equal(after == done, step == "commit", "whether it was published")
        HOUSE.stop()


for one in STEPS:
    run_test(one)


def decision_test(step):
    @test(f"a decision that is killed after `{step}`, made without the daemon")
    def decision():
        before = served().look()
        person = sorted(row[0] for row in HOUSE.query("SELECT uid FROM v_person"))[30]
        code, _, _ = HOUSE.rollcall("--stop-after", step, "hide", person, status=None)
        equal(code, -signal.SIGKILL, "how it ended")
        after = served().look()
        HOUSE.rollcall("hide", person)
        done = served().look()
        equal(after, done if step == "commit" else before, "what is served")
        check(done != before, "the decision does something")
        HOUSE.rollcall("unhide", person)


for one in PUBLISHING:
    decision_test(one)


def reload_test(step, name):
    @test(f"a new configuration whose first plan is killed after `{step}`")
    def reload():
        before = served().look()
        HOUSE.write_main(HOUSE.main.replace("[sync]", f"user_name = {name}\n[sync]"))
        HOUSE.start_with("--stop-after", step, wait=False)
        killed(HOUSE.daemon)
        after = served().look()
        HOUSE.start()
        done = served().look()
        equal(after, done if step == "commit" else before, "what is served")
        check(done != before, "the configuration does something")
        HOUSE.stop()


for at, one in enumerate(("plan", "write", "note", "commit")):
    reload_test(one, ("uid", "work-email")[at % 2])


def midnight_test(step):
    @test(f"midnight that is killed after `{step}`")
    def midnight():
        HOUSE.start()
        STATE["day"] = STATE.get("day", 0) + 1
        today = time.strftime("%Y-%m-%d", time.gmtime(WORLD.now()))
        for person in SANDBOX.people()[50 + 2 * STATE["day"]:52 + 2 * STATE["day"]]:
            SANDBOX.control("POST", "/people/leave", who=person["index"], date=today)
        HOUSE.rollcall("sync", "fr", "--full")
        HOUSE.stop()
        before = served().look()
        SANDBOX.control("POST", "/failures", kind="error", code="REMOTE.SERVICE_UNAVAILABLE",
                        status=503, times=0)
        WORLD.advance(86400)
        HOUSE.start_with("--stop-after", step, wait=False)
        killed(HOUSE.daemon)
        after = served().look()
        said = len(HOUSE.daemon.text())
        HOUSE.start()
        if step != "commit":
            wait_until(lambda: "clock.flips" in HOUSE.daemon.text()[said:], "midnight")
        done = served().look()
        equal(after, done if step == "commit" else before, "what is served")
        check(done != before, "midnight does something")
        HOUSE.stop()
        SANDBOX.control("DELETE", "/failures")


for one in PUBLISHING:
    midnight_test(one)


@test("killed at instants nobody chose")
def instants():
    draw = random.Random(3)
    for turn in range(12):
        before = served().look()
        change()
        HOUSE.start()
        job = WORLD.start(HOUSE.command("sync", "fr", "--full"), f"sync-{turn}")
        time.sleep(draw.uniform(0.0, 0.12))
        HOUSE.daemon.send(signal.SIGKILL)
        killed(HOUSE.daemon)
        job.child.wait(20)
        after = served().look()
        HOUSE.start()
        HOUSE.rollcall("sync", "fr", "--full")
        done = served().look()
        check(titles() >= 4, "the next run brought what was missing")
        check(after in (before, done), f"a mix after {turn}:\n{difference(before, after)}")
        HOUSE.stop()


@test("a step that there is not, and one asked of the command while the daemon works")
def usage():
    code, _, errors = WORLD.run([program("rollcalld"), "--stop-after", "lunch"], None)
    equal(code, 2, errors)
    holds(errors, "begin, state, legal-entities")
    HOUSE.start()
    code, _, errors = HOUSE.rollcall("--stop-after", "plan", "sync", status=None)
    equal(code, 2, errors)
    holds(errors, "rollcalld does the work")
    equal(rows(HOUSE) != {}, True, "rows")
    HOUSE.stop()


main()
