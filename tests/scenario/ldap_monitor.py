"""What cn=monitor shows of each database: entries, revision, age, state and hits."""
import os
import sys

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib")]

from tap import check, equal, holds, main, test     # noqa: E402
from world import World, wait_until                 # noqa: E402
import slapd                                        # noqa: E402
from slapd import SUFFIX, ldap                      # noqa: E402

MONITOR = 'database monitor\nrootdn "cn=monitor"\nrootpw monitor\n'
CONFIG = 'database config\nrootdn "cn=config"\nrootpw config\n'
world = World()
state = {}


def prepare():
    if state:
        return state
    slapd.available()
    state["path"] = world.path("rollcall.db")
    state["second"] = world.path("second.db")
    slapd.seed(world, "create", "--people", "200", state["path"])
    slapd.seed(world, "create", "--people", "50", "--suffix", "o=second", state["second"])
    state["server"] = slapd.Slapd(
        world, "slapd", slapd.global_part() + CONFIG + slapd.database_part(state["path"]) +
        MONITOR + slapd.database_part(state["second"], "rollcall-view scim", "o=second")).start()
    state["ldap"] = state["server"].root()
    state["monitor"] = state["server"].connect("cn=monitor", "monitor")
    return state


def look(suffix=SUFFIX):
    """The values of one database, numbers as numbers."""
    found = prepare()["monitor"].search_s(
        "cn=Databases,cn=Monitor", ldap.SCOPE_ONELEVEL,
        f"(&(monitoredInfo=rollcall)(namingContexts={suffix}))", ["*", "+"])
    equal(len(found), 1, "entries of cn=monitor")
    values = {name[len("rollcall"):].lower(): value[0].decode()
              for name, value in found[0][1].items() if name.startswith("rollcall")}
    return {name: int(value) if value.isdigit() else value for name, value in values.items()}


@test("each database tells of itself")
def databases():
    here = prepare()
    one, two = look(), look("o=second")
    people = len(slapd.names(here["ldap"], "(objectClass=person)"))
    groups = len(slapd.names(here["ldap"], "(objectClass=groupOfNames)"))
    equal((one["people"], one["groups"], one["state"]), (people, groups, "current"))
    check(0 < two["people"] < one["people"], "the second database")
    check(one["revision"] > 0 and one["indexbytes"] > 0 and one["age"] < 60, str(one))


@test("revision and entries follow what is published")
def follows():
    here = prepare()
    before = look()
    slapd.seed(world, "change", here["path"], "hide", "20")
    wait_until(lambda: look()["people"] == before["people"] - 1, "one less")
    check(look()["revision"] > before["revision"], "the revision")


@test("searches and hits are counted, for this database alone")
def hits():
    here = prepare()
    one, two = look(), look("o=second")
    found = len(slapd.names(here["ldap"], "(objectClass=person)"))
    slapd.names(here["ldap"], "(uid=nobody)")
    after = look()
    equal((after["searches"] - one["searches"], after["hits"] - one["hits"]), (2, found))
    equal(look("o=second")["hits"], two["hits"])


@test("a stopped rollcalld shows as age; a database that is gone as a state that says why")
def trouble():
    here = prepare()
    world.advance(7200)
    check(7200 <= look()["age"] < 7300, str(look()))
    slapd.seed(world, "create", "--people", "50", "--suffix", "o=second", "--seed", "2",
               world.path("other.db"))
    for end in ("", "-wal", "-shm"):
        if os.path.exists(here["second"] + end):
            os.unlink(here["second"] + end)
    wait_until(lambda: look("o=second")["state"] != "current", "the state")
    gone = look("o=second")
    holds(gone["state"], "the last good view: " + here["second"])
    check(gone["people"] > 0, "people")
    world.advance(600)
    check(600 <= look("o=second")["age"] < 700, str(look("o=second")))
    os.rename(world.path("other.db"), here["second"])
    wait_until(lambda: look("o=second")["state"] == "current", "it comes back")
    equal(look()["state"], "current")


@test("it goes on through cn=config, and the database is changed there")
def configured():
    here = prepare()
    config = here["server"].connect("cn=config", "config")
    dn = config.search_s("cn=config", ldap.SCOPE_SUBTREE,
                         f"(olcRollcallDatabase={here['path']})")[0][0]
    hits_before = look()["hits"]
    config.modify_s(dn, [(ldap.MOD_REPLACE, "olcRollcallView", [b"scim"])])
    scim = look()
    check(scim["people"] > 0 and scim["hits"] == hits_before, str(scim))
    people = len(slapd.names(here["ldap"], "(objectClass=person)"))
    equal(scim["people"], people)
    here["server"].stop()


@test("cn=monitor is added through cn=config while slapd runs, and tells all from its next start on")
def added():
    here = prepare()
    folder = world.path("added.d")
    os.makedirs(folder)
    slapd.Slapd(world, "bare", slapd.global_part() + CONFIG + slapd.database_part(
        here["path"])).tool("slaptest", "-F", folder)
    server = slapd.Slapd(world, "added", None, folder).start()
    config = server.connect("cn=config", "config")
    config.add_s("olcDatabase=monitor,cn=config", [
        ("objectClass", [b"olcDatabaseConfig"]), ("olcDatabase", [b"monitor"]),
        ("olcRootDN", [b"cn=monitor"]), ("olcRootPW", [b"monitor"])])
    here["monitor"] = server.connect("cn=monitor", "monitor")
    people = len(slapd.names(server.root(), "(objectClass=person)"))
    equal(look(), {})
    dn = config.search_s("cn=config", ldap.SCOPE_SUBTREE,
                         f"(olcRollcallDatabase={here['path']})")[0][0]
    config.modify_s(dn, [(ldap.MOD_REPLACE, "olcRollcallView", [b"scim"])])
    check(len(slapd.names(server.root(), "(objectClass=person)")) > people, "the other view")
    config.modify_s(dn, [(ldap.MOD_REPLACE, "olcRollcallView", None)])
    server.restart()
    here["monitor"] = server.connect("cn=monitor", "monitor")
    equal((look()["people"], look()["state"]), (people, "current"))
    server.stop()


main()
