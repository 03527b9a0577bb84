"""First sync, full sync with nothing new, incremental sync: wall time, CPU and memory, each beside
the floor of the same run (the same prerecorded pages downloaded and parsed, nothing else).

usage: sync.py [PEOPLE ...]   (10000 100000)
"""
import os
import re
import sys
import time

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", part)
                for part in ("lib", "sandbox")]
from client import Sandbox                                  # noqa: E402
from house import House                                     # noqa: E402
from world import World, program                            # noqa: E402

ID = "lucca:bench"


def cpu(pid):
    """CPU seconds of a process so far."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as stream:
        fields = stream.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak(pid):
    """Largest resident size so far, in MB."""
    with open(f"/proc/{pid}/status", encoding="ascii") as stream:
        return int(re.search(r"VmHWM:\s+(\d+)", stream.read()).group(1)) / 1024


def floor(world, sandbox, runs=3):
    best = None
    for _ in range(runs):
        text = world.run([program("tests/bench/floor"), sandbox.url, ID, "sandbox-key"])
        figures = [float(part) for part in text.split()]
        best = figures if best is None or figures[3] < best[3] else best
    return best


def timed(house, *words):
    pid = house.daemon.pid
    wall, used = time.monotonic(), cpu(pid)
    answer = house.ask(*words)["runs"][0]
    return time.monotonic() - wall, cpu(pid) - used, answer


def measure(people):
    world = World()
    sandbox = Sandbox(world, f"id={ID},people={people},seed=3", options=["--prerecord"])
    house = House(world)
    house.write_main()
    house.source("bench", sandbox, ID)
    house.start()
    base = floor(world, sandbox)
    first = timed(house, "source", "approve", "bench")
    memory = peak(house.daemon.pid)
    full = timed(house, "sync", "bench", "--full")
    for index in range(0, people, max(people // 100, 1)):
        sandbox.control("POST", "/people/set", who=index, set={"job_title": f"Title {index}"})
    delta = timed(house, "sync", "bench")
    house.stop()
    world.close()
    print(f"{people:>9,} | floor {base[2]:6.2f} s wall {base[3]:6.2f} s CPU "
          f"| first {first[0]:6.2f} s ({first[0] / base[2]:.2f} x) {first[1]:6.2f} s CPU "
          f"({first[1] / base[3]:.2f} x), peak {memory:.0f} MB "
          f"| full, nothing new {full[0]:6.2f} s ({full[0] / base[2]:.2f} x) {full[1]:6.2f} s CPU "
          f"({full[1] / base[3]:.2f} x) "
          f"| 100 changes {delta[0]:.2f} s, {delta[2]['seen']} seen", flush=True)


for count in [int(word) for word in sys.argv[1:]] or [10000, 100000]:
    measure(count)
