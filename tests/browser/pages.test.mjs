// Every page, of visitors, members and staff: no axe violation, valid markup, no console error, no CSP violation, nothing
// that pushes the page sideways. Public pages are looked at in both languages, at 360 and 1280 px, in both themes; pages
// behind the sign-in once wide and once narrow in each language, light and dark by turns.
import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { after, before, test } from "node:test";
import { URL_OF_SITE, enter, links, look, open, person } from "./lib.mjs";

const EVERY = [[1280, "light"], [360, "light"], [360, "dark"], [1280, "dark"]];
const ALL = { fr: EVERY, en: EVERY };
const SOME = { fr: [[1280, "light"], [360, "dark"]], en: [[1280, "dark"], [360, "light"]] };

/** So many pages are looked at side by side: one more than there are cores, so that no core waits. */
const concurrency = Math.min(4, availableParallelism() + 1);

let browser;
const known = new Map();
before(async () => {
  browser = await open();
  for (const [who, role, pages] of PEOPLE) {
    const search = findOut(role, pages);
    search.catch(() => {}); // Told by the test that waits for it.
    known.set(who, search);
  }
});
after(() => browser?.close());

/** Which pages somebody looks at, and what keeps them signed in. */
async function findOut(role, pages) {
  const somebody = await person(browser);
  if (role) await enter(somebody, role);
  const paths = await pages(somebody);
  const storageState = await somebody.context.storageState();
  await somebody.close();
  return { paths, storageState };
}

/**
 * Looks at pages, each by whichever of somebody's browsers is free; each is a test of its own. `paths` may hold
 * [path, status, looks].
 */
async function walk(t, storageState, paths, usual) {
  const browsers = await Promise.all(
    Array.from({ length: concurrency }, () => person(browser, { storageState, axe: true })),
  );
  const free = [...browsers];
  const page = (lang, path, status = 200, looks = usual) =>
    t.test(`/${lang}${path}`, async () => {
      const somebody = free.pop();
      try {
        const url = `${URL_OF_SITE}/${lang}${path === "/" ? "" : path}`;
        assert.deepEqual(await look(somebody, url, looks[lang], status), []);
      } finally {
        free.push(somebody);
      }
    });
  await Promise.all(["fr", "en"].flatMap((lang) => paths.map((entry) => page(lang, ...[entry].flat()))));
  await Promise.all(browsers.map((one) => one.close()));
}

/** The first pages that a list links to; a list that leads nowhere is a fault of the demo world. */
async function some(somebody, path, pattern, count = 1) {
  const found = await links(somebody, path, pattern);
  assert.ok(found.length >= count, `${path} has ${found.length} of ${count} links like ${pattern}`);
  return found.slice(0, count);
}

const first = async (...question) => (await some(...question))[0];

async function visitorsPages(somebody) {
  return [
    "/", "/how-it-works", "/pricing", "/pricing?rate=35&hours=2%2C5&per=week", ["/pricing?rate=abc&hours=0", 422],
    "/how-ranking-works", "/if-nobody-answers", "/help", "/terms", "/privacy", "/legal", "/accessibility",
    "/jobs", "/jobs?q=agenda", "/assistants", "/assistants?q=agenda", "/skills", "/skills/calendar-management",
    "/sign-in", "/sign-up", "/forgotten-password", "/report", "/jobs/new", "/transparency", "/who-is-told-what",
    "/styleguide", "/demo/mail", ["/no-such-page", 404],
    await first(somebody, "/jobs", /^\/jobs\/job_/),
    await first(somebody, "/assistants", /^\/assistants\/acc_/),
    ["/api", 200, SOME],
  ];
}

async function clientsPages(somebody) {
  const [draft] = await some(somebody, "/dashboard", /^\/jobs\/job_[^/]*\/edit\//);
  const wizard = ["work", "skills", "rate", "place", "details", "check"].map((step) => draft.replace(/work$/, step));
  const bids = await first(somebody, "/dashboard", /^\/jobs\/job_[^/]*\/bids$/);
  const job = bids.replace(/\/bids$/, "");
  const bid = await first(somebody, bids, /^\/bids\/bid_[^/?]*$/);
  const approval = await first(somebody, "/dashboard", /^\/units\/unit_/);
  const contracts = await some(somebody, "/contracts", /^\/contracts\/ctr_[^/?]*$/);
  const units = await links(somebody, "/dashboard", /^\/units\/unit_[^/?]*$/);
  const helper = await first(somebody, "/assistants", /^\/assistants\/acc_[^/?]*$/);
  const interview = await first(somebody, "/interviews", /^\/interviews\/ivw_[^/?]*$/);
  const thread = await first(somebody, "/messages", /^\/messages\/thr_[^/?]*$/);
  const forms = await moneyForms(somebody, units);
  return [
    "/dashboard", "/me/jobs", "/jobs/new", ...wizard, job, bids, bid, `${bid}/interviews/new`, `${bid}/offer`,
    `${job}/closure`, "/interviews", interview, "/contracts", ...contracts, `${contracts[0]}/text`,
    `${contracts[0]}/amendment`, `${contracts[0]}/ending`, approval, ...forms, "/me/money", "/messages", thread,
    "/notifications", "/account", "/account/security", "/account/notices", "/account/leave", "/me/organisation",
    `${helper}/proposal`,
  ];
}

/** A page to pay on and one to approve on, where the world has them. */
async function moneyForms(somebody, units) {
  const forms = [];
  for (const unit of units) forms.push(...(await links(somebody, unit, /\/(funding|approval)$/)));
  for (const ending of ["funding", "approval"]) {
    assert.ok(forms.some((form) => form.endsWith(ending)), `no unit to open for ${ending}`);
  }
  const [pay] = forms.filter((form) => form.endsWith("funding"));
  const [approve] = forms.filter((form) => form.endsWith("approval"));
  return [pay, `${pay}?method=sandbox_card_ok`, approve];
}

async function assistantsPages(somebody) {
  const sections = await links(somebody, "/me/profile", /^\/me\/profile\/edit\//);
  assert.ok(sections.length >= 8, `the profile has ${sections.length} sections`);
  const item = await first(somebody, "/me/portfolio", /^\/me\/portfolio\/items\//);
  const job = await first(somebody, "/jobs?q=agenda", /^\/jobs\/job_[^/?]*$/);
  const bid = await first(somebody, "/me/bids", /^\/bids\/bid_[^/?]*$/);
  const offer = await first(somebody, "/dashboard", /^\/contracts\/ctr_/);
  const interview = await first(somebody, "/dashboard", /^\/interviews\/ivw_/);
  const units = await some(somebody, "/dashboard", /^\/units\/unit_/, 2);
  const contracts = await some(somebody, "/contracts", /^\/contracts\/ctr_[^/?]*$/, 1);
  const thread = await first(somebody, "/messages", /^\/messages\/thr_[^/?]*$/);
  const invitation = await first(somebody, "/me/invitations", /^\/invitations\/inv_/);
  const name = await first(somebody, "/me/profile", /^\/assistants\/acc_[^/?]*$/);
  return [
    "/dashboard", "/me/profile", ...sections, "/me/portfolio", "/me/portfolio/new", item, "/me/references", name,
    `${name}/reviews`, "/me/bids", bid, `${bid}/free-slots`, `${job}/bids/new`, "/me/invitations", invitation, "/interviews",
    interview, "/contracts", offer, `${offer}/counter`, ...contracts, ...units, "/me/money", "/messages", thread,
    "/notifications", "/account", "/account/notices",
  ];
}

async function moderatorsPages(somebody) {
  const cases = await some(somebody, "/moderation", /^\/moderation\/cases\//, 3);
  const contested = await some(somebody, "/moderation?state=appealed", /^\/moderation\/cases\//);
  return ["/moderation", ...cases.slice(0, 2), "/moderation?state=appealed", ...contested, "/moderation?state=decided", "/staff"];
}

async function adminsPages() {
  return ["/staff", "/staff/ledger", "/staff/tasks", "/staff/log", "/staff/settings", "/moderation", "/account"];
}

const PEOPLE = [
  ["visitors", null, visitorsPages, ALL],
  ["a client", "client", clientsPages, SOME],
  ["an assistant", "assistant", assistantsPages, SOME],
  ["a moderator", "moderator", moderatorsPages, SOME],
  ["an admin", "admin", adminsPages, SOME],
];

for (const [who, , , looks] of PEOPLE) {
  test(`pages of ${who}`, { concurrency }, async (t) => {
    const { paths, storageState } = await known.get(who);
    await walk(t, storageState, paths, looks);
  });
}

test("light and dark: by preference, by the switch, and without JavaScript", async () => {
  const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await person(browser, { theme: "light" });
  await light.page.goto(`${URL_OF_SITE}/fr`);
  const before = await background(light.page);
  await light.page.getByRole("button", { name: "Changer d’apparence" }).click();
  assert.notEqual(await background(light.page), before);
  await light.page.reload();
  assert.notEqual(await background(light.page), before, "the choice is kept");
  await light.close();
  const bare = await person(browser, { script: false });
  await bare.page.goto(`${URL_OF_SITE}/fr/help`);
  await bare.page.getByRole("button", { name: "Sombre", exact: true }).click();
  assert.equal(new URL(bare.page.url()).pathname, "/fr/help", "back on the same page");
  assert.equal(await bare.page.locator("html").getAttribute("data-theme"), "dark");
  await bare.close();
});

test("keys: slash searches, the skip link comes first", async () => {
  const somebody = await person(browser);
  await somebody.page.goto(`${URL_OF_SITE}/en`);
  await somebody.page.keyboard.press("Tab");
  assert.equal(await somebody.page.evaluate(() => document.activeElement.className), "skip");
  await somebody.page.keyboard.press("/");
  assert.equal(await somebody.page.evaluate(() => document.activeElement.type), "search");
  await somebody.close();
});

test("on a phone the menu shows where one is", async () => {
  const somebody = await enter(await person(browser, { width: 360 }), "client");
  await somebody.page.goto(`${URL_OF_SITE}/fr/messages`);
  const here = await somebody.page.locator(".site-nav [aria-current]").boundingBox();
  assert.ok(here.x >= 0 && here.x + here.width <= 360, `from ${here.x} to ${here.x + here.width}`);
  await somebody.close();
});

test("forced colours and paper", async () => {
  const somebody = await person(browser);
  await somebody.page.emulateMedia({ forcedColors: "active" });
  await somebody.page.goto(`${URL_OF_SITE}/fr`);
  assert.ok(await somebody.page.getByRole("heading", { level: 1 }).isVisible());
  await somebody.page.emulateMedia({ forcedColors: "none", media: "print" });
  assert.equal(await somebody.page.locator(".site-head").isVisible(), false, "no navigation on paper");
  await somebody.close();
});
