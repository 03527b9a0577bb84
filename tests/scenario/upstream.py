"""rollcall sync --upstream: Kombo reads the HR system again, and is waited for, with whatever it
answers."""
import json
import os
import signal
import sys
import threading
import time

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import check, equal, holds, main, test             # noqa: E402
from world import World, free_port, wait_until              # noqa: E402

WORLD = World()
fix_clock(WORLD)
SANDBOX = Sandbox(WORLD, "id=lucca:up,people=40,seed=31")
HOUSE = House(WORLD)
HOUSE.source("fr", SANDBOX, "lucca:up")
PORT = free_port()
STEP = 2        # seconds of theirs in 5 ms: what is waited for takes minutes
SYNC = "[sync]\nretry_for = 3s\ntimeout = 5s\nupstream_wait = 3m\n"
HOOK = f"""[webhook]
listen = 127.0.0.1:{PORT}
secret = file:{WORLD.write("webhook.secret", "s", 0o600)}
"""


def asked():
    """How often Kombo was asked to read again."""
    return HOUSE.daemon.text().count("upstream.asked")


def upstream():
    """(exit status, answer) of sync --upstream, while the clock runs fast."""
    status, output, errors = WORLD.run_hasty(HOUSE.command("--json", "sync", "fr", "--upstream"),
                                             step=STEP)
    check(output, errors)
    return status, json.loads(output)


def forget():
    """The minute of a forced sync passes."""
    WORLD.advance(120)
    SANDBOX.control("GET", "/time")


def runs():
    return HOUSE.query("SELECT count(*) FROM run")[0][0]


@test("a source that may not be fetched is not asked for")
def unapproved():
    HOUSE.write_main(SYNC)
    HOUSE.start()
    status, answer = upstream()
    equal((status, answer["error"]["code"]), (3, "REFUSED"), "answer")
    equal(asked(), 0, "asked")
    HOUSE.rollcall("source", "approve", "fr")


@test("without webhooks: newer data that stop arriving end the wait")
def arriving():
    def edit():
        wait_until(lambda: asked() == 1, "the question")
        for index in range(5, 9):
            SANDBOX.control("POST", "/people/set", who=index, set={"job_title": "Read again"})

    thread = threading.Thread(target=edit)
    thread.start()
    status, answer = upstream()
    thread.join()
    equal(status, 0, answer)
    run = answer["runs"][0]
    equal((run["complete"], run["upstream"]["changed"], run["upstream"]["state"],
           run["upstream"]["type"]), (True, True, None, "FULL"), "the run")
    check(60 <= run["upstream"]["waited"] < 180, run["upstream"])
    check(HOUSE.query("SELECT count(*) FROM v_person WHERE job_title = 'Read again'")[0][0] > 0,
          "people")
    forget()


@test("without webhooks and without news: it is said after upstream_wait, and fetched all the same")
def silent():
    status, output, _ = WORLD.run_hasty(HOUSE.command("sync", "fr", "--upstream"), step=STEP)
    equal(status, 0, output)
    holds(output, "did not tell within")
    holds(output, "fr: complete fetch")
    forget()


@test("every refusal of Kombo ends it with what to do, and nothing is fetched")
def refused():
    before = runs()
    for code, wanted in (("PLATFORM.RATE_LIMIT_EXCEEDED", 13), ("PLATFORM.INPUT_INVALID", 12),
                         ("PLATFORM.AUTHENTICATION_INVALID", 12), ("INTEGRATION.INACTIVE", 12),
                         ("INTEGRATION.SETUP_INCOMPLETE", 13), ("INTEGRATION.QA_FAILED", 13),
                         ("REMOTE.SERVICE_UNAVAILABLE", 13), ("SOMETHING.NEW", 12),
                         ("INTEGRATION.MODEL_DISABLED", 12)):
        SANDBOX.control_raw("POST", "/failures", [{"kind": "error", "code": code, "times": 0,
                                                   "path": "/v1/force-sync"}])
        status, answer = upstream()
        equal(status, wanted, answer)
        holds(answer["error"]["text"], code)
        holds(answer["error"]["text"], "source fr")
        SANDBOX.control("DELETE", "/failures")
    for failure in ({"kind": "html", "status": 502}, {"kind": "empty", "status": 503},
                    {"kind": "body", "text": "[]", "content_type": "application/json"},
                    {"kind": "drop", "size": 10}):
        SANDBOX.control_raw("POST", "/failures", [{**failure, "path": "/v1/force-sync",
                                                   "times": 0}])
        equal(upstream()[0], 13, failure)
        SANDBOX.control("DELETE", "/failures")
    equal(runs(), before, "runs")
    SANDBOX.control_raw("POST", "/failures", [{"kind": "error", "times": 1,
                                               "code": "REMOTE.SERVICE_UNAVAILABLE",
                                               "path": "/v1/force-sync"}])
    equal(upstream()[0], 0, "one that passes is repeated")
    SANDBOX.control("DELETE", "/failures")
    forget()


@test("with webhooks: sync-finished ends the wait; a sync under way is waited for, not asked again")
def finished():
    HOUSE.stop()
    HOUSE.write_main(SYNC + HOOK)
    HOUSE.start()
    SANDBOX.control("POST", "/webhook", url=f"http://127.0.0.1:{PORT}/kombo", secret="s")
    for state in ("SUCCEEDED", "PARTIALLY_FAILED", "A_NEW_WORD"):
        SANDBOX.control("POST", "/integrations/sync", state=state)
        status, answer = upstream()
        equal(status, 0, answer)
        found = answer["runs"][0]["upstream"]
        equal((found["state"], found["already_queued"]), (state, False), "how it ended")
        check(45 <= found["waited"] <= 120, found)
        forget()
    headers = {"X-Integration-Id": "lucca:up", "Authorization": "Bearer sandbox-key"}
    SANDBOX.request("POST", "/v1/force-sync", headers, '{"type":"FULL"}')
    status, answer = upstream()
    equal(answer["runs"][0]["upstream"]["already_queued"], True, answer)
    forget()


@test("a sync of Kombo's that fails is an error that says what to do, and nothing is fetched")
def failed():
    before = runs()
    for state, advice in (("FAILED", "dashboard"), ("CANCELLED", "dashboard"),
                          ("TIMED_OUT", "later"), ("AUTHENTICATION_FAILED", "reconnect")):
        SANDBOX.control("POST", "/integrations/sync", state=state)
        status, answer = upstream()
        equal((status, answer["error"]["code"]), (13, "KOMBO_REMOTE"), answer)
        holds(answer["error"]["text"], state)
        holds(answer["error"]["text"], advice)
        forget()
    equal(runs(), before, "runs")


@test("whoever asked may go, and the daemon may stop: the wait ends")
def cancelled():
    SANDBOX.control("POST", "/webhook", url=None)
    before = asked()
    job = WORLD.start(HOUSE.command("sync", "fr", "--upstream"), "gone")
    wait_until(lambda: asked() == before + 1, "the question")
    job.send(signal.SIGKILL)
    job.child.wait()
    job = WORLD.start(HOUSE.command("sync", "fr", "--upstream"), "stopped")
    wait_until(lambda: asked() == before + 2, "the second question")
    time.sleep(1.5)
    begun = time.monotonic()
    equal(HOUSE.stop(), 0, "the daemon's end")
    check(time.monotonic() - begun < 5, "it waits for nobody")
    equal(job.child.wait(10), 10, job.text())
    holds(job.text(), "rollcalld ended before it answered")


@test("it works with the daemon down")
def down():
    status, output, errors = WORLD.run_hasty(HOUSE.command("sync", "fr", "--upstream"), step=STEP)
    equal(status, 0, output + errors)
    holds(output, "complete fetch")


main()
