"""First sync, full sync with nothing new, incremental sync of 100 changes, one hide: wall time, CPU
and memory of rollcalld, each beside the floor of the same run (the same prerecorded pages downloaded
and parsed, nothing else), and how they grow with the number of people.

usage: sync.py [PEOPLE ...]   (10000 100000 1000000)

Prints the rows of the table in RESULTS.md; the exit status is 1 when a figure is over its bar.
"""
import math
import os
import re
import statistics
import sys
import time

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox                                  # noqa: E402
from house import House                                     # noqa: E402
from world import World, program                            # noqa: E402

ID = "lucca:bench"
CHANGES = 100
HIDES = 15

# What must hold: figure, bar, from so many people to so many.
BARS = (
    ("first sync, wall / floor", 2.0, 100_000, 100_000),
    ("first sync, CPU / floor", 2.0, 100_000, 100_000),
    ("full sync, wall / floor", 1.5, 100_000, 100_000),
    ("full sync, CPU / floor", 1.5, 100_000, 100_000),
    ("100 changes, seconds over floor", 0.5, 10_000, 100_000),
    ("hide, ms", 50, 10_000, 1_000_000),
    ("peak memory, MB", 512, 10_000, 1_000_000),
)


def cpu(pid):
    """CPU seconds of a process so far."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as stream:
        fields = stream.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak(pid):
    """Largest resident size so far, in MB."""
    with open(f"/proc/{pid}/status", encoding="ascii") as stream:
        return int(re.search(r"VmHWM:\s+(\d+)", stream.read()).group(1)) / 1024


def floor(world, sandbox, runs, *since):
    """(wall, CPU) seconds of the best run."""
    best = None
    for _ in range(runs):
        text = world.run([program("tests/bench/floor"), sandbox.url, ID, "sandbox-key", *since],
                         seconds=3600)
        figures = [float(part) for part in text.split()]
        best = figures if best is None or figures[3] < best[3] else best
    return best[2], best[3]


def timed(house, *words):
    """(wall, CPU of the daemon, answer) of a command that syncs."""
    pid = house.daemon.pid
    wall, used = time.monotonic(), cpu(pid)
    house.world.run(house.command(*words), seconds=3600)
    return time.monotonic() - wall, cpu(pid) - used


def best(house, runs, *words):
    return min((timed(house, *words) for _ in range(runs)), key=lambda figures: figures[1])


def hide(house):
    """Seconds of `rollcall hide`, the command and its start included: median and worst."""
    uids = [row[0] for row in house.query(
        "SELECT p.uid FROM person p JOIN v_person v ON v.id = p.id WHERE p.id % ? = 0 LIMIT ?",
        max(house.query("SELECT max(id) FROM person")[0][0] // (2 * HIDES), 1), HIDES)]
    seconds = []
    for uid in uids:
        begin = time.monotonic()
        house.rollcall("hide", uid)
        seconds.append(time.monotonic() - begin)
    return statistics.median(seconds), max(seconds)


def change(sandbox, people):
    """Changes a title of every so many; the instant before, as `updated_after` takes it."""
    before = sandbox.tick()
    for index in range(0, people, max(people // CHANGES, 1)):
        sandbox.control("POST", "/people/set", who=index, set={"job_title": f"Title {index}"})
    return before


def say(people, what, figures):
    """What is known so far, for who waits: a million people take minutes."""
    print(f"{people:,}: {what} {figures[0]:.2f} s, {figures[1]:.2f} s CPU", file=sys.stderr,
          flush=True)


def measure(people):
    world = World()
    sandbox = Sandbox(world, f"id={ID},people={people},seed=3", options=["--prerecord"],
                      wait=900)
    house = House(world)
    house.write_main()
    house.source("bench", sandbox, ID)
    house.start()
    runs = 3 if people <= 100_000 else 1
    base = floor(world, sandbox, runs)
    say(people, "floor", base)
    first = timed(house, "source", "approve", "bench")
    say(people, "first sync", first)
    memory = peak(house.daemon.pid)
    full = best(house, runs, "sync", "bench", "--full")
    say(people, "full sync", full)
    since = change(sandbox, people)
    delta_base = floor(world, sandbox, runs, since)
    delta = timed(house, "sync", "bench")
    typical, worst = hide(house)
    house.stop()
    size = os.path.getsize(house.database) / 1e6
    world.close()
    return {"people": people, "floor": base, "first": first, "full": full, "delta": delta,
            "delta floor": delta_base, "file": size, "hide, ms": typical * 1000,
            "worst hide, ms": worst * 1000, "peak memory, MB": memory,
            "first sync, wall / floor": first[0] / base[0],
            "first sync, CPU / floor": first[1] / base[1],
            "full sync, wall / floor": full[0] / base[0],
            "full sync, CPU / floor": full[1] / base[1],
            "100 changes, seconds over floor": delta[0] - delta_base[0]}


def row(found):
    def against(name):
        return (f"{found[name][0]:.2f} s ({found[name + ' sync, wall / floor']:.2f} ×), "
                f"{found[name][1]:.2f} s CPU ({found[name + ' sync, CPU / floor']:.2f} ×)")
    return (f"| {found['people']:,} | {found['floor'][0]:.2f} s, {found['floor'][1]:.2f} s CPU "
            f"| {against('first')} | {found['peak memory, MB']:.0f} MB | {against('full')} "
            f"| {found['100 changes, seconds over floor']:.2f} s over {found['delta floor'][0]:.2f} s "
            f"| {found['hide, ms']:.0f} ms, worst {found['worst hide, ms']:.0f} ms "
            f"| {found['file']:.0f} MB |")


def growth(small, large):
    """The exponent b of cost ~ people^b, from CPU seconds."""
    steps = math.log(large["people"] / small["people"])
    return ", ".join(f"{name} {math.log(large[name][1] / small[name][1]) / steps:.2f}"
                     for name in ("floor", "first", "full"))


def main():
    counts = [int(word) for word in sys.argv[1:]] or [10_000, 100_000, 1_000_000]
    print("| people | floor | first sync | peak memory | full sync, nothing new | 100 changes "
          "| hide | database |\n|---|---|---|---|---|---|---|---|", flush=True)
    rows, over = [], []
    for count in counts:
        found = measure(count)
        print(row(found), flush=True)
        rows.append(found)
        over += [f"{count:,} people: {name} is {found[name]:.2f}, more than {bar}"
                 for name, bar, least, most in BARS
                 if least <= count <= most and found[name] > bar]
    for small, large in zip(rows, rows[1:]):
        print(f"\nFrom {small['people']:,} to {large['people']:,} people CPU grows with the "
              f"exponent: {growth(small, large)}.", flush=True)
    for line in over:
        print("over its bar: " + line)
    sys.exit(1 if over else 0)


main()
