// The main job in a real Chromium, from the post to the offer: a client posts a job, a moderator lets it through if it
// was held, an assistant bids, they compare, meet and come to terms. In French without JavaScript, in English with it.
// The people are those of the demo world; each has a browser of their own. Not here yet: signature, money and reviews,
// which the stories of `cargo test` walk through.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { URL_OF_SITE, axe, open, person } from "./lib.mjs";

let browser;
before(async () => { browser = await open(); });
after(() => browser?.close());

/** Presses the first button of the form that posts to an address that ends so. */
const send = async (page, ending) => {
  const button = page.locator(`form[method=post][action$="${ending}"] button`).first();
  await Promise.all([page.waitForNavigation(), button.click()]);
};

/** Presses the button of the page's own form. */
const next = async (page) => {
  await Promise.all([page.waitForNavigation(), page.locator("main form.form .actions button.button").first().click()]);
};

/** No refused form and no error page, and axe finds nothing. */
const good = async (somebody, what) => {
  const { page } = somebody;
  const errors = await page.locator(".error-summary li").allTextContents();
  assert.deepEqual(errors, [], `${what} at ${page.url()}`);
  if (somebody.script) assert.deepEqual(await axe(page), [], `${what} at ${page.url()}`);
  assert.deepEqual(somebody.complaints, [], what);
};

const plainDay = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

for (const [lang, script] of [["fr", false], ["en", true]]) {
  test(`from the post to the offer, ${lang}, ${script ? "with" : "without"} JavaScript`, { timeout: 300_000 }, async () => {
    const at = (path) => `${URL_OF_SITE}/${lang}${path}`;
    const enter = async (role) => {
      const somebody = await person(browser, { script, locale: lang === "fr" ? "fr-FR" : "en-GB" });
      await somebody.page.goto(at("/help"));
      await Promise.all([somebody.page.waitForNavigation(), somebody.page.locator(`button[name=as][value=${role}]`).click()]);
      return { ...somebody, script };
    };
    const camille = await enter("client");
    const sam = await enter("assistant");
    const title = lang === "fr" ? `Tenir un agenda à trois, essai ${Date.now() % 1000}` : `Keep a calendar for three, try ${Date.now() % 1000}`;

    // She posts a job.
    let page = camille.page;
    await page.goto(at("/jobs/new"));
    await page.fill("#title", title);
    await next(page);
    const job = page.url().match(/job_[0-9a-z]+/)[0];
    await page.fill("#description", lang === "fr"
      ? "Trois associés, un seul agenda. Proposer des créneaux, confirmer, relancer avec tact, préparer la semaine le vendredi."
      : "Three partners, one calendar. Offer slots, confirm them, remind people kindly, prepare the week on Fridays.");
    await page.locator("[name=kinds]").first().check();
    await next(page);
    await page.fill("#more_skills", lang === "fr" ? "gestion d’agenda" : "calendar management");
    await page.selectOption("#language-1", lang).catch(() => page.selectOption("#language-0", lang));
    await page.locator("select[name=cefr]").first().selectOption("c1").catch(() => page.locator("select[name=cefr]").first().selectOption("C1"));
    await next(page);
    await page.fill("#rate", "50");
    await next(page);
    await page.locator("[name=mode][value=remote]").check();
    await next(page);
    await page.locator("[name=visibility]").first().check();
    await next(page);
    await good(camille, "checking the job");
    await send(page, "/publication");

    // Somebody reads it, if a rule or the first time wants that.
    const maud = await enter("moderator");
    await maud.page.goto(at("/moderation"));
    await maud.page.waitForTimeout(1500);
    await maud.page.reload();
    const held = maud.page.locator(".queue a", { hasText: title });
    if (await held.count()) {
      await Promise.all([maud.page.waitForNavigation(), held.first().click()]);
      await maud.page.locator("[name=measure][value=none]").check();
      await maud.page.fill("#facts", lang === "fr" ? "Lu, rien à redire." : "Read, nothing to object to.");
      await send(maud.page, "/decision");
    }
    await maud.close();

    // He bids.
    page = sam.page;
    await page.goto(at(`/jobs/${job}/bids/new`));
    await page.locator("[name=rate_kind][value=hourly]").check();
    await page.fill("#rate", "42");
    await page.fill("#message", lang === "fr"
      ? "J’ai tenu l’agenda d’une étude pendant six ans. Je commence par une semaine type, puis les rendez-vous récurrents."
      : "I kept the calendar of a law firm for six years. I begin with a typical week, then the recurring appointments.");
    await good(sam, "the bid form");
    await next(page);
    await good(sam, "the bid");

    // She reads it, keeps it, and asks to meet.
    page = camille.page;
    await page.goto(at(`/jobs/${job}/bids`));
    await good(camille, "bids side by side");
    const bid = (await page.locator("main").innerHTML()).match(/bid_[0-9a-z]+/)[0];
    await page.goto(at(`/bids/${bid}`));
    await send(page, "/shortlisting");
    await page.goto(at(`/bids/${bid}/interviews/new`));
    await page.locator("input[name=starts_at]").first().fill(`${plainDay(3)}T15:00`);
    await page.locator("[name=place][value=phone]").check();
    await page.fill("#address", "+33 1 23 45 67 89");
    await next(page);
    await good(camille, "the interview");
    const interview = page.url().match(/ivw_[0-9a-z]+/)[0];
    page = sam.page;
    await page.goto(at(`/interviews/${interview}`));
    await page.locator("input[name=slot]").first().check();
    await send(page, "/acceptance");
    await good(sam, "the accepted interview");

    // She writes the terms.
    page = camille.page;
    await page.goto(at(`/bids/${bid}/offer`));
    await page.locator("main form.form").first().waitFor();
    await good(camille, "the offer form");
    await camille.close();
    await sam.close();
  });
}
