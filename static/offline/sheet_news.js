/* What the queue and the drafts of this phone say of the open sheet, and what lies with the officer from elsewhere. */
(() => {
  "use strict";
  const { up2k } = window;
  const sheet = up2k.sheet;
  const { rupiah, clock } = sheet;
  const { papers, refused, broughtBy } = sheet.rows;
  const LATE = (sum, typed) => `Isi lamanya, ${sum}, sudah terkirim sebelum ubahan ini disimpan. ${typed} belum dicatat: pakai Koreksi pada buktinya.`;

  sheet.news = function news(page, data, acts, talk) {
    const { rows } = page;
    let elsewhere = 0, handedIn = null;

    const isOf = (line, item) => (item.loan ? line.loan === item.loan : line.member === item.member && !line.loan);
    const rowOf = ({ item }) => rows.find(({ line }) => isOf(line, item)) || rows.find(({ line }) => item.member && line.member === item.member);

    function take(record) {
      const { item, state } = record;
      if (item.kind === "count") return;
      if (item.kind !== "absent") return void rowOf(record)?.records.push(record);
      if (state !== "refused") for (const row of rows) if (row.line.member === item.member) row.isAbsent = item.absent;
    }

    async function sync() {
      const records = (await up2k.queue.all()).filter(({ item }) => item.group === page.group && item.on === page.on);
      for (const row of rows) Object.assign(row, { records: [], isAbsent: row.saved.absent });
      records.forEach(take);
      talk.meetSent(records.filter(({ state }) => state === "saved").map(({ uuid }) => uuid));
      settle(records.filter(({ item }) => item.kind === "count"));
      for (const row of rows) meetSent(row);
      for (const row of rows) meetRefusal(row);
      page.repaint();
    }

    /* What was being changed has gone as it was: what she typed since is told, and not dropped without a word. */
    function meetSent(row) {
      if (!row.editing || row.records.some(({ uuid, state }) => uuid === row.editing && state !== "saved")) return;
      const sent = row.records.find(({ uuid }) => uuid === row.editing);
      const typed = sheet.isBlank(row.entry) ? null : sheet.rows.read(row);
      row.editing = "";
      if (!sent || !typed) return;
      const old = sheet.moneyOf(sent.item).net;
      acts.drop(row);
      if (typed.net !== old) row.problem = LATE(rupiah(old), rupiah(typed.net));
    }

    function meetRefusal(row) {
      const record = refused(row);
      if (!record || !sheet.isBlank(row.entry)) return;
      if (row.editing !== record.uuid || !row.problem) acts.reopen(row, record);
    }

    /* What lies with the officer from elsewhere; a count that is saved has handed all of it in. */
    const savedHere = () => sheet.sum(rows.flatMap((row) => papers(row).filter(({ state }) => state === "saved").map(({ money }) => money.net)));
    function settle(counts) {
      page.counts = counts;
      const done = counts.filter(({ state }) => state === "saved").length;
      const isKnown = handedIn === null && data.field_cash !== undefined;
      if (isKnown) elsewhere = data.field_cash - sheet.sum(rows.flatMap((row) => row.saved.receipts.map(({ amounts }) => sheet.moneyOf(amounts).net)));
      else if (done > (handedIn || 0)) elsewhere = -savedHere();
      handedIn = done;
    }
    function expected() {
      const onSheet = sheet.sum(rows.map(broughtBy));
      return { onSheet, elsewhere, expected: onSheet + elsewhere };
    }

    async function restore(count) {
      const drafts = await up2k.drafts.all(page.name);
      const typed = acts.restore(drafts);
      const at = Math.max(typed, drafts[count.LINE]?.at || 0);
      if (drafts[count.LINE]) count.restore(drafts[count.LINE]);
      if (!at) return;
      page.tellDraft(at);
      talk.note("info", "pen", `Draf tersimpan ${clock(at)} dipulihkan.`, typed ? "Baris “Sedang diisi” belum tersimpan: periksa, lalu tekan Simpan." : "Hitungan uang belum tersimpan.");
    }

    async function tellOthers() {
      const own = await up2k.meta(`device:${(await up2k.me())?.id}`, "");
      const others = (data.waiting || []).filter(({ device }) => device !== own);
      if (others.length) talk.note("warn", "clock", `Lembar ini menunggu ${others.length} HP`, others.map(({ user, count: many, along }) => `${user}: ${many ? `${many} baris belum terkirim` : along ? "lembarnya dibawa" : ""}`).join("; "));
    }

    async function wake(count) {
      try {
        await sync();
        await restore(count);
        page.repaint();
        await tellOthers();
      } catch {
        talk.note("bad", "stop", "HP ini tidak dapat menyimpan lembar.", "Penjelajah dalam mode penyamaran, atau ruang HP penuh. Catat lewat halaman ini:", up2k.h("a", { href: "/angsuran/catat/" }, "Catat angsuran"));
      }
    }

    return { sync, expected, wake };
  };
})();
