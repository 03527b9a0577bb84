"""What clients of SCIM write, asked of the daemon over its socket as rollcall-scimd asks."""
import hashlib
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
        arguments["id"] = uuid
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


main()
