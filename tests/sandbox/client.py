"""A running rollcall-sandbox for tests: the program, its API and its control interface.

    from client import Sandbox
    sandbox = Sandbox(world, "id=sandbox:a,people=60")
    status, headers, answer = sandbox.get("/hris/employees", page_size=10)
    sandbox.control("POST", "/people/leave", who=3)

tests/sandbox/README.md says what the control calls take.
"""
import calendar
import http.client
import json
import re
import time
import urllib.parse
import zlib

from world import program

KEY = "sandbox-key"


class Answer:
    """What came back: status, headers (lower-case names), raw body."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    @property
    def text(self):
        if self.headers.get("content-encoding") == "gzip":
            return zlib.decompress(self.body, 31)
        return self.body

    @property
    def json(self):
        return json.loads(self.text)

    @property
    def code(self):
        """The error's code, or None."""
        return self.json["error"]["code"]

    @property
    def rows(self):
        return self.json["data"]["results"]

    @property
    def next(self):
        return self.json["data"]["next"]


class Sandbox:
    count = 0

    def __init__(self, world, *integrations, options=(), environment=None, wait=60):
        arguments = [program("tests/sandbox/rollcall-sandbox"), "--today", "2026-11-20"]
        for integration in integrations:
            arguments += ["--integration", integration]
        Sandbox.count += 1
        self.process = world.start(arguments + list(options), f"sandbox-{Sandbox.count}",
                                   environment)
        self.process.wait_log("ready api=", wait)
        ready = re.search(r"ready api=http://([0-9.]+):(\d+)/v1 control=http://[0-9.]+:(\d+)",
                          self.process.text())
        self.host = ready.group(1)
        self.port = int(ready.group(2))
        self.control_port = int(ready.group(3))
        found = re.search(r"id=([^,]+)", integrations[0] if integrations else "")
        self.integration = found.group(1) if found else "sandbox:Zq4Test7Integration9Aa1"

    @property
    def url(self):
        return f"http://{self.host}:{self.port}/v1"

    def request(self, method, path, headers=None, body=None):
        """Any request of /v1, as it is."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, integration=None, key=KEY, headers=None, **parameters):
        """GET below /v1 with the usual headers; lists are joined by commas."""
        sent = {"X-Integration-Id": integration or self.integration,
                "Authorization": f"Bearer {key}"}
        sent.update(headers or {})
        query = urllib.parse.urlencode(
            {name: ",".join(value) if isinstance(value, list) else value
             for name, value in parameters.items()})
        return self.request("GET", "/v1" + path + ("?" + query if query else ""), sent)

    def all(self, path, integration=None, page_size=250, include_deleted="true",
            **parameters):
        """Every row of a listing, page by page."""
        rows = []
        cursor = {}
        while True:
            answer = self.get(path, integration, page_size=page_size,
                              include_deleted=include_deleted, **parameters, **cursor)
            if answer.status != 200:
                raise AssertionError(f"{path}: {answer.status} {answer.body[:300]!r}")
            rows += answer.rows
            if answer.next is None:
                return rows
            cursor = {"cursor": answer.next}

    def employees(self, **parameters):
        """All employees by remote id."""
        return {row["remote_id"]: row for row in self.all("/hris/employees", **parameters)}

    def control(self, method, path, wanted=200, **members):
        """A control call; what it answers, as Python has it."""
        return self.control_raw(method, path, members, wanted)

    def control_raw(self, method, path, value, wanted=200):
        connection = http.client.HTTPConnection(self.host, self.control_port, timeout=60)
        try:
            body = json.dumps(value) if method == "POST" else None
            connection.request(method, path, body=body)
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        if response.status != wanted:
            raise AssertionError(f"{method} {path}: {response.status} {text[:300]!r}")
        return json.loads(text)

    def people(self, integration=None):
        """The ground truth: all people, by index."""
        query = "?integration=" + urllib.parse.quote(integration) if integration else ""
        return self.control("GET", "/people" + query)["people"]

    def oddity(self, name, integration=None):
        """The first person with an oddity (oddity.def)."""
        for person in self.people(integration):
            if person["oddity"] == name:
                return person
        raise AssertionError(f"nobody is {name}")

    def now(self):
        """The server's time, as updated_after takes it."""
        return self.control("GET", "/time")["now"]

    def tick(self, seconds=1):
        """Moves the server's time on, and gives the instant before."""
        before = self.now()
        self.control("POST", "/time", advance=seconds)
        return before

    def stop(self):
        return self.process.stop()


def fix_clock(world, text="2026-11-20T12:00:00"):
    """Lets the programs of a world begin at noon of the day that their data counts from."""
    wanted = calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%S"))
    world.set_clock(wanted - time.time())
