/* A form that somebody fills is kept in this phone with every key (up2k.drafts, gone at logout) and comes back after a
   crash, an empty battery or a wrong turn. What was sent is not offered again: up2k.js marks it done once it led to
   another page (the login page did not take it), and Back says that it is saved; a reload fetches the form and never
   sends again. Numbers of persons, passwords and files are never kept. */
(() => {
  "use strict";
  const up2k = window.up2k;
  const form = document.querySelector("form.u-form[method=post]:not([data-no-draft])");
  if (!form || !up2k?.drafts) return;
  const SECRET = /nik|kk|family_card|password|sandi|token/i;
  const LINE = "form", PAUSE = 300, KEPT = 7 * 24 * 3600e3, UNDO = 10e3;
  const here = location.pathname + location.search; /* the month of a grid stands in the query */
  const key = `form:${here}`;
  const isAnswer = "typed" in form.dataset || document.querySelector("[data-errors]"); /* it holds what she typed, not what was kept */

  const boxes = () => [...form.elements].filter((one) => one.name && !one.disabled && one.type !== "hidden" && one.type !== "password"
    && one.type !== "file" && !one.matches("button, fieldset, output") && !SECRET.test(one.name));
  const isTick = (box) => box.type === "checkbox" || box.type === "radio";
  const nameOf = (box) => (isTick(box) ? `${box.name}=${box.value}` : box.name);
  const valueOf = (box) => (isTick(box) ? box.checked : box.options ? [...box.selectedOptions].map((one) => one.value) : box.value);
  function clock(at) {
    const then = new Date(at);
    const time = then.toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
    const day = then.toLocaleDateString("id-ID", { day: "numeric", month: "short" });
    return then.toDateString() === new Date().toDateString() ? `pukul ${time}` : `${day} pukul ${time}`;
  }

  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const read = () => Object.fromEntries(boxes().map((box) => [nameOf(box), valueOf(box)]));

  function write(values) {
    for (const box of boxes()) {
      const value = values[nameOf(box)];
      if (value === undefined || same(value, valueOf(box))) continue;
      if (isTick(box)) box.checked = value;
      else if (box.options) for (const one of box.options) one.selected = value.includes(one.value);
      else box.value = value;
      if (box.matches("[data-rupiah]")) box.dataset.own = ""; /* "1250.50" is no 125.050, now as when she typed it */
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  /* As the server gave it, whatever a browser has put in since. */
  function chosen(box) {
    const ones = [...box.options];
    const named = ones.filter((one) => one.defaultSelected);
    return (named.length || box.multiple ? named : ones.slice(0, 1)).map((one) => one.value);
  }
  const given = (box) => (isTick(box) ? box.defaultChecked : box.options ? chosen(box) : box.defaultValue);
  const began = Object.fromEntries(boxes().map((box) => [nameOf(box), given(box)]));
  const once = form.elements.uuid; /* the sending's own key: sent again under it, it is done once */
  let pending, note, isQuiet = false;

  async function keep(more = {}) {
    clearTimeout(pending);
    pending = undefined;
    const values = read();
    if (same(values, began) && !more.sent) return up2k.drafts.clear(key, LINE);
    return up2k.drafts.put(key, LINE, { at: Date.now(), values, began, ...more });
  }

  function say(words, ...buttons) {
    note?.remove();
    note = document.createElement("p");
    note.className = "u-note info draft";
    note.setAttribute("role", "status");
    note.append(words, " ");
    for (const [label, act] of buttons) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: label });
      button.addEventListener("click", act);
      note.append(button);
    }
    form.before(note);
  }

  function drop(values) {
    fill(began);
    up2k.drafts.clear(key, LINE);
    say("Draf dibuang.", ["Urungkan", () => { fill(values); note.remove(); keep(); }]);
    const mine = note;
    setTimeout(() => mine.remove(), UNDO);
  }

  function fill(values) {
    isQuiet = true;
    write(values);
    isQuiet = false;
  }

  /* Only what she changed, and only where the server's own value is still the one that she saw. */
  function restore({ at, values, began: seen, sent, uuid }) {
    const mine = Object.entries(values).filter(([name, value]) => !same(value, seen[name]) && same(seen[name], began[name]));
    if (!mine.length) return up2k.drafts.clear(key, LINE);
    fill(Object.fromEntries(mine));
    const out = ["Buang draf", () => drop(read())];
    const again = [...form.elements].some((one) => one.type === "text" && SECRET.test(one.name)) ? " NIK dan nomor KK tidak ikut disimpan: ketik lagi." : "";
    if (!sent || !once || !uuid) return say(`Draf ${clock(at)} dikembalikan.${again}`, out);
    once.value = uuid;
    return say(`Isian ${clock(sent)} belum pasti sampai. Kirim lagi: tidak akan tercatat dua kali.`, out);
  }

  function said() {
    const told = up2k.tab.getItem(`done:${here}`);
    up2k.tab.removeItem(`done:${here}`);
    return told && JSON.parse(told);
  }

  async function open(isReturn) {
    const done = said();
    if (done) {
      await up2k.drafts.clear(key, LINE);
      if (!isReturn) return undefined;
      say(`Isian ini sudah tersimpan ${clock(done.at)}.`, ["Lihat hasilnya", () => location.assign(done.url)]);
      return undefined;
    }
    const draft = (await up2k.drafts.all(key))[LINE];
    if (!draft) return undefined;
    const fits = same(Object.keys(draft.began), Object.keys(began));
    if (isAnswer) { /* it was not done: what she types from now on is still measured against what she first saw */
      if (fits) Object.assign(began, draft.began);
      return keep();
    }
    if (Date.now() - draft.at > KEPT) return up2k.drafts.clear(key, LINE);
    return fits ? restore(draft) : undefined;
  }

  if (!boxes().length) return;
  form.autocomplete = "off"; /* the browser neither fills in on Back nor offers other people's names */
  form.addEventListener("input", () => {
    if (isQuiet) return;
    clearTimeout(pending);
    pending = setTimeout(keep, PAUSE);
  });
  form.addEventListener("change", () => isQuiet || keep());
  form.addEventListener("submit", () => keep({ sent: Date.now(), uuid: once?.value }));
  addEventListener("pagehide", () => { if (pending) keep(); });
  /* A browser may show the page as it was left, without reading it again. */
  addEventListener("pageshow", ({ persisted }) => { if (persisted) open(true).catch(() => {}); });
  open(performance.getEntriesByType("navigation")[0]?.type === "back_forward").catch(() => {}); /* no store: no drafts */
})();
