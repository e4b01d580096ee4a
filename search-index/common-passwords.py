#!/usr/bin/env python3
"""Makes `common-passwords.bin` out of a list of leaked passwords, the commonest first, one a line:

    python3 search-index/common-passwords.py 10_million_password_list_top_1M.txt

The first 100,000 that are long enough to be accepted, in lower case and NFC, each as the first four bytes of its
SHA-256, sorted. A password that is not in the list is taken for one of them once in about 43,000 times (100,000 / 2^32).
"""

import hashlib
import pathlib
import sys
import unicodedata

HOW_MANY = 100_000
SHORTEST, LONGEST = 8, 128


def main(path):
    prefixes = set()
    words = set()
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            word = unicodedata.normalize("NFC", line.rstrip("\r\n")).lower()
            if not SHORTEST <= len(word) <= LONGEST or word in words:
                continue
            words.add(word)
            prefixes.add(hashlib.sha256(word.encode()).digest()[:4])
            if len(words) == HOW_MANY:
                break
    out = pathlib.Path(__file__).with_suffix(".bin")
    out.write_bytes(b"".join(sorted(prefixes)))
    print(f"{len(words)} passwords, {len(prefixes)} prefixes, {out.stat().st_size} bytes")


main(sys.argv[1])
