"""rollcall-sandbox changes as Kombo does: kombo/api.md §2.4, §4, §6.2 and §11."""
import os
import sys
import unicodedata

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib"), os.path.join(SOURCE, "tests/sandbox")]

from tap import check, equal, main, test             # noqa: E402
from world import World                              # noqa: E402
from client import Sandbox, fix_clock                # noqa: E402

DAY = 86400

world = World()
fix_clock(world)


def fresh(*integrations, **more):
    """A sandbox of a test's own."""
    return Sandbox(world, *(integrations or ["id=sandbox:a,people=60,seed=5"]), **more)


def updated(sandbox, since, path="/hris/employees", **parameters):
    """Remote ids of the rows updated after an instant."""
    return {row["remote_id"] for row in sandbox.all(path, updated_after=since, **parameters)}


def ordinary(sandbox, count):
    """So many ordinary people with ordinary managers, who manage nobody."""
    people = [p for p in sandbox.people() if p["oddity"] == "" and p["deleted_at"] is None]
    managers = {p["record"]["manager_id"] for p in people}
    found = [p for p in people if p["record"]["id"] not in managers
             and p["record"]["manager"] and p["record"]["work_email"]]
    check(len(found) >= count, "too few ordinary people")
    return found[:count]


@test("nothing is updated after now; everything after a year ago; nobody twice")
def quiet():
    sandbox = fresh()
    since = sandbox.tick()
    for path in ["employees", "employments", "groups", "legal-entities", "locations"]:
        equal(updated(sandbox, since, "/hris/" + path), set(), path)
    equal(len(updated(sandbox, "2019-01-01")), 60)


@test("updated_after splits by changed_at before the first day, too")
def history():
    sandbox = fresh()
    people = sandbox.people()
    exact = people[17]["updated_at"]
    for since in ["2026-06-01T00:00:00.000Z", "2026-10-01T12:34:56.000Z", exact]:
        wanted = {p["record"]["remote_id"] for p in people if p["updated_at"] > since}
        check(0 < len(wanted) < 60, "a date that tells nothing")
        equal(updated(sandbox, since), wanted, since)


@test("a change of own fields: that row and the reports, changed_at of that row alone")
def own_change():
    sandbox = fresh()
    before = sandbox.employees()
    manager = next(p["record"] for p in sandbox.people() if p["index"] == 0)
    reports = {r["remote_id"] for r in before.values() if r["manager_id"] == manager["id"]}
    check(len(reports) > 2)
    since = sandbox.tick()
    sandbox.control("POST", "/people/set", who=0, set={"job_title": "Queen"})
    equal(updated(sandbox, since), reports | {manager["remote_id"]}, "updated")
    after = sandbox.employees()
    moved = {k for k in after if after[k]["changed_at"] != before[k]["changed_at"]}
    equal(moved, {manager["remote_id"]}, "changed_at moved")
    check(after[manager["remote_id"]]["changed_at"] > since)
    equal(updated(sandbox, since, "/hris/employments"), set(), "employments")


@test("every member of a person can be set, and is seen")
def set_members():
    sandbox = fresh()
    who = ordinary(sandbox, 1)[0]["index"]
    texts = {"employee_number": "00001", "first_name": "Ȧ\"\\\n\u0001", "last_name": None,
             "nationality": "x", "display_full_name": "Żółć", "work_email": "a@b.example",
             "personal_email": None, "mobile_phone_number": "1", "ssn": None, "tax_id": "2",
             "gender": "Divers", "ethnicity": "ASIAN", "marital_status": None,
             "employment_status": "Freigestellt", "employment_type": None, "avatar": None,
             "weekly_hours": 12.75, "custom_fields": {"badge": {"no": 1}}, "job_title": ""}
    dates = {"date_of_birth": "1999-12-31", "start_date": "2027-01-01",
             "termination_date": None}
    home = {"city": "Ö", "country": "XX", "raw": "a\nb", "street_1": None}
    answer = sandbox.control("POST", "/people/set", who=who, set={
        **texts, **dates, "home_address": home, "manager_id": {"lost": "77"},
        "work_location_id": "L2", "legal_entity_id": 1, "groups": ["T1", "D2"]})
    row = sandbox.all("/hris/employees", ids=answer["record"]["id"])[0]
    for key, value in texts.items():
        equal(row[key], value, key)
    for key, value in dates.items():
        equal((row[key] or "")[:10], value or "", key)
    equal({k: v for k, v in row["home_address"].items() if v}, {k: v for k, v in home.items()
                                                              if v})
    equal([g["remote_id"] for g in row["groups"]], ["T1", "D2"])
    equal(row["work_location"]["remote_id"], "L2")
    check(row["manager_id"] and row["manager"] is None, "a manager who never comes")
    sandbox.control("POST", "/people/set", 400, who=who, set={"no_such": 1})
    sandbox.control("POST", "/people/set", 400, who=who, set={"first_name": 1})
    sandbox.control("POST", "/people/set", 404, who=9999, set={})


@test("people are found by index, Kombo id, remote id, number and e-mail")
def selectors():
    sandbox = fresh()
    person = ordinary(sandbox, 1)[0]
    row = person["record"]
    for who in [person["index"], row["id"], row["remote_id"], row["employee_number"],
                row["work_email"].upper(), {"index": person["index"]}, {"id": row["id"]},
                {"remote_id": row["remote_id"]}, {"work_email": row["work_email"]},
                {"employee_number": row["employee_number"]}]:
        answer = sandbox.control("POST", "/people/set", who=who, set={})
        equal(answer["index"], person["index"], str(who))
    sandbox.control("POST", "/people/set", 404, who="nobody@x.example", set={})


@test("a renamed or retyped group is updated; its members are not")
def group_change():
    sandbox = fresh()
    before = sandbox.employees()
    since = sandbox.tick()
    sandbox.control("POST", "/groups/set", which="D1",
                    set={"name": "Ümbenannt", "type": "TEAM"})
    equal(updated(sandbox, since), set(), "employees")
    equal(updated(sandbox, since, "/hris/groups"), {"D1"})
    after = sandbox.employees()
    members = [r for r in after.values() if "D1" in [g["remote_id"] for g in r["groups"]]]
    check(members, "nobody is a member")
    for row in members:
        equal([g["name"] for g in row["groups"] if g["remote_id"] == "D1"], ["Ümbenannt"])
        equal(row["changed_at"], before[row["remote_id"]]["changed_at"])


@test("a membership more or less updates the person; changed_at stays")
def membership():
    sandbox = fresh()
    who = ordinary(sandbox, 1)[0]
    since = sandbox.tick()
    sandbox.control("POST", "/people/set", who=who["index"], set={"groups": ["T2"]})
    equal(updated(sandbox, since), {who["record"]["remote_id"]})
    row = sandbox.employees()[who["record"]["remote_id"]]
    equal(row["changed_at"], who["record"]["changed_at"])
    equal([g["remote_id"] for g in row["groups"]], ["T2"])


@test("a deleted group is a membership less for each member")
def group_deleted():
    sandbox = fresh()
    members = {r["remote_id"] for r in sandbox.employees().values()
               if "T1" in [g["remote_id"] for g in r["groups"]]}
    since = sandbox.tick()
    sandbox.control("POST", "/groups/delete", which="T1")
    equal(updated(sandbox, since), members)
    groups = {g["remote_id"]: g for g in sandbox.all("/hris/groups")}
    check(groups["T1"]["remote_deleted_at"] > since)
    check("T1" not in {g["remote_id"] for g in sandbox.all("/hris/groups",
                                                           include_deleted="false")})


@test("a changed legal entity or location updates everybody there, and no changed_at")
def places():
    for path, key, member in [("legal-entities", "E1", "legal_entity"),
                              ("locations", "L1", "work_location")]:
        sandbox = fresh("id=sandbox:a,people=60,seed=5,countries=FR")
        before = sandbox.employees()
        there = {r["remote_id"] for r in before.values()
                 if r[member] and r[member]["remote_id"] == key}
        check(there, f"nobody at {key}")
        since = sandbox.tick()
        sandbox.control("POST", f"/{path}/set", which=key, set={
            "name": "Neu", "address": {"city": "Paris", "raw": "a\nb"}})
        equal(updated(sandbox, since), there, path)
        equal(updated(sandbox, since, "/hris/" + path), {key})
        after = sandbox.employees()
        for remote_id in there:
            equal(after[remote_id]["changed_at"], before[remote_id]["changed_at"])
            equal(after[remote_id][member]["name"], "Neu")


@test("an employment changed, added or deleted updates the person, and itself")
def employments():
    sandbox = fresh()
    person = next(p for p in ordinary(sandbox, 5) if p["record"]["employments"])
    remote_id = person["record"]["remote_id"]
    for place, members in [(0, {"job_title": "Neu"}), (None, {"effective_date": "2027-02-01"}),
                           (0, {"remote_deleted_at": True})]:
        since = sandbox.tick()
        call = {"who": person["index"], "set": members}
        if place is not None:
            call["place"] = place
        sandbox.control("POST", "/people/employment", **call)
        equal(updated(sandbox, since), {remote_id}, str(members))
        rows = sandbox.all("/hris/employments", updated_after=since)
        equal([r["employee_id"] for r in rows], [person["record"]["id"]], str(members))
        row = sandbox.employees()[remote_id]
        equal(row["changed_at"], person["record"]["changed_at"])
    check(row["employments"][0]["remote_deleted_at"] > since)
    equal(row["employments"][-1]["effective_date"], "2027-02-01T00:00:00.000Z")


@test("a time-off balance does as well")
def balances():
    sandbox = fresh()
    for person in ordinary(sandbox, 4):
        since = sandbox.tick()
        sandbox.control("POST", "/people/balance", who=person["index"],
                        set={"balance": 3.5})
        equal(updated(sandbox, since), {person["record"]["remote_id"]})
        row = sandbox.employees()[person["record"]["remote_id"]]
        equal(row["time_off_balances"][0]["balance"], 3.5)
        equal(row["changed_at"], person["record"]["changed_at"])


@test("a hire is a new row, here and among the employments, with the given members")
def hire():
    sandbox = fresh()
    since = sandbox.tick()
    answer = sandbox.control("POST", "/people/hire", set={
        "first_name": "Neue", "start_date": "2026-12-01", "employment_status": "PENDING"})
    equal(answer["index"], 60)
    remote_id = answer["record"]["remote_id"]
    equal(updated(sandbox, since), {remote_id})
    row = sandbox.employees()[remote_id]
    equal((row["first_name"], row["start_date"][:10], row["employment_status"]),
          ("Neue", "2026-12-01", "PENDING"))
    check(row["work_email"], "the rest is generated")
    equal(len(sandbox.employees()), 61)


@test("leaving: INACTIVE at once when the last day is past, else a date to come")
def leave():
    sandbox = fresh()
    a, b = [p["index"] for p in ordinary(sandbox, 2)]
    sandbox.control("POST", "/people/leave", who=a, date="2026-11-19")
    row = sandbox.control("POST", "/people/leave", who=b, date="2026-12-24")["record"]
    equal((row["employment_status"], row["termination_date"][:10]), ("ACTIVE", "2026-12-24"))
    row = sandbox.control("POST", "/people/set", who=a, set={})["record"]
    equal((row["employment_status"], row["termination_date"][:10]),
          ("INACTIVE", "2026-11-19"))
    sandbox.tick(40 * DAY)
    check(sandbox.control("POST", "/people/settle")["changed"] >= 1)
    row = sandbox.control("POST", "/people/set", who=b, set={})["record"]
    equal(row["employment_status"], "INACTIVE", "statuses follow the dates")


@test("deleted rows are hidden, shown on request, and come back under the same id")
def deletion():
    sandbox = fresh()
    person = ordinary(sandbox, 1)[0]
    remote_id = person["record"]["remote_id"]
    since = sandbox.tick()
    sandbox.control("POST", "/people/delete", who=person["index"])
    check(remote_id not in sandbox.employees(include_deleted="false"))
    row = sandbox.employees()[remote_id]
    check(row["remote_deleted_at"] > since)
    equal(row["first_name"], person["record"]["first_name"])
    equal(updated(sandbox, since), {remote_id})
    equal(updated(sandbox, since, include_deleted="false"), set())
    gone = sandbox.all("/hris/employments", updated_after=since)
    check(gone and all(r["remote_deleted_at"] > since for r in gone), "its employments")
    sandbox.control("POST", "/people/undelete", who=person["index"])
    row = sandbox.employees(include_deleted="false")[remote_id]
    equal((row["id"], row["remote_deleted_at"]), (person["record"]["id"], None))


@test("14 days later all is null but the id and two instants, in each of the modes")
def anonymise():
    stamps = {"id", "changed_at", "remote_deleted_at"}
    for mode, firm in [("quiet", False), ("quiet", True), ("bump", False), ("remove", False),
                       ("off", False)]:
        sandbox = fresh()
        sandbox.control("POST", "/integrations/anonymise", mode=mode, firm=firm)
        person = ordinary(sandbox, 1)[0]
        sandbox.control("POST", "/people/delete", who=person["index"])
        since = sandbox.tick(13 * DAY)
        since = sandbox.tick(2 * DAY)
        rows = [r for r in sandbox.all("/hris/employees") if r["id"] == person["record"]["id"]]
        equal(len(rows), 0 if mode == "remove" else 1, mode)
        returned = person["record"]["remote_id"] in updated(sandbox, since)
        equal(returned, mode == "bump", f"{mode}: returned again")
        if rows and mode != "off":
            kept = stamps if firm else stamps | {"remote_id"}
            left = {k for k, v in rows[0].items() if v not in (None, [])}
            equal(left, kept, f"{mode}, firm={firm}")
        if mode == "off":
            equal(rows[0]["last_name"], person["record"]["last_name"])


@test("re-created in the HR system: a deleted row, and a new one with other ids")
def recreate_person():
    sandbox = fresh()
    person = ordinary(sandbox, 1)[0]
    since = sandbox.tick()
    new = sandbox.control("POST", "/people/recreate", who=person["index"])["record"]
    check(new["remote_id"] != person["record"]["remote_id"] and
          new["id"] != person["record"]["id"])
    equal(new["work_email"], person["record"]["work_email"])
    equal(updated(sandbox, since), {new["remote_id"], person["record"]["remote_id"]})
    check(sandbox.employees()[person["record"]["remote_id"]]["remote_deleted_at"])


@test("a re-created integration: all Kombo ids change, remote ids stay, the old id is gone")
def recreate_integration():
    sandbox = fresh()
    before = sandbox.employees()
    sandbox.control("POST", "/integrations/recreate", id="sandbox:b")
    answer = sandbox.get("/hris/employees")
    equal((answer.status, answer.code), (404, "PLATFORM.INTEGRATION_NOT_FOUND"))
    after = sandbox.employees(integration="sandbox:b")
    equal(set(after), set(before))
    for remote_id, row in after.items():
        check(row["id"] != before[remote_id]["id"])
        equal(row["manager_id"] is None, before[remote_id]["manager_id"] is None)
    ids = {row["id"] for row in after.values()}
    check(sum(row["manager_id"] in ids for row in after.values()) > 40, "references hold")


@test("after a restart all bytes are the same; with another seed they are not")
def restart():
    def pages(sandbox):
        return [sandbox.get("/hris/" + path, page_size=250, include_deleted="true").body
                for path in ["employees", "employments", "groups", "legal-entities",
                             "locations"]]
    spec = "id=sandbox:a,people=200,seed=11"
    first = pages(fresh(spec))
    equal(pages(fresh(spec)), first, "a second run")
    check(pages(fresh("id=sandbox:a,people=200,seed=12"))[0] != first[0], "another seed")


@test("life: what models answer and what the details say, in each state")
def life():
    sandbox = fresh()

    def expect(state, status, code, api_status, setup, **more):
        sandbox.control("POST", "/integrations/life", state=state, **more)
        answer = sandbox.get("/hris/groups")
        got = answer.json.get("error", {}).get("code")
        equal((answer.status, got), (status, code), state)
        details = sandbox.get("/integrations/sandbox%3Aa").json["data"]
        equal((details["status"], details["setup_status"]), (api_status, setup), state)
        return answer

    expect("SETUP_INCOMPLETE", 409, "INTEGRATION.SETUP_INCOMPLETE", "ACTIVE", "INCOMPLETE")
    expect("SETUP_SYNC_PENDING", 409, "INTEGRATION.SETUP_SYNC_PENDING", "ACTIVE",
           "FINAL_SYNC_PENDING")
    answer = expect("SETUP_SYNC_PENDING", 503, None, "ACTIVE", "FINAL_SYNC_PENDING",
                    legacy=True)
    equal(set(answer.json["error"]), {"message"}, "the old envelope")
    expect("QA_FAILED", 409, "INTEGRATION.QA_FAILED", "ACTIVE", "COMPLETED")
    expect("INVALID", 200, None, "INVALID", "COMPLETED")
    expect("INVALID", 401, "INTEGRATION.AUTHENTICATION_INVALID", "INVALID", "COMPLETED",
           reads="error")
    expect("INACTIVE", 409, "INTEGRATION.INACTIVE", "INACTIVE", "COMPLETED")
    answer = expect("ACTIVE", 200, None, "ACTIVE", "COMPLETED", reads="empty")
    equal(answer.rows, [], "an empty answer")
    sandbox.control("POST", "/integrations/life", state="DELETED")
    for path in ["/hris/groups", "/integrations/sandbox%3Aa"]:
        equal(sandbox.get(path).code, "PLATFORM.INTEGRATION_NOT_FOUND")
    expect("ACTIVE", 200, None, "ACTIVE", "COMPLETED")


@test("data_expired_at is set and cleared")
def expired():
    sandbox = fresh()
    for wanted in [True, False]:
        sandbox.control("POST", "/integrations/expire", expired=wanted)
        data = sandbox.get("/integrations/sandbox%3Aa").json["data"]
        equal(data["data_expired_at"] is not None, wanted)


@test("a field switched off is null in all records, and the details say so")
def field_off():
    sandbox = fresh()

    def availability(model, field):
        data = sandbox.get("/integrations/sandbox%3Aa").json["data"]
        found = next(m for m in data["read_models"] if m["id"] == model)
        return next(f for f in found["fields"] if f["id"] == field)

    check(availability("hris_employees", "job_title")["is_available"])
    since = sandbox.tick()
    for change, key in [({"setting": "DISABLED"}, "scope_config_setting"),
                        ({"coverage": "UNSUPPORTED"}, "coverage_status"),
                        ({"opted_out": True, "setting": "OPTIONAL"}, "opted_out_by_customer")]:
        sandbox.control("POST", "/integrations/field", model="hris_employees",
                        field="job_title", **change)
        found = availability("hris_employees", "job_title")
        equal((found["is_available"], found[key]), (False, list(change.values())[0]))
        equal({r["job_title"] for r in sandbox.all("/hris/employees")}, {None})
        sandbox.control("POST", "/integrations/field", model="hris_employees",
                        field="job_title", setting="ENABLED", coverage="SUPPORTED",
                        opted_out=False)
    equal(len(updated(sandbox, since)), 60, "the next sync touched all records")
    check(len({r["job_title"] for r in sandbox.all("/hris/employees")}) > 5, "back again")
    sandbox.control("POST", "/integrations/field", model="hris_employees",
                    field="manager_id", setting="DISABLED")
    equal({str(r["manager"]) for r in sandbox.all("/hris/employees")}, {"None"})


@test("a model switched off, or unknown to the tool")
def model_off():
    sandbox = fresh()
    for change, code in [({"setting": "DISABLED"}, "INTEGRATION.MODEL_DISABLED"),
                         ({"coverage": "NOT_IMPLEMENTED"},
                          "INTEGRATION.MODEL_NOT_AVAILABLE")]:
        sandbox.control("POST", "/integrations/model", model="hris_teams", **change)
        answer = sandbox.get("/hris/groups")
        equal((answer.status, answer.code), (400, code))
        equal({str(r["groups"]) for r in sandbox.all("/hris/employees")}, {"[]"})
        sandbox.control("POST", "/integrations/model", model="hris_teams",
                        setting="ENABLED", coverage="SUPPORTED")


@test("limited credentials: some statuses never come, and who gets one vanishes as deleted")
def limits():
    sandbox = fresh("id=lucca:a,people=60,seed=5,hide=pending:inactive")
    statuses = {r["employment_status"] for r in sandbox.all("/hris/employees")}
    check(not statuses & {"PENDING", "INACTIVE"}, str(statuses))
    person = ordinary(sandbox, 1)[0]
    since = sandbox.tick()
    sandbox.control("POST", "/people/leave", who=person["index"], date="2026-11-01")
    remote_id = person["record"]["remote_id"]
    check(remote_id not in sandbox.employees(include_deleted="false"))
    check(sandbox.employees()[remote_id]["remote_deleted_at"] > since)
    equal(updated(sandbox, since), {remote_id})
    hired = sandbox.control("POST", "/people/hire", set={"employment_status": "PENDING"})
    check(hired["record"]["remote_id"] not in sandbox.employees(), "a future starter")
    sandbox = fresh()
    hidden = {r["remote_id"] for r in sandbox.all("/hris/employees")
              if r["employment_status"] == "INACTIVE" and not r["remote_deleted_at"]}
    since = sandbox.tick()
    sandbox.control("POST", "/integrations/limits", inactive=True)
    rows = sandbox.employees()
    equal({k for k, r in rows.items() if (r["remote_deleted_at"] or "") > since}, hidden)
    check(hidden <= updated(sandbox, since))


@test("tools lack what their connectors lack")
def tools():
    sandbox = fresh("id=lucca:a,people=60", "id=personio:b,people=60", "id=kenjo:c,people=60",
                    "id=sdworx:d,people=60")

    def values(integration, path, key):
        return {str(row[key]) for row in sandbox.all("/hris/" + path, integration)}

    for key in ["weekly_hours", "tax_id", "ethnicity", "marital_status", "employment_type"]:
        equal(values("lucca:a", "employees", key), {"None"}, key)
    equal(values("lucca:a", "locations", "address"), {"None"})
    check(values("lucca:a", "legal-entities", "address") != {"None"})
    equal(values("personio:b", "legal-entities", "address"), {"None"})
    equal(values("personio:b", "employees", "mobile_phone_number"), {"None"})
    check("COST_CENTER" not in values("kenjo:c", "groups", "type"))
    equal(values("kenjo:c", "employees", "employee_number"), {"None"})
    check("PENDING" not in values("sdworx:d", "employees", "employment_status"))


def names_of(rows):
    return " ".join((r["first_name"] or "") + " " + (r["last_name"] or "") for r in rows)


@test("oddities: all of them from 50 people on")
def oddities():
    for seed in [1, 2, 3]:
        sandbox = fresh(f"id=sandbox:a,people=50,seed={seed}")
        people = sandbox.people()
        rows = {p["oddity"]: p["record"] for p in people}
        ids = {p["record"]["id"]: p["record"] for p in people}
        check(rows["PENDING"]["start_date"] > "2026-11-20" and
              rows["LEFT"]["termination_date"] < "2026-11-20" and
              rows["LEAVING"]["termination_date"] > "2026-11-20", "dates")
        equal([rows[o]["employment_status"] for o in
               ["PENDING", "LEFT", "LEAVING", "AWAY", "WORDED_STATUS", "NO_STATUS"]],
              ["PENDING", "INACTIVE", "ACTIVE", "LEAVE", "Freigestellt", None])
        equal((rows["NO_NAMES"]["first_name"], rows["NO_NAMES"]["last_name"],
               rows["NO_MAIL"]["work_email"], rows["NO_NUMBER"]["employee_number"]),
              (None, None, None, None))
        equal(rows["RETURNED_THEN"]["work_email"], rows["RETURNED_NOW"]["work_email"])
        check(rows["RETURNED_NOW"]["employee_number"] !=
              rows["RETURNED_THEN"]["employee_number"])
        one, other = rows["LOOP_ONE"], rows["LOOP_OTHER"]
        equal((one["manager_id"], other["manager_id"]), (other["id"], one["id"]), "loop")
        equal(rows["SELF_MANAGED"]["manager_id"], rows["SELF_MANAGED"]["id"])
        check(rows["LOST_MANAGER"]["manager_id"] not in ids)
        equal(ids[rows["LEFT_MANAGER"]["manager_id"]]["employment_status"], "INACTIVE")
        check(len(names_of([rows["LONG_NAME"]])) > 200)
        check(rows["FUTURE_CONTRACT"]["employments"][-1]["effective_date"] > "2026-11-20")
        check(rows["DELETED_CONTRACT"]["employments"][0]["remote_deleted_at"])
        equal(rows["TYPE_IN_CONTRACT"]["employment_type"], None)
        equal(rows["NO_CONTRACT"]["employments"], [])
        deleted = [p for p in people if p["deleted_at"]]
        equal({p["oddity"] for p in deleted}, {"DELETED", "DELETED_LONG_AGO"})
        groups = {g["id"]: g for g in sandbox.all("/hris/groups")}
        check(set(groups) & set(ids), "no id that a group and an employee share")
        check(any(g["parent_id"] and g["parent_id"] not in groups for g in groups.values()),
              "no dangling parent")
        check(any(g["parent_id"] in groups and groups[g["parent_id"]]["parent_id"] == g["id"]
                  for g in groups.values()), "no cycle")


@test("three people are ordinary, and one manages two")
def three():
    rows = fresh("id=sandbox:a,people=3,seed=9").all("/hris/employees")
    equal({r["employment_status"] for r in rows}, {"ACTIVE"})
    equal([r["manager_id"] for r in rows], [None, rows[0]["id"], rows[0]["id"]])
    equal(len({r["work_email"] for r in rows} - {None}), 3)
    check(all(r["first_name"] and r["last_name"] and r["employments"] for r in rows))


@test("many scripts; combining and precomposed forms; e-mails of ordinary people unique")
def names():
    rows = fresh("id=sandbox:a,people=3000,seed=3").all("/hris/employees")
    text = names_of(rows)
    scripts = {unicodedata.name(c, "?").split()[0] for c in text if c.isalpha()}
    for script in ["LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW", "CJK", "HIRAGANA",
                   "HANGUL", "DEVANAGARI"]:
        check(script in scripts, script)
    check(any(unicodedata.combining(c) for c in text), "no combining marks")
    check("'" in text and "’" in text and "-" in text, "no apostrophes or hyphens")
    mails = [r["work_email"].lower() for r in rows if r["work_email"]]
    twice = len(mails) - len(set(mails))
    check(0 < twice < 30, f"{twice} e-mails are somebody else's, too")
    check(all(m.isascii() and m.endswith(".example") for m in mails))
    raw = [r["home_address"]["raw"] for r in rows if r["home_address"]]
    check(all(a.count("\n") == 2 for a in raw))


@test("every sandbox of these tests ends with status 0")
def ends():
    for process in world.processes:
        if process.running():
            equal(process.stop(), 0, process.text()[-2000:])


main()
