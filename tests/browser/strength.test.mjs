// How strong a new password looks while it is typed: said in words that are announced, in both languages, on a phone
// too; and without JavaScript the page says what it asks for, and the server what is wrong.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { URL_OF_SITE, axe, enter, open, overflow, person } from "./lib.mjs";

const PHONE = 360;
/** What is typed, and what is said of it. */
const TYPED = {
  fr: [["agenda", "Trop court"], ["motdepasse", "Facile à deviner"], ["Agenda2026xy", "Correct"], ["trois mots sans Rapport 2026", "Solide"]],
  en: [["agenda", "Too short"], ["motdepasse", "Easy to guess"], ["Agenda2026xy", "Fair"], ["three Words with no link 2026", "Strong"]],
};
const ASKED = { fr: "8 caractères au moins", en: "At least 8 characters" };
/** Where a new password is typed: the page, whoever the demo bar has to sign in first, and how wide it is looked at. */
const PAGES = [["/sign-up", null, [PHONE, 1280]], ["/account/security", "client", [PHONE]]];

let browser;
before(async () => { browser = await open(); });
after(() => browser?.close());

for (const lang of ["fr", "en"]) {
  for (const [path, role, widths] of PAGES) {
    for (const width of widths) {
      test(`/${lang}${path} at ${width} px says how strong a new password looks`, async () => {
        const somebody = await person(browser, { width, locale: lang === "fr" ? "fr-FR" : "en-GB" });
        const { page, complaints } = somebody;
        if (role) await enter(somebody, role, lang);
        await page.goto(`${URL_OF_SITE}/${lang}${path}`);
        const field = page.locator("#password");
        const meter = page.locator("#password ~ meter");
        // Only a region that was there before its words is announced: the same node has to take all of them.
        const region = await page.locator("#password-strength").elementHandle();
        assert.equal(await region.getAttribute("aria-live"), "polite");
        assert.equal(await region.textContent(), "");
        assert.equal(await meter.isVisible(), false, "nothing is measured before anything is typed");
        for (const [text, says] of TYPED[lang]) {
          await field.fill("");
          await field.pressSequentially(text);
          assert.equal(await region.textContent(), says, text);
          assert.ok(await region.isVisible(), text);
          assert.ok(await page.getByRole("meter", { name: says, exact: true }).isVisible(), text);
          assert.equal(await page.evaluate(() => document.activeElement.id), "password", "whoever types stays there");
          assert.equal(await overflow(page), 0, text);
          assert.deepEqual(await axe(page), [], text);
        }
        assert.equal(await page.locator("#password-strength").count(), 1);
        assert.equal(await field.getAttribute("aria-describedby"), "password-hint", "what is asked stays said");
        await field.fill("");
        assert.equal(await region.textContent(), "");
        assert.equal(await meter.isVisible(), false);
        assert.deepEqual(complaints, []);
        await somebody.close();
      });
    }
  }

  test(`/${lang}/sign-up says without JavaScript what a password needs`, async () => {
    const somebody = await person(browser, { script: false, width: PHONE, locale: lang === "fr" ? "fr-FR" : "en-GB" });
    const { page } = somebody;
    await page.goto(`${URL_OF_SITE}/${lang}/sign-up`);
    assert.equal(await page.locator("meter, #password-strength").count(), 0, "no empty meter");
    assert.equal(await page.locator("#password").getAttribute("aria-describedby"), "password-hint");
    assert.ok((await page.locator("#password-hint").innerText()).startsWith(ASKED[lang]));
    await page.fill("#display_name", "Camille Essai");
    await page.fill("#email", `camille.essai.${lang}@demo.example`);
    await page.fill("#password", "agenda");
    await page.locator("[name=hats][value=client]").check();
    await page.check("#adult");
    await page.check("#accept_terms");
    const send = page.locator("main form.form .actions button").first();
    await Promise.all([page.waitForNavigation(), send.click()]);
    assert.equal(await page.locator(".error-summary li").count(), 1, "nothing but the password is wrong");
    assert.match(await page.locator("#password-error").innerText(), /8/);
    assert.equal(await page.locator("#password").getAttribute("aria-describedby"), "password-hint password-error");
    assert.equal(await page.locator("#password").inputValue(), "", "a password is never sent back");
    await somebody.close();
  });
}
