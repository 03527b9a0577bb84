"""What is published shows at once and whole, and a database that goes away does not empty the
directory (rulings F17)."""
import os
import re
import shutil
import sqlite3
import sys
import threading
import time

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib")]

from tap import check, equal, holds, main, test     # noqa: E402
from world import World, wait_until                 # noqa: E402
import slapd                                        # noqa: E402
from slapd import SUFFIX, ldap                      # noqa: E402

PEOPLE = 2000
UNAVAILABLE = "the directory cannot be read just now"
world = World()
state = {}


def create(name, people=100, seed="1", *more):
    path = world.path(name)
    for file in (path, path + "-wal", path + "-shm"):
        if os.path.exists(file):
            os.unlink(file)
    slapd.seed(world, "create", "--people", str(people), "--seed", seed, *more, path)
    return path


def serve(name, path, extra=""):
    return slapd.Slapd(world, name, slapd.global_part() + slapd.database_part(path, extra))


def prepare():
    if state:
        return state
    slapd.available()
    state["path"] = create("rollcall.db", PEOPLE)
    state["server"] = serve("slapd", state["path"]).start()
    state["ldap"] = state["server"].root()
    return state


def change(text, path=None):
    slapd.seed(world, "change", path or prepare()["path"], *text.split())


def person(number, connection=None):
    """The name of the person with a number, by what made-up uids end with."""
    found = [dn for dn in slapd.names(connection or prepare()["ldap"],
                                      f"(uid=*{number})", "ou=people," + SUFFIX)
             if re.search(rf"\D{number},", dn)]
    return found[0] if found else None


def value(dn, name, connection=None):
    entry = slapd.entry(connection or prepare()["ldap"], dn, [name])
    return entry[name][0].decode() if entry and name in entry else None


def context(connection):
    return value(SUFFIX, "contextCSN", connection)


@test("a change shows within a tenth of a second of its commit")
def quick():
    here = prepare()
    dn = person(20)
    connection = sqlite3.connect(here["path"], isolation_level=None)
    times = []
    for i in range(30):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE v_person SET job_title = ? WHERE id = 20", (f"T{i}",))
        connection.execute("UPDATE view SET revision = revision + 1, stamp = stamp + 1")
        connection.execute(
            "UPDATE v_shown SET revision = (SELECT revision FROM view WHERE id = v_shown.view),"
            " modified = (SELECT stamp FROM view WHERE id = v_shown.view) WHERE person = 20")
        connection.execute("UPDATE meta SET value = (SELECT max(revision) FROM view)"
                           " WHERE name = 'revision'")
        connection.execute("UPDATE meta SET value = (SELECT max(stamp) FROM view)"
                           " WHERE name = 'stamp'")
        connection.execute("COMMIT")
        begin = time.monotonic()
        while value(dn, "title") != f"T{i}":
            check(time.monotonic() - begin < 5, "it does not show")
        times.append(time.monotonic() - begin)
    connection.close()
    times.sort()
    check(times[-2] < 0.1, f"it took {times[-2]:.3f} s")


@test("who is hidden is gone everywhere, and comes back with the same UUID")
def hide():
    here = prepare()
    dn = person(1)
    connection = here["ldap"]
    before = value(dn, "entryUUID")
    text = f"(|(manager={dn})(member={dn})(entryUUID={before})(entryDN={dn}))"
    check(len(slapd.names(connection, text)) > 5, "person 1 is the head")
    stamp = context(connection)
    change("hide 1")
    slapd.wait_served(connection, lambda c: slapd.entry(c, dn) is None, "nobody")
    equal(slapd.names(connection, text), [])
    check(context(connection) > stamp, "contextCSN stood still")
    for _, entry in connection.search_s(SUFFIX, ldap.SCOPE_SUBTREE, attrlist=["*", "+"]):
        for name in ("member", "manager", "memberOf", "entryUUID"):
            check(dn.encode() not in entry.get(name, []), "a reference is left")
    change("show 1")
    slapd.wait_served(connection, lambda c: slapd.entry(c, dn) is not None, "her again")
    equal(value(dn, "entryUUID"), before)


def edit(path, statements):
    """Edits the view's tables as a publication of ours would; `who` marks whom it touches."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE view SET revision = revision + 1, stamp = stamp + 1")
    for who, assignment in statements:
        connection.execute(f"UPDATE v_person SET {assignment} WHERE {who}")
        connection.execute(
            "UPDATE v_shown SET revision = (SELECT revision FROM view WHERE id = v_shown.view),"
            " modified = (SELECT stamp FROM view WHERE id = v_shown.view)"
            f" WHERE person IN (SELECT id FROM v_person WHERE {who})")
    for name in ("revision", "stamp"):
        connection.execute(f"UPDATE meta SET value = (SELECT max({name}) FROM view)"
                           " WHERE name = ?", (name,))
    connection.execute("COMMIT")
    connection.close()


EDITS = [
    [("id % 7 = 1", "last_name = 'Zyx' || id % 3"), ("id % 7 = 2", "first_name = last_name"),
     ("id % 11 = 3", "work_email = NULL"), ("id % 5 = 4", "mobile_phone = NULL")],
    [("id % 7 = 1", "display_name = 'Zyx ' || first_name"),
     ("id % 11 = 3", "work_email = 'zyx' || id || '@zyx.example'"),
     ("id % 5 = 4", "mobile_phone = '+49 30 ' || id, termination_date = '2030-01-' || "
      "(10 + id % 15)"), ("id % 13 = 5", "last_name = last_name || '-Zyx', manager = 1")],
    [("id % 7 = 2", "last_name = 'Müller', display_name = 'Müller ' || id"),
     ("id % 5 = 4", "termination_date = CASE WHEN id % 2 THEN NULL ELSE '2031-02-03' END"),
     ("id % 13 = 5", "manager = 2, employee_number = 'E' || id")],
]


def questions(connection):
    """Filters over all indexes, about what people have."""
    yield from ["(mobile=*)", "(rollcallEndDate=*)", "(sn=*zyx*)", "(cn=zyx*)", "(mail=*zyx*)",
                "(!(mail=*))", "(displayName=*ller *)", "(rollcallEndDate>=2030-01-15)",
                "(rollcallEndDate<=2031-01-01)", "(sn=*-zyx)", "(givenName=m*)"]
    found = connection.search_s("ou=people," + SUFFIX, ldap.SCOPE_ONELEVEL, "(uid=*1*)")
    for dn, entry in found[:150]:
        for name in ("uid", "cn", "sn", "mail", "mobile", "employeeNumber", "rollcallEndDate",
                     "title", "manager"):
            if name in entry:
                text = ldap.filter.escape_filter_chars(entry[name][0].decode())
                yield f"({name}={text})"
                if name in ("cn", "sn", "mail") and "\\" not in text:
                    yield f"({name}=*{text[1:6]}*)"
        yield f"(member={ldap.filter.escape_filter_chars(dn)})"


@test("indexes that followed changes find what indexes find that were built anew")
def indexes_follow():
    path = create("edited.db", 700, "8")
    server = serve("followed", path).start()
    connection = server.root()
    for i, statements in enumerate(EDITS):
        edit(path, statements)
        slapd.seed(world, "change", path, "random", "200", str(i))
        stamp = sqlite3.connect(path).execute("SELECT stamp FROM view ORDER BY id").fetchone()[0]
        seconds, micros = divmod(stamp, 1000000)
        shown = time.strftime("%Y%m%d%H%M%S", time.gmtime(seconds)) + f".{micros:06}Z"
        slapd.wait_served(connection, lambda c, t=shown: context(c).startswith(t), shown)
    fresh_server = serve("fresh", path).start()
    fresh = fresh_server.root()
    asked = list(questions(fresh))
    check(len(asked) > 1000, f"{len(asked)} questions")
    empty = 0
    for text in asked:
        found = slapd.names(connection, text)
        equal(found, slapd.names(fresh, text), text)
        empty += not found
    check(empty < 200, f"{empty} questions without an answer")
    server.stop()
    fresh_server.stop()


@test("groups follow their members, and a new name reaches memberOf")
def groups():
    here = prepare()
    connection = here["ldap"]
    dn = person(30)
    old = "cn=Everybody,ou=groups," + SUFFIX
    check(connection.compare_s(old, "member", dn.encode()), "is a member")
    change("leave 30 1")
    slapd.wait_served(connection, lambda c: not c.compare_s(old, "member", dn.encode()),
                      "no member")
    check(old.encode() not in slapd.entry(connection, dn, ["memberOf"])["memberOf"], "of it")
    change("join 30 1 , rename 1 All")
    new = "cn=All,ou=groups," + SUFFIX
    slapd.wait_served(connection, lambda c: slapd.entry(c, new) is not None, "a new name")
    holds(slapd.entry(connection, dn, ["memberOf"])["memberOf"], new.encode())
    check(connection.compare_s(new, "member", dn.encode()), "is a member again")
    equal(slapd.entry(connection, old), None)
    change("rename 1 Everybody")
    slapd.wait_served(connection, lambda c: slapd.entry(c, old) is not None, "the old name")


@test("a reader sees before or after, never a mix")
def whole():
    here = prepare()
    dns = [person(n).encode() for n in (50, 51, 52, 53, 54, 55, 56, 57)]
    group = "cn=R&D\\2C Berlin \\2B Paris,ou=groups," + SUFFIX
    stop = threading.Event()
    wrong = []

    def read():
        connection = here["server"].root()
        while not stop.is_set():
            found = {dn: entry for dn, entry in connection.search_s(
                SUFFIX, ldap.SCOPE_SUBTREE, "(|(employeeType=ROUND*)(cn=R&D*))",
                ["employeeType", "member", "memberOf"])}
            types = {tuple(entry["employeeType"]) for dn, entry in found.items()
                     if "ou=people" in dn}
            inside = {dn.encode() for dn, entry in found.items() if "ou=people" in dn and any(
                b"R&D" in name for name in entry.get("memberOf", []))}
            members = {m for dn, entry in found.items() if "ou=groups" in dn
                       for m in entry.get("member", []) if m in dns}
            if len(types) > 1 or inside != members & {dn.encode() for dn in found}:
                wrong.append((types, inside ^ members))

    change(" , ".join(f"set {n} employment_type ROUND0" for n in range(50, 58)))
    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for i in range(25):
        word = "join" if i % 2 else "leave"
        change(" , ".join(f"set {n} employment_type ROUND{i} , {word} {n} 2"
                          for n in range(50, 58)))
    stop.set()
    for thread in threads:
        thread.join()
    check(not wrong, f"{len(wrong)} mixed answers, first {wrong[:1]}")
    check(slapd.entry(here["ldap"], group) is not None, "the group")


@test("a database that vanishes, breaks, or is newer: the last good view goes on")
def lasting():
    path = create("last.db")
    server = serve("last", path).start()
    root = server.root()
    people = slapd.names(root, "(objectClass=person)")
    for number, (spoil, said) in enumerate([(vanish, "start rollcalld, which makes it"),
                                            (overwrite, "damaged|not a database"),
                                            (newer, "made by a newer release")], 1):
        spoil(path)
        wait_until(lambda: re.search(said, server.log()), said)
        equal(slapd.names(root, "(objectClass=person)"), people, said)
        equal(len(re.findall(said, server.log())), 1, "lines that say it")
        create("last.db")
        server.process.wait_log("the database can be read again", count=number)
        slapd.wait_served(root, lambda c: slapd.names(c, "(objectClass=person)") == people,
                          "the new one")
        change("set 20 job_title Back", path)
        dn = person(20, root)
        slapd.wait_served(root, lambda c: value(dn, "title", c) == "Back", "a change")
    server.stop()


def vanish(path):
    for file in (path, path + "-wal", path + "-shm"):
        if os.path.exists(file):
            os.unlink(file)


def overwrite(path):
    vanish(path)
    with open(path, "wb") as stream:
        stream.write(b"this is not a database\n" * 5000)


def newer(path):
    vanish(path)
    slapd.seed(world, "create", "--people", "5", path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()


@test("slapd never waits for a writer, at its start neither")
def writer():
    path = create("writer.db")
    slapd.seed(world, "client", path, "add", "reader")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("UPDATE v_person SET job_title = 'Unseen'")
    server = serve("writer", path).start()
    reader = server.connect("cn=reader,ou=services," + SUFFIX, "secret")
    for _ in range(50):
        equal(slapd.names(reader, "(title=Unseen)"), [])
    check(len(slapd.names(reader, "(uid=*)")) > 50, "people")
    connection.execute("ROLLBACK")
    connection.close()
    server.stop()


@test("a backup put in place of the database is read whole")
def restored():
    path = create("restored.db")
    server = serve("restored", path).start()
    root = server.root()
    backup = world.path("backup.db")
    with sqlite3.connect(path) as source, sqlite3.connect(backup) as target:
        source.backup(target)
    title = value(person(20, root), "title", root)
    change("set 20 job_title Changed , hide 21", path)
    slapd.wait_served(root, lambda c: value(person(20, c), "title", c) == "Changed", "it")
    vanish(path)
    shutil.move(backup, path)
    slapd.wait_served(root, lambda c: value(person(20, c), "title", c) == title, "as it was")
    check(person(21, root) is not None, "who was hidden since")
    server.stop()


@test("another epoch or other settings: everything is read again")
def reloaded():
    path = create("epoch.db")
    server = serve("epoch", path).start()
    root = server.root()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE meta SET value = '12345678-1234-4234-8234-123456789012'"
                       " WHERE name = 'epoch'")
    connection.execute("UPDATE v_person SET job_title = 'Epoch' WHERE id = 20")
    connection.commit()
    connection.close()
    slapd.wait_served(root, lambda c: value(person(20, c), "title", c) == "Epoch", "a title")
    change("setting organization Somebody", path)
    slapd.wait_served(root, lambda c: value(SUFFIX, "o", c) == "Somebody", "o")
    server.stop()


@test("slapd starts without a database, answers unavailable, and serves it when it comes")
def empty_start():
    path = world.path("later.db")
    server = serve("later", path).start()
    holds(server.log(), "answers unavailable until the database can be read")
    holds(server.log(), path)
    root = server.root()            # the rootdn needs no database
    for call in (lambda: root.search_s(SUFFIX, ldap.SCOPE_SUBTREE),
                 lambda: root.compare_s(SUFFIX, "o", b"x"),
                 lambda: server.connect("cn=reader,ou=services," + SUFFIX, "x")):
        try:
            call()
            raise AssertionError("it answered")
        except ldap.UNAVAILABLE as error:
            equal(error.args[0].get("info"), UNAVAILABLE)
    create("later.db")
    slapd.wait_served(root, lambda c: isinstance(slapd.names(c, "(uid=*)"), list), "people")
    check(len(slapd.names(root, "(uid=*)")) > 50, "too few")
    server.stop()


@test("after max_age without a readable database the answer is unavailable")
def max_age():
    path = create("aged.db")
    change("setting max_age 3600", path)
    server = serve("aged", path).start()
    root = server.root()
    vanish(path)
    server.process.wait_log("start rollcalld, which makes it")
    check(len(slapd.names(root, "(uid=*)")) > 50, "at first")
    world.advance(3590)
    check(len(slapd.names(root, "(uid=*)")) > 50, "before an hour has passed")
    world.advance(20)
    slapd.wait_served(root, lambda c: slapd.names(c, "(uid=*)") == "UNAVAILABLE", "no more")
    create("aged.db")
    slapd.wait_served(root, lambda c: isinstance(slapd.names(c, "(uid=*)"), list), "again")
    server.stop()


@test("a suffix that differs is an error at start, and later leaves the last view")
def other_suffix():
    path = create("other.db", 50, "1", "--suffix", "dc=other,dc=org")
    status, _, errors = serve("other", path).tool("slaptest", status=None)
    check(status != 0, "slaptest was content")
    for text in ("dc=other,dc=org", SUFFIX):
        holds(errors, text)
    server = serve("other", path).start(wait=False)
    wait_until(lambda: not server.process.running(), "slapd gives up")
    holds(server.log(), 'serves the suffix "dc=other,dc=org", but slapd\'s database has '
          f'"{SUFFIX}"')
    path = create("moved.db", 50)
    server = serve("moved", path).start()
    root = server.root()
    people = slapd.names(root, "(uid=*)")
    change("setting suffix dc=other,dc=org , hide 20", path)
    server.process.wait_log("serves the suffix")
    equal(slapd.names(root, "(uid=*)"), people)
    change(f"setting suffix DC=Example,DC=Com", path)
    slapd.wait_served(root, lambda c: len(slapd.names(c, "(uid=*)")) == len(people) - 1,
                      "one less")
    server.stop()


@test("a view of its own, and one that is not there yet")
def views():
    path = create("views.db", 300)
    server = slapd.Slapd(world, "views", slapd.global_part() + slapd.database_part(
        path, "rollcall-view scim")).start()
    root = server.root()
    statuses = {entry["rollcallStatus"][0] for _, entry in root.search_s(
        "ou=people," + SUFFIX, ldap.SCOPE_ONELEVEL)}
    equal(statuses, {b"onboarding", b"active", b"offboarding", b"departed"})
    server.stop()
    server = slapd.Slapd(world, "noview", slapd.global_part() + slapd.database_part(
        path, "rollcall-view vpn")).start()
    holds(server.log(), "has no view vpn")
    equal(slapd.names(server.root(), "(uid=*)"), "UNAVAILABLE")
    server.stop()


@test("two databases serve two views side by side")
def side_by_side():
    path = create("two.db", 200)
    other = create("second.db", 100, "2", "--suffix", "o=second")
    server = slapd.Slapd(world, "two", slapd.global_part() + slapd.database_part(path) +
                         slapd.database_part(other, suffix="o=second")).start()
    one = len(slapd.names(server.root(), "(uid=*)"))
    two = len(slapd.names(server.root("o=second"), "(uid=*)", "o=second"))
    check(one > 150 > two > 80, f"{one} and {two}")
    server.stop()


@test("names that compare alike do not break the directory: one of them is shown")
def alike():
    path = create("alike.db", 60)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE v_group SET cn = 'EVERYBODY' WHERE id = 5")
    connection.execute("UPDATE v_person SET uid = 'Twin' WHERE id = 20")
    connection.execute("UPDATE v_person SET uid = 'twin' WHERE id = 21")
    connection.commit()
    connection.close()
    server = serve("alike", path).start()
    holds(server.log(), "names that compare alike")
    root = server.root()
    equal(slapd.names(root, "(uid=twin)"), ["uid=Twin,ou=people," + SUFFIX])
    equal(slapd.names(root, "(cn=everybody)", "ou=groups," + SUFFIX),
          ["cn=Everybody,ou=groups," + SUFFIX])
    found = [dn.lower() for dn in slapd.names(root, "(objectClass=*)")]
    equal(len(found), len(set(found)), "names")
    ldif = server.tool("slapcat", "-b", SUFFIX)
    equal(len(re.findall("^dn:", ldif, re.MULTILINE)), len(found))
    change("hide 20", path)
    slapd.wait_served(root, lambda c: slapd.names(c, "(uid=twin)") ==
                      ["uid=twin,ou=people," + SUFFIX], "the other one")
    server.stop()


main()
