"""LDAP libraries and commands as applications use them: ldapsearch and ldapcompare, python-ldap,
ldap3, and ldapts of npm. They bind as a client of the directory, under the shipped rules."""
import base64
import os
import sys

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib"), os.path.join(SOURCE, "tests/scenario")]

from tap import Skip, check, equal, holds, main, test       # noqa: E402
from world import World, free_port                          # noqa: E402
from scim_keys import CERTIFICATE_ONE, KEY_ONE              # noqa: E402
import clients                                              # noqa: E402
import slapd                                                # noqa: E402
from slapd import SUFFIX, ldap                              # noqa: E402

CLIENT = "cn=reader,ou=services," + SUFFIX
PEOPLE = "ou=people," + SUFFIX
GROUPS = "ou=groups," + SUFFIX
NOBODY = "uid=nobody," + PEOPLE
RULES = """access to dn.subtree="ou=services,{0}" by anonymous auth by * none
access to * by dn.children="ou=services,{0}" read by * none
overlay sssvlv
""".format(SUFFIX)

world = World()
state = {}


def prepare():
    """slapd with TLS and one client, and the facts about one person that clients shall find."""
    if "facts" in state:
        return state
    slapd.available()
    path = world.path("rollcall.db")
    slapd.seed(world, "create", "--people", "60", path)
    slapd.seed(world, "client", path, "add", "reader")
    state["ca"] = world.write("ca.pem", CERTIFICATE_ONE)
    key = world.write("key.pem", KEY_ONE, 0o600)
    server = slapd.Slapd(world, "slapd", slapd.global_part(
        extra=f"moduleload sssvlv\nTLSCertificateFile {state['ca']}\n"
        f"TLSCertificateKeyFile {key}") + slapd.database_part(path, RULES))
    # libldap puts the machine's own name in the place of "localhost".
    state["ldaps"] = f"ldaps://127.0.0.1:{free_port()}"
    server.listen.append(state["ldaps"])
    state["server"] = server.start()
    state["all"] = dict(server.root().search_s(SUFFIX, ldap.SCOPE_SUBTREE,
                                               attrlist=["*", "+"]))
    state["facts"] = facts()
    return state


def people():
    return {dn: entry for dn, entry in state["all"].items() if b"inetOrgPerson" in
            entry["objectClass"]}


def facts():
    """Somebody with plain letters and two groups, and how many each filter finds."""
    found = people()
    person, entry = next((dn, entry) for dn, entry in found.items() if entry["cn"][0].isascii()
                         and "mail" in entry and len(entry.get("memberOf", [])) > 1
                         and "manager" in entry)
    value = {name: entry[name][0].decode() for name in
             ("uid", "cn", "sn", "mail", "entryUUID", "l", "manager") if name in entry}
    value["groups"] = sorted(dn.decode() for dn in entry["memberOf"])

    def count(wanted):
        return sum(1 for other in found.values() if wanted(other))

    def folded(other, name):
        return [text.decode().casefold() for text in other.get(name, [])]
    sn = value["sn"].casefold()
    group = value["groups"][0].encode()
    manager = value["manager"].encode()
    changed = entry["modifyTimestamp"][0].decode()
    escaped = ldap.filter.escape_filter_chars(value["groups"][0])
    filters = [
        [f"(sn={sn.upper()})", count(lambda other: sn in folded(other, "sn"))],
        [f"(sn={sn[:2]}*)", count(lambda o: any(t.startswith(sn[:2]) for t in folded(o, "sn")))],
        ["(mail=*@*)", count(lambda other: "mail" in other)],
        ["(&(objectClass=person)(!(manager=*)))", count(lambda o: "manager" not in o)],
        [f"(memberOf={escaped})", count(lambda other: group in other.get("memberOf", []))],
        [f"(manager={value['manager']})",
         count(lambda other: manager in other.get("manager", []))],
        [f"(|(uid={value['uid']})(sAMAccountName={value['uid']}))", 1],
        [f"(entryUUID={value['entryUUID']})", 1],
        [f"(&(objectClass=inetOrgPerson)(modifyTimestamp>={changed}))",
         count(lambda o: o["modifyTimestamp"][0].decode() >= changed)],
        ["(objectClass=sudoRole)", 0], ["(uidNumber=nonsense)", 0], ["(unknown=1)", 0],
        ["(!(unknown=1))", 0],
        [f"(&(cn=*)(member:1.2.840.113556.1.4.1941:={person}))", 0],
    ]
    return {"url": state["server"].uri, "ldaps": state["ldaps"], "ca": state["ca"],
            "suffix": SUFFIX, "dn": CLIENT, "password": "secret", "person": person,
            "uid": value["uid"], "cn": value["cn"], "mail": value["mail"],
            "uuid": value["entryUUID"], "groups": value["groups"], "people": len(found),
            "filters": filters}


# ---- the commands ------------------------------------------------------------------------------

def tool(name, *words, status=0, url=None):
    here = prepare()
    command = [clients.installed(name, "ldap-utils"), "-x", "-H", url or here["server"].uri,
               "-D", CLIENT, "-w", "secret", *words]
    return world.run(command, status, environment=dict(
        world.environment, LDAPTLS_CACERT=here["ca"], LDAPTLS_REQCERT="demand"))


def dns(text):
    return [line[4:] for line in text.splitlines() if line.startswith("dn: ")]


def values(text, name):
    """Of an attribute in LDIF; with two colons a value is base64."""
    return [line.split(": ", 1)[1] if line[len(name) + 1] != ":" else
            base64.b64decode(line.split(":: ", 1)[1]).decode()
            for line in text.splitlines() if line.startswith(name + ":")]


def ldapsearch(*words, status=0, url=None):
    return tool("ldapsearch", "-LLL", "-o", "ldif-wrap=no", *words, status=status, url=url)


@test("ldapsearch: filters, pages, sorting, one attribute, StartTLS and LDAPS")
def command_search():
    fact = prepare()["facts"]
    for text, count in fact["filters"]:
        equal(len(dns(ldapsearch("-b", SUFFIX, text, "1.1"))), count, text)
    whole = ldapsearch("-b", PEOPLE, "-s", "one", "uid")
    equal(len(dns(whole)), fact["people"], "people")
    paged = ldapsearch("-b", PEOPLE, "-s", "one", "-E", "!pr=7/noprompt", "uid")
    equal(dns(paged), dns(whole), "pages")
    ordered = ldapsearch("-b", PEOPLE, "-s", "one", "-E", "!sss=uid:caseIgnoreOrderingMatch", "uid")
    equal(values(ordered, "uid"), sorted(values(whole, "uid")), "sorted")
    text = ldapsearch("-b", fact["person"], "-s", "base", "memberOf", "entryUUID")
    equal(sorted(values(text, "memberOf")), fact["groups"])
    equal(values(text, "entryUUID"), [fact["uuid"]])
    equal(dns(ldapsearch("-ZZ", "-b", fact["person"], "-s", "base")), [fact["person"]])
    equal(dns(ldapsearch("-b", fact["person"], "-s", "base", url=fact["ldaps"])),
          [fact["person"]])


@test("ldapcompare, ldapwhoami, ldapmodify, ldapdelete: their exit statuses")
def command_others():
    fact = prepare()["facts"]
    for assertion, status in [
            ("mail:" + fact["mail"].upper(), 6), ("mail:x@y.example", 5), ("pager:1", 16),
            ("memberOf:" + fact["groups"][0], 6), ("objectClass:person", 6),
            ("unknown:1", 17)]:
        tool("ldapcompare", fact["person"], assertion, status=status)
    tool("ldapcompare", fact["groups"][0], "member:" + fact["person"], status=6)
    tool("ldapcompare", NOBODY, "uid:nobody", status=32)
    equal(tool("ldapwhoami").strip(), "dn:" + CLIENT)
    tool("ldapdelete", fact["person"], status=53)
    change = world.write("change.ldif", f"dn: {fact['person']}\nchangetype: modify\n"
                         "replace: title\ntitle: x\n")
    tool("ldapmodify", "-f", change, status=53)
    code, _, errors = ldapsearch("-b", NOBODY, "-s", "base", status=None)
    equal(code, 32)
    holds(errors, "Matched DN: " + PEOPLE)


# ---- python-ldap -------------------------------------------------------------------------------

def reader():
    return prepare()["server"].connect(CLIENT, "secret")


@test("python-ldap: every entry is legal by the schema the server shows")
def legal():
    import ldap.schema
    connection = reader()
    schema = ldap.schema.SubSchema(connection.read_subschemasubentry_s(
        connection.search_subschemasubentry_s(SUFFIX)), 0)
    single = set()
    for oid in schema.listall(ldap.schema.AttributeType):
        kind = schema.get_obj(ldap.schema.AttributeType, oid)
        if kind.single_value:
            single.update(name.lower() for name in kind.names)
    for dn, entry in connection.search_s(SUFFIX, ldap.SCOPE_SUBTREE):
        classes = [name.decode() for name in entry["objectClass"]]
        must, may = schema.attribute_types(classes, raise_keyerror=1)
        allowed = {name.lower() for kind in [*must.values(), *may.values()]
                   for name in kind.names}
        given = {name.lower() for name in entry}
        check(given <= allowed, f"{dn}: {given - allowed} are not allowed")
        for kind in must.values():
            check(given & {name.lower() for name in kind.names}, f"{dn} lacks {kind.names}")
        for name, values in entry.items():
            check(name.lower() not in single or len(values) == 1, f"{dn}: {name}")
            equal(len(values), len(set(values)), f"values of {name} in {dn}")
    # Only the clients' own entries are hidden.
    equal(len(connection.search_s(SUFFIX, ldap.SCOPE_SUBTREE, attrlist=["1.1"])),
          len([dn for dn in prepare()["all"] if not dn.endswith("ou=services," + SUFFIX)]))


@test("python-ldap: filters, compare, limits, controls, refusals")
def python_ldap():
    from ldap.controls.readentry import PreReadControl
    from ldap.controls.simple import ValueLessRequestControl
    from ldap.controls.sss import SSSRequestControl
    fact, connection = prepare()["facts"], reader()
    for text, count in fact["filters"]:
        equal(len(connection.search_s(SUFFIX, ldap.SCOPE_SUBTREE, text, ["1.1"])), count, text)
    check(connection.compare_s(fact["person"], "uid", fact["uid"].upper().encode()), "uid")
    check(not connection.compare_s(fact["person"], "uid", b"x"), "another uid")
    for error, call in [
            (ldap.SIZELIMIT_EXCEEDED, lambda: connection.search_ext_s(
                PEOPLE, ldap.SCOPE_ONELEVEL, sizelimit=3)),
            (ldap.UNWILLING_TO_PERFORM, lambda: connection.modify_s(
                fact["person"], [(ldap.MOD_REPLACE, "title", b"x")])),
            (ldap.UNWILLING_TO_PERFORM, lambda: connection.rename_s(fact["person"], "uid=x")),
            (ldap.UNWILLING_TO_PERFORM, lambda: connection.delete_s(fact["person"])),
            (ldap.UNAVAILABLE_CRITICAL_EXTENSION, lambda: connection.search_ext_s(
                PEOPLE, ldap.SCOPE_BASE, serverctrls=[PreReadControl(True, ["uid"])])),
            (ldap.INVALID_CREDENTIALS, lambda: prepare()["server"].connect(
                fact["person"], "x"))]:
        try:
            call()
        except error:
            continue
        raise AssertionError(f"{error.__name__} was expected")
    manage = ValueLessRequestControl("2.16.840.1.113730.3.4.2", True)
    equal(len(connection.search_ext_s(fact["person"], ldap.SCOPE_BASE, serverctrls=[manage])),
          1)
    backwards = SSSRequestControl(True, ["-uid:2.5.13.3"])
    found = [entry["uid"][0] for _, entry in connection.search_ext_s(
        PEOPLE, ldap.SCOPE_ONELEVEL, attrlist=["uid"], serverctrls=[backwards])]
    equal(found, sorted(found, reverse=True), "sorted")


# ---- ldap3 -------------------------------------------------------------------------------------

def library3():
    try:
        import ldap3
    except ImportError:
        raise Skip("python3-ldap3 is not installed") from None
    return ldap3


def connect3(**more):
    """A connection that reads the server's schema and checks everything by it."""
    ldap3 = library3()
    server = ldap3.Server(prepare()["server"].uri, get_info=ldap3.ALL)
    return ldap3.Connection(server, CLIENT, "secret", auto_bind=True, check_names=True, **more)


@test("ldap3: rootDSE and schema, searching with names checked, operational attributes")
def ldap3_search():
    ldap3, fact = library3(), prepare()["facts"]
    with connect3() as connection:
        info = connection.server.info
        equal(info.naming_contexts, [SUFFIX])
        check("1.2.840.113556.1.4.319" in str(info.supported_controls), "paged results")
        check("rollcallPerson" in connection.server.schema.object_classes, "schema")
        for text, count in fact["filters"]:
            if "unknown" in text or "sAMAccountName" in text or "uidNumber" in text \
                    or "sudoRole" in text:      # ldap3 itself refuses what the schema lacks
                continue
            connection.search(SUFFIX, text)
            equal(len(connection.entries), count, text)
        check(connection.search(fact["person"], "(objectClass=*)", ldap3.BASE,
                                attributes=[ldap3.ALL_ATTRIBUTES,
                                            ldap3.ALL_OPERATIONAL_ATTRIBUTES]), "one person")
        entry = connection.entries[0]
        equal(str(entry.entryUUID), fact["uuid"])
        equal(entry.modifyTimestamp.value.tzinfo is not None, True, "an instant")
        equal(sorted(entry.memberOf.values), fact["groups"])
        found = list(connection.extend.standard.paged_search(
            PEOPLE, "(objectClass=person)", paged_size=7, generator=True))
        equal(len(found), fact["people"])
        reader3 = ldap3.Reader(connection, ldap3.ObjectDef(["inetOrgPerson"], connection),
                               PEOPLE, f"uid: {fact['uid']}")
        equal([str(one.mail) for one in reader3.search()], [fact["mail"]], "its own objects")


@test("ldap3: compare, who am I, limits, refusals, StartTLS")
def ldap3_others():
    ldap3, fact = library3(), prepare()["facts"]
    with connect3() as connection:
        check(connection.compare(fact["groups"][0], "member", fact["person"]), "member")
        check(not connection.compare(fact["person"], "mail", "x@y.example"), "mail")
        equal(connection.extend.standard.who_am_i(), "dn:" + CLIENT)
        check(not connection.search(NOBODY, "(objectClass=*)", ldap3.BASE), "nobody")
        equal((connection.result["result"], connection.result["dn"]), (32, PEOPLE))
        connection.search(PEOPLE, "(objectClass=person)", size_limit=3)
        equal((connection.result["result"], len(connection.entries)), (4, 3))
        check(not connection.modify(fact["person"], {"title": [(ldap3.MODIFY_REPLACE, ["x"])]}),
              "modified")
        equal(connection.result["result"], 53)
        check(not connection.extend.standard.modify_password(fact["person"], new_password="x"),
              "a new password")
        equal(connection.result["result"], 53)
    import ssl
    server = ldap3.Server(fact["url"], tls=ldap3.Tls(
        validate=ssl.CERT_REQUIRED, ca_certs_file=fact["ca"], valid_names=["localhost"]))
    with ldap3.Connection(server, CLIENT, "secret", auto_bind="TLS_BEFORE_BIND") as connection:
        check(connection.search(fact["person"], "(objectClass=*)", ldap3.BASE), "over TLS")


# ---- ldapts ------------------------------------------------------------------------------------

def ldapts(name):
    @test("ldapts: " + name)
    def run():
        command = clients.node("ldapts.cjs", name)
        world.run([*command, *clients.node("ldapts.cjs", prepare()["facts"])[2:]],
                  environment=clients.environment(world))


for each in ("search", "filters", "paging", "limit", "compare", "whoami", "errors", "rootDSE",
             "startTLS", "LDAPS", "login"):
    ldapts(each)

main()
