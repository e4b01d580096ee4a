// What every browser test shares: the browser, people in their own contexts, and the checks of a page.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = JSON.parse(readFileSync(new URL(".htmlvalidate.json", import.meta.url), "utf8"));

export const URL_OF_SITE = (process.env.BRASDROIT_URL ?? "").replace(/\/$/, "");
/** The data folder of the server under test: its letters lie in `mail/`. */
export const DATA = process.env.BRASDROIT_DEMO_DATA ?? "";

/** The rules are the same for every page, so they are put together once: that is a fifth of the work. */
class SameRules extends StaticConfigLoader {
  getConfigFor(...question) {
    this.found ??= super.getConfigFor(...question);
    return this.found;
  }
}
const validator = new HtmlValidate(new SameRules(RULES));

// Debian's Chromium; where there is one, the build without a window: the same engine with a fifth less work.
const PROGRAMS = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

export const open = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? PROGRAMS.find(existsSync),
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"],
  });

/**
 * Somebody with a browser of their own. `complaints` collects console errors and CSP violations. `storageState` is what
 * somebody who has signed in already keeps in the browser; `axe` gives every page the checker as it opens, which is
 * cheaper than to send it when most pages are checked.
 */
export async function person(browser, options = {}) {
  const { script = true, width = 1280, theme = "light", locale = "fr-FR", storageState, axe = false } = options;
  const context = await browser.newContext({
    javaScriptEnabled: script,
    viewport: { width, height: 900 },
    colorScheme: theme,
    locale,
    timezoneId: "Europe/Paris",
    reducedMotion: "reduce",
    storageState,
  });
  if (axe) await context.addInitScript({ content: AXE });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    // The browser reports every answer of 400 and above as an error; pages that mean to refuse are not faults.
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) {
      complaints.push(`${page.url()}: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.setDefaultTimeout(30_000);
  return { context, page, complaints, close: () => context.close() };
}

/** Signs somebody in from the demo bar: client, assistant, moderator or admin. */
export async function enter(somebody, role, lang = "fr") {
  const { page } = somebody;
  await page.goto(`${URL_OF_SITE}/${lang}/help`);
  await Promise.all([page.waitForNavigation(), page.locator(`button[name=as][value=${role}]`).click()]);
  return somebody;
}

/** The addresses that a page links to and that fit, without their language; each once. */
export async function links(somebody, path, pattern) {
  const html = await (await somebody.context.request.get(`${URL_OF_SITE}/fr${path}`)).text();
  const found = [...html.matchAll(/href="\/fr(\/[^"#]*)"/g)].map((match) => match[1].replaceAll("&amp;", "&"));
  return [...new Set(found)].filter((link) => pattern.test(link));
}

/**
 * Looks at one page in some widths and themes: the markup that the server sent, axe, the console, and whether anything
 * pushes the page sideways. Gives back every fault as a line.
 */
export async function look(somebody, url, looks, status = 200) {
  const { page, complaints } = somebody;
  const faults = [];
  complaints.length = 0;
  let text;
  for (const [width, theme] of looks) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 900 });
    const first = text === undefined;
    if (first) {
      const answer = await page.goto(url);
      if (answer.status() !== status) faults.push(`${answer.status()} instead of ${status}`);
      text = await answer.text();
    }
    // The markup is read here while axe is at work over there.
    const [violations, wrong] = await Promise.all([axe(page), first ? markup(text, "page") : []]);
    const wide = await overflow(page);
    if (wide > 0) violations.push(`${wide} px too wide`);
    const where = `${width} px, ${theme}`;
    faults.push(...wrong, ...[...violations, ...complaints.splice(0)].map((fault) => `${where}: ${fault}`));
  }
  return faults;
}

// One connection to the debugger for each page, where the page's Content-Security-Policy does not reach.
const debuggers = new WeakMap();

/** axe's violations of the page as it stands, one line each. */
export async function axe(page) {
  if (!debuggers.has(page)) debuggers.set(page, await page.context().newCDPSession(page));
  const client = debuggers.get(page);
  const { result: known } = await client.send("Runtime.evaluate", { expression: "typeof axe" });
  if (known.value === "undefined") await client.send("Runtime.evaluate", { expression: AXE });
  const { result } = await client.send("Runtime.evaluate", {
    expression: `axe.run(document, { resultTypes: ["violations"] }).then((r) => JSON.stringify(r.violations.map((v) =>
      v.id + ": " + v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " (" + (n.any[0]?.message ?? n.failureSummary) + ")").join(" | "))))`,
    awaitPromise: true,
    returnByValue: true,
  });
  return JSON.parse(result.value ?? '["axe did not run"]');
}

/** How far the page can be pushed sideways, in pixels; 0 is right. */
export const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/** html-validate's findings about the markup that the server sent. */
export async function markup(html, name) {
  const report = await validator.validateString(html, `${name}.html`);
  return report.results.flatMap((result) =>
    result.messages
      .filter((message) => message.severity === 2)
      .map((message) => `${message.ruleId} at ${message.line}:${message.column}: ${message.message}`),
  );
}
