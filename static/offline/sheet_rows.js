/* The rows of the Lembar Setoran as they stand on the page: one table, whose rows are cards on a phone.
   A row: {line, index, due, entry, saved, records, isAbsent, isAdding, isOpen, isSplit, editing, problem, el}. */
(() => {
  "use strict";
  const { up2k } = window;
  const sheet = up2k.sheet;
  const { dots, rupiah, CELLS, PARTS } = sheet;
  const h = (...parts) => up2k.h(...parts);
  const icon = (name) => up2k.icon(name);
  const CELL_WORDS = { paid: "Dibayar", voluntary: "Sukarela", withdraw: "Tarik" };
  const PART_WORDS = { loan: "Angsuran", mandatory: "Simpanan wajib", contribution: "Iuran", initial: "Simpanan pokok" };
  const STATES = {
    saved: ["Tersimpan", "check", "ok quiet"],
    sending: ["Mengirim", "send", "info"],
    waiting: ["Menunggu sinyal", "clock", "warn"],
    wrong: ["Salah", "stop", "bad"],
    conflict: ["Berbeda isi", "stop", "bad"],
    locked: ["Terkunci", "lock", "lock"],
    absent: ["Tidak hadir", "dash", "mute"],
    typing: ["Sedang diisi", "pen", "info"],
    nothing: ["Tidak membayar", "dash", "mute"],
    open: ["Belum diisi", "", "plain"],
  };

  const badge = (state) => {
    const [word, mark, css] = STATES[state];
    return h("span", { class: `u-st ${css}` }, ...(mark ? [icon(mark)] : []), word);
  };
  const button = (act, words, css = "btn btn-sm", extra = {}) => h("button", { type: "button", class: css, "data-act": act, ...extra }, ...[words].flat());

  /* ---- what a row is ---- */
  const money = (row) => row.records.filter(({ item }) => item.kind === "row" || item.kind === "total");
  const standing = (row) => money(row).filter(({ uuid, state }) => state !== "refused" && uuid !== row.editing);
  const refused = (row) => money(row).find(({ state }) => state === "refused");

  /* Of two versions of one payment the portal's is the one that was paid. */
  const NOTHING = sheet.moneyOf({});
  /* What the portal had when the data were fetched is in their dues already. */
  const isAfter = ({ state, saved_at, theirs }, row) => !theirs && !(state === "saved" && saved_at < (row.since || 0));

  /* Receipts of the server, those that came since, and what still waits, each with what it brought. */
  function papers(row) {
    const known = new Set(row.saved.receipts.map(({ number }) => number));
    const since = standing(row).filter(({ number }) => !number || !known.has(number));
    return [
      ...row.saved.receipts.map(({ number, url, amounts }) => ({ number, url, state: "saved", money: sheet.moneyOf(amounts), savings: amounts.savings || {} })),
      ...since.map((record) => ({ ...record, money: known.has(record.theirs?.number) ? NOTHING : sheet.moneyOf(record.item), savings: record.item.savings || {}, isNew: isAfter(record, row) })),
    ];
  }

  /* What is still due: the data's dues without what was recorded since they were made. */
  function dueNow(row) {
    const due = { ...row.due };
    for (const { isNew, item, savings } of papers(row)) {
      if (!isNew) continue;
      due.loan = Math.max(0, due.loan - (item.amount || 0));
      for (const kind of ["mandatory", "contribution"]) due[kind] = Math.max(0, due[kind] - (savings[kind] || 0));
    }
    due.total = due.loan + due.mandatory + due.contribution;
    return due;
  }

  const read = (row) => sheet.read(row.entry, row.line, dueNow(row));
  const isShown = (row) => row.isAbsent || Boolean(row.locked) || (papers(row).length > 0 && !row.isAdding && !row.editing);

  function stateOf(row) {
    const last = papers(row).at(-1);
    if (isShown(row) && last) return last.state === "sending" && !navigator.onLine ? "waiting" : last.state;
    if (row.isAbsent) return "absent";
    if (row.locked) return "locked";
    if (sheet.isBlank(row.entry)) return row.problem ? "wrong" : "open";
    const found = read(row);
    if (Object.keys(found.wrong).length || row.problem) return "wrong";
    return found.isTyped && !found.income && !found.withdraw ? "nothing" : "typing";
  }

  /* Rupiah that a row has brought to the table: recorded, waiting, refused and still to mend, or typed just now. */
  function broughtBy(row) {
    const recorded = sheet.sum(papers(row).map((one) => one.money.net));
    return isShown(row) || sheet.isBlank(row.entry) ? recorded : recorded + read(row).net;
  }

  /* ---- the row's cells ---- */
  function build(row, number) {
    const { line } = row;
    row.el = h("tbody", { class: "s-row", id: `baris-${line.key}`, "data-key": line.key });
    const about = [row.isTwin || line.poklak ? line.number : "", line.poklak && line.poklak !== line.name ? line.poklak : ""].filter(Boolean).join(", ");
    row.cells = h("tr", {});
    row.more = h("tr", { class: "s-more" });
    row.fixed = [
      h("td", { class: "num c-no" }, String(number)),
      h("th", { scope: "row", class: "c-name" }, h("b", {}, line.name), about && h("small", { class: "sub" }, about), h("small", { class: "sub s-about only-p" }, sheet.dueWords(row.due))),
    ];
    row.el.append(row.cells, row.more);
    paint(row);
    return row.el;
  }

  const amount = (n, css, extra = {}) => h("td", { class: `num ${css}`, ...extra }, n ? dots(n) : h("span", { class: "nil" }, "–"));

  /* Once paid, the loan's part is told in one sum: what is left of its dues and what was paid. */
  function dueCells(row) {
    const paid = row.saved.receipts.map(({ amounts }) => amounts);
    const { due } = row;
    const saved = (kind) => sheet.sum(paid.map((one) => (one.savings || {})[kind] || 0));
    const loan = sheet.sum(paid.map((one) => one.amount || 0));
    const [mandatory, contribution] = [due.mandatory + saved("mandatory"), due.contribution + saved("contribution")];
    const parts = loan ? [amount(due.loan + loan, "c-part", { colspan: "2" })] : [amount(due.principal, "c-part"), amount(due.fee + due.penalty, "c-part")];
    return [...parts, amount(mandatory, "c-part"), amount(contribution, "c-part"), amount(due.loan + loan + mandatory + contribution, "c-due")];
  }

  const isUsable = (row, cell) => cell === "paid" || (row.line.member && (cell === "voluntary" || row.line.withdrawable || row.entry.withdraw));

  function box(row, cell) {
    const id = `${cell}-${row.line.key}`;
    const due = dueNow(row).total;
    const hint = cell === "paid" && due ? dots(due) : "";
    row.boxes[cell] = h("input", {
      id, type: "text", inputmode: "numeric", autocomplete: "off", enterkeyhint: "next", "data-cell": cell, "data-rupiah": "",
      "aria-label": `${CELL_WORDS[cell]}, ${row.line.name}${hint ? `, tagihan ${hint}` : ""}`, placeholder: hint,
      "aria-describedby": `pesan-${row.line.key}`,
    });
    row.boxes[cell].value = row.entry[cell];
    return h("td", { class: `cell c-${cell}` }, h("label", { for: id }, CELL_WORDS[cell], cell === "withdraw" ? h("small", { class: "sub" }, ` dari ${dots(row.line.withdrawable || 0)}`) : ""), row.boxes[cell]);
  }

  function shownCell(row, cell) {
    const all = sheet.sum(papers(row).map((one) => one.money[cell]));
    return h("td", { class: `num cell is-shown c-${cell}` }, all ? h("b", {}, h("span", { class: "only-p" }, `${CELL_WORDS[cell]} `), dots(all)) : "");
  }

  function paintCells(row) {
    const mode = isShown(row) ? "shown" : "edit";
    const due = dueNow(row).total;
    const look = `${mode} ${due} ${mode === "shown" ? JSON.stringify(papers(row).map((one) => one.money)) : row.saved.receipts.length}`;
    if (look !== row.look) {
      row.look = look;
      row.boxes = {};
      const cells = CELLS.map((cell) => (mode === "shown" ? shownCell(row, cell) : isUsable(row, cell) ? box(row, cell) : h("td", { class: `cell c-${cell} is-none` })));
      row.end = h("div", { class: "s-end" });
      row.cells.replaceChildren(...row.fixed, ...dueCells(row), ...cells, h("td", { class: "c-end" }, row.end));
      row.moreLook = "";
    }
    const found = mode === "edit" && !sheet.isBlank(row.entry) ? read(row) : { wrong: {} };
    for (const [cell, input] of Object.entries(row.boxes)) {
      if (input.value !== row.entry[cell] && (input !== document.activeElement || row.isFilled)) input.value = row.entry[cell];
      input.classList.toggle("is-bad", Boolean(found.wrong[cell]));
      if (found.wrong[cell]) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
      input.placeholder = cell !== "paid" ? "" : row.entry.parts ? "" : due ? dots(due) : "";
    }
    row.isFilled = false;
  }

  /* ---- the row's end: its state and its one act ---- */
  function paintEnd(row, state) {
    const due = dueNow(row).total;
    const parts = [];
    const last = papers(row).at(-1);
    const short = shortOf(row, state);
    parts.push(h("span", { class: "s-state" }, badge(state), short && h("small", { class: "t-warn" }, short)));
    if (isShown(row) && last?.number) parts.push(links(last));
    const isEdit = !isShown(row);
    const name = row.line.name;
    if (isEdit && state === "open" && due) {
      parts.push(button("pay", [icon("check"), h("span", {}, "Sesuai", h("span", { class: "only-p" }, ` tagihan ${rupiah(due)}`))], "btn btn-sm s-main", { "aria-label": `Sesuai tagihan ${rupiah(due)}, ${name}` }));
    } else if (isEdit && state !== "open" && state !== "nothing") {
      parts.push(button("save", [icon("check"), "Simpan"], "btn btn-sm btn-primary s-main", { "aria-label": `Simpan ${name}` }));
    }
    if (!row.locked || last) parts.push(button("more", "Lain", "btn btn-sm s-lain", { "aria-label": `Lain, ${name}`, "aria-expanded": String(row.isOpen), "aria-controls": `rinci-${row.line.key}` }));
    const focused = row.end.contains(document.activeElement) && document.activeElement.dataset.act;
    row.end.replaceChildren(...parts);
    if (focused) (row.end.querySelector(`[data-act=${focused}]`) || row.end.querySelector("button"))?.focus({ preventScroll: true });
  }

  const fixUrl = ({ url }) => (/^\/angsuran\/\d+\/$/.test(url || "") ? `${url}koreksi/` : "");
  function links(paper) {
    const short = paper.number.replace(/^.*-(?=\d{4}-)/, "");
    return h("small", { class: "s-links" },
      ...(paper.url ? [h("a", { href: paper.url, "aria-label": `Bukti ${paper.number}` }, `Bukti ${short}`)] : [`Bukti ${short}`]),
      ...(fixUrl(paper) ? [" ", h("a", { href: fixUrl(paper), "aria-label": `Koreksi ${paper.number}` }, "Koreksi")] : []));
  }

  function shortOf(row, state) {
    if (state === "absent" || state === "open" || state === "wrong") return "";
    const left = isShown(row) ? dueNow(row).total : read(row).short;
    const all = left + sheet.sum(papers(row).map((one) => one.money.paid));
    return left && all > left || left && state === "typing" ? `Kurang ${dots(left)}` : "";
  }

  Object.assign(sheet, { rows: { build, paint: (row) => paint(row), papers, dueNow, read, isShown, stateOf, broughtBy, refused, button, badge, links, money, fixUrl, CELL_WORDS, PART_WORDS } });

  function paint(row) {
    paintCells(row);
    const state = stateOf(row);
    row.el.dataset.state = state;
    row.el.classList.toggle("open", row.isOpen);
    paintEnd(row, state);
    sheet.paintMore(row, state);
    row.state = state;
  }
})();
