"""What clients of SCIM write, asked of the daemon over its socket as rollcall-scimd asks."""
import hashlib
import json
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox, fix_clock                       # noqa: E402
from house import House                                     # noqa: E402
from tap import Skip, check, equal, holds, main, test      # noqa: E402
from world import World                                     # noqa: E402

WORLD = World()
fix_clock(WORLD)
SANDBOX = Sandbox(WORLD, "id=lucca:hr,people=20,seed=5")
HOUSE = House(WORLD)
HOUSE.source("fr", SANDBOX, "lucca:hr", fields="job_title = import-once\nmobile_phone = local\n"
             "work_email = import-once")
LOCAL = "[source]\nprovider = local\n[fields]\nmobile_phone = continuous\n"
CLIENTS = {}


def client(name, rights, *words):
    HOUSE.rollcall("client", "add", name, "--scim", "--rights", rights, *words)
    CLIENTS[name] = HOUSE.query("SELECT id FROM client WHERE name = ?", name)[0][0]


def write(name, op, uuid=None, kind="User", **rest):
    """(answer, None) or (None, error)."""
    arguments = {"client": CLIENTS[name], "type": kind, "op": op, **rest}
    if uuid:
        arguments["id"] = uuid if "-" in uuid else "-".join(
            (uuid[:8], uuid[8:12], uuid[12:16], uuid[16:20], uuid[20:]))
    return HOUSE.request("scim.write", **arguments)


def done(name, op, uuid=None, **rest):
    answer, error = write(name, op, uuid, **rest)
    equal(error, None, f"error of {op} {rest}")
    return answer


def refused(code, part, name, op, uuid=None, **rest):
    before = (HOUSE.revision(), dump())
    answer, error = write(name, op, uuid, **rest)
    equal((answer, error and error["code"]), (None, code), f"{op} {rest}: {error}")
    holds(error["text"], part)
    equal((HOUSE.revision(), dump()), before, "nothing was written")
    return error


def dump():
    """What a refused request leaves as it was."""
    rows = [HOUSE.query(f"SELECT * FROM {table}") for table in
            ("value", "external_id", "employee", "unit", "v_person", "v_shown", "v_member", "act")]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def people(source="fr"):
    return [row for row in HOUSE.rows("list") if row["source"] == source]


def served(uuid, field):
    return HOUSE.query(f"SELECT {field} FROM v_person WHERE uuid = ?",
                       bytes.fromhex(uuid.replace("-", "")))[0][0]


def audit(uuid):
    return [row for row in HOUSE.rows("log", uuid)]


@test("nothing is believed of the client but which one it is; who is not shown never existed")
def clients():
    HOUSE.start()
    HOUSE.rollcall("source", "approve", "fr")
    client("reader", "read")
    client("editor", "edit")
    client("owner", "local")
    client("late", "local", "--expires", "1h")
    someone, hidden = people()[0]["id"], people()[1]["id"]
    HOUSE.rollcall("hide", people()[1]["uid"])
    never = "01234567-89ab-4def-8123-456789abcdef"
    CLIENTS["nobody"] = 4711
    refused("UNAUTHORIZED", "no more", "nobody", "change", someone, fields={"job_title": "X"})
    refused("REFUSED", "needs edit", "reader", "change", someone, fields={"job_title": "X"})
    refused("REFUSED", "needs local", "editor", "create", fields={"last_name": "X"})
    for op in ("change", "replace", "remove"):
        texts = [refused("NOT_FOUND", "there is no User", "owner", op, uuid,
                         fields={"job_title": "X"})["text"].replace(uuid, "ID")
                 for uuid in (hidden, never)]
        equal(texts[0], texts[1], "the hidden and the never existing")
    WORLD.advance(3601)
    _, error = write("late", "change", someone, fields={"job_title": "X"})
    holds(error["text"], "time is over")


@test("fields that are imported once or local are edited, audited with the client's name")
def edit():
    zoe = people()[0]["id"]
    answer = done("editor", "change", zoe, fields={"job_title": "Head Chef"})
    equal(answer["revision"], HOUSE.revision(), "revision")
    equal(served(zoe, "job_title"), "Head Chef", "title")
    HOUSE.rollcall("sync", "--full")
    equal(served(zoe, "job_title"), "Head Chef", "title after a sync")
    rows = audit(zoe)
    check(any(row.get("actor") == "scim:editor" and row.get("field") == "job_title"
              for row in rows), f"audited: {rows[-2:]}")
    done("editor", "change", zoe, fields={"mobile_phone": "+33 1"})
    equal(served(zoe, "mobile_phone"), "+33 1", "phone")
    again = done("editor", "change", zoe, fields={"job_title": "Head Chef"})
    equal(again["revision"], 0, "nothing new")


@test("continuous fields: PATCH is refused unless nothing changes, PUT leaves them alone")
def continuous():
    zoe = people()[0]["id"]
    first = served(zoe, "first_name")
    refused("MUTABILITY", "first_name is continuous in the source fr", "editor", "change", zoe,
            fields={"first_name": "Else", "job_title": "Cook"})
    equal(done("editor", "change", zoe, fields={"first_name": first})["revision"], 0, "equal")
    refused("MUTABILITY", "manager", "editor", "change", zoe, fields={"manager": zoe})
    refused("USAGE", "work_email", "editor", "change", zoe, fields={"work_email": "nothing"})
    mail = served(zoe, "work_email")
    done("editor", "replace", zoe, fields={"first_name": "Else", "job_title": "Cook"})
    equal((served(zoe, "first_name"), served(zoe, "job_title"), served(zoe, "mobile_phone"),
           served(zoe, "work_email")), (first, "Cook", None, mail), "after PUT")
    refused("REFUSED", "alone takes her away", "owner", "remove", zoe)


@test("a change in between is refused")
def precondition():
    zoe = people()[0]["id"]
    seen = HOUSE.query("SELECT s.modified FROM v_shown s JOIN view v ON v.id = s.view"
                       " JOIN v_person p ON p.id = s.person WHERE v.name = 'scim' AND p.uuid = ?",
                       bytes.fromhex(zoe.replace("-", "")))[0][0]
    done("editor", "change", zoe, fields={"job_title": "First"}, if_revision=seen)
    refused("PRECONDITION", "has changed", "editor", "change", zoe,
            fields={"job_title": "Second"}, if_revision=seen)


@test("each client has ids of its own, unique among what it sees, gone with the person")
def external():
    zoe, ann = people()[0]["id"], people()[1]["id"]
    answer = done("reader", "change", zoe, external_id="a1")
    equal(answer["revision"], 0, "the view is as before")
    check(answer["external"] > 0, "stamp")
    equal(done("reader", "change", zoe, external_id="a1")["external"], 0, "nothing new")
    refused("CONFLICT", "externalId", "reader", "change", ann, external_id="a1")
    done("editor", "change", ann, external_id="a1")
    refused("MUTABILITY", "first_name", "editor", "change", ann, external_id="b1",
            fields={"first_name": "Else"})
    refused("USAGE", "externalId", "reader", "change", zoe, external_id=7)
    refused("USAGE", "externalId", "reader", "change", zoe, external_id="x" * 1025)
    HOUSE.rollcall("hide", people()[0]["uid"])
    done("reader", "change", ann, external_id="a1")
    HOUSE.rollcall("unhide", zoe)
    equal(HOUSE.query("SELECT count(*) FROM external_id WHERE value = 'a1'")[0][0], 2, "held by")
    done("reader", "change", ann, external_id=None)
    HOUSE.rollcall("erase", ann)
    equal(HOUSE.query("SELECT count(*) FROM external_id WHERE value IS NOT NULL")[0][0], 0,
          "left")


def blob(uuid):
    return bytes.fromhex(uuid.replace("-", ""))


def shows(uuid, table="person"):
    """The views that show a person or a group."""
    column, key = ("shown", "person") if table == "person" else ("group_shown", "grp")
    return [row[0] for row in HOUSE.query(
        f"SELECT v.name FROM view v JOIN v_{column} s ON s.view = v.id JOIN v_{table} p"
        f" ON p.id = s.{key} WHERE p.uuid = ? ORDER BY v.name", blob(uuid))]


def members(uuid):
    return [row[0] for row in HOUSE.query(
        "SELECT p.uid FROM v_member m JOIN v_group g ON g.id = m.grp JOIN v_person p"
        " ON p.id = m.person WHERE g.uuid = ? ORDER BY p.uid", blob(uuid))]


ANNA = {"first_name": "Anna", "last_name": "Guest", "work_email": "Anna@guest.example",
        "mobile_phone": "+49 30", "job_title": "Painter"}


@test("people of no HR system: none without a source for them, then made, changed, replaced")
def local():
    refused("REFUSED", "no source takes people", "owner", "create", fields=ANNA)
    WORLD.write("house/conf/sources.d/local.conf", LOCAL)
    HOUSE.reload()
    refused("REFUSED", "needs local", "editor", "create", fields=ANNA)
    made = done("owner", "create", fields=ANNA, external_id="x1")
    anna = made["id"]
    equal(made["revision"], HOUSE.revision(), "revision")
    equal(shows(anna), ["ldap", "scim"], "views")
    refused("REFUSED", "needs local", "editor", "change", anna, fields={"job_title": "X"})
    done("owner", "change", anna, fields={"job_title": "Chef", "manager": None})
    equal((served(anna, "job_title"), served(anna, "mobile_phone")), ("Chef", "+49 30"), "changed")
    done("owner", "replace", anna, fields={"last_name": "Guest", "first_name": "Ann"})
    equal([served(anna, field) for field in ("job_title", "mobile_phone", "first_name",
                                            "work_email")],
          [None, None, "Ann", "anna@guest.example"], "replaced")
    refused("USAGE", "missing.last_name", "owner", "create", fields={"job_title": "X"})
    refused("USAGE", "start_date", "owner", "create", fields={"last_name": "X",
                                                              "start_date": "soon"})
    refused("USAGE", "there is no User", "owner", "change", anna, fields={"manager": "nobody"})
    refused("CONFLICT", "work_email", "owner", "create", fields=ANNA)
    refused("CONFLICT", "work_email", "owner", "change", anna,
            fields={"work_email": served(people()[0]["id"], "work_email")})
    before = HOUSE.revision()
    refused("CONFLICT", "externalId", "owner", "create", external_id="x1",
            fields={"last_name": "Other"})
    HOUSE.rollcall("sync", "--full")
    HOUSE.reload()
    equal(HOUSE.revision(), before, "no sync touches them")
    equal(done("owner", "remove", anna)["revision"], HOUSE.revision(), "revision")
    equal(shows(anna), [], "gone")
    refused("NOT_FOUND", "there is no User", "owner", "remove", anna)
    equal(HOUSE.query("SELECT count(*) FROM external_id WHERE value = 'x1'")[0][0], 0, "its id")
    again = done("owner", "create", fields=ANNA)["id"]
    check(again != anna, "another id")
    done("owner", "remove", again)


@test("an address or a number of somebody hidden stands not in the way; it becomes a case")
def rivals():
    rival = people()[0]
    values = HOUSE.query("SELECT work_email, employee_number, last_name FROM v_person"
                         " WHERE uuid = ?", blob(rival["id"]))[0]
    HOUSE.rollcall("hide", rival["uid"])
    made = done("owner", "create", fields={"last_name": values[2], "work_email": values[0],
                                           "employee_number": values[1]})
    equal(served(made["id"], "work_email"), values[0], "address")
    equal(HOUSE.rows("cases"), [], "cases")
    HOUSE.rollcall("unhide", rival["id"])
    equal((served(made["id"], "work_email"), served(rival["id"], "work_email")),
          (values[0], None), "who has it")
    cases = HOUSE.rows("cases")
    equal([(row["reason"], row["person"]) for row in cases], [("duplicate-email", rival["uid"])],
          "cases")
    done("owner", "remove", made["id"])
    equal(served(rival["id"], "work_email"), values[0], "given back")
    equal(HOUSE.rows("cases"), [], "cases")


@test("groups of no HR system: made, joined, renamed, served in LDAP once they have members")
def groups():
    zoe, ann = people()[0], people()[1]
    refused("REFUSED", "needs local", "editor", "create", kind="Group",
            fields={"display_name": "Guests"})
    refused("USAGE", "displayName", "owner", "create", kind="Group", fields={})
    made = done("owner", "create", kind="Group", fields={"display_name": "Guests"},
                external_id="g1")
    guests = made["id"]
    equal(made["revision"], HOUSE.revision(), "revision")
    equal((shows(guests, "group"), members(guests)), (["scim"], []), "empty")
    refused("CONFLICT", "displayName", "owner", "create", kind="Group",
            fields={"display_name": "GUESTS"})
    done("owner", "change", guests, kind="Group", members={"add": [zoe["id"], ann["id"]]})
    equal((shows(guests, "group"), members(guests)),
          (["ldap", "scim"], sorted([zoe["uid"], ann["uid"]])), "two members")
    equal(done("owner", "change", guests, kind="Group",
               members={"add": [zoe["id"]]})["revision"], 0, "there already")
    check("Guests" in HOUSE.ask("why", zoe["uid"])["person"]["groups"], "why tells it")
    check(any(row.get("actor") == "scim:owner" and row.get("new") == "Guests"
              for row in audit(zoe["id"])), "audited")
    done("owner", "change", guests, kind="Group", fields={"display_name": "Visitors"})
    equal(HOUSE.query("SELECT cn FROM v_group WHERE uuid = ?", blob(guests)), [("Visitors",)],
          "name")
    refused("USAGE", "there is no User", "owner", "change", guests, kind="Group",
            members={"add": ["01234567-89ab-4def-8123-456789abcdef"]})
    before = HOUSE.revision()
    HOUSE.rollcall("sync", "--full")
    HOUSE.reload()
    equal(HOUSE.revision(), before, "no sync touches them")
    HOUSE.rollcall("hide", zoe["uid"])
    equal(members(guests), [ann["uid"]], "the hidden is none")
    done("owner", "replace", guests, kind="Group", fields={"display_name": "Visitors"},
         members={"set": []})
    equal(members(guests), [], "none the client sees")
    HOUSE.rollcall("unhide", zoe["id"])
    equal(members(guests), [zoe["uid"]], "whom it does not see, stays")


@test("groups of the HR system are its own; a removed one is gone, and its name free")
def hr_groups():
    row = HOUSE.query("SELECT uuid, cn FROM v_group WHERE source = 'fr' LIMIT 1")[0]
    uuid, cn = row[0].hex(), row[1]
    hr = "-".join((uuid[:8], uuid[8:12], uuid[12:16], uuid[16:20], uuid[20:]))
    refused("REFUSED", "HR system", "owner", "remove", hr, kind="Group")
    refused("REFUSED", "HR system", "owner", "change", hr, kind="Group",
            fields={"display_name": "Mine"})
    refused("REFUSED", "HR system", "owner", "change", hr, kind="Group",
            members={"add": [people()[0]["id"]]})
    equal(done("owner", "change", hr, kind="Group", fields={"display_name": cn})["revision"], 0,
          "as it is")
    done("reader", "change", hr, kind="Group", external_id="hr1")
    never = "01234567-89ab-4def-8123-456789abcdef"
    refused("NOT_FOUND", "there is no Group", "owner", "remove", never, kind="Group")
    guests = HOUSE.query("SELECT uuid FROM v_group WHERE source = 'local'")[0][0].hex()
    done("owner", "remove", guests, kind="Group")
    equal(HOUSE.query("SELECT count(*) FROM v_group WHERE source = 'local'")[0][0], 0, "group")
    equal(HOUSE.query("SELECT count(*) FROM v_tombstone WHERE kind = 'G' AND uuid = ?",
                      bytes.fromhex(guests))[0][0], 2, "tombstones")
    again = done("owner", "create", kind="Group", fields={"display_name": "Visitors"},
                 members={"add": [people()[0]["id"]]})["id"]
    equal(HOUSE.query("SELECT cn FROM v_group WHERE uuid = ?", blob(again)), [("Visitors",)],
          "the name")


@test("fields and the client's own id are written together or not at all, wherever it is cut off")
def cut_off():
    zoe = people()[0]["id"]
    HOUSE.stop()
    for step in ("write", "commit"):
        HOUSE.start_with("--stop-after", step)
        before = dump()
        _, error = HOUSE.request("scim.write", client=CLIENTS["owner"], type="User", op="change",
                                 id=zoe, fields={"job_title": "After " + step},
                                 external_id="cut-" + step)
        equal(error["code"], "LOST", "answer")
        HOUSE.daemon.child.wait(20)
        HOUSE.daemon = None
        whole = (served(zoe, "job_title") == "After " + step,
                 HOUSE.query("SELECT count(*) FROM external_id WHERE value = ?",
                             "cut-" + step)[0][0] == 1)
        equal(whole, (step == "commit", step == "commit"), f"after {step}")
        equal(dump() == before, step != "commit", f"all tables after {step}")
    HOUSE.start()
    holds(HOUSE.rollcall("log", zoe), "scim:owner")


@test("rollcall-scimd's own user may ask this and nothing else; another user nothing")
def admission():
    if os.geteuid() != 0:
        raise Skip("only root can be somebody else")
    HOUSE.stop()
    HOUSE.write_main("[scim]\nuser = nobody\n")
    os.chmod(WORLD.folder, 0o711)
    os.chmod(HOUSE.folder, 0o711)
    HOUSE.start()
    answers = [json.loads(ask_as(user, request)) for user, request in (
        ("nobody", {"request": "scim.write", "arguments": {"client": 4711, "type": "User",
                                                           "op": "remove", "id": "x"}}),
        ("nobody", {"request": "status", "arguments": {}}),
        ("daemon", {"request": "scim.write", "arguments": {}}))]
    equal([answer["error"]["code"] for answer in answers], ["UNAUTHORIZED", "DENIED", "DENIED"],
          "answers")
    holds(answers[1]["error"]["text"], "scim.write and nothing else")
    HOUSE.write_main()


ASK = """
import os, pwd, socket, sys
user = pwd.getpwnam(sys.argv[1])
os.setgroups([])
os.setgid(user.pw_gid)
os.setuid(user.pw_uid)
with socket.socket(socket.AF_UNIX) as connection:
    connection.settimeout(30)
    connection.connect(sys.argv[2])
    try:
        connection.sendall(sys.argv[3].encode() + b"\\n")
    except OSError:
        pass    # refused before it was read
    sys.stdout.write(connection.makefile().readline())
"""


def ask_as(user, request):
    return WORLD.run([sys.executable, "-c", ASK, user, HOUSE.socket, json.dumps(request)])


@test("an exported state has groups and members; a retired source takes its groups along")
def state():
    zoe = people()[0]["uid"]
    file = WORLD.path("state")
    HOUSE.rollcall("state", "export", file)
    holds(open(file, encoding="utf-8").read(), '"local_member"')
    shown = HOUSE.query("SELECT g.uuid, g.cn, p.uuid FROM v_member m JOIN v_group g ON g.id = m.grp"
                        " JOIN v_person p ON p.id = m.person ORDER BY 1, 3")
    HOUSE.stop()
    for ending in ("", "-wal", "-shm", ".erased"):
        if os.path.exists(HOUSE.database + ending):
            os.remove(HOUSE.database + ending)
    HOUSE.start()
    HOUSE.rollcall("state", "import", file)
    equal(HOUSE.query("SELECT g.uuid, g.cn, p.uuid FROM v_member m JOIN v_group g ON g.id = m.grp"
                      " JOIN v_person p ON p.id = m.person ORDER BY 1, 3"), shown, "memberships")
    os.remove(WORLD.path("house/conf/sources.d/local.conf"))
    HOUSE.reload()
    check("Visitors" in HOUSE.ask("why", zoe)["person"]["groups"], "frozen")
    HOUSE.rollcall("source", "retire", "local", "--purge")
    equal(HOUSE.query("SELECT count(*) FROM v_group WHERE source = 'local'")[0][0], 0, "group")
    equal(HOUSE.query("SELECT count(*) FROM local_member")[0][0], 0, "members")


main()
