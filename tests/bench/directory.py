"""Searches beside back-mdb: the same entries (slapcat, slapadd), the same slapd, indexes, ACLs and
load, one after the other in the same run; and back-null, which is slapd's frontend alone.

usage: directory.py [PEOPLE ...]   (10000 100000)
"""
import json
import os
import random
import re
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import slapd                                                # noqa: E402
from world import World, program                            # noqa: E402

LOAD = program("tests/bench/ldapload")
SECONDS = float(os.environ.get("BENCH_SECONDS", "2"))
CONNECTIONS = [int(word) for word in os.environ.get("BENCH_CONNECTIONS", "1 4 16").split()]
PEOPLE = "ou=people," + slapd.SUFFIX
INDEXES = "\n".join(f"index {line}" for line in [
    "objectClass eq", "uid,employeeNumber,entryUUID,entryCSN,member,memberOf,manager eq",
    "cn,sn,mail,givenName,displayName eq,sub"])
SHOWN = ["cn", "mail", "uid"]
DRAWS = 4000


def people_of(ldif):
    """Every person of an LDIF as attribute -> first value, ready for a filter."""
    for text in ldif.replace("\n ", "").split("\n\n"):
        values = dict(reversed(re.findall(r"^(\w+): (.*)$", text, re.M)))
        if "uid" in values and "mail" in values:
            yield {name: slapd.ldap.filter.escape_filter_chars(value)
                   for name, value in values.items()}


def subtree(text):
    return [slapd.SUFFIX, "sub", text, *SHOWN]


def works(people, groups):
    """Kinds of searches: (name, how one is drawn)."""
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
        ("memberOf =", lambda rng: [slapd.SUFFIX, "sub", f"(memberOf={rng.choice(groups)})",
                                    "uid"]),
        ("title = (no index)", one("(title={title})")),
        ("all people, all attributes", lambda rng: [PEOPLE, "one", "(objectClass=*)"]),
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


def run(world, server, connections, path):
    text = world.run([LOAD, "-c", str(connections), "-s", str(SECONDS), "-D", slapd.ROOT, "-w",
                      "admin", "-p", str(server.process.pid), server.uri, path])
    return json.loads(text)


def resident(server):
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as stream:
        return int(re.search(r"VmRSS:\s+(\d+)", stream.read()).group(1)) * 1024


def null_part():
    return (f"database null\nsuffix \"{slapd.SUFFIX}\"\nrootdn \"{slapd.ROOT}\"\n"
            "rootpw admin\n")


def open_servers(world, count):
    """Ours, back-mdb's with the same entries, back-null's; and the LDIF."""
    path = world.path("rollcall.db")
    slapd.seed(world, "create", "--people", str(count), "--seed", "4", path)
    base = resident(slapd.Slapd(world, "empty", slapd.copy_global("moduleload back_null") +
                                null_part()).start())
    ours = slapd.Slapd(world, "ours", slapd.global_part() + slapd.database_part(path))
    began = time.monotonic()
    ours.start()
    connection = ours.root()
    slapd.wait_served(connection, lambda c: slapd.names(c, "(objectClass=*)", PEOPLE,
                                                        slapd.ldap.SCOPE_BASE), "people", 120)
    began = time.monotonic() - began
    memory = (resident(ours) - base) / count
    ldif = ours.tool("slapcat", "-b", slapd.SUFFIX)
    world.write("copy.ldif", ldif)
    copy = slapd.Slapd(world, "copy", slapd.copy_global() + slapd.copy_part(
        world.path("mdb"), "maxsize 8589934592", INDEXES))
    copy.tool("slapadd", "-q", "-b", slapd.SUFFIX, "-l", world.path("copy.ldif"))
    null = slapd.Slapd(world, "null", slapd.copy_global("moduleload back_null") + null_part())
    print(f"\n{count:,} people: first answer {began:.2f} s after start, "
          f"{memory / 1024:.2f} KB a person resident\n")
    return ours, copy.start(), null.start(), ldif


def measure(count):
    world = World()
    ours, copy, null, ldif = open_servers(world, count)
    people = list(people_of(ldif))
    groups = [slapd.ldap.filter.escape_filter_chars(dn) for dn in
              re.findall(r"^dn: (cn=.*,ou=groups,.*)$", ldif, re.M)]
    del ldif
    print("| search | connections | searches/s | of back-mdb's | p99 µs (mdb) | CPU µs (mdb, null)"
          " | CPU of back-mdb's |\n|---|---|---|---|---|---|---|")
    for name, draw in works(people, groups):
        path = write_searches(world, draw)
        for connections in CONNECTIONS:
            world.run([LOAD, "-s", "0.3", ours.uri, path])
            world.run([LOAD, "-s", "0.3", copy.uri, path])
            theirs = run(world, copy, connections, path)
            mine = run(world, ours, connections, path)
            floor = run(world, null, connections, path)
            if mine["failed"] + theirs["failed"]:
                sys.exit(f"{name}: {mine['failed']} and {theirs['failed']} searches failed")
            print(f"| {name} | {connections} | {mine['per_second']:,.0f} | "
                  f"{mine['per_second'] / theirs['per_second']:.2f} × | "
                  f"{mine['p99_us']:.0f} ({theirs['p99_us']:.0f}) | {mine['cpu_us']:.1f} "
                  f"({theirs['cpu_us']:.1f}, {floor['cpu_us']:.1f}) | "
                  f"{mine['cpu_us'] / theirs['cpu_us']:.2f} × |", flush=True)
    world.close()


for argument in [int(word) for word in sys.argv[1:]] or [10000, 100000]:
    measure(argument)
