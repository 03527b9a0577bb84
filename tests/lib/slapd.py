"""A slapd of a scenario's own, with the module of the build, and databases made by
rollcall-seed.

Under ROLLCALL_VALGRIND=1 slapd runs under valgrind; whoever ends it then checks `lost()`.
"""
import os
import re
import subprocess

from tap import Skip
from world import BUILD, free_port, program, wait_until

try:
    import ldap
    import ldap.controls
    import ldap.controls.libldap
    import ldap.filter
except ImportError:
    ldap = None

SUFFIX = "dc=example,dc=com"
ROOT = "cn=admin," + SUFFIX
MODULE = os.path.join(BUILD, "backend/.libs/back_rollcall.so")
SCHEMAS = "/etc/ldap/schema"
SEED = program("tests/lib/rollcall-seed")
VALGRIND = ["valgrind", "--quiet", "--leak-check=full", "--num-callers=30",
            "--error-exitcode=0", "--child-silent-after-fork=yes"]
# What stock slapd 2.5.13 loses by itself (ldap/slapd-backend.md §2.7).
STOCK_LOSS = 67


def available():
    """Raises Skip where slapd or the module cannot be had."""
    for path in ["/usr/sbin/slapd", MODULE]:
        if not os.path.exists(path):
            raise Skip(f"{path} is missing")
    if ldap is None:
        raise Skip("python3-ldap is not installed")


def seed(world, *arguments):
    return world.run([SEED, *arguments], seconds=900)


def global_part(module=True, extra=""):
    lines = [f"include {SCHEMAS}/{name}.schema" for name in
             ["core", "cosine", "inetorgperson"]]
    lines.append("modulepath /usr/lib/ldap")
    if module:
        lines.append(f"moduleload {MODULE}")
    lines += ["loglevel none", "threads 4", "sizelimit unlimited", extra]
    return "\n".join(lines) + "\n"


def database_part(path, extra="", suffix=SUFFIX):
    suffix = suffix.replace("\\", "\\\\")
    return (f"database rollcall\nsuffix \"{suffix}\"\nrootdn \"cn=admin,{suffix}\"\n"
            f"rootpw admin\nrollcall-database {path}\n{extra}\n")


class Slapd:
    """One slapd; `text` is its slapd.conf, or None to run the configuration of `folder`."""

    def __init__(self, world, name, text, folder=None):
        available()
        self.world = world
        self.name = name
        self.port = free_port()
        self.uri = f"ldap://127.0.0.1:{self.port}"
        self.local = "ldapi://" + world.path(name + ".ldapi").replace("/", "%2F")
        self.listen = [self.uri, self.local]    # a scenario may add others
        self.folder = folder
        self.conf = None if folder else world.write(name + ".conf", text)
        self.process = None

    def arguments(self):
        return ["-F", self.folder] if self.folder else ["-f", self.conf]

    def start(self, wait=True):
        command = ["/usr/sbin/slapd", *self.arguments(), "-h", " ".join(self.listen),
                   "-d", "none"]
        if "ROLLCALL_VALGRIND" in os.environ:
            command = VALGRIND + command
        self.process = self.world.start(command, self.name)
        if wait:
            self.process.wait_port(self.port, 120.0)
            self.process.wait_log("slapd starting", 120.0)
        return self

    def stop(self):
        return self.process.stop(seconds=120.0)

    def restart(self):
        self.stop()
        return self.start()

    def log(self):
        return self.process.text()

    def lost(self):
        """Bytes that valgrind calls lost for good beyond what stock slapd loses, and the
        number of its errors."""
        text = self.log()
        lost = sum(int(n.replace(",", "")) for n in re.findall(
            r"([\d,]+)(?: \([^)]*\))? bytes in [\d,]+ blocks are definitely lost", text))
        errors = len(re.findall(r"==\d+== (?:Invalid|Conditional|Use of uninit|Syscall param"
                                r"|Mismatched|Source and destination)", text))
        return max(0, lost - STOCK_LOSS), errors

    def tool(self, name, *arguments, status=0):
        """slapcat, slaptest …: standard output, or (status, output, errors)."""
        command = [f"/usr/sbin/{name}", *self.arguments(), *arguments]
        return self.world.run(command, status)

    def connect(self, who=None, password=None):
        connection = ldap.initialize(self.uri)
        connection.set_option(ldap.OPT_NETWORK_TIMEOUT, 20)
        connection.set_option(ldap.OPT_TIMEOUT, 120)
        connection.set_option(ldap.OPT_REFERRALS, 0)
        if who is not None:
            connection.simple_bind_s(who, password)
        return connection

    def root(self, suffix=SUFFIX):
        return self.connect("cn=admin," + suffix, "admin")


def names(connection, filter_text, base=SUFFIX, scope=None):
    """The sorted DNs a filter gives; the name of the error where it gives one."""
    scope = ldap.SCOPE_SUBTREE if scope is None else scope
    try:
        found = connection.search_s(base, scope, filter_text, ["1.1"])
    except ldap.LDAPError as error:
        return type(error).__name__
    return sorted(dn for dn, _ in found)


def entry(connection, dn, attributes=None):
    """One entry by name, None when there is none."""
    try:
        found = connection.search_s(dn, ldap.SCOPE_BASE, "(objectClass=*)", attributes)
    except ldap.NO_SUCH_OBJECT:
        return None
    return found[0][1] if found else None


def copy_part(folder, extra="", indexes=""):
    """A back-mdb database that holds a copy of the directory."""
    os.makedirs(folder, exist_ok=True)
    return (f"database mdb\nsuffix \"{SUFFIX}\"\nrootdn \"{ROOT}\"\nrootpw admin\n"
            f"directory {folder}\nmaxsize 1073741824\n{indexes}\n{extra}\n")


def copy_global(extra=""):
    """… and what comes before it: the schema from the file, memberOf from its overlay."""
    return global_part(False, "moduleload back_mdb\nmoduleload memberof\n"
                       f"include {os.path.join(BUILD, 'schema/rollcall.schema')}\n" + extra)


def wait_served(connection, condition, what, seconds=10.0):
    """Waits until condition(connection) holds: changes show within milliseconds."""
    return wait_until(lambda: condition(connection), what, seconds)


def run_ldap(world, *command, status=0):
    return subprocess.run(command, capture_output=True, text=True, check=False,
                          env=world.environment) if status is None else \
        world.run(list(command), status)
