"""What slapd's own access control, limits, TLS and SASL do on top of the module, people's binds
through slapo-remoteauth, and a view for each database."""
import os
import sys

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib")]

from fake_ldap import BindServer                            # noqa: E402
from house import House                                     # noqa: E402
from tap import Skip, check, equal, holds, main, test       # noqa: E402
from world import World, free_port                          # noqa: E402
import slapd                                                # noqa: E402
from slapd import SUFFIX, ldap                              # noqa: E402

SERVICES = "ou=services," + SUFFIX
PEOPLE = "ou=people," + SUFFIX
GROUPS = "ou=groups," + SUFFIX
world = World()
state = {}


def prepare():
    if state:
        return state
    slapd.available()
    state["path"] = world.path("rollcall.db")
    slapd.seed(world, "create", "--people", "300", state["path"])
    slapd.seed(world, "client", state["path"], "add", "reader")
    slapd.seed(world, "client", state["path"], "add", "mailer")
    return state


def serve(name, rules, globals_="", uris=(), path=None):
    server = slapd.Slapd(world, name, slapd.global_part(extra=globals_) + slapd.database_part(
        path or prepare()["path"], rules))
    server.listen += uris
    return server.start()


def client(server, name="reader"):
    return server.connect(f"cn={name},{SERVICES}", "secret")


def outcome(call):
    try:
        return call()
    except ldap.LDAPError as error:
        return type(error).__name__


@test("rules by entry, attribute, filter, value, group and children hold")
def rules():
    server = serve("rules", f"""access to dn.subtree="{SERVICES}" by anonymous auth by * none
access to attrs=mail by dn.base="cn=mailer,{SERVICES}" read by * none
access to attrs=memberOf by dn.base="cn=mailer,{SERVICES}" compare by * none
access to filter="(rollcallStatus=offboarding)" by * none
access to dn.subtree="{GROUPS}" attrs=member val.regex="^uid=a.*" by * none
access to * by dn.children="{SERVICES}" read by * none""")
    reader, mailer, root = client(server), client(server, "mailer"), server.root()
    leaving = slapd.names(root, "(rollcallStatus=offboarding)")
    check(leaving, "somebody leaves")
    equal(slapd.names(reader, "(rollcallStatus=offboarding)"), [])
    equal(slapd.names(reader, "(objectClass=*)", leaving[0], ldap.SCOPE_BASE),
          "NO_SUCH_OBJECT")
    equal(slapd.names(reader, "(mail=*)"), [])
    check(len(slapd.names(mailer, "(mail=*)")) > 200, "the mailer reads mail")
    dn, groups = next((dn, e["memberOf"]) for dn, e in root.search_s(
        PEOPLE, ldap.SCOPE_ONELEVEL, "(&(memberOf=*)(!(rollcallStatus=offboarding)))",
        ["memberOf"]))
    equal(mailer.compare_s(dn, "memberOf", groups[0]), True)
    equal(outcome(lambda: reader.compare_s(dn, "memberOf", groups[0])), "INSUFFICIENT_ACCESS")
    for _, group in reader.search_s(GROUPS, ldap.SCOPE_ONELEVEL, attrlist=["member"]):
        check(not any(name.startswith(b"uid=a") for name in group.get("member", [])), "a")
    server.stop()


@test("a group of the directory decides who reads, and follows it")
def groups():
    here = prepare()
    server = serve("groups", f"""access to dn.subtree="{SERVICES}" by anonymous auth by * none
access to attrs=title by group.exact="cn=Everybody,{GROUPS}" read by * none
access to * by * read""")
    root = server.root()
    dn, entry = next((dn, e) for dn, e in root.search_s(
        PEOPLE, ldap.SCOPE_ONELEVEL, f"(&(title=*)(memberOf=cn=Everybody,{GROUPS}))",
        ["title", "uid"]))
    status, output, errors = server.tool("slapacl", "-D", dn, "-b", dn, "title/read",
                                         status=None)
    holds(output + errors, "ALLOWED")
    number = entry["uid"][0].decode()
    digits = number[len(number.rstrip("0123456789")):]
    slapd.seed(world, "change", here["path"], "leave", digits, "1")
    status, output, errors = server.tool("slapacl", "-D", dn, "-b", dn, "title/read",
                                         status=None)
    holds(output + errors, "DENIED")
    server.stop()


@test("limits: sizes and times by who asks, candidates, pages")
def limits():
    server = serve("limits", f"""sizelimit 10
limits dn.base="cn=reader,{SERVICES}" size.soft=20 size.hard=30 size.pr=15 size.prtotal=40
limits dn.base="cn=mailer,{SERVICES}" size=unlimited size.unchecked=50
access to * by * read""")
    table = [(server.connect(), 0, 10), (client(server), 0, 20), (client(server), 30, 30)]
    for connection, wanted, got in table:
        connection.sizelimit = wanted
        found = []
        number = connection.search_ext(PEOPLE, ldap.SCOPE_ONELEVEL, "(uid=*)", ["1.1"],
                                       sizelimit=wanted)
        try:
            while True:
                kind, rows = connection.result(number, 0)
                if kind == ldap.RES_SEARCH_RESULT:
                    raise AssertionError("no limit")
                found += rows
        except ldap.SIZELIMIT_EXCEEDED:
            equal(len(found), got, "entries")
    mailer = client(server, "mailer")
    equal(slapd.names(mailer, "(postalCode=nowhere*x)"), "ADMINLIMIT_EXCEEDED")
    check(isinstance(slapd.names(mailer, "(uid=nobody)"), list), "one by index")
    control = ldap.controls.libldap.SimplePagedResultsControl(True, size=16, cookie="")
    equal(outcome(lambda: client(server).search_ext_s(
        PEOPLE, ldap.SCOPE_ONELEVEL, "(uid=*)", serverctrls=[control])), "ADMINLIMIT_EXCEEDED")
    server.stop()


def certificate():
    key, cert = world.path("key.pem"), world.path("cert.pem")
    if not os.path.exists("/usr/bin/openssl"):
        raise Skip("openssl is not installed")
    world.run(["/usr/bin/openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
               key, "-out", cert, "-days", "2", "-subj", "/CN=app.example.com",
               "-addext", "subjectAltName=IP:127.0.0.1"])
    return key, cert


@test("StartTLS, LDAPS, and nothing without them where security says so")
def tls():
    key, cert = certificate()
    port = free_port()
    server = serve("tls", "access to * by * read\nsecurity simple_bind=128",
                   f"TLSCertificateFile {cert}\nTLSCertificateKeyFile {key}",
                   [f"ldaps://127.0.0.1:{port}"])
    equal(outcome(lambda: client(server)), "CONFIDENTIALITY_REQUIRED")
    for uri, start in ((server.uri, True), (f"ldaps://127.0.0.1:{port}", False)):
        connection = ldap.initialize(uri)
        connection.set_option(ldap.OPT_X_TLS_CACERTFILE, cert)
        connection.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND)
        connection.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
        if start:
            connection.start_tls_s()
        connection.simple_bind_s("cn=reader," + SERVICES, "secret")
        equal(connection.whoami_s(), "dn:cn=reader," + SERVICES)
        check(len(slapd.names(connection, "(uid=*)")) > 200, "people")
    server.stop()


@test("SASL EXTERNAL over ldapi and by certificate, mapped to a client; who am i says so")
def external():
    key, cert = certificate()
    server = serve("external", f"""access to dn.subtree="{SERVICES}" by * none
access to * by dn.base="cn=reader,{SERVICES}" read by * none""",
                   f"TLSCertificateFile {cert}\nTLSCertificateKeyFile {key}\n"
                   f"TLSCACertificateFile {cert}\nTLSVerifyClient try\n"
                   "authz-regexp gidNumber=[0-9]+[+]uidNumber=[0-9]+,cn=peercred,cn=external,"
                   f"cn=auth cn=reader,{SERVICES}\n"
                   f"authz-regexp cn=app.example.com cn=mailer,{SERVICES}")
    connection = ldap.initialize(server.local)
    equal(connection.whoami_s(), "")
    connection.sasl_external_bind_s()
    equal(connection.whoami_s(), "dn:cn=reader," + SERVICES)
    check(len(slapd.names(connection, "(uid=*)")) > 200, "people")
    connection = ldap.initialize(server.uri)
    for option, value in ((ldap.OPT_X_TLS_CACERTFILE, cert), (ldap.OPT_X_TLS_CERTFILE, cert),
                          (ldap.OPT_X_TLS_KEYFILE, key), (ldap.OPT_X_TLS_NEWCTX, 0)):
        connection.set_option(option, value)
    connection.start_tls_s()
    connection.sasl_external_bind_s()
    equal(connection.whoami_s(), "dn:cn=mailer," + SERVICES)
    equal(slapd.names(connection, "(uid=*)"), "NO_SUCH_OBJECT")
    server.stop()


@test("people bind through slapo-remoteauth, clients as ever, and nobody else")
def remoteauth():
    here = prepare()
    database = slapd.Slapd(world, "peek", slapd.global_part() + slapd.database_part(
        here["path"])).start()
    dn, entry = next((dn, e) for dn, e in database.root().search_s(
        PEOPLE, ldap.SCOPE_ONELEVEL, "(mail=*)", ["mail", "uid"]))
    database.stop()
    mail = entry["mail"][0].decode()
    uid = entry["uid"][0].decode()
    digits = uid[len(uid.rstrip("0123456789")):]
    remote = BindServer({mail: "hers", "": "hers"})
    server = serve("remoteauth", f"""access to dn.subtree="{SERVICES}" by anonymous auth by * none
access to * by self read by dn.children="{SERVICES}" read by * none
overlay remoteauth
remoteauth_dn_attribute mail
remoteauth_domain_attribute associatedDomain
remoteauth_default_domain example
remoteauth_mapping example {remote.uri}
remoteauth_default_realm {remote.uri}
remoteauth_retry_count 1""", "moduleload remoteauth")
    her = server.connect(dn, "hers")
    equal(her.whoami_s(), "dn:" + dn)
    equal(slapd.entry(her, dn, ["uid"])["uid"], [uid.encode()])
    equal(remote.asked, [mail])
    equal(outcome(lambda: server.connect(dn, "wrong")), "INVALID_CREDENTIALS")
    equal(outcome(lambda: server.connect("uid=nobody," + PEOPLE, "hers")),
          "INVALID_CREDENTIALS")
    equal(client(server).whoami_s(), "dn:cn=reader," + SERVICES)
    equal(outcome(lambda: server.connect("cn=reader," + SERVICES, "hers")),
          "INVALID_CREDENTIALS")
    equal(len(remote.asked), 2, "only people are asked for")
    slapd.seed(world, "change", here["path"], "hide", digits)
    slapd.wait_served(server.root(), lambda c: slapd.entry(c, dn) is None, "hidden")
    equal(outcome(lambda: server.connect(dn, "hers")), "INVALID_CREDENTIALS")
    equal(len(remote.asked), 2, "not for the hidden")
    remote.close()
    slapd.seed(world, "change", here["path"], "show", digits)
    slapd.wait_served(server.root(), lambda c: slapd.entry(c, dn) is not None, "shown")
    check(outcome(lambda: server.connect(dn, "hers")) in ("INVALID_CREDENTIALS", "SERVER_DOWN",
                                                          "UNAVAILABLE", "OTHER",
                                                          "OPERATIONS_ERROR", "CONNECT_ERROR"),
          "the other server is gone")
    server.stop()


@test("two views of one house: each with its people, references, versions, tombstones, stamps")
def views():
    house = House(world, suffix="dc=example,dc=com", main="[view/paris]\nsuffix = ou=paris,dc=example,"
                  "dc=com\nstatuses = active offboarding\n[view/paris/include]\nlocation = Paris")
    world.write("house/conf/sources.d/hr.conf", "[source]\nprovider = csv\n[fields]\n"
                "[safeguards]\nremovals = 9 100%\nout_of_filter = 9 100%\n")
    header = ("employee_number,first_name,last_name,work_email,start_date,department,manager,"
              "work_location,job_title")
    people = {"bo": "1,Bo,Berg,bo@example.com,2020-01-15,Product,,London,Boss",
              "ana": "2,Ana,Silva,ana@example.com,2020-01-15,Product,1,Paris,Clerk",
              "kim": "3,Kim,Park,kim@example.com,2020-01-15,Product,2,Paris,Clerk"}

    def bring():
        house.rollcall("import", world.write("people.csv", "\n".join(
            [header, *people.values()]) + "\n"))

    house.start()
    house.rollcall("source", "approve", "hr")
    bring()
    suffixes = {"ldap": SUFFIX, "paris": "ou=paris,dc=example,dc=com"}
    server = slapd.Slapd(world, "views", slapd.global_part() + "".join(slapd.database_part(
        house.database, f"rollcall-view {view}", suffixes[view])
        for view in ("paris", "ldap"))).start()
    ldaps = {view: server.root(suffix) for view, suffix in suffixes.items()}

    def entry(view, dn, *names):
        return slapd.entry(ldaps[view], f"{dn},{suffixes[view]}", list(names) or ["*", "+"])

    def stamps(view):
        return entry(view, "uid=ana,ou=people", "entryCSN"), slapd.entry(
            ldaps[view], suffixes[view], ["contextCSN"])

    equal([len(slapd.names(ldaps[view], "(uid=*)", "ou=people," + suffixes[view]))
           for view in suffixes], [3, 2])
    equal(entry("ldap", "uid=ana,ou=people", "manager"),
          {"manager": [f"uid=bo,{PEOPLE}".encode()]})
    equal(entry("paris", "uid=ana,ou=people", "manager"), {})
    equal(entry("paris", "uid=bo,ou=people"), None)
    equal(sorted(entry("paris", "cn=Product,ou=groups", "member")["member"]),
          [f"uid={uid},ou=people,{suffixes['paris']}".encode() for uid in ("ana", "kim")])
    # Bo is nowhere in Paris: nothing of Paris changes with him.
    before = {view: stamps(view) for view in suffixes}
    people["bo"] = people["bo"].replace("Boss", "Chief")
    bring()
    slapd.wait_served(ldaps["ldap"], lambda c: entry("ldap", "uid=bo,ou=people", "title") ==
                      {"title": [b"Chief"]}, "the title")
    check(stamps("ldap")[1] != before["ldap"][1], "contextCSN of ldap")
    equal(stamps("paris"), before["paris"])
    equal(stamps("ldap")[0], before["ldap"][0], "Ana's version")
    # Kim moves to London: gone from Paris alone, which keeps a tombstone.
    people["kim"] = people["kim"].replace("Paris", "London")
    bring()
    slapd.wait_served(ldaps["paris"], lambda c: entry("paris", "uid=kim,ou=people") is None, "kim")
    check(entry("ldap", "uid=kim,ou=people") is not None, "in ldap")
    check(stamps("paris")[1] != before["paris"][1], "contextCSN of paris")
    equal(house.query("SELECT w.name FROM v_tombstone t JOIN view w ON w.id = t.view"
                      " WHERE t.kind = 'P'"), [("paris",)])
    # A client binds in its own view alone.
    secret = house.ask("client", "add", "wiki", "--ldap", "--view", "paris")
    slapd.wait_served(ldaps["paris"], lambda c: entry("paris", "cn=wiki,ou=services"), "wiki")
    equal(secret["dn"], f"cn=wiki,ou=services,{suffixes['paris']}")
    server.connect(secret["dn"], secret["secret"])
    equal(outcome(lambda: server.connect("cn=wiki," + SERVICES, secret["secret"])),
          "INVALID_CREDENTIALS")
    equal(house.ask("why", "ana")["person"]["dn"], "uid=ana," + PEOPLE)
    # … and as long as it was given access.
    brief = house.ask("client", "add", "brief", "--ldap", "--expires", "30d")
    slapd.wait_served(ldaps["ldap"], lambda c: entry("ldap", "cn=brief,ou=services"), "brief")
    server.connect(brief["dn"], brief["secret"])
    world.advance(30 * 86400 + 1)
    equal(outcome(lambda: server.connect(brief["dn"], brief["secret"])), "INVALID_CREDENTIALS")
    server.stop()
    house.stop()


main()
