"""A preview is what happens: another configuration, another day, what a source delivers now; and
nothing is applied by looking."""
import calendar
import os
import shutil
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import check, equal, holds, main, test             # noqa: E402
from world import World, wait_until                         # noqa: E402

WORLD = World()
fix_clock(WORLD)
SANDBOX = Sandbox(WORLD, "id=sandbox:a,people=150,seed=11", "id=kenjo:b,people=60,seed=12",
                  "id=kenjo:c,people=60,seed=13")
QUIET = "[sync]\ninterval = 30d\nfull_interval = 30d\n[privacy]\nretain_departed = 5d\n"
# A preview shows what would be; whether a safeguard would hold it is another matter.
CALM = "[safeguards]\n" + "".join(f"{name} = 1000 100%\n" for name in (
    "removals", "out_of_filter", "creations", "overwrites", "nulls", "members", "managers"))
HOUSE = House(WORLD, main=QUIET)
TRIED = WORLD.path("tried")
STATUS = ["onboarding", "active", "offboarding", "departed"]


def calm():
    """Allowances that nothing of this program trips, where the release knows them."""
    with open(os.path.join(os.environ.get("top_srcdir", "."), "schema", "conf.def"),
              encoding="utf-8") as stream:
        return CALM if '"safeguards"' in stream.read() else ""


def write(source="a", fields="job_title = import-once", body=""):
    HOUSE.source(source, SANDBOX, {"a": "sandbox:a", "b": "kenjo:b"}[source], fields=fields,
                 body=body + calm())


def fields_of_people():
    return [row[1] for row in HOUSE.query("SELECT * FROM pragma_table_info('v_person')")][7:]


def served():
    """What is served of everybody, in the words of a preview."""
    names = fields_of_people()
    people = {}
    for row in HOUSE.query(f"SELECT uid, id, status, active, {', '.join(names)} FROM v_person"):
        person = {"status": STATUS[row[2]], "active": "yes" if row[3] else "no"}
        person.update(zip(names, row[4:]))
        person["views"] = [v[0] for v in HOUSE.query(
            "SELECT v.name FROM v_shown s JOIN view v ON v.id = s.view WHERE person = ?"
            " ORDER BY v.id", row[1])]
        person["manager"] = next((m[0] for m in HOUSE.query(
            "SELECT p.uid FROM v_shown s JOIN person p ON p.id = s.manager WHERE person = ?"
            " ORDER BY view DESC", row[1])), None)
        person["groups"] = [g[0] for g in HOUSE.query(
            "SELECT g.cn FROM v_member m JOIN v_group g ON g.id = m.grp WHERE person = ?"
            " ORDER BY g.id", row[1])]
        people[row[0]] = person
    return people


NOTHING = {"views": [], "groups": []}


def holds_true(preview, before, after, placed=("work_location", "home_address")):
    """The changes a preview tells are those between two states, all of them and no others."""
    told = {row["uid"]: row for row in preview["changes"]}
    for uid, row in told.items():
        kind = "changes" if uid in before and uid in after else \
            "enters" if uid in after else "leaves"
        equal(row["change"], kind, uid)
        for part in row["parts"]:
            if part["what"] in placed:
                continue
            equal(part["before"], before.get(uid, NOTHING).get(part["what"]), (uid, part["what"]))
            equal(part["after"], after.get(uid, NOTHING).get(part["what"]), (uid, part["what"]))
    for uid in set(before) | set(after):
        if before.get(uid) != after.get(uid):
            check(uid in told, f"{uid} changes and is not told of")
            if uid in before and uid in after:
                differ = {k for k in before[uid] if before[uid][k] != after[uid][k]}
                equal({p["what"] for p in told[uid]["parts"]}, differ, uid)
    kinds = [row["change"] for row in preview["changes"]]
    equal([preview["difference"][k] for k in ("enter", "leave", "change")],
          [kinds.count(k) for k in ("enters", "leaves", "changes")], "difference")


def quiet(function):
    """Whatever the function does leaves no trace in the database."""
    state = ("SELECT * FROM meta WHERE name <> 'tick' ORDER BY 1", "SELECT * FROM v_shown ORDER BY 1, 2",
             "SELECT * FROM record ORDER BY 1", "SELECT * FROM employee ORDER BY 1",
             "SELECT * FROM person ORDER BY 1", "SELECT id, name, approved FROM source",
             "SELECT * FROM run ORDER BY 1", "SELECT * FROM view ORDER BY 1")
    before = [HOUSE.query(sql) for sql in state]
    result = function()
    for sql, rows in zip(state, before):
        equal(HOUSE.query(sql), rows, sql)
    return result


def try_conf(change):
    """A folder with the configuration as `change` makes it; the files in force stay."""
    shutil.rmtree(TRIED, ignore_errors=True)
    kept = WORLD.path("kept")
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(HOUSE.conf, kept)
    change()
    shutil.copytree(HOUSE.conf, TRIED)
    shutil.rmtree(HOUSE.conf)
    shutil.copytree(kept, HOUSE.conf)


def apply_conf():
    runs = HOUSE.query("SELECT max(id) FROM run")[0][0]
    shutil.rmtree(HOUSE.conf)
    shutil.copytree(TRIED, HOUSE.conf)
    HOUSE.reload()
    wait_until(lambda: not HOUSE.query("SELECT 1 FROM source WHERE full_wanted = 1 AND"
                                       " approved > 0"), "complete fetches")
    for name in ("a", "b"):
        if HOUSE.query("SELECT approved FROM source WHERE name = ?", name)[0][0]:
            HOUSE.rollcall("sync", name, "--full")
    return runs


@test("the first preview is what the first run does")
def first():
    write("a")
    write("b")
    HOUSE.start()
    preview = quiet(lambda: HOUSE.ask("preview", "a"))
    equal([(s["source"], s["approved"]) for s in preview["sources"]], [("a", False)], "sources")
    before = served()
    HOUSE.rollcall("source", "approve", "a")
    holds_true(preview, before, served())
    equal(preview["difference"]["enter"], len(served()), "enter")
    text = HOUSE.rollcall("preview", "a")
    for part in ("Included", "0 enter, 0 leave, 0 change", "Nothing was stored"):
        holds(text, part)


@test("a preview of what HR has changed is what the next run does")
def changed():
    HOUSE.rollcall("source", "approve", "b")
    rows = sorted(row["mail"] for row in HOUSE.rows("list") if row["source"] == "a" and
                  row["status"] == "active" and row["mail"])
    SANDBOX.control("POST", "/people/set", who=rows[0], set={"last_name": "Anders",
                                                             "display_full_name": None})
    SANDBOX.control("POST", "/people/leave", who=rows[1])
    SANDBOX.control("POST", "/people/delete", who=rows[2])
    SANDBOX.control("POST", "/people/hire", set={"work_email": "brand.new@x.example"})
    SANDBOX.control("POST", "/churn", events=10)
    before = served()
    preview = quiet(lambda: HOUSE.ask("preview", "a"))
    check(preview["difference"]["change"] >= 2 and preview["difference"]["enter"] >= 1, "changes")
    HOUSE.rollcall("sync", "a", "--full")
    holds_true(preview, before, served())


def entity():
    return HOUSE.query("SELECT legal_entity, count(*) FROM v_person WHERE source = 'a' AND"
                       " legal_entity IS NOT NULL GROUP BY 1 ORDER BY 2 LIMIT 1")[0][0]


CANDIDATES = (
    ("a filter narrowed", lambda: write("a", body=f"[exclude]\nlegal_entity = {entity()}\n")),
    ("… and widened again", lambda: write("a")),
    ("joiners wait for a hand", lambda: write("a", body="[lifecycle]\nrelease = manual\n")),
    ("import-once becomes continuous", lambda: write("a", fields="")),
    ("a field comes in", lambda: write("a", fields="personal_email = continuous")),
    ("… and is switched off", lambda: write("a", fields="job_title = off")),
    ("another view, another shape of a view", lambda: HOUSE.write_main(
        QUIET + "[view/vpn]\nstatuses = active\n[view/ldap]\nstatuses = active\n")),
    ("everything back", lambda: (HOUSE.write_main(QUIET), write("a"))),
)


@test("whatever is tried with --config happens just so when it is applied")
def configurations():
    row = next(row for row in HOUSE.rows("list") if row["source"] == "a")
    HOUSE.rollcall("set", row["uid"], "job_title", "By hand")
    for name, change in CANDIDATES:
        try_conf(change)
        before = served()
        preview = quiet(lambda: HOUSE.ask("preview", "--config", TRIED))
        apply_conf()
        try:
            holds_true(preview, before, served())
        except AssertionError as why:
            raise AssertionError(f"{name}: {why}") from why
        if "joiners" in name:
            check(preview["difference"]["leave"] > 0, "nobody leaves")
        if "continuous" in name:
            equal(preview["difference"]["overwrite"], 1, "replaced by HR")
            holds(str(preview["changes"]), "By hand")
        if "switched off" in name:
            off = {e["field"]: e["values"] for e in preview["erasures"]}
            equal(set(off), {"job_title", "personal_email"}, "erasures")
            check(off["job_title"] > 100 and off["personal_email"] > 0, str(off))


@test("the difference is told on the terminal, with what would be erased")
def told():
    try_conf(lambda: write("a", fields="job_title = off",
                           body=f"[exclude]\nlegal_entity = {entity()}\n"))
    text = quiet(lambda: HOUSE.rollcall("preview", "--config", TRIED))
    for part in ("leaves", "a: job_title is switched off", "values would be erased, for good",
                 "Difference to what is served now: 0 enter", "job_title: ", "views: ldap scim -> "):
        holds(text, part)
    text = quiet(lambda: HOUSE.rollcall("preview", "a", "--config", TRIED))
    holds(text, "exclude.legal_entity (sources.d/a.conf:")


@test("the records add up: what was deleted upstream before it was known is told, not listed")
def adds_up():
    write("a", fields="job_title = import-once")
    mails = [f"short.stay{number}@x.example" for number in range(3)]
    for mail in mails:
        SANDBOX.control("POST", "/people/hire", integration="sandbox:a", set={
            "work_email": mail, "employment_status": "ACTIVE", "start_date": "2026-01-05"})
        SANDBOX.control("POST", "/people/delete", integration="sandbox:a", who=mail)
    answer = HOUSE.ask("preview", "a")
    source = answer["sources"][0]
    check(source["unlisted"] >= 3, f"deleted: {source}")
    equal(len(answer["rows"]), source["included"] + source["excluded"], "rows")
    equal(source["included"] + source["excluded"] + source["unlisted"], source["seen"], "sum")
    holds(HOUSE.rollcall("preview", "a"), f"a: {source['seen']} records: "
          f"{source['included']} Included, {source['excluded']} Excluded, "
          f"{source['unlisted']} deleted upstream and not listed")


@test("a folder with mistakes is refused with its lines, and so is a day that has passed")
def mistakes():
    try_conf(lambda: write("a", fields="job_title = sometimes"))
    status, output, errors = HOUSE.rollcall("preview", "--config", TRIED, status=None)
    equal(status, 2, "exit status")
    holds(output + errors, "sources.d/a.conf:8: error")
    for day, part in (("2026-11-19", "has passed"), ("tomorrow", "write it like 2026-12-31"),
                      ("2026-02-30", "no date")):
        status, _, errors = HOUSE.rollcall("preview", "a", "--date", day, status=None)
        equal(status, 2, "exit status")
        holds(errors, part)
    equal(HOUSE.rollcall("preview", status=None)[0], 2, "nothing asked for")
    equal(HOUSE.rollcall("preview", "nowhere", status=None)[0], 4, "no such source")


@test("a source that the tried folder brings is previewed before it is in force")
def brought():
    def bring():
        HOUSE.source("c", SANDBOX, "kenjo:c")
    try_conf(bring)
    preview = quiet(lambda: HOUSE.ask("preview", "c", "--config", TRIED))
    equal([(s["source"], s["approved"]) for s in preview["sources"]], [("c", False)], "source")
    check(preview["included"] + preview["excluded"] > 50, "records")


@test("the same state and answers give the same bytes, in whatever order pages come")
def stable():
    try_conf(lambda: write("a", fields="job_title = off"))
    command = ("--json", "preview", "a", "--config", TRIED, "--date", "2026-12-31")
    first_bytes = HOUSE.rollcall(*command)
    equal(HOUSE.rollcall(*command), first_bytes, "bytes")
    for seed in (5, 6):
        SANDBOX.control("POST", "/integrations/shape", shuffle=seed)
        equal(HOUSE.rollcall(*command), first_bytes, f"bytes with shuffle {seed}")
    SANDBOX.control("POST", "/integrations/shape", shuffle=0)


@test("a day to come is what the clock brings, also the days in between")
def day():
    for uid, last in (("soon", "2026-11-24"), ("late", "2026-12-04")):
        SANDBOX.control("POST", "/people/hire", set={
            "work_email": f"{uid}@x.example", "termination_date": last})
    SANDBOX.control("POST", "/people/hire", set={
        "work_email": "starts@x.example", "start_date": "2026-11-28",
        "employment_status": "PENDING"})
    HOUSE.rollcall("sync", "a", "--full")
    before = served()
    preview = quiet(lambda: HOUSE.ask("preview", "--date", "2026-12-03"))
    told_of = {row["uid"]: row for row in preview["changes"]}
    # whoever leaves on the 24th is gone from SCIM as well after five days, and erased
    equal((told_of["soon"]["change"], told_of["soon"]["erased"]), ("leaves", True), "soon")
    equal([p["after"] for p in told_of["starts"]["parts"] if p["what"] == "status"], ["active"],
          "starts")
    check("late" not in told_of, "too early")
    holds(HOUSE.rollcall("preview", "--date", "2026-12-03"), "all values are erased")
    # … and so it comes, night by night
    end = calendar.timegm((2026, 12, 2, 23, 30, 0))
    while WORLD.now() < end:
        WORLD.advance(min(20 * 3600, end - WORLD.now() + 1))
        wait_until(lambda: HOUSE.query("SELECT 1 FROM meta WHERE name = 'tick' AND value > ?",
                                       int((WORLD.now() - 60) * 1e6)), "a tick")
        wait_until(lambda: not HOUSE.query("SELECT 1 FROM person WHERE due <= ?",
                                           int(WORLD.now() * 1e6)), "dates take effect")
    holds_true(preview, before, served())


@test("what the safeguards would hold is told: a run, and a configuration")
def held():
    def strict(body=""):
        HOUSE.source("a", SANDBOX, "sandbox:a", body=body + "[safeguards]\nremovals = 2 0%\n"
                     "out_of_filter = 5 5%\n")

    calm_file = HOUSE.ask("preview", "a")
    equal(calm_file["held"], [], "nothing is held")
    rows = sorted(row["mail"] for row in HOUSE.rows("list") if row["source"] == "a" and
                  row["status"] == "active" and row["mail"])
    try_conf(lambda: strict("[include]\nemployment_type = INTERN\n"))
    preview = quiet(lambda: HOUSE.ask("preview", "a", "--config", TRIED))
    equal([(h["source"], h["approvable"]) for h in preview["held"]][:1], [(None, True)], "reload")
    check("out_of_filter" in [c["class"] for c in preview["held"][0]["classes"]], "class")
    strict()
    HOUSE.reload()
    for mail in rows[10:14]:
        SANDBOX.control("POST", "/people/delete", who=mail)
    preview = quiet(lambda: HOUSE.ask("preview", "a"))
    equal([(h["source"], h["approvable"], [(c["class"], c["number"]) for c in h["classes"]])
           for h in preview["held"]], [("a", True, [("removals", 4)])], "run")
    holds(HOUSE.rollcall("preview", "a"), "The safeguards would hold the run of a (removals: 4 of"
          " at most 2): it waits for rollcall approve")
    HOUSE.rollcall("sync", "a", "--full", status=6)
    HOUSE.rollcall("approve", HOUSE.ask("plans")["plans"][0]["id"])
    equal(HOUSE.ask("preview", "a")["held"], [], "approved and applied")


@test("with the daemon down the command does it all the same")
def down():
    HOUSE.stop()
    preview = HOUSE.ask("preview", "a")
    equal(preview["difference"]["enter"], 0, "enter")


main()
