// What pages of other origins can do in the browser of somebody who uses this site: nothing. A server of another site
// runs on another port; its pages come from the same host, from another host, and from no origin at all (a sandbox).
// They sign in, sign out, approve, sign and post in every way that a browser offers to a page. After each attempt the
// one attacked asks through the API what stands. In the end the same things are done from our own pages, and work: what
// the attacks sent was right but for where it came from. The demo is another one afterwards: start a new one to run this
// again.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { URL_OF_SITE, enter, open, person } from "./lib.mjs";

/** Everybody's in the demo. */
const PASSWORD = "brasdroit-demo";
const WORDS = "Ceci vient d’ailleurs";
const TITLE = "Une mission venue d’ailleurs";
const SANDBOX = "/sandbox";
const FORM = "application/x-www-form-urlencoded";
const PLAIN = "text/plain";
const PATIENCE = { timeout: 600_000 };

/** The two names that this machine has for itself: one is the site's host, the other is another host. */
const HERE = new URL(URL_OF_SITE).hostname;
const THERE = HERE === "localhost" ? "127.0.0.1" : "localhost";

// --- what the other site's pages hold ------------------------------------------------------

/** Sends a form that nobody clicked. */
function sendForm({ url, fields, enctype, target = "" }) {
  const form = Object.assign(document.createElement("form"), { method: "post", action: url, enctype, target });
  for (const [name, value] of fields) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.submit();
}

/** Posts by script and from frames, all at once; gives back what the script could see of the answers. */
async function postEveryWay({ url, fields, plain, json }) {
  const post = (more) =>
    fetch(url, { method: "POST", credentials: "include", ...more }).then((answer) => answer.type, () => "refused");
  const text = { "content-type": "text/plain" };
  const framed = (enctype, pairs) =>
    new Promise((done) => {
      const frame = Object.assign(document.createElement("iframe"), { name: enctype });
      document.body.append(frame);
      frame.addEventListener("load", done, { once: true });
      sendForm({ url, fields: pairs, enctype, target: enctype });
    });
  navigator.sendBeacon(url, json);
  const [seen] = await Promise.all([
    Promise.all([
      post({ mode: "no-cors", headers: text, body: json }),
      post({ mode: "no-cors", body: new URLSearchParams(fields) }),
      post({ mode: "cors", headers: text, body: json }),
      post({ mode: "cors", headers: { "content-type": "application/json", "idempotency-key": "elsewhere" }, body: json || "{}" }),
    ]),
    framed("application/x-www-form-urlencoded", fields),
    framed("multipart/form-data", fields),
    framed("text/plain", plain),
  ]);
  return seen;
}

/** Fetches an address in every way that needs no click; gives back what the script could see of the answers. */
async function lookEveryWay(url) {
  const fetched = (mode) => fetch(url, { mode, credentials: "include" }).then((answer) => answer.type, () => "refused");
  const loaded = (tag, attributes) =>
    new Promise((done) => {
      const node = document.createElement(tag);
      node.addEventListener("load", done);
      node.addEventListener("error", done);
      document.body.append(Object.assign(node, attributes));
    });
  const [seen] = await Promise.all([
    Promise.all([fetched("no-cors"), fetched("cors")]),
    loaded("img", { src: url }),
    loaded("script", { src: url }),
    loaded("iframe", { src: url }),
    loaded("link", { rel: "prefetch", href: url }),
  ]);
  return seen;
}

const PAGE = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Another site</title>
<body><h1>Another site</h1><script>${[sendForm, postEveryWay, lookEveryWay].join("\n")}</script>`;

// --- who is there ----------------------------------------------------------------------------

let browser;
let elsewhere;
const people = {};
const known = {};

const at = (path) => URL_OF_SITE + path;
const elsewhereAt = (host, path = "/") => `http://${host}:${elsewhere.address().port}${path}`;

const ORIGINS = [
  ["another port of the same host", () => elsewhereAt(HERE)],
  ["another host", () => elsewhereAt(THERE)],
  ["a page without an origin", () => elsewhereAt(HERE, SANDBOX)],
];

before(async () => {
  assert.ok(["localhost", "127.0.0.1"].includes(HERE), `the site has to run on this machine, not on ${HERE}`);
  elsewhere = createServer((request, response) => {
    const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
    if (request.url === SANDBOX) headers["content-security-policy"] = "sandbox allow-scripts allow-forms";
    response.writeHead(200, headers).end(PAGE);
  });
  await new Promise((go) => elsewhere.listen(0, "127.0.0.1", go));
  browser = await open();
  for (const who of ["client", "assistant", "visitor"]) {
    const somebody = await person(browser);
    people[who] = { ...somebody, attacked: await somebody.context.newPage() };
  }
  const { client, assistant, visitor } = people;
  await enter(client, "client");
  await enter(assistant, "assistant");
  await visitor.page.goto(at("/fr/help"));
  await findOut(client, assistant);
});

after(async () => {
  await browser?.close();
  elsewhere?.closeAllConnections();
  elsewhere?.close();
});

/** What the API answers somebody, with what their browser holds. */
async function ask(somebody, path) {
  const answer = await somebody.context.request.get(at(`/api/v1${path}`));
  assert.equal(answer.status(), 200, path);
  return answer.json();
}

/** Work of the two that waits for approval, with its conversation, and an offer that the assistant has not answered. */
async function findOut(client, assistant) {
  known.client = await ask(client, "/me");
  known.assistant = await ask(assistant, "/me");
  const worked = (await ask(assistant, "/units?limit=100")).items.map((unit) => unit.id);
  const units = (await ask(client, "/units?limit=100")).items;
  known.unit = units.find((unit) => unit.state === "submitted" && worked.includes(unit.id));
  assert.ok(known.unit, "the demo has no work of the two to approve");
  const offered = (await ask(assistant, "/contracts?state=offered&limit=100")).items;
  known.contract = offered.find((contract) => contract.offer?.by === "client");
  assert.ok(known.contract, "the demo has no offer for the assistant to sign");
  const threads = (await ask(client, "/threads?limit=100")).items;
  known.thread = threads.find((thread) => thread.subject === known.unit.contract);
  assert.ok(known.thread, "the two have no conversation");
}

/** The messages of the conversation, newest first. */
const messages = async (somebody) =>
  (await ask(somebody, `/threads/${known.thread.id}/messages`)).items.map((message) => message.id);

/** The newest message that was on the client's screen. */
const lastSeen = async () =>
  (await ask(people.client, `/threads/${known.thread.id}`)).participants.find((one) => one.account === known.client.id).seen;

/** What stands for somebody, as the API tells it. */
const STANDS = {
  async client(somebody) {
    const [me, unit, jobs] = await Promise.all(
      ["/me", `/units/${known.unit.id}`, "/me/jobs?limit=100"].map((path) => ask(somebody, path)),
    );
    return {
      signedInAs: me.id,
      unit: [unit.state, unit.version],
      jobs: jobs.items.map((job) => job.id),
      messages: await messages(somebody),
      seen: await lastSeen(),
    };
  },
  async assistant(somebody) {
    const [me, contract] = await Promise.all(["/me", `/contracts/${known.contract.id}`].map((path) => ask(somebody, path)));
    return {
      signedInAs: me.id,
      contract: [contract.state, contract.version, contract.offer?.state, contract.signatures.length],
      messages: await messages(somebody),
    };
  },
  async visitor(somebody) {
    const cookies = await somebody.context.cookies(URL_OF_SITE);
    const answer = await somebody.context.request.get(at("/api/v1/me"));
    return { cookies: cookies.map((cookie) => cookie.name).sort(), me: answer.status() };
  },
};

/** Remembers what stands; the function it gives back says that it still does. */
async function unchanged(who) {
  const stands = await STANDS[who](people[who]);
  return async (after) => assert.deepEqual(await STANDS[who](people[who]), stands, `changed ${after}`);
}

const signIn = () => ({ email: known.assistant.email, password: PASSWORD, next: "" });
/** The field in the last place of a session's JSON is one that nobody reads, see `plainJson`. */
const startSession = () => ({ email: known.assistant.email, password: PASSWORD, totp: "0" });

/** The doors that somebody is sent through: path and what is said there. */
const DOORS = {
  client: () => [
    ["/fr/sign-in", signIn()],
    ["/fr/demo/sign-in", { as: "assistant" }],
    ["/fr/sign-out", {}],
    [`/fr/units/${known.unit.id}/approval`, {}],
    [`/api/v1/units/${known.unit.id}/approval`, {}],
    ["/fr/jobs/new", { title: TITLE }],
    ["/api/v1/jobs", { title: TITLE }],
    [`/fr/messages/${known.thread.id}`, { body: WORDS, deliver: "now" }],
    [`/api/v1/threads/${known.thread.id}/messages`, { body: WORDS }],
  ],
  assistant: () => [
    [`/fr/contracts/${known.contract.id}/signature`, { read: "true", sha256: known.contract.offer.sha256 }],
    [`/api/v1/offers/${known.contract.offer.id}/acceptance`, {}],
    [`/fr/messages/${known.thread.id}`, { body: WORDS, deliver: "now" }],
  ],
  visitor: () => [
    ["/fr/sign-in", signIn()],
    ["/fr/demo/sign-in", { as: "admin" }],
    ["/fr/jobs/new", { title: TITLE }],
    ["/api/v1/sessions", startSession()],
  ],
};

// --- attacks ---------------------------------------------------------------------------------

/** A form sent as text says `name=value`: cut before its last quote, JSON is still JSON, with one `=` in its last text. */
const plainJson = (json) => (json ? [[json.slice(0, -2), json.slice(-2)]] : []);

/** One path as it is, and as a guard might read another one than the router; with the answer that each deserves. */
const spellings = (path) => [
  [path, 403],
  [`/%${path.charCodeAt(1).toString(16)}${path.slice(2)}`, 400],
  [`/${path}`, 400],
];

/** Sends a form from the page that is open, and gives back the last answer on its way. */
async function submit(page, form) {
  const [answer] = await Promise.all([page.waitForNavigation(), page.evaluate(sendForm, form)]);
  return answer;
}

/** No script of another origin reads an answer; it may know at most that there was one. */
const readNothing = (seen, what) =>
  assert.ok(seen.every((type) => type === "opaque" || type === "refused"), `${what} was read: ${seen}`);

async function attack(page, origin, [path, says], still) {
  const json = Object.keys(says).length ? JSON.stringify(says) : "";
  const [fields, plain] = [Object.entries(says), plainJson(json)];
  const url = at(path);
  await page.goto(origin);
  const [seen] = await Promise.all([
    page.evaluate((what) => postEveryWay(what), { url, fields, plain, json }),
    page.waitForRequest((request) => request.url() === url && request.resourceType() === "ping"),
  ]);
  readNothing(seen, path);
  await still(`by scripts and frames at ${path}`);
  const form = path.startsWith("/api/") ? { fields: plain, enctype: PLAIN } : { fields, enctype: FORM };
  for (const [written, status] of spellings(path)) {
    await page.goto(origin);
    const answer = await submit(page, { url: at(written), ...form });
    assert.equal(answer.status(), status, `a form to ${written}`);
    await still(`by a form to ${written}`);
  }
}

for (const [kind, origin] of ORIGINS) {
  for (const who of Object.keys(DOORS)) {
    test(`${kind} does nothing as the ${who}`, PATIENCE, async () => {
      const still = await unchanged(who);
      for (const door of DOORS[who]()) await attack(people[who].attacked, origin(), door, still);
    });
  }
}

test("what another page fetches is neither read nor marked as read", PATIENCE, async () => {
  const { client, assistant } = people;
  // Something new for the client, written on our own page.
  const told = (await messages(client)).length;
  await assistant.page.goto(at(`/fr/messages/${known.thread.id}`));
  await assistant.page.fill("#body", "Bonjour, une question avant lundi.");
  // Outside the reader's hours a message waits for the morning unless its writer says otherwise.
  const now = assistant.page.locator("[name=deliver][value=now]");
  if (await now.count()) await now.check();
  const send = assistant.page.locator("main form[enctype='multipart/form-data'] .actions button");
  await Promise.all([assistant.page.waitForNavigation(), send.click()]);
  const [newest, ...older] = await messages(client);
  assert.equal(older.length, told, "our own page posts");
  assert.notEqual(await lastSeen(), newest);

  const still = await unchanged("client");
  const thread = `/fr/messages/${known.thread.id}`;
  const others = [
    `/fr/units/${known.unit.id}/approval`, `/api/v1/units/${known.unit.id}/approval`, "/api/v1/me", "/fr/sign-out",
    "/fr/demo/sign-in?as=admin",
  ];
  const page = client.attacked;
  for (const [kind, origin] of ORIGINS) {
    for (const path of [thread, ...others]) {
      await page.goto(origin());
      readNothing(await page.evaluate((url) => lookEveryWay(url), at(path)), path);
      await still(`by ${kind} that fetched ${path}`);
    }
    // Whoever is led to a conversation has read it; nothing else is done by being led somewhere.
    for (const path of others) {
      await page.goto(origin());
      await Promise.all([page.waitForNavigation(), page.evaluate((url) => location.assign(url), at(path))]);
      await still(`by ${kind} that led to ${path}`);
    }
  }

  await client.page.goto(at(thread));
  assert.equal(await lastSeen(), newest, "its reader's own visit marks it");
});

test("no other page frames ours", PATIENCE, async () => {
  const page = people.client.attacked;
  const framed = async (url) => {
    await page.evaluate(
      (src) =>
        new Promise((done) => {
          const frame = Object.assign(document.createElement("iframe"), { src });
          frame.addEventListener("load", done);
          document.body.replaceChildren(frame);
        }).then(() => {}),
      url,
    );
    const shown = () => page.mainFrame().childFrames().map((frame) => frame.url()).find((at) => at && at !== "about:blank");
    // The page knows a little earlier than the debugger that something was loaded.
    for (let turn = 0; turn < 40 && !shown(); turn += 1) await new Promise((go) => setTimeout(go, 50));
    return shown() ?? "nothing";
  };
  const ours = ["/fr", "/fr/sign-in", `/fr/units/${known.unit.id}/approval`, "/fr/no-such-page"];
  for (const [kind, origin] of ORIGINS) {
    await page.goto(origin());
    for (const path of ours) {
      const shown = await framed(at(path));
      assert.ok(!shown.startsWith(URL_OF_SITE), `${kind} frames ${path}: ${shown}`);
    }
    assert.equal(await framed(elsewhereAt(THERE)), elsewhereAt(THERE), "what may be framed is");
  }
  for (const path of ours) {
    const headers = (await people.client.context.request.get(at(path))).headers();
    assert.equal(headers["x-frame-options"], "DENY", path);
    assert.match(headers["content-security-policy"], /frame-ancestors 'none'/, path);
    assert.equal(headers["cross-origin-opener-policy"], "same-origin", path);
  }
});

test("a page that opens ours in a window loses it", PATIENCE, async () => {
  const page = people.client.attacked;
  const ours = at(`/fr/units/${known.unit.id}/approval`);
  // The sandbox may open nothing.
  for (const [kind, origin] of ORIGINS.slice(0, 2)) {
    await page.goto(origin());
    const [popup] = await Promise.all([
      page.waitForEvent("popup"),
      page.evaluate((url) => { window.taken = window.open(url); }, ours),
    ]);
    await popup.waitForURL(ours);
    assert.equal(await popup.locator(`form[action$="/approval"]`).count(), 1, "our page is open, signed in");
    assert.equal(await popup.evaluate(() => window.opener), null, kind);
    await page.waitForFunction(() => window.taken.closed, null, { polling: 100 });
    const reached = await page.evaluate(() => {
      try {
        return String(window.taken.document?.body);
      } catch (error) {
        return error.name;
      }
    });
    assert.ok(["undefined", "null", "SecurityError"].includes(reached), `${kind}: ${reached}`);
    await popup.close();
  }
});

// --- the same from our own pages ---------------------------------------------------------------

test("our own pages sign in, post, sign and approve", PATIENCE, async () => {
  const { client, assistant, visitor } = people;

  // The very form that the attacks sent.
  await visitor.page.goto(at("/fr/help"));
  await submit(visitor.page, { url: at("/fr/sign-in"), fields: Object.entries(signIn()), enctype: FORM });
  assert.equal((await ask(visitor, "/me")).id, known.assistant.id, "signed in");

  const jobs = async () => (await ask(client, "/me/jobs?limit=100")).items.map((job) => job.title);
  assert.ok(!(await jobs()).includes(TITLE));
  await client.page.goto(at("/fr/jobs/new"));
  await client.page.fill("#title", TITLE);
  const begin = client.page.locator("main form.form .actions button").first();
  await Promise.all([client.page.waitForNavigation(), begin.click()]);
  assert.ok((await jobs()).includes(TITLE), "a job is begun");

  // A script of ours brings the seal that the page's forms hold.
  await assistant.page.goto(at(`/fr/contracts/${known.contract.id}`));
  const signed = await assistant.page.evaluate(async (path) => {
    const headers = {
      "content-type": "application/json",
      "x-csrf-token": document.querySelector("input[name=csrf]").value,
      "idempotency-key": crypto.randomUUID(),
    };
    return (await fetch(path, { method: "POST", headers, body: "{}" })).status;
  }, `/api/v1/offers/${known.contract.offer.id}/acceptance`);
  assert.equal(signed, 201, "the offer is signed");
  assert.notEqual((await ask(assistant, `/contracts/${known.contract.id}`)).state, known.contract.state);

  await client.page.goto(at(`/fr/units/${known.unit.id}/approval`));
  const approve = client.page.locator(`main form[action$="/approval"] .actions button`).first();
  await Promise.all([client.page.waitForNavigation(), approve.click()]);
  assert.notEqual((await ask(client, `/units/${known.unit.id}`)).state, "submitted", "the unit is approved");
});
