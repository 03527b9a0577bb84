"""People as users of a machine: nslcd and sssd with the shipped examples, asked by getent and id.
Both run in mount namespaces of their own, where they look installed."""
import os
import sys

SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(SOURCE, "tests/lib"), os.path.join(SOURCE, "tests/scenario")]

from house import House                             # noqa: E402
from tap import equal, main, test                   # noqa: E402
from world import World, wait_until                 # noqa: E402
from scim_keys import CERTIFICATE_ONE, KEY_ONE      # noqa: E402
import clients                                      # noqa: E402
import slapd                                        # noqa: E402
from slapd import SUFFIX                            # noqa: E402

PEOPLE = """employee_number,first_name,last_name,work_email,start_date,department
1,Zoë,Nguyen,zoe@example.com,2020-01-15,Product
2,Bo,Berg,bo@example.com,2020-01-15,Product
3,Ana,Silva,ana@example.com,2020-01-15,Sales
"""
RULES = """access to dn.subtree="ou=services,{0}" by anonymous auth by * none
access to * by dn.children="ou=services,{0}" read by * none
""".format(SUFFIX)

world = World()
house = House(world, main="[posix]\nenabled = yes\n")
state = {}


def prepare():
    if state:
        return state
    slapd.available()
    world.write("house/conf/sources.d/hr.conf", "[source]\nprovider = csv\n[fields]\n")
    house.start()
    house.rollcall("source", "approve", "hr")
    house.rollcall("import", world.write("people.csv", PEOPLE))
    state["ca"] = world.write("ca.pem", CERTIFICATE_ONE)
    text = slapd.global_part(extra=f"TLSCertificateFile {state['ca']}\nTLSCertificateKeyFile "
                             f"{world.write('key.pem', KEY_ONE, 0o600)}")
    schema = f"include {slapd.SCHEMAS}/inetorgperson.schema\n"
    state["server"] = slapd.Slapd(world, "slapd", text.replace(
        schema, schema + f"include {slapd.SCHEMAS}/nis.schema\n") +
        slapd.database_part(house.database, RULES)).start()
    return state


def example(name, **replace):
    """A shipped example with this test's server, certificate and secret."""
    here = prepare()
    with open(os.path.join(SOURCE, "backend/examples", name + ".conf"),
              encoding="utf-8") as stream:
        text = stream.read()
    secret = house.ask("client", "add", name, "--ldap")["secret"]
    for old, new in {"ldap://ldap.example.com": here["server"].uri,
                     "/etc/ssl/certs/ca-certificates.crt": here["ca"],
                     "the-secret-that-rollcall-client-add-printed": secret,
                     "the secret that rollcall client add printed": secret, **replace}.items():
        if old not in text and not old.startswith("the"):
            raise AssertionError(f"{name}.conf no longer says {old!r}")
        text = text.replace(old, new)
    return text


def start(name, module, command, text, place, folders):
    etc = world.path(name, "etc")
    world.write(f"{name}/etc/{place}", text, 0o600)
    world.write(f"{name}/etc/nsswitch.conf", f"passwd: files {module}\ngroup: files {module}\n",
                0o644)
    daemon = world.start(clients.confined(command, etc, folders), name,
                         clients.environment(world))
    state[name] = daemon
    wait_until(lambda: ask(name, "getent", "passwd", "zoe") is not None or not daemon.running(),
               f"{name} knows somebody")
    if not daemon.running():
        raise AssertionError(daemon.text())
    return daemon


def ask(name, *command):
    """What a command beside the daemon prints; None when it finds nothing."""
    status, output, errors = world.run(clients.beside(state[name], *command), None,
                                       environment=clients.environment(world))
    return output.strip() if status == 0 else None


def accounts(name):
    """Looks everybody up in every way."""
    numbers = {}
    for uid, cn in (("zoe", "Zoë Nguyen"), ("bo", "Bo Berg"), ("ana", "Ana Silva")):
        line = ask(name, "getent", "passwd", uid)
        found = line.split(":")
        equal([found[0], found[3], found[4], found[5], found[6]],
              [uid, "100", cn, f"/home/{uid}", "/bin/bash"], line)
        numbers[uid] = found[2]
        equal(ask(name, "getent", "passwd", found[2]), line, "by number")
    equal(sorted(numbers.values()), ["200000", "200001", "200002"])
    groups = {group: ask(name, "getent", "group", group).split(":")
              for group in ("Product", "Sales")}
    equal({group: sorted(found[3].split(",")) for group, found in groups.items()},
          {"Product": ["bo", "zoe"], "Sales": ["ana"]})
    for found in groups.values():
        equal(ask(name, "getent", "group", found[2]), ":".join(found), "by number")
    equal(ask(name, "id", "-u", "zoe"), numbers["zoe"])
    equal(sorted(ask(name, "id", "-G", "zoe").split()), sorted(["100", groups["Product"][2]]))
    equal(ask(name, "id", "-Gn", "ana").split()[-1], "Sales")
    for words in (("passwd", "nobody-here"), ("passwd", "299999"), ("group", "nobody-here")):
        equal(ask(name, "getent", *words), None, words)
    listed = [line.split(":")[0] for line in ask(name, "getent", "passwd").splitlines()]
    equal(sorted(uid for uid in listed if uid in numbers), sorted(numbers), "everybody")


def lose(name):
    """Hides somebody, who is then no user any more, and shows him again."""
    house.rollcall("hide", "bo")
    wait_until(lambda: ask(name, "getent", "passwd", "bo") is None, "bo is gone")
    equal(ask(name, "getent", "group", "Product").split(":")[3], "zoe")
    house.rollcall("unhide", "bo")


@test("nslcd: getent and id know people and groups, and forget whom the directory hides")
def nslcd():
    clients.program("usr/sbin/nslcd")
    text = example("nslcd", **{"uid nslcd\ngid nslcd\n": ""})
    start("nslcd", "ldap", ["/usr/sbin/nslcd", "-n"], text, "nslcd.conf", ["/run/nslcd"])
    accounts("nslcd")
    lose("nslcd")


@test("sssd: getent and id know people and groups, and forget whom the directory hides")
def sssd():
    clients.program("usr/sbin/sssd")
    # What sssd knows it keeps for five minutes; here for a second.
    text = example("sssd", **{"id_provider = ldap\n": "id_provider = ldap\nenumerate = true\n",
                              "entry_cache_timeout = 300": "entry_cache_timeout = 1"}) + \
        "[nss]\nmemcache_timeout = 0\n"
    parts = ["db", "pipes/private", "mc", "keytabs", "pubconf", "gpo_cache", "secrets"]
    start("sssd", "sss", ["/usr/sbin/sssd", "-i", "--logger=stderr"], text, "sssd/sssd.conf",
          ["/var/log/sssd", *(f"/var/lib/sss/{part}" for part in parts)])
    accounts("sssd")
    lose("sssd")


main()
