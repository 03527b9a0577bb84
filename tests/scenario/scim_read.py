"""Reading over SCIM: resources, lists and pages, attributes, versions, discovery, and what is
refused (RFC 7643, RFC 7644; scim/facts.md §3.1 to §3.6)."""
import json
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "../lib"), os.path.dirname(__file__)]
from scim_tools import (CORE, ENTERPRISE, GROUP, ROLLCALL, TYPE, USER, Checker,  # noqa: E402
                        Scim, told)
from tap import check, equal, main, test                                         # noqa: E402
from world import World                                                          # noqa: E402

PEOPLE = 260
WORLD = World()
SCIM = Scim(WORLD, PEOPLE)
SCIM.start()
CHECKER = Checker(SCIM)
USERS = SCIM.all("/Users")
GROUPS = SCIM.all("/Groups")
ONE = USERS[20]


@test("everything that is served is declared, and of its type")
def declared():
    equal(len(USERS), PEOPLE, "people")
    for resource in USERS + GROUPS:
        CHECKER.resource(resource)
    for path in ["userName", "name.familyName", "emails.primary", "phoneNumbers.value",
                 "addresses.formatted", "groups.$ref", "members.value", "meta.version",
                 ENTERPRISE + ":manager.displayName", ENTERPRISE + ":department",
                 ROLLCALL + ":status", ROLLCALL + ":endDate"]:
        check(path in CHECKER.seen, f"{path} was seen")


@test("everything that is declared is served to somebody")
def served():
    for urn in [USER, GROUP, ENTERPRISE, ROLLCALL]:
        prefix = "" if urn in (USER, GROUP) else urn + ":"
        for attribute in CHECKER.schemas[urn]["attributes"]:
            check(prefix + attribute["name"] in CHECKER.seen, f"{urn} {attribute['name']}")
            for part in attribute.get("subAttributes", []):
                check(f"{prefix}{attribute['name']}.{part['name']}" in CHECKER.seen,
                      f"{urn} {attribute['name']}.{part['name']}")


@test("a resource by its id is the one of the list")
def by_id():
    for resource in USERS[::17] + GROUPS[:8]:
        answer = SCIM.get(resource["meta"]["location"][len(SCIM.base):])
        equal(answer.status, 200, "status")
        equal(answer.json, resource, "resource")
        equal(answer.headers["Content-Type"], TYPE, "content type")
        equal(answer.headers["ETag"], resource["meta"]["version"], "ETag")
        equal(answer.headers["Content-Location"], resource["meta"]["location"], "location")
    equal(len({u["id"] for u in USERS + GROUPS}), len(USERS + GROUPS), "ids are unique")
    equal(len({u["userName"].casefold() for u in USERS}), PEOPLE, "userNames are unique")


@test("references lead both ways")
def references():
    by_id_of = {r["id"]: r for r in USERS + GROUPS}
    for user in USERS:
        for group in user.get("groups", []):
            equal(group["$ref"], by_id_of[group["value"]]["meta"]["location"], "$ref")
            equal(group["display"], by_id_of[group["value"]]["displayName"], "display")
            check(user["id"] in [m["value"] for m in by_id_of[group["value"]]["members"]],
                  "is a member there")
        manager = user.get(ENTERPRISE, {}).get("manager")
        if manager:
            equal(manager["displayName"], by_id_of[manager["value"]]["displayName"], "name")
            equal(manager["$ref"], by_id_of[manager["value"]]["meta"]["location"], "$ref")
    equal(sum(len(u.get("groups", [])) for u in USERS),
          sum(len(g["members"]) for g in GROUPS), "memberships")


@test("a HEAD has the head alone")
def head():
    got = SCIM.get(f"/Users/{ONE['id']}")
    head_only = SCIM.ask("HEAD", f"/Users/{ONE['id']}")
    equal(head_only.status, 200, "status")
    equal(head_only.body, b"", "body")
    for name in ["Content-Length", "Content-Type", "ETag"]:
        equal(head_only.headers[name], got.headers[name], name)


@test("an id that is none, somebody else's type, or written otherwise is not found, all alike")
def not_found():
    group = GROUPS[0]["id"]
    bodies = {SCIM.get(path).body for path in [
        "/Users/00000000-0000-4000-8000-000000000000", "/Users/x", f"/Users/{group}",
        f"/Groups/{ONE['id']}", f"/Users/{ONE['id'].upper()}", f"/Users/{ONE['id']}0",
        "/Users/%00", "/Users/" + "x" * 5000, "/Groups/bulkId:1"]}
    equal(len(bodies), 1, f"one answer: {bodies}")
    SCIM.refused(SCIM.get("/Users/x"), 404)
    SCIM.refused(SCIM.get("/Nothing"), 404)
    SCIM.refused(SCIM.get("/Users/x/y"), 404)
    SCIM.refused(SCIM.ask("GET", "/scim", root=""), 404)
    SCIM.refused(SCIM.ask("GET", "/Users", root="/scim/v22"), 400, "invalidVers", "v2")
    SCIM.refused(SCIM.ask("GET", "/Users", root="/scim/v1"), 400, "invalidVers")
    SCIM.refused(SCIM.ask("GET", "/Users", root="/scim/x"), 404)


@test("pages by index, by the book")
def pages():
    ids = [u["id"] for u in USERS]
    rows = [
        # startIndex, count: first, how many, startIndex in the answer
        (None, None, 0, 100, 1), (1, 5, 0, 5, 1), (6, 5, 5, 5, 6), (0, 5, 0, 5, 1),
        (-7, 5, 0, 5, 1), (1, 0, 0, 0, 1), (1, -1, 0, 0, 1), (PEOPLE, 5, PEOPLE - 1, 1, PEOPLE),
        (PEOPLE + 1, 5, 0, 0, PEOPLE + 1), (99999999999999999999, 5, 0, 0, 2**63 - 1),
        (1, 99999999999999999999, 0, PEOPLE, 1), (250, None, 249, 11, 250),
    ]
    for start, count, first, length, said in rows:
        parameters = {}
        if start is not None:
            parameters["startIndex"] = start
        if count is not None:
            parameters["count"] = count
        page = SCIM.list("/Users", **parameters)
        equal(page["totalResults"], PEOPLE, f"totalResults of {parameters}")
        equal(page["startIndex"], said, f"startIndex of {parameters}")
        equal([u["id"] for u in page["Resources"]], ids[first:first + length], str(parameters))
    page = SCIM.list("/Users", startindex=0, COUNT=3)
    equal(len(page["Resources"]), 3, "names of parameters in any letter case")
    for name, value in [("count", "x"), ("count", ""), ("startIndex", "1.5"),
                        ("startIndex", "0x10"), ("count", "5 "), ("count", "1e2")]:
        SCIM.refused(SCIM.get("/Users", **{name: value}), 400, "invalidValue", name)
    SCIM.refused(SCIM.get("/Users?count=1&count=2"), 400, "invalidValue", "twice")
    equal(SCIM.get("/Users?count=1&foo=bar&foo=baz").status, 200, "others are ignored")
    equal(len(SCIM.list("/Users/", count=2)["Resources"]), 2, "with a slash at the end")


@test("a larger page than allowed is the largest, and the default is what is declared")
def page_sizes():
    provider = SCIM.get("/ServiceProviderConfig").json
    equal(provider["filter"]["maxResults"], 1000, "maxResults")
    equal(provider["pagination"]["maxPageSize"], 1000, "maxPageSize")
    equal(provider["pagination"]["defaultPageSize"], 100, "defaultPageSize")
    equal(len(SCIM.list("/Users")["Resources"]), 100, "default page")


@test("attributes are those asked for, and what is always there")
def attributes():
    path = f"/Users/{ONE['id']}"
    enterprise = ONE[ENTERPRISE]
    rows = [
        ("userName", {"userName": ONE["userName"]}),
        ("USERNAME", {"userName": ONE["userName"]}),
        ("name.familyName", {"name": {"familyName": ONE["name"]["familyName"]}}),
        ("name", {"name": ONE["name"]}),
        ("userName, active", {"userName": ONE["userName"], "active": ONE["active"]}),
        ("emails.value", {"emails": [{"value": e["value"]} for e in ONE["emails"]]}),
        ("meta.version", {"meta": {"version": ONE["meta"]["version"]}}),
        (USER + ":displayName", {"displayName": ONE["displayName"]}),
        (ENTERPRISE + ":department", {ENTERPRISE: {"department": enterprise["department"]}}),
        (ENTERPRISE + ".department", {ENTERPRISE: {"department": enterprise["department"]}}),
        (ENTERPRISE + ":manager.value",
         {ENTERPRISE: {"manager": {"value": enterprise["manager"]["value"]}}}),
        (ENTERPRISE, {ENTERPRISE: enterprise}),
        (ROLLCALL.upper() + ":UID", {ROLLCALL: {"uid": ONE[ROLLCALL]["uid"]}}),
        ("nothing,userName.x,urn:x:y", {}),
        ("id", {}),
        ("password", {}),
    ]
    for names, wanted in rows:
        wanted = told(dict(wanted, schemas=ONE["schemas"], id=ONE["id"]))
        equal(SCIM.get(path, attributes=names).json, wanted, names)
        got = SCIM.list("/Users", attributes=names, filter=f'id eq "{ONE["id"]}"')
        equal(got["Resources"], [wanted], f"{names} in a list")
    equal(SCIM.get(path, attributes="").json, ONE, "empty: as if not given")


@test("excluded attributes are left out, but for those that are always there")
def excluded():
    path = f"/Users/{ONE['id']}"

    def without(*names):
        return {k: v for k, v in ONE.items() if k not in names}

    rows = [
        ("name", without("name")),
        ("id,schemas", ONE),
        ("meta,Emails", without("meta", "emails")),
        ("name.formatted", dict(ONE, name={k: v for k, v in ONE["name"].items()
                                           if k != "formatted"})),
        (ENTERPRISE, without(ENTERPRISE)),
        ("groups.$ref", dict(ONE, groups=[{k: v for k, v in g.items() if k != "$ref"}
                                          for g in ONE["groups"]])),
        ("groups.$ref,groups.value,groups.display,groups.type", without("groups")),
        ("nothing", ONE),
    ]
    for names, wanted in rows:
        equal(SCIM.get(path, excludedAttributes=names).json, told(wanted), names)
    group = GROUPS[0]
    equal(SCIM.get(f"/Groups/{group['id']}", excludedAttributes="members").json,
          {k: v for k, v in group.items() if k != "members"}, "members")
    equal(SCIM.get(f"/Groups/{group['id']}", attributes="members.value").json["members"],
          [{"value": m["value"]} for m in group["members"]], "parts of members")
    SCIM.refused(SCIM.get(path, attributes="name", excludedAttributes="meta"), 400,
                 "invalidValue")


@test("If-None-Match: lists, the star, weak comparison")
def etags():
    path, tag = f"/Users/{ONE['id']}", ONE["meta"]["version"]
    for value, status in [(tag, 304), (tag[2:], 304), ("*", 304), ('"x", ' + tag, 304),
                          ('W/"x",W/"y" ,' + tag + ', "z"', 304), ("w/" + tag[2:], 304),
                          ('"x"', 200), ('W/"x"', 200), (tag[3:-1], 200), ("", 200),
                          ('"a,' + tag[2:] + '"', 200), ('"a, b", ' + tag, 304)]:
        answer = SCIM.get(path, headers={"If-None-Match": value})
        equal(answer.status, status, value)
        equal(answer.headers["ETag"], tag, "ETag")
        if status == 304:
            equal(answer.body, b"", "body")
            equal(answer.headers["Content-Type"], None, "content type")
    SCIM.refused(SCIM.get("/Users/x", headers={"If-None-Match": "*"}), 404)


@test("If-Match: a version that is no more is not read")
def preconditions():
    path, tag = f"/Users/{ONE['id']}", ONE["meta"]["version"]
    for value, status in [(tag, 200), (tag[2:], 200), ("*", 200), ('"x", ' + tag, 200),
                          ('"x"', 412), ('W/"x", "y"', 412), (tag[3:-1], 412), ("", 412)]:
        answer = SCIM.get(path, headers={"If-Match": value})
        equal(answer.status, status, value)
        if status == 412:
            SCIM.refused(answer, 412, None, tag)
    SCIM.refused(SCIM.get(path, headers={"If-Match": '"x"', "If-None-Match": tag}), 412)
    equal(SCIM.get(path, headers={"If-Match": tag, "If-None-Match": tag}).status, 304)
    SCIM.refused(SCIM.get("/Users/x", headers={"If-Match": "*"}), 404)


@test("what Accept allows")
def accept():
    for value, status in [("*/*", 200), (TYPE, 200), ("application/json", 200),
                          ("Application/SCIM+JSON", 200), ("application/*;q=0.1", 200),
                          ("text/html, application/json;q=0.9", 200),
                          ("application/json; charset=utf-8", 200), ("text/html", 406),
                          ("text/*", 406), ("application/xml, text/plain;q=1", 406),
                          ("application/json;q=0", 406), ("application/jsonx", 406),
                          ("*/*;q=0, application/scim+json", 200)]:
        answer = SCIM.get("/Users?count=1", headers={"Accept": value})
        equal(answer.status, status, value)
        equal(answer.headers["Content-Type"], TYPE, f"content type for {value}")


@test("a client that may only read writes nothing, and other methods are not allowed")
def methods():
    user, group = f"/Users/{ONE['id']}", f"/Groups/{GROUPS[0]['id']}"

    def change(name, value="x"):
        return json.dumps({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                           "Operations": [{"op": "replace", "path": name, "value": value}]})
    for method, path, body in [
            ("POST", "/Users", '{"x":1}'), ("POST", "/Groups", "no JSON"),
            ("PUT", group, json.dumps(GROUPS[0] | {"displayName": "x"})),
            ("PATCH", user, change("title")), ("DELETE", user, None),
            ("PATCH", group, change("members", [])), ("DELETE", group, None)]:
        SCIM.refused(SCIM.ask(method, path, body=body and body.encode(),
                              headers={"Content-Type": TYPE}), 403)
    for method, path, body in [("DELETE", "/Users/x", None), ("PATCH", "/Users/x", "{}")]:
        SCIM.refused(SCIM.ask(method, path, body=body and body.encode(),
                              headers={"Content-Type": TYPE}), 404)
    for path, value in [("title", ONE["title"]), ("active", str(ONE["active"]))]:
        equal(SCIM.ask("PATCH", user, body=change(path, value).encode(),
                       headers={"Content-Type": TYPE}).json, ONE, "what changes nothing")
    for method, path, allowed in [
            ("DELETE", "/Users", "GET, HEAD, POST"), ("PUT", "/Users", "GET, HEAD, POST"),
            ("PATCH", "/Groups", "GET, HEAD, POST"),
            ("POST", user, "GET, HEAD, PUT, PATCH, DELETE"),
            ("OPTIONS", "/Users", "GET, HEAD, POST"), ("POST", "/Schemas", "GET, HEAD"),
            ("PUT", "/ServiceProviderConfig", "GET, HEAD"),
            ("DELETE", "/ResourceTypes/User", "GET, HEAD"),
            ("PATCH", "/Schemas/" + USER, "GET, HEAD")]:
        answer = SCIM.ask(method, path, body=b"x" * 5000)
        SCIM.refused(answer, 405, None, allowed)
        equal(answer.headers["Allow"], allowed, "Allow")
    for method, path in [("GET", "/Me"), ("PATCH", "/Me")]:
        SCIM.refused(SCIM.ask(method, path, body=b"{}"), 501)
    SCIM.refused(SCIM.ask("POST", "/Users", headers={"Content-Length": "99999999"}), 413,
                 None, "1048576")
    SCIM.close()
    equal(SCIM.get(user).json, ONE, "nothing changed")


@test("discovery: lists, singles, no filters, true to themselves")
def discovery():
    for path, count in [("/Schemas", 8), ("/ResourceTypes", 3)]:
        found = SCIM.list(path)
        equal(found["totalResults"], count, path)
        for item in found["Resources"]:
            location = item["meta"]["location"]
            check(location.startswith(SCIM.base + path + "/"), location)
            equal(SCIM.get(location[len(SCIM.base):]).json, item, location)
        SCIM.refused(SCIM.get(path, filter='id eq "x"'), 403)
        equal(SCIM.list(path, count=1, startIndex=2, sortBy="id")["totalResults"], count,
              "paging is ignored")
    SCIM.refused(SCIM.get("/Schemas/urn:x"), 404)
    SCIM.refused(SCIM.get("/ResourceTypes/user"), 404)
    equal(SCIM.get("/Schemas/" + USER.upper()).json["id"], USER, "URNs have no case")
    for urn, schema in CHECKER.schemas.items():
        equal(schema["schemas"], [CORE + "Schema"], f"schemas of {urn}")
        check("null" not in json.dumps(schema), "no nulls")


def declares(schema, value, path):
    """Whether a discovery document keeps to its own declared schema."""
    attributes = {a["name"]: a for a in schema}
    for name, member in value.items():
        if path == "" and name in ("schemas", "meta"):
            continue
        if path.endswith("subAttributes.") and name == "subAttributes":
            continue        # a schema that describes schemas, as RFC 7643 §8.7.2 has it
        check(name in attributes, f"{path}{name} is declared")
        declared_as = attributes[name]
        equal(isinstance(member, list), declared_as["multiValued"], f"{path}{name} multi")
        for item in member if isinstance(member, list) else [member]:
            equal(isinstance(item, dict), declared_as["type"] == "complex", path + name)
            if isinstance(item, dict):
                declares(declared_as["subAttributes"], item, path + name + ".")
    for name, attribute in attributes.items():
        check(not attribute["required"] or name in value, f"{path}{name} is required")


@test("the discovery documents keep to the schemas they declare")
def self_declared():
    for path, urn in [("/ServiceProviderConfig", CORE + "ServiceProviderConfig"),
                      ("/ResourceTypes/User", CORE + "ResourceType"),
                      ("/ResourceTypes/Group", CORE + "ResourceType"),
                      ("/Schemas/" + USER, CORE + "Schema"),
                      ("/Schemas/" + CORE + "Schema", CORE + "Schema")]:
        document = SCIM.get(path).json
        equal(document["schemas"], [urn], f"schemas of {path}")
        declares(CHECKER.schemas[urn]["attributes"], document, "")


@test("attributes of the schemas are described as RFC 7643 has them")
def described():
    user = {a["name"]: a for a in CHECKER.schemas[USER]["attributes"]}
    equal((user["userName"]["required"], user["userName"]["uniqueness"],
           user["userName"]["caseExact"]), (True, "server", False), "userName")
    equal(user["active"]["type"], "boolean", "active")
    check("caseExact" not in user["active"] and "uniqueness" not in user["name"], "no case")
    emails = {a["name"]: a for a in user["emails"]["subAttributes"]}
    equal(emails["type"]["canonicalValues"], ["work", "home"], "types of emails")
    equal(user["groups"]["mutability"], "readOnly", "groups")
    group = {a["name"]: a for a in CHECKER.schemas[GROUP]["attributes"]}
    equal(group["displayName"]["required"], True, "displayName of a group")
    manager = {a["name"]: a for a in CHECKER.schemas[ENTERPRISE]["attributes"]}["manager"]
    parts = {a["name"]: a for a in manager["subAttributes"]}
    equal(parts["$ref"]["referenceTypes"], ["User"], "manager.$ref")
    equal(parts["value"]["caseExact"], True, "manager.value")
    provider = SCIM.get("/ServiceProviderConfig", token=None).json
    equal((provider["patch"]["supported"], provider["bulk"]["supported"],
           provider["filter"]["supported"], provider["sort"]["supported"],
           provider["etag"]["supported"], provider["changePassword"]["supported"]),
          (True, True, True, True, True, False), "what is supported")
    equal((provider["bulk"]["maxOperations"], provider["bulk"]["maxPayloadSize"]),
          (1000, 1048576), "limits of bulk")


@test("lists are sorted by any attribute, without a value last, ties by id")
def sorting():
    def key(path):
        def value(user):
            at = user
            for part in path:
                at = at.get(part) if isinstance(at, dict) else at
                if isinstance(at, list):
                    at = next((e for e in at if e.get("primary")), at[0])
            return at
        return value

    for by, path in [("userName", ["userName"]), ("name.familyName", ["name", "familyName"]),
                     ("emails", ["emails", "value"]), ("title", ["title"]),
                     ("meta.lastModified", ["meta", "lastModified"]),
                     (ROLLCALL + ":endDate", [ROLLCALL, "endDate"]), ("id", ["id"]),
                     (ENTERPRISE + ":manager.displayName", [ENTERPRISE, "manager",
                                                            "displayName"])]:
        place = {u["id"]: n for n, u in enumerate(USERS)}
        value = key(path)
        there = [u for u in USERS if value(u) is not None]
        gone = [u for u in USERS if value(u) is None]
        there.sort(key=lambda u: (value(u).casefold().encode(), place[u["id"]]))
        wanted = [u["id"] for u in there + gone]
        equal([u["id"] for u in SCIM.all("/Users", sortBy=by)], wanted, by)
        there.sort(key=lambda u: value(u).casefold().encode(), reverse=True)
        wanted = [u["id"] for u in gone + there]
        equal([u["id"] for u in SCIM.all("/Users", sortBy=by, sortOrder="Descending")], wanted,
              by + " descending")
    SCIM.refused(SCIM.get("/Users", sortBy="name"), 400, "invalidValue")
    SCIM.refused(SCIM.get("/Users", sortBy="foo"), 400, "invalidValue")
    SCIM.refused(SCIM.get("/Users", sortBy="id", sortOrder="up"), 400, "invalidValue")
    names = [g["displayName"] for g in SCIM.all("/Groups", sortBy="displayName")]
    equal(sorted(names, key=lambda n: n.casefold().encode()), names, "groups by name")


@test("requests on one connection, with bodies and errors between them")
def keep_alive():
    connection = SCIM.connection
    for _ in range(20):
        SCIM.refused(SCIM.ask("POST", "/Users", body=b"x" * 70000), 403)
        equal(SCIM.get(f"/Users/{ONE['id']}").status, 200, "status")
        SCIM.refused(SCIM.get("/Users", filter="x"), 400, "invalidFilter")
    check(SCIM.connection is connection and connection is not None, "the same connection")


main()
