/* Catat satu setoran without signal: who, how much, check, keep. The portal divides the amount and gives the number. */
(() => {
  "use strict";
  const up2k = window.up2k;
  const { h, icon, note, button, facts, rupiah, queue } = up2k;
  const { terbilang } = up2k.money;
  const { money, day, amounts, dayIn, showErrors } = up2k.fields;
  const STEPS = ["Anggota", "Jumlah", "Periksa"];
  const PARTS = ["mandatory", "voluntary", "contribution"];
  const TITLE = "Catat satu setoran";

  const steps = (at) => h("ol", { class: "u-steps" }, STEPS.map((words, number) => h("li", { class: number < at ? "done" : number === at ? "on" : null, "aria-current": number === at && "step" }, words)));
  const loanDue = (line, on) => line.rows.filter(([due]) => due <= on).reduce((all, [, principal, fee]) => all + principal + fee, line.penalty);
  const savingDue = (line) => line.mandatory.due + line.contribution.due;
  const what = (line) => (line.loan ? `Pinjaman ${line.number}${line.purpose ? `, ${line.purpose}` : ""}` : "Simpanan dan iuran");
  const age = (data) => h("p", { class: "asof" }, `Menurut data di HP ini, ${up2k.momentWords(data.checked_at)}.`);

  function pick(el, match, data) {
    if (!data) return up2k.views.page(el, TITLE, note("info", "Data desa belum ada di HP ini.", "Buka portal sekali dengan sinyal, lalu datanya ikut tersimpan."));
    const list = h("ul", { class: "u-rows" });
    const box = h("input", { type: "search", id: "id_q", autocomplete: "off", "aria-describedby": "id_q_count" });
    const count = h("p", { class: "hint", id: "id_q_count", role: "status" });
    function narrow() {
      const wanted = box.value.trim().toLowerCase();
      const found = data.lines.filter(({ name, number, poklak }) => [name, number, poklak].some((text) => (text || "").toLowerCase().includes(wanted)));
      list.replaceChildren(...found.map((line) => row(line, data)));
      count.textContent = found.length ? `${found.length} nama` : "Tidak ada nama seperti itu. Periksa ejaannya.";
    }
    box.addEventListener("input", narrow);
    narrow();
    up2k.views.page(el, "Siapa yang menyetor?", steps(0),
      h("div", { class: "u-field" }, h("label", { for: "id_q" }, "Cari nama atau nomor pinjaman"), h("div", { class: "u-in" }, h("span", { class: "pre" }, icon("search")), box), count),
      h("section", { class: "u-card flush" }, list), age(data));
  }

  function row(line, data) {
    const group = data.groups.length > 1 ? `, ${data.groups.find(({ id }) => id === line.group)?.name}` : "";
    const due = loanDue(line, document.body.dataset.today) + savingDue(line);
    return h("li", {}, h("div", { class: "grow" }, h("b", {}, h("a", { href: `/luring/#setoran/${line.key}/${line.group}` }, line.name)), h("br"), h("small", { class: "sub" }, what(line) + group)), h("b", { class: "rp" }, due ? rupiah(due) : "–"));
  }

  /* What was kept in this phone for a line and is not in the data: it waits, or came since they were fetched. */
  const brought = ({ item }) => (item.amount || 0) + Object.values(item.savings || {}).reduce((all, one) => all + one, 0);
  async function since(line, data) {
    const isOf = ({ item }) => item.group === line.group && (item.kind === "row" || item.kind === "total") && (line.loan ? item.loan === line.loan : item.member === line.member && !item.loan);
    return (await queue.all()).filter((record) => isOf(record) && !(record.state === "saved" && record.saved_at < data.checked_at));
  }

  async function pay(el, [, key, group], data) {
    const line = data?.lines.find((one) => one.key === key && String(one.group) === group);
    if (!line) return pick(el, null, data);
    const state = { uuid: up2k.uuid4(), on: document.body.dataset.today, values: null };
    const kept = (await up2k.drafts.all("payment"))[`${group} ${key}`];
    fill(el, line, data, kept?.values && kept.day === state.on ? { ...state, ...kept, isKept: true } : state);
  }

  /* What waits for the same person already: a second payment is her choice, not a slip. */
  function already(line, rows) {
    const sum = rupiah(rows.reduce((all, record) => all + brought(record), 0));
    return rows.length ? note("warn", `${rows.length} setoran ${line.name} sudah dicatat di HP ini, ${sum}.`, "Catat lagi hanya bila uangnya memang lain.") : null;
  }

  async function fill(el, line, data, state) {
    const rows = await since(line, data);
    const due = Math.max(0, loanDue(line, state.on) + savingDue(line) - rows.reduce((all, record) => all + brought(record), 0));
    const left = (name) => Math.max(0, line[name].due - rows.reduce((all, { item }) => all + (item.savings?.[name] || 0), 0));
    const first = { amount: due, mandatory: left("mandatory"), contribution: left("contribution"), voluntary: 0 };
    const values = state.values || first;
    const boxes = line.loan
      ? [money("amount", "Jumlah dibayar", values.amount, { big: true, hint: due ? "Sudah diisi sesuai tagihan. Ubah bila berbeda." : "Belum ada tagihan; isi yang diterima." })]
      : PARTS.map((name) => money(name, up2k.fields.BOXES[name][0], values[name], { optional: true }));
    const form = h("form", { class: "u-form", novalidate: true }, boxes, day(state.on), h("div", { class: "submit" }, h("button", { class: "btn btn-primary" }, "Lanjut: periksa", icon("right"))));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const read = amounts(form, line.loan ? ["amount"] : PARTS);
      const { on, error } = dayIn(form, data.groups.find(({ id }) => id === line.group));
      const errors = { ...read.errors, ...(error && { on: error }) };
      const isEmpty = !Object.keys(errors).length && !Object.values(read.values).some(Boolean);
      if (isEmpty) errors[line.loan ? "amount" : "mandatory"] = "Belum ada jumlah yang diisi, misalnya 50.000.";
      if (!showErrors(form, errors)) check(el, line, data, { ...state, on, values: read.values });
    });
    form.addEventListener("input", () => up2k.drafts.put("payment", `${line.group} ${line.key}`, { values: { ...values, ...amounts(form, line.loan ? ["amount"] : PARTS).values }, on: up2k.dayOf(form.elements.on.value) || state.on, day: document.body.dataset.today }).catch(() => {}));
    const bill = [["Tagihan pinjaman", loanDue(line, state.on)], ["Simpanan wajib", line.mandatory.due], ["Iuran", line.contribution.due], ["Sudah dicatat di HP ini", rows.reduce((all, record) => all + brought(record), 0)], ["Sisa pinjaman", line.left]].filter(([, amount]) => amount);
    up2k.views.page(el, `Berapa yang dibayar ${line.name}?`, steps(1), h("p", { class: "sub" }, what(line)), already(line, rows), state.isKept && note("info", "Isian tadi dipulihkan.", "Belum tersimpan: periksa jumlah dan tanggalnya."),
      bill.length ? h("details", { class: "fold" }, h("summary", {}, "Tagihan", h("b", { class: "rp" }, rupiah(due))), facts(bill.map(([words, amount]) => [words, rupiah(amount), "rp"]))) : null, form, age(data));
  }

  function itemOf(line, { uuid, on, values }) {
    const whose = { uuid, group: line.group, on, member: line.member, loan: line.loan };
    if (line.loan) return { ...whose, kind: "total", amount: values.amount };
    return { ...whose, kind: "row", amount: 0, savings: Object.fromEntries(Object.entries(values).filter(([, amount]) => amount)) };
  }

  function check(el, line, data, state) {
    const item = itemOf(line, state);
    const total = Object.values(state.values).reduce((all, one) => all + one, 0);
    const save = button("Simpan di HP ini", async () => {
      save.disabled = true;
      try {
        const { uuid } = await queue.put(item, line.name);
        await up2k.drafts.clear("payment", `${line.group} ${line.key}`);
        location.replace(`/luring/#tanda-terima/${uuid}`);
      } catch (error) {
        save.disabled = false;
        save.before(note("bad", "Belum tersimpan.", error.message));
      }
    }, "btn btn-primary");
    up2k.views.page(el, "Periksa setoran", steps(2),
      h("section", { class: "u-card stack-s" }, h("div", { class: "u-stat" }, h("span", { class: "lab" }, `${line.name} membayar`), h("span", { class: "val big" }, rupiah(total))), h("p", { class: "words" }, terbilang(total)),
        facts([["Untuk", what(line)], ...(line.loan ? [] : up2k.says(item)), ["Tanggal", up2k.dayWords(state.on)], ["Masuk ke", "Kas di petugas"]]), line.loan && h("p", { class: "hint" }, "Portal yang membagi ke pokok, jasa dan simpanan saat terkirim.")),
      save, button("Ubah", () => fill(el, line, data, state)));
  }

  up2k.views.register(/^\/luring\/#setoran$/, pick);
  up2k.views.register(/^\/luring\/#setoran\/([-\w]+)\/(\d+)$/, pay);
})();
