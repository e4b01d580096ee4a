// Makes pages nicer that already work without it. Nothing here is needed for any step of the main job.
// Clean under a strict Content-Security-Policy: no inline code, no eval; markup only through the one policy below.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const french = document.documentElement.lang === "fr";
  const say = (fr, en) => (french ? fr : en);

  // Fragments come from our own server, which has escaped them; the policy marks exactly this one use.
  const policy = window.trustedTypes?.createPolicy("brasdroit", { createHTML: (text) => text });
  const fill = (node, html) => {
    node.innerHTML = policy ? policy.createHTML(html) : html;
  };

  const typing = (node) => node?.closest("input, textarea, select, [contenteditable]");
  const encoded = (form) => {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") data.append(name, value);
    return data;
  };
  const post = (url, body) =>
    fetch(url, { method: "POST", body, credentials: "same-origin", headers: { "X-Requested-With": "fetch" } });

  // The error summary takes the focus, and its links go to their fields.
  one("[data-focus]")?.focus();
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".error-summary a");
    const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.scrollIntoView({ block: "center" });
  });

  // On a phone the menu scrolls sideways: where one is stands in its middle.
  const here = one(".site-nav [aria-current]");
  if (here) {
    const nav = here.closest(".site-nav");
    const [inner, outer] = [here.getBoundingClientRect(), nav.getBoundingClientRect()];
    nav.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  }

  // Keys: `/` searches, j and k walk a queue, Enter opens, Escape closes menus.
  const rows = all("[data-rows] [data-row]");
  let at = -1;
  const walk = (step) => {
    if (!rows.length) return;
    rows[at]?.classList.remove("at");
    at = Math.min(rows.length - 1, Math.max(0, at + step));
    rows[at].classList.add("at");
    rows[at].tabIndex = -1;
    rows[at].focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") all("[data-menu][open]").forEach((menu) => menu.removeAttribute("open"));
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "/") {
      const field = all("[data-search]").find((node) => node.getClientRects().length);
      if (!field) return;
      event.preventDefault();
      field.focus();
      field.select();
    } else if (event.key === "j") walk(1);
    else if (event.key === "k") walk(-1);
    else if (event.key === "Enter" && at >= 0 && event.target === rows[at]) one("a[href]", rows[at])?.click();
  });
  document.addEventListener("click", (event) => {
    all("[data-menu][open]").forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open"));
  });

  // Theme: the cookie that the server reads, without a round trip.
  for (const form of all("[data-theme-form]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const root = document.documentElement;
      let theme = event.submitter?.value ?? "auto";
      if (!event.submitter?.hasAttribute("aria-pressed")) {
        const dark =
          root.dataset.theme === "dark" ||
          (root.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
        theme = dark ? "light" : "dark";
      }
      root.dataset.theme = theme;
      const host = isSecureContext;
      document.cookie = `${host ? "__Host-" : ""}theme=${theme}; path=/; max-age=31536000; samesite=lax${host ? "; secure" : ""}`;
      all("[data-theme-form] [aria-pressed]").forEach((button) =>
        button.setAttribute("aria-pressed", String(button.value === theme)),
      );
    });
  }

  // A form is sent once. Buttons are never disabled: a lost answer must leave a way to try again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent && Date.now() - Number(form.dataset.sent) < 8000) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = String(Date.now());
    event.submitter?.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => {
    all("form[data-sent]").forEach((form) => delete form.dataset.sent);
    all("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  });

  // What cannot be undone names its consequence first.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-confirm]");
    if (!button || button.dataset.confirmed) return;
    event.preventDefault();
    const dialog = document.createElement("dialog");
    const text = document.createElement("p");
    text.id = "confirm-text";
    text.textContent = button.dataset.confirm;
    dialog.setAttribute("aria-labelledby", "confirm-text");
    const actions = document.createElement("div");
    actions.className = "actions";
    const yes = document.createElement("button");
    yes.className = "button";
    yes.textContent = button.textContent.trim();
    const no = document.createElement("button");
    no.className = "button quiet";
    no.textContent = say("Annuler", "Cancel");
    actions.append(yes, no);
    dialog.append(text, actions);
    document.body.append(dialog);
    no.addEventListener("click", () => dialog.close());
    yes.addEventListener("click", () => {
      button.dataset.confirmed = "yes";
      dialog.close();
      button.click();
      delete button.dataset.confirmed;
    });
    dialog.addEventListener("close", () => dialog.remove());
    dialog.showModal();
  });

  // Drafts save themselves: on leaving a field and every few seconds while something changed.
  for (const form of all("form[data-autosave]")) {
    const state = one("[data-autosave-state]", form) ?? one("[data-autosave-state]");
    let saved = encoded(form).toString();
    let busy = false;
    const save = async () => {
      const body = encoded(form);
      if (busy || form.dataset.sent || body.toString() === saved) return;
      busy = true;
      try {
        const answer = await post(form.dataset.autosave, body);
        if (answer.ok) {
          saved = body.toString();
          if (state) state.textContent = (await answer.text()).slice(0, 200);
        } else if (state && answer.status !== 422) {
          state.textContent = say("Brouillon pas encore enregistré", "Draft not saved yet");
        }
      } catch {
        if (state) state.textContent = say("Hors ligne : votre texte reste ici", "Offline: your text stays here");
      }
      busy = false;
    };
    form.addEventListener("focusout", save);
    setInterval(save, 5000);
    addEventListener("pagehide", () => {
      const body = encoded(form);
      if (!form.dataset.sent && body.toString() !== saved) navigator.sendBeacon(form.dataset.autosave, body);
    });
  }

  // Live preview: the server renders, the page shows.
  for (const form of all("form[data-preview]")) {
    const target = one("[data-preview-target]");
    if (!target) continue;
    let timer;
    let turn = 0;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const mine = ++turn;
        try {
          const answer = await post(form.dataset.preview, encoded(form));
          const html = answer.ok && (await answer.text());
          if (html && mine === turn) fill(target, html);
        } catch {
          // The preview stays as it was; the form itself is untouched.
        }
      }, 350);
    });
  }

  // Suggestions under a search field.
  all("input[data-suggest]").forEach((field, number) => {
    const list = document.createElement("div");
    list.id = `suggestions-${number}`;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", say("Suggestions", "Suggestions"));
    list.hidden = true;
    field.after(list);
    for (const [name, value] of Object.entries({
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
    })) field.setAttribute(name, value);
    let chosen = -1;
    let timer;
    const close = () => {
      list.hidden = true;
      chosen = -1;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    };
    const mark = (index) => {
      const options = all("[role=option]", list);
      if (!options.length) return;
      chosen = (index + options.length) % options.length;
      options.forEach((option, n) => option.setAttribute("aria-selected", String(n === chosen)));
      field.setAttribute("aria-activedescendant", options[chosen].id);
    };
    const take = (text) => {
      field.value = text;
      close();
      field.form?.requestSubmit();
    };
    field.addEventListener("input", () => {
      clearTimeout(timer);
      const typed = field.value.trim();
      if (typed.length < 2) return close();
      timer = setTimeout(async () => {
        try {
          const url = new URL(field.dataset.suggest, location.href);
          url.searchParams.set("q", typed);
          const answer = await fetch(url, { credentials: "same-origin" });
          const texts = answer.ok ? await answer.json() : [];
          if (field.value.trim() !== typed) return;
          list.replaceChildren(
            ...texts.slice(0, 8).map((text, n) => {
              const option = document.createElement("div");
              option.id = `${list.id}-${n}`;
              option.setAttribute("role", "option");
              option.setAttribute("aria-selected", "false");
              option.textContent = text;
              option.addEventListener("pointerdown", (event) => {
                event.preventDefault();
                take(text);
              });
              return option;
            }),
          );
          list.hidden = !texts.length;
          field.setAttribute("aria-expanded", String(!list.hidden));
          chosen = -1;
        } catch {
          close();
        }
      }, 150);
    });
    field.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown") mark(chosen + 1);
      else if (event.key === "ArrowUp") mark(chosen - 1);
      else if (event.key === "Escape") close();
      else if (event.key === "Enter" && chosen >= 0) take(all("[role=option]", list)[chosen].textContent);
      else return;
      event.preventDefault();
    });
    field.addEventListener("blur", close);
  });

  // Small comforts: filters that send themselves, text that copies, files that drop.
  // How strong a new password looks, while it is typed; the server decides.
  const strengths = [
    say("Trop court", "Too short"), say("Facile à deviner", "Easy to guess"), say("Correct", "Fair"), say("Solide", "Strong"),
  ];
  const strength = (text) => {
    const length = [...text.normalize("NFC")].length;
    if (length < 8) return 0;
    const different = new Set(text.toLowerCase()).size;
    const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/u, /[^\p{L}\d]/u].filter((kind) => kind.test(text)).length;
    const points = Math.min(length, different * 2) + kinds * 2;
    return points < 14 ? 1 : points < 20 ? 2 : 3;
  };
  for (const field of all('input[autocomplete="new-password"]')) {
    const meter = Object.assign(document.createElement("meter"), { min: 0, max: 3, low: 2, high: 3, optimum: 3, value: 0 });
    const words = Object.assign(document.createElement("p"), { className: "hint", id: `${field.id}-strength` });
    meter.setAttribute("aria-labelledby", words.id);
    words.setAttribute("aria-live", "polite");
    meter.hidden = true;
    field.after(meter, words);
    field.addEventListener("input", () => {
      meter.hidden = !field.value;
      meter.value = strength(field.value);
      words.textContent = field.value ? strengths[meter.value] : "";
    });
  }

  for (const form of all("form[data-auto-submit]")) form.addEventListener("change", () => form.requestSubmit());
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    const source = button && one(button.dataset.copy);
    if (!source) return;
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    button.textContent = say("Copié", "Copied");
  });
  for (const zone of all("[data-drop]")) {
    const input = one("input[type=file]", zone);
    const over = (on) => (event) => {
      event.preventDefault();
      zone.classList.toggle("over", on);
    };
    zone.addEventListener("dragover", over(true));
    zone.addEventListener("dragleave", over(false));
    zone.addEventListener("drop", (event) => {
      over(false)(event);
      if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    });
  }
})();
