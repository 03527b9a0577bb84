"""rollcall-sandbox answers as Kombo does: kombo/api.md §1 to §3 and §11."""
import glob
import json
import os
import re
import sys

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib"), os.path.join(SOURCE, "tests/sandbox")]

from tap import Skip, check, equal, main, test       # noqa: E402
from world import World                              # noqa: E402
from client import KEY, Sandbox, fix_clock           # noqa: E402

try:
    import jsonschema
except ImportError:
    jsonschema = None

SCHEMAS = os.path.join(SOURCE, "tests/sandbox/schemas")
LISTINGS = ["employees", "employments", "groups", "legal-entities", "locations"]
INSTANT = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$")

world = World()
fix_clock(world)
sandbox = Sandbox(world,
                  "id=sandbox:main,people=130,seed=7",
                  "id=lucca:three,people=3,seed=2,countries=FR:BE,name=ACME France,"
                  "hide=pending:inactive",
                  "id=personio:fifty,people=50,seed=3,key=other-key",
                  "id=kenjo:sixty,people=60,seed=4")
validators = {}


def validate(name, value):
    if jsonschema is None:
        raise Skip("python3-jsonschema is not installed")
    if name not in validators:
        with open(os.path.join(SCHEMAS, name + ".json"), encoding="utf-8") as stream:
            schema = json.load(stream)
        del schema["$id"]       # relative: it would be looked for on the network
        validators[name] = jsonschema.Draft202012Validator(schema)
    errors = sorted(validators[name].iter_errors(value), key=str)
    if errors:
        raise AssertionError(f"{name}: {errors[0].json_path}: {errors[0].message}")


def refused(answer, status, code):
    equal((answer.status, answer.code), (status, code), "status and code")
    validate("error", answer.json)


def invalid(path, **parameters):
    refused(sandbox.get(path, **parameters), 400, "PLATFORM.INPUT_INVALID")


def validate_everything(integration=None, key=KEY):
    for listing in LISTINGS:
        cursor = {}
        while True:
            answer = sandbox.get("/hris/" + listing, integration, key, page_size=70,
                                 include_deleted="true", **cursor)
            equal(answer.status, 200, listing)
            validate(listing, answer.json)
            if answer.next is None:
                break
            cursor = {"cursor": answer.next}


@test("the shipped examples meet the schemas")
def examples():
    names = sorted(glob.glob(os.path.join(SCHEMAS, "examples", "*.json")))
    check(len(names) >= 15, "examples are missing")
    for path in names:
        name = os.path.basename(path)[:-len(".json")]
        if not os.path.exists(os.path.join(SCHEMAS, name + ".json")):
            name = "webhook-envelope"
        with open(path, encoding="utf-8") as stream:
            validate(name, json.load(stream))


@test("an error in a record does not get past the schemas")
def schemas_bite():
    answer = sandbox.get("/hris/employees", page_size=1).json
    answer["data"]["results"][0]["remote_id"] = None
    try:
        validate("employees", answer)
    except AssertionError:
        return
    raise AssertionError("a null remote_id passed")


@test("every listing of every integration meets the schemas")
def schemas():
    validate_everything()
    validate_everything("lucca:three")
    validate_everything("personio:fifty", "other-key")
    validate_everything("kenjo:sixty")


@test("they do in every shape: sdk, sparse, required, extra, with remote data, shuffled")
def schemas_shapes():
    try:
        for shape in [{"keys": "sdk"}, {"keys": "sparse"}, {"keys": "required"},
                      {"keys": "all", "extra": True}, {"remote_data": True},
                      {"shuffle": 12345}, {"hide_nested": True}]:
            sandbox.control("POST", "/integrations/shape", **shape)
            validate_everything()
    finally:
        sandbox.control("POST", "/integrations/shape", keys="all", extra=False,
                        remote_data=False, shuffle=0, hide_nested=False)


@test("check-api-key, integration details, fields and force-sync meet the schemas")
def schemas_general():
    headers = {"Authorization": f"Bearer {KEY}"}
    validate("check-api-key", sandbox.request("GET", "/v1/check-api-key", headers).json)
    for path, name in [("", "integration-details"), ("/custom-fields", "custom-fields"),
                       ("/integration-fields", "integration-fields")]:
        for integration in ["sandbox%3Amain", "sandbox:main", "lucca%3Athree"]:
            answer = sandbox.request("GET", f"/v1/integrations/{integration}{path}", headers)
            equal(answer.status, 200, path)
            validate(name, answer.json)
    headers["X-Integration-Id"] = "sandbox:main"
    for body, wanted in [('{"type":"DELTA"}', "DELTA"), ("{}", "FULL"), ("", "FULL")]:
        answer = sandbox.request("POST", "/v1/force-sync", headers, body)
        validate("force-sync", answer.json)
        equal(answer.json["data"]["type"], wanted)
    check(answer.json["data"]["already_queued"], "the same type is queued once")
    refused(sandbox.request("POST", "/v1/force-sync", headers, '{"type":"ALL"}'), 400,
            "PLATFORM.INPUT_INVALID")


@test("the listings of fields have pages, too")
def field_pages():
    first = sandbox.get("/integrations/sandbox%3Amain/custom-fields", page_size=4)
    equal(len(first.rows), 4)
    equal(first.json["data"]["next_cursor"], first.next)
    rest = sandbox.get("/integrations/sandbox%3Amain/custom-fields", page_size=4,
                       cursor=first.next)
    equal((len(rest.rows), rest.next), (2, None))
    refused(sandbox.get("/integrations/sandbox%3Amain/custom-fields", page_size=251), 400,
            "PLATFORM.INPUT_INVALID")
    equal(sandbox.get("/integrations/sandbox%3Amain/integration-fields",
                      page_size=2000).status, 200)


@test("without a right key: AUTHENTICATION_INVALID")
def authentication():
    for headers in [{}, {"Authorization": "Bearer wrong"}, {"Authorization": KEY},
                    {"Authorization": f"Basic {KEY}"}, {"Authorization": f"Bearer {KEY}x"}]:
        headers["X-Integration-Id"] = "sandbox:main"
        for path in ["hris/employees", "check-api-key", "integrations/sandbox%3Amain"]:
            refused(sandbox.request("GET", "/v1/" + path, headers), 401,
                    "PLATFORM.AUTHENTICATION_INVALID")


@test("without X-Integration-Id: INPUT_INVALID; with an unknown one: INTEGRATION_NOT_FOUND")
def integration_header():
    headers = {"Authorization": f"Bearer {KEY}"}
    refused(sandbox.request("GET", "/v1/hris/groups", headers), 400,
            "PLATFORM.INPUT_INVALID")
    for path in ["/hris/groups", "/hris/employees"]:
        refused(sandbox.get(path, "sandbox:other"), 404, "PLATFORM.INTEGRATION_NOT_FOUND")
    refused(sandbox.get("/integrations/sandbox%3Aother"), 404,
            "PLATFORM.INTEGRATION_NOT_FOUND")


@test("a key opens the integrations of its own environment alone")
def environments():
    equal(sandbox.get("/hris/groups", "personio:fifty", "other-key").status, 200)
    refused(sandbox.get("/hris/groups", "personio:fifty"), 404,
            "PLATFORM.INTEGRATION_NOT_FOUND")
    refused(sandbox.get("/hris/groups", "sandbox:main", "other-key"), 404,
            "PLATFORM.INTEGRATION_NOT_FOUND")


@test("anything else is 404 in the envelope, with code null")
def not_found():
    for method, path in [("GET", "/v1/hris/absences"), ("GET", "/v1/"), ("GET", "/"),
                         ("GET", "/v1/hris/employees/x"), ("POST", "/v1/hris/employees"),
                         ("DELETE", "/v1/integrations/sandbox%3Amain"), ("GET", "/people"),
                         ("GET", "/v1/integrations/"), ("GET", "/v1/force-sync")]:
        answer = sandbox.request(method, path, {"Authorization": f"Bearer {KEY}"})
        refused(answer, 404, None)


@test("teams is another name of groups")
def teams():
    equal(sandbox.get("/hris/teams").body, sandbox.get("/hris/groups").body)


@test("page_size, booleans, instants and custom_fields that are wrong are refused")
def parameters():
    for size in ["0", "251", "-1", "x", "", "1.5", "1e2", " 5"]:
        invalid("/hris/employees", page_size=size)
    for name in ["include_deleted", "ignore_unsupported_filters"]:
        for value in ["TRUE", "1", "yes", ""]:
            invalid("/hris/groups", **{name: value})
    for value in ["2024", "2024-13-01", "2024-02-30", "2024-01-01T00:00", "yesterday", "",
                  "2024-01-01T00:00:00+00:00", "2024-01-01 00:00:00", "2024-01-01T25:00:00Z",
                  "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00Zz"]:
        invalid("/hris/locations", updated_after=value)
    for value in ["{", "[]", "{}", '{"badge":{"no":1}}', '{"langs":[]}', '"x"', "",
                  '{"nickname":1,"badge":2}', '{"no_such_field":1}']:
        invalid("/hris/employees", custom_fields=value)
    invalid("/hris/employees", employment_statuses="ACTIVE,GONE")
    invalid("/hris/groups", types="DEPARTMENT,department")


@test("instants of the documented syntax, unknown parameters and a lone + are accepted")
def parameters_accepted():
    for value in ["2024-01-01", "2024-01-01Z", "2024-01-01T10:00:00", "2024-01-01T10:00:00Z",
                  "2024-01-01T10:00:00.123456Z", "2024-02-29T23:59:59.9"]:
        equal(sandbox.get("/hris/groups", updated_after=value).status, 200, value)
    equal(sandbox.get("/hris/groups", no_such_parameter="x").status, 200)
    equal(sandbox.get("/hris/groups", name_contains="+").status, 200)


@test("pages: every row once, the size kept, next null at the end; 100 is the default")
def paging():
    total = sandbox.control("GET", "/people")["total"]
    for size in [1, 7, 100, 129, 130, 131, 250]:
        rows = sandbox.all("/hris/employees", page_size=size)
        equal(len({row["id"] for row in rows}), total, f"rows with page_size={size}")
        equal(len(rows), total)
    answer = sandbox.get("/hris/employees", include_deleted="true")
    equal(len(answer.rows), 100)
    check(answer.next is not None)


@test("cursors hold + / and =, and are lost when sent unencoded")
def cursors():
    cursor = sandbox.get("/hris/employees", page_size=10).next
    for character in "+/=":
        check(character in cursor, f"no {character} in {cursor}")
    headers = {"Authorization": f"Bearer {KEY}", "X-Integration-Id": "sandbox:main"}
    refused(sandbox.request("GET", f"/v1/hris/employees?page_size=10&cursor={cursor}",
                            headers), 400, "PLATFORM.INPUT_INVALID")


@test("a cursor is good for its own parameters and model alone")
def cursors_bound():
    cursor = sandbox.get("/hris/employees", page_size=10).next
    equal(sandbox.get("/hris/employees", page_size=10, cursor=cursor).status, 200)
    for other in [{"page_size": 11}, {"page_size": 10, "include_deleted": "true"},
                  {"page_size": 10, "updated_after": "2020-01-01"},
                  {"page_size": 10, "ids": "x"}]:
        invalid("/hris/employees", cursor=cursor, **other)
    invalid("/hris/employments", page_size=10, cursor=cursor)
    for wrong in ["", "x", cursor[:-4], cursor[:10] + "A" + cursor[11:], cursor + "AAAA",
                  "null"]:
        invalid("/hris/employees", page_size=10, cursor=wrong)
    other = sandbox.get("/hris/employees", "kenjo:sixty", page_size=10, cursor=cursor)
    refused(other, 400, "PLATFORM.INPUT_INVALID")


@test("a cursor ends with the generation of the data")
def cursors_renewed():
    cursor = sandbox.get("/hris/employees", page_size=10).next
    sandbox.control("POST", "/integrations/renew")
    invalid("/hris/employees", page_size=10, cursor=cursor)


@test("a full last page can be followed by an empty one")
def empty_tail():
    total = len(sandbox.all("/hris/legal-entities"))
    equal(sandbox.get("/hris/legal-entities", page_size=total).next, None)
    sandbox.control("POST", "/integrations/shape", empty_tail=True)
    first = sandbox.get("/hris/legal-entities", page_size=total)
    check(first.next is not None, "the full page ends the listing")
    last = sandbox.get("/hris/legal-entities", page_size=total, cursor=first.next)
    equal((last.status, last.rows, last.next), (200, [], None))
    equal(sandbox.get("/hris/legal-entities", page_size=total + 1).next, None)
    sandbox.control("POST", "/integrations/shape", empty_tail=False)


@test("ids and remote_ids: any of them, and both at once")
def filter_ids():
    people = list(sandbox.employees().values())
    a, b, c = people[1], people[5], people[9]
    found = sandbox.all("/hris/employees", ids=[a["id"], b["id"], "nobody"])
    equal({row["id"] for row in found}, {a["id"], b["id"]})
    found = sandbox.all("/hris/employees", remote_ids=[b["remote_id"], c["remote_id"]])
    equal({row["id"] for row in found}, {b["id"], c["id"]})
    found = sandbox.all("/hris/employees", ids=[a["id"], b["id"]],
                        remote_ids=[b["remote_id"], c["remote_id"]])
    equal({row["id"] for row in found}, {b["id"]})
    for listing in LISTINGS[1:]:
        rows = sandbox.all("/hris/" + listing)
        found = sandbox.all("/hris/" + listing, ids=[rows[0]["id"], rows[2]["id"]])
        equal(sorted(r["id"] for r in found), sorted(r["id"] for r in (rows[0], rows[2])))
    check(sandbox.all("/hris/employees", ids="") == [], "an empty id is nobody's")


def listed(path, **parameters):
    """Rows that are not deleted: after 14 days there is nothing left to filter by."""
    return sandbox.all(path, include_deleted="false", **parameters)


@test("statuses, groups, legal entities, locations: OR inside, AND between")
def filter_employees():
    people = listed("/hris/employees")

    def expect(wanted, **parameters):
        found = listed("/hris/employees", **parameters)
        equal({r["id"] for r in found}, {r["id"] for r in people if wanted(r)},
              str(parameters))
        check(found, f"nobody has {parameters}")

    expect(lambda r: r["employment_status"] in ("LEAVE", "PENDING"),
           employment_statuses="LEAVE,PENDING")
    expect(lambda r: r["employment_status"] == "ACTIVE", employment_status="ACTIVE")
    groups = [people[0]["groups"][0]["id"], people[20]["groups"][1]["id"]]
    expect(lambda r: {g["id"] for g in r["groups"]} & set(groups), group_ids=groups)
    entities = [people[3]["legal_entity_id"], people[4]["legal_entity_id"]]
    expect(lambda r: r["legal_entity_id"] in entities, legal_entity_ids=entities)
    places = [people[3]["work_location_id"], people[6]["work_location_id"]]
    expect(lambda r: r["work_location_id"] in places, work_location_ids=places)
    expect(lambda r: r["legal_entity_id"] in entities and r["employment_status"] == "ACTIVE",
           legal_entity_ids=entities, employment_statuses="ACTIVE")


@test("e-mails in any letter case; custom_fields by text, number, boolean and null")
def filter_values():
    people = listed("/hris/employees")
    person = next(r for r in people if r["work_email"] and r["personal_email"])
    for name, mail in [("work_emails", person["work_email"]),
                       ("personal_emails", person["personal_email"])]:
        found = listed("/hris/employees", **{name: ["x@y.example", mail.upper()]})
        check(person["id"] in {r["id"] for r in found}, name)
        check(all((r[name[:-1]] or "").lower() == mail.lower() for r in found), name)
    for key, value in [("t_shirt_size", "M"), ("remote_worker", True), ("cost_rate", 1.25),
                       ("nickname", None)]:
        found = listed("/hris/employees", custom_fields=json.dumps({key: value}))
        wanted = {r["id"] for r in people
                  if (r["custom_fields"] or {}).get(key) == value}
        equal({r["id"] for r in found}, wanted, key)
        check(wanted, key)


@test("types, null among them, and name_contains")
def filter_units():
    groups = listed("/hris/groups")
    for types in [["DEPARTMENT"], ["TEAM", "COST_CENTER"], ["null"], ["null", "TEAM"]]:
        found = listed("/hris/groups", types=types)
        wanted = {r["id"] for r in groups if (r["type"] or "null") in types}
        equal({r["id"] for r in found}, wanted, str(types))
        check(found)
    found = listed("/hris/groups", name_contains="ÉQUIPE")
    check(found and all("équipe" in r["name"].lower() for r in found))
    for listing in ["locations", "legal-entities"]:
        row = next(r for r in listed("/hris/" + listing) if r["name"])
        found = listed("/hris/" + listing, name_contains=row["name"][1:])
        check(row["id"] in {r["id"] for r in found}, listing)
    equal(listed("/hris/groups", name_contains="no such name"), [])


@test("a filter on what the tool does not deliver empties the result, unless it is ignored")
def filter_unsupported():
    sandbox.control("POST", "/integrations/field", integration="kenjo:sixty", touch=False,
                    model="hris_employees", field="work_email", coverage="UNSUPPORTED")
    mail = {"work_emails": sandbox.people("kenjo:sixty")[0]["record"]["work_email"]}
    equal(sandbox.all("/hris/employees", "kenjo:sixty", **mail), [])
    found = sandbox.all("/hris/employees", "kenjo:sixty", ignore_unsupported_filters="true",
                        **mail)
    equal(len(found), 60)
    equal({row["work_email"] for row in found}, {None})
    sandbox.control("POST", "/integrations/field", integration="kenjo:sixty", touch=False,
                    model="hris_employees", field="work_email", coverage="SUPPORTED")


def keys_of(schema, *path):
    with open(os.path.join(SCHEMAS, schema + ".json"), encoding="utf-8") as stream:
        part = json.load(stream)
    for step in path:
        part = part[step]
    return part


@test("records have every key of the schemas, down to the nested ones")
def keys():
    row = next(r for r in sandbox.all("/hris/employees")
               if r["manager"] and r["employments"] and r["time_off_balances"]
               and r["home_address"] and r["work_location"] and r["legal_entity"])
    whole = keys_of("employees", "$defs", "employee", "properties")
    equal(set(row), set(whole), "keys of an employee")
    for key in ["manager", "home_address", "work_location", "legal_entity"]:
        equal(set(row[key]), set(whole[key]["properties"]), key)
    for key in ["employments", "time_off_balances", "groups", "teams", "integration_fields"]:
        equal(set(row[key][0]), set(whole[key]["items"]["properties"]), key)
    equal(row["teams"], row["groups"])
    for listing, kind in [("employments", "employment"), ("groups", "group"),
                          ("legal-entities", "legal_entity"), ("locations", "location")]:
        equal(set(sandbox.get("/hris/" + listing).rows[0]),
              set(keys_of(listing, "$defs", kind, "properties")), listing)


@test("shapes: sdk, sparse and required drop what they should, extra adds")
def shapes():
    schema = keys_of("employees", "$defs", "employee")
    optional = set(schema["properties"]) - set(schema["required"])
    sdk = {"teams", "integration_fields", "remote_data"}
    sandbox.control("POST", "/integrations/shape", keys="required")
    equal(set(sandbox.get("/hris/employees").rows[0]), set(schema["required"]))
    sandbox.control("POST", "/integrations/shape", keys="sdk")
    equal(set(sandbox.get("/hris/employees").rows[0]), set(schema["properties"]) - sdk)
    sandbox.control("POST", "/integrations/shape", keys="sparse")
    rows = sandbox.all("/hris/employees")
    for row in rows:
        check(not any(row.get(key, 1) is None for key in optional - sdk), str(row))
    check(any("work_email" not in row for row in rows), "nobody is without work_email")
    sandbox.control("POST", "/integrations/shape", keys="all", extra=True)
    rows = sandbox.all("/hris/employees")
    check(all(set(row) > set(schema["properties"]) for row in rows), "unknown keys")
    known = set(schema["properties"]["gender"]["x-open-enum"]) | {None}
    check({row["gender"] for row in rows} - known, "unknown words")
    sandbox.control("POST", "/integrations/shape", extra=False)


def normal(rows):
    return json.dumps(sorted(rows, key=lambda row: row["id"]), sort_keys=True)


@test("shuffling changes the order of rows and members, and nothing else")
def shuffle():
    plain = sandbox.all("/hris/employees", page_size=40)
    groups = sandbox.all("/hris/groups")
    seen = {json.dumps(plain)}
    for seed in [1, 2, 99]:
        sandbox.control("POST", "/integrations/shape", shuffle=seed)
        rows = sandbox.all("/hris/employees", page_size=40)
        equal(normal(rows), normal(plain), f"rows with seed {seed}")
        check([r["id"] for r in rows] != [r["id"] for r in plain], "same order of rows")
        check(list(rows[0]) != list(plain[0]), "same order of members")
        equal(normal(sandbox.all("/hris/groups")), normal(groups))
        seen.add(json.dumps(rows))
    equal(len(seen), 4, "different orders")
    sandbox.control("POST", "/integrations/shape", shuffle=0)
    equal(json.dumps(sandbox.all("/hris/employees", page_size=40)), json.dumps(plain))


def every_text(value):
    if isinstance(value, dict):
        for part in value.values():
            yield from every_text(part)
    elif isinstance(value, list):
        for part in value:
            yield from every_text(part)
    elif isinstance(value, str):
        yield value


@test("dates have milliseconds and Z; calendar dates are midnight")
def dates():
    looks = re.compile(r"^\d{4}-\d{2}-\d{2}")
    count = 0
    for listing in LISTINGS:
        for row in sandbox.all("/hris/" + listing):
            for text in every_text(row):
                if looks.match(text):
                    check(INSTANT.match(text), text)
                    count += 1
            for key in ["start_date", "termination_date", "date_of_birth",
                        "effective_date"]:
                if row.get(key):
                    check(row[key].endswith("T00:00:00.000Z"), row[key])
    check(count > 1000, f"only {count} dates")


@test("rate-limit headers are on every answer, Date follows the clock")
def headers():
    for path in ["/hris/employees", "/hris/nothing", "/check-api-key"]:
        answer = sandbox.get(path, page_size=1)
        equal(answer.headers["ratelimit-limit"], "300")
        check(0 <= int(answer.headers["ratelimit-remaining"]) <= 300)
        check(1 <= int(answer.headers["ratelimit-reset"]) <= 60)
        check(answer.headers["date"].startswith("Fri, 20 Nov 2026 12:"),
              answer.headers["date"])
        check(answer.headers["content-type"].startswith("application/json"))


@test("gzip is used when the client accepts it, and holds the same")
def gzip():
    plain = sandbox.get("/hris/employees", page_size=50)
    packed = sandbox.get("/hris/employees", page_size=50,
                         headers={"Accept-Encoding": "deflate, gzip"})
    equal(plain.headers.get("content-encoding"), None)
    equal(packed.headers.get("content-encoding"), "gzip")
    check(len(packed.body) * 3 < len(plain.body), "hardly smaller")
    equal(packed.text, plain.body)


@test("every sandbox of these tests ends with status 0")
def ends():
    for process in world.processes:
        if process.running():
            equal(process.stop(), 0, process.text()[-2000:])


main()
