"""The demo shows what it says: both ends answer, and whoever is hidden is gone from both."""
import os
import subprocess
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", "lib")]
from slapd import available                                 # noqa: E402
from tap import equal, holds, lacks, main, test             # noqa: E402
from world import SOURCE                                    # noqa: E402


@test("./dev demo --once, from preview to hide, on both ends")
def once():
    available()
    done = subprocess.run(["/usr/bin/python3", "-B", os.path.join(SOURCE, "tests/demo/demo.py"),
                           "--once"], capture_output=True, text=True, check=False, timeout=120)
    equal(done.returncode, 0, done.stdout + done.stderr)
    holds(done.stdout, "All of it is so.")
    holds(done.stdout, "exclude.legal_entity (sources.d/fr.conf:")
    lacks(done.stdout, "NO ")
    equal(done.stderr, "", "standard error")


main()
