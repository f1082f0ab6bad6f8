/* The page of the Lembar Setoran: one renderer, from the page's own data or, without signal, from the village in the phone. */
(() => {
  "use strict";
  const { up2k } = window;
  const sheet = up2k.sheet;
  const { rupiah, clock } = sheet;
  const { papers, isShown, broughtBy, button } = sheet.rows;
  const h = (...parts) => up2k.h(...parts);
  const HEADS = [["No", "num c-no"], ["Nama", "c-name"], ["Pokok", "num"], ["Jasa", "num"], ["Wajib", "num"], ["Iuran", "num"], ["Tagihan", "num c-due"], ["Dibayar", "num c-in"], ["Sukarela", "num c-in"], ["Tarik", "num c-in c-withdraw"], ["Keadaan", "c-end"]];
  const KEYS = [["Spasi", "isi sesuai tagihan"], ["Enter", "simpan baris, turun"], ["Shift Enter", "naik"], ["Tab", "ke kanan"], ["F2", "ubah isinya"], ["Ctrl Z", "kembalikan ketikan"], ["Ctrl V", "tempel dari Excel"], ["/", "cari nama"], ["Esc", "batal ketik"]];
  const FILTERS = {
    all: ["Semua", () => true],
    open: ["Belum", ({ state }) => state === "open" || state === "typing"],
    wrong: ["Salah", ({ state }) => state === "wrong" || state === "conflict"],
    waiting: ["Menunggu", ({ state }) => state === "waiting" || state === "sending"],
  };
  const monthOf = (iso) => Number(iso.slice(0, 7).replace("-", ""));

  function rowsOf(data, group, on, why) {
    const lines = data.lines.filter((line) => line.group === group);
    const times = new Map();
    for (const { member } of lines) if (member) times.set(member, (times.get(member) || 0) + 1);
    return lines.map((line, index) => ({
      line, index, due: sheet.dueOf(line, on, data.as_of || on), entry: sheet.blank(), saved: { receipts: [], absent: false, ...data.saved?.[line.key] },
      records: [], isTwin: times.get(line.member) > 1, isAbsent: false, isAdding: false, isOpen: false, editing: "", problem: "",
      since: data.checked_at || 0, locked: Boolean(why), lockedWhy: why, sheetLocked: Boolean(why),
    }));
  }

  /* ---- what stands on the page ---- */
  function buildTools(page, talk) {
    page.chips = Object.fromEntries(Object.keys(FILTERS).map((name) => [name, h("button", { type: "button", class: "u-chip", "data-filter": name, "aria-pressed": "false" })]));
    page.search = h("input", { type: "search", placeholder: "Cari nama", "aria-label": "Cari nama di lembar ini", autocomplete: "off" });
    const keyList = h("details", { class: "s-keys only-d" }, h("summary", {}, h("kbd", {}, "?"), " tombol"), h("dl", {}, ...KEYS.map(([key, words]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, words)))));
    page.showKeys = () => ((keyList.open = !keyList.open), keyList.querySelector("summary").focus());
    return h("div", { class: "s-tools" }, h("div", { class: "row-x wrap s-first" }, talk.all, talk.ask), h("div", { class: "u-chips s-chips" }, ...Object.values(page.chips), page.search, keyList));
  }

  function buildBar(page) {
    const saved = h("small", { class: "sub s-draft" }), counted = h("small", { class: "s-off" });
    Object.assign(page, { sum: h("b", { class: "val" }), progress: h("small", { class: "sub" }), toCount: button("count", "Hitung uang", "btn btn-primary") });
    page.tellDraft = (at) => {
      saved.textContent = at ? `Draf tersimpan ${clock(at)}` : "Draf belum tersimpan: ruang HP penuh?";
      saved.classList.toggle("is-bad", !at);
    };
    page.tellCounted = (found) => (counted.textContent = found ? found.text : "");
    page.bar = h("div", { class: "u-total s-bar" }, h("div", { class: "grow" }, page.progress, page.sum, counted), saved, page.toCount);
  }

  function buildTable(page) {
    const isWithdrawn = page.rows.some(({ line }) => line.withdrawable);
    page.table = h("table", { class: `s-table${isWithdrawn ? "" : " no-tarik"}` }, h("thead", {}, h("tr", {}, ...HEADS.map(([word, css]) => h("th", { scope: "col", class: css }, word)))));
    page.table.append(...page.rows.map((row, at) => sheet.rows.build(row, at + 1)));
  }

  const nobody = (group) => h("section", { class: "s-sheet" }, h("p", { class: "s-none" }, "Belum ada anggota di kelompok ini. ", h("a", { href: `/kelompok/${group}/anggota/baru/` }, "Tambah anggota"), " dulu, lalu buka lembarnya lagi."));

  /* ---- drawing ---- */
  function drawing(page, acts, talk, count) {
    let filter = "all", wanted = "";
    function repaint(changed = page.rows) {
      for (const row of changed) sheet.rows.paint(row);
      talk.offerAll(page.why ? 0 : acts.payable().length);
      for (const [name, [word, fits]] of Object.entries(FILTERS)) {
        const many = page.rows.filter(fits).length;
        page.chips[name].textContent = `${word} ${many}`;
        page.chips[name].setAttribute("aria-pressed", String(name === filter));
        page.chips[name].hidden = name !== "all" && name !== filter && !many;
      }
      const done = page.rows.filter((row) => papers(row).length || row.isAbsent).length;
      page.progress.textContent = `Uang di meja (${done}/${page.rows.length})`;
      page.sum.textContent = rupiah(sheet.sum(page.rows.map(broughtBy)));
      talk.tellTrouble();
      count.paint();
      count.paintState();
    }

    function show() {
      for (const row of page.rows) {
        const found = row.line.name.toLowerCase().includes(wanted) && (FILTERS[filter][1](row) || row.el.contains(document.activeElement));
        row.el.hidden = !found;
      }
    }
    const filterBy = (name) => ((filter = name), repaint([]), show());
    const search = (text) => ((wanted = text.trim().toLowerCase()), show());
    return { repaint, filterBy, search };
  }

  /* ---- what is pressed ---- */
  function pressing(page, acts) {
    const nextOpen = (row) => page.rows.slice(row.index + 1).find((one) => one.state === "open" && !one.el.hidden)?.el;
    async function press(row, act, pressed) {
      const next = act === "pay" ? nextOpen(row) : null;
      await acts.press(row, act, pressed);
      if (next && !row.el.contains(document.activeElement)) next.querySelector("[data-act=pay]")?.focus({ preventScroll: true });
      if (act === "more" && row.isOpen && !isShown(row)) row.boxes.paid?.focus();
      if (["change", "again", "use"].includes(act)) row.boxes.paid?.focus();
    }
    return (row, act, pressed) => press(row, act, pressed).catch((error) => ((row.problem = error.message), page.repaint([row])));
  }

  /* News of the queue come in a burst; one look at it is enough. */
  function listen(page) {
    let isAsked = false;
    const stop = up2k.queue.onChange(() => {
      if (isAsked) return;
      isAsked = true;
      setTimeout(() => ((isAsked = false), page.sync().catch(() => {})), page.isBusy ? 500 : 30);
    });
    for (const news of ["online", "offline"]) addEventListener(news, () => page.repaint());
    return stop;
  }

  function hear(el, page, drawn, count) {
    page.toCount.addEventListener("click", count.open);
    el.querySelector(".s-chips").addEventListener("click", ({ target }) => target.dataset.filter && drawn.filterBy(target.dataset.filter));
    page.search.addEventListener("input", () => drawn.search(page.search.value));
  }

  const CLOSED = "Bulan ini sudah ditutup. Lembarnya tinggal dibaca; yang salah diperbaiki lewat Koreksi.";

  sheet.mount = function mount(el, data, group, on) {
    const about = data.groups.find(({ id }) => id === group);
    const why = about?.closed_through && about.closed_through >= monthOf(on) ? CLOSED : "";
    const rows = rowsOf(data, group, on, why);
    if (!rows.length) return void el.replaceChildren(nobody(group));
    const live = h("p", { class: "vh", role: "status", "aria-live": "polite" });
    const page = { group, on, name: `${group} ${on}`, why, rows, byKey: new Map(rows.map((row) => [row.line.key, row])), counts: [], say: (words) => (live.textContent = words) };
    const acts = sheet.acts(page);
    const talk = sheet.talk(page, acts);
    buildBar(page);
    const tools = buildTools(page, talk);
    Object.assign(page, sheet.news(page, data, acts, talk), { press: pressing(page, acts), toast: talk.say, tellPasted: talk.tellPasted });
    const count = sheet.count(page);
    const drawn = drawing(page, acts, talk, count);
    page.repaint = drawn.repaint;
    buildTable(page);
    el.replaceChildren(live, talk.notes, talk.trouble,
      h("div", { class: "s-grid" }, h("section", { class: "s-sheet", "aria-label": "Baris lembar" }, tools, page.table), h("div", { class: "s-aside" }, count.el, sheet.along(page))), talk.toast, page.bar);
    if (why) talk.note("info", "lock", why);
    sheet.keys(page, acts);
    sheet.open = page;
    hear(el, page, drawn, count);
    page.repaint([]);
    const stop = listen(page);
    page.wake(count);
    return stop;
  };

  /* Without signal: the shell has no page of its own, so that the head is drawn too. */
  let stop = null;
  async function mountOffline(el, match, data) {
    const [group, on] = [Number(match[1]), match[2]];
    const about = data?.groups.find(({ id }) => id === group);
    const place = h("div", { class: "s-page" });
    const age = about && h("p", { class: "asof" }, `Tanpa sinyal: tagihan menurut data di HP ini, ${up2k.momentWords(data.checked_at)}. Yang dicatat di HP lain tidak tampak di sini.`);
    up2k.views.page(el, `Lembar Setoran, ${sheet.dayWords(on)}`, h("p", { class: "sub" }, about ? about.name : "Kelompok ini belum ada di HP ini. Buka lembarnya sekali saat ada sinyal."), age, place);
    el.closest(".u-page")?.classList.add("wide");
    stop?.();
    stop = about && sheet.mount(place, data, group, on);
  }

  up2k.views.register(/^\/kelompok\/(\d+)\/lembar\/(\d{4}-\d{2}-\d{2})\/$/, mountOffline);
  const place = document.querySelector("[data-sheet]");
  if (place) sheet.mount(place, JSON.parse(document.getElementById("sheet-data").textContent), Number(place.dataset.group), place.dataset.on);
})();
