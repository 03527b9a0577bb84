"""Many connections and slow ones: whoever is slow, or comes in crowds, costs himself and nobody
else; memory is bounded by what rollcall-scimd(8) says."""
import os
import resource
import select
import socket
import sys
import time

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "../lib"), os.path.dirname(__file__)]
from scim_tools import TOKEN, Scim, Tls, UnixConnection         # noqa: E402
from tap import Skip, check, equal, main, test                  # noqa: E402
from world import World, sanitized, wait_until                  # noqa: E402

WORLD = World()
MANY = 10000
BESIDE = 500                    # files of ours and of the daemon that are no connections
KILOBYTES = 40                  # of each connection, as rollcall-scimd(8) says
TLS_KILOBYTES = 60
HEAD = f"Host: x\r\nAuthorization: Bearer {TOKEN}\r\n".encode()
GET = b"GET /scim/v2/Users?count=1 HTTP/1.1\r\n" + HEAD
POST = b"POST /scim/v2/Users HTTP/1.1\r\n" + HEAD + b"Content-Length: 1000\r\n\r\n{"
ASK = GET + b"\r\n"
ALL = b"GET /scim/v2/Users?count=1000 HTTP/1.1\r\n" + HEAD + b"\r\n"


def address(number):
    """An address of this machine that nobody else uses."""
    return f"127.9.{number >> 8}.{number & 255}"


def come(scim, source=None, data=b""):
    one = socket.socket()
    one.settimeout(20)
    if source is not None:
        one.bind((source, 0))
    one.connect(("127.0.0.1", scim.port))
    if data:
        one.sendall(data)
    return one


def ended(one, seconds=0.0):
    """Whether the other side has closed it, without an answer."""
    if not select.select([one], [], [], seconds)[0]:
        return False
    try:
        return one.recv(4096) == b""
    except ConnectionError:
        return True


def left(crowd):
    """Those that are still connected."""
    poll = select.poll()
    by_file = {one.fileno(): one for one in crowd}
    for file in by_file:
        poll.register(file, select.POLLIN | select.POLLHUP)
    gone = {file for file, _ in poll.poll(0)}
    return [one for file, one in by_file.items() if file not in gone]


def memory(scim):
    """Kilobytes that the program has in memory."""
    with open(f"/proc/{scim.process.pid}/status", encoding="ascii") as stream:
        return next(int(line.split()[1]) for line in stream if line.startswith("VmRSS"))


def bounded(scim, before, most):
    """It has taken so many kilobytes more, at most."""
    grown = memory(scim) - before
    check(grown <= most or sanitized(), f"{grown} kB, {most} kB at most")


def files(scim):
    return len(os.listdir(f"/proc/{scim.process.pid}/fd"))


def need_files(count):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        raise Skip(f"this machine lets a program open {hard} files only")
    if soft != resource.RLIM_INFINITY and soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))


def served(scim, times=100):
    """The good client goes on, on its connection and on new ones."""
    longest = 0.0
    for number in range(times):
        start = time.monotonic()
        if number % 4 == 0:
            scim.close()
        equal(scim.get("/Users?count=1").status, 200, "the good client")
        longest = max(longest, time.monotonic() - start)
    check(longest < 5, f"the longest request took {longest:.2f} s")


@test("ten thousand slow connections at once are held, and the good client goes on")
def held():
    need_files(MANY + BESIDE)
    scim = Scim(WORLD, 50, name="held", scim=f"max_connections = {MANY + 50}\n"
                "max_connections_per_address = 100\n")
    # the program raises its own limit as far as it needs
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, hard))
    try:
        scim.start()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    served(scim)
    before, open_before = memory(scim), files(scim)
    # silent, in the head, in the body, in an answer that is not read, with a head that is full
    sent = [b"", GET[:40], GET + b"X: " + b"y" * 12000, POST, ASK]
    crowd = [come(scim, address(number // 100), sent[number % len(sent)])
             for number in range(MANY)]
    wait_until(lambda: files(scim) >= open_before + MANY, "all are connected")
    served(scim)
    bounded(scim, before, MANY * KILOBYTES)
    equal(len(left([one for number, one in enumerate(crowd) if number % len(sent) < 4])),
          MANY * 4 // len(sent), "connections that are held")
    for one in crowd:
        one.close()
    wait_until(lambda: files(scim) < open_before + 20, "all are gone")
    served(scim)
    equal(scim.stop(), 0, "exit status")


@test("a crowd beyond the cap makes room for itself: silent ones go, the oldest first")
def crowded():
    need_files(6000)
    scim = Scim(WORLD, 50, name="crowded", scim="max_connections = 1000\n")
    scim.start()
    good = come(scim, None, ASK)
    check(good.recv(4096).startswith(b"HTTP/1.1 200"), "the good client")
    crowd = []
    for number in range(5000):
        crowd.append(come(scim, address(number), GET[:number % 60]))
        if number % 500 == 499:
            served(scim, 8)
            good.sendall(ASK)
            check(good.recv(4096).startswith(b"HTTP/1.1 200"), "on its connection")
    wait_until(lambda: len(left(crowd)) <= 1000, "the cap")
    check(files(scim) < 1000 + BESIDE, f"{files(scim)} files")
    check(crowd[-1] in left(crowd), "the newest is held")
    check(crowd[0] not in left(crowd), "the oldest is not")
    scim.process.wait_log("http.cut")
    for one in crowd + [good]:
        one.close()
    scim.stop()


@test("one address has its share, and others are served beside it")
def share():
    scim = Scim(WORLD, 50, name="share", scim="max_connections_per_address = 20\n"
                "trusted_proxy = 127.9.2.0/24\n")
    scim.start()
    crowd = [come(scim, address(256)) for _ in range(30)]
    wait_until(lambda: len(left(crowd)) == 20, "twenty are held")
    served(scim)
    crowd.pop(0).close()
    wait_until(lambda: not ended(come(scim, address(256), ASK), 0.2), "the next one may")
    trusted = [come(scim, address(512)) for _ in range(30)]
    served(scim)
    equal(len(left(trusted)), 30, "a trusted proxy has no limit")
    for one in crowd + trusted:
        one.close()
    scim.stop()


def slow(scim, connect=come):
    """Whoever is slow in whatever way; each is sent on by the function it comes with."""
    def trickle(one, _):
        one.sendall(b"x")

    def nothing(_one, _number):
        pass

    def read(one, _):
        one.recv(10)

    return [(connect(scim, data=data), step) for data, step in [
        (b"", nothing), (GET + b"X: ", trickle), (b"GET /scim/v2/", trickle),
        (POST, trickle), (POST, nothing), (ALL * 50, read), (b"\r\n" * 5, nothing)]]


def until_cut(crowd):
    """Sends them on until the last is gone; the seconds it took."""
    start = time.monotonic()
    while crowd and time.monotonic() < start + 10:
        for entry in list(crowd):
            one, step = entry
            try:
                one.settimeout(0.05)
                step(one, 0)
                poll = select.poll()
                poll.register(one, select.POLLHUP | select.POLLERR)
                if poll.poll(10):
                    raise ConnectionError
            except socket.timeout:
                pass
            except OSError:
                one.close()
                crowd.remove(entry)
    equal(len(crowd), 0, "connections that are not cut")
    return time.monotonic() - start


@test("a request has its time, however it is dragged out")
def deadline():
    scim = Scim(WORLD, 1000, name="deadline", scim="request_timeout = 2s\n")
    scim.start()
    idle = come(scim, None, ASK)
    check(idle.recv(4096).startswith(b"HTTP/1.1 200"), "one that waits for its next request")
    crowd = slow(scim)
    served(scim, 8)
    took = until_cut(crowd)
    check(1 < took < 6, f"cut after {took:.1f} s")
    idle.sendall(ASK)
    check(idle.recv(4096).startswith(b"HTTP/1.1 200"), "silence between requests is none")
    idle.close()
    scim.process.wait_log("late=")
    served(scim, 8)
    scim.stop()


@test("a connection that waits for its next request has its time as well")
def idle_time():
    scim = Scim(WORLD, 20, name="idle", scim="idle_timeout = 1s\n")
    scim.start()
    idle = come(scim, None, ASK)
    check(idle.recv(4096).startswith(b"HTTP/1.1 200"), "an answer")
    check(ended(idle, 5), "closed")
    scim.stop()


@test("with TLS too: whoever does not finish the handshake, or what comes behind it")
def tls():
    scim = Tls(WORLD, "tls-slow", 1000, "request_timeout = 2s\n")
    scim.start()
    equal(scim.get("/Users?count=1").status, 200, "the good client")

    def secure(target, data=b""):
        one = scim.context.wrap_socket(come(target))
        if data:
            one.sendall(data)
        return one

    before = memory(scim)
    many = []
    for _ in range(150):
        many.append(secure(scim, ASK))
        check(many[-1].recv(4096).startswith(b"HTTP/1.1 200"), "an answer")
        many[-1].sendall(GET + b"X: " + b"y" * 12000)
    bounded(scim, before, len(many) * TLS_KILOBYTES)
    for one in many:
        one.close()
    crowd = slow(scim, secure)
    crowd += [(come(scim), lambda one, _: None),
              (come(scim, data=b"\x16\x03\x01"), lambda one, _: None),
              (come(scim, data=b"\x16\x03\x01\x02\x00\x01"), lambda one, _: one.sendall(b"\x00"))]
    took = until_cut(crowd)
    check(1 < took < 8, f"cut after {took:.1f} s")
    scim.close()
    equal(scim.get("/Users?count=1").status, 200, "the good client")
    scim.stop()


@test("answers that nobody reads are cut when they fill the memory")
def unread():
    scim = Scim(WORLD, 1000, name="unread", scim="max_memory = 64\n")
    scim.start()
    size = len(scim.get("/Users?count=1000").body)
    before = memory(scim)
    crowd = []
    for number in range(256 * 2**20 // size):
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.bind((address(number), 0))
        one.settimeout(20)
        one.connect(("127.0.0.1", scim.port))
        one.sendall(ALL)
        crowd.append(one)
        time.sleep(0.02)
    bounded(scim, before, 128 * 1024)
    equal(scim.get("/Users?count=1000").status, 200, "the good client")
    for one in crowd:
        one.close()
    scim.stop()


@test("so are bodies that are never finished")
def unfinished():
    scim = Scim(WORLD, 20, name="unfinished", scim="max_memory = 64\n")
    scim.start()
    part = (b"POST /scim/v2/Users/.search HTTP/1.1\r\n" + HEAD +
            b"Content-Length: 1000000\r\n\r\n" + b" " * 900000)
    before = memory(scim)
    crowd = []
    for number in range(200):
        crowd.append(come(scim, address(number)))
        try:
            crowd[-1].sendall(part)
        except OSError:                 # refused at once: the others have only begun
            pass
        time.sleep(0.01)
    bounded(scim, before, 64 * 1024)
    check(len(left(crowd)) < 150, "some were cut")
    equal(scim.get("/Users?count=1").status, 200, "the good client")
    for one in crowd:
        one.close()
    scim.stop()


@test("crowds on a Unix socket are those of a proxy: only the cap on all counts")
def local():
    path = WORLD.path("crowd.sock")
    scim = Scim(WORLD, 20, name="local", listen=[f"unix:{path}"],
                scim="max_connections = 100\nmax_connections_per_address = 5\n")
    scim.start()
    crowd = []
    for _ in range(150):
        one = socket.socket(socket.AF_UNIX)
        one.settimeout(20)
        one.connect(path)
        crowd.append(one)
    wait_until(lambda: len(left(crowd)) <= 100, "the cap")
    check(len(left(crowd)) >= 99, f"{len(left(crowd))} are held")
    scim.connection = UnixConnection(path)
    equal(scim.get("/Users?count=1").status, 200, "the good client")
    for one in crowd:
        one.close()
    scim.stop()


main()
