"""What Schemathesis does not know by itself: who asks, and which ids exist.

Run as a program it prints how many examples each operation gets, so that all of them together make BRASDROIT_CASES.
"""

import json
import os
import random
import re
import time
import urllib.error
import urllib.request

URL = os.environ["BRASDROIT_URL"]
ROLE = os.environ["BRASDROIT_ROLE"]
#: An access token holds for fifteen minutes.
RENEW_AFTER = 600
ID = re.compile(r"^[a-z]+_[0-9a-z]{6,}$")

_token = {"text": None, "at": 0.0}


def somewhere():
    """Every request from another address, as the runner lets this machine say: what is tried are doors, not throttles."""
    return {"x-forwarded-for": f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}"}


def call(method, path, body=None, headers=None):
    """Status and JSON of one request; an error is an answer too."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{URL}/api/v1{path}", data=data, method=method, headers={**somewhere(), **(headers or {})})
    if data is not None:
        request.add_header("content-type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read()
    try:
        return status, json.loads(text)
    except ValueError:
        return status, None


def authorization():
    """The header of whoever asks; nothing for a stranger."""
    if ROLE == "anonymous":
        return {}
    if _token["text"] is None or time.time() - _token["at"] > RENEW_AFTER:
        body = {"email": os.environ["BRASDROIT_EMAIL"], "password": os.environ["BRASDROIT_PASSWORD"]}
        status, answer = call("POST", "/sessions", body)
        if status != 201:
            raise SystemExit(f"{ROLE} cannot sign in: {status} {answer}")
        _token.update(text=answer["access_token"], at=time.time())
    return {"authorization": f"Bearer {_token['text']}"}


def document():
    return call("GET", "/openapi.json")[1]


def ids_in(value):
    if isinstance(value, str) and ID.match(value):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from ids_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from ids_in(item)


def collect():
    """Ids by their prefix, from every list; and which prefixes a path with an id understands."""
    paths = document()["paths"]
    known, homes = {}, {}

    def remember(answer):
        for found in ids_in(answer):
            bucket = known.setdefault(found.split("_")[0], [])
            if found not in bucket and len(bucket) < 20:
                bucket.append(found)

    for path in (path for path, door in paths.items() if "get" in door and "{" not in path):
        remember(call("GET", path, headers=authorization())[1])
    # What is read by id names more ids: units of a contract, messages of a thread.
    for path in (path for path, door in paths.items() if "get" in door and path.count("{") == 1):
        noun = path.split("{")[0]
        for prefix, ids in list(known.items()):
            for one in ids[:3]:
                status, answer = call("GET", re.sub(r"\{\w+\}", one, path), headers=authorization())
                if status == 200:
                    homes.setdefault(noun, set()).add(prefix)
                    remember(answer)
    return known, homes


def main():
    operations = sum(len(door) for door in document()["paths"].values())
    authorization()
    print(max(1, round(int(os.environ["BRASDROIT_CASES"]) / operations)))


if __name__ == "__main__":
    main()
else:
    import schemathesis
    from hypothesis import strategies as st

    KNOWN, HOMES = collect()
    ALL = sorted(one for ids in KNOWN.values() for one in ids) or ["job_none"]

    @schemathesis.hook
    def before_generate_path_parameters(context, strategy):
        """Mostly ids of the right kind, sometimes of another, sometimes anything."""
        path = context.operation.path
        names = re.findall(r"\{(\w+)\}", path)
        if not names:
            return strategy
        right = sorted(one for prefix in HOMES.get(path.split("{")[0], ()) for one in KNOWN[prefix])
        chosen = st.sampled_from(right or ALL)
        some = st.fixed_dictionaries({name: st.one_of(chosen, chosen, st.sampled_from(ALL)) for name in names})
        return st.one_of(some, some, some, strategy)

    @schemathesis.hook
    def before_call(context, case, kwargs):
        headers = dict(case.headers or {})
        headers.update(somewhere())
        headers.update(authorization())
        case.headers = headers

    @schemathesis.hook
    def after_call(context, case, response):
        """One of the doors may have ended the session: whoever is a stranger now signs in again."""
        if response.status_code == 401 and _token["text"] is not None:
            if call("GET", "/me", headers={"authorization": f"Bearer {_token['text']}"})[0] == 401:
                _token["text"] = None
