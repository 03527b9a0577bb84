"""Orders for the programs of tests/faults: the n-th call of a kind fails, once or from then on.

    fault = Fault(world)
    house.rollcalld = program("tests/faults/rollcalld")
    house.start(environment=fault.environment)
    fault.order("full", nth=3, forever=True)
    …
    fault.clear()
"""
import mmap
import struct

CALLS = {"read": 1, "write": 2, "sync": 4, "truncate": 8, "open": 16, "delete": 32, "share": 64,
         "lock": 128, "size": 256, "alloc": 512}
DISK = ("read", "write", "sync", "truncate", "open", "delete", "share", "lock", "size")
# Kind by its number in tests/faults/fault.h, and the calls it concerns.
KINDS = {"none": (0, ()), "full": (1, ("write", "share")), "io": (2, DISK),
         "readonly": (3, ("write", "truncate", "sync", "delete")), "heap": (4, ("alloc",))}
SIZE = 7 * 8


class Fault:
    def __init__(self, world, name="fault"):
        path = world.path(name)
        with open(path, "wb") as stream:
            stream.write(bytes(SIZE))
        with open(path, "r+b") as stream:
            self.map = mmap.mmap(stream.fileno(), SIZE)
        self.environment = dict(world.environment, ROLLCALL_FAULT=path)

    def _word(self, at, value=None):
        if value is None:
            return struct.unpack_from("<q", self.map, at * 8)[0]
        return struct.pack_into("<q", self.map, at * 8, value)

    def can(self, call):
        """Whether the program that was started last can let that call fail."""
        return bool(self._word(6) & CALLS[call])

    def _order(self, kind, calls, nth, forever):
        self._word(0, 0)
        self._word(1, sum(CALLS[call] for call in calls))
        self._word(2, nth)
        self._word(3, int(forever))
        self._word(4, 0)
        self._word(5, 0)
        self._word(0, KINDS[kind][0])

    def order(self, kind, nth=1, forever=False, calls=None):
        self._order(kind, calls or KINDS[kind][1], nth, forever)

    def count(self, kind, calls=None):
        """From now on such calls are counted, none fails."""
        self._order("none", calls or KINDS[kind][1], 0, False)

    @property
    def counted(self):
        return self._word(4)

    @property
    def struck(self):
        return self._word(5)

    def clear(self):
        """Nothing fails any more; how many calls did."""
        struck = self.struck
        self._order("none", (), 0, False)
        return struck
