"""The reading half of RFC 7644, RFC 7643 and RFC 9865, sentence by sentence: each row is a section,
what it demands in our words, and a check that knows nothing of the server but its base URL."""
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "../lib"), os.path.dirname(__file__)]
from scim_tools import (CORE, ENTERPRISE, GROUP, LIST, ROLLCALL, TYPE, USER,       # noqa: E402
                        Checker, Scim, told)
from tap import check, equal, main, test                                         # noqa: E402
from world import World                                                          # noqa: E402

WORLD = World()
SCIM = Scim(WORLD, 120, seed=9)
SCIM.start()
USERS = SCIM.all("/Users")
GROUPS = SCIM.all("/Groups")
ONE = next(u for u in USERS if u["active"] and len(u.get("emails", [])) == 2 and
           "manager" in u[ENTERPRISE] and u.get("groups") and u["userName"].isascii())
HERS = "/Users/" + ONE["id"]


def found(text, path="/Users"):
    return [r["id"] for r in SCIM.all(path, filter=text)]


def those(condition, resources=None):
    return [r["id"] for r in (USERS if resources is None else resources) if condition(r)]


def means(text, condition):
    equal(found(text), those(condition), text)


def refused(text, part=None):
    SCIM.refused(SCIM.get("/Users", filter=text), 400, "invalidFilter", part)


def fold(text):
    return text.casefold()


def mails(user):
    return [mail["value"] for mail in user.get("emails", [])]


# ---- RFC 7643: what resources look like ---------------------------------------------------------

def attribute_names():
    for text in ['USERNAME pr', 'Name.FAMILYNAME pr', USER.upper() + ':username pr']:
        equal(SCIM.get("/Users", filter=text).status, 200, text)


def common():
    for resource in USERS + GROUPS:
        meta = resource["meta"]
        check(resource["id"] and "bulkId" not in resource["id"], "id")
        check(meta["created"] <= meta["lastModified"], "created is not after lastModified")
        equal(meta["location"], SCIM.base + {"User": "/Users/", "Group": "/Groups/"}[
            meta["resourceType"]] + resource["id"], "location")
        check(meta["version"].startswith('W/"') and meta["version"].endswith('"'), "version")
    check(len({r["id"] for r in USERS + GROUPS}) == len(USERS + GROUPS), "ids are unique")


def nothing_null(value):
    check(value not in (None, [], {}, ""), f"{value!r} would be unassigned")
    for member in value.values() if isinstance(value, dict) else \
            value if isinstance(value, list) else ():
        nothing_null(member)


def unassigned():
    for resource in USERS + GROUPS:
        for name, value in resource.items():
            if name != "members":
                nothing_null(value)


def schemas_in_use():
    checker = Checker(SCIM)
    for resource in USERS + GROUPS:
        checker.resource(resource)


def primaries():
    for user in USERS:
        for name in ("emails", "phoneNumbers", "addresses"):
            values = user.get(name, [])
            check(sum(v.get("primary", False) for v in values) <= 1, "one primary at most")
            kinds = [(v.get("type"), v.get("value")) for v in values]
            equal(len(set(kinds)), len(kinds), "each type and value once")


def references():
    for user in USERS:
        for group in user.get("groups", []):
            equal(SCIM.base + "/Groups/" + group["value"], group["$ref"], "group")
            equal(group["type"], "direct", "type")
        manager = user.get(ENTERPRISE, {}).get("manager", {})
        equal(manager.get("$ref", SCIM.base + "/Users/" + manager.get("value", "")),
              SCIM.base + "/Users/" + manager.get("value", ""), "manager")


def password():
    check(not any("password" in user for user in USERS), "no password is served")
    check("password" not in str(SCIM.get("/Schemas/" + USER).json), "nor declared")
    equal(SCIM.get(HERS, attributes="password").json.keys(), {"schemas", "id"})
    refused('password eq "x"')


# ---- RFC 7644: one resource --------------------------------------------------------------------

def known():
    answer = SCIM.get(HERS)
    equal((answer.status, answer.json), (200, ONE))
    equal(answer.headers["Content-Type"], TYPE)
    equal(answer.headers["ETag"], ONE["meta"]["version"], "ETag")
    equal(answer.headers["Content-Location"], ONE["meta"]["location"], "Content-Location")
    SCIM.refused(SCIM.get("/Users/2819c223-7f76-453a-919d-413861904646"), 404)
    SCIM.refused(SCIM.get("/Nothings/" + ONE["id"]), 404)


# ---- lists -------------------------------------------------------------------------------------

def list_response():
    for path in ("/Users", "/Groups", ""):
        page = SCIM.get(path).json
        equal(page["schemas"], [LIST])
        equal((page["startIndex"], page["itemsPerPage"]), (1, len(page["Resources"])))
        equal(page["totalResults"], len(SCIM.all(path)), "totalResults is of all pages")


def no_match():
    answer = SCIM.get("/Users", filter='userName eq "does-not-exist"')
    equal(answer.status, 200)
    equal((answer.json["totalResults"], answer.json["Resources"]), (0, []))


def every_type():
    equal([r["id"] for r in SCIM.all("")], [r["id"] for r in USERS + GROUPS])
    equal([r["id"] for r in SCIM.all("", filter='meta.resourceType eq "User"')],
          [u["id"] for u in USERS])
    equal(found('(meta.resourceType eq User) or (meta.resourceType eq Group)', ""),
          [r["id"] for r in USERS + GROUPS], "the RFC's own example")


def lacking():
    equal(found("not (members pr)", ""), [u["id"] for u in USERS], "no value")
    equal(found('userName ne "x" and members pr', ""), [g["id"] for g in GROUPS], "ne holds")
    equal(found('neverHeardOf eq "x"', ""), [])


# ---- filters -----------------------------------------------------------------------------------

def examples():
    for text in [
            'userName Eq "john"', 'Username eq "john"', 'userName eq "bjensen"',
            'name.familyName co "O\'Malley"', 'userName sw "J"', USER + ':userName sw "J"',
            'title pr', 'meta.lastModified gt "2011-05-13T04:42:34Z"',
            'meta.lastModified ge "2011-05-13T04:42:34Z"',
            'meta.lastModified lt "2011-05-13T04:42:34Z"',
            'meta.lastModified le "2011-05-13T04:42:34Z"',
            'title pr and userType eq "Employee"', 'title pr or userType eq "Intern"',
            f'schemas eq "{ENTERPRISE}"',
            'userType eq "Employee" and (emails co "example.com" or emails.value co '
            '"example.org")',
            'userType ne "Employee" and not (emails co "example.com" or emails.value co '
            '"example.org")',
            'userType eq "Employee" and (emails.type eq "work")',
            'userType eq "Employee" and emails[type eq "work" and value co "@example.com"]']:
        equal(SCIM.get("/Users", filter=text).status, 200, text)


def operators():
    name = ONE["userName"]
    low, high = sorted([fold(ONE["userName"]), fold(USERS[40]["userName"])])
    for text, condition in [
            (f'userName eq "{name}"', lambda u: fold(u["userName"]) == fold(name)),
            (f'userName ne "{name}"', lambda u: fold(u["userName"]) != fold(name)),
            (f'userName co "{name[2:6]}"', lambda u: fold(name[2:6]) in fold(u["userName"])),
            (f'userName sw "{name[:2]}"', lambda u: fold(u["userName"]).startswith(
                fold(name[:2]))),
            ('userName ew ".example"', lambda u: u["userName"].endswith(".example")),
            (f'userName gt "{low}"', lambda u: fold(u["userName"]).encode() > low.encode()),
            (f'userName ge "{low}"', lambda u: fold(u["userName"]).encode() >= low.encode()),
            (f'userName lt "{high}"', lambda u: fold(u["userName"]).encode() < high.encode()),
            (f'userName le "{high}"', lambda u: fold(u["userName"]).encode() <= high.encode()),
            ("title pr", lambda u: "title" in u), ("name pr", lambda u: "name" in u),
            ("emails pr", lambda u: "emails" in u),
            ("addresses.locality pr", lambda u: any("locality" in a for a in
                                                   u.get("addresses", [])))]:
        means(text, condition)


def letter_case():
    name = ONE["userName"]
    for text in (f'uSERNAME EQ "{name}"', f'userName eq "{name.upper()}"',
                 f'userName Eq "{name}" AND active eq true', f'NOT (userName ne "{name}")'):
        equal(found(text), [ONE["id"]], text)
    equal(found(f'id eq "{ONE["id"].upper()}"'), [], "id is case exact")
    equal(found(f'meta.resourceType eq "user"'), [], "and resourceType")


def precedence():
    means('title pr or active eq false and userType eq "x"', lambda u: "title" in u)
    means('(title pr or active eq false) and userType eq "x"', lambda u: False)
    means('not (title pr) and active eq true', lambda u: "title" not in u and u["active"])
    means('not (title pr and active eq true)',
          lambda u: not ("title" in u and u["active"]))
    means('title pr and active eq true or userType pr',
          lambda u: "title" in u and u["active"] or "userType" in u)


def value_paths():
    work, home = mails(ONE)
    equal(found(f'emails[type eq "work" and value eq "{work}"]'), [ONE["id"]])
    equal(found(f'emails[type eq "work" and value eq "{home}"]'), [], "of one element")
    equal(found(f'emails.type eq "work" and emails.value eq "{home}"'), [ONE["id"]],
          "of two elements")
    means('emails[not (type eq "work")]', lambda u: any(m["type"] != "work" for m in
                                                        u.get("emails", [])))
    means('not (emails[type eq "home"])', lambda u: all(m["type"] != "home" for m in
                                                        u.get("emails", [])))
    means('emails[type eq "home"] and active eq true', lambda u: u["active"] and any(
        m["type"] == "home" for m in u.get("emails", [])))
    for text in ('emails[type eq "work"', 'emails[emails[type eq "work"]]', 'title[value pr]',
                 'emails[nothing eq "x"]', 'emails[]', 'emails[type eq "work"]]'):
        refused(text)


def several_values():
    work, home = mails(ONE)
    for text in (f'emails.value eq "{home}"', f'emails eq "{home}"', f'emails eq "{work}"',
                 f'emails co "{home[:-3]}"'):
        check(ONE["id"] in found(text), text)


def types():
    for text in ("active gt true", "active ge false", "active lt true", "active le true",
                 'active co "t"', 'active sw "t"', "emails.primary gt true"):
        refused(text)
    for text in ("userName eq 5", "userName eq true", 'active eq "maybe"', "active eq 1",
                 'meta.created gt "yesterday"', "meta.created gt 5", 'meta.created co "2026"'):
        refused(text)
    means("active eq true", lambda u: u["active"])
    means("active ne true", lambda u: not u["active"])


def nulls():
    means("title eq null", lambda u: "title" not in u)
    means("title ne null", lambda u: "title" in u)
    means('title ne "x"', lambda u: u.get("title") != "x")
    means('not (title eq "x")', lambda u: u.get("title") != "x")
    means('title gt "" or title lt "x"', lambda u: "title" in u)


def instants():
    at = ONE["meta"]["lastModified"]
    for text in (f'meta.lastModified eq "{at}"', f'meta.lastModified eq "{at[:-1]}0000Z"',
                 f'meta.lastModified eq "{at[:-1]}+00:00"'):
        equal(found(text), [ONE["id"]], text)
    equal(len(found('meta.created gt "0001-01-01T00:00:00Z"')), len(USERS), "year 1")


def urns():
    number = ONE[ENTERPRISE]["employeeNumber"]
    for text in (f'{ENTERPRISE}:employeeNumber eq "{number}"',
                 f'{USER}:userName eq "{ONE["userName"]}"',
                 f'{ROLLCALL}:uid eq "{ONE[ROLLCALL]["uid"]}"',
                 f'{ENTERPRISE}:manager.value pr and id eq "{ONE["id"]}"',
                 f'schemas eq "{ENTERPRISE}" and id eq "{ONE["id"]}"'):
        check(ONE["id"] in found(text), text)


def strings():
    refused('userName eq "x', "not closed")
    refused('userName eq "\\x"')
    equal(found('userName eq "' + "".join(f"\\u{ord(c):04x}" for c in ONE["userName"]) + '"'),
          [ONE["id"]], "escapes of JSON")


def malformed():
    for text in ("", "userName", "userName eq", "userName xx 5", 'eq "x"', 'userName eq "a" "b"',
                 'userName eq "a" and', '(userName pr', 'userName pr)', 'not userName pr',
                 'title pr xor title pr', 'userName pr or or title pr', '"title" pr', "nothing pr",
                 "title pr;", 'title eq "a" & title eq "b"', "name.nothing pr", "()", "[]"):
        refused(text)


# ---- sorting -----------------------------------------------------------------------------------

def sort_value(user, path):
    for name in path:
        user = user.get(name) if isinstance(user, dict) else user
        if isinstance(user, list):
            user = next((e for e in user if e.get("primary")),
                        next((e for e in user if path[-1] in e), None))
    return user


SORTED = [("userName", ["userName"]), ("name.familyName", ["name", "familyName"]),
          ("NAME.GivenName", ["name", "givenName"]), ("title", ["title"]),
          ("emails", ["emails", "value"]), ("emails.value", ["emails", "value"]),
          ("emails.type", ["emails", "type"]),
          ("phoneNumbers.value", ["phoneNumbers", "value"]),
          ("addresses.locality", ["addresses", "locality"]),
          ("groups.display", ["groups", "display"]), ("id", ["id"]), ("active", ["active"]),
          ("meta.created", ["meta", "created"]),
          ("meta.lastModified", ["meta", "lastModified"]),
          (ENTERPRISE + ":department", [ENTERPRISE, "department"]),
          (ENTERPRISE + ":manager.displayName", [ENTERPRISE, "manager", "displayName"]),
          (ROLLCALL + ":startDate", [ROLLCALL, "startDate"])]


def sorting():
    for by, path in SORTED:
        have = [u for u in USERS if sort_value(u, path) is not None]
        have.sort(key=lambda u: fold(str(sort_value(u, path))).encode())
        missing = [u for u in USERS if sort_value(u, path) is None]
        got = SCIM.all("/Users", sortBy=by)
        equal([u["id"] for u in got], [u["id"] for u in have + missing], by)
        equal([u["id"] for u in SCIM.all("/Users", sortBy=by, sortOrder="ascending")],
              [u["id"] for u in got], "ascending is the default")


def descending():
    for by, path in SORTED:
        got = SCIM.all("/Users", sortBy=by, sortOrder="descending")
        values = [sort_value(u, path) for u in got]
        count = values.count(None)
        equal(values[:count], [None] * count, f"{by}: without a value first")
        keys = [fold(str(v)).encode() for v in values[count:]]
        equal(keys, sorted(keys, reverse=True), by)


def sort_ties():
    for order in ("ascending", "descending"):
        whole = [u["id"] for u in SCIM.all("/Users", sortBy="userType", sortOrder=order)]
        again = []
        for start in range(1, len(USERS) + 1, 9):
            again += [u["id"] for u in SCIM.list("/Users", sortBy="userType", sortOrder=order,
                                                 startIndex=start, count=9)["Resources"]]
        equal(again, whole, "pages are of one order")


def sort_refusals():
    for by in ("nothing", "name", "addresses", "meta"):
        SCIM.refused(SCIM.get("/Users", sortBy=by), 400, "invalidValue")
    equal(SCIM.get("/Users", sortOrder="descending").status, 200, "sortOrder alone")


# ---- pages -------------------------------------------------------------------------------------

def page_starts():
    everybody = [u["id"] for u in USERS]
    for start, place in [(1, 0), (0, 0), (-5, 0), (2, 1), (120, 119), (121, 120), (5000, 120)]:
        page = SCIM.list("/Users", startIndex=start, count=10)
        equal([u["id"] for u in page["Resources"]], everybody[place:place + 10], str(start))
        equal((page["totalResults"], page["startIndex"]), (120, max(start, 1)), "the head")


def page_counts():
    for count, length in [(0, 0), (-1, 0), (1, 1), (119, 119), (120, 120), (121, 120),
                          (100000, 120)]:
        page = SCIM.list("/Users", count=count)
        equal((len(page["Resources"]), page["itemsPerPage"], page["totalResults"]),
              (length, length, 120), str(count))
    for name in ("count", "startIndex"):
        SCIM.refused(SCIM.get("/Users", **{name: "ten"}), 400, "invalidValue")


def cursors():
    whole, cursor = [], ""
    while cursor is not None:
        page = SCIM.list("/Users", cursor=cursor, count=50)
        check("startIndex" not in page and page["totalResults"] == 120, "the head")
        whole += page["Resources"]
        cursor = page.get("nextCursor")
    equal(whole, USERS)


def cursor_errors():
    cursor = SCIM.list("/Users", cursor="", count=5)["nextCursor"]
    SCIM.refused(SCIM.get("/Users", cursor="nonsense", count=5), 400, "invalidCursor")
    SCIM.refused(SCIM.get("/Users", cursor=cursor, count=6), 400, "invalidCount")
    SCIM.refused(SCIM.get("/Users", cursor="", count=1001), 400, "invalidCount")
    SCIM.refused(SCIM.get("/Users", cursor=cursor, count=5, filter="title pr"), 400,
                 "invalidCursor")
    WORLD.advance(SCIM.get("/ServiceProviderConfig").json["pagination"]["cursorTimeout"] + 60)
    SCIM.refused(SCIM.get("/Users", cursor=cursor, count=5), 400, "expiredCursor")


def cursor_sorted():
    for order in ("ascending", "descending"):
        parameters = dict(sortBy="name.familyName", sortOrder=order)
        page = SCIM.list("/Users", cursor="", count=70, **parameters)
        rest = SCIM.list("/Users", cursor=page["nextCursor"], count=70, **parameters)
        equal(page["Resources"] + rest["Resources"], SCIM.all("/Users", **parameters))


# ---- attributes --------------------------------------------------------------------------------

def attributes():
    base = {"schemas": ONE["schemas"], "id": ONE["id"]}
    for names, wanted in [
            ("userName", {"userName": ONE["userName"]}), ("id", {}), ("nothing", {}),
            (USER + ":USERNAME", {"userName": ONE["userName"]}),
            ("emails.type", {"emails": [{"type": m["type"]} for m in ONE["emails"]]}),
            ("meta", {"meta": ONE["meta"]}),
            ("meta.version,name", {"meta": {"version": ONE["meta"]["version"]},
                                   "name": ONE["name"]}),
            (ENTERPRISE, {ENTERPRISE: ONE[ENTERPRISE]})]:
        wanted = told(dict(base, **wanted))
        equal(SCIM.get(HERS, attributes=names).json, wanted, names)
        equal(SCIM.list("/Users", filter=f'id eq "{ONE["id"]}"', attributes=names)["Resources"],
              [wanted], names + " in a list")


def excluded():
    for name in ("userName", "emails", "meta", ENTERPRISE, "displayName"):
        equal(SCIM.get(HERS, excludedAttributes=name).json,
              told({k: v for k, v in ONE.items() if k != name}), name)
    equal(SCIM.get(HERS, excludedAttributes="id,schemas").json, ONE, "returned always")
    equal(SCIM.get("/Groups/" + GROUPS[0]["id"], excludedAttributes="members").json,
          {k: v for k, v in GROUPS[0].items() if k != "members"}, "members")
    SCIM.refused(SCIM.get(HERS, attributes="id", excludedAttributes="id"), 400, "invalidValue")


# ---- .search -----------------------------------------------------------------------------------

def search():
    for path in ("/Users", "/Groups", ""):
        answer = SCIM.search(path + "/.search", filter='displayName co "a"', startIndex=2, count=3,
                             sortBy="displayName", sortOrder="descending",
                             attributes=["displayName"])
        equal((answer.status, answer.headers["Content-Type"]), (200, TYPE))
        equal(answer.json, SCIM.list(path, filter='displayName co "a"', startIndex=2, count=3,
                                     sortBy="displayName", sortOrder="descending",
                                     attributes="displayName"), path)


def search_refusals():
    SCIM.refused(SCIM.ask("POST", "/.search", body="{", headers={"Content-Type": TYPE}), 400,
                 "invalidSyntax")
    SCIM.refused(SCIM.search("/.search", filter="x y z"), 400, "invalidFilter")
    SCIM.refused(SCIM.search("/Users/.search", sortBy="nothing"), 400, "invalidValue")


# ---- media types, errors, versions, access -----------------------------------------------------

def media_types():
    for accept, status in [(TYPE, 200), ("application/json", 200), ("*/*", 200), (None, 200),
                           ("text/html", 406)]:
        answer = SCIM.get(HERS, headers={} if accept is None else {"Accept": accept})
        equal((answer.status, answer.headers["Content-Type"]), (status, TYPE), str(accept))


def me():
    SCIM.refused(SCIM.get("/Me"), 501)


def errors():
    for answer, status in [(SCIM.get("/Users/x"), 404), (SCIM.get("/Users", filter="x"), 400),
                           (SCIM.get("/Schemas", filter="id pr"), 403),
                           (SCIM.ask("PUT", "/Schemas"), 405), (SCIM.get("/Me"), 501),
                           (SCIM.get("/Users", token=None), 401)]:
        SCIM.refused(answer, status, answer.json.get("scimType"))
        check(isinstance(answer.json["status"], str), "status is a string")


def versions():
    for root, status in [("/scim/v2", 200), ("/scim/v1", 400), ("/scim/v3", 400)]:
        answer = SCIM.ask("GET", "/Users?count=1", root=root)
        equal(answer.status, status, root)
        if status == 400:
            SCIM.refused(answer, 400, "invalidVers")


def etags():
    tag = ONE["meta"]["version"]
    equal(SCIM.get(HERS, headers={"If-None-Match": tag}).status, 304)
    equal(SCIM.get(HERS, headers={"If-None-Match": f'"x", {tag}'}).status, 304)
    equal(SCIM.get(HERS, headers={"If-None-Match": "*"}).status, 304)
    equal(SCIM.get(HERS, headers={"If-None-Match": 'W/"x"'}).status, 200)
    equal(SCIM.get(HERS, headers={"If-Match": tag}).status, 200)
    SCIM.refused(SCIM.get(HERS, headers={"If-Match": 'W/"x"'}), 412)


def authentication():
    for token in (None, "wrong", ""):
        answer = SCIM.get("/Users", token=token)
        SCIM.refused(answer, 401)
        check(answer.headers["WWW-Authenticate"].startswith("Bearer"), "the scheme is named")


# ---- discovery ---------------------------------------------------------------------------------

def provider():
    document = SCIM.get("/ServiceProviderConfig").json
    equal(document["schemas"], [CORE + "ServiceProviderConfig"])
    for name in ("patch", "bulk", "filter", "changePassword", "sort", "etag"):
        check(isinstance(document[name]["supported"], bool), name)
    equal((document["filter"]["supported"], document["sort"]["supported"],
           document["etag"]["supported"]), (True, True, True), "what reading does")
    check(document["filter"]["maxResults"] >= 1 and document["authenticationSchemes"], "rest")
    equal(document["meta"]["location"], SCIM.base + "/ServiceProviderConfig")


def pagination():
    pages = SCIM.get("/ServiceProviderConfig").json["pagination"]
    equal((pages["cursor"], pages["index"], pages["defaultPaginationMethod"]),
          (True, True, "index"))
    equal(len(SCIM.list("/Users")["Resources"]), pages["defaultPageSize"])
    equal(SCIM.get("/Users", cursor="", count=pages["maxPageSize"]).status, 200)


def resource_types():
    listed = SCIM.list("/ResourceTypes")
    for kind in listed["Resources"]:
        equal(SCIM.get("/ResourceTypes/" + kind["name"]).json, kind)
        equal(SCIM.get(kind["endpoint"] + "?count=1").status, 200, kind["endpoint"])
        for urn in [kind["schema"]] + [e["schema"] for e in kind.get("schemaExtensions", [])]:
            equal(SCIM.get("/Schemas/" + urn).status, 200, urn)
    SCIM.refused(SCIM.get("/ResourceTypes/Nothing"), 404)


def schemas():
    listed = {s["id"]: s for s in SCIM.list("/Schemas")["Resources"]}
    check({USER, GROUP, ENTERPRISE} <= set(listed), "the known ones")
    for urn, schema in listed.items():
        equal(SCIM.get("/Schemas/" + urn).json, schema)
        for attribute in schema["attributes"]:
            characteristics(attribute)
    SCIM.refused(SCIM.get("/Schemas/urn:nothing"), 404)


def characteristics(attribute):
    name, kind = attribute["name"], attribute["type"]
    check(kind in ("string", "boolean", "decimal", "integer", "dateTime", "binary", "reference",
                   "complex"), f"type of {name}")
    check(attribute["mutability"] in ("readOnly", "readWrite", "immutable", "writeOnly"), name)
    check(attribute["returned"] in ("always", "never", "default", "request"), name)
    for member in ("multiValued", "required"):
        check(isinstance(attribute[member], bool), f"{member} of {name}")
    equal("subAttributes" in attribute, kind == "complex", f"sub-attributes of {name}")
    equal("caseExact" in attribute, kind in ("string", "reference", "binary"), f"case of {name}")
    equal("referenceTypes" in attribute, kind == "reference", f"references of {name}")
    for part in attribute.get("subAttributes", []):
        characteristics(part)


def discovery_closed():
    for path in ("/Schemas", "/ResourceTypes", "/ServiceProviderConfig", "/Schemas/" + USER,
                 "/ResourceTypes/User"):
        SCIM.refused(SCIM.get(path, filter='id eq "x"'), 403)
        equal(SCIM.get(path, sortBy="id", startIndex=5, count=1).body, SCIM.get(path).body)
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = SCIM.ask(method, path, body="{}", headers={"Content-Type": TYPE})
            SCIM.refused(answer, 405)
            check("GET" in answer.headers["Allow"], "Allow")


ROWS = [
    ("7643 §2.1", "names of attributes and URNs have no letter case", attribute_names),
    ("7643 §2.4", "one value is primary at most, each type and value stands once", primaries),
    ("7643 §2.5", "what is unassigned is left out", unassigned),
    ("7643 §3", "schemas names what is in use; nothing is served that is not declared",
     schemas_in_use),
    ("7643 §3.1", "id, meta.location and meta.version of every resource", common),
    ("7643 §4", "references lead to resources", references),
    ("7643 §7", "passwords are never returned", password),
    ("7644 §2", "who has no good token is told which scheme to use", authentication),
    ("7644 §3.1", "media types of answers", media_types),
    ("7644 §3.4.1", "a known resource", known),
    ("7644 §3.4.2", "the parts of a list", list_response),
    ("7644 §3.4.2", "no match is a success with nothing in it", no_match),
    ("7644 §3.4.2.1", "the root has every type", every_type),
    ("7644 §3.4.2.1", "an attribute a type lacks has no value at the root", lacking),
    ("7644 §3.4.2.2", "the RFC's own examples", examples),
    ("7644 §3.4.2.2", "every operator", operators),
    ("7644 §3.4.2.2", "letter case of names, operators and values", letter_case),
    ("7644 §3.4.2.2", "precedence: grouping, not, and, or", precedence),
    ("7644 §3.4.2.2", "value paths are bound to one element", value_paths),
    ("7644 §3.4.2.2", "one of several values is enough", several_values),
    ("7644 §3.4.2.2", "operators and values of the wrong type", types),
    ("7644 §3.4.2.2", "null and what has no value", nulls),
    ("7644 §3.4.2.2", "instants", instants),
    ("7644 §3.4.2.2", "names with their URN", urns),
    ("7644 §3.4.2.2", "strings are JSON's", strings),
    ("7644 §3.4.2.2", "what is malformed is invalidFilter", malformed),
    ("7644 §3.4.2.3", "ascending, without a value last", sorting),
    ("7644 §3.4.2.3", "descending, without a value first", descending),
    ("7644 §3.4.2.3", "ties have one order over all pages", sort_ties),
    ("7644 §3.4.2.3", "what cannot be sorted by", sort_refusals),
    ("7644 §3.4.2.4", "startIndex", page_starts),
    ("7644 §3.4.2.4", "count", page_counts),
    ("7644 §3.4.2.5", "attributes", attributes),
    ("7644 §3.9", "excludedAttributes", excluded),
    ("7644 §3.4.3", "queries by POST", search),
    ("7644 §3.4.3", "queries by POST that are refused", search_refusals),
    ("7644 §3.11", "/Me", me),
    ("7644 §3.12", "errors", errors),
    ("7644 §3.13", "versions of the protocol", versions),
    ("7644 §3.14", "versions of resources", etags),
    ("7644 §4", "what the provider supports", provider),
    ("7644 §4", "types of resources", resource_types),
    ("7644 §4", "schemas and the characteristics of attributes", schemas),
    ("7644 §4", "discovery is neither filtered nor written", discovery_closed),
    ("9865 §2", "pages by cursor", cursors),
    ("9865 §2.2", "sorted pages by cursor", cursor_sorted),
    ("9865 §4", "pagination is declared, and true", pagination),
    ("9865 §2.1", "errors of cursors and counts", cursor_errors),
]

for section, sentence, row in ROWS:
    test(f"RFC {section}: {sentence}")(row)

main()
