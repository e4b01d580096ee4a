#!/usr/bin/env python3
"""Whether the time of an answer tells which addresses have an account: benches/sign-in-timing.py BINARY [COUNT] [DOOR …]

Fills an instance of its own, starts the program on loopback and knocks at three doors (`sign-in`, `sign-up`, `reset`; or at
those that are named) so many times (2000, unless told) with an address that has an account and as many times with one
that has none, in random order, one request after the other over a kept connection. For each door it prints the area under
the curve (AUC): the chance that a known address waits longer than an unknown one, 0.5 when the time tells nothing. Ends
with 1 when one lies further than 0.03 from that, or when not every answer was the expected one.

No limit is lifted for it: each request comes from a network address of its own, as a trusted proxy would report it, and no
mailbox is written to more than twice.
"""

import bisect
import gc
import http.client
import itertools
import json
import math
import random
import secrets
import socket
import statistics
import sys
import tempfile
import time

from program import HOST, Program, seed

MOST_DISTANCE = 0.03
# 95 % of a normal distribution.
NORMAL = 1.96
# Connections, threads and caches are there after the first few; these are thrown away.
FIRST_FEW = 50
# A market is never quite empty.
JOBS = 20
LOT = 42
PATIENCE_SECONDS = 60
# The first of four numbers of every address that the program is told of.
NETWORK = "10"
NO_ANSWER = 0


def sign_in(email):
    return {"email": email, "password": "a wrong password"}


def sign_up(email):
    return {
        "email": email,
        "password": secrets.token_urlsafe(12),
        "display_name": "Camille Martin",
        "time_zone": "Europe/Paris",
        "hats": ["assistant"],
        "accept_terms": True,
    }


def reset(email):
    return {"email": email}


# Path, body, the one right answer, and what the unknown addresses of this door begin with: no name begins with a digit,
# and an address that was signed up at one door is no longer unknown at the next.
DOORS = {
    "sign-in": ("/api/v1/sessions", sign_in, 401, "1"),
    "reset": ("/api/v1/password-resets", reset, 201, "2"),
    "sign-up": ("/api/v1/accounts", sign_up, 201, "3"),
}


class Line:
    """A kept connection that sends a request in one piece and stops the clock at the first byte of the answer."""

    def __init__(self, port):
        self.port = port
        self.socket = None
        self.numbers = itertools.count()

    def own_address(self):
        """Another one for each request."""
        number = next(self.numbers)
        return f"{NETWORK}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"

    def open(self):
        self.socket = socket.create_connection((HOST, self.port), timeout=PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self):
        if self.socket is not None:
            self.socket.close()
        self.socket = None

    def post(self, path, body):
        """The status and the milliseconds until it came; NO_ANSWER when none did."""
        body = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nhost: {HOST}:{self.port}\r\nx-forwarded-for: {self.own_address()}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        request = head.encode() + body
        try:
            if self.socket is None:
                self.open()
            begun = time.perf_counter_ns()
            self.socket.sendall(request)
            self.socket.recv(1, socket.MSG_PEEK)
            milliseconds = (time.perf_counter_ns() - begun) / 1e6
            answer = http.client.HTTPResponse(self.socket, method="POST")
            answer.begin()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return NO_ANSWER, 0.0
        if answer.will_close:
            self.close()
        return answer.status, milliseconds


def unknown_like(email, digit, taken):
    """An address as long as this one that nobody has."""
    other = digit + email[1:]
    if other in taken:
        raise SystemExit(f"{other} has an account")
    return other


def knock(line, door, known, taken):
    """The milliseconds of known and of unknown addresses, and answers that were not the expected one."""
    path, body, expected, digit = DOORS[door]
    cases = [(True, email) for email in known] + [(False, unknown_like(email, digit, taken)) for email in known]
    if len({email for _, email in cases}) != len(cases):
        raise SystemExit("two unknown addresses are one")
    times, wrong = {True: [], False: []}, []
    random.Random(LOT).shuffle(cases)
    for is_known, email in cases:
        status, milliseconds = line.post(path, body(email))
        if status == expected:
            times[is_known].append(milliseconds)
        else:
            wrong.append(status)
    return times[True], times[False], wrong


def places(values, others):
    """For each value the share of the others that lie below it; what is equal counts as half."""
    others = sorted(others)
    return [
        (bisect.bisect_left(others, value) + bisect.bisect_right(others, value)) / (2 * len(others)) for value in values
    ]


def area(some, others):
    """The AUC, that is Mann and Whitney's U in parts of the whole, and its standard error after DeLong."""
    above, below = places(some, others), places(others, some)
    error = math.sqrt(statistics.variance(above) / len(above) + statistics.variance(below) / len(below))
    return statistics.fmean(above), error


def least_found(times):
    """The smallest constant difference, in milliseconds, that these times would not hide: how sharp the test is."""
    low, high = 0.0, max(times) - min(times) + 1.0
    for _ in range(24):
        middle = (low + high) / 2
        if statistics.fmean(places([value + middle for value in times], times)) - 0.5 > MOST_DISTANCE:
            high = middle
        else:
            low = middle
    return high


def main():
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    binary, count = sys.argv[1], int((sys.argv[2:] + ["2000"])[0])
    doors = sys.argv[3:] or list(DOORS)
    if count < 2 or any(door not in DOORS for door in doors):
        raise SystemExit(__doc__)
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        known = seed(binary, folder, count + FIRST_FEW, JOBS)
        taken = set(known)
        if len(taken) < count + FIRST_FEW:
            raise SystemExit(f"only {len(taken)} accounts were made")
        with Program(binary, folder, "--trusted-proxies", HOST) as program:
            line = Line(program.port)
            print("| door | known, unknown | p50 ms | p95 ms | AUC (95 %) | would find from |\n|---|---|---|---|---|---|")
            for door in doors:
                knock(line, door, known[count : count + FIRST_FEW], taken)
                gc.collect()
                gc.disable()
                with_account, without, wrong = knock(line, door, known[:count], taken)
                gc.enable()
                if wrong:
                    tally = {status: wrong.count(status) for status in sorted(set(wrong))}
                    failed.append(f"{door}: unexpected answers {tally} ({NO_ANSWER}: none came)")
                if min(len(with_account), len(without)) < 2:
                    continue
                auc, error = area(with_account, without)
                # Quantiles of n = 20: the tenth cut is the median, the last one is 95 %.
                some, others = (statistics.quantiles(times, n=20) for times in (with_account, without))
                least, most = auc - NORMAL * error, auc + NORMAL * error
                print(
                    f"| {door} | {len(with_account)}, {len(without)} | {some[9]:.3f}, {others[9]:.3f} "
                    f"| {some[18]:.3f}, {others[18]:.3f} | {auc:.3f} ({least:.3f}–{most:.3f}) "
                    f"| {least_found(without):.3f} ms |",
                    flush=True,
                )
                if abs(auc - 0.5) > MOST_DISTANCE:
                    failed.append(f"{door}: AUC {auc:.3f}, more than {MOST_DISTANCE} from 0.5")
            line.close()
    for what in failed:
        print(f"FAILED: {what}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
