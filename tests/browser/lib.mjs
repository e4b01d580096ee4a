// What every browser test shares: the browser, people in their own contexts, and the checks of a page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { HtmlValidate, FileSystemConfigLoader } from "html-validate";

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = JSON.parse(readFileSync(new URL(".htmlvalidate.json", import.meta.url), "utf8"));

export const URL_OF_SITE = (process.env.BRASDROIT_URL ?? "").replace(/\/$/, "");
/** The data folder of the server under test: its letters lie in `mail/`. */
export const DATA = process.env.BRASDROIT_DEMO_DATA ?? "";
const validator = new HtmlValidate(new FileSystemConfigLoader(RULES));

export const open = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"],
  });

/** Somebody with a browser of their own. `complaints` collects console errors and CSP violations. */
export async function person(browser, { script = true, width = 1280, theme = "light", locale = "fr-FR" } = {}) {
  const context = await browser.newContext({
    javaScriptEnabled: script,
    viewport: { width, height: 900 },
    colorScheme: theme,
    locale,
    timezoneId: "Europe/Paris",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    // The browser reports every answer of 400 and above as an error; pages that mean to refuse are not faults.
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) {
      complaints.push(`${page.url()}: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.setDefaultTimeout(15_000);
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
  let first = true;
  for (const [width, theme] of looks) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 900 });
    if (first) {
      const answer = await page.goto(url);
      if (answer.status() !== status) faults.push(`${answer.status()} instead of ${status}`);
      faults.push(...(await markup(await answer.text(), "page")));
      first = false;
    }
    const where = `${width} px, ${theme}`;
    faults.push(...(await axe(page)).map((fault) => `${where}: ${fault}`));
    const wide = await overflow(page);
    if (wide > 0) faults.push(`${where}: ${wide} px too wide`);
  }
  return [...faults, ...complaints];
}

/** axe's violations of the page as it stands, one line each. */
export async function axe(page) {
  // Through the debugger, where the page's Content-Security-Policy does not reach.
  const client = await page.context().newCDPSession(page);
  const { result: known } = await client.send("Runtime.evaluate", { expression: "typeof axe" });
  if (known.value === "undefined") await client.send("Runtime.evaluate", { expression: AXE });
  const { result } = await client.send("Runtime.evaluate", {
    expression: `axe.run(document, { resultTypes: ["violations"] }).then((r) => JSON.stringify(r.violations.map((v) =>
      v.id + ": " + v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " (" + (n.any[0]?.message ?? n.failureSummary) + ")").join(" | "))))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await client.detach();
  return JSON.parse(result.value ?? '["axe did not run"]');
}

/** How far the page can be pushed sideways, in pixels; 0 is right. */
export const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/** html-validate's findings about the markup that the server sent. */
export async function markup(html, name) {
  const report = await validator.validateString(html, `${name}.html`, RULES);
  return report.results.flatMap((result) =>
    result.messages
      .filter((message) => message.severity === 2)
      .map((message) => `${message.ruleId} at ${message.line}:${message.column}: ${message.message}`),
  );
}
