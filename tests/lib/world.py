"""What a scenario stands on: its own folder, free loopback ports, a clock that can be moved,
and programs that are started, waited for and ended by their process id.

Environment: top_builddir and top_srcdir, set by `make check`.
"""
import atexit
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time

BUILD = os.environ.get("top_builddir", os.path.abspath("."))
SOURCE = os.environ.get("top_srcdir", os.path.dirname(os.path.dirname(
    os.path.dirname(os.path.abspath(__file__)))))


def program(path):
    """A program of the build; libtool's wrapper scripts work as they are."""
    return os.path.join(BUILD, path)


def sanitized():
    """Whether this build's memory is a sanitizer's, which keeps what was given back."""
    with open(program("Makefile"), encoding="utf-8") as stream:
        return "-fsanitize=address" in stream.read()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, what, seconds=20.0):
    """Polls until condition() is true; raises after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.01)
    raise AssertionError(f"not after {seconds} s: {what}")


def port_open(port):
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Process:
    """A program of ours that runs beside the test."""

    def __init__(self, arguments, log, environment=None, cwd=None):
        self.arguments = arguments
        self.log = log
        self.stream = open(log, "ab")
        self.child = subprocess.Popen(arguments, stdin=subprocess.DEVNULL,
                                      stdout=self.stream, stderr=self.stream,
                                      env=environment, cwd=cwd)

    @property
    def pid(self):
        return self.child.pid

    def running(self):
        return self.child.poll() is None

    def text(self):
        with open(self.log, "r", encoding="utf-8", errors="replace") as stream:
            return stream.read()

    def wait_port(self, port, seconds=20.0):
        def ready():
            if not self.running():
                raise AssertionError(f"{self.arguments[0]} ended:\n{self.text()}")
            return port_open(port)
        wait_until(ready, f"{self.arguments[0]} listens on {port}", seconds)

    def wait_log(self, part, seconds=20.0, count=1):
        def said():
            if self.text().count(part) >= count:
                return True
            if not self.running():
                raise AssertionError(f"{self.arguments[0]} ended:\n{self.text()}")
            return False
        wait_until(said, f"{part!r} in {self.log}", seconds)

    def send(self, number):
        os.kill(self.child.pid, number)

    def stop(self, number=signal.SIGTERM, seconds=20.0):
        """Ends the program and returns its exit status."""
        if self.running():
            self.send(number)
            try:
                self.child.wait(seconds)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
                raise AssertionError(f"{self.arguments[0]} did not end") from None
        self.stream.close()
        return self.child.returncode


class World:
    """A folder of its own, and whatever is started in it; gone when the test program ends
    (kept when ROLLCALL_KEEP is set)."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="rollcall-test-")
        self.processes = []
        self.clock_file = self.path("clock")
        self.offset = 0
        with open(self.clock_file, "wb") as stream:
            stream.write(struct.pack("<q", 0))
        self.environment = dict(os.environ, ROLLCALL_CLOCK=self.clock_file, LC_ALL="C.UTF-8")
        self.environment.pop("JOURNAL_STREAM", None)
        atexit.register(self.close)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def write(self, name, text, mode=0o640):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.chmod(path, mode)
        return path

    def start(self, arguments, name, environment=None):
        process = Process(arguments, self.path(name + ".log"),
                          environment or self.environment, self.folder)
        self.processes.append(process)
        return process

    def run(self, arguments, status=0, text=None, environment=None, seconds=120):
        """Runs a command to its end; returns what it printed on standard output. A status of
        None accepts any; (status, output, errors) is returned then."""
        done = subprocess.run(arguments, input=text, capture_output=True, text=True,
                              env=environment or self.environment, cwd=self.folder,
                              timeout=seconds, check=False)
        if status is None:
            return done.returncode, done.stdout, done.stderr
        if done.returncode != status:
            raise AssertionError(f"{' '.join(arguments)}: exit {done.returncode}, wanted "
                                 f"{status}\n{done.stdout}{done.stderr}")
        return done.stdout

    def run_hasty(self, arguments, seconds=60, step=0.5):
        """Runs a command to its end while the clock of this world goes on by `step` seconds
        every 5 ms, a hundred times as fast; (status, output, errors)."""
        with subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, env=self.environment,
                              cwd=self.folder) as child:
            end = time.monotonic() + seconds
            while child.poll() is None and time.monotonic() < end:
                time.sleep(0.005)
                self.advance(step)
            if child.poll() is None:
                child.kill()
            output, errors = child.communicate()
        return child.returncode, output, errors

    def now(self):
        return time.time() + self.offset / 1e6

    def set_clock(self, offset_seconds):
        """Moves the clock of every program of this world, at once."""
        self.offset = int(offset_seconds * 1e6)
        with open(self.clock_file, "r+b") as stream:
            stream.write(struct.pack("<q", self.offset))

    def advance(self, seconds):
        self.set_clock(self.offset / 1e6 + seconds)

    def close(self):
        for process in reversed(self.processes):
            if process.running():
                process.child.terminate()
        for process in self.processes:
            try:
                process.child.wait(10)
            except subprocess.TimeoutExpired:
                process.child.kill()
                process.child.wait()
            process.stream.close()
        self.processes = []
        if "ROLLCALL_KEEP" not in os.environ:
            shutil.rmtree(self.folder, ignore_errors=True)
