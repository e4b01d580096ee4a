// The whole main job in a real Chromium: two people sign up and confirm their addresses, a job is posted and let
// through, answered with a sample of work, talked over, signed, paid for, done, approved, paid out and reviewed. In
// both languages, without JavaScript and with it, all at once. Everybody has a browser of their own; the demo bar moves
// the clock, which is one for all: nobody touches it before everybody has come as far.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { URL_OF_SITE, axe, enter, open, person } from "./lib.mjs";

const PASSWORD = "une phrase assez longue 2026";
const WORDS = {
  fr: {
    title: "Tenir un agenda à trois",
    about: "Trois associés, un seul agenda. Proposer des créneaux, confirmer, relancer avec tact, préparer la semaine le vendredi.",
    skill: "gestion d’agenda",
    fine: "Lu, rien à redire.",
    bid: "J’ai tenu l’agenda d’une étude pendant six ans. Je commence par une semaine type, puis les rendez-vous récurrents.",
    step: "La semaine type et son mode d’emploi",
    done: "La semaine type est en place, avec une page de mode d’emploi.",
    review: "Tout était clair, rendu à la date dite, et utile dès le premier jour.",
    hello: "Voici la charte de nos rendez-vous.",
    paid: /versée/i,
  },
  en: {
    title: "Keep one calendar for three",
    about: "Three partners, one calendar. Offer slots, confirm them, remind people kindly, prepare the week on Fridays.",
    skill: "calendar management",
    fine: "Read, nothing to object to.",
    bid: "I kept the calendar of a law firm for six years. I begin with a typical week, then the recurring appointments.",
    step: "The typical week and its guide",
    done: "The typical week is in place, with a one-page guide.",
    review: "Everything was clear, handed in on the day, and useful from the first morning.",
    hello: "Here are the rules of our meetings.",
    paid: /paid out/i,
  },
};
const PAPER = { name: "compte-rendu.txt", mimeType: "text/plain", buffer: Buffer.from("Compte rendu\nDécision : l’essai dure deux semaines.\n") };

const WALKS = [["fr", false], ["fr", true], ["en", false], ["en", true]];

/** Where the walks wait for one another. Who has fallen out is not waited for. */
const company = {
  walking: 0,
  waiting: [],
  goOn() { if (this.waiting.length === this.walking) this.waiting.splice(0).forEach((go) => go()); },
  join() { this.walking += 1; },
  meet() { return new Promise((go) => { this.waiting.push(go); this.goOn(); }); },
  leave() { this.walking -= 1; this.goOn(); },
};

/**
 * There is one clock for all: everybody comes as far, each moves it in turn, so that it is moved three times or more,
 * and nobody goes on before that.
 */
let moved = Promise.resolve();
async function moveTheClock(move) {
  await company.meet();
  const times = Math.ceil(3 / company.walking);
  const mine = async () => { for (let time = 0; time < times; time += 1) await move(); };
  moved = moved.then(mine, mine);
  await moved;
  await company.meet();
}

let browser;
before(async () => { browser = await open(); });
after(() => browser?.close());

/** Does what leads to another page and waits for it. */
const leave = (page, act) => Promise.all([page.waitForNavigation(), act()]);

/** Presses the first button of the form that posts to an address that ends so. */
const send = (page, ending) => {
  const button = page.locator(`form[method=post][action$="${ending}"] button`).first();
  return leave(page, () => button.click());
};

/** Presses the button of the page's own form. */
const next = (page) => leave(page, () => page.locator("main form.form .actions button.button").first().click());

/** No refused form and no error page, nothing in the console, and axe finds nothing. */
const good = async (somebody, what) => {
  const { page } = somebody;
  const errors = await page.locator(".error-summary li").allTextContents();
  assert.deepEqual(errors, [], `${what} at ${page.url()}`);
  if (somebody.script) assert.deepEqual(await axe(page), [], `${what} at ${page.url()}`);
  assert.deepEqual(somebody.complaints, [], what);
};

/** So many days after a moment, as a date field takes it. */
const plainDay = (moment, days) => new Date(Date.parse(moment) + days * 86_400_000).toISOString().slice(0, 10);

/** The identifier of a kind that an address or a text holds. */
const idIn = (text, kind) => {
  const found = text.match(new RegExp(`${kind}_[0-9a-z]+`));
  assert.ok(found, `no ${kind} in ${text.slice(0, 200)}`);
  return found[0];
};

/** Waits until a page, loaded again and again, shows what it should. */
async function until(page, url, selector, what) {
  for (let turn = 0; turn < 40; turn += 1) {
    await page.goto(url);
    if (await page.locator(selector).count()) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  assert.fail(`${what}: ${selector} never came up at ${url}\n${await page.locator("main").innerText()}`);
}

async function mainJob(lang, script, number, people, tell) {
  const at = (path) => `${URL_OF_SITE}/${lang}${path}`;
  const words = WORDS[lang];
  const turn = `${Date.now() % 100_000}${number}`;
  const title = `${words.title} ${turn}`;
  const visitor = async () => {
    const somebody = await person(browser, { script, locale: lang === "fr" ? "fr-FR" : "en-GB" });
    people.push(somebody);
    return { ...somebody, script };
  };

  // Two people sign up; each opens the letter and confirms the address.
  const signUp = async (name, hat) => {
    const somebody = await visitor();
    const { page } = somebody;
    const email = `${name.toLowerCase()}.${lang}.${turn}@demo.example`;
    await page.goto(at("/sign-up"));
    await page.fill("#display_name", `${name} Essai`);
    await page.fill("#email", email);
    await page.fill("#password", PASSWORD);
    await page.locator(`[name=hats][value=${hat}]`).check();
    await page.check("#adult");
    await page.check("#accept_terms");
    await good(somebody, "the sign-up form");
    await next(page);
    await good(somebody, "signed up");
    const letter = `li:has-text("${email}") a`;
    await until(page, at("/demo/mail"), letter, "the letter");
    await leave(page, () => page.locator(letter).first().click());
    await leave(page, () => page.locator(`.letter a[href*="/email-confirmations/"]`).first().click());
    await good(somebody, "the confirmation");
    await page.fill("#password", PASSWORD);
    await next(page);
    await page.goto(at("/dashboard"));
    await good(somebody, "the first dashboard");
    assert.equal(new URL(page.url()).pathname, `/${lang}/dashboard`);
    return somebody;
  };
  const camille = await signUp("Camille", "client");
  const sam = await signUp("Sam", "assistant");
  tell("both have signed up");

  // She posts a job, with a document.
  let page = camille.page;
  await page.goto(at("/jobs/new"));
  await page.fill("#title", title);
  await next(page);
  const job = idIn(page.url(), "job");
  await page.fill("#description", words.about);
  await page.locator("[name=kinds]").first().check();
  await next(page);
  await page.fill("#more_skills", words.skill);
  await page.selectOption("#language-1", lang);
  await page.locator("select[name=cefr]").first().selectOption("C1");
  await next(page);
  await page.locator("[name=rate_kind][value=fixed]").check();
  await page.fill("#rate", "500");
  await next(page);
  await page.locator("[name=mode][value=remote]").check();
  await next(page);
  await page.setInputFiles("#file", { ...PAPER, name: "charte.txt" });
  await page.locator("[name=visibility]").first().check();
  await next(page);
  await good(camille, "checking the job");
  assert.equal(await page.locator(".chip", { hasText: "charte.txt" }).count(), 1, "the document is kept");
  await send(page, "/publication");

  // Somebody reads it: a first job waits for that.
  const maud = { ...(await visitor()) };
  await enter(maud, "moderator", lang);
  const held = maud.page.locator(".queue a", { hasText: title });
  await until(maud.page, at("/moderation"), `.queue a:has-text("${title}")`, "the queue");
  await leave(maud.page, () => held.first().click());
  await good(maud, "the case");
  await maud.page.locator("[name=measure][value=none]").check();
  await maud.page.fill("#facts", words.fine);
  await send(maud.page, "/decision");
  await maud.close();
  tell("the job is posted and read");

  // He hangs up a piece of work, and bids with it.
  page = sam.page;
  await page.goto(at("/me/portfolio/new"));
  await page.fill("#title", words.step);
  await page.fill("#story", words.bid);
  await page.locator("[name=visibility][value=on_request]").check();
  await page.setInputFiles("#file", PAPER);
  await next(page);
  await good(sam, "the portfolio");
  await page.goto(at(`/jobs/${job}/bids/new`));
  await page.locator("[name=rate_kind][value=fixed]").check();
  await page.fill("#rate", "420");
  await page.fill("#message", words.bid);
  await page.locator("[name=samples]").first().check();
  await good(sam, "the bid form");
  await next(page);
  await good(sam, "the bid");

  // She compares, reads it with its sample, keeps it, and asks to meet.
  page = camille.page;
  await page.goto(at(`/jobs/${job}/bids`));
  await good(camille, "bids side by side");
  const bid = idIn(await page.locator("main").innerHTML(), "bid");
  await page.goto(at(`/bids/${bid}`));
  const sample = await page.locator(".chip", { hasText: PAPER.name }).first().getAttribute("href");
  assert.equal((await camille.context.request.get(URL_OF_SITE + sample)).status(), 200, "the sample is open to the client");
  // A bid is valid for thirty days: what the site's own clock says, wherever the demo bar has moved it.
  const validUntil = await page.locator("aside time").first().getAttribute("datetime");
  await send(page, "/shortlisting");
  await page.goto(at(`/bids/${bid}/interviews/new`));
  await page.locator("input[name=starts_at]").first().fill(`${plainDay(validUntil, -27)}T15:00`);
  await page.locator("[name=place][value=phone]").check();
  await page.fill("#address", "+33 1 23 45 67 89");
  await next(page);
  await good(camille, "the interview");
  const interview = idIn(page.url(), "ivw");
  page = sam.page;
  await page.goto(at(`/interviews/${interview}`));
  await page.locator("input[name=slot]").first().check();
  await send(page, "/acceptance");
  await good(sam, "the accepted interview");
  tell("the bid is in, they will meet");

  // She writes the terms, he signs.
  page = camille.page;
  await page.goto(at(`/bids/${bid}/offer`));
  await page.fill("#unit_title_0", words.step);
  await page.fill("#unit_amount_0", "420");
  await good(camille, "the offer form");
  await leave(page, () => page.locator("button[name=step][value=check]").click());
  await good(camille, "the text of the contract");
  await leave(page, () => page.locator("form:has(input[name=step][value=sign]) button").click());
  await good(camille, "the offer");
  const contract = idIn(page.url(), "ctr");
  page = sam.page;
  await page.goto(at(`/contracts/${contract}`));
  await page.check("[name=read]");
  await send(page, "/signature");
  await good(sam, "the signed contract");
  tell("the contract is signed");

  // She pays with the sandbox card, and sends a file with a word.
  page = camille.page;
  await page.goto(at(`/contracts/${contract}`));
  const unit = idIn(await page.locator("main").innerHTML(), "unit");
  await page.goto(at(`/units/${unit}/funding`));
  await page.locator("[name=method][value=sandbox_card_ok]").check();
  await next(page);
  await good(camille, "the payment");
  await next(page);
  await page.goto(at(`/messages/about/${contract}`));
  await page.fill("#body", words.hello);
  await page.setInputFiles("#file", { ...PAPER, name: "horaires.txt" });
  await next(page);
  await good(camille, "the message");
  assert.equal(await page.locator(".chip", { hasText: "horaires.txt" }).count(), 1, "the message carries its file");

  // He hands in the work, with a file.
  page = sam.page;
  await until(page, at(`/units/${unit}`), `form[action$="/submission"]`, "the paid unit");
  await page.fill("#note", words.done);
  await page.setInputFiles("#file", { ...PAPER, name: "resultat.txt" });
  await good(sam, "the submission form");
  await send(page, "/submission");
  await good(sam, "the submission");
  tell("the work is paid for and handed in");
  const result = await page.locator(".chip", { hasText: "resultat.txt" }).getAttribute("href");

  // She opens it; nobody else can. She approves, the days pass, he is paid.
  page = camille.page;
  const opened = await camille.context.request.get(URL_OF_SITE + result);
  assert.equal(await opened.text(), PAPER.buffer.toString());
  const stranger = await enter(await visitor(), "assistant", lang);
  assert.equal((await stranger.context.request.get(URL_OF_SITE + result)).status(), 404, "only the parties open it");
  await stranger.close();
  await page.goto(at(`/units/${unit}/approval`));
  await good(camille, "the approval");
  await next(page);
  await good(camille, "approved");
  await moveTheClock(() => leave(page, () => page.locator("button[name=by][value='3d']").click()));
  await page.goto(at(`/units/${unit}`));
  assert.match(await page.locator("main .meta").first().innerText(), words.paid);
  await sam.page.goto(at("/me/money"));
  await good(sam, "his money");
  tell("it is approved and paid out");

  // The contract ends, and both say how it was.
  await page.goto(at(`/contracts/${contract}/ending`));
  await send(page, "/ending");
  await good(camille, "the end");
  for (const somebody of [camille, sam]) {
    await somebody.page.goto(at(`/contracts/${contract}/review`));
    const marks = somebody.page.locator("main form.form input[type=radio][value='5']");
    for (let mark = 0; mark < (await marks.count()); mark += 1) await marks.nth(mark).check();
    await somebody.page.fill("#text", words.review);
    await good(somebody, "the review");
    await next(somebody.page);
    await good(somebody, "reviewed");
  }
  await page.goto(at(`/contracts/${contract}/review`));
  assert.ok((await page.locator("main").innerText()).includes(words.review));
  await camille.close();
  await sam.close();
}

describe("the main job", { concurrency: WALKS.length }, () => {
  WALKS.forEach(([lang, script], number) => {
    const name = `${lang}, ${script ? "with" : "without"} JavaScript`;
    test(`the main job, ${name}`, { timeout: 600_000 }, async () => {
      const begun = Date.now();
      const tell = (what) => console.log(`  ${name}: ${what} (${Math.round((Date.now() - begun) / 1000)} s)`);
      const people = [];
      company.join();
      try {
        await mainJob(lang, script, number, people, tell);
      } catch (error) {
        tell(`fell out; the pages were ${people.map(({ page }) => page.url()).join(", ")}`);
        throw error;
      } finally {
        company.leave();
      }
    });
  });
});
