#!/usr/bin/env python3
"""What wrong sign-ins take from the machine: benches/sign-ins.py BINARY [COUNT] [CLIENTS]

Starts the program on loopback in a folder of its own, lets so many strangers (1000 with 8 clients, unless told) try to come
in, each from another address as a trusted proxy would report it, and prints what Linux says of the process's memory in
between: its share of all memory, and what of it is no file. Connections, threads and caches are there after the first
few sign-ins; ends with 1 when the rest leave more than 20 MB behind, or when not every one of them was answered 401:
whoever is turned away earlier costs no hash, and shows nothing.
"""

import collections
import http.client
import json
import sys
import tempfile
import threading
import time

from program import HOST, Program

FIRST_FEW = 3
MOST_GROWTH_MB = 20
WRONG_PASSWORD = 401

binary, count, clients = sys.argv[1], int((sys.argv[2:] + ["1000"])[0]), int((sys.argv[3:] + ["8"])[0])


def attempts(port, client, turns, statuses):
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    for turn in turns:
        body = json.dumps({"email": f"nobody.{client}.{turn}@example.org", "password": "a wrong password"})
        address = f"10.{client}.{turn // 250}.{turn % 250}"
        head = {"content-type": "application/json", "x-forwarded-for": address}
        connection.request("POST", "/api/v1/sessions", body, head)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()


def storm(port, turns):
    """The statuses of all answers."""
    statuses = [[] for _ in range(clients)]
    threads = [
        threading.Thread(target=attempts, args=(port, client, turns, statuses[client])) for client in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return collections.Counter(status for of_client in statuses for status in of_client)


def say(program, when, tally=None):
    share, own = program.memory()
    print(f"{when:24} {share:5.0f} MB, {own:5.0f} MB of them no file  {dict(tally) if tally else ''}", flush=True)
    return share


def main():
    each = -(-count // clients)
    with tempfile.TemporaryDirectory() as folder, Program(binary, folder, "--trusted-proxies", HOST) as program:
        say(program, "at the start")
        tally = storm(program.port, range(FIRST_FEW))
        before = say(program, f"after {FIRST_FEW * clients} sign-ins", tally)
        begun = time.monotonic()
        tally = storm(program.port, range(FIRST_FEW, FIRST_FEW + each))
        seconds = time.monotonic() - begun
        after = say(program, f"after {each * clients} more", tally)
    print(f"{each * clients / seconds:.0f} a second; {after - before:+.1f} MB, {MOST_GROWTH_MB} are allowed")
    failed = []
    if after - before > MOST_GROWTH_MB:
        failed.append("the memory grew")
    if tally != {WRONG_PASSWORD: each * clients}:
        failed.append(f"not every sign-in was answered {WRONG_PASSWORD}")
    for what in failed:
        print(f"FAILED: {what}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
