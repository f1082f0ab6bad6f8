/* What makes pages quicker to use; every page works without it. No inline handlers: the CSP is strict. */
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => within.querySelectorAll(selector);

  let tab = { getItem: () => null, setItem() {}, removeItem() {} }; /* where a browser keeps nothing */
  try { tab = sessionStorage; } catch {}

  /* ---- rupiah: dots while typing, the amount in words under the field; the server is the judge ---- */
  const AMOUNT = /^(?:rp\.? ?)?([1-9]\d{0,2}(?:\.\d{3})+|\d+)(?: ?,(?:-|00))?$/i;
  const ONES = ["", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas"];
  const BIG = [[1e12, "triliun"], [1e9, "miliar"], [1e6, "juta"], [1e3, "ribu"], [100, "ratus"]];

  function words(n) {
    if (n < 12) return ONES[n];
    if (n < 20) return `${ONES[n - 10]} belas`;
    if (n < 100) return `${ONES[Math.floor(n / 10)]} puluh ${ONES[n % 10]}`;
    const [size, name] = BIG.find(([least]) => n >= least);
    const many = Math.floor(n / size);
    const head = many === 1 && size <= 1000 ? `se${name}` : `${words(many)} ${name}`;
    return `${head} ${words(n % size)}`;
  }
  const terbilang = (n) => (n ? words(n).replace(/\s+/g, " ").trim() : "nol") + " rupiah";

  function amountOf(text) {
    const found = AMOUNT.exec(text.trim());
    const digits = found && found[1].replaceAll(".", "");
    return digits && digits.length <= 15 ? Number(digits) : null;
  }

  const dots = (n) => String(Math.abs(n)).replace(/\B(?=(\d{3})+$)/g, ".");
  Object.assign((window.up2k ||= {}), { money: { amountOf, terbilang, dots }, tab });

  function showWords(input) {
    const line = document.getElementById(`${input.id}_words`);
    const amount = amountOf(input.value);
    if (line) line.textContent = amount === null ? "" : terbilang(amount);
  }

  function withDots(input) {
    const right = input.value.slice(input.selectionEnd).replace(/\D/g, "").length;
    const digits = input.value.replace(/\D/g, "").replace(/^0+(?=\d)/, "");
    input.value = digits.replace(/\B(?=(\d{3})+$)/g, ".");
    let at = input.value.length;
    for (let passed = 0; passed < right; at--) if (/\d/.test(input.value[at - 1])) passed++;
    if (input.value[at - 1] === ".") at--; /* else Backspace would meet the dot again and again */
    input.setSelectionRange(at, at);
  }

  /* A separator that she types or pastes herself is left as it stands: "1250.50" must not become 125.050. */
  function onRupiah(event) {
    const input = event.target;
    if (event.isComposing) return;
    if (event.inputType === "insertFromPaste" || /\D/.test(event.data || "")) input.dataset.own = "";
    if (amountOf(input.value) !== null) delete input.dataset.own;
    if (!("own" in input.dataset) && /^[\d.]*$/.test(input.value)) withDots(input);
    showWords(input);
  }

  /* ---- days: chips for today and yesterday, the phone's own calendar behind a button ---- */
  const typed = (iso) => iso.split("-").reverse().join("-");

  function dayBack(count) {
    const day = new Date(`${document.body.dataset.today}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() - count);
    return typed(day.toISOString().slice(0, 10));
  }

  function fill(input, value) {
    input.value = value;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function addCalendar(input) {
    const button = document.createElement("button");
    const peek = document.createElement("input");
    Object.assign(button, { type: "button", className: "end" });
    button.setAttribute("aria-label", "Buka kalender");
    button.innerHTML = '<svg class="ic" viewBox="0 0 24 24" aria-hidden="true"><path d="M4.5 6.5h15v13h-15zM4.5 10.5h15M8.5 4v4M15.5 4v4"/></svg>';
    Object.assign(peek, { type: "date", className: "peek", tabIndex: -1 });
    peek.setAttribute("aria-hidden", "true");
    peek.addEventListener("change", () => peek.value && fill(input, typed(peek.value)));
    button.addEventListener("click", () => peek.showPicker());
    input.after(button, peek);
  }

  /* ---- what a page or a part of it gets when it arrives ---- */
  const WIDE = matchMedia("(min-width: 768px)");

  function openWhereWide() {
    for (const details of all("details[data-wide-open]")) details.open = WIDE.matches;
  }

  function dress(part) {
    for (const input of all("[data-rupiah]", part)) {
      if (/^\d+$/.test(input.value)) withDots(input);
      showWords(input);
    }
    for (const input of all("input[data-day]:enabled", part)) {
      if ("showPicker" in input && input.parentElement.matches(".u-in")) addCalendar(input);
    }
    for (const hidden of all("[data-days], [data-show], [data-print]", part)) hidden.hidden = false;
    part.querySelector("[data-errors]")?.focus();
  }

  const CLICKS = {
    "[data-back]": (button) => fill(document.getElementById(button.parentElement.dataset.days), dayBack(+button.dataset.back)),
    "[data-print]": () => print(),
    "[data-show]": (button) => {
      const input = document.getElementById(button.dataset.show);
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
      button.querySelector("span").textContent = shown ? "Lihat" : "Tutup";
    },
  };

  /* Ctrl K: to the search box, or to its page where the bar has no room for one. */
  function find(event) {
    event.preventDefault();
    const box = [...all("[data-search]")].find((one) => one.offsetParent);
    if (box) box.select();
    else location.href = "/cari/";
  }

  document.addEventListener("click", (event) => {
    for (const [selector, act] of Object.entries(CLICKS)) {
      const button = event.target.closest(selector);
      if (button) act(button);
    }
    for (const menu of all("details.menu-d[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  /* In a grid Enter goes on to the next box, as in Excel, and from the last one to the button. */
  function onGridEnter(event) {
    const boxes = [...event.target.form.elements].filter((one) => one.matches("[data-grid] input, button"));
    const next = boxes[boxes.indexOf(event.target) + 1];
    if (!next) return;
    event.preventDefault();
    next.focus();
    if (next.select) next.select();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-grid] input")) return onGridEnter(event);
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return find(event);
    const menu = event.key === "Escape" && document.querySelector("details.menu-d[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-rupiah]")) onRupiah(event);
  });

  /* Sent once: the buttons rest after the first press and wake when the page comes back. */
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post" || event.defaultPrevented) return;
    const { pathname, search } = new URL(event.target.action);
    tab.setItem(`sent:${pathname}${search}`, "");
    setTimeout(() => {
      for (const button of event.target.elements) {
        if (button.type === "submit" && !button.disabled) Object.assign(button, { disabled: true }).dataset.sent = "";
      }
    });
  });
  addEventListener("pageshow", () => {
    for (const button of all("[data-sent]")) button.disabled = false;
  });

  /* A session that ended answers with the login page: go there instead of emptying the list. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, serverResponse } = event.detail;
    if (target.id && !serverResponse.includes(`id="${target.id}"`)) {
      event.detail.shouldSwap = false;
      location.reload();
    }
  });
  document.addEventListener("htmx:load", (event) => {
    if (event.target !== document.body) dress(event.target);
  });

  function sayWhetherOnline() {
    for (const sign of all("[data-offline]")) sign.hidden = navigator.onLine;
  }
  addEventListener("online", sayWhetherOnline);
  addEventListener("offline", sayWhetherOnline);
  WIDE.addEventListener("change", openWhereWide);

  /* A form that led to another page is done, and its draft goes. What its own page answers becomes that page. */
  function markDone() {
    const page = ({ pathname, search }) => pathname + search;
    const isAnswer = tab.getItem(`sent:${page(location)}`) !== null;
    if (isAnswer && !document.querySelector("[data-no-draft]")) history.replaceState(history.state, "", location.href);
    tab.removeItem(`sent:${page(location)}`);
    const from = document.referrer && new URL(document.referrer);
    if (!from || from.origin !== location.origin || tab.getItem(`sent:${page(from)}`) === null) return;
    if (location.pathname === "/masuk/") return;
    tab.removeItem(`sent:${page(from)}`);
    tab.setItem(`done:${page(from)}`, JSON.stringify({ at: Date.now(), url: location.href }));
    window.up2k.drafts?.clear(`form:${page(from)}`, "form").catch(() => {});
  }

  markDone();
  root.classList.toggle("live", "htmx" in window);
  sayWhetherOnline();
  openWhereWide();
  dress(document);
})();
