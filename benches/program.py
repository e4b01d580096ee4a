"""The program under measurement: filled, started on loopback in a folder of its own, watched through /proc, stopped."""

import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import time

HOST = "127.0.0.1"
# What `seed` gives everybody.
PASSWORD = "brasdroit-demo"
START_SECONDS = 60
STOP_SECONDS = 30
LOG_LINES_SHOWN = 20


def own_environment():
    """What is set for another instance must not reach this one."""
    return {name: value for name, value in os.environ.items() if not name.startswith("BRASDROIT_")}


def seed(binary, folder, assistants, jobs):
    """Fills the folder; answers the addresses of the assistants, in the order in which they signed up."""
    command = [binary, "seed", "--assistants", str(assistants), "--jobs", str(jobs), "--data-dir", folder]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=own_environment())
    database = sqlite3.connect(os.path.join(folder, "brasdroit.db"))
    try:
        return [email for (email,) in database.execute("SELECT email FROM accounts WHERE assistant ORDER BY id")]
    finally:
        database.close()


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


class Program:
    """A running server, stopped at the end of its `with`."""

    def __init__(self, binary, folder, *options):
        self.port = free_port()
        self.log = os.path.join(folder, "program.log")
        self.command = [binary, "serve", "--listen", f"{HOST}:{self.port}", "--data-dir", folder, *options]
        self.process = None

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, env=own_environment())
        begun = time.monotonic()
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() - begun > START_SECONDS:
                self.stop()
                with open(self.log, errors="replace") as log:
                    last = "".join(log.readlines()[-LOG_LINES_SHOWN:])
                raise SystemExit(f"the program did not start\n{last}")
            time.sleep(0.1)
        return self

    def __exit__(self, *_):
        self.stop()

    def is_ready(self):
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def memory(self):
        """Megabytes as Linux counts them: the process's share of all memory, and what of it is no file."""
        with open(f"/proc/{self.process.pid}/smaps_rollup") as file:
            lines = dict(line.split(":", 1) for line in file if ":" in line)
        share, own = (int(lines[name].split()[0]) / 1024 for name in ("Pss", "Pss_Anon"))
        return share, own

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))
