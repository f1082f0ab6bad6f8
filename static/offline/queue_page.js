/* Antrean sinyal: what waits in this phone, each with its state, its reason and what can be done. */
(() => {
  "use strict";
  const up2k = window.up2k;
  const { h, icon, note, button, facts, rupiah, queue } = up2k;
  const { BOXES, valueIn } = up2k.fields;
  const STATES = {
    waiting: ["Menunggu sinyal", "clock", "warn"], sending: ["Sedang dikirim", "send", "info"], refused: ["Perlu diperbaiki", "stop", "bad"],
    conflict: ["Berbeda dengan di server", "alert", "bad"], locked: ["Terkunci", "lock", ""], saved: ["Sudah di server", "check2", "ok quiet"],
  };
  const WHY = {
    login: "Ibu perlu masuk lagi. Semua yang di bawah ini tetap aman di HP ini.", user: "HP ini sedang dipakai akun lain. Muat ulang halaman ini.",
    offline: "Portal belum terjangkau. Dicoba lagi sendiri bila ada sinyal.", busy: "Sedang dikirim dari jendela lain.", old: "Portal sudah diperbarui. Muat ulang halaman ini; antrean tetap aman.",
    right: "Akun ini tidak bertugas mencatat uang. Tanyakan pengurus kecamatan.",
  };
  let isOpen = false;
  let troubled = new Set();
  let asked = ""; /* the uuid of which she is asked whether it shall go */

  const badge = (state) => h("span", { class: `u-st ${STATES[state][2]}` }, icon(STATES[state][1]), STATES[state][0]);
  const cash = (pieces) => Object.entries(pieces || {}).reduce((all, [piece, count]) => all + piece * count, 0);

  /* What an item says, as rows of words and amounts; also the part of it that the server gives of its own version. */
  function says(item) {
    if (item.kind === "absent") return [["Kehadiran", item.absent ? "Tidak hadir" : "Hadir"]];
    if (item.kind === "count") return [["Hitung uang di meja", rupiah(cash(item.pieces)), "rp"]];
    if (item.kind !== "row") return [["Jumlah dibayar", rupiah(item.amount || 0), "rp"]];
    const rows = Object.keys(BOXES).map((name) => [BOXES[name][0], valueIn(item, name)]);
    return rows.filter(([, amount]) => amount).map(([words, amount]) => [words, rupiah(amount), "rp"]);
  }

  const title = ({ item, person }) => person || (item.kind === "count" ? "Hitung uang di meja" : "Setoran");
  const older = ({ made_at, tries }) => `Dicatat ${up2k.momentWords(made_at)}${tries ? `, sudah dicoba ${tries} kali` : ""}`;
  const lines = (record) => Object.values(record.fields || {}).filter((words) => words !== record.message).map((words) => h("li", {}, words));

  function both(record) {
    const { theirs } = record;
    if (!theirs) return null;
    const when = theirs.at ? `, ${up2k.momentWords(theirs.at)}` : "";
    return h("div", { class: "two" },
      h("section", {}, h("h3", {}, "Di HP ini"), facts([...says(record.item), ["Tanggal", up2k.dayWords(record.item.on)]])),
      h("section", {}, h("h3", {}, `Di server${theirs.number ? `: ${theirs.number}` : ""}`), facts([...says(theirs.content || {}), ...(theirs.content?.on ? [["Tanggal", up2k.dayWords(theirs.content.on)]] : [])]), h("p", { class: "hint" }, `Tercatat${when}`)));
  }

  const act = (draw, work) => () => work().then(draw, (error) => draw(error.message));

  function question(record, draw) {
    const { uuid } = record;
    return h("div", { class: "u-note bad", role: "alert", tabindex: "-1", "data-asked": true }, icon("alert"), h("div", { class: "stack-s" },
      h("b", {}, `Hapus setoran ${title(record)} dari HP ini?`), h("small", {}, record.tries ? "Setoran ini pernah dikirim tanpa jawaban: mungkin sudah tercatat di portal. Periksa di sana sebelum mencatatnya lagi." : "Setoran ini belum tercatat di portal. Simpan dulu ke berkas bila ragu."),
      h("div", { class: "acts" },
        button("Simpan ke berkas, lalu hapus", act(draw, async () => (queue.download(await queue.backup([uuid])), queue.remove(uuid))), "btn", "down"),
        button("Hapus saja", act(draw, () => queue.remove(uuid)), "btn btn-danger"),
        button("Jangan hapus", () => ((asked = ""), draw()), "btn"))));
  }

  function acts(record, draw) {
    const { uuid, state, item } = record;
    const isPaid = item.kind === "row" || item.kind === "total";
    const slip = isPaid && h("a", { class: "btn btn-sm", href: `/luring/#tanda-terima/${uuid}` }, "Tanda terima");
    if (state === "sending") return [slip];
    const edit = h("a", { class: "btn btn-sm", href: `/luring/#ubah/${uuid}` }, icon("pen"), "Ubah");
    const ask = button("Hapus", () => ((asked = uuid), draw()), "btn btn-sm");
    if (state === "conflict") {
      return [record.theirs && button("Pakai yang di server", act(draw, () => queue.remove(uuid)), "btn btn-sm"),
        button("Kirim sebagai setoran baru", act(draw, () => queue.renew(uuid)), "btn btn-sm"), !record.theirs && ask];
    }
    const again = state !== "waiting" && button("Coba kirim lagi", act(draw, () => queue.retry(uuid)), "btn btn-sm", "send");
    return [edit, again, slip, ask];
  }

  /* A count waits for the rows of its sheet that somebody still has to mend. */
  const isHeld = ({ item, state }) => item.kind === "count" && state === "waiting" && troubled.has(`${item.group} ${item.on}`);

  function card(record, draw) {
    return h("li", { class: "u-card stack-s", "data-uuid": record.uuid, "data-state": record.state },
      h("div", { class: "row-x wrap" }, h("b", { class: "grow" }, title(record)), badge(record.state)),
      facts(says(record.item)),
      h("p", { class: "hint" }, `${record.item.kind === "total" ? "Setoran" : "Lembar"} ${up2k.dayWords(record.item.on)}. ${older(record)}.`),
      record.message && h("p", { class: record.state === "waiting" ? "hint" : "err" }, h("span", {}, record.message)),
      isHeld(record) && h("p", { class: "hint" }, "Menunggu baris lain di lembar ini diperbaiki dulu."),
      lines(record).length ? h("ul", {}, lines(record)) : null,
      both(record),
      asked === record.uuid ? question(record, draw) : h("div", { class: "acts" }, acts(record, draw)));
  }

  function group(words, records, draw) {
    return records.length ? h("section", { class: "stack-s" }, h("h2", {}, words), h("ul", { class: "stack-s plain" }, records.map((record) => card(record, draw)))) : null;
  }

  /* What is on the server already needs one line, not a card. */
  function done(records) {
    if (!records.length) return null;
    const sum = ({ item }) => says(item).map(([words, value]) => `${words} ${value}`).join(", ");
    const row = (record) => h("li", { "data-uuid": record.uuid, "data-state": "saved" },
      h("div", { class: "grow" }, h("b", {}, record.url ? h("a", { href: record.url }, title(record)) : title(record)), h("br"), h("small", { class: "sub" }, [record.number, sum(record)].filter(Boolean).join(", "))), badge("saved"));
    return h("details", { class: "fold", open: isOpen, ontoggle: (event) => (isOpen = event.target.open) },
      h("summary", {}, "Sudah tercatat sehari ini", h("b", {}, String(records.length))), h("ul", { class: "u-rows" }, records.map(row)));
  }

  const theirs = (others) => others.map(({ name, count }) => note("info", `${count} setoran milik ${name} menunggu di HP ini.`, `Hanya ${name} yang dapat mengirimnya, sesudah masuk dengan namanya.`));

  function top({ me, count, trouble, why, sending }) {
    if (!me) return [note("info", "Di HP ini belum ada yang masuk.", "Masuk dulu sekali dengan sinyal.")];
    if (!count) return [note("ok", "Tidak ada setoran yang menunggu di HP ini.", "Semua sudah tercatat di portal.")];
    const words = [`${count} setoran belum tercatat di portal`, trouble && `${trouble} di antaranya perlu dilihat`].filter(Boolean).join(", ");
    return [
      note("warn", `${words}.`, sending ? "Sedang dikirim…" : WHY[why] || "Dikirim sendiri begitu ada sinyal."),
      h("div", { class: "acts" },
        why === "login" ? h("a", { class: "btn btn-primary", href: "/masuk/?next=/antrean/" }, "Masuk lagi") : button("Kirim sekarang", () => again(), "btn btn-primary", "send"),
        button("Simpan cadangan ke berkas", async () => queue.download(await queue.backup()), "btn", "down")),
    ];
  }

  /* By hand also what was locked is tried again: a month may have been opened meanwhile. */
  async function again() {
    for (const { uuid, state } of await queue.all()) if (state === "locked") await queue.wake(uuid);
    await queue.sendNow();
  }

  async function mount(el) {
    const isHere = () => el.isConnected && /^\/antrean\/$/.test(location.pathname);
    let turn = 0;
    async function draw(fault) {
      const mine = ++turn;
      const [status, records] = await Promise.all([queue.status(), queue.all()]);
      if (mine !== turn || !isHere()) return;
      const of = (...states) => records.filter(({ state }) => states.includes(state));
      troubled = new Set(of("refused", "conflict", "locked").map(({ item }) => `${item.group} ${item.on}`));
      up2k.views.page(el, "Antrean sinyal", typeof fault === "string" && note("bad", fault), top(status),
        group("Perlu dilihat", of("refused", "conflict", "locked"), draw), group("Menunggu", of("waiting", "sending"), draw),
        theirs(status.others), done(of("saved").reverse()));
      el.querySelector("[data-asked]")?.focus();
    }
    queue.onChange(() => draw());
    await draw();
  }

  up2k.views.register(/^\/antrean\/$/, mount);
  up2k.says = says;
})();
