"""What the doctor finds: one trouble at a time is made, found with what to do, and gone again."""
import json
import os
import re
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import check, equal, holds, main, test             # noqa: E402
from world import World                                     # noqa: E402

WORLD = World()
fix_clock(WORLD)
SANDBOX = Sandbox(WORLD, "id=sandbox:a,people=100,seed=3",
                  "id=lucca:b,people=40,seed=4,key=other-key,hide=pending:inactive")
HOUSE = House(WORLD, main="[sync]\ninterval = 12h\nretry_for = 0s\n")


def write(source, fields="", body=""):
    HOUSE.source(source, SANDBOX, {"a": "sandbox:a", "b": "lucca:b"}[source], fields=fields,
                 body=body, key={"a": "sandbox-key", "b": "other-key"}[source])


def findings(*words, status=None):
    """Warnings and errors by check; the exit status."""
    answer = HOUSE.world.run(HOUSE.command("--json", "doctor", *words), None)
    if status is not None:
        equal(answer[0], status, answer[1] + answer[2])
    rows = json.loads(answer[1])["rows"]
    for row in rows:
        check(row["level"] == "well" or row["check"] == "key" or row["advice"], str(row))
    return {row["check"]: row for row in rows if row["level"] != "well"}


def text(row):
    return f'{row["text"]} {row["advice"]}'


@test("a source that is as it should be has nothing to be said, and status 0")
def well():
    write("a")
    HOUSE.start()
    equal(set(findings("a", status=1)), {"state"}, "not approved yet")
    HOUSE.rollcall("source", "approve", "a")
    equal(findings("a", status=0), {}, "findings")
    output = HOUSE.rollcall("doctor")
    for part in ("every page came", "0 errors, 0 warnings", "dates take effect in time"):
        holds(output, part)
    equal(HOUSE.rollcall("doctor", "nowhere", status=None)[0], 4, "no such source")


@test("Lucca's permissions are missed where nobody is to come and nobody has left")
def lucca():
    SANDBOX.control("POST", "/people/hire", integration="lucca:b", set={
        "employment_status": "PENDING", "start_date": "2026-12-01"})
    SANDBOX.control("POST", "/people/leave", integration="lucca:b", who=7)
    write("b")
    HOUSE.reload()
    found = findings("b", status=1)
    holds(text(found["onboardings"]), "view future employees")
    holds(text(found["offboardings"]), "view departed employees")
    SANDBOX.control("POST", "/integrations/limits", integration="lucca:b", pending=False,
                    inactive=False)
    found = findings("b")
    check("onboardings" not in found and "offboardings" not in found, str(found))


@test("filters that match nothing are named with their line, and dates that do not follow")
def filters():
    write("a", fields="termination_date = import-once",
          body="[include]\nlegal_entity = Nowhere Ltd\nemployment_type = FULL_TIME\n"
               "[exclude]\ngroup = No Such Team\n[hide]\nemployee_number = 0815-4711\n")
    status, output, _ = HOUSE.rollcall("check-config", "--online", status=None)
    equal(status, 0, "check-config")
    for part in ("sources.d/a.conf:10: warning: [include] legal_entity = Nowhere Ltd matches nothing",
                 "sources.d/a.conf:13: warning: [exclude] group = No Such Team",
                 "sources.d/a.conf:15: warning: [hide] employee_number = 0815-4711"):
        holds(output, part)
    check("FULL_TIME" not in output, output)
    equal(HOUSE.rollcall("check-config", "--online", "--strict", status=None)[0], 1, "strict")
    holds(HOUSE.rollcall("doctor", "a", status=None)[1], "0 errors, 0 warnings")
    write("a", fields="termination_date = import-once")
    HOUSE.reload()
    found = findings("a", status=1)
    equal((found["dates"]["file"], found["dates"]["line"]), ("sources.d/a.conf", 8), "dates")
    write("a")
    HOUSE.reload()


@test("fields and models that Kombo does not deliver")
def scopes():
    SANDBOX.control("POST", "/integrations/field", integration="sandbox:a",
                    model="hris_employees", field="job_title", setting="DISABLED")
    holds(text(findings("a", status=1)["scope"]), "job_title is not available")
    SANDBOX.control("POST", "/integrations/field", integration="sandbox:a",
                    model="hris_employees", field="job_title", setting="ENABLED")
    SANDBOX.control("POST", "/integrations/model", integration="sandbox:a",
                    model="hris_teams", setting="DISABLED")
    holds(text(findings("a", status=1)["model"]), "groups")
    SANDBOX.control("POST", "/integrations/model", integration="sandbox:a",
                    model="hris_teams", setting="ENABLED")


@test("a stale integration, a refused key, an integration that is no more")
def integration():
    SANDBOX.control("POST", "/integrations/expire", integration="sandbox:a", expired=True)
    holds(text(findings("a", status=1)["integration"]), "stale")
    SANDBOX.control("POST", "/integrations/expire", integration="sandbox:a", expired=False)
    SANDBOX.control("POST", "/integrations/key", integration="sandbox:a", key="another")
    found = findings("a", status=12)
    equal(found["key"]["level"], "error", "key")
    holds(found["key"]["text"], "Kombo refuses the API key")
    equal(HOUSE.rollcall("check-config", "--online", status=None)[0], 12, "check-config")
    SANDBOX.control("POST", "/integrations/key", integration="sandbox:a", key="sandbox-key")
    SANDBOX.control("POST", "/integrations/life", integration="sandbox:a",
                    state="SETUP_INCOMPLETE")
    found = findings("a", status=13)
    holds(found["key"]["text"], "setup")
    # one source that fails does not keep the others from being looked at
    rows = HOUSE.ask("doctor", status=13)["rows"]
    check({"a", "b"} <= {row["source"] for row in rows}, "both are told of")
    SANDBOX.control("POST", "/integrations/life", integration="sandbox:a", state="ACTIVE")


@test("clocks that differ, data that are old, records that cannot be read")
def ages():
    SANDBOX.control("POST", "/time", date_skew=600)
    equal(findings("a", status=1)["clock"]["level"], "warning", "ten minutes")
    SANDBOX.control("POST", "/time", date_skew=-7200)
    found = findings("a", status=1)
    equal(found["clock"]["level"], "error", "two hours")
    check(re.search(r"720\d s ahead of Kombo's clock", found["clock"]["text"]), str(found))
    SANDBOX.control("POST", "/time", date_skew=0)
    mail = next(p["record"]["work_email"] for p in SANDBOX.people("sandbox:a") if p["exists"] and
                p["record"]["work_email"])
    page = SANDBOX.get("/hris/employees", "sandbox:a", page_size=250,
                       include_deleted="true").text.decode()
    SANDBOX.control_raw("POST", "/failures", {
        "kind": "body", "path": "/v1/hris/employees", "integration": "sandbox:a",
        "text": page.replace(f'"work_email":"{mail}"', '"work_email":1e999', 1),
        "content_type": "application/json"}, 200)
    holds(text(findings("a", status=1)["records"]), "cannot be read")
    HOUSE.stop()
    WORLD.advance(26 * 3600)
    found = findings("a", status=1)
    holds(text(found["age"]), "26 h ago")
    WORLD.advance(10 * 24 * 3600)
    holds(text(findings("a")["upstream"]), "still syncs")


main()
