"""Whatever changes something is in the history with who asked for it; and what the history tells of
values, as [privacy] audit_values says."""
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import check, equal, holds, main, test             # noqa: E402
from world import World, wait_until                         # noqa: E402

WORLD = World()
fix_clock(WORLD)
SANDBOX = Sandbox(WORLD, "id=lucca:fr,people=30,seed=7")
HOUSE = House(WORLD)
HOOK = "[sync]\ninterval = 30d\nfull_interval = 30d\n[hook/note]\nevents = failed\ncommand = /bin/true\n"
FIELDS = "job_title = import-once\n"
PEOPLE = """employee_number,first_name,last_name,work_email,employment_status,start_date
C1,Cy,Csv,cy@csv.example,ACTIVE,2020-01-01
"""


def write_main(audit="masked"):
    HOUSE.write_main(HOOK + f"[privacy]\naudit_values = {audit}\n")


def log(*words):
    return HOUSE.ask("log", *words)


def since(last):
    return [row for row in log()["rows"] if row["row"] > last]


def last():
    return log()["rows"][-1]["row"] if log()["count"] else 0


def people(status="active", source="fr"):
    return [row for row in HOUSE.rows("list", "--status", status) if row["source"] == source]


def held():
    return HOUSE.ask("plans")["plans"]


def somebody(at):
    return people()[at]["uid"]


# What is asked, and the row it leaves: (words, what, reason, cause). Words may be made late.
ACTS = [
    (lambda: ("source", "approve", "fr"), "source.approve", "fr", "decision"),
    (lambda: ("source", "disable", "fr"), "source.disable", "fr", "decision"),
    (lambda: ("source", "enable", "fr"), "source.enable", "fr", "decision"),
    (lambda: ("sync", "fr"), "run", "unchanged", "sync"),
    (lambda: ("import", WORLD.write("one.csv", PEOPLE), "--source", "file"), "run", "done", "sync"),
    (lambda: ("client", "add", "vpn"), "client.add", "ldap/vpn ldap read", "decision"),
    (lambda: ("client", "add", "okta", "--scim", "--rights", "edit"), "client.add",
     "scim/okta scim edit", "decision"),
    (lambda: ("client", "rotate", "okta", "--scim"), "client.rotate", "scim/okta", "decision"),
    (lambda: ("client", "revoke", "vpn"), "client.revoke", "ldap/vpn", "decision"),
    (lambda: ("hide", somebody(0), "--reason", "why not"), "hide", "why not", "decision"),
    (lambda: ("unhide", hidden()), "unhide", None, "decision"),
    (lambda: ("release", people("onboarding")[0]["uid"]), "release", None, "decision"),
    (lambda: ("ignore-onboarding", people("onboarding")[0]["uid"]), "ignore-onboarding", None,
     "decision"),
    (lambda: ("set", somebody(1), "job_title", "Pilot"), "set", None, "decision"),
    (lambda: ("reset", somebody(1), "job_title"), "reset", None, "decision"),
    (lambda: ("add", "first_name=Zoe", "last_name=Hand", "employee_number=L1"), "created", None,
     "sync"),
    (lambda: ("change", "L1", "last_name=Changed"), "changed", None, "sync"),
    (lambda: ("link", somebody(2), somebody(3)), "link", None, "decision"),
    (lambda: ("unlink", linked()), "unlink", None, "decision"),
    (lambda: ("remove", "L1"), "purged", "gone-upstream", "sync"),
    (lambda: ("erase", somebody(4), "--reason", "asked"), "erase", "asked", "decision"),
    (lambda: ("hooks", "test", "note"), "hook.test", "note", "decision"),
    (lambda: ("hooks", "retry", "note"), "hook.retry", "note", "decision"),
]


def hidden():
    return HOUSE.rows("list", "--hidden")[0]["uid"]


def linked():
    rows = HOUSE.query("SELECT kombo FROM record WHERE person IN (SELECT person FROM record"
                       " WHERE person NOT NULL GROUP BY person HAVING count(*) > 1) ORDER BY id")
    return "fr/" + rows[0][0]


@test("each request that changes something leaves its row, with who asked, and the chain holds")
def acts():
    write_main()
    HOUSE.source("fr", SANDBOX, "lucca:fr", fields=FIELDS)
    WORLD.write("house/conf/sources.d/file.conf", "[source]\nprovider = csv\n[fields]\n")
    WORLD.write("house/conf/sources.d/local.conf", "[source]\nprovider = local\n[fields]\n")
    for name in ("Ida", "Ole"):
        SANDBOX.control("POST", "/people/hire", set={
            "first_name": name, "start_date": "2027-11-01", "employment_status": "PENDING",
            "work_email": f"{name.lower()}@joiner.example"})
    HOUSE.start()
    HOUSE.rollcall("source", "approve", "file")
    for words, what, reason, cause in ACTS:
        at, words = last(), words()
        HOUSE.rollcall(*words)
        rows = [r for r in since(at) if r["what"] == what and (reason or r["reason"]) == r["reason"]]
        check(rows, f"{words}: no {what} among {[(r['what'], r['reason']) for r in since(at)]}")
        equal((rows[0]["cause"], rows[0]["actor"]), (cause, "root"), str(words))
    equal(log()["chain"]["whole"], True, "chain")


@test("so do approvals, what is let through of a plan, a reload, the clock, a source that goes")
def gate():
    for row in people()[:6]:
        SANDBOX.control("POST", "/people/delete", who=row["mail"])
    at = last()
    equal(HOUSE.rollcall("sync", "fr", "--full", status=None)[0], 6, "held")
    plan, uid = held()[0], people()[0]["uid"]
    HOUSE.rollcall("apply", plan["short"], "--only", uid)
    rows = [r for r in since(at) if r["what"] == "plan.apply"]
    equal([(r["new"], r["source"], r["actor"]) for r in rows], [(plan["id"], "fr", "root")], "apply")
    plan = held()[0]
    HOUSE.rollcall("approve", plan["short"])
    rows = [r for r in since(at) if r["what"] == "plan.approve"]
    equal([(r["new"], r["source"], r["actor"]) for r in rows], [(plan["id"], "fr", "root")],
          "approve")
    at = last()
    HOUSE.source("fr", SANDBOX, "lucca:fr", fields=FIELDS, body="[lifecycle]\nrelease_days_before = 1\n")
    HOUSE.reload()
    os.unlink(os.path.join(HOUSE.conf, "sources.d", "file.conf"))
    HOUSE.reload()
    rows = [r for r in since(at) if r["what"] == "reload"]
    equal([(r["cause"], r["actor"], r["old"] != r["new"]) for r in rows],
          [("reload", "reload", True)], "reload")
    HOUSE.rollcall("source", "retire", "file", "--keep")
    HOUSE.rollcall("source", "retire", "file", "--purge")
    equal([(r["reason"], r["actor"]) for r in since(at) if r["what"] == "source.retire"],
          [("file kept", "root"), ("file purged", "root")], "retire")
    equal(log()["chain"]["whole"], True, "chain")


@test("masked: texts, addresses and phones by their first letter; dates, types and names of units whole")
def masked():
    created = [r for r in log()["rows"] if r["what"] == "created" and r["source"] == "fr" and
               r["new"]][0]["new"]
    open_ = {"employment_status", "start_date", "termination_date", "employment_type", "legal_entity", "department",
             "team", "cost_center", "work_location", "manager", "groups"}
    for field, value in created.items():
        if field in open_:
            check("…" not in str(value), f"{field} is masked")
        else:
            check(len(value) == 2 and value[1] == "…", f"{field} is told: {value}")
    for field in ("first_name", "last_name", "work_email", "employee_number"):
        check(field in created, field + " is not told at all")


@test("masked: what was set by hand and is overwritten is told whole, so that it can be set again")
def overwritten():
    uid = somebody(8)
    HOUSE.rollcall("set", uid, "job_title", "Boatswain Extraordinary")
    at = last()
    HOUSE.source("fr", SANDBOX, "lucca:fr", fields="job_title = continuous\n")
    HOUSE.reload()
    plan = held()[0]
    equal([c["class"] for c in plan["classes"]], ["overwrites"], "what holds it")
    HOUSE.rollcall("approve", plan["short"])
    row = [r for r in since(at) if r["field"] == "job_title" and r["uid"] == uid][0]
    equal((row["what"], row["reason"], row["old"]),
          ("changed", "overwrites", "Boatswain Extraordinary"), "row")
    check(row["new"] is None or (len(row["new"]) == 2 and row["new"][1] == "…"), row["new"])
    holds(HOUSE.rollcall("log", uid), "Boatswain Extraordinary")


@test("none: no value at all, not even of what is overwritten")
def none():
    HOUSE.source("fr", SANDBOX, "lucca:fr", fields=FIELDS)
    write_main("none")
    HOUSE.reload()
    uid = somebody(9)
    at = last()
    HOUSE.rollcall("set", uid, "job_title", "Seen by Nobody")
    HOUSE.source("fr", SANDBOX, "lucca:fr", fields="job_title = continuous\n")
    HOUSE.reload()
    HOUSE.rollcall("approve", held()[0]["short"])
    rows = [r for r in since(at) if r["field"] == "job_title" and r["what"] == "changed"]
    equal([(r["old"], r["new"]) for r in rows], [(None, None)] * 2, "values")
    equal(log()["chain"]["whole"], True, "chain")


@test("the clock that an admin believes is in the history")
def clock():
    WORLD.advance(37 * 3600)
    wait_until(lambda: HOUSE.ask("status")["clock"], "doubt")
    HOUSE.rollcall("confirm-clock")
    row = [r for r in log()["rows"] if r["what"] == "confirm-clock"][0]
    equal((row["actor"], row["cause"], row["reason"]), ("root", "decision", "jump"), "row")


@test("state that is taken over is the first row of the new history")
def state():
    path, new = WORLD.path("state.jsonl"), House(WORLD, name="new")
    HOUSE.rollcall("state", "export", path)
    new.source("fr", SANDBOX, "lucca:fr", fields=FIELDS)
    new.start()
    new.rollcall("state", "import", path)
    answer = new.ask("log")
    equal([(r["what"], r["actor"]) for r in answer["rows"]][:1], [("state.import", "root")], "row")
    equal(answer["chain"]["whole"], True, "chain")


main()
