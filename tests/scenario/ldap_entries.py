"""What entries show is what the database holds, and what the schema allows: attributes, names,
operational attributes, memberships."""
import base64
import os
import re
import sqlite3
import sys
import uuid

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib")]

from tap import check, equal, holds, lacks, main, test   # noqa: E402
from world import BUILD, World                           # noqa: E402
import slapd                                             # noqa: E402

PEOPLE = 12000
BIG = 10000
world = World()
state = {}

# Column → attribute type, as design/directory.md §1 has them.
PLAIN = {
    "employee_number": "employeeNumber", "first_name": "givenName",
    "display_name": "displayName", "job_title": "title", "employment_type": "employeeType",
    "personal_email": "rollcallPersonalMail", "start_date": "rollcallStartDate",
    "termination_date": "rollcallEndDate", "legal_entity": "o",
    "department": "departmentNumber", "team": "ou", "cost_center": "rollcallCostCenter",
}
PLACE = ["physicalDeliveryOfficeName", "street", "l", "st", "postalCode", "c"]
STATUS = ["onboarding", "active", "offboarding", "departed"]


def prepare():
    if state:
        return state
    slapd.available()
    path = world.path("rollcall.db")
    slapd.seed(world, "create", "--people", str(PEOPLE), "--big", str(BIG), "--seed", "3",
               "--organization", "Acme Worldwide", path)
    slapd.seed(world, "client", path, "add", "reader")
    slapd.seed(world, "change", path, "random", "50")
    server = slapd.Slapd(world, "slapd", slapd.global_part() + "serverID 5\n" +
                         slapd.database_part(path)).start()
    state["path"] = path
    state["server"] = server
    state["ldap"] = server.root()
    base = "ou=people," + slapd.SUFFIX
    found = state["ldap"].search_s(base, slapd.ldap.SCOPE_ONELEVEL, "(objectClass=*)",
                                   ["*", "+"])
    state["people"] = {entry["uid"][0].decode(): (dn, entry) for dn, entry in found}
    found = state["ldap"].search_s("ou=groups," + slapd.SUFFIX, slapd.ldap.SCOPE_ONELEVEL,
                                   "(objectClass=*)", ["*", "+"])
    state["groups"] = {entry["cn"][0].decode(): (dn, entry) for dn, entry in found}
    return state


def rows(sql):
    connection = sqlite3.connect(f"file:{prepare()['path']}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    answer = connection.execute(sql).fetchall()
    connection.close()
    return answer


def shown():
    return rows("SELECT v.*, s.manager AS boss, s.created AS born, s.modified AS changed"
                " FROM v_person v JOIN v_shown s ON s.person = v.id"
                " JOIN view w ON w.id = s.view WHERE w.name = 'ldap'")


def one(entry, name):
    values = entry.get(name)
    if values is None:
        return None
    equal(len(values), 1, name)
    return values[0].decode()


def is_printable(text):
    return re.fullmatch(r"[A-Za-z0-9'()+,\-./:? =]+", text) is not None


@test("everybody the view shows is there, and nobody else")
def everybody():
    here = prepare()
    equal(sorted(here["people"]), sorted(row["uid"] for row in shown()), "uids")
    check(len(here["people"]) > PEOPLE * 0.9, "too few people")
    check(all(row["status"] in (1, 2) for row in shown()), "others are shown")


@test("values are those of the database")
def values():
    here = prepare()
    for row in shown():
        dn, entry = here["people"][row["uid"]]
        equal(dn, f"uid={row['uid']},ou=people,{slapd.SUFFIX}", "dn")
        for column, name in PLAIN.items():
            equal(one(entry, name), row[column], f"{dn} {name}")
        equal(one(entry, "rollcallStatus"), STATUS[row["status"]], dn)
        equal(one(entry, "cn"), row["display_name"], dn)
        equal(one(entry, "sn"), row["last_name"] or row["display_name"], dn)
        mail = row["work_email"]
        equal(one(entry, "mail"), mail if mail and mail.isascii() else None, dn)
        phone = row["mobile_phone"]
        equal(one(entry, "mobile"), phone if phone and is_printable(phone) else None, dn)


@test("a place of work spreads over its attributes")
def places():
    here = prepare()
    for row in shown():
        dn, entry = here["people"][row["uid"]]
        parts = (row["work_location"] or "").split("\x1f") + [""] * 6
        for name, part in zip(PLACE, parts):
            part = part.replace("\n", ", ")
            if name == "c" and len(part) != 2:
                part = ""
            equal(one(entry, name), part or None, f"{dn} {name}")


@test("a home address is a postal address")
def addresses():
    here = prepare()
    seen = 0
    for row in shown():
        dn, entry = here["people"][row["uid"]]
        if row["home_address"] is None:
            equal(one(entry, "homePostalAddress"), None, dn)
            continue
        parts = row["home_address"].split("\x1f")
        lines = [parts[1], f"{parts[4]} {parts[2]}"]
        lines = [line.replace("\\", "\\5C").replace("$", "\\24") for line in lines]
        equal(one(entry, "homePostalAddress"), "$".join(lines), dn)
        seen += 1
    check(seen > 100, "nobody has a home address")


@test("references lead to entries, and only to entries of the view")
def references():
    here = prepare()
    names = {row["id"]: here["people"][row["uid"]][0] for row in shown()}
    for row in shown():
        dn, entry = here["people"][row["uid"]]
        equal(one(entry, "manager"), names.get(row["boss"]), f"manager of {dn}")


@test("operational attributes are real")
def operational():
    here = prepare()
    for row in shown():
        dn, entry = here["people"][row["uid"]]
        equal(one(entry, "entryUUID"), str(uuid.UUID(bytes=row["uuid"])), dn)
        seconds, micro = divmod(row["changed"], 1000000)
        time = re.match(r"(\d{14})\.(\d{6})Z#000000#005#000000$", one(entry, "entryCSN"))
        check(time is not None, one(entry, "entryCSN"))
        equal(time.group(2), f"{micro:06}", dn)
        equal(one(entry, "modifyTimestamp"), time.group(1) + "Z", dn)
        from datetime import datetime, timezone
        written = datetime.strptime(time.group(1), "%Y%m%d%H%M%S").replace(
            tzinfo=timezone.utc)
        equal(int(written.timestamp()), seconds, dn)
        equal(one(entry, "structuralObjectClass"), "inetOrgPerson", dn)
        equal(one(entry, "entryDN"), dn, dn)
        equal(one(entry, "subschemaSubentry"), "cn=Subschema", dn)
        equal(one(entry, "hasSubordinates"), "FALSE", dn)
        for name in ["creatorsName", "modifiersName"]:
            equal(one(entry, name), "cn=rollcall," + slapd.SUFFIX, dn)


@test("the suffix entry says how far the directory has come")
def suffix_entry():
    here = prepare()
    entry = slapd.entry(here["ldap"], slapd.SUFFIX, ["*", "+"])
    equal(entry["o"], [b"Acme Worldwide"])
    equal(entry["dc"], [b"example"])
    stamp = rows("SELECT stamp FROM view WHERE name = 'ldap'")[0]["stamp"]
    holds(one(entry, "contextCSN"), f".{stamp % 1000000:06}Z#000000#005#000000")
    newest = max(one(e, "entryCSN") for _, e in here["people"].values())
    check(one(entry, "contextCSN") >= newest, "contextCSN is behind an entry")
    equal(entry["hasSubordinates"], [b"TRUE"])


@test("member and memberOf agree")
def memberships():
    here = prepare()
    by_group = {dn: set(entry.get("member", [])) for dn, entry in here["groups"].values()}
    by_person = {}
    for dn, entry in here["people"].values():
        for group in entry.get("memberOf", []):
            by_person.setdefault(group.decode(), set()).add(dn.encode())
    equal(by_group, by_person, "memberships")
    counts = {row["cn"]: row["members"] for row in rows(
        "SELECT g.cn, s.members FROM v_group g JOIN v_group_shown s ON s.grp = g.id"
        " JOIN view w ON w.id = s.view WHERE w.name = 'ldap'")}
    equal({cn: len(entry["member"]) for cn, (_, entry) in here["groups"].items()}, counts)
    check(counts["Everybody"] > BIG * 0.9, "the big group is small")


@test("names of every kind lead to their entries")
def odd_names():
    here = prepare()
    for kind in ("people", "groups"):
        some = list(here[kind].values())[:200]
        for dn, entry in some:
            again = slapd.entry(here["ldap"], dn, ["entryUUID"])
            equal(again["entryUUID"], entry["entryUUID"], dn)
            upper = slapd.entry(here["ldap"], dn.upper(), ["1.1"])
            check(upper is not None, f"{dn} in capitals")
    for cn in ["R&D, Berlin + Paris", "#1 team", 'say "hello"', "back\\slash",
               "a=b; c<d>", "チーム", "two  blanks", "*", "(parens)"]:
        check(cn in here["groups"], f"no group {cn}")
    found = slapd.names(here["ldap"], "(cn=two blanks)", "ou=groups," + slapd.SUFFIX)
    equal(found, [here["groups"]["two  blanks"][0]])


@test("values the syntax refuses are left out and counted once")
def refused():
    log = prepare()["server"].log()
    match = re.search(r"values left out because LDAP's syntax refuses them: (.*)$", log,
                      re.MULTILINE)
    check(match is not None, "nothing was said")
    counts = dict(part.rsplit(" ", 1) for part in match.group(1).split(", "))
    equal(counts["mail"], "1")
    equal(counts["mobile"], "1")
    check(int(counts["c"]) > 1000, "countries")


@test("the schema allows every entry, and slapcat prints all of them")
def schema_allows():
    server = prepare()["server"]
    status, output, errors = server.tool("slapschema", "-b", slapd.SUFFIX, status=None)
    equal((status, output), (0, ""), errors)
    ldif = server.tool("slapcat", "-b", slapd.SUFFIX)
    wanted = 4 + 1 + len(prepare()["people"]) + len(prepare()["groups"])
    equal(len(re.findall("^dn:", ldif, re.MULTILINE)), wanted, "entries in slapcat")
    lacks(ldif, "userPassword")
    lacks(ldif, base64.b64encode(b"{SSHA}")[:7].decode())


@test("a stock server takes the copy, with the schema from the file")
def copied():
    ldif = prepare()["server"].tool("slapcat", "-b", slapd.SUFFIX)
    world.write("copy.ldif", ldif)
    other = slapd.Slapd(world, "copy", slapd.copy_global() +
                        slapd.copy_part(world.path("copy")))
    other.tool("slapadd", "-q", "-b", slapd.SUFFIX, "-l", world.path("copy.ldif"))
    equal(sorted(ldif.replace("\n ", "").split("\n\n")),
          sorted(other.tool("slapcat", "-b", slapd.SUFFIX).replace("\n ", "").split("\n\n")),
          "the copy")
    # Normalised as slapd itself would have: it finds what it copied, by equality.
    server = other.start()
    connection = server.root()
    for uid, (dn, _) in list(prepare()["people"].items())[:50]:
        equal(slapd.names(connection, f"(uid={uid})"), [dn])
    server.stop()


@test("the schema also comes as LDIF for cn=config")
def schema_ldif():
    folder = world.path("config")
    os.makedirs(folder)
    lines = ["dn: cn=config", "objectClass: olcGlobal", "cn: config", "",
             "dn: cn=schema,cn=config", "objectClass: olcSchemaConfig", "cn: schema", ""]
    for name in ["core", "cosine", "inetorgperson"]:
        lines.append(f"include: file://{slapd.SCHEMAS}/{name}.ldif")
        lines.append("")
    lines.append("include: file://" + os.path.join(BUILD, "schema/rollcall.ldif"))
    world.write("config.ldif", "\n".join(lines) + "\n")
    world.run(["/usr/sbin/slapadd", "-n0", "-F", folder, "-l", world.path("config.ldif")])
    world.run(["/usr/sbin/slaptest", "-F", folder, "-u"])


def fields():
    """The rows of schema/fields.def: name of the field and attribute types."""
    with open(os.path.join(SOURCE, "schema/fields.def"), encoding="utf-8") as stream:
        text = stream.read()
    rows = re.findall(r"^FIELD\((.*?)\)$", text, re.MULTILINE | re.DOTALL)
    for row in rows:
        name = row.split(",")[1].strip()
        yield name, re.findall(r'"([^"]*)"', row)[1].split()


@test("the manual's table has every field and every attribute type")
def manual():
    with open(os.path.join(SOURCE, "backend/slapd-rollcall.5"), encoding="utf-8") as stream:
        text = stream.read()
    table = {}
    name = None
    for row in re.findall(r"^\.It (.*? Ta .*)$", text, re.MULTILINE):
        cells = row.split("Ta ")
        name = cells[0].strip() or name
        table.setdefault(name, []).extend(re.split(r"[, ]+", cells[1].strip()))
    for name, types in fields():
        equal(sorted(table.get(name, [])), sorted(types), f"{name} in the manual")


@test("the suffix may begin with dc, o or ou, and says so otherwise")
def suffixes():
    for suffix, attribute, classes in [
            ("o=Acme\\2C Inc.", ("o", b"Acme, Inc."), b"organization"),
            ("ou=staff,dc=example,dc=com", ("ou", b"staff"), b"organizationalUnit"),
            ("dc=Beispiel", ("dc", b"Beispiel"), b"dcObject")]:
        path = world.path("suffix.db")
        for name in (path, path + "-wal", path + "-shm"):
            if os.path.exists(name):
                os.unlink(name)
        slapd.seed(world, "create", "--people", "20", "--suffix", suffix, path)
        server = slapd.Slapd(world, "suffix", slapd.global_part() +
                             slapd.database_part(path, suffix=suffix)).start()
        root = server.connect("cn=admin," + suffix, "admin")
        entry = slapd.entry(root, suffix)
        holds(entry[attribute[0]], attribute[1])
        holds(entry["objectClass"], classes)
        check(len(slapd.names(root, "(objectClass=person)", suffix)) > 10, suffix)
        root.unbind_s()
        equal(server.tool("slapschema", "-b", suffix), "")
        server.stop()
    text = slapd.global_part() + slapd.database_part(world.path("none.db"),
                                                     suffix="l=Berlin")
    status, _, errors = slapd.Slapd(world, "place", text).tool("slaptest", status=None)
    check(status != 0, "l= was taken")
    holds(errors, "begins with dc=, o= or ou=")


main()
