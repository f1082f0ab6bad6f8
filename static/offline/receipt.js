/* Tanda terima sementara: what the phone gives at once, on a roll of 58 mm; the number comes from the portal. */
(() => {
  "use strict";
  const up2k = window.up2k;
  const { h, icon, note, button, rupiah } = up2k;
  const { terbilang } = up2k.money;
  const WIDTH = 32; /* letters a line of a cheap printer */
  const RULE = "-".repeat(WIDTH);

  function wrap(text, width = WIDTH) {
    const lines = [""];
    for (const word of text.split(/\s+/)) {
      const longer = `${lines.at(-1)} ${word}`.trim();
      if (longer.length <= width || !lines.at(-1)) lines.splice(-1, 1, longer.slice(0, width));
      else lines.push(word.slice(0, width));
    }
    return lines;
  }
  const mid = (text) => wrap(text).map((line) => " ".repeat((WIDTH - line.length) >> 1) + line);
  const ends = (left, right) => (left.length + right.length < WIDTH ? [left + right.padStart(WIDTH - left.length)] : [left.slice(0, WIDTH), right.padStart(WIDTH)]);

  /* The first eight of the uuid: a receipt of the portal and this paper are found by it. */
  const code = (uuid) => `${uuid.slice(0, 4)}-${uuid.slice(4, 8)}`.toUpperCase();
  const total = ({ amount = 0, savings = {} }) => amount + Object.values(savings).reduce((all, one) => all + one, 0);

  function lines(record, data) {
    const { item, person, user_name } = record;
    const group = data?.groups.find(({ id }) => id === item.group)?.name;
    const line = item.loan && data?.lines.find(({ loan }) => loan === item.loan);
    const sum = total(item);
    return [...mid("TANDA TERIMA SEMENTARA"), ...(group ? mid(group) : []), ...(data?.village ? mid(`${data.village.name}`) : []), RULE,
      `Kode ${code(record.uuid)}`, ...(record.number ? wrap(`No. resmi ${record.number}`) : []), `Tgl  ${up2k.typedDay(item.on)}`, ...wrap(`Dari ${person || "–"}`), ...(line ? wrap(`Pinjaman ${line.number}`) : []), RULE,
      ...up2k.says(item).flatMap(([words, value]) => ends(words, value)), ...ends("JUMLAH", rupiah(sum)), ...wrap(`(${terbilang(sum)})`), RULE,
      ...wrap(`Penerima: ${user_name}`), ...wrap(record.state === "saved" ? "Sudah tercatat di portal." : "Nomor kuitansi resmi diberikan portal sesudah terkirim.")];
  }

  const STATE = { saved: ["ok", "Sudah tercatat di portal."], waiting: ["warn", "Tersimpan di HP ini, menunggu sinyal."], sending: ["warn", "Tersimpan di HP ini, sedang dikirim."] };

  async function mount(el, [, uuid], data) {
    async function draw() {
      const record = await up2k.queue.get(uuid);
      if (!location.hash.endsWith(uuid)) return;
      const me = await up2k.me();
      const links = h("div", { class: "acts" }, h("a", { class: "btn", href: "/luring/#setoran" }, icon("cash"), "Catat setoran lain"), h("a", { class: "btn", href: "/antrean/" }, "Ke antrean"));
      if (!record || record.user !== me?.id) return up2k.views.page(el, "Tanda terima sementara", note("info", "Setoran ini tidak ada lagi di HP ini."), links);
      const [kind, words] = STATE[record.state] || ["bad", "Belum tercatat di portal: perlu dilihat di antrean."];
      const print_ = button("Cetak", () => print(), "btn btn-primary", "print");
      const official = record.url && h("a", { class: "btn", href: record.url }, `Kuitansi ${record.number}`);
      up2k.views.page(el, "Tanda terima sementara", h("div", { class: "acts-note" }, note(kind, words, record.state === "saved" ? "" : "Beri tahu penyetor kodenya; kuitansi resmi menyusul.")), h("section", { class: "u-card" }, h("pre", { class: "struk" }, lines(record, data).join("\n"))), h("div", { class: "acts" }, print_, official), links);
    }
    up2k.queue.onChange(draw);
    await draw();
  }

  up2k.views.register(/^\/luring\/#tanda-terima\/([-\w]+)$/, mount);
})();
