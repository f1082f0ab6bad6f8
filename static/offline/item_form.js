/* Fields of an item as the portal draws them: label, hint, error, box, words; errors above and at the field, same words. */
(() => {
  "use strict";
  const up2k = window.up2k;
  const { h, icon } = up2k;
  const { amountOf, terbilang, dots } = up2k.money;
  const UNCLEAR = "Tulis rupiah bulat, misalnya 50.000.";
  const NO_DAY = "Tulis tanggalnya, misalnya 240926 atau 24-09-2026.";
  /* The boxes of an item: [name, label, where it stands in the item]. */
  const BOXES = {
    amount: ["Untuk angsuran", "amount"], mandatory: ["Simpanan wajib", "savings"], voluntary: ["Simpanan sukarela", "savings"],
    contribution: ["Iuran", "savings"], initial: ["Simpanan pokok", "savings"], withdraw: ["Tarik simpanan sukarela", "withdraw"],
  };
  const valueIn = (item, name) => (name === "amount" ? item.amount : name === "withdraw" ? item.withdraw?.voluntary : item.savings?.[name]) || 0;

  function money(name, label, value, { big = false, optional = false, hint = "" } = {}) {
    const id = `id_${name}`;
    const box = h("input", { id, name, type: "text", inputmode: "numeric", autocomplete: "off", "data-rupiah": true, class: big && "big", value: value ? dots(value) : "", "aria-describedby": `${id}_words` });
    return h("div", { class: "u-field money" },
      h("label", { for: id }, label, optional && h("span", { class: "opt" }, " (boleh dikosongkan)")),
      hint && h("p", { class: "hint" }, hint),
      h("div", { class: `u-in money${big ? " big" : ""}` }, h("span", { class: "pre" }, "Rp"), box),
      h("p", { class: "words", id: `${id}_words`, "aria-live": "polite" }, value ? terbilang(value) : ""));
  }

  function day(on) {
    return h("div", { class: "u-field date" },
      h("label", { for: "id_on" }, "Tanggal bayar"), h("p", { class: "hint", id: "id_on_hint" }, "misalnya 240926 atau 24-09-2026"),
      h("div", { class: "u-in date" }, h("input", { id: "id_on", name: "on", type: "text", inputmode: "numeric", autocomplete: "off", value: up2k.typedDay(on), "aria-describedby": "id_on_hint" })),
      h("div", { class: "u-chips mt-1", "data-days": "id_on" }, [["0", "Hari ini"], ["1", "Kemarin"]].map(([back, words]) => h("button", { class: "u-chip", type: "button", "data-back": back }, words))));
  }

  /* Amounts by name, with what is wrong: {values, errors: {name: sentence}}. */
  function amounts(form, names) {
    const values = {}, errors = {};
    for (const name of names) {
      const text = form.elements[name]?.value.trim() || "";
      const amount = text ? amountOf(text) : 0;
      if (amount === null) errors[name] = UNCLEAR;
      else values[name] = amount;
    }
    return { values, errors };
  }

  function dayIn(form, group) {
    const on = up2k.dayOf(form.elements.on.value);
    if (!on) return { error: NO_DAY };
    if (on > document.body.dataset.today) return { error: `Tanggal tidak boleh sesudah hari ini, ${up2k.dayWords(document.body.dataset.today)}.` };
    if (group && Number(on.slice(0, 7).replace("-", "")) <= group.closed_through) return { error: "Bulan itu sudah ditutup. Pilih tanggal sesudahnya, atau tanyakan kecamatan." };
    return { on };
  }

  /* The summary takes the focus; each of its lines leads to the field that says the same. */
  function showErrors(form, errors) {
    for (const old of form.querySelectorAll(".err, [data-errors]")) old.remove();
    for (const field of form.querySelectorAll(".has-err")) field.classList.remove("has-err");
    const found = Object.entries(errors);
    if (!found.length) return false;
    for (const [name, words] of found) atField(form.elements[name], words);
    const lines = found.map(([name, words]) => h("li", {}, form.elements[name] ? h("a", { href: `#id_${name}`, onclick: (event) => (event.preventDefault(), form.elements[name].focus()) }, words) : words));
    const summary = h("div", { class: "u-note bad", role: "alert", tabindex: "-1", "data-errors": true }, icon("stop"), h("div", {}, h("b", {}, `Ada ${found.length} yang perlu diperbaiki`), h("ul", {}, lines)));
    form.prepend(summary);
    summary.focus();
    document.title = `Galat: ${document.title.replace(/^Galat: /, "")}`;
    return true;
  }

  function atField(input, words) {
    const field = input?.closest(".u-field");
    if (!field) return;
    field.classList.add("has-err");
    input.setAttribute("aria-invalid", "true");
    field.querySelector(".u-in").before(h("p", { class: "err" }, icon("stop"), h("span", {}, words)));
  }

  /* ---- "Ubah": an item that waits or was refused ---- */
  const boxesOf = ({ kind, loan, savings, withdraw, amount }) => (kind === "total" ? ["amount"] : Object.keys(BOXES).filter((name) =>
    (name === "amount" ? loan || amount : name === "initial" ? savings?.initial : name === "withdraw" ? withdraw?.voluntary : true)));

  function edited(item, values) {
    const savings = Object.fromEntries(Object.entries(values).filter(([name, value]) => BOXES[name][1] === "savings" && value));
    return { ...item, amount: values.amount || 0, ...(item.kind === "row" && { savings, withdraw: values.withdraw ? { voluntary: values.withdraw } : {} }) };
  }

  /* The server speaks of "savings.mandatory"; here the box is "mandatory". */
  const named = (fields) => Object.fromEntries(Object.entries(fields || {}).map(([name, words]) => [name.replace(/^withdraw.*/, "withdraw").replace(/^savings\.?/, "") || "amount", words]));

  const hasFields = ({ fields }) => Object.keys(fields || {}).length > 0;

  async function edit(el, [, uuid], data) {
    const record = await up2k.queue.get(uuid);
    const me = await up2k.me();
    if (!record || record.user !== me?.id || record.state === "saved") return up2k.views.page(el, "Ubah setoran", up2k.note("info", "Setoran ini tidak lagi menunggu di HP ini."), toQueue());
    const { item } = record;
    if (item.kind === "absent" || item.kind === "count") return up2k.views.page(el, "Ubah setoran", up2k.note("info", "Yang ini diubah dari lembarnya."), h("a", { class: "btn btn-primary", href: `/kelompok/${item.group}/lembar/${item.on}/` }, "Buka lembar"), toQueue());
    const names = boxesOf(item);
    const form = h("form", { class: "u-form", novalidate: true },
      names.map((name) => money(name, item.kind === "total" ? "Jumlah dibayar" : BOXES[name][0], valueIn(item, name), { big: item.kind === "total", optional: item.kind !== "total" })),
      item.kind === "total" && day(item.on),
      h("div", { class: "submit" }, h("button", { class: "btn btn-primary" }, "Simpan perubahan")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      store(form, record, names, data).catch((error) => showErrors(form, { "": error.message }));
    });
    up2k.views.page(el, `Ubah setoran ${record.person}`, h("p", { class: "sub" }, up2k.dayWords(item.on)), record.message && !hasFields(record) && up2k.note("warn", record.message), form, toQueue());
    if (hasFields(record)) showErrors(form, named(record.fields));
  }

  async function store(form, record, names, data) {
    const { values, errors } = amounts(form, names);
    const isTotal = record.item.kind === "total";
    const { on = record.item.on, error } = isTotal ? dayIn(form, data?.groups.find(({ id }) => id === record.item.group)) : {};
    if (error) errors.on = error;
    if (!Object.keys(errors).length && !Object.values(values).some(Boolean)) errors.amount = "Belum ada jumlah yang diisi, misalnya 50.000.";
    if (showErrors(form, errors)) return;
    await up2k.queue.replace(record.uuid, { ...edited(record.item, values), on }, record.person);
    location.href = "/antrean/";
  }

  const toQueue = () => h("a", { class: "btn", href: "/antrean/" }, "Ke antrean");
  up2k.views.register(/#ubah\/([-\w]+)$/, edit);
  up2k.fields = { money, day, amounts, dayIn, showErrors, BOXES, valueIn };
})();
