"""Modes of fields over real fetches: nulls that say nothing, values that are not kept, what is
overwritten and told."""
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
SANDBOX = Sandbox(WORLD, "id=lucca:fields,people=60,seed=21")
HOUSE = House(WORLD)


def write(mode="continuous", track="yes"):
    HOUSE.write_main("[privacy]\naudit_values = full\n")
    HOUSE.source("fr", SANDBOX, "lucca:fields", fields=f"job_title = {mode}",
                 body=f"[lifecycle]\ntrack_drift = {track}\n")


def titles():
    return dict(HOUSE.query("SELECT uid, job_title FROM v_person"))


def mails():
    return {row["uid"]: row["mail"] for row in HOUSE.rows("list") if row["status"] == "active"}


@test("a field that Kombo says is not available keeps its values")
def unavailable():
    write()
    HOUSE.start()
    HOUSE.rollcall("source", "approve", "fr")
    before = titles()
    check(sum(title is not None for title in before.values()) > 20, "no titles")
    SANDBOX.control("POST", "/integrations/field", model="hris_employees", field="job_title",
                    setting="DISABLED", touch=True)
    HOUSE.rollcall("sync", "fr", "--full")
    equal(titles(), before, "titles")
    SANDBOX.control("POST", "/integrations/field", model="hris_employees", field="job_title",
                    setting="ENABLED", touch=True)
    HOUSE.rollcall("sync", "fr", "--full")
    equal(titles(), before, "titles after")


@test("one field empty in everybody at once is held, with the hint where to look")
def mass_null():
    before = titles()
    old = {mail: before[uid] for uid, mail in mails().items() if mail and before[uid]}
    for mail in old:
        SANDBOX.control("POST", "/people/set", who=mail, set={"job_title": None})
    status, output, errors = HOUSE.rollcall("sync", "fr", "--full", status=None)
    equal(status, 6, "exit status")
    holds(output + errors, "nulls")
    holds(output + errors, "job_title")
    equal(titles(), before, "titles")
    for mail, title in old.items():
        SANDBOX.control("POST", "/people/set", who=mail, set={"job_title": title})
    HOUSE.rollcall("sync", "fr", "--full")
    equal(titles(), before, "titles after")


@test("with track_drift = no what the HR system says later is not kept, and drift still knows")
def veiled():
    write("import-once", "no")
    HOUSE.reload()
    uid, mail = sorted(mails().items())[2]
    title = titles()[uid]
    SANDBOX.control("POST", "/people/set", who=mail, set={"job_title": "Never To Be Kept"})
    HOUSE.rollcall("sync", "fr", "--full")
    equal(titles()[uid], title, "title")
    check(b"Never To Be Kept" not in HOUSE.bytes(), "the value is kept")
    equal([(r["served"], r["hr"]) for r in HOUSE.rows("drift", uid)], [(title, "(not kept)")],
          "drift")
    equal(HOUSE.ask("drift")["count"], 1, "others do not drift")
    equal(HOUSE.ask("sync", "fr", "--full")["runs"][0]["revision"], 0, "the same again")


@test("reset waits for the fetch that brings the value, and so does a switch to continuous")
def waits():
    uid, mail = sorted(mails().items())[2]
    title = titles()[uid]
    HOUSE.rollcall("reset", uid, "job_title")
    equal(titles()[uid], title, "until the fetch")
    HOUSE.rollcall("sync", "fr")
    equal(titles()[uid], "Never To Be Kept", "after the fetch")
    SANDBOX.control("POST", "/people/set", who=mail, set={"job_title": "Followed Again"})
    HOUSE.rollcall("sync", "fr")
    equal(titles()[uid], "Never To Be Kept", "taken once")
    write("continuous", "no")
    HOUSE.reload()
    HOUSE.rollcall("sync", "fr", "--full")
    wait_until(lambda: titles()[uid] == "Followed Again", "the switch")


main()
