"""Searches beside back-mdb: the same entries (slapcat, slapadd), the same slapd, indexes, ACLs and
load, in alternation in the same run; and back-null, which is slapd's frontend alone: without an
answer, and with one entry without attributes in it, which nothing that finds somebody gets below.

usage: directory.py [PEOPLE ...]   (10000 100000)

BENCH_SECONDS is the length of each load (0.3), BENCH_ROUNDS how often each is repeated (2, among a
million 1), BENCH_CONNECTIONS the numbers of connections (1 4 16). Among a million people back-mdb
needs 8 GB of disk below TMPDIR, and minutes to be filled. The three sizes together take some 13
minutes.

Prints the tables of RESULTS.md with what each bar says; the exit status is 1 when one is missed.
"""
import json
import os
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import slapd                                                # noqa: E402
from world import World, program                            # noqa: E402

LOAD = program("tests/bench/ldapload")
SECONDS = float(os.environ.get("BENCH_SECONDS", "0.3"))
CONNECTIONS = os.environ.get("BENCH_CONNECTIONS", "1 4 16").split()
PEOPLE = "ou=people," + slapd.SUFFIX
GROUPS = "ou=groups," + slapd.SUFFIX
INDEXES = "\n".join(f"index {line}" for line in [
    "objectClass eq", "uid,employeeNumber,entryUUID,entryCSN,member,memberOf,manager eq",
    "cn,sn,mail,givenName,displayName eq,sub"]) + "\nmaxsize 34359738368"
# What stock slapd has for memberOf of groups that it did not write itself.
DYNLIST = "overlay dynlist\ndynlist-attrset groupOfURLs memberURL member+memberOf@groupOfNames"
SHOWN = ["cn", "mail", "uid"]
SAMPLE = 4000       # people that searches are drawn from
DRAWS = 4000
PAGE = "500"
CHANGES = 10000
LARGE = 20000       # members of the large group
SLOW = 1000         # searches a second below which some are still worked on when a load ends
EQUALITY = {"CPU": ("at most", 0.8), "searches/s": ("at least", 1.0)}
SUBSTRING = {"searches/s": ("at least", 1.0)}
UNINDEXED = {"searches/s": ("at least", 3.0)}
MEMBERSHIP = {"searches/s": ("at least", 2.0)}
missed = []


def rounds(count):
    return int(os.environ.get("BENCH_ROUNDS", "2" if count < 1000000 else "1"))


def verdict(what, bars, figures):
    """What the bars say of figures of the same names: a word for the table."""
    wrong = [f"{name} {kind} {bar:g}" for name, (kind, bar) in bars.items()
             if (figures[name] > bar if kind == "at most" else figures[name] < bar)]
    missed.extend(f"{what}: {text}" for text in wrong)
    return "**" + ", ".join(wrong) + "**" if wrong else "holds"


# ---- what is searched for -------------------------------------------------------------------------

def people_of(path):
    """Some people of an LDIF as attribute -> first value, ready for a filter."""
    rng = random.Random(6)
    size = os.path.getsize(path)
    people = []
    with open(path, "rb") as stream:
        while len(people) < SAMPLE:
            stream.seek(rng.randrange(size))
            text = stream.read(65536).split(b"\n\n", 2)
            values = dict(reversed(re.findall(r"^(\w+): (.*)$", text[1].decode(), re.M))) \
                if len(text) > 2 else {}
            if "uid" in values and "mail" in values:
                people.append({name: slapd.ldap.filter.escape_filter_chars(value)
                               for name, value in values.items()})
    return people


def groups_of(database):
    """DNs of all groups with members, ready for a filter, that of about LARGE members first."""
    found = sqlite3.connect(database).execute(
        "SELECT cn, count(*) FROM v_member JOIN v_group ON v_group.id = grp GROUP BY grp")
    found = sorted(found, key=lambda row: abs(row[1] - LARGE))
    return [slapd.ldap.filter.escape_filter_chars(
        "cn=" + slapd.ldap.dn.escape_dn_chars(cn) + "," + GROUPS) for cn, _ in found]


def subtree(text, *shown):
    return [slapd.SUFFIX, "sub", text, *(shown or SHOWN)]


def searches(people):
    """Kinds of searches whose peer is back-mdb: (name, how one is drawn, bars)."""
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
        ("uid =", one("(uid={uid})"), EQUALITY),
        ("mail =", one("(mail={mail})"), EQUALITY),
        ("entryUUID =", one("(entryUUID={entryUUID})"), EQUALITY),
        ("employeeNumber =", one("(employeeNumber={employeeNumber})"), EQUALITY),
        ("AND", one("(&(objectClass=inetOrgPerson)(uid={uid}))"), EQUALITY),
        ("base by DN", lambda rng: [f"uid={rng.choice(people)['uid']}," + PEOPLE, "base",
                                    "(objectClass=*)", *SHOWN], EQUALITY),
        ("cn=abcdefg*", part("cn", 0, 7, "(cn={}*)"), SUBSTRING),
        ("mail=*cdefghij*", part("mail", 2, 8, "(mail=*{}*)"), SUBSTRING),
        ("sn=abcd*", part("sn", 0, 4, "(sn={}*)"), SUBSTRING),
        ("title = (no index)", one("(title={title})"), UNINDEXED),
    ]


def memberships(people, groups):
    """… whose peer is back-mdb with dynlist."""
    return [
        ("memberOf of a person", lambda rng: subtree(f"(uid={rng.choice(people)['uid']})",
                                                     "memberOf"), MEMBERSHIP),
        ("memberOf = (a team)", lambda rng: subtree(f"(memberOf={rng.choice(groups[1:])})",
                                                    "1.1"), MEMBERSHIP),
        ("member =", lambda rng: [GROUPS, "one", f"(member=uid={rng.choice(people)['uid']},"
                                  f"{PEOPLE})", "cn"], MEMBERSHIP),
        ("a group of 20,000", lambda rng: subtree(f"(entryDN={groups[0]})", "member"),
         MEMBERSHIP),
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


# ---- servers --------------------------------------------------------------------------------------

def resident(server):
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as stream:
        return int(re.search(r"VmRSS:\s+(\d+)", stream.read()).group(1))


def used(server):
    """CPU seconds of a server so far."""
    with open(f"/proc/{server.process.pid}/stat", encoding="ascii") as stream:
        fields = stream.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def settle(server):
    """Waits until a server has ended what nobody waits for any more: it would slow the next."""
    end = time.monotonic() + 10
    before = used(server)
    while time.monotonic() < end:
        time.sleep(0.1)
        if used(server) - before < 0.03:
            return
        before = used(server)


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Servers:
    """Ours; back-mdb's with the same entries, with memberOf stored and by dynlist; back-null's."""

    def __init__(self, count):
        self.count = count
        self.world = world = World()
        self.database = world.path("rollcall.db")
        world.run([slapd.SEED, "create", "--people", str(count), "--big",
                   str(min(count, LARGE)), "--seed", "4", self.database], seconds=600)
        self.null, self.empty = (slapd.Slapd(
            world, name, slapd.copy_global("moduleload back_null") +
            f"database null\nsuffix \"{slapd.SUFFIX}\"\nrootdn \"{slapd.ROOT}\"\n"
            f"rootpw admin\ndosearch {'on' if name == 'empty' else 'off'}\n") for name in ("null", "empty"))
        self.alone = self.timed_start(self.null)
        self.empty.start()
        self.ours = slapd.Slapd(world, "ours", slapd.global_part() +
                                slapd.database_part(self.database))
        self.began = self.timed_start(self.ours)
        self.resident = (resident(self.ours) - resident(self.null)) / count
        self.fill_copies()
        self.people = people_of(world.path("copy.ldif"))
        self.groups = groups_of(self.database)

    def timed_start(self, server):
        """Seconds from the start of a slapd to its first answer, and of CPU until then."""
        began = time.monotonic()
        server.start()
        server.root().search_s(PEOPLE, slapd.ldap.SCOPE_BASE)
        return time.monotonic() - began, used(server)

    def fill_copies(self):
        """Both at once: slapadd uses one core."""
        self.copy = self.prepare_copy("copy")
        self.dynlist = self.prepare_copy("dynlist", "moduleload dynlist\n"
                                         f"include {slapd.SCHEMAS}/dyngroup.schema", DYNLIST)
        whole, less = (self.world.path(name + ".ldif") for name in ("copy", "dynlist"))
        run("/usr/sbin/slapcat", *self.ours.arguments(), "-b", slapd.SUFFIX, "-o",
            "ldif_wrap=no", "-l", whole)
        with open(less, "wb") as stream:
            subprocess.run(["grep", "-a", "-v", "^memberOf:", whole], stdout=stream, check=True,
                           env=dict(os.environ, LC_ALL="C"))
        fills = [subprocess.Popen(["/usr/sbin/slapadd", *server.arguments(), "-q", "-b",
                                   slapd.SUFFIX, "-l", path], stderr=subprocess.DEVNULL)
                 for server, path in ((self.copy, whole), (self.dynlist, less))]
        for fill in fills:
            if fill.wait() != 0:
                sys.exit("slapadd failed")
        os.unlink(less)
        self.copy.start()
        self.dynlist.start()

    def prepare_copy(self, name, more="", overlay=""):
        return slapd.Slapd(self.world, name, slapd.copy_global(more) + slapd.copy_part(
            self.world.path(name), overlay, INDEXES))


# ---- measuring ------------------------------------------------------------------------------------

def load(world, server, path, *options, uri=None):
    text = world.run([LOAD, "-D", slapd.ROOT, "-w", "admin", "-p", str(server.process.pid),
                      *[str(option) for option in options], uri or server.uri, path],
                     seconds=600)
    return json.loads(text)


def tell_start(servers):
    """A slapd starts by itself too, and that is not the view's."""
    per = 100000 / servers.count
    figures = {"s per 100,000": (servers.began[0] - servers.alone[0]) * per,
               "KB": servers.resident}
    word = verdict(f"{servers.count:,} people", {"s per 100,000": ("at most", 1.0),
                                                 "KB": ("at most", 3.0)}, figures)
    print(f"\n{servers.count:,} people: first answer {servers.began[0]:.2f} s after start (CPU "
          f"{servers.began[1]:.2f} s), of which {servers.alone[0]:.2f} s are slapd's without a "
          f"view: {figures['s per 100,000']:.2f} s per 100,000 people; {servers.resident:.2f} KB "
          f"a person resident: {word}\n", flush=True)


def merge(answers):
    """Several loads of one kind as one. Where nothing was answered in time, one was all but."""
    done = sum(answer["searches"] for answer in answers)
    seconds = sum(answer["searches"] / answer["per_second"] if answer["per_second"] else SECONDS
                  for answer in answers)
    return {"rate": max(done, 1) / max(seconds, SECONDS), "some": done > 0,
            "cpu": sum(a["cpu_us"] * a["searches"] for a in answers) / max(done, 1),
            "p50": statistics.mean(a["p50_us"] for a in answers),
            "p99": statistics.mean(a["p99_us"] for a in answers)}


def measure_kind(servers, kind, peer, connections):
    name, path, bars = kind
    measured = [servers.ours, peer] + ([servers.null, servers.empty] if
                                           bars is EQUALITY else [])
    answers = [[] for _ in measured]
    for _ in range(rounds(servers.count)):
        for server, list_ in zip(measured, answers):
            list_.append(load(servers.world, server, path, "-c", connections, "-s", SECONDS))
            if server is peer and list_[-1]["per_second"] < SLOW:
                settle(server)
    if any(answer["failed"] for list_ in answers[:2] for answer in list_) or \
            not any(answer["entries"] for answer in answers[0]):
        sys.exit(f"{name}: {answers}")
    mine, theirs = merge(answers[0]), merge(answers[1])
    floors = [merge(list_)["cpu"] for list_ in answers[2:]]
    figures = {"searches/s": mine["rate"] / theirs["rate"],
               "CPU": mine["cpu"] / theirs["cpu"] if theirs["some"] else 0}
    word = verdict(f"{servers.count:,} people, {name}, {connections} connections", bars, figures)
    over = ", ".join(f"{mine['cpu'] / floor:.2f}" for floor in floors)
    if "CPU" in word and floors[1] / theirs["cpu"] > bars["CPU"][1]:
        word += f" (slapd and an empty entry alone {floors[1] / theirs['cpu']:.2f})"
    print(f"| {name} | {connections} | {mine['rate']:,.0f} | "
          f"{'' if theirs['some'] else '> '}{figures['searches/s']:.2f} × | "
          f"{mine['p50']:.0f}, {mine['p99']:.0f} ({theirs['p50']:.0f}, {theirs['p99']:.0f}) | "
          f"{mine['cpu']:.1f} ({theirs['cpu']:.1f}) | {figures['CPU']:.2f} × | {over} | {word} |",
          flush=True)


def compare(servers, kinds, peer):
    print("| search | connections | searches/s | of back-mdb's | p50, p99 µs (mdb) "
          "| CPU µs (mdb) | of back-mdb's | of back-null's: no, one entry | bar |\n"
          "|---|---|---|---|---|---|---|---|---|")
    for name, draw, bars in kinds:
        path = write_searches(servers.world, draw)
        for server in (servers.ours, peer):
            load(servers.world, server, path, "-s", SECONDS)
        settle(peer)
        for connections in CONNECTIONS:
            measure_kind(servers, (name, path, bars), peer, connections)
    print()


def dumps(servers):
    path = servers.world.write("dump", "\t".join([PEOPLE, "one", "(objectClass=*)"]) + "\n")
    print("| everybody, all attributes | entries/s | of back-mdb's | CPU µs an entry (mdb) | bar |\n"
          "|---|---|---|---|---|")
    whole = None
    for name, over, options, bar in [
            ("over TCP", "uri", ["-1"], 1.0), ("over ldapi", "local", ["-1"], 1.3),
            (f"in pages of {PAGE}", "uri", ["-P", PAGE], 1.0)]:
        best = [None, None]
        for _ in range(rounds(servers.count)):
            for i, server in enumerate((servers.ours, servers.copy)):
                answer = load(servers.world, server, path, "-c", 1, *options,
                              uri=getattr(server, over))
                if best[i] is None or answer["entries_per_second"] > \
                        best[i]["entries_per_second"]:
                    best[i] = answer
        mine, theirs = best
        whole = whole or mine["entries_per_second"]
        figures = {"entries/s": mine["entries_per_second"] / theirs["entries_per_second"],
                   "of unpaged": mine["entries_per_second"] / whole}
        bars = {"entries/s": ("at least", bar)}
        if "-P" in options:
            bars["of unpaged"] = ("at least", 0.85)
        cpu = [answer["cpu_us"] * answer["searches"] / answer["entries"] for answer in best]
        print(f"| {name} | {mine['entries_per_second']:,.0f} | {figures['entries/s']:.2f} × | "
              f"{cpu[0]:.2f} ({cpu[1]:.2f}) | "
              f"{verdict(f'{servers.count:,} people, dump {name}', bars, figures)} |", flush=True)
    print()


def busy_p99(servers, database, turn, path, options):
    """p99 while changes are published in a database, which may be one that slapd does not serve."""
    with subprocess.Popen([slapd.SEED, "change", database, "random", str(CHANGES), str(turn)],
                          env=servers.world.environment, stdout=subprocess.DEVNULL):
        return load(servers.world, servers.ours, path, *options)["p99_us"]


def publish(servers):
    """Latencies at a quarter of capacity: quiet, while many changes are published, and while they
    are published elsewhere, which tells what the machine alone makes of so much work."""
    path = write_searches(servers.world, searches(servers.people)[0][1])
    elsewhere = servers.world.path("elsewhere.db")
    slapd.seed(servers.world, "create", "--people", str(servers.count), "--seed", "4", elsewhere)
    rate = load(servers.world, servers.ours, path, "-c", 16, "-s", 2)["per_second"] / 4
    options = ["-c", 16, "-s", 3, "-r", rate]
    quiet, busy, aside = [], [], []
    for i in range(5):
        quiet.append(load(servers.world, servers.ours, path, *options)["p99_us"])
        busy.append(busy_p99(servers, servers.database, i, path, options))
        aside.append(busy_p99(servers, elsewhere, i, path, options))
    quiet, busy, aside = (statistics.median(rounds) for rounds in (quiet, busy, aside))
    word = verdict(f"{servers.count:,} people, while publishing", {"p99": ("at most", 1.5)},
                   {"p99": busy / quiet})
    print(f"At {rate:,.0f} searches a second, p99 is {quiet:.0f} µs; while {CHANGES:,} changes are "
          f"published, {busy:.0f} µs ({busy / quiet:.2f} ×); while they are published in a database "
          f"that slapd does not serve, {aside:.0f} µs ({aside / quiet:.2f} ×): {word}.\n",
          flush=True)


def measure(count):
    servers = Servers(count)
    tell_start(servers)
    compare(servers, searches(servers.people), servers.copy)
    compare(servers, memberships(servers.people, servers.groups), servers.dynlist)
    dumps(servers)
    publish(servers)
    servers.world.close()


for argument in [int(word) for word in sys.argv[1:]] or [10000, 100000]:
    measure(argument)
for text in missed:
    print("missed:", text)
sys.exit(1 if missed else 0)
