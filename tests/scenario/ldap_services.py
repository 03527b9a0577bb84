"""Services that take their users from a directory: Apache's mod_authnz_ldap, Postfix's tables.
They are unpacked, not installed, and bind as a client of the directory, under the shipped rules."""
import base64
import hashlib
import os
import sys

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib"), os.path.join(SOURCE, "tests/scenario")]

from fake_ldap import BindServer                    # noqa: E402
from tap import check, equal, holds, main, test     # noqa: E402
from world import World, free_port                  # noqa: E402
from scim_keys import CERTIFICATE_ONE, KEY_ONE      # noqa: E402
import clients                                      # noqa: E402
import slapd                                        # noqa: E402
from slapd import SUFFIX, ldap                      # noqa: E402

CLIENT = "cn=mail and web,ou=services," + SUFFIX
RULES = """access to dn.subtree="ou=services,{0}" by anonymous auth by * none
access to * by dn.children="ou=services,{0}" read by * none
overlay remoteauth
remoteauth_dn_attribute mail
remoteauth_domain_attribute associatedDomain
remoteauth_default_domain example
remoteauth_mapping example {1}
remoteauth_default_realm {1}
"""

world = World()
state = {}


def prepare():
    if state:
        return state
    slapd.available()
    path = world.path("rollcall.db")
    slapd.seed(world, "create", "--people", "60", path)
    slapd.seed(world, "client", path, "add", "mail and web")
    state["ca"] = world.write("ca.pem", CERTIFICATE_ONE, 0o644)
    state["passwords"] = {}
    state["remote"] = BindServer(state["passwords"])
    state["server"] = slapd.Slapd(world, "slapd", slapd.global_part(
        extra=f"moduleload remoteauth\nTLSCertificateFile {state['ca']}\n"
        f"TLSCertificateKeyFile {world.write('key.pem', KEY_ONE, 0o600)}")
        + slapd.database_part(path, RULES.format(SUFFIX, state["remote"].uri))).start()
    everything = state["server"].root().search_s(SUFFIX, ldap.SCOPE_SUBTREE)
    state["people"] = {dn: entry for dn, entry in everything if "uid" in entry}
    state["groups"] = {dn: entry for dn, entry in everything if "member" in entry}
    return state


def first(entry, name):
    return entry[name][0].decode()


# ---- Apache ------------------------------------------------------------------------------------

HTTPD = """ServerRoot {root}
PidFile {folder}/httpd.pid
DefaultRuntimeDir {folder}
ErrorLog {folder}/error.log
LogLevel info
ServerName localhost
Listen 127.0.0.1:{port}
{modules}
User daemon
Group daemon
DocumentRoot {folder}/site
LDAPTrustedGlobalCert CA_BASE64 {ca}
<Directory {folder}/site>
AuthType Basic
AuthName people
AuthBasicProvider file
AuthUserFile {folder}/users
AuthLDAPURL "{url}/ou=people,{suffix}?uid?sub?(objectClass=inetOrgPerson)" TLS
AuthLDAPBindDN "{client}"
AuthLDAPBindPassword secret
</Directory>
{places}
"""
MODULES = ["mpm_event", "authn_core", "authn_file", "auth_basic", "authz_core", "authz_user",
           "ldap", "authnz_ldap"]


class Apache:
    """Apache with a page for each requirement; everybody's password is her uid. It knows them
    from a file, and asks the directory who they are: people have no passwords there."""

    def __init__(self, places):
        here = prepare()
        self.program = clients.program("usr/sbin/apache2")
        self.curl = clients.installed("curl", "curl")
        self.port = free_port()
        users = []
        for entry in here["people"].values():
            uid = first(entry, "uid")
            digest = base64.b64encode(hashlib.sha1(uid.encode()).digest()).decode()
            users.append(f"{uid}:{{SHA}}{digest}\n")
        world.write("httpd/users", "".join(users), 0o644)
        blocks = []
        for name, requirement in places.items():
            world.write(f"httpd/site/{name}", "welcome\n", 0o644)
            blocks.append(f"<Location /{name}>\n{requirement}\n</Location>")
        os.chmod(world.folder, 0o711)
        conf = world.write("httpd/httpd.conf", HTTPD.format(
            root=clients.program("usr/lib/apache2"), folder=world.path("httpd"), port=self.port,
            modules="\n".join(f"LoadModule {name}_module modules/mod_{name}.so"
                              for name in MODULES),
            url=here["server"].uri, ca=here["ca"], suffix=SUFFIX, client=CLIENT,
            places="\n".join(blocks)))
        self.process = world.start([self.program, "-D", "FOREGROUND", "-f", conf], "apache",
                                   clients.environment(world))
        self.process.wait_port(self.port)

    def status(self, place, uid):
        return int(world.run([self.curl, "-s", "-o", "/dev/null", "-w", "%{http_code}",
                              "-u", f"{uid}:{uid}", f"http://127.0.0.1:{self.port}/{place}"]))

    def log(self):
        with open(world.path("httpd/error.log"), encoding="utf-8") as stream:
            return stream.read()


def awkward_group():
    """One whose name needs escapes, and not everybody's."""
    here = prepare()
    return next(dn for dn, entry in sorted(here["groups"].items())
                if "\\" in dn and len(entry["member"]) < 40)


@test("Apache: by name, group, attribute, filter and DN, each for whom it is and nobody else")
def apache():
    here = prepare()
    group = awkward_group()
    members = {dn.decode() for dn in here["groups"][group]["member"]}
    member = next(dn for dn in sorted(members) if {"title", "mail"} <= set(here["people"][dn]))
    place = first(here["people"][member], "title")
    stranger = next(dn for dn, entry in here["people"].items() if dn not in members
                    and first(entry, "uid") != member and entry.get("title") != [place.encode()])
    uid = first(here["people"][member], "uid")
    escaped = group.replace("\\", "\\\\")      # Apache's expressions take one away
    server = Apache({
        "anybody": "Require valid-user",
        "user": f"Require ldap-user {uid}",
        "group": f"Require ldap-group {escaped}",
        "title": f'Require ldap-attribute title="{place}"',
        "filter": f"Require ldap-filter &(title={place})(uid={uid[:3]}*)",
        "dn": f"Require ldap-dn {member}",
        "search": f"Require ldap-search (&(uid=%{{REMOTE_USER}})(title={place}))",
        "password": "AuthBasicProvider ldap\nRequire valid-user",
    })
    other = first(here["people"][stranger], "uid")
    equal([server.status("anybody", name) for name in (uid, other, "nobody")], [200, 200, 401])
    for page in ("user", "group", "title", "filter", "dn"):
        equal((page, server.status(page, uid), server.status(page, other)), (page, 200, 401))
    # People have their passwords elsewhere, where slapd asks; nobody else gets in by it.
    equal(server.status("password", uid), 401)
    holds(server.log(), "Invalid credentials")
    here["passwords"][first(here["people"][member], "mail")] = uid
    equal((server.status("password", uid), server.status("password", other)), (200, 401))
    for mistake in ("Segmentation", "Protocol error", "Operations error"):
        check(mistake not in server.log(), server.log())
    equal(server.process.stop(), 0, "exit status")


# ---- Postfix -----------------------------------------------------------------------------------

MAIN = """compatibility_level = 3.6
daemon_directory = {root}/usr/lib/postfix/sbin
command_directory = {root}/usr/sbin
shlib_directory = {root}/usr/lib/postfix
meta_directory = {folder}
data_directory = {folder}
queue_directory = {folder}
mail_owner = daemon
setgid_group = games
default_privs = nobody
myhostname = mx.example.com
mydomain = example.com
"""
TABLE = """server_host = {url}
version = 3
bind = yes
bind_dn = {client}
bind_pw = {password}
search_base = {suffix}
"""


def settle(name, text):
    """A file that looks old: Postfix waits for those that were just written."""
    path = world.write("postfix/" + name, text, 0o644)
    os.utime(path, (os.stat(path).st_mtime - 3600,) * 2)
    return path


def table(name, body, password="secret"):
    """A table of Postfix; a function that asks it: the answer, None when there is none."""
    here = prepare()
    program = clients.program("usr/sbin/postmap")
    clients.program("usr/lib/postfix/postfix-ldap.so")
    folder = world.path("postfix")
    settle("main.cf", MAIN.format(root=clients.ROOT, folder=folder))
    settle("dynamicmaps.cf", "ldap postfix-ldap.so dict_ldap_open\n")
    path = settle(name + ".cf", TABLE.format(
        url=here["server"].uri, client=CLIENT, password=password, suffix=SUFFIX) + body)

    def ask(key):
        status, output, errors = world.run(
            clients.as_root([program, "-c", folder, "-q", key, "ldap:" + path]), None,
            environment=clients.environment(world))
        if status != 0 and errors:
            raise AssertionError(errors)
        return output.strip() if status == 0 else None
    return ask


@test("Postfix: recipients, whatever their case, and addresses of names")
def recipients():
    here = prepare()
    recipient = table("recipient", "query_filter = (mail=%s)\nresult_attribute = uid\n")
    alias = table("alias", "query_filter = (&(objectClass=inetOrgPerson)(uid=%u))\n"
                  "result_attribute = mail\ndomain = example.com\n")
    with_mail = [entry for entry in here["people"].values() if "mail" in entry][:10]
    for entry in with_mail:
        uid, mail = first(entry, "uid"), first(entry, "mail")
        equal(recipient(mail), uid)
        equal(recipient(mail.upper()), uid)
        equal(alias(uid + "@example.com"), mail)
    equal(recipient("nobody@example.com"), None)
    equal(alias(first(with_mail[0], "uid") + "@elsewhere.example"), None)
    equal(recipient("*@*"), None, "a star is no wildcard")


@test("Postfix: a group becomes its members' addresses, a person the manager's")
def expansion():
    here = prepare()
    group = table("group", "query_filter = (&(objectClass=groupOfNames)(cn=%s))\n"
                  "special_result_attribute = member\nleaf_result_attribute = mail\n"
                  "result_attribute =\n")
    for entry in here["groups"].values():
        name = first(entry, "cn")
        if not name.isascii():
            continue        # Postfix asks tables for lower-case ASCII
        members = (here["people"].get(dn.decode(), {}) for dn in entry["member"])
        wanted = sorted(first(person, "mail") for person in members if "mail" in person)
        equal(sorted((group(name) or "").replace(",", " ").split()), wanted, name)
    boss = table("boss", "query_filter = (uid=%s)\nspecial_result_attribute = manager\n"
                 "leaf_result_attribute = mail\nresult_attribute =\n")
    person = next(entry for entry in here["people"].values() if "manager" in entry and "mail" in
                  here["people"][first(entry, "manager")])
    equal(boss(first(person, "uid")), first(here["people"][first(person, "manager")], "mail"))


@test("Postfix: over StartTLS, and a wrong password is an error, not an empty answer")
def secured():
    here = prepare()
    entry = next(entry for entry in here["people"].values() if "mail" in entry)
    body = "query_filter = (mail=%s)\nresult_attribute = uid\n"
    ask = table("tls", body + "start_tls = yes\ntls_require_cert = yes\n"
                f"tls_ca_cert_file = {here['ca']}\n")
    equal(ask(first(entry, "mail")), first(entry, "uid"))
    try:
        table("wrong", body, "wrong")(first(entry, "mail"))
    except AssertionError as error:
        holds(str(error), "Invalid credentials")
    else:
        raise AssertionError("a wrong password was good")


main()
