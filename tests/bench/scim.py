"""rollcall-scimd beside its floor: a libmicrohttpd with the same options and threads that serves
the same bytes from memory (scimfloor.c, which is given rollcall-scimd's own answers). Both are
loaded by wrk, taking turns, with the same requests; a figure is the best of its turns, since other
work on the machine only adds. Both run in the environment that rollcall-scimd's unit gives it.

usage: scim.py [PEOPLE ...]                 (1000 10000 100000)
       scim.py --instructions [PEOPLE]      under callgrind, per request

BENCH_SECONDS is the length of each load, BENCH_ROUNDS how often the two take turns,
BENCH_CONNECTIONS the numbers of connections, BENCH_KINDS a regular expression for the names of
kinds. What misses its bar is marked; nothing fails, since machines are noisy.
"""
import glob
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import typing
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "lib"), os.path.join(HERE, "..", "scenario"), HERE]
from commit import retitle                                  # noqa: E402
from scim_tools import TOKEN, Scim                          # noqa: E402
from world import SOURCE, World, free_port, program         # noqa: E402

SECONDS = os.environ.get("BENCH_SECONDS", "1")
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
CONNECTIONS = os.environ.get("BENCH_CONNECTIONS", "2 16").split()
KINDS = re.compile(os.environ.get("BENCH_KINDS", ""))
COMMITS = int(os.environ.get("BENCH_COMMITS", "200"))
PEOPLE = 4000       # that are asked for, at most
PAGES = 40          # … and pages
PAGE = 100
NAMER = "rcs_namer"
COUNTED = 500       # requests under callgrind
MEMORY = 600        # MB, at 100,000 people
VISIBLE = 100       # ms, from a commit to an answer with it
GROWTH = 10         # percent of the cost beside the floor's, from 1,000 to 100,000 people
SENT = ["Content-Type", "ETag", "Content-Location", "Rollcall-Stamp"]


def query(path, **parameters):
    return f"/scim/v2{path}?" + urllib.parse.urlencode(parameters)


def list_page(start):
    return query("/Users", startIndex=start, count=PAGE)


def equality(attribute, value):
    return query("/Users", filter=f"{attribute} eq {json.dumps(value)}")


def instant(stamp):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(stamp // 1000000)) + \
        f".{stamp % 1000000:06d}Z"


def windows(stamps, rng):
    """Times of change with PAGE people each, anywhere."""
    for _ in range(PAGES):
        first = rng.randrange(len(stamps) - PAGE + 1)
        yield query("/Users", count=PAGE, filter=f'meta.lastModified ge "{instant(stamps[first])}" '
                    f'and meta.lastModified le "{instant(stamps[first + PAGE - 1])}"')


def cursors(scim, rng):
    """Pages by cursor (RFC 9865) anywhere; none when the server does not have them."""
    provider = scim.get("/ServiceProviderConfig").json
    if not provider.get("pagination", {}).get("cursor"):
        return []
    paths, cursor = [], ""
    while cursor is not None:
        paths.append(query("/Users", cursor=cursor, count=PAGE))
        cursor = scim.get("/Users", cursor=cursor, count=PAGE).json.get("nextCursor")
    rng.shuffle(paths)
    return paths[:PAGES]


def unit_environment():
    unit = os.path.join(SOURCE, "scim", "rollcall-scimd.service.in")
    with open(unit, encoding="utf-8") as stream:
        return dict(re.findall(r"^Environment=(\w+)=(.*)$", stream.read(), re.M))


class Kind(typing.NamedTuple):
    """What is asked: paths one after the other, and at least so much of the floor's rate."""
    name: str
    bar: float
    paths: list
    token: str = TOKEN


class Directory:
    """A seeded directory that is served. One client has an externalId for everybody."""

    def __init__(self, count, world=None):
        self.count = count
        self.world = world or World()
        self.world.environment.update(unit_environment())
        self.scim = Scim(self.world, count, seed=4, big=min(count, 20000))
        self.scim.client("namer", token=NAMER)
        with sqlite3.connect(self.scim.database) as database:
            database.execute(
                "INSERT INTO external_id SELECT c.id, p.uuid, 'E-' || p.id, p.id FROM v_person p,"
                " client c WHERE c.name = 'namer'")
        self.rng = random.Random(5)

    def kinds(self):
        rng, scim, count = self.rng, self.scim, self.count
        middle = range(count // 2 - PAGE, count // 2 + PAGE)
        stamps = [row[0] for row in scim.query(
            "SELECT s.modified FROM v_shown s JOIN view w ON w.id = s.view WHERE w.name = 'scim'"
            " AND s.person IS NOT NULL ORDER BY s.modified")]
        numbers = rng.sample(range(1, count + 1), min(PEOPLE, count))
        people = [self.user(number) for number in numbers]
        mails = [person for person in people if "emails" in person]
        element = 'emails[type eq "work" and value eq {}]'
        kinds = [Kind(*words) for words in [
            ("by id", 0.7, [f"/scim/v2/Users/{p['id']}" for p in people]),
            ("list of 100, first", 0.7, [list_page(1)]),
            ("list of 100, middle", 0.7, [list_page(rng.choice(middle)) for _ in range(PAGES)]),
            ("list of 100, last", 0.7, [list_page(count - PAGE + 1)]),
            ("list of 100, by cursor", 0.7, cursors(scim, rng)),
            ("userName eq", 0.5, [equality("userName", p["userName"]) for p in people]),
            ("id eq", 0.5, [equality("id", p["id"]) for p in people]),
            ("externalId eq", 0.5, [equality("externalId", f"E-{n}") for n in numbers], NAMER),
            ("emails.value eq", 0.5, [equality("emails.value", p["emails"][0]["value"])
                                      for p in mails]),
            ("emails[… value eq]", 0.5, [query("/Users", filter=element.format(
                json.dumps(p["emails"][0]["value"]))) for p in mails]),
            ("window of 100", 0.5, list(windows(stamps, rng))),
        ]]
        return [kind for kind in kinds if kind.paths and KINDS.search(kind.name)]

    def user(self, number):
        return self.scim.get(f"/Users/{self.scim.id_of(number)}").json


def record(directory, name, kind):
    """The answers to all paths, for the floor; their mean length."""
    total = 0
    with open(name, "wb") as stream:
        for path in kind.paths:
            answer = directory.scim.ask("GET", path, kind.token, root="")
            if answer.status != 200 or b'"totalResults":0,' in answer.body:
                sys.exit(f"{path}: {answer.status} {answer.body[:300]}")
            headers = "".join(f"{key}: {answer.headers[key]}\n" for key in SENT
                              if answer.headers[key])
            stream.write(f"{answer.status} {len(answer.body)}\n{headers}\n".encode() + answer.body)
            total += len(answer.body)
    return total / len(kind.paths)


def cpu(pid):
    """Nanoseconds all threads of a process have run."""
    total = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        with open(path, encoding="ascii") as stream:
            total += int(stream.read().split()[0])
    return total


def resident(pid):
    """MB: now, and at most so far."""
    with open(f"/proc/{pid}/status", encoding="ascii") as stream:
        text = stream.read()
    return [int(re.search(name + r":\s+(\d+)", text).group(1)) / 1024
            for name in ("VmRSS", "VmHWM")]


def wrk(world, port, connections, token, seconds=SECONDS):
    """Asks for what the file "paths" names."""
    return ["wrk", "-t", str(min(2, int(connections))), "-c", str(connections), "-d",
            f"{seconds}s", "-s", os.path.join(HERE, "scim.lua"), f"http://127.0.0.1:{port}", "--",
            world.path("paths"), token]


def load(world, process, port, connections, token):
    """(requests a second, CPU µs of the server for each, p99 µs)"""
    before = cpu(process.pid)
    output = world.run(wrk(world, port, connections, token))
    spent = cpu(process.pid) - before
    found = json.loads(output.splitlines()[-1])
    if found["failed"] or not found["requests"]:
        sys.exit(output)
    return (found["requests"] / found["seconds"], spent / found["requests"] / 1000,
            found["p99"])


def best(turns):
    return [max(turn[0] for turn in turns), *(min(turn[i] for turn in turns) for i in (1, 2))]


class Floor:
    def __init__(self, world):
        self.port = free_port()
        self.process = world.start([program("tests/bench/scimfloor"), str(self.port),
                                    world.path("answers")], "floor")
        self.process.wait_port(self.port)


def compare(directory, kind, costs):
    """The two in turns; a row for each number of connections."""
    world, scim = directory.world, directory.scim
    length = record(directory, world.path("answers"), kind)
    world.write("paths", "\n".join(kind.paths) + "\n")
    floor = Floor(world)
    for connections in CONNECTIONS:
        turns = []
        for turn in range(ROUNDS + 1):
            theirs = load(world, floor.process, floor.port, connections, kind.token)
            mine = load(world, scim.process, scim.port, connections, kind.token)
            if turn > 0:            # the first warms both
                turns.append((mine, theirs))
        mine, theirs = (best([turn[side] for turn in turns]) for side in (0, 1))
        ratio = mine[0] / theirs[0]
        costs[kind.name, connections, directory.count] = mine[1] / theirs[1]
        print(f"| {directory.count:,} | {kind.name} | {length / 1024:.1f} KB | {connections} | "
              f"{mine[0]:,.0f} | {theirs[0]:,.0f} | {ratio:.2f} × | {kind.bar} × | {mine[1]:.1f} "
              f"({theirs[1]:.1f}) | {mine[1] / theirs[1]:.2f} × | {mine[2]:,.0f} "
              f"({theirs[2]:,.0f}) | {'holds' if ratio >= kind.bar else 'MISSED'} |", flush=True)
    floor.process.stop()


def rates(counts):
    print("| people | request | answer | connections | requests/s | floor's | of the floor | bar | "
          "CPU µs (floor) | CPU of the floor's | p99 µs (floor) | |\n" + "|---" * 12 + "|")
    costs, sizes, shown = {}, [], []
    for count in counts:
        directory = Directory(count)
        directory.scim.start()
        for kind in directory.kinds():
            compare(directory, kind, costs)
        sizes.append((count, *resident(directory.scim.process.pid)))
        shown += [(count, *row) for row in visible(directory)]
        directory.world.close()
    print_growth(costs, counts)
    print_sizes(sizes)
    print_visible(shown)


def print_growth(costs, counts):
    """How much more a request costs in the largest directory, beside the floor in both."""
    low, high = min(counts), max(counts)
    if low == high:
        return
    print(f"\n| CPU beside the floor's, from {low:,} to {high:,} people | connections | growth | "
          "bar | |\n|---|---|---|---|---|")
    for name, connections, count in costs:
        if count != low or (name, connections, high) not in costs:
            continue
        growth = 100 * (costs[name, connections, high] / costs[name, connections, low] - 1)
        print(f"| {name} | {connections} | {growth:+.0f} % | {GROWTH} % | "
              f"{'holds' if growth <= GROWTH else 'MISSED'} |")


def print_sizes(sizes):
    print("\n| people | memory of rollcall-scimd | at most | bar | |\n|---|---|---|---|---|")
    for count, now, most in sizes:
        held = "holds" if now <= MEMORY or count > 100000 else "MISSED"
        print(f"| {count:,} | {now:.0f} MB | {most:.0f} MB | {MEMORY} MB | {held} |")


# ---- how soon a commit shows -------------------------------------------------------------------

def times(directory):
    """Milliseconds from the end of a commit to the end of the answer that shows it, sorted."""
    found = []
    scim, rng = directory.scim, random.Random(1)
    database = sqlite3.connect(scim.database, isolation_level=None, timeout=30)
    for i in range(COMMITS):
        person = 1 + i % directory.count
        path = f"/Users/{scim.id_of(person)}"
        time.sleep(rng.random() * 0.02)     # at any moment of the follower's round
        title = f"T{i} {rng.random()}"
        retitle(database, person, title)
        begin = time.monotonic()
        while title.encode() not in scim.get(path).body:
            if time.monotonic() - begin > 30:
                sys.exit(f"{path} does not show {title}")
        found.append((time.monotonic() - begin) * 1000)
    database.close()
    return sorted(found)


def visible(directory):
    """(meanwhile, p50, p99, longest)"""
    world = directory.world
    world.write("paths", list_page(1) + "\n" + "".join(
        f"/scim/v2/Users/{directory.scim.id_of(n)}\n" for n in range(1, 200)))
    for name, connections in (("none", 0), ("16 connections", 16)):
        running = connections and subprocess.Popen(
            wrk(world, directory.scim.port, connections, TOKEN, 600), stdout=subprocess.DEVNULL)
        time.sleep(0.5 if running else 0)
        found = times(directory)
        if running:
            running.terminate()
            running.wait()
        yield name, found[len(found) // 2], found[len(found) * 99 // 100], found[-1]


def print_visible(rows):
    print("\n| people | requests meanwhile | commit to answer, p50 | p99 | longest | bar of p99 | "
          "|\n" + "|---" * 7 + "|")
    for count, name, p50, p99, longest in rows:
        print(f"| {count:,} | {name} | {p50:.1f} ms | {p99:.1f} ms | {longest:.1f} ms | "
              f"{VISIBLE} ms | {'holds' if p99 <= VISIBLE else 'MISSED'} |")


# ---- instructions ------------------------------------------------------------------------------

def spent(world, arguments, port, paths, token):
    """
    Instructions of a server under callgrind, in the threads that answer: what the first one does
    (loading, following) has a file of its own.
    """
    out = tempfile.mkdtemp(dir=world.folder)
    process = world.start(["valgrind", "--tool=callgrind", "--separate-threads=yes",
                           f"--callgrind-out-file={out}/out", *arguments], "callgrind")
    process.wait_port(port, 600)
    asked = ["-o", "/dev/null"]
    world.run(["curl", "-sSgf", "-H", f"Authorization: Bearer {token}",
               *(word for path in paths for word in [*asked, f"http://127.0.0.1:{port}{path}"])],
              seconds=600)
    process.stop(seconds=120)
    total = 0
    for path in glob.glob(out + "/out-*"):
        if not path.endswith("-01"):
            with open(path, encoding="utf-8") as stream:
                total += int(re.search(r"^(?:totals|summary): (\d+)", stream.read(), re.M).group(1))
    return total


def counted(world, arguments, port, kind):
    """Instructions for each request, without what the first ones cost."""
    few, many = ((kind.paths * COUNTED)[:count] for count in (COUNTED // 10, COUNTED))
    return (spent(world, arguments, port, many, kind.token) -
            spent(world, arguments, port, few, kind.token)) / (len(many) - len(few))


def instructions(count):
    directory = Directory(count)
    world, scim = directory.world, directory.scim
    scim.start()
    kinds = directory.kinds()
    lengths = [record(directory, world.path(f"answers{i}"), kind)
               for i, kind in enumerate(kinds)]
    scim.stop()
    print("| people | request | answer | instructions | floor's | of the floor's |\n" + "|---" * 6 +
          "|")
    for i, kind in enumerate(kinds):
        mine = counted(world, scim.arguments(), scim.port, kind)
        port = free_port()
        theirs = counted(world, [program("tests/bench/scimfloor"), str(port),
                                 world.path(f"answers{i}")], port, kind)
        print(f"| {count:,} | {kind.name} | {lengths[i] / 1024:.1f} KB | {mine:,.0f} | "
              f"{theirs:,.0f} | {mine / theirs:.2f} × |", flush=True)
    world.close()


if __name__ == "__main__":
    if shutil.which("wrk") is None:
        print("skipped: there is no wrk (./dev bench installs it)")
    elif sys.argv[1:2] == ["--instructions"]:
        instructions(int((sys.argv[2:] or ["1000"])[0]))
    else:
        rates([int(word) for word in sys.argv[1:]] or [1000, 10000, 100000])
