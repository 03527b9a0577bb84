"""People as POSIX accounts ([posix]): numbers that are given once and kept for life, and what
sssd and nslcd look up by them."""
import os
import re
import sqlite3
import sys

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib")]

from house import House                             # noqa: E402
from tap import check, equal, holds, main, test     # noqa: E402
from world import World                             # noqa: E402
import slapd                                        # noqa: E402
from slapd import SUFFIX, ldap                      # noqa: E402

HEADER = "employee_number,first_name,last_name,work_email,start_date,department"
PEOPLE = {"zoe": "1,Zoë,Nguyen,zoe@example.com,2020-01-15,Product",
          "bo": "2,Bo,Berg,bo@example.com,2020-01-15,Product",
          "ana": "3,Ana,Silva,ana@example.com,2020-01-15,Sales",
          "kim": "4,Kim,Park,kim@example.com,2020-01-15,Sales"}
ON = "[posix]\nenabled = yes\n"
ACCOUNT = ["uidNumber", "gidNumber", "homeDirectory", "loginShell"]

world = World()
house = House(world)
state = {}


def nis(text):
    return text.replace(f"include {slapd.SCHEMAS}/inetorgperson.schema",
                        f"include {slapd.SCHEMAS}/inetorgperson.schema\n"
                        f"include {slapd.SCHEMAS}/nis.schema")


def bring(*who):
    path = world.write("people.csv", "\n".join([HEADER, *(PEOPLE[name] for name in who)]) + "\n")
    house.rollcall("import", path)


def configure(text):
    house.write_main(text)
    house.reload()


def prepare():
    if state:
        return state
    slapd.available()
    world.write("house/conf/sources.d/hr.conf", "[source]\nprovider = csv\n[fields]\n[safeguards]\n"
                "removals = 9 100%\n")
    house.start()
    house.rollcall("source", "approve", "hr")
    bring("zoe", "bo", "ana")
    state["server"] = slapd.Slapd(world, "slapd", nis(slapd.global_part()) +
                                  slapd.database_part(house.database)).start()
    state["ldap"] = state["server"].root()
    return state


def account(uid, connection=None):
    found = slapd.entry(connection or prepare()["ldap"], f"uid={uid},ou=people,{SUFFIX}",
                        ["objectClass", *ACCOUNT])
    if found is None:
        return None
    classes = found.pop("objectClass")
    equal(b"posixAccount" in classes, bool(found), f"posixAccount of {uid}")
    return {name: values[0].decode() for name, values in found.items()}


def number(uid):
    return int(account(uid)["uidNumber"])


def wait(condition, what):
    return slapd.wait_served(prepare()["ldap"], lambda c: condition(), what)


@test("while it is off nobody has a number")
def off():
    prepare()
    equal(account("zoe"), {})
    equal(slapd.names(state["ldap"], "(|(objectClass=posixAccount)(uidNumber=*)(gidNumber=*))"),
          [])


@test("settings that make no sense are told by line")
def mistakes():
    house.write_main("[posix]\nenabled = yes\nhome = /home/%x\nshell = bash\n"
                     "first_uid_number = 5")
    status, said, _ = house.rollcall("check-config", status=None)
    equal(status, 2, "exit status")
    for part in ("rollcall.conf:10: error: home: /home/%x", "rollcall.conf:11: error: shell",
                 "rollcall.conf:12: error: first_uid_number"):
        holds(said, part)
    house.write_main("[posix]\nenabled = yes\nhome = /home/é/%u\n")
    holds(house.rollcall("check-config", status=None)[1], "only ASCII")


@test("once it is on, everybody is an account, groups have numbers, and stamps advance")
def on():
    stamp = slapd.entry(prepare()["ldap"], SUFFIX, ["contextCSN"])["contextCSN"][0]
    before = slapd.entry(state["ldap"], "uid=zoe,ou=people," + SUFFIX, ["entryCSN"])
    configure(ON)
    wait(lambda: account("zoe"), "the account")
    equal(account("zoe"), {"uidNumber": str(number("zoe")), "gidNumber": "100",
                           "homeDirectory": "/home/zoe", "loginShell": "/bin/bash"})
    equal(sorted(number(uid) for uid in ("zoe", "bo", "ana")), [200000, 200001, 200002])
    groups = [found["gidNumber"][0] for _, found in state["ldap"].search_s(
        "ou=groups," + SUFFIX, ldap.SCOPE_ONELEVEL, "(objectClass=rollcallGroup)",
        ["gidNumber"])]
    equal(sorted(groups), [b"200000", b"200001"])
    check(slapd.entry(state["ldap"], SUFFIX, ["contextCSN"])["contextCSN"][0] > stamp, "stamp")
    check(slapd.entry(state["ldap"], "uid=zoe,ou=people," + SUFFIX, ["entryCSN"]) != before,
          "entryCSN")


@test("what sssd and nslcd ask is answered")
def lookups():
    connection = prepare()["ldap"]
    zoe = f"uid=zoe,ou=people,{SUFFIX}"
    table = {
        f"(&(objectClass=posixAccount)(uidNumber={number('zoe')}))": [zoe],
        "(&(uid=zoe)(objectclass=posixAccount)(uid=*)(&(uidNumber=*)(!(uidNumber=0))))": [zoe],
        "(uidNumber=0200000)": "none or invalid",
        f"(&(uidNumber>={number('zoe')})(uidNumber<={number('zoe')}))": [zoe],
        f"(&(member={zoe})(objectClass=groupOfNames)(gidNumber=*))":
            ["cn=Product,ou=groups," + SUFFIX],
        "(homeDirectory=/home/zoe)": [zoe],
        "(objectClass=1.3.6.1.1.1.2.0)": "three",
        "(&(objectClass=sudoRole)(cn=*))": [],
    }
    for text, wanted in table.items():
        found = slapd.names(connection, text)
        if wanted == "three":
            equal(len(found), 3, text)
        elif wanted == "none or invalid":
            equal(found, [], text)
        else:
            equal(found, wanted, text)
    ldif = state["server"].tool("slapcat", "-b", SUFFIX)
    equal(len(re.findall("^uidNumber: ", ldif, re.MULTILINE)), 3)
    equal(state["server"].tool("slapschema"), "")


@test("numbers are for life: through leaving, returning, off and on, and another beginning")
def life():
    prepare()
    numbers = {uid: number(uid) for uid in ("zoe", "bo", "ana")}
    bring("zoe", "bo")
    wait(lambda: account("ana") is None, "ana has left")
    bring("zoe", "bo", "ana", "kim")
    wait(lambda: account("ana") and account("kim"), "both")
    equal({uid: number(uid) for uid in numbers}, numbers, "after leaving")
    equal(number("kim"), 200003)
    configure("")
    wait(lambda: account("zoe") == {}, "off")
    equal(house.ask("export", "zoe")["person"]["uid_number"], numbers["zoe"], "what is held")
    equal(slapd.names(state["ldap"], "(gidNumber=*)"), [])
    configure(ON + "first_uid_number = 300000\nhome = /srv/%u-%U%%\nshell = /bin/sh\n"
              "primary_gid_number = 5000")
    wait(lambda: account("zoe"), "on")
    equal({uid: number(uid) for uid in numbers}, numbers, "after off and on")
    equal(account("zoe"), {"uidNumber": str(numbers["zoe"]), "gidNumber": "5000",
                           "homeDirectory": f"/srv/zoe-{numbers['zoe']}%",
                           "loginShell": "/bin/sh"})


@test("a number is never given again, not even one of somebody erased")
def never_again():
    prepare()
    last = number("kim")
    configure(ON)
    house.rollcall("erase", "kim")
    wait(lambda: account("kim") is None, "erased")
    PEOPLE["lee"] = "5,Lee,Moon,lee@example.com,2020-01-15,Support"
    bring("zoe", "bo", "ana", "lee")
    wait(lambda: account("lee"), "the next one")
    equal(number("lee"), last + 1)
    # Two numbers mean nobody.
    house.stop()
    house.write_main(ON + "first_uid_number = 65534")
    with sqlite3.connect(house.database) as database:
        database.execute("UPDATE meta SET value = 65533 WHERE name = 'uid_number_last'")
    house.start()
    PEOPLE["max"] = "6,Max,Tau,max@example.com,2020-01-15,Support"
    bring("zoe", "bo", "ana", "lee", "max")
    wait(lambda: account("max"), "another")
    equal(number("max"), 65536)


@test("without nis.schema people are served without accounts, and the log says so")
def without():
    prepare()
    server = slapd.Slapd(world, "plain", slapd.global_part() +
                         slapd.database_part(house.database)).start()
    holds(server.log(), "slapd does not know posixAccount: include nis.schema")
    root = server.root()
    equal(slapd.entry(root, "uid=zoe,ou=people," + SUFFIX, ["sn", "objectClass"]),
          {"sn": [b"Nguyen"], "objectClass": [b"top", b"person", b"organizationalPerson",
                                              b"inetOrgPerson", b"rollcallPerson"]})
    equal(server.tool("slapschema"), "")
    server.stop()


main()
