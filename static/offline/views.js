/* The pages that also work without signal are drawn here: what they are made of, and which address shows which.
   up2k.views.register(regex, mount(el, match, data)): the address is path + hash ("/luring/#setoran"), the last one
   registered that matches is shown; `data` is the village in this phone, or null. */
(() => {
  "use strict";
  const up2k = window.up2k;
  const { dots } = up2k.money;
  const ICONS = {
    alert: "M12 4.5 21 19.5H3zM12 10v4.5M12 17v.1", cash: "M3.5 7h17v10h-17zM12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM6.5 12h.1M17.5 12h.1",
    check: "M5 12.5 10 17.5 19.5 7", check2: "M2.5 12.5 7 17 15 8M11.5 15.8 12.8 17 21.5 8", clock: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 8v4.5l3 1.8",
    dash: "M5 12h14", down: "M12 4.5v10M7.5 10.5 12 15l4.5-4.5M5 19.5h14", lock: "M6 11h12v8.5H6zM8.5 11V8.2a3.5 3.5 0 0 1 7 0V11", note: "M4.5 5h15v11h-8l-4 3.5V16h-3z",
    off: "M4 4l16 16M5 10.5a10 10 0 0 1 3.5-2.2M12 7.5c2.7 0 5.1 1.1 7 3M8.5 14a5 5 0 0 1 3.5-1.5M12 18.5v.1", pen: "M5 19l.8-3.8L15.5 5.5l3 3L8.8 18.2zM13.5 7.5l3 3",
    print: "M7 9V4.5h10V9M7 16.5H4.5V9h15v7.5H17M7 14h10v5.5H7z", right: "M9.5 5.5 16 12l-6.5 6.5", search: "M10.8 17a6.3 6.3 0 1 0 0-12.6 6.3 6.3 0 0 0 0 12.6zM15.5 15.5 20 20",
    send: "M4 12 20 4.5 15.5 20l-3.8-6.2zM11.7 13.8 20 4.5", sheet: "M4.5 5h15v14h-15zM4.5 10h15M4.5 14.5h15M10.5 10v9", stop: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 8v5M12 15.8v.1",
    x: "M6 6l12 12M18 6 6 18",
  };
  const MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"];

  /* An element: h("p", {class: "sub", onclick: fn}, "words", child). Texts are texts, never markup. */
  function h(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value != null) made.setAttribute(name, value);
    }
    made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return made;
  }

  function icon(name) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    for (const [key, value] of [["class", "ic"], ["viewBox", "0 0 24 24"], ["aria-hidden", "true"]]) made.setAttribute(key, value);
    path.setAttribute("d", ICONS[name]);
    made.append(path);
    return made;
  }

  const NOTES = { info: "note", warn: "alert", bad: "stop", ok: "check" };
  const note = (kind, fact, ...rest) => h("div", { class: `u-note ${kind}`, role: kind === "bad" ? "alert" : "status" }, icon(NOTES[kind]), h("div", {}, h("b", {}, fact), ...rest.map((one) => (typeof one === "string" ? h("small", {}, one) : one))));
  const button = (words, act, kind = "btn", mark = "") => h("button", { type: "button", class: kind, onclick: act }, mark && icon(mark), words);
  const facts = (rows) => h("dl", { class: "u-dl" }, rows.map(([words, value, css]) => h("div", {}, h("dt", {}, words), h("dd", { class: css || null }, value))));

  const rupiah = (n) => `${n < 0 ? "−" : ""}Rp${dots(n)}`;
  const two = (n) => String(n).padStart(2, "0");
  /* The days and clocks of the portal are those of Central Indonesia, wherever a phone believes to be. */
  const wita = (at) => new Date(Number(at) + 8 * 3600e3).toISOString();
  const iso = (at) => wita(at).slice(0, 10);
  const dayWords = (text) => `${Number(text.slice(8, 10))} ${MONTHS[text.slice(5, 7) - 1]} ${text.slice(0, 4)}`;
  function momentWords(at) {
    const said = wita(new Date(at));
    return `${dayWords(said)}, ${said.slice(11, 16).replace(":", ".")}`;
  }
  const typedDay = (text) => text.split("-").reverse().join("-");

  /* 310126, 31/1/26, 31-01-2026, 31 Januari 2026: the day comes first, always. null where it is none. */
  function dayOf(text) {
    const said = text.trim().toLowerCase();
    const found = /^(\d{1,2})[-./ ](\d{1,2}|[a-z]{3,})[-./ ](\d{4}|\d{2})$/.exec(said) || /^(\d\d)(\d\d)(\d{4}|\d\d)$/.exec(said);
    if (!found) return null;
    const named = MONTHS.findIndex((month) => month.toLowerCase().startsWith(found[2])) + 1;
    const [day, month, year] = [Number(found[1]), Number(found[2]) || named, Number(found[3].length === 2 ? `20${found[3]}` : found[3])];
    const made = new Date(year, month - 1, day);
    return made.getDate() === day && made.getMonth() === month - 1 ? `${year}-${two(month)}-${two(day)}` : null;
  }

  /* ---- which address shows what ---- */
  const routes = [];
  let shown = 0;
  const address = () => location.pathname + decodeURIComponent(location.hash);

  async function show(el = document.querySelector("[data-view]")) {
    if (!el) return;
    const turn = ++shown;
    await up2k.started;
    const data = await up2k.village.load().catch(() => null);
    if (turn !== shown) return;
    /* A phone whose clock lags behind the portal's last word has the wrong day. */
    if ("shell" in document.body.dataset && data?.as_of > document.body.dataset.today) document.body.dataset.today = data.as_of;
    for (const { regex, mount } of [...routes].reverse()) {
      const match = regex.exec(address());
      if (match) return mount(el, match, data);
    }
  }

  /* The heading, the title of the window and the parts of a page; the focus goes to the heading when she came by a link. */
  function page(el, title, ...parts) {
    const heading = h("h1", { tabindex: "-1" }, title);
    const isNext = el.dataset.view && el.dataset.view !== address();
    const held = !isNext && el.contains(document.activeElement) && document.activeElement;
    el.dataset.view = address();
    document.title = `${title} | Portal UP2K`;
    el.replaceChildren(heading, ...parts.flat().filter(Boolean));
    if (held) like(el, held)?.focus();
    if (isNext) {
      heading.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
  }

  /* After a page is drawn anew the focus stays on the button that has the same words in the same card. */
  function like(el, held) {
    const card = held.closest("[data-uuid]")?.dataset.uuid;
    const within = (card && el.querySelector(`[data-uuid="${card}"]`)) || el;
    return [...within.querySelectorAll("a, button")].find((one) => one.textContent === held.textContent);
  }

  addEventListener("hashchange", () => show());
  up2k.views = { register: (regex, mount) => routes.push({ regex, mount }), otherwise: (mount) => routes.unshift({ regex: /^/, mount }), show, page };
  Object.assign(up2k, { h, icon, note, button, facts, rupiah, iso, dayWords, momentWords, typedDay, dayOf });
})();
