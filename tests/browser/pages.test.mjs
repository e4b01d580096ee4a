// Every public page: no axe violation in both themes at 360 and 1280 px, valid markup, no console error, no CSP
// violation, nothing that pushes the page sideways.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { URL_OF_SITE, axe, markup, open, overflow, person } from "./lib.mjs";

const PATHS = [
  "/", "/how-it-works", "/pricing", "/pricing?rate=35&hours=2%2C5&per=week", "/pricing?rate=abc&hours=0",
  "/how-ranking-works", "/if-nobody-answers", "/help", "/terms", "/privacy", "/legal", "/accessibility",
  "/jobs", "/assistants", "/sign-in", "/sign-up", "/report", "/jobs/new", "/no-such-page", "/styleguide",
];

let browser;
before(async () => { browser = await open(); });
after(() => browser?.close());

/** The first job and the first profile that a list links to, so that they are looked at too. */
async function examples(lang) {
  const found = [];
  for (const [list, prefix] of [["/jobs", "/jobs/job_"], ["/assistants", "/assistants/acc_"]]) {
    const html = await (await fetch(`${URL_OF_SITE}/${lang}${list}`)).text();
    const link = html.match(new RegExp(`href="/${lang}(${prefix}[^"#?]*)"`));
    if (link) found.push(link[1]);
  }
  return found;
}

for (const lang of ["fr", "en"]) {
  test(`public pages, ${lang}`, async (t) => {
    for (const path of [...PATHS, ...(await examples(lang))]) {
      await t.test(`/${lang}${path}`, async () => {
        const url = `${URL_OF_SITE}/${lang}${path === "/" ? "" : path}`;
        const html = await (await fetch(url, { headers: { accept: "text/html" } })).text();
        assert.deepEqual(await markup(html, path), []);
        for (const width of [360, 1280]) {
          for (const theme of ["light", "dark"]) {
            const somebody = await person(browser, { width, theme });
            await somebody.page.goto(url);
            assert.deepEqual(await axe(somebody.page), [], `axe at ${width} px, ${theme}`);
            assert.ok((await overflow(somebody.page)) <= 0, `wider than ${width} px`);
            assert.deepEqual(somebody.complaints, []);
            await somebody.close();
          }
        }
      });
    }
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

test("forced colours and paper", async () => {
  const somebody = await person(browser);
  await somebody.page.emulateMedia({ forcedColors: "active" });
  await somebody.page.goto(`${URL_OF_SITE}/fr`);
  assert.ok(await somebody.page.getByRole("heading", { level: 1 }).isVisible());
  await somebody.page.emulateMedia({ forcedColors: "none", media: "print" });
  assert.equal(await somebody.page.locator(".site-head").isVisible(), false, "no navigation on paper");
  await somebody.close();
});
