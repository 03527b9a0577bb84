"""Applications that write over SCIM, with everything behind it: the requests of Entra and Okta as
they send them (scim/interop.md §2), what HR owns and what nobody owns, results in LDAP too."""
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox", "scenario")]
import clients                                                      # noqa: E402
import slapd                                                        # noqa: E402
from client import Sandbox, fix_clock                               # noqa: E402
from house import House                                             # noqa: E402
from scim_tools import (BULK, ENTERPRISE, GROUP, ROLLCALL, USER, HouseScim,
                        patch_body)                                 # noqa: E402
from tap import Skip, check, equal, main, test                      # noqa: E402
from world import World, free_port                                  # noqa: E402

WORLD = World()
fix_clock(WORLD)
SANDBOX = Sandbox(WORLD, "id=lucca:hr,people=30,seed=5")
PORT = free_port()
HOUSE = House(WORLD, main=f"[scim]\nlisten = 127.0.0.1:{PORT}\n[sync]\ninterval = 1d\n")
HOUSE.source("fr", SANDBOX, "lucca:hr",
             fields="job_title = import-once\nmobile_phone = local\nhome_address = local\n")
WORLD.write("house/conf/sources.d/local.conf",
            "[source]\nprovider = local\n[fields]\nmobile_phone = continuous\n"
            "home_address = continuous\npersonal_email = continuous\n")
HOUSE.start()
HOUSE.rollcall("source", "approve", "fr")
SCIM = HouseScim(WORLD, HOUSE, PORT)
READ, EDIT, OKTA, ENTRA = (SCIM.client(name, rights) for name, rights in [
    ("reader", "read"), ("editor", "edit"), ("okta", "local"), ("entra", "local")])
SCIM.start()


class Directory:
    """slapd over the same database, where it can be had."""

    def __init__(self):
        try:
            slapd.available()
        except Skip:
            self.connection = None
            return
        server = slapd.Slapd(WORLD, "apps-slapd", slapd.global_part() +
                             slapd.database_part(HOUSE.database))
        server.start()
        self.connection = server.root()

    def holds(self, text, **wanted):
        """Waits until one entry has these first values; with none, until there is no entry."""
        if self.connection is None:
            return

        def right(connection):
            found = connection.search_s(slapd.SUFFIX, slapd.ldap.SCOPE_SUBTREE, text)
            return ([{n: e[n][0].decode() for n in wanted} for _, e in found
                     if all(n in e for n in wanted)] == ([wanted] if wanted else []) and
                    len(found) == bool(wanted))
        slapd.wait_served(self.connection, right, f"{text} with {wanted}")


LDAP = Directory()


def people():
    return [u for u in SCIM.all_as(OKTA, "/Users") if u[ROLLCALL]["source"] == "fr"]


def all_as(self, token, path):
    answer = self.get(path + "?count=1000", token)
    equal(answer.status, 200, "list")
    return answer.resources


HouseScim.all_as = all_as


def found(token, text, path="/Users", **parameters):
    answer = SCIM.get(path, token, filter=text, **parameters)
    equal(answer.status, 200, answer.body[:200])
    equal(answer.json["totalResults"], len(answer.resources), "totalResults")
    return answer.resources


# ---- what HR owns ------------------------------------------------------------------------------

@test("what the HR system leaves is edited, in every form, and shows in LDAP")
def edits():
    one = next(u for u in people() if u["active"] and "title" in u)
    path, uid = "/Users/" + one["id"], one[ROLLCALL]["uid"]
    for operation, get, wanted in [
            (("replace", "title", "Chef"), lambda u: u["title"], "Chef"),
            (("Replace", None, {"title": "Chef 2"}), lambda u: u["title"], "Chef 2"),
            (("Add", USER + ":title", "Chef 3"), lambda u: u["title"], "Chef 3"),
            (("Add", None, {USER: {"title": "Chef 4"}}), lambda u: u["title"], "Chef 4"),
            (("add", 'phoneNumbers[type eq "mobile"].value', "+33 6"),
             lambda u: u["phoneNumbers"], [{"value": "+33 6", "type": "mobile"}]),
            (("Replace", 'phoneNumbers[type eq "mobile"].value', "+33 7"),
             lambda u: u["phoneNumbers"][0]["value"], "+33 7"),
            (("Remove", 'phoneNumbers[type eq "mobile"]', None),
             lambda u: u.get("phoneNumbers"), None),
            (("replace", "phoneNumbers", {"value": "+33 8", "type": "mobile"}),
             lambda u: u["phoneNumbers"][0]["value"], "+33 8"),
            (("Remove", "phoneNumbers", [{"value": "+33 8"}]),
             lambda u: u.get("phoneNumbers"), None),
            (("Add", 'addresses[type eq "home"].streetAddress', "1 rue"),
             lambda u: next(a for a in u["addresses"] if a["type"] == "home")["streetAddress"],
             "1 rue"),
            (("Add", 'addresses[type eq "home"].locality', "Paris"),
             lambda u: next(a for a in u["addresses"] if a["type"] == "home")["formatted"],
             "1 rue\nParis"),
            (("Remove", 'addresses[type eq "home"]', None),
             lambda u: [a for a in u.get("addresses", []) if a["type"] == "home"], [])]:
        answer = SCIM.patch(path, operation, token=EDIT)
        equal(answer.status, 200, f"{operation}: {answer.body[:300]}")
        equal(get(answer.json), wanted, str(operation))
        equal(SCIM.get(path, EDIT).json, answer.json, "read again")
    LDAP.holds(f"(uid={uid})", title="Chef 4")
    rows = [r for r in HOUSE.rows("log", one["id"]) if r.get("actor") == "scim:editor"]
    check(any(r.get("field") == "job_title" for r in rows), "audited with the client's name")
    HOUSE.rollcall("sync", "--full")
    equal(SCIM.get(path, EDIT).json["title"], "Chef 4", "after a sync")


@test("what the HR system keeps is refused by name, and passes unchanged; PUT leaves it alone")
def continuous():
    one = next(u for u in people() if u["active"] and "title" in u and "familyName" in u["name"])
    path = "/Users/" + one["id"]
    for operation in [("replace", "name.familyName", "Else"), ("Replace", "active", "False"),
                      ("replace", "displayName", "Else"), ("remove", "name.givenName", None),
                      ("replace", 'emails[type eq "work"].value', "else@x.example"),
                      ("replace", "userName", "else@x.example"),
                      ("replace", None, {ENTERPRISE + ":employeeNumber": "X9"})]:
        answer = SCIM.patch(path, ("replace", "title", "No"), operation, token=EDIT)
        SCIM.refused(answer, 400, "mutability", "fr")
    equal(SCIM.get(path, EDIT).json, one, "nothing of it")
    same = SCIM.patch(path, ("replace", "name.familyName", one["name"]["familyName"]),
                      ("Add", "active", "True"), ("replace", None, {"id": one["id"]}), token=EDIT)
    equal((same.status, same.json), (200, one), "unchanged")
    body = dict(one, title="Put", displayName="Else", name={"familyName": "Else"}, id="other")
    got = SCIM.write("PUT", path, body, EDIT)
    equal((got.status, got.json["title"], got.json["displayName"], got.json["name"]),
          (200, "Put", one["displayName"], one["name"]), "PUT")
    body.pop("title")
    check("title" not in SCIM.write("PUT", path, body, EDIT).json, "what is left out is emptied")
    SCIM.refused(SCIM.write("DELETE", path, token=OKTA), 403)


@test("a version between is refused, the current one is not")
def versions():
    path = "/Users/" + people()[0]["id"]
    old = SCIM.get(path, EDIT).headers["ETag"]
    now = SCIM.patch(path, ("replace", "title", "V1"), token=EDIT, headers={"If-Match": old})
    equal(now.status, 200, now.body[:200])
    SCIM.refused(SCIM.patch(path, ("replace", "title", "V2"), token=EDIT,
                            headers={"If-Match": old}), 412)
    equal(SCIM.patch(path, ("replace", "title", "V2"), token=EDIT,
                     headers={"If-Match": now.headers["ETag"]}).status, 200, "current")


@test("externalId is each client's own: shown, found, unique, and with a version of its own")
def external():
    one, two = people()[:2]
    path = "/Users/" + one["id"]
    before = SCIM.get(path, READ)
    got = SCIM.patch(path, ("add", "externalId", 'A"1'), token=READ)
    equal((got.status, got.json["externalId"]), (200, 'A"1'), "the answer")
    check(got.headers["ETag"] != before.headers["ETag"], "version")
    equal(got.json["meta"]["version"], got.headers["ETag"], "meta.version")
    equal({k: v for k, v in got.json.items() if k not in ("externalId", "meta")},
          {k: v for k, v in before.json.items() if k != "meta"}, "all else")
    equal(SCIM.get(path, EDIT).json, before.json, "another client")
    equal(SCIM.get(path, READ, headers={"If-None-Match": got.headers["ETag"]}).status, 304, "304")
    for text in ['externalId eq "A\\"1"', 'externalId sw "A"', "externalId pr",
                 f'externalId co "1" and id eq "{one["id"]}"']:
        equal([u["id"] for u in found(READ, text)], [one["id"]], text)
        equal(found(EDIT, text), [], f"{text}, another client")
    equal(found(READ, 'externalId eq "a\\"1"'), [], "letter case counts")
    check(one["id"] not in [u["id"] for u in found(READ, "not (externalId pr)")], "without")
    parts = SCIM.get(path + "?attributes=externalId,meta.version", READ).json
    equal((parts["externalId"], parts["meta"], set(parts)),
          ('A"1', {"version": got.headers["ETag"]}, {"schemas", "id", "externalId", "meta"}),
          "attributes")
    check("externalId" not in SCIM.get(path + "?excludedAttributes=externalId", READ).json,
          "excludedAttributes")
    first = SCIM.get("/Users?sortBy=externalId&count=1", READ).resources[0]
    equal(first["id"], one["id"], "sorted by it")
    SCIM.refused(SCIM.patch("/Users/" + two["id"], ("add", "externalId", 'A"1'), token=READ), 409,
                 "uniqueness")
    equal(SCIM.patch("/Users/" + two["id"], ("add", "externalId", 'A"1'), token=EDIT).status, 200,
          "another client's")
    listed = {u["id"]: u for u in SCIM.all_as(READ, "/Users")}
    equal(listed[one["id"]], got.json, "in a list")
    gone = SCIM.patch(path, ("remove", "externalId", None), token=READ)
    equal(gone.json, before.json, "removed")
    group = SCIM.all_as(READ, "/Groups")[0]
    equal(SCIM.patch("/Groups/" + group["id"], ("add", "externalId", "G1"), token=READ).status,
          204, "a group")
    equal([g["id"] for g in found(READ, 'externalId eq "G1"', "/Groups")], [group["id"]], "found")
    equal(SCIM.get("/Groups/" + group["id"], READ).json["members"], group["members"], "members")


@test("groups of the HR system are as they are")
def hr_groups():
    group = next(g for g in SCIM.all_as(OKTA, "/Groups") if len(g["members"]) > 1)
    path, member = "/Groups/" + group["id"], group["members"][0]["value"]
    for answer in [SCIM.patch(path, ("replace", "displayName", "Else"), token=OKTA),
                   SCIM.patch(path, ("remove", f'members[value eq "{member}"]', None), token=OKTA),
                   SCIM.write("DELETE", path, token=OKTA),
                   SCIM.write("PUT", path, dict(group, displayName="Else"), OKTA)]:
        check(answer.status in (400, 403), answer.body[:200])
    equal(SCIM.write("PUT", path, group, OKTA).status, 200, "unchanged")
    equal(SCIM.get(path, OKTA).json, group, "as before")


# ---- Entra -------------------------------------------------------------------------------------

def entra_user(name, **more):
    return {"schemas": [USER, ENTERPRISE], "externalId": "0a21f0f2-" + name,
            "userName": name + "@corp.example", "active": True,
            "emails": [{"primary": True, "type": "work", "value": name + "@corp.example"}],
            "meta": {"resourceType": "User"},
            "name": {"formatted": "Given Family", "familyName": "Family", "givenName": "Given"},
            "roles": [], **more}


@test("Entra: who is looked for and not there, made, found, changed, disabled and deleted")
def entra():
    equal(found(ENTRA, 'userName eq "0f9a-not-there"'), [], "the probe")
    made = SCIM.write("POST", "/Users", entra_user("ada"), ENTRA)
    equal(made.status, 201, made.body[:300])
    user, path = made.json, "/Users/" + made.json["id"]
    equal((user["userName"], user["externalId"], user["active"], user[ROLLCALL]["source"]),
          ("ada@corp.example", "0a21f0f2-ada", True, "local"), "the answer")
    equal(made.headers["Location"], user["meta"]["location"], "Location")
    for text in ['userName eq "ADA@corp.example"', 'externalId eq "0a21f0f2-ada"',
                 'emails[type eq "work"].value eq "ada@corp.example"']:
        equal([u["id"] for u in found(ENTRA, text)], [user["id"]], text)
    LDAP.holds("(mail=ada@corp.example)", sn="Family", givenName="Given")
    got = SCIM.patch(path, ("Replace", 'emails[type eq "work"].value', "ada2@corp.example"),
                     ("Replace", "name.familyName", "Byron"),
                     ("Add", 'phoneNumbers[type eq "mobile"].value', "+44 1"),
                     ("Add", ENTERPRISE + ":department", "Sales"),
                     ("Replace", "displayName", "Ada Byron"), token=ENTRA)
    equal((got.status, got.json["userName"], got.json["name"]["familyName"],
           got.json["phoneNumbers"][0]["value"], got.json[ENTERPRISE]["department"]),
          (200, "ada2@corp.example", "Byron", "+44 1", "Sales"), "PATCH")
    LDAP.holds("(mail=ada2@corp.example)", sn="Byron", departmentNumber="Sales")
    got = SCIM.patch(path, ("Replace", "userName", "ada@corp.example"), token=ENTRA)
    equal((got.json["userName"], got.json["emails"][0]["value"]),
          ("ada@corp.example", "ada@corp.example"), "userName")
    off = SCIM.patch(path, ("Replace", "active", "False"), token=ENTRA)
    equal((off.status, off.json["active"]), (200, False), "disabled")
    LDAP.holds("(mail=ada@corp.example)")
    equal([u["active"] for u in found(ENTRA, 'userName eq "ada@corp.example"')], [False],
          "still returned")
    on = SCIM.patch(path, ("Replace", "active", "True"), token=ENTRA)
    equal((on.json["active"], on.json["id"]), (True, user["id"]), "enabled again")
    LDAP.holds("(mail=ada@corp.example)", sn="Byron")
    equal(SCIM.write("DELETE", path, token=ENTRA).status, 204, "deleted")
    SCIM.refused(SCIM.get(path, ENTRA), 404)
    SCIM.refused(SCIM.write("DELETE", path, token=ENTRA), 404)
    equal(found(ENTRA, 'userName eq "ada@corp.example"'), [], "gone")
    LDAP.holds("(mail=ada@corp.example)")
    again = SCIM.write("POST", "/Users", entra_user("ada"), ENTRA)
    equal(again.status, 201, again.body[:200])
    check(again.json["id"] != user["id"], "a new one, with another id")
    SCIM.refused(SCIM.write("POST", "/Users", entra_user("ada"), ENTRA), 409, "uniqueness")
    SCIM.write("DELETE", "/Users/" + again.json["id"], token=ENTRA)


@test("Entra: managers among those it made, in the shapes it sends")
def entra_managers():
    boss = SCIM.write("POST", "/Users", entra_user("boss"), ENTRA).json
    made = SCIM.write("POST", "/Users", entra_user("pawn", **{
        ENTERPRISE: {"manager": {"value": boss["id"]}}}), ENTRA).json
    path, name = "/Users/" + made["id"], ENTERPRISE + ":manager"
    equal(made[ENTERPRISE]["manager"]["value"], boss["id"], "POST")
    for operation, wanted in [(("Remove", name, None), None), (("Add", name, boss["id"]), 1),
                              (("Replace", name, ""), None),
                              (("Replace", name, [{"value": boss["id"]}]), 1),
                              (("Add", ENTERPRISE + ".manager", {"value": boss["id"]}), 1)]:
        got = SCIM.patch(path, operation, token=ENTRA)
        equal(got.status, 200, got.body[:200])
        equal(got.json.get(ENTERPRISE, {}).get("manager", {}).get("value"),
              boss["id"] if wanted else None, str(operation))
    equal([u["id"] for u in found(ENTRA, f'id eq "{made["id"]}" and manager eq "{boss["id"]}"')],
          [made["id"]], "reference check")
    SCIM.refused(SCIM.patch(path, ("Add", name, "01234567-89ab-4def-8123-456789abcdef"),
                            token=ENTRA), 400, "invalidValue")
    for one in (made, boss):
        equal(SCIM.write("DELETE", "/Users/" + one["id"], token=ENTRA).status, 204, "deleted")


# ---- Okta --------------------------------------------------------------------------------------

def okta_user(name, **more):
    return {"schemas": [USER], "userName": name + "@okta.local",
            "name": {"givenName": "Test", "familyName": "User"},
            "emails": [{"primary": True, "value": name + "@okta.local", "type": "work"}],
            "displayName": "Test User", "locale": "en-US", "externalId": "00uj" + name,
            "groups": [], "password": "1mz050nq", "active": True, **more}


@test("Okta: made, replaced whole, disabled by PATCH, enabled by PUT")
def okta():
    path = "/Users?startIndex=1&count=100&filter=userName%20eq%20%22t%40okta.local%22"
    equal(SCIM.get(path, OKTA).resources, [], "not there")
    made = SCIM.write("POST", "/Users", okta_user("t"), OKTA)
    equal(made.status, 201, made.body[:300])
    check("1mz050nq" not in made.body.decode(), "no password")
    equal([u["id"] for u in SCIM.get(path, OKTA).resources], [made.json["id"]], "found")
    path = "/Users/" + made.json["id"]
    body = dict(SCIM.get(path, OKTA).json, name={"givenName": "Another", "familyName": "User"},
                displayName="Another User", title="Clerk")
    put = SCIM.write("PUT", path, body, OKTA)
    equal((put.status, put.json["name"]["givenName"], put.json["title"], put.json["userName"]),
          (200, "Another", "Clerk", "t@okta.local"), "PUT")
    LDAP.holds("(mail=t@okta.local)", givenName="Another", title="Clerk")
    put = SCIM.write("PUT", path, okta_user("t"), OKTA)
    check(put.status == 200 and "title" not in put.json, "what is left out is emptied")
    off = SCIM.write("PATCH", path, patch_body(("replace", None, {"active": False})), OKTA)
    equal((off.status, off.json["active"]), (200, False), "disabled")
    still = SCIM.write("PUT", path, {k: v for k, v in okta_user("t").items() if k != "active"},
                       OKTA)
    equal(still.json["active"], False, "a PUT without active leaves it")
    on = SCIM.write("PUT", path, okta_user("t"), OKTA)
    equal(on.json["active"], True, "enabled")
    LDAP.holds("(mail=t@okta.local)", sn="User")
    stored = HOUSE.bytes()
    check(b"1mz050nq" not in stored, "the password is nowhere")
    equal(SCIM.write("DELETE", path, token=OKTA).status, 204, "deleted")


@test("who comes back after the last day has no last day; one to come is kept")
def last_day():
    made = SCIM.write("POST", "/Users", okta_user("leaver"), OKTA).json
    path = "/Users/" + made["id"]
    got = SCIM.patch(path, ("add", ROLLCALL + ":endDate", "2020-01-01"), token=OKTA)
    equal((got.json["active"], got.json[ROLLCALL]["status"]), (False, "departed"), "left")
    got = SCIM.patch(path, ("add", "title", "Later"), token=OKTA)
    equal((got.status, got.json.get("title")), (200, None), "who has left stays as she was")
    got = SCIM.patch(path, ("replace", "active", True), token=OKTA)
    equal((got.json["active"], got.json[ROLLCALL].get("endDate"), got.json.get("title")),
          (True, None, "Later"), "back")
    got = SCIM.patch(path, ("add", ROLLCALL + ":endDate", "2099-01-01"), token=OKTA)
    equal((got.json["active"], got.json[ROLLCALL]["status"]), (True, "offboarding"), "to come")
    SCIM.refused(SCIM.patch(path, ("add", ROLLCALL + ":endDate", "soon"), token=OKTA), 400,
                 "invalidValue", "termination_date")
    SCIM.refused(SCIM.write("POST", "/Users", okta_user("never", active=False), OKTA), 400,
                 "invalidValue", "active")
    SCIM.write("DELETE", path, token=OKTA)


@test("people of nobody's: rights, uniqueness, what their source leaves out")
def rules():
    for token in (READ, EDIT):
        SCIM.refused(SCIM.write("POST", "/Users", okta_user("x"), token), 403)
    made = SCIM.write("POST", "/Users", okta_user("x"), OKTA).json
    path = "/Users/" + made["id"]
    equal(SCIM.get(path, ENTRA).json.get("externalId"), None, "another client's externalId")
    equal(SCIM.patch(path, ("replace", "title", "By Entra"), token=ENTRA).json["title"],
          "By Entra", "whoever has the right")
    SCIM.refused(SCIM.patch(path, ("replace", "title", "x"), token=READ), 403)
    hr = next(u for u in people() if u["active"] and "@" in u["userName"])
    SCIM.refused(SCIM.write("POST", "/Users", okta_user("x", userName=hr["userName"], emails=[]),
                            OKTA), 409, "uniqueness")
    SCIM.refused(SCIM.patch(path, ("replace", "userName", hr["userName"]), token=OKTA), 409,
                 "uniqueness")
    SCIM.refused(SCIM.write("POST", "/Users", okta_user("y", userName="z@okta.local"), OKTA), 400,
                 "invalidValue", "agree")
    SCIM.refused(SCIM.write("DELETE", path, token=EDIT), 403)
    HOUSE.rollcall("sync", "--full")
    equal(SCIM.get(path, OKTA).status, 200, "no sync touches her")
    equal(SCIM.write("DELETE", path, token=ENTRA).status, 204, "deleted")


@test("a hidden person stands in nobody's way, and answers as if she never was")
def hidden():
    hr = next(u for u in people() if u["active"] and "@" in u["userName"])
    HOUSE.rollcall("hide", hr[ROLLCALL]["uid"])
    never = "01234567-89ab-4def-8123-456789abcdef"
    patch = patch_body(("replace", "title", "x"))
    texts = []
    for uuid in (hr["id"], never):
        answers = [SCIM.write("PATCH", "/Users/" + uuid, patch, OKTA),
                   SCIM.write("PUT", "/Users/" + uuid, hr, OKTA),
                   SCIM.write("DELETE", "/Users/" + uuid, token=OKTA)]
        equal([a.status for a in answers], [404] * 3, "not there")
        texts.append([a.body for a in answers])
    equal(texts[0], texts[1], "the same words")
    made = SCIM.write("POST", "/Users", okta_user("n", userName=hr["userName"], emails=[]), OKTA)
    equal(made.status, 201, made.body[:300])
    equal(SCIM.write("DELETE", "/Users/" + made.json["id"], token=OKTA).status, 204, "deleted")
    HOUSE.rollcall("unhide", hr["id"])


@test("bulk: many at once, with references, each whole or not at all")
def bulk():
    operations = [{"method": "POST", "path": "/Users", "bulkId": f"u{n}",
                   "data": okta_user(f"bulk{n}", externalId=f"b{n}", **(
                       {ENTERPRISE: {"manager": {"value": "bulkId:u0"}}} if n else {}))}
                  for n in range(10)]
    operations[3]["data"]["userName"] = "bulk0@okta.local"
    operations[3]["data"]["emails"] = []
    answer = SCIM.write("POST", "/Bulk", {"schemas": [BULK], "Operations": operations}, OKTA)
    equal([o["status"] for o in answer.json["Operations"]],
          ["201"] * 3 + ["409"] + ["201"] * 6, answer.body[:300])
    equal(answer.json["Operations"][3]["response"]["scimType"], "uniqueness", "why")
    done = [o for o in answer.json["Operations"] if o["status"] == "201"]
    users = {u["userName"]: u for u in found(OKTA, 'userName sw "bulk"')}
    equal(len(users), 9, "made")
    equal(users["bulk5@okta.local"][ENTERPRISE]["manager"]["value"],
          users["bulk0@okta.local"]["id"], "the reference")
    equal({o["location"]: o["version"] for o in done},
          {u["meta"]["location"]: u["meta"]["version"] for u in users.values()}, "what is told")
    answer = SCIM.write("POST", "/Bulk", {"schemas": [BULK], "Operations": [
        {"method": "DELETE", "path": o["location"]} for o in done]}, OKTA)
    equal({o["status"] for o in answer.json["Operations"]}, {"204"}, "deleted")
    pair = [{"method": "POST", "path": "/Users", "bulkId": name, "data": okta_user(
        name, externalId=name, **{ENTERPRISE: {"manager": {"value": "bulkId:" + other}}})}
        for name, other in (("a", "b"), ("b", "a"))]
    answer = SCIM.write("POST", "/Bulk", {"schemas": [BULK], "Operations": pair}, OKTA)
    equal([o["status"] for o in answer.json["Operations"]], ["201", "201"], answer.body[:500])
    ids = [o["location"].rsplit("/", 1)[1] for o in answer.json["Operations"]]
    equal([SCIM.get("/Users/" + i, OKTA).json[ENTERPRISE]["manager"]["value"] for i in ids],
          ids[::-1], "each other's managers")
    for uuid in ids:
        SCIM.write("DELETE", "/Users/" + uuid, token=OKTA)


@test("Entra: a group made, renamed, filled, emptied and deleted")
def entra_groups():
    pair = [SCIM.write("POST", "/Users", entra_user(name), ENTRA).json for name in ("g1", "g2")]
    hr = next(u for u in people() if u["active"])
    made = SCIM.write("POST", "/Groups", {
        "schemas": [GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/"
                    "Group"], "externalId": "8aa1a0c0-c4c3", "displayName": "Visitors",
        "meta": {"resourceType": "Group"}}, ENTRA)
    equal(made.status, 201, made.body[:300])
    path = "/Groups/" + made.json["id"]
    equal([g["id"] for g in found(ENTRA, 'displayName eq "visitors"', "/Groups",
                                  excludedAttributes="members")], [made.json["id"]], "found")

    def group(*operations):
        answer = SCIM.patch(path, *operations, token=ENTRA)
        equal((answer.status, answer.body), (204, b""), str(operations))
        return {m["value"] for m in SCIM.get(path, ENTRA).json.get("members", [])}

    ids = [one["id"] for one in pair]
    equal(group(("Add", "members", [{"value": i} for i in ids])), set(ids), "two")
    LDAP.holds("(&(objectClass=groupOfNames)(cn=Visitors))", cn="Visitors")
    equal(group(("Add", "members", [{"value": hr["id"]}, {"value": ids[0]}])),
          {*ids, hr["id"]}, "one of the HR system's")
    check(made.json["id"] in [g["value"] for g in SCIM.get("/Users/" + hr["id"],
                                                          ENTRA).json["groups"]], "both sides")
    LDAP.holds(f"(&(uid={hr[ROLLCALL]['uid']})(memberOf=cn=Visitors,ou=groups,{slapd.SUFFIX}))",
               uid=hr[ROLLCALL]["uid"])
    equal([g["id"] for g in found(ENTRA, f'id eq "{made.json["id"]}" and members eq "{ids[0]}"',
                                  "/Groups")], [made.json["id"]], "reference check")
    equal(group(("Remove", "members", [{"value": ids[0]}])), {ids[1], hr["id"]}, "a value list")
    equal(group(("Remove", f'members[value eq "{ids[1]}"]', None)), {hr["id"]}, "a filter")
    group(("Replace", "displayName", "Guests of ours"))
    equal(SCIM.get(path, ENTRA).json["displayName"], "Guests of ours", "renamed")
    LDAP.holds("(cn=Guests of ours)", cn="Guests of ours")
    HOUSE.rollcall("sync", "--full")
    equal(group(("Add", "members", [{"value": ids[0]}])), {ids[0], hr["id"]}, "after a sync")
    SCIM.refused(SCIM.patch(path, ("Add", "members", [
        {"value": "01234567-89ab-4def-8123-456789abcdef"}]), token=ENTRA), 400, "invalidValue")
    equal(SCIM.write("DELETE", path, token=ENTRA).status, 204, "deleted")
    SCIM.refused(SCIM.get(path, ENTRA), 404)
    LDAP.holds("(cn=Guests of ours)")
    for i in ids:
        equal(SCIM.write("DELETE", "/Users/" + i, token=ENTRA).status, 204, "deleted")


@test("Okta: a group with its members, renamed with its id in the value, replaced, emptied")
def okta_groups():
    user = SCIM.write("POST", "/Users", okta_user("member"), OKTA).json
    made = SCIM.write("POST", "/Groups", {
        "schemas": [GROUP], "displayName": "Test SCIM",
        "members": [{"value": user["id"], "display": user["userName"]}]}, OKTA)
    equal((made.status, [m["value"] for m in made.json["members"]]), (201, [user["id"]]), "made")
    path = "/Groups/" + made.json["id"]
    equal(SCIM.patch(path, ("replace", None, {"id": made.json["id"],
                                              "displayName": "Test SCIMv2"}), token=OKTA).status,
          204, "renamed")
    SCIM.refused(SCIM.write("POST", "/Groups", {"schemas": [GROUP], "displayName": "test scimv2"},
                            OKTA), 409, "uniqueness")
    put = SCIM.write("PUT", path, {"schemas": [GROUP], "id": made.json["id"],
                                   "displayName": "Test SCIMv3", "members": []}, OKTA)
    equal((put.status, put.json["displayName"], put.json.get("members", [])),
          (200, "Test SCIMv3", []), "PUT")
    equal(SCIM.write("DELETE", path, token=OKTA).status, 204, "deleted")
    SCIM.write("DELETE", "/Users/" + user["id"], token=OKTA)


@test("Node: a library's resources, made, changed and taken away")
def node():
    facts = {"base": SCIM.base, "token": OKTA}
    WORLD.run(clients.node("scim.cjs", "writing", facts), environment=clients.environment(WORLD))


@test("with rollcalld down reading goes on, and writing again when it is back")
def down():
    one = people()[0]
    path = "/Users/" + one["id"]
    HOUSE.stop()
    SCIM.refused(SCIM.patch(path, ("replace", "title", "Down"), token=EDIT), 503)
    equal(SCIM.get(path, OKTA).json, one, "reading")
    HOUSE.start()
    equal(SCIM.patch(path, ("replace", "title", "Up"), token=EDIT).json["title"], "Up", "writing")


@test("nothing of people is in the log")
def log():
    text = SCIM.process.text()
    for word in ("okta.local", "corp.example", "1mz050nq", "00ujbulk1"):
        check(word not in text, word)
    equal(SCIM.stop(), 0, "exit status")


main()
