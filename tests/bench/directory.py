"""Searches beside back-mdb: the same entries (slapcat, slapadd), the same slapd, indexes, ACLs and
load, one after the other in the same run; and back-null, which is slapd's frontend alone.

usage: directory.py [PEOPLE ...]   (10000 100000)

BENCH_SECONDS is the length of each load, BENCH_CONNECTIONS the numbers of connections.
"""
import json
import os
import random
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import slapd                                                # noqa: E402
from world import World, program                            # noqa: E402

LOAD = program("tests/bench/ldapload")
SECONDS = os.environ.get("BENCH_SECONDS", "2")
CONNECTIONS = os.environ.get("BENCH_CONNECTIONS", "1 4 16").split()
PEOPLE = "ou=people," + slapd.SUFFIX
GROUPS = "ou=groups," + slapd.SUFFIX
INDEXES = "\n".join(f"index {line}" for line in [
    "objectClass eq", "uid,employeeNumber,entryUUID,entryCSN,member,memberOf,manager eq",
    "cn,sn,mail,givenName,displayName eq,sub"]) + "\nmaxsize 17179869184"
# What stock slapd has for memberOf of groups that it did not write itself.
DYNLIST = "overlay dynlist\ndynlist-attrset groupOfURLs memberURL member+memberOf@groupOfNames"
SHOWN = ["cn", "mail", "uid"]
DRAWS = 4000
PAGE = "500"
CHANGES = 10000


def people_of(ldif):
    """Every person of an LDIF as attribute -> first value, ready for a filter."""
    for text in ldif.split("\n\n"):
        values = dict(reversed(re.findall(r"^(\w+): (.*)$", text, re.M)))
        if "uid" in values and "mail" in values:
            yield {name: slapd.ldap.filter.escape_filter_chars(value)
                   for name, value in values.items()}


def subtree(text, *shown):
    return [slapd.SUFFIX, "sub", text, *(shown or SHOWN)]


def searches(people):
    """Kinds of searches whose peer is back-mdb: (name, how one is drawn)."""
    def one(text):
        return lambda rng: subtree(text.format(**rng.choice(people)))

    def part(attribute, start, length, pattern):
        def draw(rng):
            value = rng.choice(people)[attribute]
            if "\\" in value:
                raise KeyError(attribute)
            return subtree(pattern.format(value[start:start + length]))
        return draw

    return [
        ("uid =", one("(uid={uid})")),
        ("mail =", one("(mail={mail})")),
        ("entryUUID =", one("(entryUUID={entryUUID})")),
        ("employeeNumber =", one("(employeeNumber={employeeNumber})")),
        ("AND", one("(&(objectClass=inetOrgPerson)(uid={uid}))")),
        ("base by DN", lambda rng: [f"uid={rng.choice(people)['uid']}," + PEOPLE, "base",
                                    "(objectClass=*)", *SHOWN]),
        ("cn=abcdefg*", part("cn", 0, 7, "(cn={}*)")),
        ("mail=*cdefghij*", part("mail", 2, 8, "(mail=*{}*)")),
        ("sn=abcd*", part("sn", 0, 4, "(sn={}*)")),
        ("title = (no index)", one("(title={title})")),
    ]


def memberships(people, groups):
    """… whose peer is back-mdb with dynlist."""
    return [
        ("memberOf of a person", lambda rng: subtree(f"(uid={rng.choice(people)['uid']})",
                                                     "memberOf")),
        ("memberOf = (a team)", lambda rng: subtree(f"(memberOf={rng.choice(groups[1:])})",
                                                    "1.1")),
        ("member =", lambda rng: [GROUPS, "one", f"(member=uid={rng.choice(people)['uid']},"
                                  f"{PEOPLE})", "cn"]),
        ("a group of 20,000", lambda rng: subtree(f"(entryDN={groups[0]})", "member")),
    ]


def write_searches(world, draw):
    rng = random.Random(5)
    lines = []
    while len(lines) < DRAWS:
        try:
            lines.append("\t".join(draw(rng)))
        except KeyError:
            continue                # she has no such value
    return world.write("searches", "\n".join(lines) + "\n")


def load(world, server, path, *options, uri=None):
    return json.loads(world.run([LOAD, "-D", slapd.ROOT, "-w", "admin", "-p",
                                 str(server.process.pid), *options, uri or server.uri, path]))


def resident(server):
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as stream:
        return int(re.search(r"VmRSS:\s+(\d+)", stream.read()).group(1))


def null_part():
    return (f"database null\nsuffix \"{slapd.SUFFIX}\"\nrootdn \"{slapd.ROOT}\"\n"
            "rootpw admin\n")


class Servers:
    """Ours; back-mdb's with the same entries, with memberOf stored and by dynlist; back-null's."""

    def __init__(self, count):
        self.world = world = World()
        self.database = world.path("rollcall.db")
        slapd.seed(world, "create", "--people", str(count), "--big", str(min(count, 20000)),
                   "--seed", "4", self.database)
        null = slapd.copy_global("moduleload back_null") + null_part()
        self.null = slapd.Slapd(world, "null", null).start()
        self.ours = self.start_ours(count)
        ldif = self.ours.tool("slapcat", "-b", slapd.SUFFIX).replace("\n ", "")
        self.copy = self.start_copy("copy", ldif)
        self.dynlist = self.start_copy("dynlist", re.sub(r"(?m)^memberOf::? .*\n", "", ldif),
                                       "moduleload dynlist\n"
                                       f"include {slapd.SCHEMAS}/dyngroup.schema", DYNLIST)
        self.people = list(people_of(ldif))
        groups = sorted((text for text in ldif.split("\n\n") if "\nmember: " in text), key=len,
                        reverse=True)
        self.groups = [slapd.ldap.filter.escape_filter_chars(re.search(
            r"^dn: (.*)$", text, re.M).group(1)) for text in groups if text.startswith("dn: ")]

    def start_ours(self, count):
        server = slapd.Slapd(self.world, "ours", slapd.global_part() +
                             slapd.database_part(self.database))
        began = time.monotonic()
        server.start()
        slapd.wait_served(server.root(), lambda c: slapd.names(
            c, "(objectClass=*)", PEOPLE, slapd.ldap.SCOPE_BASE), "people", 120)
        began = time.monotonic() - began
        memory = (resident(server) - resident(self.null)) / count
        print(f"\n{count:,} people: first answer {began:.2f} s after start "
              f"({began * 100000 / count:.2f} s per 100,000), {memory:.2f} KB a person resident\n",
              flush=True)
        return server

    def start_copy(self, name, ldif, more="", overlay=""):
        self.world.write(name + ".ldif", ldif)
        server = slapd.Slapd(self.world, name, slapd.copy_global(more) + slapd.copy_part(
            self.world.path(name), overlay, INDEXES))
        server.tool("slapadd", "-q", "-b", slapd.SUFFIX, "-l", self.world.path(name + ".ldif"))
        return server.start()


def compare(servers, kinds, peer):
    print("| search | connections | searches/s | of back-mdb's | p50, p99 µs (mdb) "
          "| CPU µs (mdb, null) | CPU of back-mdb's |\n|---|---|---|---|---|---|---|")
    for name, draw in kinds:
        path = write_searches(servers.world, draw)
        for connections in CONNECTIONS:
            options = ["-c", connections, "-s", SECONDS]
            for server in (servers.ours, peer):
                load(servers.world, server, path, "-s", "0.3")
            theirs = load(servers.world, peer, path, *options)
            mine = load(servers.world, servers.ours, path, *options)
            floor = load(servers.world, servers.null, path, *options)
            if mine["failed"] + theirs["failed"] or not mine["entries"]:
                sys.exit(f"{name}: {mine} {theirs}")
            print(f"| {name} | {connections} | {mine['per_second']:,.0f} | "
                  f"{mine['per_second'] / max(theirs['per_second'], 0.1):.2f} × | "
                  f"{mine['p50_us']:.0f}, {mine['p99_us']:.0f} ({theirs['p50_us']:.0f}, "
                  f"{theirs['p99_us']:.0f}) | {mine['cpu_us']:.1f} ({theirs['cpu_us']:.1f}, "
                  f"{floor['cpu_us']:.1f}) | {mine['cpu_us'] / max(theirs['cpu_us'], 0.1):.2f} × |",
                  flush=True)
    print()


def dump(servers, server, uri, *options):
    path = servers.world.write("dump", "\t".join([PEOPLE, "one", "(objectClass=*)"]) + "\n")
    best = 0
    for _ in range(3):
        began = time.monotonic()
        answer = load(servers.world, server, path, "-c", "1", "-1", *options,
                      uri=uri)
        best = max(best, answer["entries"] / (time.monotonic() - began))
    return best


def dumps(servers):
    print("| everybody, all attributes | entries/s | of back-mdb's |\n|---|---|---|")
    rates = {}
    for name, over, options in [("over TCP", "uri", []), ("over ldapi", "local", []),
                                (f"in pages of {PAGE}", "uri", ["-P", PAGE])]:
        theirs, mine = (dump(servers, server, getattr(server, over), *options)
                        for server in (servers.copy, servers.ours))
        rates[name] = mine
        print(f"| {name} | {mine:,.0f} | {mine / theirs:.2f} × |", flush=True)
    print()


def publish(servers):
    """Latencies at a quarter of capacity, quiet and while many changes are published."""
    path = write_searches(servers.world, searches(servers.people)[0][1])
    rate = load(servers.world, servers.ours, path, "-c", "16", "-s", SECONDS)["per_second"] / 4
    options = ["-c", "16", "-s", "4", "-r", str(rate)]
    quiet = load(servers.world, servers.ours, path, *options)
    change = subprocess.Popen([slapd.SEED, "change", servers.database, "random", str(CHANGES)],
                              env=servers.world.environment)
    busy = load(servers.world, servers.ours, path, *options)
    change.wait()
    print(f"At {rate:,.0f} searches a second, p99 is {quiet['p99_us']:.0f} µs; while {CHANGES:,} "
          f"changes are published, {busy['p99_us']:.0f} µs "
          f"({busy['p99_us'] / quiet['p99_us']:.2f} ×).\n", flush=True)


def measure(count):
    servers = Servers(count)
    compare(servers, searches(servers.people), servers.copy)
    compare(servers, memberships(servers.people, servers.groups), servers.dynlist)
    dumps(servers)
    publish(servers)
    servers.world.close()


for argument in [int(word) for word in sys.argv[1:]] or [10000, 100000]:
    measure(argument)
