"""What rollcall-scimd asks of rollcalld, and what it makes of the answers: the daemon's part is
played by a socket that notes what is asked and answers what it is told."""
import json
import os
import select
import socket
import sys
import threading
import time

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "../lib"), os.path.dirname(__file__)]
from scim_tools import (BULK, BULK_ANSWER, ENTERPRISE, GROUP, PATCH, TYPE, USER, Scim,
                        patch_body)                                 # noqa: E402
from tap import check, equal, holds, main, test                     # noqa: E402
from world import World, wait_until                                 # noqa: E402

WORLD = World()
SOCKET = WORLD.path("rollcalld.sock")
EDIT, LOCAL = "rcs_edit-token", "rcs_local-token"
NEW = "00000000-0000-4000-8000-00000000000%d"


class Daemon:
    """Listens where rollcalld would. `answer` is called with each message's arguments."""

    def __init__(self):
        self.asked = []
        self.answer = self.nothing
        self.listener = None
        self.start()

    def nothing(self, arguments):
        return {"result": {"id": arguments.get("id", NEW % 1), "revision": 0}}

    def start(self):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(SOCKET)
        self.listener.listen(400)
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def stop(self):
        os.unlink(SOCKET)
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self, listener):
        while True:
            try:
                connection = listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            message = json.loads(connection.makefile("rb").readline())
            equal(message["request"], "scim.write", "request")
            self.asked.append(message["arguments"])
            answer = self.answer(message["arguments"])
            if answer is not None:
                connection.sendall(json.dumps(answer).encode() + b"\n")

    def take(self):
        asked, self.asked = self.asked, []
        return asked

    def refuse(self, code, text="why"):
        self.answer = lambda arguments: {"error": {"code": code, "text": text}}


DAEMON = Daemon()
SCIM = Scim(WORLD, 60, server=f"socket = {SOCKET}\n", scim="max_connections_per_address = 1000\n")
SCIM.client("editor", EDIT, rights="edit")
SCIM.client("local", LOCAL, rights="local")
SCIM.setting(field__job_title="readWrite", user_name="work-email")
SCIM.start()
USERS = SCIM.all("/Users")
ONE = next(u for u in USERS if u["active"] and "title" in u and u["userName"].isascii() and
           "@" in u["userName"] and u.get("groups"))
TEAM = min((g for g in SCIM.all("/Groups") if len(g["members"]) > 1),
           key=lambda g: len(g["members"]))
HERS, ITS = f"/Users/{ONE['id']}", f"/Groups/{TEAM['id']}"
CLIENTS = dict(SCIM.query("SELECT name, id FROM client"))
STAMP = dict((row[0], row[1]) for row in SCIM.query(
    "SELECT p.uid, s.modified FROM v_shown s JOIN v_person p ON p.id = s.person"))


def asked(answer, status, wanted):
    """An answer, and what was asked for it; without what is the same in all."""
    equal(answer.status, status, answer.body[:300])
    got = DAEMON.take()
    for arguments in got:
        arguments.pop("client")
    equal(got, wanted, "what was asked")


@test("PATCH asks for what differs, and for nothing when nothing does")
def patches():
    change = {"type": "User", "op": "change", "id": ONE["id"]}
    for operations, wanted in [
            ([("replace", "title", "Boss")], {"fields": {"job_title": "Boss"}}),
            ([("Replace", None, {"active": "False", "name.givenName": "X"})],
             {"fields": {"employment_status": "INACTIVE", "first_name": "X"}}),
            ([("remove", "title", None)], {"fields": {"job_title": None}}),
            ([("add", ENTERPRISE + ":manager", {"value": NEW % 2})],
             {"fields": {"manager": NEW % 2}}),
            ([("add", "externalId", "x")], {"external_id": "x"}),
            ([("replace", "title", ONE["title"]), ("add", "active", True)], None)]:
        answer = SCIM.patch(HERS, *operations, token=EDIT)
        asked(answer, 200, [] if wanted is None else [change | wanted])
        equal(answer.json, ONE, "the resource")
        equal(answer.headers["ETag"], ONE["meta"]["version"], "ETag")
    SCIM.patch(HERS, ("replace", "title", "Boss"), token=EDIT)
    equal(DAEMON.take()[0]["client"], CLIENTS["editor"], "who asks")


@test("a group's PATCH names members alone, and is answered without the group")
def group_patches():
    change = {"type": "Group", "op": "change", "id": TEAM["id"]}
    member = TEAM["members"][0]["value"]
    other = next(u["id"] for u in USERS if u["id"] not in str(TEAM["members"]))
    for operation, wanted in [
            (("Add", "members", [{"value": other}]), {"members": {"add": [other],
                                                                  "remove": []}}),
            (("Remove", f'members[value eq "{member}"]', None),
             {"members": {"add": [], "remove": [member]}}),
            (("Remove", "members", [{"value": member}]),
             {"members": {"add": [], "remove": [member]}}),
            (("replace", None, {"id": TEAM["id"], "displayName": "New"}),
             {"fields": {"display_name": "New"}}),
            (("replace", "members", []), {"members": {"set": []}}),
            (("Add", "members", [{"value": member}]), None)]:
        answer = SCIM.patch(ITS, operation, token=LOCAL)
        asked(answer, 204, [] if wanted is None else [change | wanted])
        equal((answer.body, answer.headers["Content-Type"]), (b"", None), "no body")
    answer = SCIM.patch(ITS + "?attributes=displayName", ("Add", "members", [member]),
                        token=LOCAL)
    equal((answer.status, answer.json["displayName"]), (200, TEAM["displayName"]), "a part")
    check("members" not in answer.json, "no members")


@test("PUT asks for all that is named; of a group for what differs")
def puts():
    body = {"schemas": [USER], "userName": ONE["userName"], "title": "Boss", "id": "x",
            "emails": [{"value": ONE["userName"], "type": "work"}], "password": "secret",
            "nickName": "n", "active": True, "externalId": "x"}
    replace = {"type": "User", "op": "replace", "id": ONE["id"]}
    asked(SCIM.write("PUT", HERS, body, EDIT), 200, [replace | {
        "fields": {"work_email": ONE["userName"], "job_title": "Boss"}, "external_id": "x"}])
    asked(SCIM.write("PUT", HERS, ONE, EDIT), 200, [replace | {"fields": DAEMON_FIELDS}])
    asked(SCIM.write("PUT", ITS, TEAM, LOCAL), 200, [])
    asked(SCIM.write("PUT", ITS, {"schemas": [GROUP], "displayName": "New"}, LOCAL), 200,
          [{"type": "Group", "op": "change", "id": TEAM["id"],
            "fields": {"display_name": "New"}}])
    asked(SCIM.write("PUT", ITS, TEAM | {"members": TEAM["members"][1:]}, LOCAL), 200,
          [{"type": "Group", "op": "change", "id": TEAM["id"],
            "members": {"set": [m["value"] for m in TEAM["members"][1:]]}}])


# What ONE has of the fields of schema/fields.def, in its resource.
DAEMON_FIELDS = {}


def fields_of_one():
    SCIM.write("PUT", HERS, ONE, EDIT)
    DAEMON_FIELDS.update(DAEMON.take()[0]["fields"])
    equal((DAEMON_FIELDS["job_title"], DAEMON_FIELDS["work_email"],
           DAEMON_FIELDS["first_name"]),
          (ONE["title"], ONE["userName"], ONE["name"]["givenName"]), "fields")
    check("employment_status" not in DAEMON_FIELDS and "groups" not in DAEMON_FIELDS,
          "what is derived is not asked for")


@test("POST asks for a new one, tells where it is, and shows it")
def posts():
    shown = {"id": ONE["id"], "revision": 7}
    DAEMON.answer = lambda arguments: {"result": shown}
    answer = SCIM.write("POST", "/Users", {
        "schemas": [USER, ENTERPRISE], "userName": "new@x.example", "active": True,
        "name": {"givenName": "N", "familyName": "E"}, "password": "p", "externalId": "e",
        ENTERPRISE: {"department": "D"}}, LOCAL)
    asked(answer, 201, [{"type": "User", "op": "create", "external_id": "e", "fields": {
        "first_name": "N", "last_name": "E", "work_email": "new@x.example",
        "department": "D"}}])
    equal(answer.json, ONE, "the resource")
    equal((answer.headers["Location"], answer.headers["ETag"]),
          (ONE["meta"]["location"], ONE["meta"]["version"]), "headers")
    shown["id"] = TEAM["id"]
    answer = SCIM.write("POST", "/Groups?excludedAttributes=members", {
        "schemas": [GROUP], "displayName": "T", "members": [{"value": ONE["id"]}]}, LOCAL)
    asked(answer, 201, [{"type": "Group", "op": "create", "members": {"set": [ONE["id"]]},
                         "fields": {"display_name": "T"}}])
    check("members" not in answer.json, "no members")
    shown["id"] = NEW % 3
    answer = SCIM.write("POST", "/Users", {"schemas": [USER], "userName": "n@x.example"}, LOCAL)
    asked(answer, 201, [{"type": "User", "op": "create",
                         "fields": {"work_email": "n@x.example"}}])
    equal((answer.body, answer.headers["Location"]), (b"", SCIM.base + "/Users/" + NEW % 3),
          "one the view does not show yet")
    DAEMON.answer = DAEMON.nothing


@test("DELETE asks to remove")
def deletes():
    asked(SCIM.write("DELETE", HERS, token=LOCAL), 204,
          [{"type": "User", "op": "remove", "id": ONE["id"]}])
    asked(SCIM.write("DELETE", ITS, token=LOCAL), 204,
          [{"type": "Group", "op": "remove", "id": TEAM["id"]}])
    for path in ["/Users/" + NEW % 1, "/Users/" + TEAM["id"], "/Groups/" + ONE["id"],
                 "/Users/" + ONE["id"].upper()]:
        SCIM.refused(SCIM.write("DELETE", path, token=LOCAL), 404)
    equal(DAEMON.take(), [], "nothing was asked")


@test("a version that was asked for is asked for, and another is refused here already")
def versions():
    tag = ONE["meta"]["version"]
    stamp = STAMP[ONE["urn:ietf:params:scim:schemas:extension:rollcall:2.0:User"]["uid"]]
    for value in [tag, tag[2:], '"x", ' + tag]:
        SCIM.patch(HERS, ("replace", "title", "B"), token=EDIT, headers={"If-Match": value})
        equal(DAEMON.take()[0]["if_revision"], stamp, value)
    for method, path, body in [("PATCH", HERS, patch_body(("replace", "title", "B"))),
                               ("PUT", HERS, ONE), ("DELETE", HERS, None),
                               ("DELETE", ITS, None)]:
        SCIM.refused(SCIM.write(method, path, body, LOCAL, {"If-Match": 'W/"x"'}), 412)
    SCIM.refused(SCIM.write("DELETE", "/Users/x", token=LOCAL, headers={"If-Match": "*"}), 404)
    equal(DAEMON.take(), [], "nothing was asked")


@test("rights: read sets externalId alone, edit adds and removes nobody")
def rights():
    asked(SCIM.patch(HERS, ("add", "externalId", "x")), 200,
          [{"type": "User", "op": "change", "id": ONE["id"], "external_id": "x"}])
    asked(SCIM.write("PUT", HERS, ONE | {"externalId": "y"}), 200,
          [{"type": "User", "op": "change", "id": ONE["id"], "external_id": "y"}])
    asked(SCIM.write("PUT", HERS, ONE | {"displayName": "Z"}), 200, [])
    for answer in [SCIM.write("PUT", HERS, ONE | {"title": "Z"}),
                   SCIM.patch(HERS, ("replace", "title", "Z")),
                   SCIM.patch(ITS, ("replace", "members", [])),
                   SCIM.write("POST", "/Users", {}, EDIT), SCIM.write("DELETE", HERS, token=EDIT),
                   SCIM.write("POST", "/Groups", {}, EDIT), SCIM.write("POST", "/Users", {})]:
        SCIM.refused(answer, 403)
    equal(DAEMON.take(), [], "nothing was asked")


@test("what the daemon refuses is told, with its status and type")
def refusals():
    for code, status, scim_type in [
            ("REFUSED", 403, None), ("MUTABILITY", 400, "mutability"),
            ("CONFLICT", 409, "uniqueness"), ("USAGE", 400, "invalidValue"),
            ("HELD", 503, None), ("BUSY", 503, None), ("DB_FULL", 503, None),
            ("PRECONDITION", 412, None)]:
        DAEMON.refuse(code)
        answer = SCIM.patch(HERS, ("replace", "title", "x"), token=EDIT)
        SCIM.refused(answer, status, scim_type, "why")
        equal(answer.headers["Retry-After"] is not None, status == 503, "Retry-After")
    DAEMON.answer = DAEMON.nothing
    DAEMON.take()


@test("bodies that cannot be are refused before anything is asked")
def bodies():
    for method, path in [("POST", "/Users"), ("PUT", HERS), ("PATCH", HERS), ("POST", "/Groups"),
                         ("PUT", ITS), ("PATCH", ITS), ("POST", "/Bulk")]:
        for body, scim_type in [("", "invalidSyntax"), ("{", "invalidSyntax"),
                                ("[]", "invalidSyntax"), ("{}", "invalidSyntax"),
                                ('{"schemas":["urn:x"]}', "invalidSyntax"),
                                ("[" * 40, "invalidSyntax"), (b'{"a":"\xff"}', "invalidSyntax"),
                                ('{"schemas":[],"schemas":[]}', "invalidSyntax")]:
            SCIM.refused(SCIM.write(method, path, body, LOCAL), 400, scim_type)
        for value in ["text/xml", "application/x-www-form-urlencoded", "text/plain"]:
            SCIM.refused(SCIM.write(method, path, "{}", LOCAL, {"Content-Type": value}), 415)
        SCIM.refused(SCIM.write(method, path, "{}", LOCAL, {"Accept": "text/html"}), 406)
        SCIM.refused(SCIM.write(method, path, " " * 1048577, LOCAL), 413, None, "1048576")
        SCIM.close()
    SCIM.refused(SCIM.write("PATCH", HERS + "?attributes=a&excludedAttributes=b",
                            patch_body(("remove", "title", None)), EDIT), 400, "invalidValue")
    SCIM.refused(SCIM.patch(HERS, ("replace", "nickName", "x"), token=EDIT), 400, "invalidPath",
                 "operation 1")
    equal(DAEMON.take(), [], "nothing was asked")


@test("with rollcalld down changes are refused, and reading goes on")
def down():
    DAEMON.stop()
    answer = SCIM.patch(HERS, ("replace", "title", "x"), token=EDIT)
    SCIM.refused(answer, 503, None, "rollcalld")
    check(int(answer.headers["Retry-After"]) > 0, "Retry-After")
    check(SOCKET not in answer.json["detail"], "no path")
    equal(SCIM.get(HERS).json, ONE, "reading")
    equal(SCIM.patch(HERS, ("replace", "title", ONE["title"]), token=EDIT).status, 200,
          "what changes nothing needs nobody")
    DAEMON.start()
    equal(SCIM.patch(HERS, ("replace", "title", "x"), token=EDIT).status, 200, "up again")
    DAEMON.answer = lambda arguments: None
    SCIM.refused(SCIM.patch(HERS, ("replace", "title", "x"), token=EDIT), 503)
    DAEMON.answer = DAEMON.nothing
    DAEMON.take()


def begin_write(scim, title):
    """A write on a connection of its own, whose answer is not waited for."""
    body = json.dumps(patch_body(("replace", "title", title)))
    connection = scim.connect()
    connection.request("PATCH", "/scim/v2" + HERS, body,
                       {"Authorization": "Bearer " + EDIT, "Content-Type": TYPE})
    return connection


@test("a rollcalld that does not answer holds up writes alone; too many of them are refused")
def silent():
    go = threading.Event()

    def answer(arguments):
        go.wait(15)
        return DAEMON.nothing(arguments)

    DAEMON.answer = answer
    try:
        hold_up(go)
    finally:
        go.set()
    equal(SCIM.patch(HERS, ("replace", "title", "x"), token=EDIT).status, 200, "afterwards")
    DAEMON.answer = DAEMON.nothing
    DAEMON.take()


def hold_up(go):
    waiting = {c.sock: c for c in [begin_write(SCIM, f"w{n}") for n in range(4 + 256 + 10)]}
    refused = []
    while len(refused) < 10:
        for sock in select.select(list(waiting), [], [], 20)[0]:
            refused.append(waiting.pop(sock))
            equal(refused[-1].getresponse().status, 503, "one too many")
    wait_until(lambda: len(DAEMON.asked) == 4, "asked at a time")
    began = time.monotonic()
    for _ in range(50):
        equal(SCIM.get(HERS).status, 200, "reading")
    check(time.monotonic() - began < 5, "reading does not wait")
    waiting.popitem()[1].close()
    go.set()
    for connection in waiting.values():
        equal(connection.getresponse().status, 200, "those that waited")
        connection.close()


@test("the answer shows what was committed before rollcalld answered")
def shown():
    person = SCIM.query("SELECT id FROM v_person WHERE hex(uuid) = ?",
                        ONE["id"].replace("-", "").upper())[0][0]

    def answer(arguments):
        SCIM.change("set", person, "job_title", arguments["fields"]["job_title"])
        return {"result": {"id": ONE["id"], "revision": 1}}

    DAEMON.answer = answer
    before = ONE
    for number in range(5):
        got = SCIM.patch(HERS, ("replace", "title", f"Now {number}"), token=EDIT)
        equal((got.status, got.json["title"]), (200, f"Now {number}"), "the answer")
        check(got.json["meta"]["version"] != before["meta"]["version"], "version")
        equal(got.headers["ETag"], got.json["meta"]["version"], "ETag")
        equal(SCIM.get(HERS).json, got.json, "read again")
        before = got.json
    DAEMON.answer = lambda arguments: (SCIM.change("hide", person), DAEMON.nothing(arguments))[1]
    equal(SCIM.patch(HERS, ("replace", "title", "x"), token=EDIT).status, 204, "out of sight")
    SCIM.refused(SCIM.get(HERS), 404)
    SCIM.change("show", person)
    wait_until(lambda: SCIM.get(HERS).status == 200, "back")
    DAEMON.answer = DAEMON.nothing
    DAEMON.take()


# ---- bulk --------------------------------------------------------------------------------------

def bulk(*operations, status=200, token=LOCAL, **members):
    answer = SCIM.write("POST", "/Bulk", {"schemas": [BULK], "Operations": list(operations),
                                          **members}, token)
    equal(answer.status, status, answer.body[:500])
    if status == 200:
        equal(answer.json["schemas"], [BULK_ANSWER], "schemas")
        return answer.json["Operations"]
    return answer


def makes_ids():
    made = []

    def answer(arguments):
        if arguments["op"] != "create":
            return DAEMON.nothing(arguments)
        made.append(arguments)
        return {"result": {"id": NEW % len(made), "revision": 1}}
    DAEMON.answer = answer


def new_user(name, manager=None, bulk_id=None):
    data = {"schemas": [USER, ENTERPRISE], "userName": name + "@x.example"}
    if manager is not None:
        data[ENTERPRISE] = {"manager": {"value": "bulkId:" + manager}, "department": "D"}
    return {"method": "POST", "path": "/Users", "bulkId": bulk_id or name, "data": data}


@test("bulk: each operation has its result, in order")
def bulk_results():
    makes_ids()
    got = bulk(new_user("a"),
               {"method": "patch", "path": HERS, "data": patch_body(("remove", "title", None))},
               {"method": "PUT", "path": ITS, "data": TEAM},
               {"method": "DELETE", "path": HERS},
               {"method": "DELETE", "path": "/Users/x", "bulkId": "z"},
               {"method": "PATCH", "path": HERS, "version": 'W/"x"',
                "data": patch_body(("remove", "title", None))})
    equal([(o["method"], o["status"]) for o in got],
          [("POST", "201"), ("patch", "200"), ("PUT", "200"), ("DELETE", "204"),
           ("DELETE", "404"), ("PATCH", "412")], "results")
    equal(got[0]["location"], SCIM.base + "/Users/" + NEW % 1, "location")
    equal(got[1]["version"], SCIM.get(HERS).headers["ETag"], "version")
    equal((got[4]["response"]["status"], got[4]["bulkId"]), ("404", "z"), "error")
    check("response" not in got[0] and "version" not in got[3], "no more than needed")
    DAEMON.take()


@test("bulk: what one makes another may name, also one that stands before it")
def bulk_references():
    makes_ids()
    team = {"method": "POST", "path": "/Groups", "bulkId": "t", "data": {
        "schemas": [GROUP], "displayName": "T",
        "members": [{"value": "bulkId:a"}, {"value": "bulkId:b"}]}}
    got = bulk(team, new_user("b", manager="a"), new_user("a"),
               {"method": "PATCH", "path": HERS, "data": patch_body(
                   ("add", ENTERPRISE + ":manager", {"value": "bulkId:b"}))})
    equal([o["status"] for o in got], ["201", "201", "201", "200"], "results")
    asked = DAEMON.take()
    equal([a.get("fields", {}).get("work_email") for a in asked],
          ["a@x.example", "b@x.example", None, None], "the order")
    equal(asked[1]["fields"]["manager"], NEW % 1, "manager")
    equal(asked[2]["members"], {"set": [NEW % 1, NEW % 2]}, "members")
    equal(asked[3]["fields"]["manager"], NEW % 2, "a PATCH")
    equal(got[0]["location"], SCIM.base + "/Groups/" + NEW % 3, "location")


@test("bulk: who name each other are made first, and named afterwards")
def bulk_circles():
    makes_ids()
    # The view must show them for the second step, so two who are there are answered.
    ids = iter([ONE["id"], USERS[1]["id"]])
    DAEMON.answer = lambda arguments: {"result": {
        "id": arguments.get("id") or next(ids), "revision": 1}}
    got = bulk(new_user("a", manager="b"), new_user("b", manager="a"))
    equal([o["status"] for o in got], ["201", "201"], "results")
    asked = DAEMON.take()
    equal([(a["op"], a["fields"].get("manager"), a["fields"].get("department"))
           for a in asked],
          [("create", None, "D"), ("create", ONE["id"], "D"),
           ("change", USERS[1]["id"], None)] if asked[0]["fields"].get("work_email") ==
          "b@x.example" else
          [("create", None, "D"), ("create", asked[2]["id"], "D"),
           ("change", asked[2]["fields"]["manager"], None)], "what was asked")


@test("bulk: a circle that cannot be closed is 409, and nothing of it stays")
def bulk_open_circle():
    makes_ids()
    got = bulk(new_user("a", manager="b"), new_user("b", manager="a"))
    equal(sorted(o["status"] for o in got), ["201", "409"], "results")
    DAEMON.take()


@test("bulk: references to nothing, and to what failed, are 409; the rest goes on")
def bulk_failures():
    makes_ids()
    got = bulk(new_user("a", manager="nobody"), new_user("b", manager="a"), new_user("c"))
    equal([o["status"] for o in got], ["409", "409", "201"], "results")
    check("location" not in got[0], "no location")
    got = bulk(new_user("a", manager="nobody"), new_user("b", manager="a"), new_user("c"),
               new_user("d"), failOnErrors=2)
    equal([o["status"] for o in got], ["409", "409"], "failOnErrors")
    DAEMON.stop()
    got = bulk(new_user("a"), new_user("b"))
    equal([o["status"] for o in got], ["503", "503"], "rollcalld is down")
    DAEMON.start()
    DAEMON.take()


@test("bulk: operations that cannot be fail alone; a request that cannot be, whole")
def bulk_mistakes():
    makes_ids()
    patch = patch_body(("remove", "title", None))
    for operation, status in [
            ({}, "400"), ({"method": "GET", "path": "/Users"}, "400"),
            ({"method": "POST", "path": "/Users"}, "400"),
            ({"method": "POST", "path": HERS, "bulkId": "q", "data": {}}, "400"),
            ({"method": "PATCH", "path": "/Users", "data": patch}, "400"),
            ({"method": "PATCH", "path": HERS}, "400"),
            ({"method": "PATCH", "path": "/Nobody/x", "data": patch}, "400"),
            ({"method": "PATCH", "path": "/Users/bulkId:q", "data": patch}, "409"),
            ({"method": "PATCH", "path": "/Users/" + "x" * 500, "data": patch}, "404"),
            ({"method": "PATCH", "path": 3, "data": patch}, "400")]:
        equal([o["status"] for o in bulk(operation)], [status], str(operation)[:200])
    for members in [{"failOnErrors": 0}, {"failOnErrors": "1"}]:
        bulk({}, status=400, **members)
    bulk(status=400)
    bulk(3, status=400)
    bulk(new_user("a"), new_user("b", bulk_id="a"), status=400)
    holds(bulk(*[{}] * 1001, status=413).json["detail"], "1000")
    equal(len(bulk(*[{}] * 1000)), 1000, "at the limit")
    SCIM.refused(SCIM.get("/Bulk"), 405)
    equal([o["status"] for o in bulk(new_user("a"), token=EDIT)], ["403"], "rights")
    DAEMON.take()


@test("a service that is stopped ends what waits")
def stopped():
    DAEMON.answer = DAEMON.nothing
    release = threading.Event()
    DAEMON.answer = lambda arguments: release.wait(10) and DAEMON.nothing(arguments)
    waiting = begin_write(SCIM, "last")
    wait_until(lambda: len(DAEMON.asked) == 1, "it is asked")
    threading.Timer(0.5, release.set).start()
    equal(SCIM.stop(), 0, "exit status")
    waiting.close()


fields_of_one()
check(PATCH in str(patch_body()), "PatchOp")
main()
