#!/usr/bin/env python3
"""What 1,100 slow connections do to a visitor: benches/slow-hands.py BINARY [SECONDS]

Fills an instance of its own, starts the program on loopback, and keeps up for so many seconds (120, unless told) 275
connections of each of four kinds that send a byte or a chunk a second: a head; a body with its length; a chunked body
without an end, to the events of payments (of no provider, and of the real one) and to a JSON door; an upload of a member.
They come from 40 loopback addresses, and whatever the program closes is opened again. Meanwhile, and before and afterwards,
a visitor from 127.0.0.1 loads 20 pages a second, every second one over a kept connection.

Ends with 1 when in any ten seconds of the storm the p99 of the pages is above 500 ms (a page that fails counts as ten
seconds), when the program afterwards holds 20 MB more than after the first ten seconds of the storm (what a thousand
connections take, the allocator keeps), or when it did not recover 30 seconds after the last connection: its descriptors given back, every page there and quick.

It knocks at loopback addresses only, at its own program's port.
"""

import asyncio
import collections
import dataclasses
import http.client
import ipaddress
import itertools
import json
import math
import multiprocessing
import random
import re
import resource
import statistics
import sys
import tempfile
import time

from program import HOST, PASSWORD, Program, seed

HANDS_OF_A_KIND = 275
KINDS = ("head", "body", "chunked", "upload")
SOURCES = [f"127.0.0.{last}" for last in range(2, 42)]
VISITOR = "127.0.0.1"
# One byte or chunk in so many seconds; nothing is opened again sooner after it was opened.
BEAT = 1.0
MOST_SECONDS = 600
JOBS = 200

PAGES_A_SECOND = 20
PAGE_SECONDS = 10.0
BEFORE_SECONDS = 20
SLICE = 10
RECOVERY_SECONDS = 30
# So long pages must stay quick, once the time for recovering is over.
CALM_SECONDS = 5

MOST_P99 = 0.5
MOST_GROWTH_MB = 20
# The visitor's own connections and what the database opens when it is first asked for; the storm takes two thousand.
SPARE_DESCRIPTORS = 64
# For the hands' process: its connections and what Python itself opens.
HANDS_DESCRIPTORS = HANDS_OF_A_KIND * len(KINDS) + 200
# For a process of hands that started late or ends late.
HANDS_LATE_SECONDS = 30

JSON = "content-type: application/json\r\n"


async def connect(source, port):
    """The only way out: from a loopback address to this machine."""
    for address in (source, HOST):
        if not ipaddress.ip_address(address).is_loopback:
            raise SystemExit(f"{address} is not this machine")
    return await asyncio.open_connection(HOST, port, local_addr=(source, 0))


# --- the hands ----------------------------------------------------------------------------


@dataclasses.dataclass
class Hand:
    """One slow sender: where it comes from, what it begins with, what it adds each second."""

    kind: str
    source: str
    door: str
    token: str

    def beginning(self, port):
        host = f"host: {HOST}:{port}\r\n"
        if self.kind == "head":
            return f"GET {self.door} HTTP/1.1\r\n{host}x-slow: ".encode()
        head = f"POST {self.door} HTTP/1.1\r\n{host}"
        if self.kind == "body":
            return f"{head}{JSON}content-length: 90000\r\n\r\n".encode()
        if self.kind == "chunked":
            # An event is only read when its signature is of this minute; the signature itself is compared afterwards.
            signed = f"brasdroit-signature: t={int(time.time())},v1=00\r\n"
            return f"{head}{JSON}{signed}transfer-encoding: chunked\r\n\r\n".encode()
        return (
            f"{head}authorization: Bearer {self.token}\r\ncontent-type: multipart/form-data; boundary=b\r\n"
            "content-length: 900000\r\n\r\n"
            '--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        ).encode()

    def drop(self):
        return {"head": b"a", "body": b" ", "chunked": b"1\r\n \r\n", "upload": b"a"}[self.kind]


DOORS = {
    "head": ["/fr/jobs"],
    "body": ["/api/v1/sessions", "/api/v1/accounts", "/api/v1/password-resets"],
    "chunked": ["/api/v1/payment-events/x", "/api/v1/payment-events/sandbox", "/api/v1/sessions"],
    "upload": ["/api/v1/files"],
}


def all_hands(tokens):
    """As many of each kind; each source has its own member for uploads."""
    hands = []
    for kind in KINDS:
        doors = itertools.cycle(DOORS[kind])
        for number in range(HANDS_OF_A_KIND):
            place = number % len(SOURCES)
            hands.append(Hand(kind, SOURCES[place], next(doors), tokens[place]))
    return hands


class Storm:
    """All hands, in a process of its own so that they do not slow the visitor's clock."""

    def __init__(self, port, until, figures):
        self.port = port
        self.until = until
        # Connections that are open now, and that were opened so far; the other process reads them.
        self.figures = figures
        self.held = {kind: [] for kind in KINDS}
        self.statuses = {kind: collections.Counter() for kind in KINDS}
        self.refused = 0

    async def keep_up(self, hand):
        # Spread over the second.
        await asyncio.sleep(random.random() * BEAT)
        while time.monotonic() < self.until:
            begun = time.monotonic()
            try:
                await self.hold(hand)
            except OSError:
                self.refused += 1
            await asyncio.sleep(max(0.0, begun + BEAT - time.monotonic()))

    async def hold(self, hand):
        reader, writer = await connect(hand.source, self.port)
        begun = time.monotonic()
        self.figures[0] += 1
        self.figures[1] += 1
        try:
            writer.write(hand.beginning(self.port))
            await self.drip(hand, reader, writer)
        except ConnectionError:
            pass
        finally:
            self.figures[0] -= 1
            writer.transport.abort()
        self.held[hand.kind].append(time.monotonic() - begun)

    async def drip(self, hand, reader, writer):
        """Until the other side closes; an answer alone stops no slow hand."""
        heard, loop = False, asyncio.get_running_loop()
        while time.monotonic() < self.until:
            try:
                async with asyncio.timeout_at(loop.time() + BEAT):
                    while answer := await reader.read(4096):
                        if not heard:
                            self.statuses[hand.kind][answer[9:12].decode("ascii", "replace")] += 1
                        heard = True
                    return
            except TimeoutError:
                writer.write(hand.drop())

    async def run(self, hands):
        await asyncio.gather(*(self.keep_up(hand) for hand in hands))

    def summary(self):
        lines = []
        for kind, held in self.held.items():
            statuses = ", ".join(f"{status} {count}" for status, count in sorted(self.statuses[kind].items()))
            middle, longest = (statistics.median(held), max(held)) if held else (0.0, 0.0)
            lines.append(
                f"{kind:8} opened {len(held):6}, held {middle:5.1f} s (median), {longest:5.1f} s at most; "
                f"answers: {statuses or 'none'}"
            )
        return [*lines, f"could not be opened: {self.refused}"]


def send_hands(port, tokens, seconds, figures, results):
    """What the process of the hands does."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (HANDS_DESCRIPTORS, hard))
    storm = Storm(port, time.monotonic() + seconds, figures)
    asyncio.run(storm.run(all_hands(tokens)))
    results.send(storm.summary())


# --- the visitor --------------------------------------------------------------------------


@dataclasses.dataclass
class Page:
    """A page that was asked for: when (in seconds of its phase), what it took, whether it came."""

    at: float
    took: float
    came: bool
    late: float


async def read_answer(reader):
    """The status, and whether the connection stays."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    stays = fields.get("connection", "").lower() != "close"
    if fields.get("transfer-encoding", "").lower() == "chunked":
        size = 1
        while size:
            size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
            await reader.readexactly(size + 2)
    elif "content-length" in fields:
        await reader.readexactly(int(fields["content-length"]))
    else:
        await reader.read()
        stays = False
    return int(lines[0].split()[1]), stays


# What stands for ten seconds in which the visitor did not even get to ask.
NO_PAGE = Page(0.0, PAGE_SECONDS, False, 0.0)


class Visitor:
    def __init__(self, port, paths):
        self.port = port
        self.paths = paths
        self.resting = []

    async def walk(self, seconds):
        """Asks for pages at the pace, whether or not earlier ones have come."""
        loop, pages = asyncio.get_running_loop(), []
        begun = loop.time()

        async def load(turn, due):
            # Every page in turn, once over a kept connection and once over a new one.
            path, kept = self.paths[turn // 2 % len(self.paths)], turn % 2 == 0
            asked = loop.time()
            try:
                async with asyncio.timeout(PAGE_SECONDS):
                    came = await self.fetch(path, kept) == 200
            except (OSError, EOFError, ValueError, asyncio.LimitOverrunError):
                came = False
            took = loop.time() - asked if came else PAGE_SECONDS
            pages.append(Page(asked - begun, took, came, asked - due))

        async with asyncio.TaskGroup() as group:
            for turn in range(round(seconds * PAGES_A_SECOND)):
                due = begun + turn / PAGES_A_SECOND
                await asyncio.sleep(max(0.0, due - loop.time()))
                group.create_task(load(turn, due))
        return pages

    async def fetch(self, path, kept):
        if kept and self.resting:
            try:
                return await self.ask(*self.resting.pop(), path, kept)
            except (ConnectionError, EOFError):
                # It had rested too long; a browser takes another one too.
                pass
        return await self.ask(*await connect(VISITOR, self.port), path, kept)

    async def ask(self, reader, writer, path, kept):
        stays = False
        connection = "keep-alive" if kept else "close"
        request = f"GET {path} HTTP/1.1\r\nhost: {HOST}:{self.port}\r\nconnection: {connection}\r\n\r\n"
        try:
            writer.write(request.encode())
            status, stays = await read_answer(reader)
        finally:
            if kept and stays:
                self.resting.append((reader, writer))
            else:
                writer.close()
        return status

    def leave(self):
        for _, writer in self.resting:
            writer.close()
        self.resting.clear()


# --- what is looked at --------------------------------------------------------------------


@dataclasses.dataclass
class Look:
    share: float
    own: float
    descriptors: int
    held: int


async def look(program, figures):
    """Reading what Linux knows takes moments in which no page would be loaded."""
    share, own = await asyncio.to_thread(program.memory)
    return Look(share, own, await asyncio.to_thread(program.descriptors), figures[0])


def percentile(sorted_values, part):
    return sorted_values[max(0, math.ceil(part * len(sorted_values)) - 1)]


def say(when, pages, seen):
    """A line of the table; the p99."""
    took = sorted(page.took for page in pages)
    failed = sum(not page.came for page in pages)
    p50, p99 = percentile(took, 0.5), percentile(took, 0.99)
    print(
        f"| {when} | {len(pages)} | {failed} | {p50 * 1000:.1f} | {p99 * 1000:.1f} | {took[-1] * 1000:.1f} "
        f"| {seen.held} | {seen.share:.1f} ({seen.own:.1f}) | {seen.descriptors} |",
        flush=True,
    )
    return p99


async def before(program, visitor, figures):
    # What is loaded for the first time does not count.
    await visitor.walk(SLICE)
    pages = await visitor.walk(BEFORE_SECONDS)
    return pages, await look(program, figures)


async def during(program, visitor, figures, seconds):
    """The pages of the storm, and a look towards the end of each slice."""

    async def keep_looking():
        loop, seen = asyncio.get_running_loop(), []
        begun = loop.time()
        for ends in slice_ends(seconds):
            await asyncio.sleep(max(0.0, begun + ends - BEAT / 2 - loop.time()))
            seen.append(await look(program, figures))
        return seen

    async with asyncio.TaskGroup() as group:
        walk = group.create_task(visitor.walk(seconds))
        looks = group.create_task(keep_looking())
    return walk.result(), looks.result()


def slice_ends(seconds):
    return [min(begun + SLICE, seconds) for begun in range(0, seconds, SLICE)]


async def after(program, visitor, figures, rested):
    """The pages after the storm, when the descriptors were back (or never), and the last look."""

    async def wait_for_descriptors():
        begun = time.monotonic()
        while time.monotonic() - begun < RECOVERY_SECONDS:
            seen = await look(program, figures)
            if seen.descriptors <= rested + SPARE_DESCRIPTORS:
                return time.monotonic() - begun
            await asyncio.sleep(BEAT)
        return None

    async with asyncio.TaskGroup() as group:
        walk = group.create_task(visitor.walk(RECOVERY_SECONDS + CALM_SECONDS))
        wait = group.create_task(wait_for_descriptors())
    return walk.result(), wait.result(), await look(program, figures)


def find_job(port):
    connection = http.client.HTTPConnection(HOST, port, timeout=PAGE_SECONDS)
    connection.request("GET", "/fr/jobs")
    found = re.search(r'href="(/fr/jobs/job_[^"/?#]+)"', connection.getresponse().read().decode())
    connection.close()
    if found is None:
        raise SystemExit("the list shows no job")
    return found.group(1)


def sign_in(port, source, email):
    connection = http.client.HTTPConnection(HOST, port, timeout=PAGE_SECONDS, source_address=(source, 0))
    body = json.dumps({"email": email, "password": PASSWORD})
    connection.request("POST", "/api/v1/sessions", body, {"content-type": "application/json"})
    answer = connection.getresponse()
    said = answer.read().decode()
    connection.close()
    if answer.status != 201:
        raise SystemExit(f"{email} cannot sign in: {answer.status} {said}")
    return json.loads(said)["access_token"]


def measure(program, members, seconds):
    """Prints what was found; answers what failed."""
    tokens = [sign_in(program.port, source, email) for source, email in zip(SOURCES, members)]
    visitor = Visitor(program.port, ["/fr", "/fr/jobs", find_job(program.port), "/fr/sign-in"])
    spawning = multiprocessing.get_context("spawn")
    figures = spawning.Array("q", 2, lock=False)
    reading, writing = spawning.Pipe(duplex=False)
    hands = spawning.Process(target=send_hands, args=(program.port, tokens, seconds, figures, writing), daemon=True)
    failed = []
    print("| when | pages | failed | p50 ms | p99 ms | most ms | held | PSS MB (no file) | descriptors |")
    print("|---|---|---|---|---|---|---|---|---|")
    with asyncio.Runner() as runner:
        pages, rested = runner.run(before(program, visitor, figures))
        say("before", pages, rested)
        late = [page.late for page in pages]
        hands.start()
        stormy, looks = runner.run(during(program, visitor, figures, seconds))
        hands.join(HANDS_LATE_SECONDS)
        if hands.exitcode is None:
            hands.terminate()
            hands.join()
        worst = 0.0
        for number, (ends, seen) in enumerate(zip(slice_ends(seconds), looks)):
            begun = number * SLICE
            of_slice = [page for page in stormy if begun <= page.at < ends] or [NO_PAGE]
            worst = max(worst, say(f"{begun}–{ends} s", of_slice, seen))
        say("the whole storm", stormy, max(looks, key=lambda seen: seen.share))
        pages, back, left = runner.run(after(program, visitor, figures, rested.descriptors))
        say("after", pages, left)
        visitor.leave()
    late += [page.late for page in stormy + pages]

    slow = [page for page in pages if not page.came or page.took > MOST_P99]
    last_slow = max((page.at + page.took for page in slow), default=0.0)
    print(f"\n{figures[1]} connections opened")
    if hands.exitcode == 0 and reading.poll():
        print("\n".join(reading.recv()))
    else:
        failed.append(f"the hands ended with {hands.exitcode}")
    print(
        f"recovered: descriptors {'never' if back is None else f'after {back:.1f} s'}, "
        f"the last slow page {last_slow:.1f} s after the storm"
    )
    grown = left.share - looks[0].share
    print(
        f"memory: {looks[0].share - rested.share:+.1f} MB in the first ten seconds, {grown:+.1f} MB from then on, "
        f"{MOST_GROWTH_MB} are allowed"
    )
    print(f"the visitor itself was late by {max(late) * 1000:.0f} ms at most, which counts for no page")

    if worst > MOST_P99:
        failed.append(f"p99 of ten seconds {worst * 1000:.0f} ms, {MOST_P99 * 1000:.0f} are allowed")
    if grown > MOST_GROWTH_MB:
        failed.append("the memory grew")
    if back is None or any(page.at > RECOVERY_SECONDS for page in slow):
        failed.append(f"not recovered after {RECOVERY_SECONDS} s")
    return failed


def main():
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    binary, seconds = sys.argv[1], int((sys.argv[2:] + ["120"])[0])
    if not 0 < seconds <= MOST_SECONDS:
        raise SystemExit(f"1 to {MOST_SECONDS} seconds: the members' tokens live no longer")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < HANDS_DESCRIPTORS:
        raise SystemExit(f"a process may open {hard} descriptors here, {HANDS_DESCRIPTORS} are needed")
    with tempfile.TemporaryDirectory() as folder:
        members = seed(binary, folder, len(SOURCES), JOBS)
        with Program(binary, folder) as program:
            failed = measure(program, members, seconds)
    for what in failed:
        print(f"FAILED: {what}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
