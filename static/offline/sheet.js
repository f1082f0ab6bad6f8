/* The page of the Lembar Setoran: one renderer, from the page's own data or, without signal, from the village in the phone. */
(() => {
  "use strict";
  const { up2k } = window;
  const sheet = up2k.sheet;
  const { rupiah, clock } = sheet;
  const { papers, isShown, refused, broughtBy, button } = sheet.rows;
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
      locked: Boolean(why), lockedWhy: why, sheetLocked: Boolean(why), isFresh: !data.saved?.[line.key]?.receipts?.length,
    }));
  }

  sheet.mount = function mount(el, data, group, on) {
    const about = data.groups.find(({ id }) => id === group);
    const why = about?.closed_through && about.closed_through >= monthOf(on) ? "Bulan ini sudah ditutup. Lembarnya tinggal dibaca; yang salah diperbaiki lewat Koreksi." : "";
    const rows = rowsOf(data, group, on, why);
    const page = { group, on, name: `${group} ${on}`, rows, byKey: new Map(rows.map((row) => [row.line.key, row])), counts: [], elsewhere: 0 };
    const acts = sheet.acts(page);
    const live = h("p", { class: "vh", role: "status", "aria-live": "polite" });
    const talk = sheet.talk(page, acts);
    const chips = Object.fromEntries(Object.keys(FILTERS).map((name) => [name, h("button", { type: "button", class: "u-chip", "data-filter": name, "aria-pressed": "false" })]));
    const keyList = h("details", { class: "s-keys only-d" }, h("summary", {}, h("kbd", {}, "?"), " tombol"), h("dl", {}, ...KEYS.map(([key, words]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, words)))));
    const sum = h("b", { class: "val" }), progress = h("small", { class: "sub" }), saved = h("small", { class: "sub s-draft" }), counted = h("small", { class: "s-off" });
    const toCount = button("count", "Hitung uang", "btn btn-primary");
    page.search = h("input", { type: "search", placeholder: "Cari nama", "aria-label": "Cari nama di lembar ini", autocomplete: "off" });
    const isWithdrawn = rows.some(({ line }) => line.withdrawable);
    page.table = h("table", { class: `s-table${isWithdrawn ? "" : " no-tarik"}` }, h("thead", {}, h("tr", {}, ...HEADS.map(([word, css]) => h("th", { scope: "col", class: css }, word)))));
    page.bar = h("div", { class: "u-total s-bar" }, h("div", { class: "grow" }, progress, sum, counted), saved, toCount);

    Object.assign(page, {
      say: (words) => (live.textContent = words),
      showKeys: () => ((keyList.open = !keyList.open), keyList.querySelector("summary").focus()),
      tellDraft: (at) => (saved.textContent = at ? `Draf tersimpan ${clock(at)}` : "Draf belum tersimpan: ruang HP penuh?"),
      tellCounted: (found) => (counted.textContent = found ? found.text : ""),
      repaint,
      sync,
      expected,
      press: (row, act, pressed) => press(row, act, pressed).catch((error) => ((row.problem = error.message), repaint([row]))),
      toast: talk.say,
      tellPasted: talk.tellPasted,
      toCount,
    });
    const count = sheet.count(page);
    el.replaceChildren(live, talk.notes, talk.trouble,
      h("div", { class: "s-grid" },
        h("section", { class: "s-sheet", "aria-label": "Baris lembar" },
          h("div", { class: "s-tools" }, h("div", { class: "row-x wrap s-first" }, talk.all, talk.ask), h("div", { class: "u-chips s-chips" }, ...Object.values(chips), page.search, keyList)), page.table),
        h("div", { class: "s-aside" }, ...(rows.length ? [count.el, sheet.along(page)] : []))),
      talk.toast, page.bar);
    page.table.append(...rows.map((row, at) => sheet.rows.build(row, at + 1)));
    if (!rows.length) page.table.replaceWith(h("p", { class: "s-none" }, "Belum ada anggota di kelompok ini. Tambah anggota dulu, lalu buka lembarnya lagi."));
    if (why) talk.note("info", "lock", why);
    sheet.keys(page, acts);
    sheet.open = page;

    /* ---- drawing ---- */
    let filter = "all", wanted = "";
    function repaint(changed = rows) {
      for (const row of changed) sheet.rows.paint(row);
      talk.offerAll(why ? 0 : acts.payable().length);
      for (const [name, [word, fits]] of Object.entries(FILTERS)) {
        const many = rows.filter(fits).length;
        chips[name].textContent = `${word} ${many}`;
        chips[name].setAttribute("aria-pressed", String(name === filter));
        chips[name].hidden = name !== "all" && name !== filter && !many;
      }
      const done = rows.filter((row) => papers(row).length || row.isAbsent).length;
      progress.textContent = `Uang di meja (${done}/${rows.length})`;
      sum.textContent = rupiah(sheet.sum(rows.map(broughtBy)));
      talk.tellTrouble();
      count.paint();
      count.paintState();
    }

    function show() {
      for (const row of rows) {
        const found = row.line.name.toLowerCase().includes(wanted) && (FILTERS[filter][1](row) || row.el.contains(document.activeElement));
        row.el.hidden = !found;
      }
    }

    /* ---- the queue's news ---- */
    async function sync() {
      const records = (await up2k.queue.all()).filter(({ item }) => item.group === group && item.on === on);
      const isOf = (line, item) => (item.loan ? line.loan === item.loan : line.member === item.member && !line.loan);
      const lineOf = ({ item }) => rows.find(({ line }) => isOf(line, item)) || rows.find(({ line }) => item.member && line.member === item.member);
      for (const row of rows) Object.assign(row, { records: [], isAbsent: row.saved.absent });
      for (const record of records) {
        if (record.item.kind === "absent") {
          if (record.state !== "refused") for (const row of rows) if (row.line.member === record.item.member) row.isAbsent = record.item.absent;
        } else if (record.item.kind !== "count") lineOf(record)?.records.push(record);
      }
      talk.meetSent(records.filter(({ state }) => state === "saved").map(({ uuid }) => uuid));
      settle(records.filter(({ item }) => item.kind === "count"));
      for (const row of rows) meetRefusal(row);
      repaint();
    }

    function meetRefusal(row) {
      const record = refused(row);
      if (row.editing && !row.records.some(({ uuid, state }) => uuid === row.editing && state !== "saved")) row.editing = "";
      if (record && row.editing !== record.uuid && sheet.isBlank(row.entry)) acts.reopen(row, record);
      else if (record && row.editing === record.uuid && !row.problem && sheet.isBlank(row.entry)) acts.reopen(row, record);
    }

    /* What lies with the officer from elsewhere; a count that is saved has handed all of it in. */
    const savedHere = () => sheet.sum(rows.flatMap((row) => papers(row).filter(({ state }) => state === "saved").map(({ money }) => money.net)));
    let handedIn = null;
    function settle(counts) {
      page.counts = counts;
      const done = counts.filter(({ state }) => state === "saved").length;
      const known = handedIn === null && data.field_cash !== undefined;
      if (known) page.elsewhere = data.field_cash - sheet.sum(rows.flatMap((row) => row.saved.receipts.map(({ amounts }) => sheet.moneyOf(amounts).net)));
      else if (done > (handedIn || 0)) page.elsewhere = -savedHere();
      handedIn = done;
    }
    function expected() {
      const onSheet = sheet.sum(rows.map(broughtBy));
      return { onSheet, elsewhere: page.elsewhere, expected: onSheet + page.elsewhere };
    }

    /* ---- what is pressed ---- */
    async function press(row, act, pressed) {
      const next = act === "pay" ? nextOpen(row) : null;
      await acts.press(row, act, pressed);
      if (next && !row.el.contains(document.activeElement)) next.querySelector("[data-act=pay]")?.focus({ preventScroll: true });
      if (act === "more" && row.isOpen && !isShown(row)) row.boxes.paid?.focus();
      if (["change", "again", "use"].includes(act)) row.boxes.paid?.focus();
    }
    const nextOpen = (row) => rows.slice(row.index + 1).find((one) => one.state === "open" && !one.el.hidden)?.el;

    toCount.addEventListener("click", count.open);
    el.querySelector(".s-chips").addEventListener("click", ({ target }) => {
      if (!target.dataset.filter) return;
      filter = target.dataset.filter;
      repaint([]);
      show();
    });
    page.search.addEventListener("input", () => ((wanted = page.search.value.trim().toLowerCase()), show()));

    async function wake() {
      await sync();
      const drafts = await up2k.drafts.all(page.name);
      const at = Math.max(acts.restore(drafts), drafts[count.LINE]?.at || 0);
      if (drafts[count.LINE]) count.restore(drafts[count.LINE]);
      if (at) {
        page.tellDraft(at);
        talk.note("info", "pen", `Draf tersimpan ${clock(at)} dipulihkan.`, "Baris “Sedang diisi” belum tersimpan: periksa, lalu tekan Simpan.");
      }
      repaint();
      const own = await up2k.meta(`device:${(await up2k.me())?.id}`, "");
      const others = (data.waiting || []).filter(({ device }) => device !== own);
      if (others.length) talk.note("warn", "clock", `Lembar ini menunggu ${others.length} HP`, others.map(({ user, count: many, along }) => `${user}: ${many ? `${many} baris belum terkirim` : along ? "lembarnya dibawa" : ""}`).join("; "));
    }

    repaint([]);
    let isAsked = false;
    const stop = up2k.queue.onChange(() => {
      if (isAsked) return;
      isAsked = true;
      setTimeout(() => ((isAsked = false), sync().catch(() => {})), 30);
    });
    for (const news of ["online", "offline"]) addEventListener(news, () => repaint());
    wake().catch((error) => talk.note("bad", "stop", "HP ini tidak dapat menyimpan draf dan antrean.", `Pakai halaman Catat angsuran. (${error.message})`));
    return stop;
  };

  /* Without signal: the shell has no page of its own, so that the head is drawn too. */
  let stop = null;
  async function mountOffline(el, match, data) {
    const [group, on] = [Number(match[1]), match[2]];
    const about = data?.groups.find(({ id }) => id === group);
    const place = h("div", { class: "s-page" });
    up2k.views.page(el, `Lembar Setoran, ${sheet.dayWords(on)}`, h("p", { class: "sub" }, about ? about.name : "Kelompok ini belum ada di HP ini. Buka lembarnya sekali saat ada sinyal."), place);
    el.closest(".u-page")?.classList.add("wide");
    stop?.();
    stop = about && sheet.mount(place, data, group, on);
  }

  up2k.views.register(/^\/kelompok\/(\d+)\/lembar\/(\d{4}-\d{2}-\d{2})\/$/, mountOffline);
  const place = document.querySelector("[data-sheet]");
  if (place) sheet.mount(place, JSON.parse(document.getElementById("sheet-data").textContent), Number(place.dataset.group), place.dataset.on);
})();
