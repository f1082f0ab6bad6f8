/* Built by static/src/build.py: edit the parts in static/offline. */
(() => {
"use strict";
const up2k = window.up2k;
const { changed, unsent, uuid4, wholeQueue: whole } = up2k;
const DURABLE = { durability: "strict" };
const content = ({ order, recorded_at, format, ...rest }) => JSON.stringify(sorted(rest));
function sorted(value) {
if (typeof value !== "object" || !value || Array.isArray(value)) return value;
return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]));
}
async function present() {
const me = await up2k.me();
if (!me) throw new Error("Masuk dulu supaya setoran tersimpan atas nama Ibu.");
return me;
}
function stamp() {
const now = new Date();
const ahead = -now.getTimezoneOffset();
const two = (number) => String(Math.trunc(Math.abs(number))).padStart(2, "0");
return `${new Date(+now + ahead * 6e4).toISOString().slice(0, 19)}${ahead < 0 ? "-" : "+"}${two(ahead / 60)}:${two(ahead % 60)}`;
}
const told = (error) => (error instanceof DOMException || error instanceof TypeError ? new Error("HP ini tidak dapat menyimpannya, mungkin karena penuh. Catat dulu di kertas.") : error);
async function change(uuid, act) {
const db = await up2k.store().catch((error) => Promise.reject(told(error)));
const work = db.transaction("queue", "readwrite", DURABLE);
const old = await work.store.get(uuid);
let made;
try {
made = await act(old, work.store);
if (made) await work.store.put(made);
} catch (error) {
work.done.catch(() => {});
if (!(error instanceof DOMException)) work.abort();
throw told(error);
}
await work.done.catch((error) => Promise.reject(told(error || new DOMException())));
if (made) changed(uuid);
return made || old;
}
async function next(table, user) {
const last = await table.index("order").openCursor(whole(user), "prev");
return last ? last.value.seq + 1 : 1;
}
function open(record, me) {
if (record.user !== me.id) throw new Error("Setoran ini milik orang lain. Masuk dengan namanya untuk mengubah.");
if (record.state === "sending") throw new Error("Sedang dikirim. Tunggu sebentar, lalu coba lagi.");
}
const FRESH = { state: "waiting", next_at: 0, message: "", fields: null, theirs: null };
async function put(item, person = "") {
const me = await present();
const made_at = Date.now();
item = { uuid: uuid4(), recorded_at: stamp(), ...item, format: up2k.FORMAT };
const record = await change(item.uuid, async (old, table) => {
if (old) return replaced(old, item, person, me);
const seq = await next(table, me.id);
return { uuid: item.uuid, user: me.id, user_name: me.name, item, person, made_at, seq, tries: 0, ...FRESH };
});
up2k.sendSoon();
return record;
}
function replaced(old, item, person, me) {
if (content(old.item) === content(item)) return null;
open(old, me);
if (old.state === "saved") throw new Error("Setoran ini sudah terkirim. Salah? Pakai Koreksi pada buktinya.");
return { ...old, item, person: person || old.person, ...FRESH };
}
async function replace(uuid, item, person = "") {
const me = await present();
const wanted = { ...item, uuid, format: up2k.FORMAT };
const record = await change(uuid, (old) => old && replaced(old, wanted, person, me));
up2k.sendSoon();
return record;
}
async function renew(uuid) {
const me = await present();
const fresh = uuid4();
const record = await change(fresh, async (none, table) => {
const old = await table.get(uuid);
open(old, me);
await table.delete(uuid);
return { ...old, uuid: fresh, item: { ...old.item, uuid: fresh }, tries: 0, ...FRESH };
});
changed(uuid);
up2k.sendSoon();
return record;
}
async function wake(uuid) {
const me = await present();
return change(uuid, (old) => (open(old, me), { ...old, ...FRESH }));
}
const retry = (uuid) => wake(uuid).then(() => up2k.queue.sendNow());
async function remove(uuid) {
const me = await present();
await change(uuid, async (old, table) => {
if (!old) return;
open(old, me);
await table.delete(uuid);
});
changed(uuid);
}
async function backup(uuids) {
const me = await present();
const rows = (await unsent(me.id)).filter(({ uuid }) => !uuids || uuids.includes(uuid));
const text = JSON.stringify({ up2k: "antrean", format: up2k.FORMAT, user: me.id, name: me.name, items: rows.map(({ item }) => item) }, null, 1);
return new File([text], `antrean-${stamp().slice(0, 10)}-${rows.length}-setoran.json`, { type: "application/json" });
}
function download(file) {
const link = document.createElement("a");
link.href = URL.createObjectURL(file);
link.download = file.name;
link.click();
setTimeout(() => URL.revokeObjectURL(link.href), 6e4);
}
const sheet = (group, on) => `${group} ${on}`;
const along = async () => up2k.meta(`along:${(await present()).id}`, []);
async function takeAlong(group, on, isAlong) {
const rest = (await along()).filter((one) => one !== sheet(group, on));
await up2k.keep(`along:${(await present()).id}`, isAlong ? [...rest, sheet(group, on)] : rest);
return up2k.queue.sendNow();
}
const isAlong = async (group, on) => (await along()).includes(sheet(group, on));
Object.assign(up2k.queue, { put, replace, renew, wake, retry, remove, backup, download, takeAlong, isAlong });
})();
(() => {
"use strict";
const up2k = window.up2k;
const { dots } = up2k.money;
const ICONS = {
alert: "M12 4.5 21 19.5H3zM12 10v4.5M12 17v.1", cash: "M3.5 7h17v10h-17zM12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM6.5 12h.1M17.5 12h.1",
check: "M5 12.5 10 17.5 19.5 7", check2: "M2.5 12.5 7 17 15 8M11.5 15.8 12.8 17 21.5 8", clock: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 8v4.5l3 1.8",
dash: "M5 12h14", down: "M12 4.5v10M7.5 10.5 12 15l4.5-4.5M5 19.5h14", lock: "M6 11h12v8.5H6zM8.5 11V8.2a3.5 3.5 0 0 1 7 0V11", note: "M4.5 5h15v11h-8l-4 3.5V16h-3z",
off: "M4 4l16 16M5 10.5a10 10 0 0 1 3.5-2.2M12 7.5c2.7 0 5.1 1.1 7 3M8.5 14a5 5 0 0 1 3.5-1.5M12 18.5v.1", pen: "M5 19l.8-3.8L15.5 5.5l3 3L8.8 18.2zM13.5 7.5l3 3",
print: "M7 9V4.5h10V9M7 16.5H4.5V9h15v7.5H17M7 14h10v5.5H7z", right: "M9.5 5.5 16 12l-6.5 6.5", search: "M10.8 17a6.3 6.3 0 1 0 0-12.6 6.3 6.3 0 0 0 0 12.6zM15.5 15.5 20 20",
send: "M4 12 20 4.5 15.5 20l-3.8-6.2zM11.7 13.8 20 4.5", sheet: "M4.5 5h15v14h-15zM4.5 10h15M4.5 14.5h15M10.5 10v9", stop: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 8v5M12 15.8v.1",
x: "M6 6l12 12M18 6 6 18",
};
const MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"];
function h(tag, attributes = {}, ...children) {
const made = document.createElement(tag);
for (const [name, value] of Object.entries(attributes || {})) {
if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
else if (value === true) made.setAttribute(name, "");
else if (value !== false && value != null) made.setAttribute(name, value);
}
made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
return made;
}
function icon(name) {
const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
for (const [key, value] of [["class", "ic"], ["viewBox", "0 0 24 24"], ["aria-hidden", "true"]]) made.setAttribute(key, value);
path.setAttribute("d", ICONS[name]);
made.append(path);
return made;
}
const NOTES = { info: "note", warn: "alert", bad: "stop", ok: "check" };
const note = (kind, fact, ...rest) => h("div", { class: `u-note ${kind}`, role: kind === "bad" ? "alert" : "status" }, icon(NOTES[kind]), h("div", {}, h("b", {}, fact), ...rest.map((one) => (typeof one === "string" ? h("small", {}, one) : one))));
const button = (words, act, kind = "btn", mark = "") => h("button", { type: "button", class: kind, onclick: act }, mark && icon(mark), words);
const facts = (rows) => h("dl", { class: "u-dl" }, rows.map(([words, value, css]) => h("div", {}, h("dt", {}, words), h("dd", { class: css || null }, value))));
const rupiah = (n) => `${n < 0 ? "−" : ""}Rp${dots(n)}`;
const two = (n) => String(n).padStart(2, "0");
const wita = (at) => new Date(Number(at) + 8 * 3600e3).toISOString();
const iso = (at) => wita(at).slice(0, 10);
const dayWords = (text) => `${Number(text.slice(8, 10))} ${MONTHS[text.slice(5, 7) - 1]} ${text.slice(0, 4)}`;
function momentWords(at) {
const said = wita(new Date(at));
return `${dayWords(said)}, ${said.slice(11, 16).replace(":", ".")}`;
}
const typedDay = (text) => text.split("-").reverse().join("-");
function dayOf(text) {
const said = text.trim().toLowerCase();
const found = /^(\d{1,2})[-./ ](\d{1,2}|[a-z]{3,})[-./ ](\d{4}|\d{2})$/.exec(said) || /^(\d\d)(\d\d)(\d{4}|\d\d)$/.exec(said);
if (!found) return null;
const named = MONTHS.findIndex((month) => month.toLowerCase().startsWith(found[2])) + 1;
const [day, month, year] = [Number(found[1]), Number(found[2]) || named, Number(found[3].length === 2 ? `20${found[3]}` : found[3])];
const made = new Date(year, month - 1, day);
return made.getDate() === day && made.getMonth() === month - 1 ? `${year}-${two(month)}-${two(day)}` : null;
}
const routes = [];
let shown = 0;
const address = () => location.pathname + decodeURIComponent(location.hash);
async function show(el = document.querySelector("[data-view]")) {
if (!el) return;
const turn = ++shown;
await up2k.started;
const data = await up2k.village.load().catch(() => null);
if (turn !== shown) return;
if ("shell" in document.body.dataset && data?.as_of > document.body.dataset.today) document.body.dataset.today = data.as_of;
for (const { regex, mount } of [...routes].reverse()) {
const match = regex.exec(address());
if (match) return mount(el, match, data);
}
}
function page(el, title, ...parts) {
const heading = h("h1", { tabindex: "-1" }, title);
const isNext = el.dataset.view && el.dataset.view !== address();
const held = !isNext && el.contains(document.activeElement) && document.activeElement;
el.dataset.view = address();
document.title = `${title} | Portal UP2K`;
el.replaceChildren(heading, ...parts.flat().filter(Boolean));
if (held) like(el, held)?.focus();
if (isNext) {
heading.focus({ preventScroll: true });
scrollTo(0, 0);
}
}
function like(el, held) {
const card = held.closest("[data-uuid]")?.dataset.uuid;
const within = (card && el.querySelector(`[data-uuid="${card}"]`)) || el;
return [...within.querySelectorAll("a, button")].find((one) => one.textContent === held.textContent);
}
addEventListener("hashchange", () => show());
up2k.views = { register: (regex, mount) => routes.push({ regex, mount }), otherwise: (mount) => routes.unshift({ regex: /^/, mount }), show, page };
Object.assign(up2k, { h, icon, note, button, facts, rupiah, iso, dayWords, momentWords, typedDay, dayOf });
})();
(() => {
"use strict";
const up2k = window.up2k;
const { h, icon } = up2k;
const { amountOf, terbilang, dots } = up2k.money;
const UNCLEAR = "Tulis rupiah bulat, misalnya 50.000.";
const NO_DAY = "Tulis tanggalnya, misalnya 240926 atau 24-09-2026.";
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
const boxesOf = ({ kind, loan, savings, withdraw, amount }) => (kind === "total" ? ["amount"] : Object.keys(BOXES).filter((name) =>
(name === "amount" ? loan || amount : name === "initial" ? savings?.initial : name === "withdraw" ? withdraw?.voluntary : true)));
function edited(item, values) {
const savings = Object.fromEntries(Object.entries(values).filter(([name, value]) => BOXES[name][1] === "savings" && value));
return { ...item, amount: values.amount || 0, ...(item.kind === "row" && { savings, withdraw: values.withdraw ? { voluntary: values.withdraw } : {} }) };
}
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
let asked = "";
const badge = (state) => h("span", { class: `u-st ${STATES[state][2]}` }, icon(STATES[state][1]), STATES[state][0]);
const cash = (pieces) => Object.entries(pieces || {}).reduce((all, [piece, count]) => all + piece * count, 0);
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
(() => {
"use strict";
const up2k = window.up2k;
const { h, icon, note, button, rupiah } = up2k;
const { terbilang } = up2k.money;
const WIDTH = 32;
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
(() => {
"use strict";
const up2k = window.up2k;
const { h, icon, note } = up2k;
const OFFERS = [["/lembar/", "sheet", "Lembar setoran"], ["/luring/#setoran", "cash", "Catat satu setoran"], ["/antrean/", "clock", "Antrean"]];
const offers = () => h("nav", { class: "quick", "aria-label": "Yang bisa tanpa sinyal" }, OFFERS.map(([url, mark, words]) => h("a", { class: "q", href: url }, icon(mark), h("span", {}, words))));
const again = () => h("button", { class: "btn", type: "button", onclick: () => location.reload() }, "Coba lagi");
async function state() {
const me = await up2k.me();
if (!me) return note("info", "Di HP ini belum ada yang masuk.", "Masuk dulu sekali dengan sinyal, lalu lembarnya ikut tersimpan.");
return null;
}
up2k.views.otherwise(async (el) => up2k.views.page(el, "Halaman ini perlu sinyal", h("p", {}, "Yang bisa tanpa sinyal: Lembar setoran, Catat satu setoran, Antrean."), await state(), offers(), again()));
up2k.views.register(/^\/luring\/$/, async (el) => up2k.views.page(el, "Tanpa sinyal", h("p", {}, "Yang dicatat di sini tersimpan di HP ini dan terkirim sendiri begitu ada sinyal."), await state(), offers()));
up2k.views.register(/^\/lembar\/$/, async (el, match, data) => {
if (!data) return up2k.views.page(el, "Lembar Setoran", (await state()) || note("info", "Data desa belum ada di HP ini.", "Buka portal sekali dengan sinyal."), offers());
const today = document.body.dataset.today;
const choose = h("select", { id: "id_group", name: "group" }, data.groups.map(({ id, name }) => h("option", { value: id }, name)));
const form = h("form", { class: "u-form", novalidate: true },
h("div", { class: "u-field" }, h("label", { for: "id_group" }, "Kelompok"), h("div", { class: "u-in" }, choose)), up2k.fields.day(today), h("div", { class: "submit" }, h("button", { class: "btn btn-primary" }, "Buka lembar")));
form.addEventListener("submit", (event) => {
event.preventDefault();
const { on, error } = up2k.fields.dayIn(form);
if (!up2k.fields.showErrors(form, error ? { on: error } : {})) location.href = `/kelompok/${choose.value}/lembar/${on}/`;
});
up2k.views.page(el, "Lembar Setoran", form);
});
if ("shell" in document.body.dataset) document.body.dataset.today = up2k.iso(Date.now());
document.addEventListener("DOMContentLoaded", () => up2k.views.show());
})();
