/* Built by static/src/build.py: edit the parts in static/offline. */
(() => {
"use strict";
const up2k = (window.up2k ||= {});
const { amountOf, terbilang, dots } = up2k.money;
const CELLS = ["paid", "voluntary", "withdraw"];
const PARTS = ["loan", "mandatory", "contribution", "initial"];
const PIECES = [100000, 75000, 50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100];
const MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"];
const rupiah = (n) => `${n < 0 ? "−" : ""}Rp${dots(n)}`;
const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
function dayWords(iso) {
const [year, month, day] = iso.split("-").map(Number);
return `${day} ${MONTHS[month - 1]} ${year}`;
}
const clock = (at) => new Date(at + 8 * 3600e3).toISOString().slice(11, 16).replace(":", ".");
const FAULTS = [
[/^[-.,]*$/, () => "Isi jumlah rupiah dengan angka, misalnya 50.000."],
[/^[-−–]/, (text) => `Jumlah “${text}” tidak boleh negatif; tulis misalnya 50.000.`],
[/[^0-9.,\- ]/, (text) => `Jumlah “${text}” hanya boleh berisi angka 0–9 dan titik ribuan, misalnya 50.000.`],
[/\d /, (text) => `Jumlah “${text}” terpotong spasi; pisahkan ribuan dengan titik, misalnya 50.000.`],
[/,\d{3}(\D|$)/, (text) => `Jumlah “${text}” memakai koma; pisahkan ribuan dengan titik, misalnya 50.000.`],
[/\.\d{1,2}$/, (text) => `Jumlah “${text}” tidak jelas: sesudah titik harus tiga angka, misalnya 50.000.`],
[/,/, (text) => `Jumlah “${text}” memakai sen; tulis rupiah bulat tanpa koma, misalnya 50.000.`],
[/^/, (text) => `Jumlah “${text}” tidak jelas: letakkan titik tiap tiga angka, misalnya 50.000 atau 1.500.000.`],
];
const tidy = (text) => text.replace(/[ \t\u00a0\u2007\u2009\u202f]+/g, " ").trim();
function fault(text) {
const bare = text.toLowerCase().replace(/rp\.?/, "").trim();
return FAULTS.find(([pattern]) => pattern.test(bare))[1](text.slice(0, 40));
}
function parse(text) {
const said = tidy(text || "");
if (!said) return null;
const amount = amountOf(said);
if (amount === null) throw new Error(fault(said));
if (amount > 1e12) throw new Error("Jumlah ini terlalu besar: paling banyak 1.000.000.000.000. Periksa angka nolnya.");
return amount;
}
const monthsBetween = (from, to) => (+to.slice(0, 4) - +from.slice(0, 4)) * 12 + +to.slice(5, 7) - +from.slice(5, 7);
function savingDue(saving, madeOn, on) {
if (!saving) return 0;
return Math.max(0, (saving.due || 0) + (saving.monthly || 0) * monthsBetween(madeOn, on));
}
function dueOf(line, on, madeOn) {
const rows = (line.rows || []).filter(([day]) => day <= on);
const due = {
principal: sum(rows.map((row) => row[1])),
fee: sum(rows.map((row) => row[2])),
penalty: line.penalty || 0,
mandatory: savingDue(line.mandatory, madeOn, on),
contribution: savingDue(line.contribution, madeOn, on),
};
due.loan = due.principal + due.fee + due.penalty;
due.total = due.loan + due.mandatory + due.contribution;
return due;
}
const dueWords = (due) =>
[["pokok", due.principal], ["jasa", due.fee], ["denda", due.penalty], ["wajib", due.mandatory], ["iuran", due.contribution]]
.filter(([, amount]) => amount).map(([name, amount]) => `${name} ${dots(amount)}`).join(", ");
function share(total, line, due) {
const loan = Math.min(total, due.loan);
const mandatory = Math.min(total - loan, due.mandatory);
const contribution = Math.min(total - loan - mandatory, due.contribution);
const rest = total - loan - mandatory - contribution;
const toLoan = line.loan && !(line.member && line.ahead === "voluntary");
return { loan: loan + (toLoan ? rest : 0), mandatory, contribution, initial: 0, voluntary: toLoan ? 0 : rest };
}
const blank = () => ({ paid: "", voluntary: "", withdraw: "", parts: null, note: "" });
const isBlank = (entry) => !entry.parts && CELLS.every((name) => !entry[name].trim());
function unlikely(paid, line, due) {
const offered = [10, 100, 1000].map((times) => paid / times).find((one) => one === due.total) || due.total;
const words = `Lebih besar dari sisa pinjaman ${rupiah(line.left + (line.penalty || 0))}.`;
return { words: offered ? `${words} Mungkin maksudnya ${dots(offered)}?` : words, offered };
}
function read(entry, line, due) {
const wrong = {};
const take = (name, text) => {
try {
return parse(text);
} catch (error) {
wrong[name] = error.message;
return null;
}
};
const [paid, voluntary, withdraw] = CELLS.map((name) => take(name, entry[name]));
let parts = share(paid || 0, line, due);
if (entry.parts) {
parts = { voluntary: 0 };
for (const name of PARTS) parts[name] = take(name, entry.parts[name]) || 0;
}
const found = { parts, withdraw: withdraw || 0, wrong, offered: 0, isTyped: paid !== null || Boolean(entry.parts) };
parts.voluntary += voluntary || 0;
found.income = sum(Object.values(parts));
found.net = found.income - found.withdraw;
found.short = Math.max(0, due.total - (found.income - (voluntary || 0)));
check(found, line, due, paid);
found.isComplete = !Object.keys(wrong).length && (found.isTyped || !due.total) && found.income + found.withdraw > 0;
return found;
}
function check(found, line, due, paid) {
const { parts, wrong } = found;
if (!line.loan && parts.loan) wrong.loan = "Tidak ada pinjaman yang berjalan. Pindahkan jumlah ini ke simpanan.";
if (!line.loan && paid > due.total && line.member) {
wrong.paid = `Lebih ${rupiah(paid - due.total)} dari wajib dan iuran. Isi kelebihannya di Sukarela.`;
}
if (line.loan && line.left !== undefined && parts.loan > line.left + (line.penalty || 0)) {
const { words, offered } = unlikely(found.income - parts.voluntary, line, due);
wrong[found.isTyped && paid === null ? "loan" : "paid"] = words;
found.offered = offered;
}
const held = (line.withdrawable || 0) + parts.voluntary;
if (found.withdraw > held) {
wrong.withdraw = held ? `Simpanan sukarelanya ${rupiah(held)}. Tarik paling banyak sejumlah itu.` : "Belum ada simpanan sukarela yang dapat ditarik.";
}
}
const unfinished = (entry, found) =>
!found.isTyped && !isBlank(entry) ? "Dibayar belum diisi: tekan Sesuai, atau isi 0 bila tidak membayar." : "";
const item = (kind, sheet, rest) => ({ kind, group: sheet.group, on: sheet.on, ...rest });
function rowItem(sheet, line, found, order, note = "") {
const { loan, ...savings } = found.parts;
const more = found.withdraw ? { withdraw: { voluntary: found.withdraw } } : {};
return item("row", sheet, { member: line.member, loan: line.loan, amount: loan, savings, ...more, note, order });
}
const absentItem = (sheet, line, absent, order) => item("absent", sheet, { member: line.member, absent, order });
const countItem = (sheet, pieces, explanation) => item("count", sheet, { pieces, explanation, order: 9999 });
function entryOf(sent, line, due) {
const told = (n) => (n ? dots(n) : "");
const { mandatory = 0, contribution = 0, initial = 0, voluntary = 0 } = sent.savings || {};
const loan = sent.amount || 0;
const paid = loan + mandatory + contribution + initial;
const same = share(paid, line, due);
const isShared = same.loan === loan && same.mandatory === mandatory && same.contribution === contribution && !initial && !same.voluntary;
const parts = { loan: told(loan), mandatory: told(mandatory), contribution: told(contribution), initial: told(initial) };
return {
paid: isShared ? told(paid) || (voluntary || sent.withdraw ? "0" : "") : "",
voluntary: told(voluntary),
withdraw: told(sent.withdraw?.voluntary),
parts: isShared ? null : parts,
note: sent.note || "",
};
}
function moneyOf(sent) {
const savings = sent.savings || {};
const voluntary = savings.voluntary || 0;
const paid = (sent.amount || 0) + (savings.mandatory || 0) + (savings.contribution || 0) + (savings.initial || 0);
const withdraw = sent.withdraw?.voluntary || 0;
return { paid, voluntary, withdraw, net: paid + voluntary - withdraw };
}
function blockOf(text) {
const rows = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
return rows.map((row) => row.split("\t").map((cell) => (/^(?:rp\.?)?\s*[-–]$/i.test(tidy(cell)) ? "" : tidy(cell))));
}
const hasNames = (block) => block.every((row) => row.length > 1 && /[a-z]{2}/i.test(row[0].replace(/^rp\.?/i, "")));
function differenceWords(counted, expected) {
const off = counted - expected;
if (!off) return { off, text: "Uang di meja cocok dengan lembar." };
return { off, text: `Uang ${off < 0 ? "kurang" : "lebih"} ${rupiah(Math.abs(off))} dari lembar`, words: terbilang(Math.abs(off)) };
}
up2k.sheet = {
CELLS, PARTS, PIECES, rupiah, dots, sum, terbilang, dayWords, clock, parse, dueOf, dueWords, share, blank, isBlank, read, unfinished,
rowItem, absentItem, countItem, entryOf, moneyOf, blockOf, hasNames, differenceWords,
};
})();
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
const money = (row) => row.records.filter(({ item }) => item.kind === "row" || item.kind === "total");
const standing = (row) => money(row).filter(({ uuid, state }) => state !== "refused" && uuid !== row.editing);
const refused = (row) => money(row).find(({ state }) => state === "refused");
const NOTHING = sheet.moneyOf({});
const isAfter = ({ state, saved_at, theirs }, row) => !theirs && !(state === "saved" && saved_at < (row.since || 0));
function papers(row) {
const known = new Set(row.saved.receipts.map(({ number }) => number));
const since = standing(row).filter(({ number }) => !number || !known.has(number));
return [
...row.saved.receipts.map(({ number, url, amounts }) => ({ number, url, state: "saved", money: sheet.moneyOf(amounts), savings: amounts.savings || {} })),
...since.map((record) => ({ ...record, money: known.has(record.theirs?.number) ? NOTHING : sheet.moneyOf(record.item), savings: record.item.savings || {}, isNew: isAfter(record, row) })),
];
}
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
function broughtBy(row) {
const recorded = sheet.sum(papers(row).map((one) => one.money.net));
return isShown(row) || sheet.isBlank(row.entry) ? recorded : recorded + read(row).net;
}
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
(() => {
"use strict";
const { up2k } = window;
const sheet = up2k.sheet;
const { rupiah, dots, PARTS } = sheet;
const { papers, dueNow, read, isShown, button, badge, links, PART_WORDS } = sheet.rows;
const h = (...parts) => up2k.h(...parts);
function problems(row) {
if (row.problem) return [row.problem];
if (isShown(row)) return row.records.filter(({ state }) => state === "conflict" || state === "locked").map(({ message }) => message);
return [...new Set(Object.values(read(row).wrong))];
}
function offer(row) {
const offered = !isShown(row) && !row.entry.parts && read(row).offered;
return offered ? [button("use", `Pakai ${dots(offered)}`, "btn btn-sm", { "data-amount": String(offered) })] : [];
}
function versions(row) {
const found = row.records.find(({ state, theirs }) => state === "conflict" && theirs);
if (!found) return [];
const told = (content) => rupiah(sheet.moneyOf(content || {}).net);
return [h("p", { class: "s-versions" }, `Di portal ${told(found.theirs.content)}${found.theirs.number ? ` (${found.theirs.number})` : ""}, di HP ini ${told(found.item)}.`),
h("div", { class: "s-acts" }, button("theirs", "Pakai yang di portal"), button("renew", "Catat juga yang di HP ini"))];
}
function rest(row) {
const fold = h("details", { class: "fold s-fold" }, h("summary", {}, "Bagi sendiri, catatan"), parts(row), note(row));
fold.open = Boolean(row.isSplit || row.entry.parts || row.entry.note);
fold.addEventListener("toggle", () => (row.isSplit = fold.open));
return fold;
}
function parts(row) {
const found = sheet.share(read(row).isTyped ? read(row).income - (row.voluntary || 0) : dueNow(row).total, row.line, dueNow(row));
const names = PARTS.filter((name) => (name === "loan" ? row.line.loan : row.line.member));
return h("fieldset", { class: "s-parts", "aria-label": "Bagi sendiri" }, ...names.map((name) => {
const id = `${name}-${row.line.key}`;
const input = h("input", { id, type: "text", inputmode: "numeric", autocomplete: "off", "data-part": name, "data-rupiah": "", placeholder: row.entry.parts ? "" : dots(found[name] || 0) });
input.value = row.entry.parts?.[name] || "";
return h("label", { for: id }, PART_WORDS[name], input);
}));
}
function receipts(row) {
const found = papers(row);
if (!found.length) return [];
return [h("ul", { class: "s-papers" }, ...found.map((paper) => h("li", {}, h("b", { class: "rp" }, rupiah(paper.money.net)), ...(paper.number ? [links(paper)] : [badge(paper.state === "sending" ? "waiting" : paper.state)]))))];
}
function acts(row) {
const isWaiting = papers(row).some(({ state }) => state === "waiting");
const found = [];
if (row.line.member && !row.sheetLocked && !papers(row).length) {
found.push(row.isAbsent ? button("present", "Hadir") : button("absent", "Tidak hadir"));
}
if (papers(row).length && isShown(row) && !row.sheetLocked) found.push(button("again", "Tambah lagi"));
if (row.isAdding || row.editing) found.push(button("cancel", "Batal"));
if (isWaiting && isShown(row)) found.push(button("change", "Ubah"), button("take", "Urungkan"));
return found.length ? [h("div", { class: "s-acts" }, ...found)] : [];
}
function note(row) {
const id = `catatan-${row.line.key}`;
const input = h("input", { id, type: "text", maxlength: "200", autocomplete: "off", "data-note": "" });
input.value = row.entry.note;
return h("label", { for: id, class: "s-note" }, "Catatan (boleh dikosongkan)", input);
}
sheet.paintMore = function paintMore(row, state) {
const wrong = problems(row);
const look = [row.isOpen, isShown(row), wrong.join(), papers(row).map(({ number, state: one }) => number || one).join(), row.isAbsent, row.isAdding, row.editing, row.locked].join("|");
if (look !== row.moreLook) {
row.moreLook = look;
row.words = h("p", { class: "words" });
const body = [];
if (row.isOpen) body.push(row.words);
const message = h("p", { class: "err s-err", id: `pesan-${row.line.key}` });
if (wrong.length) message.append(up2k.icon("stop"), h("span", {}, wrong.join(" ")));
body.push(message, h("div", { class: "s-acts s-offer" }, ...offer(row)), ...versions(row));
if (row.locked && row.isOpen && row.lockedWhy) body.push(h("p", { class: "sub" }, row.lockedWhy));
if (row.isOpen) body.push(...receipts(row), ...acts(row), isShown(row) ? "" : rest(row), isShown(row) ? "" : (row.drafted = h("small", { class: "sub only-p" })));
row.more.replaceChildren(h("td", { class: "s-rest", colspan: "11", id: `rinci-${row.line.key}` }, ...body));
row.more.classList.toggle("has-none", !row.isOpen && !wrong.length);
}
const found = isShown(row) || sheet.isBlank(row.entry) ? null : read(row);
if (row.drafted) row.drafted.textContent = row.draftAt ? `Draf tersimpan ${sheet.clock(row.draftAt)}` : "";
row.words.textContent = found && found.income && !wrong.length ? sheet.terbilang(found.income) : "";
for (const input of row.more.querySelectorAll("[data-part]")) {
const said = row.entry.parts?.[input.dataset.part] || "";
if (input !== document.activeElement && input.value !== said) input.value = said;
}
};
sheet.problems = problems;
})();
(() => {
"use strict";
const { up2k } = window;
const sheet = up2k.sheet;
const { rupiah, CELLS } = sheet;
const { papers, dueNow, read, isShown, refused } = sheet.rows;
const SHOWN_FOR = 10e3;
sheet.acts = function acts(page) {
const where = { group: page.group, on: page.on };
const drafts = new Map();
function keepDraft(row) {
clearTimeout(drafts.get(row));
drafts.set(row, setTimeout(() => writeDraft(row), 300));
}
async function writeDraft(row) {
drafts.delete(row);
const draft = { entry: row.entry, isAdding: row.isAdding, editing: row.editing, at: Date.now() };
try {
if (sheet.isBlank(row.entry) && !row.entry.note) await up2k.drafts.clear(page.name, row.line.key);
else await up2k.drafts.put(page.name, row.line.key, draft);
page.tellDraft(draft.at);
row.draftAt = draft.at;
if (row.drafted) row.drafted.textContent = `Draf tersimpan ${sheet.clock(draft.at)}`;
} catch {
page.tellDraft(0);
}
}
async function dropDraft(row) {
clearTimeout(drafts.get(row));
drafts.delete(row);
await up2k.drafts.clear(page.name, row.line.key).catch(() => {});
}
function restore(found) {
let latest = 0;
for (const [key, draft] of Object.entries(found)) {
const row = page.byKey.get(key);
if (!row || (papers(row).length && !draft.isAdding && !draft.editing)) continue;
Object.assign(row, { entry: draft.entry, isAdding: draft.isAdding, editing: draft.editing, isFilled: true });
latest = Math.max(latest, draft.at);
}
return latest;
}
const past = [];
const copy = (entry) => ({ ...entry, parts: entry.parts && { ...entry.parts } });
function remember(...rows) {
past.push(rows.map((row) => ({ row, entry: copy(row.entry) })));
if (past.length > 200) past.shift();
}
function set(row, entry) {
row.entry = { ...row.entry, ...entry };
row.problem = "";
row.isFilled = true;
keepDraft(row);
}
function typed(row, cell, text) {
row.entry[cell] = text;
if (cell === "paid") row.entry.parts = null;
row.problem = "";
keepDraft(row);
page.repaint([row]);
}
function typedPart(row, part, text) {
if (!row.entry.parts) {
const found = read(row);
const told = sheet.share(found.isTyped ? found.income : dueNow(row).total, row.line, dueNow(row));
row.entry.parts = Object.fromEntries(sheet.PARTS.map((name) => [name, told[name] ? sheet.dots(told[name]) : ""]));
row.entry.paid = "";
}
row.entry.parts[part] = text;
row.problem = "";
keepDraft(row);
page.repaint([row]);
}
function takeBackEdit() {
const last = past.pop();
if (!last) return page.say("Tidak ada ketikan yang dapat dikembalikan.");
const open = last.filter(({ row }) => !isShown(row));
for (const { row, entry } of open) set(row, entry);
page.repaint(open.map(({ row }) => row));
page.say("Ketikan dikembalikan.");
return open[0]?.row;
}
async function commit(row, { isQuiet = false } = {}) {
if (isShown(row) || row.isSending || (page.isBusy && !isQuiet) || sheet.isBlank(row.entry)) return null;
const found = read(row);
if (!found.isComplete) {
row.problem = Object.keys(found.wrong).length ? "" : sheet.unfinished(row.entry, found);
if (row.problem || Object.keys(found.wrong).length) page.repaint([row]);
return null;
}
row.isSending = true;
const entry = copy(row.entry);
const item = sheet.rowItem(where, row.line, found, row.index + 1, row.entry.note);
try {
const record = await (row.editing ? up2k.queue.replace(row.editing, item, row.line.name) : up2k.queue.put(item, row.line.name));
if (!record) throw new Error("Setoran ini sudah terkirim. Salah? Pakai Koreksi pada buktinya.");
if (record.state === "refused") await up2k.queue.retry(record.uuid);
Object.assign(row, { entry: sheet.blank(), editing: "", isAdding: false, problem: "", isOpen: false });
await dropDraft(row);
if (!isQuiet) await page.sync();
const done = { row, entry, uuid: record.uuid };
row.draftAt = 0;
if (!isQuiet) page.toast(`${row.line.name} tersimpan, ${rupiah(found.net)}`, SHOWN_FOR, [done]);
return done;
} catch (error) {
row.problem = error.message || "Belum tersimpan di HP ini. Coba sekali lagi.";
page.repaint([row]);
return null;
} finally {
row.isSending = false;
}
}
function payAsDue(row) {
remember(row);
if (!row.entry.paid.trim() && !row.entry.parts) set(row, { paid: sheet.dots(dueNow(row).total) });
return commit(row);
}
function payable() {
return page.rows.filter((row) => {
if (isShown(row) || refused(row) || row.editing || row.isAdding) return false;
const entry = row.entry.paid.trim() || row.entry.parts ? row.entry : { ...row.entry, paid: sheet.dots(dueNow(row).total) };
const found = sheet.read(entry, row.line, dueNow(row));
row.proposed = found.isComplete ? { entry, net: found.net } : null;
return Boolean(row.proposed) && (dueNow(row).total > 0 || !sheet.isBlank(row.entry));
});
}
async function commitAll(rows, isAsDue) {
const done = [];
page.isBusy = true;
for (const row of rows) {
if (isAsDue) row.entry = row.proposed.entry;
const one = await commit(row, { isQuiet: true });
if (one) done.push(one);
page.say(`${done.length} dari ${rows.length} baris dicatat.`);
}
await page.sync().finally(() => (page.isBusy = false));
const sum = rupiah(sheet.sum(done.map(({ row }) => sheet.rows.broughtBy(row))));
page.toast(`${done.length} baris tersimpan, ${sum}`, SHOWN_FOR, done);
return done;
}
async function takeBack(done) {
let late = 0;
for (const { row, entry, uuid } of done) {
try {
const record = await up2k.queue.get(uuid);
if (record?.state !== "waiting" || record.tries) throw new Error();
await up2k.queue.remove(uuid);
row.editing = "";
set(row, entry);
} catch {
late++;
}
}
await page.sync();
page.toast(late ? `${late} setoran sudah dikirim, tidak dapat diurungkan. Salah catat? Pakai Ubah, atau Koreksi pada buktinya.` : "Diurungkan. Isinya masih ada di barisnya.", SHOWN_FOR);
}
function reopen(row, record) {
row.editing = record.uuid;
row.entry = sheet.entryOf(record.item, row.line, dueNow(row));
row.isFilled = true;
row.problem = record.state === "refused" ? record.message : "";
}
async function markAbsent(row, isAbsent) {
await up2k.queue.put(sheet.absentItem(where, row.line, isAbsent, row.index + 1), row.line.name);
if (isAbsent) set(row, sheet.blank());
row.isOpen = false;
await dropDraft(row);
await page.sync();
page.say(`${row.line.name}: ${isAbsent ? "tidak hadir" : "hadir"}.`);
}
const DO = {
pay: payAsDue,
save: (row) => commit(row),
more: (row) => (row.isOpen = !row.isOpen),
use: (row, button) => (remember(row), set(row, { paid: sheet.dots(Number(button.dataset.amount)) })),
absent: (row) => markAbsent(row, true),
present: (row) => markAbsent(row, false),
again: (row) => Object.assign(row, { isAdding: true, entry: sheet.blank(), isFilled: true }),
cancel: (row) => (Object.assign(row, { isAdding: false, editing: "", entry: sheet.blank(), problem: "", isFilled: true }), dropDraft(row)),
change: (row) => (reopen(row, papers(row).reverse().find(({ state }) => state === "waiting")), (row.isOpen = true)),
take: (row) => {
const record = papers(row).reverse().find(({ state }) => state === "waiting");
return record && takeBack([{ row, entry: sheet.entryOf(record.item, row.line, row.due), uuid: record.uuid }]);
},
theirs: (row) => Promise.all(row.records.filter(({ state }) => state === "conflict").map(({ uuid }) => up2k.queue.remove(uuid))),
renew: (row) => Promise.all(row.records.filter(({ state }) => state === "conflict").map(({ uuid }) => up2k.queue.renew(uuid))),
};
async function press(row, act, button) {
if (page.isBusy) return;
await DO[act](row, button);
page.repaint([row]);
}
function drop(row) {
Object.assign(row, { entry: sheet.blank(), isOpen: false, isFilled: true });
dropDraft(row);
}
return { press, drop, typed, typedPart, commit, commitAll, payable, payAsDue, remember, takeBack, takeBackEdit, set, restore, reopen, CELLS };
};
})();
(() => {
"use strict";
const { up2k } = window;
const sheet = up2k.sheet;
const { CELLS } = sheet;
const { isShown, dueNow } = sheet.rows;
const PAGE = 10;
const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE };
const SIDES = { ArrowLeft: -1, ArrowRight: 1 };
const CARDS = matchMedia("(max-width: 767.98px)");
sheet.keys = function keys(page, acts) {
const rowOf = (el) => page.byKey.get(el.closest("[data-key]")?.dataset.key);
const cellsOf = (cell) => [...page.table.querySelectorAll(`[data-cell=${cell}]`)].filter((one) => one.offsetParent);
function focusOn(input) {
input.focus();
input.select();
}
function move(input, by) {
const column = cellsOf(input.dataset.cell);
const at = column.indexOf(input) + by;
if (at < 0) return focusOn(column[0]);
if (at >= column.length && Math.abs(by) === 1) return page.bar.querySelector("button").focus();
focusOn(column[Math.min(at, column.length - 1)]);
}
function aside(event, input, by) {
const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
const atEdge = by < 0 ? input.selectionEnd === 0 : input.selectionStart === input.value.length;
const row = rowOf(input);
const names = CELLS.filter((name) => row.boxes[name]);
const next = row.boxes[names[names.indexOf(input.dataset.cell) + by]];
if (!(whole || atEdge) || !next) return;
event.preventDefault();
focusOn(next);
}
function edit(input) {
if (!input.value && input.placeholder) {
input.value = input.placeholder;
acts.typed(rowOf(input), input.dataset.cell, input.value);
}
input.setSelectionRange(input.value.length, input.value.length);
}
function takeBack(input) {
const row = rowOf(input);
const before = input.dataset.before ?? "";
if (input.value !== before) {
acts.set(row, { [input.dataset.cell]: before });
return page.repaint([row]);
}
const other = acts.takeBackEdit();
if (other?.boxes.paid) focusOn(other.boxes.paid);
}
function onKey(event) {
const input = event.target;
if (event.isComposing) return;
if (event.key === "?" && !input.matches("[data-note]")) return act(event, page.showKeys);
if (!input.matches("[data-cell]")) return onPartKey(event, input);
const row = rowOf(input);
if (event.key === "Enter") return act(event, () => onEnter(input, row, event.shiftKey ? -1 : 1));
if (event.key in STEPS) return act(event, () => move(input, STEPS[event.key]));
if (event.key in SIDES && !event.shiftKey && !event.ctrlKey) return aside(event, input, SIDES[event.key]);
if (event.key === "F2") return act(event, () => edit(input));
if (event.key === "Escape") return act(event, () => input.value !== (input.dataset.before ?? "") && takeBack(input));
if (event.key === " " && input.dataset.cell === "paid") {
return act(event, () => (acts.remember(row), acts.set(row, { paid: dueNow(row).total ? sheet.dots(dueNow(row).total) : "0", parts: null }), page.repaint([row])));
}
if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") return act(event, () => takeBack(input));
if (event.key === "/") return act(event, () => page.search.focus());
}
function act(event, run) {
event.preventDefault();
run();
}
function onEnter(input, row, by) {
if (CARDS.matches) return void acts.commit(row).then((done) => done && document.activeElement.blur());
const isLast = by > 0 && cellsOf(input.dataset.cell).at(-1) === input;
move(input, by);
if (isLast) acts.commit(row);
}
function onPartKey(event, input) {
if (event.key !== "Enter" || !input.matches("[data-part], [data-note]")) return;
event.preventDefault();
acts.commit(rowOf(input));
}
function paste(event) {
const input = event.target;
const text = event.clipboardData.getData("text");
if (!input.matches("[data-cell]") || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
event.preventDefault();
const block = sheet.blockOf(text);
const done = sheet.hasNames(block) ? byName(block) : inOrder(block, input);
page.repaint(done.rows);
input.dataset.before = input.value;
page.tellPasted(done);
}
function fill(row, names, cells, done) {
const texts = Object.fromEntries(names.map((name, at) => [name, cells[at]]).filter(([name, said]) => name && said));
if (!Object.keys(texts).length) return;
if (isShown(row)) return done.passed.push(row.line.name);
for (const name of Object.keys(texts)) {
try {
texts[name] = sheet.dots(sheet.parse(texts[name]));
} catch (error) {
done.unclear.push(`${row.line.name}: ${error.message}`);
}
}
done.rows.push(row);
done.texts.push(texts);
}
function apply(done) {
acts.remember(...done.rows);
done.rows.forEach((row, at) => acts.set(row, { ...done.texts[at], ...("paid" in done.texts[at] ? { parts: null } : {}) }));
return done;
}
const none = () => ({ rows: [], texts: [], passed: [], unclear: [], unknown: [] });
function inOrder(block, input) {
const done = none();
const from = page.rows.indexOf(rowOf(input));
const names = CELLS.slice(CELLS.indexOf(input.dataset.cell));
block.forEach((cells, at) => {
const row = page.rows[from + at];
if (row) fill(row, names, cells, done);
else if (cells.some(Boolean)) done.unknown.push(cells.join(" "));
});
return apply(done);
}
function byName(block) {
const done = none();
for (const [name, ...cells] of block) {
const row = page.rows.find(({ line }) => line.name.toLowerCase() === name.toLowerCase());
if (row) fill(row, CELLS, cells, done);
else if (cells.some(Boolean)) done.unknown.push(name);
}
return apply(done);
}
let pressed = null;
document.addEventListener("pointerdown", (event) => {
pressed = event.target.closest?.("[data-key]");
setTimeout(() => (pressed = null), 700);
}, true);
function onLeave(event) {
const body = event.target.closest("[data-key]");
const next = event.relatedTarget;
if (!body || body.contains(next) || (!next && (pressed === body || !document.hasFocus()))) return;
const row = rowOf(event.target);
if (!event.target.matches("[data-cell], [data-part], [data-note]")) return;
acts.commit(row);
}
page.table.addEventListener("keydown", onKey);
page.table.addEventListener("paste", paste);
page.table.addEventListener("focusout", onLeave);
page.table.addEventListener("focusin", ({ target }) => {
if (!target.matches("[data-cell]")) return;
target.dataset.before = target.value;
acts.remember(rowOf(target));
target.select();
});
document.addEventListener("input", ({ target }) => {
if (!page.table.contains(target)) return;
if (target.dataset.cell) acts.typed(rowOf(target), target.dataset.cell, target.value);
if (target.dataset.part) acts.typedPart(rowOf(target), target.dataset.part, target.value);
if ("note" in target.dataset) acts.set(rowOf(target), { note: target.value });
});
page.table.addEventListener("click", ({ target }) => {
const button = target.closest("[data-act]");
if (button) page.press(rowOf(button), button.dataset.act, button);
});
};
})();
(() => {
"use strict";
const { up2k } = window;
const sheet = up2k.sheet;
const { PIECES, dots, rupiah } = sheet;
const h = (...parts) => up2k.h(...parts);
const LINE = "hitung";
sheet.count = function count(page) {
const pieces = {};
const boxes = {}, sums = {};
const total = h("td", { class: "num", colspan: "2" });
const facts = h("dl", { class: "u-dl" });
const words = h("p", { class: "s-diff", role: "status" });
const cause = h("input", { id: "sebab", type: "text", maxlength: "300", autocomplete: "off", placeholder: "misalnya kembalian Ibu Fatimah" });
const causeField = h("div", { class: "u-field" }, h("label", { for: "sebab" }, "Sebab selisih"), h("p", { class: "err", id: "sebab_error" }), h("div", { class: "u-in" }, cause));
const save = h("button", { type: "button", class: "btn w-100" }, up2k.icon("check"), "Simpan hitungan");
const state = h("div", { class: "s-counted" });
const el = h("section", { class: "u-card s-count", id: "hitung", tabindex: "-1", "aria-labelledby": "hitung-judul" },
h("h2", { id: "hitung-judul" }, "Hitung uang di meja"), h("p", { class: "hint" }, "Tulis berapa lembar atau keping."),
h("table", { class: "s-pieces" }, h("thead", {}, h("tr", {}, h("th", { scope: "col", class: "num" }, "Pecahan"), h("th", { scope: "col", class: "num" }, "Lembar"), h("th", { scope: "col", class: "num" }, "Jumlah"))),
h("tbody", {}, ...PIECES.map(line)), h("tfoot", {}, h("tr", {}, h("th", { scope: "row" }, "Dihitung"), total))),
facts, words, causeField, save, state);
function line(piece) {
boxes[piece] = h("input", { type: "text", inputmode: "numeric", autocomplete: "off", maxlength: "6", enterkeyhint: "next", "data-piece": String(piece), "aria-label": `Lembar ${dots(piece)}` });
sums[piece] = h("td", { class: "num" });
return h("tr", {}, h("th", { scope: "row", class: "num" }, dots(piece)), h("td", { class: "cell" }, boxes[piece]), sums[piece]);
}
const countOf = (text) => (/^\d{1,6}$/.test(text.trim()) ? Number(text) : 0);
const isBad = (text) => Boolean(text.trim()) && !/^\d{1,6}$/.test(text.trim());
const counted = () => sheet.sum(PIECES.map((piece) => piece * (pieces[piece] || 0)));
const isEmpty = () => PIECES.every((piece) => !boxes[piece].value.trim());
function paint() {
for (const piece of PIECES) {
const isWrong = isBad(boxes[piece].value);
pieces[piece] = countOf(boxes[piece].value);
sums[piece].textContent = isWrong ? "angka saja" : pieces[piece] ? dots(piece * pieces[piece]) : "";
boxes[piece].setAttribute("aria-invalid", String(isWrong));
}
total.textContent = dots(counted());
const { onSheet, elsewhere, expected } = page.expected();
const rows = [["Menurut lembar ini", onSheet], ...(elsewhere ? [[elsewhere > 0 ? "Dari lembar lain, belum disetor" : "Sudah disetor ke kas", elsewhere]] : [])];
const found = sheet.differenceWords(counted(), expected);
if (rows.length > 1) rows.push(["Seharusnya di meja", expected]);
facts.replaceChildren(...rows.map(([name, sum]) => h("div", {}, h("dt", {}, name), h("dd", { class: "rp" }, rupiah(sum)))));
words.replaceChildren(...(isEmpty() ? [] : [h("b", {}, found.text), ...(found.words ? [`: ${found.words}.`] : [])]));
words.className = `s-diff ${isEmpty() ? "" : found.off ? "bad" : "ok"}`;
causeField.hidden = isEmpty() || !found.off;
page.tellCounted(isEmpty() ? null : found);
}
function fault(text) {
const line = causeField.querySelector(".err");
line.replaceChildren(...(text ? [up2k.icon("stop"), h("span", {}, text)] : []));
cause.setAttribute("aria-invalid", String(Boolean(text)));
causeField.classList.toggle("has-err", Boolean(text));
}
async function send() {
const wrong = PIECES.find((piece) => isBad(boxes[piece].value));
if (wrong) return boxes[wrong].focus();
if (isEmpty()) return boxes[PIECES[0]].focus();
const { off } = sheet.differenceWords(counted(), page.expected().expected);
if (off && !cause.value.trim()) {
fault("Tulis sebab selisihnya, misalnya kembalian belum diberikan.");
return cause.focus();
}
fault("");
const told = Object.fromEntries(PIECES.filter((piece) => pieces[piece]).map((piece) => [piece, pieces[piece]]));
const item = sheet.countItem(page, told, off ? cause.value.trim() : "");
const refused = page.counts.find(({ state: one }) => one === "refused" || one === "waiting");
await (refused ? up2k.queue.replace(refused.uuid, item, "Hitung uang di meja") : up2k.queue.put(item, "Hitung uang di meja"));
await up2k.drafts.clear(page.name, LINE).catch(() => {});
await page.sync();
}
function paintState() {
const last = page.counts.at(-1);
const { badge } = sheet.rows;
if (!last) return state.replaceChildren();
const key = last.state === "refused" ? "wrong" : last.state;
const mark = [badge(key), ...(last.url ? [" ", h("a", { href: last.url }, last.number || "Lihat hitungan")] : [])];
state.replaceChildren(h("p", {}, ...mark), ...(last.message ? [h("p", { class: "err" }, up2k.icon("stop"), h("span", {}, last.message))] : []));
}
function restore(draft) {
for (const piece of PIECES) boxes[piece].value = draft?.pieces?.[piece] ?? "";
cause.value = draft?.cause ?? "";
}
let timer;
el.addEventListener("input", () => {
paint();
clearTimeout(timer);
timer = setTimeout(async () => {
const said = Object.fromEntries(PIECES.map((piece) => [piece, boxes[piece].value]));
const at = Date.now();
await up2k.drafts.put(page.name, LINE, { pieces: said, cause: cause.value, at }).catch(() => {});
page.tellDraft(at);
}, 300);
});
el.addEventListener("keydown", (event) => {
const at = PIECES.indexOf(Number(event.target.dataset?.piece));
const by = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
if (at < 0 || !by) return;
event.preventDefault();
const next = boxes[PIECES[at + by]] || (by > 0 ? (causeField.hidden ? save : cause) : null);
next?.focus();
next?.select?.();
});
el.addEventListener("focusin", ({ target }) => target.select?.());
save.addEventListener("click", () => send().catch((error) => fault(error.message)));
return { el, paint, paintState, restore, LINE, open: () => (boxes[PIECES[0]].focus(), el.scrollIntoView({ block: "start" })) };
};
})();
(() => {
"use strict";
const { up2k } = window;
const sheet = up2k.sheet;
sheet.along = function along(page) {
const { h, icon } = up2k;
const words = h("p", { class: "sub small", role: "status" });
const go = h("button", { type: "button", class: "btn btn-sm", "aria-pressed": "false" });
const el = h("section", { class: "u-card s-along", "aria-label": "Pertemuan tanpa sinyal" }, words, go);
async function paint() {
const isAlong = await up2k.queue.isAlong(page.group, page.on);
words.textContent = isAlong ? "Lembar ini dibawa di HP ini. Yang lain melihat “menunggu 1 HP” sampai setorannya terkirim." : "Pertemuannya tanpa sinyal? Bawa lembar ini di HP.";
go.replaceChildren(icon(isAlong ? "check" : "down"), isAlong ? "Selesai, tidak dibawa lagi" : "Bawa lembar ini");
go.setAttribute("aria-pressed", String(isAlong));
}
async function press() {
const wanted = go.getAttribute("aria-pressed") !== "true";
try {
if (wanted && !(await up2k.village.refresh(true))) throw new Error("Data desa belum bisa disimpan di HP ini. Coba lagi saat ada sinyal.");
await up2k.queue.takeAlong(page.group, page.on, wanted);
await paint();
} catch (error) {
words.textContent = error.message;
}
}
go.addEventListener("click", press);
paint().catch(() => (el.hidden = true));
return el;
};
})();
(() => {
"use strict";
const { up2k } = window;
const sheet = up2k.sheet;
const { rupiah } = sheet;
const { button } = sheet.rows;
const h = (...parts) => up2k.h(...parts);
const SHORTLY = 3e3;
sheet.talk = function talk(page, acts) {
const notes = h("div", { class: "stack-s s-notes" });
const trouble = h("div", { class: "s-trouble", role: "status", "aria-live": "polite" });
const toast = h("div", { class: "s-toast", role: "status", "aria-live": "polite" });
const ask = h("div", { class: "s-ask", role: "group", "aria-label": "Bayar sesuai tagihan untuk semua" });
const all = button("all", "", "btn s-all");
function note(css, mark, title, ...more) {
const made = h("div", { class: `u-note ${css}` }, up2k.icon(mark), h("div", {}, h("b", {}, title), more.map((one) => (typeof one === "string" ? h("small", {}, one) : one))));
notes.append(made);
return made;
}
function tellTrouble() {
const wrong = page.rows.filter((row) => row.records.some(({ state }) => ["refused", "conflict", "locked"].includes(state)) && sheet.problems(row).length);
const told = wrong.map((row) => `${row.line.name}: ${sheet.problems(row).join(" ")}`);
if (told.join() === trouble.dataset.told) return;
trouble.dataset.told = told.join();
const links = wrong.map((row, at) => h("li", {}, h("a", { href: `#baris-${row.line.key}`, "data-to": row.line.key }, told[at])));
const facts = h("div", {}, h("b", {}, `Ada ${wrong.length} baris yang perlu diperbaiki`), h("ul", {}, links));
trouble.replaceChildren(...(wrong.length ? [h("div", { class: "u-note bad" }, up2k.icon("stop"), facts)] : []));
}
function say(words, time, done = []) {
clearTimeout(toast.timer);
const act = button("undo", "Urungkan", "");
toast.done = done;
toast.replaceChildren(h("span", { class: "grow s-said" }, words), done.length ? act : "");
act.addEventListener("click", () => (toast.replaceChildren(), acts.takeBack(done)));
toast.timer = setTimeout(() => toast.replaceChildren(), time);
}
function meetSent(uuids) {
if (!toast.querySelector("button") || !toast.done.some(({ uuid }) => uuids.includes(uuid))) return;
say(toast.querySelector(".s-said").textContent, SHORTLY);
}
function tellPasted({ rows: filled, passed, unclear, unknown }) {
const facts = [`${filled.length} baris ditempel.`];
if (unclear.length) facts.push(`${unclear.length} tidak jelas: ${unclear.slice(0, 3).join(" ")}`);
if (passed.length) facts.push(`Dilewati karena sudah tersimpan: ${passed.join(", ")}.`);
if (unknown.length) facts.push(`Tidak ada barisnya: ${unknown.slice(0, 5).join(", ")}.`);
const ready = filled.filter((row) => sheet.rows.read(row).isComplete);
const keep = button("keep", `Simpan ${ready.length} baris`, "btn btn-sm btn-primary"), back = button("back", "Kembalikan", "btn btn-sm");
notes.querySelector(".s-pasted")?.remove();
const [css, mark] = unclear.length ? ["warn", "alert"] : ["info", "note"];
const told = note(css, mark, facts[0], facts.slice(1).join(" "), h("div", { class: "s-acts" }, ready.length > 0 && keep, filled.length > 0 && back));
told.classList.add("s-pasted");
keep.addEventListener("click", () => (told.remove(), acts.commitAll(ready, false)));
back.addEventListener("click", () => (told.remove(), acts.takeBackEdit()));
page.say(facts.join(" "));
}
function offerAll(many) {
all.hidden = !many || "open" in ask.dataset;
all.replaceChildren(up2k.icon("check2"), `Bayar sesuai tagihan (${many})`);
}
function askForAll() {
const ready = acts.payable();
const money = rupiah(sheet.sum(ready.map(({ proposed }) => proposed.net)));
ask.dataset.open = "1";
all.hidden = true;
const yes = button("yes", [up2k.icon("check2"), "Catat semua"], "btn btn-primary"), no = button("no", "Batal", "btn");
ask.replaceChildren(h("p", { class: "grow" }, h("b", {}, `${ready.length} anggota, ${money}`), h("small", { class: "sub d-block" }, "yang belum diisi dan tidak ditandai tidak hadir")), yes, no);
const close = () => (delete ask.dataset.open, ask.replaceChildren(), page.repaint([]));
yes.addEventListener("click", () => (close(), (all.hidden = true), acts.commitAll(ready, true).then(() => page.toCount.focus({ preventScroll: true }))));
no.addEventListener("click", () => (close(), all.focus()));
yes.focus();
}
all.addEventListener("click", askForAll);
trouble.addEventListener("click", (event) => {
const row = page.byKey.get(event.target.closest("[data-to]")?.dataset.to);
if (!row) return;
event.preventDefault();
row.isOpen = true;
page.repaint([row]);
(row.boxes.paid || row.el.querySelector("button")).focus();
});
return { notes, trouble, toast, ask, all, note, say, meetSent, tellTrouble, tellPasted, offerAll };
};
})();
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
