"""The whole house for a scenario: configuration, rollcalld, the command.

    from house import House
    house = House(world)
    sandbox = Sandbox(world, "id=lucca:a,people=60")
    house.source("fr", sandbox, "lucca:a")
    house.start()
    house.rollcall("source", "approve", "fr")
"""
import json
import os
import socket
import sqlite3

from world import program, wait_until


class House:
    def __init__(self, world, suffix="dc=example,dc=com", main="", name="house"):
        self.world = world
        self.name = name
        self.folder = world.path(name)
        self.database = world.path(name, "db", "rollcall.db")
        self.socket = world.path(name, "sock")
        self.suffix = suffix
        self.main = main
        self.daemon = None
        self.rollcalld = program("rollcalld")
        os.makedirs(os.path.dirname(self.database))
        os.makedirs(world.path(name, "conf", "sources.d"))
        self.write_main(main)

    @property
    def conf(self):
        return self.world.path(self.name, "conf")

    def write_main(self, main="", server=""):
        self.world.write(f"{self.name}/conf/rollcall.conf", f"""[server]
database = {self.database}
socket = {self.socket}
timezone = Europe/Paris
{server}
[directory]
suffix = {self.suffix}
{main}
""")

    def source(self, name, sandbox, integration, body="", fields="", key="sandbox-key",
               api=None):
        """Writes sources.d/NAME.conf; body holds further sections."""
        secret = self.world.write(f"{self.name}/{name}.key", key + "\n", 0o600)
        address = api or f"http://127.0.0.1:{sandbox.port}/v1"
        self.world.write(f"{self.name}/conf/sources.d/{name}.conf", f"""[source]
provider = kombo
integration = {integration}
api_key = file:{secret}
api = {address}
[fields]
default = continuous
{fields}
{body}
""")

    def start(self, environment=None):
        return self.start_with(environment=environment)

    def start_with(self, *options, environment=None, wait=True):
        """Starts the daemon with further options; `wait` until it is ready."""
        name = f"{self.name}-rollcalld"
        log = self.world.path(name + ".log")
        starts = open(log, encoding="utf-8").read().count("info start ") \
            if os.path.exists(log) else 0
        self.daemon = self.world.start([self.rollcalld, "-c", self.conf, *options], name,
                                       environment)
        if wait:
            self.daemon.wait_log("info start ", count=starts + 1)
        return self.daemon

    def stop(self):
        status = self.daemon.stop()
        self.daemon = None
        return status

    def reload(self):
        done = self.daemon.text().count("reload.")
        self.daemon.send(1)
        wait_until(lambda: self.daemon.text().count("reload.") > done, "the reload")

    def command(self, *words):
        return [program("rollcall"), "-c", self.conf, *words]

    def rollcall(self, *words, status=0):
        """Runs the command; its output. status None: (status, output, errors)."""
        return self.world.run(self.command(*words), status)

    def rollcall_hasty(self, *words):
        """As rollcall with status None, while the clock runs fast, so that what waits for a
        repetition waits no longer."""
        return self.world.run_hasty(self.command(*words))

    def ask(self, *words, status=0):
        """The command's answer as JSON."""
        text = self.world.run(self.command("--json", *words), None)
        if status is not None and text[0] != status:
            raise AssertionError(f"rollcall {' '.join(words)}: exit {text[0]}, wanted "
                                 f"{status}\n{text[1]}{text[2]}")
        return json.loads(text[1])

    def rows(self, *words):
        return self.ask(*words).get("rows", [])

    def request(self, name, **arguments):
        """Asks the daemon over its socket, without the command: (result, None) or (None, error).
        Much faster, for those who ask hundreds of times."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(60)
            connection.connect(self.socket)
            connection.sendall(json.dumps({"request": name, "arguments": arguments}).encode()
                               + b"\n")
            for line in connection.makefile("rb"):
                message = json.loads(line)
                if "result" in message or "error" in message:
                    return message.get("result"), message.get("error")
        return None, {"code": "LOST", "text": "the daemon ended before it answered"}

    def query(self, sql, *arguments):
        """Rows of the database, read beside the daemon."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as database:
            return database.execute(sql, arguments).fetchall()

    def revision(self):
        return self.query("SELECT value FROM meta WHERE name = 'revision'")[0][0]

    def bytes(self):
        """Everything the database's folder holds."""
        content = b""
        folder = os.path.dirname(self.database)
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), "rb") as stream:
                content += stream.read()
        return content
