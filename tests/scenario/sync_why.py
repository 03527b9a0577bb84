"""Why somebody is missing: every reason there is, in preview and in why, and the chain from Kombo
to the views."""
import json
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import check, equal, holds, lacks, main, test      # noqa: E402
from world import World                                     # noqa: E402

WORLD = World()
fix_clock(WORLD)
SANDBOX = Sandbox(WORLD, "id=sandbox:a,people=10,seed=3", "id=sandbox:b,people=10,seed=4")
HOUSE = House(WORLD, main="[sync]\ninterval = 30d\nfull_interval = 30d\n")
UNITS = {"legal-entities": ("Alpha", "Beta", "Bad SA"), "locations": ("Paris", "Lyon", "Bad Bay"),
         "groups": ("Core", "Edge", "Bad Band")}
FILTERS = """[include]
legal_entity = Alpha
legal_entity = Bad SA
employment_type = FULL_TIME
employment_type = FREELANCE
location = Paris
location = Bad Bay
group = Core
group = Bad Band
[exclude]
legal_entity = Bad SA
employment_type = FREELANCE
location = Bad Bay
group = Bad Band
[hide]
employee_number = 4711
"""
# Each person is an ordinary one but for what is said here, and so are the reasons.
PEOPLE = {
    "plain": ({}, []),
    "entity": ({"legal_entity_id": "Beta"}, ["filter.legal_entity"]),
    "type": ({"employment_type": "PART_TIME"}, ["filter.employment_type"]),
    "group": ({"groups": ["Edge"]}, ["filter.group"]),
    "nogroup": ({"groups": []}, ["filter.group"]),
    "place": ({"work_location_id": "Lyon"}, ["filter.location"]),
    "all": ({"legal_entity_id": None, "employment_type": "TRAINING", "groups": [],
             "work_location_id": None}, ["filter.legal_entity", "filter.employment_type",
                                         "filter.group", "filter.location"]),
    "badentity": ({"legal_entity_id": "Bad SA"}, ["exclude.legal_entity"]),
    "badtype": ({"employment_type": "FREELANCE"}, ["exclude.employment_type"]),
    "badgroup": ({"groups": ["Core", "Bad Band"]}, ["exclude.group"]),
    "badplace": ({"work_location_id": "Bad Bay"}, ["exclude.location"]),
    "hidden": ({"employee_number": "4711"}, ["hidden"]),
    "nameless": ({"first_name": None, "last_name": None, "display_full_name": None},
                 ["missing.last_name"]),
    "gone": ({}, []),
    "left": ({"employment_status": "INACTIVE", "termination_date": "2026-11-19"}, ["departed"]),
    "manual": ({"employment_status": "PENDING", "start_date": "2026-12-01"}, ["not-released"]),
    "both": ({"employment_status": "PENDING", "start_date": "2026-12-01",
              "legal_entity_id": "Beta"}, ["filter.legal_entity", "not-released"]),
    "one": ({"work_email": "same@a.example"}, []),
    "other": ({"work_email": "same@a.example"}, ["duplicate-email"]),
}
LINES = {"filter.legal_entity": ("legal_entity = Alpha", "legal_entity = Bad SA"),
         "exclude.group": ("[exclude] group = Bad Band",), "hidden": ("employee_number = 4711",),
         "not-released": ("release = manual",)}
RECORDS = {}


def hire(name, members, integration="sandbox:a"):
    members = {"first_name": "Test", "last_name": name, "display_full_name": None,
               "work_email": f"{name}@a.example", "employee_number": f"n-{name}",
               "employment_status": "ACTIVE", "employment_type": "FULL_TIME",
               "start_date": "2020-01-01", "legal_entity_id": "Alpha",
               "work_location_id": "Paris", "groups": ["Core"], "manager_id": None, **members}
    answer = SANDBOX.control("POST", "/people/hire", integration=integration, set=members)
    RECORDS[name] = answer["record"]["id"]
    return answer["record"]["id"]


def change(name, **members):
    SANDBOX.control("POST", "/people/set", integration="sandbox:a", who=RECORDS[name], set=members)


def lines(code):
    """The places in the file of the settings that stand behind a reason."""
    with open(os.path.join(HOUSE.conf, "sources.d", "a.conf"), encoding="utf-8") as stream:
        content = stream.read().splitlines()
    found = []
    for text in LINES[code]:
        section, _, setting = text.rpartition("] ")
        start = content.index(section + "]") if section else 0
        found.append(f"sources.d/a.conf:{content.index(setting, start) + 1}")
    return found


def codes(row):
    return [reason["code"] for reason in row["reasons"]]


def previewed():
    return {row["record"]: row for row in HOUSE.rows("preview", "a")}


def broken(answer):
    return answer["broken"], [link["link"] for link in answer["chain"] if not link["holds"]]


@test("preview gives each record exactly its reasons, each with the lines behind it")
def every():
    for path, names in UNITS.items():
        for name in names:
            kind = {"type": "TEAM"} if path == "groups" else {}
            SANDBOX.control("POST", f"/{path}/add", integration="sandbox:a",
                            remote_id=f"{path}-{name}", set={"name": name, **kind})
    HOUSE.source("a", SANDBOX, "sandbox:a", body=FILTERS + "[lifecycle]\nrelease = manual\n",
                 fields="termination_date = import-once")
    HOUSE.source("b", SANDBOX, "sandbox:b", body="[lifecycle]\nrelease = start-date\n")
    for name, (members, _) in PEOPLE.items():
        hire(name, members)
    HOUSE.start()
    rows = previewed()
    for name, (_, wanted) in PEOPLE.items():
        row = rows[RECORDS[name]]
        equal(codes(row), wanted, name)
        equal(row["verdict"], "Excluded" if wanted else "Included", name)
        for reason in row["reasons"]:
            check(reason["text"] and reason["advice"], f"{name}: nothing to do is said")
            if reason["code"] in LINES:
                equal(reason["lines"], lines(reason["code"]), reason["code"])
    HOUSE.rollcall("source", "approve", "a")
    listed = {row["record"]: row["reasons"].split() for row in HOUSE.rows("list", "--excluded")}
    for name, (_, wanted) in PEOPLE.items():
        equal(listed.get(RECORDS[name], []), wanted, name)


@test("who is served has a chain without a fault, to the DN and the SCIM id")
def whole():
    answer = HOUSE.ask("why", "plain")
    equal(broken(answer), (None, []), "chain")
    links = {link["link"]: link["text"] for link in answer["chain"]}
    equal(list(links), ["kombo", "source", "filter", "values", "identity", "dates", "release",
                        "hidden", "view ldap", "view scim"], "links")
    holds(links["view ldap"], "uid=plain,ou=people,dc=example,dc=com")
    holds(links["view scim"], answer["person"]["id"])
    holds(HOUSE.rollcall("why", "plain"), "Every link holds.")


@test("why names the first link that does not hold, and what to do")
def links():
    for name, link in (("hidden", "hidden"), ("manual", "release")):
        answer = HOUSE.ask("why", name)
        equal(answer["broken"], link, name)
        bad = next(one for one in answer["chain"] if not one["holds"])
        check(bad["advice"], "no advice")
        text = HOUSE.rollcall("why", name)
        holds(text, f'The first link that does not hold is "{link}".')
        holds(text, "what to do: ")
        holds(text, "sources.d/a.conf:")


@test("of an excluded record its id and codes alone are known; --live shows the whole of it")
def excluded():
    answer = HOUSE.ask("why", RECORDS["entity"])
    equal((answer["person"], codes(answer["records"][0])), (None, ["filter.legal_entity"]), "kept")
    equal(answer["broken"], "values", "broken")
    status, _, errors = HOUSE.rollcall("why", "Test entity", status=None)
    equal(status, 4, "by name, stored")
    holds(errors, "--live")
    content = HOUSE.bytes()
    for text in ("Test entity", "entity@a.example", "n-entity", RECORDS["entity"]):
        answer = HOUSE.ask("why", text, "--live")
        equal(codes(answer["records"][0]), ["filter.legal_entity"], text)
        equal(answer["records"][0]["reasons"][0]["lines"], lines("filter.legal_entity"),
              "lines")
        equal((answer["broken"], answer["live"]), ("filter", True), text)
    lacks(content, b"entity@a.example")
    lacks(HOUSE.bytes(), b"entity@a.example")
    lacks(HOUSE.daemon.text(), "entity@a.example")


@test("nobody like that at Kombo: not-retrieved, with the possible causes and status 4")
def unknown():
    answer = HOUSE.ask("why", "who.ever@a.example", "--live", status=4)
    equal((answer["reason"], answer["broken"]), ("not-retrieved", "kombo"), "reason")
    holds(str(answer["causes"]), "view future employees")
    status, output, _ = HOUSE.rollcall("why", "who.ever@a.example", "--live", status=None)
    equal(status, 4, "status")
    holds(output, "possible cause: ")


@test("a source that is not approved is looked at too, and named as what is in the way")
def unapproved():
    someone = SANDBOX.people("sandbox:b")[3]["record"]
    answer = HOUSE.ask("why", someone["work_email"], "--live")
    equal(answer["broken"], "source", "broken")
    holds(str(answer["chain"]), "rollcall source approve b")


@test("a manager is shown by name and uid, also one who is not served")
def manager():
    for name, boss in (("clerk", "plain"), ("hidee", "hidden"), ("lost", {"lost": "nobody"}),
                       ("outer", "entity")):
        hire(name, {"manager_id": RECORDS.get(boss, boss) if isinstance(boss, str) else boss})
    HOUSE.rollcall("sync", "a")

    def field(uid):
        fields = HOUSE.ask("why", uid)["person"]["fields"]
        return next((f["served"], f["hr"]) for f in fields if f["field"] == "manager")
    equal(field("clerk"), ("Test plain (plain)", "Test plain (plain)"), "clerk")
    equal(field("hidee"), (None, "hidden, who is not served: hidden"), "hidee")
    holds(field("outer")[1], "Excluded: filter.legal_entity")
    holds(field("lost")[1], "not among the records")


@test("an end date that was taken once does not follow: --offboarding says so, with the line")
def offboarding():
    change("plain", termination_date="2026-12-24")
    HOUSE.rollcall("sync", "a")
    answer = HOUSE.ask("why", "plain", "--offboarding")["offboarding"]
    equal((answer["hr"], answer["served"], answer["drifts"]), ("2026-12-24", None, True), "dates")
    holds(answer["text"], "import-once (sources.d/a.conf:8)")
    holds(HOUSE.rollcall("why", "plain", "--offboarding"), "termination_date = continuous")
    HOUSE.rollcall("reset", "plain", "termination_date")
    answer = HOUSE.ask("why", "plain", "--offboarding")["offboarding"]
    equal((answer["drifts"], answer["leaves_on"], answer["zone"]),
          (False, "2026-12-25", "Europe/Paris"), "after the reset")
    holds(answer["text"], "leaves when 2026-12-25 begins in Europe/Paris")


@test("--onboarding tells of the start date, the policy and where to look")
def onboarding():
    answer = HOUSE.ask("why", "manual", "--onboarding")["onboarding"]
    equal((answer["hr"], answer["release"], answer["status_hr"]),
          ("2026-12-01", "manual", "PENDING"), "onboarding")
    holds(answer["text"], "is not served yet")
    holds(HOUSE.ask("why", "clerk", "--onboarding")["onboarding"]["text"], "rollcall list")


@test("the reasons that come with time: released by date, ignored, gone, disabled")
def later():
    HOUSE.rollcall("ignore-onboarding", "manual")
    equal(codes(HOUSE.ask("why", "manual")["records"][0]), ["onboarding-ignored", "not-released"],
          "ignored")
    SANDBOX.control("POST", "/people/hire", integration="sandbox:b", set={
        "work_email": "dated@b.example", "employment_status": "PENDING",
        "start_date": "2026-12-01"})
    HOUSE.rollcall("source", "approve", "b")
    equal(codes(HOUSE.ask("why", "dated")["records"][0]), ["before-release-date"], "dated")
    SANDBOX.control("POST", "/people/delete", integration="sandbox:a", who=RECORDS["gone"])
    HOUSE.rollcall("sync", "a")
    answer = HOUSE.ask("why", "gone")
    equal((codes(answer["records"][0]), answer["broken"]), (["gone-upstream"], "kombo"), "gone")
    equal(codes(HOUSE.ask("why", "gone", "--live", status=4)["records"][0]), ["gone-upstream"],
          "gone, live")
    HOUSE.rollcall("source", "disable", "b")
    equal(codes(HOUSE.ask("why", "dated")["records"][0]),
          ["before-release-date", "source-disabled"], "why")
    row = next(row for row in HOUSE.rows("preview", "b") if row["mail"] == "dated@b.example")
    equal(codes(row), ["before-release-date", "source-disabled"], "preview")
    row = next(row for row in HOUSE.rows("list", "--excluded") if row["uid"] == "dated")
    equal(row["reasons"], "before-release-date source-disabled", "list")
    HOUSE.rollcall("source", "enable", "b")


def spoiled(**dates):
    """The answer of all employees, with dates of some that nobody can read."""
    page = SANDBOX.get("/hris/employees", "sandbox:a", page_size=250,
                       include_deleted="true").json
    for row in page["data"]["results"]:
        for name, field in dates.items():
            if row["id"] == RECORDS[name]:
                row[field] = "soon"
    SANDBOX.control_raw("POST", "/failures", {
        "kind": "body", "path": "/v1/hris/employees", "integration": "sandbox:a",
        "text": json.dumps(page), "content_type": "application/json"}, 200)


@test("dates that cannot be read: a new record is out, a known one keeps what it had")
def invalid():
    for name in ("badstart", "badend"):
        hire(name, {})
    spoiled(badstart="start_date", badend="termination_date", plain="start_date")
    rows = previewed()
    equal([codes(rows[RECORDS[name]]) for name in ("badstart", "badend", "plain")],
          [["invalid.start_date"], ["invalid.termination_date"], []], "reasons")
    holds(rows[RECORDS["plain"]]["conditions"], "invalid-value")


@test("two records of one person, and two people with one number")
def records():
    hire("twice", {"start_date": "2026-01-01"})
    HOUSE.rollcall("sync", "a")
    hire("again", {"last_name": "twice", "employee_number": "n-twice", "work_email": None,
                   "start_date": "2026-02-01"})
    hire("stranger", {"employee_number": "n-twice", "last_name": "Stranger"})
    rows = previewed()
    equal(sorted(sum((codes(rows[RECORDS[n]]) for n in ("twice", "again", "stranger")), [])),
          ["ambiguous-match", "superseded"], "reasons")


@test("who was erased and may not return is erased, and nothing else")
def erased():
    HOUSE.rollcall("erase", "outer")
    HOUSE.rollcall("sync", "a", "--full")
    equal(codes(previewed()[RECORDS["outer"]]), ["erased"], "preview")
    equal(codes(HOUSE.ask("why", RECORDS["outer"], "--live")["records"][0]), ["erased"], "live")


@test("what a safeguard holds is said of all whom it keeps out, and of the source")
def held():
    for name in ("one", "clerk", "hidee", "lost", "plain"):
        SANDBOX.control("POST", "/people/delete", integration="sandbox:a", who=RECORDS[name])
    equal(HOUSE.rollcall("sync", "a", "--full", status=None)[0], 6, "the run is held")
    equal(codes(HOUSE.ask("why", "manual")["records"][0]),
          ["onboarding-ignored", "not-released", "held"], "why")
    answer = HOUSE.ask("why", "plain")
    equal((answer["broken"], codes(answer["records"][0])), ("source", []), "who is served stays")
    holds(str(answer["chain"]), "rollcall plans")
    equal(codes(previewed()[RECORDS["entity"]]), ["filter.legal_entity", "held"], "preview")
    row = next(row for row in HOUSE.rows("list", "--excluded", "--reason-code", "held")
               if row["record"] == RECORDS["entity"])
    equal(row["reasons"], "filter.legal_entity held", "list")


main()
