#!/usr/bin/env python3
"""What wrong sign-ins take from the machine: benches/sign-ins.py BINARY [COUNT] [CLIENTS]

Starts the program on loopback in a folder of its own, lets so many strangers (1000 with 8 clients, unless told) try to come
in, each from another address as a trusted proxy would report it, and prints what Linux says of the process's memory in
between: its share of all memory, and what of it is no file.
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

binary, count, clients = sys.argv[1], int((sys.argv[2:] + ["1000"])[0]), int((sys.argv[3:] + ["8"])[0])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def attempts(port, client, number, tally):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for turn in range(number):
        body = json.dumps({"email": f"nobody.{client}.{turn}@example.org", "password": "a wrong password"})
        address = f"10.{client}.{turn // 250}.{turn % 250}"
        head = {"content-type": "application/json", "x-forwarded-for": address}
        connection.request("POST", "/api/v1/sessions", body, head)
        answer = connection.getresponse()
        answer.read()
        tally[answer.status] = tally.get(answer.status, 0) + 1


def storm(port, number, tally):
    threads = [threading.Thread(target=attempts, args=(port, client, number, tally)) for client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def say(process, when, tally):
    with open(f"/proc/{process.pid}/smaps_rollup") as file:
        lines = dict(line.split(":", 1) for line in file if ":" in line)
    share, own = (int(lines[name].split()[0]) // 1024 for name in ("Pss", "Pss_Anon"))
    print(f"{when:24} {share:5} MB, {own:5} MB of them no file  {tally or ''}", flush=True)


with tempfile.TemporaryDirectory() as folder:
    port = free_port()
    command = [binary, "serve", "--listen", f"127.0.0.1:{port}", "--data-dir", folder, "--trusted-proxies", "127.0.0.1"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        say(process, "at the start", None)
        tally = {}
        storm(port, 3, tally)
        say(process, f"after {3 * clients} sign-ins", dict(tally))
        begun = time.time()
        storm(port, count // clients, tally)
        say(process, f"after {count // clients * clients} more", tally)
        print(f"{count // clients * clients / (time.time() - begun):.0f} a second")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
