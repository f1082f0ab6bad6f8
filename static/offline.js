/* Built by static/src/build.py: edit the parts in static/offline. */
!function(e,t){"object"==typeof exports&&"undefined"!=typeof module?t(exports):"function"==typeof define&&define.amd?define(["exports"],t):t((e="undefined"!=typeof globalThis?globalThis:e||self).idb={})}(this,(function(e){"use strict";const t=(e,t)=>t.some((t=>e instanceof t));let n,r;const o=new WeakMap,s=new WeakMap,i=new WeakMap;let a={get(e,t,n){if(e instanceof IDBTransaction){if("done"===t)return o.get(e);if("store"===t)return n.objectStoreNames[1]?void 0:n.objectStore(n.objectStoreNames[0])}return f(e[t])},set:(e,t,n)=>(e[t]=n,!0),has:(e,t)=>e instanceof IDBTransaction&&("done"===t||"store"===t)||t in e};function c(e){a=e(a)}function u(e){return(r||(r=[IDBCursor.prototype.advance,IDBCursor.prototype.continue,IDBCursor.prototype.continuePrimaryKey])).includes(e)?function(...t){return e.apply(l(this),t),f(this.request)}:function(...t){return f(e.apply(l(this),t))}}function d(e){return"function"==typeof e?u(e):(e instanceof IDBTransaction&&function(e){if(o.has(e))return;const t=new Promise(((t,n)=>{const r=()=>{e.removeEventListener("complete",o),e.removeEventListener("error",s),e.removeEventListener("abort",s)},o=()=>{t(),r()},s=()=>{n(e.error||new DOMException("AbortError","AbortError")),r()};e.addEventListener("complete",o),e.addEventListener("error",s),e.addEventListener("abort",s)}));o.set(e,t)}(e),t(e,n||(n=[IDBDatabase,IDBObjectStore,IDBIndex,IDBCursor,IDBTransaction]))?new Proxy(e,a):e)}function f(e){if(e instanceof IDBRequest)return function(e){const t=new Promise(((t,n)=>{const r=()=>{e.removeEventListener("success",o),e.removeEventListener("error",s)},o=()=>{t(f(e.result)),r()},s=()=>{n(e.error),r()};e.addEventListener("success",o),e.addEventListener("error",s)}));return i.set(t,e),t}(e);if(s.has(e))return s.get(e);const t=d(e);return t!==e&&(s.set(e,t),i.set(t,e)),t}const l=e=>i.get(e);const p=["get","getKey","getAll","getAllKeys","count"],D=["put","add","delete","clear"],I=new Map;function y(e,t){if(!(e instanceof IDBDatabase)||t in e||"string"!=typeof t)return;if(I.get(t))return I.get(t);const n=t.replace(/FromIndex$/,""),r=t!==n,o=D.includes(n);if(!(n in(r?IDBIndex:IDBObjectStore).prototype)||!o&&!p.includes(n))return;const s=async function(e,...t){const s=this.transaction(e,o?"readwrite":"readonly");let i=s.store;return r&&(i=i.index(t.shift())),(await Promise.all([i[n](...t),o&&s.done]))[0]};return I.set(t,s),s}c((e=>({...e,get:(t,n,r)=>y(t,n)||e.get(t,n,r),has:(t,n)=>!!y(t,n)||e.has(t,n)})));const B=["continue","continuePrimaryKey","advance"],b={},g=new WeakMap,v=new WeakMap,h={get(e,t){if(!B.includes(t))return e[t];let n=b[t];return n||(n=b[t]=function(...e){g.set(this,v.get(this)[t](...e))}),n}};async function*m(...e){let t=this;if(t instanceof IDBCursor||(t=await t.openCursor(...e)),!t)return;const n=new Proxy(t,h);for(v.set(n,t),i.set(n,l(t));t;)yield n,t=await(g.get(n)||t.continue()),g.delete(n)}function w(e,n){return n===Symbol.asyncIterator&&t(e,[IDBIndex,IDBObjectStore,IDBCursor])||"iterate"===n&&t(e,[IDBIndex,IDBObjectStore])}c((e=>({...e,get:(t,n,r)=>w(t,n)?m:e.get(t,n,r),has:(t,n)=>w(t,n)||e.has(t,n)}))),e.deleteDB=function(e,{blocked:t}={}){const n=indexedDB.deleteDatabase(e);return t&&n.addEventListener("blocked",(e=>t(e.oldVersion,e))),f(n).then((()=>{}))},e.openDB=function(e,t,{blocked:n,upgrade:r,blocking:o,terminated:s}={}){const i=indexedDB.open(e,t),a=f(i);return r&&i.addEventListener("upgradeneeded",(e=>{r(f(i.result),e.oldVersion,e.newVersion,f(i.transaction),e)})),n&&i.addEventListener("blocked",(e=>n(e.oldVersion,e.newVersion,e))),a.then((e=>{s&&e.addEventListener("close",(()=>s())),o&&e.addEventListener("versionchange",(e=>o(e.oldVersion,e.newVersion,e)))})).catch((()=>{})),a},e.unwrap=l,e.wrap=f}));
(() => {
"use strict";
const VERSION = 2, FORMAT = 2;
const SAVINGS = ["mandatory", "voluntary", "initial", "contribution"];
const up2k = (window.up2k ||= {});
let opened, asked;
const STORES = { meta: {}, village: { keyPath: "user" }, drafts: {}, queue: { keyPath: "uuid" } };
function converted(item) {
if (item.format !== 1) return item;
const rest = Object.fromEntries(Object.entries(item).filter(([name]) => !SAVINGS.includes(name)));
const savings = Object.fromEntries(SAVINGS.filter((name) => name in item).map((name) => [name, item[name]]));
return { ...rest, format: FORMAT, kind: item.kind === "payment" ? "total" : item.kind, savings: { ...savings, ...item.savings } };
}
async function upgrade(db, old, now, work) {
for (const [name, options] of Object.entries(STORES)) {
if (!db.objectStoreNames.contains(name)) db.createObjectStore(name, options);
}
const queue = work.objectStore("queue");
queue.createIndex("order", ["user", "seq"]);
const rows = (await queue.getAll()).sort((a, b) => (a.made_at < b.made_at ? -1 : 1));
await Promise.all(rows.map((row, seq) => queue.put({ tries: 0, ...row, state: row.state === "sending" ? "waiting" : row.state, item: converted(row.item), seq })));
}
function blocking() {
opened?.then((db) => db.close());
opened = undefined;
up2k.isOld = true;
}
async function store() {
opened ||= idb.openDB("up2k", VERSION, { upgrade, blocking, terminated: () => (opened = undefined) });
return opened.catch((error) => {
opened = undefined;
if (error.name === "VersionError") up2k.isOld = true;
throw error;
});
}
const meta = async (name, fallback) => (await (await store()).get("meta", name)) ?? fallback;
const keep = async (name, value) => (await store()).put("meta", value, name);
async function find() {
const { user, userName, shell } = document.body.dataset;
if (user) return { id: Number(user), name: userName };
return shell === undefined ? null : meta("me", null);
}
const me = () => (asked ||= find());
const key = async (...parts) => [(await me()).id, ...parts];
const within = async (sheet) => IDBKeyRange.bound(await key(sheet), await key(sheet, []));
const drafts = {
put: async (sheet, line, value) => (await store()).put("drafts", value, await key(sheet, line)),
clear: async (sheet, line) => (await store()).delete("drafts", line === undefined ? await within(sheet) : await key(sheet, line)),
async all(sheet) {
const table = (await store()).transaction("drafts").store;
const range = await within(sheet);
const [keys, values] = await Promise.all([table.getAllKeys(range), table.getAll(range)]);
return Object.fromEntries(keys.map(([, , line], at) => [line, values[at]]));
},
};
Object.assign(up2k, { FORMAT, store, meta, keep, me, drafts, converted });
})();
(() => {
"use strict";
const up2k = window.up2k;
const KEPT = 24 * 3600e3;
const windows = new BroadcastChannel("up2k-queue");
const listeners = new Set();
windows.onmessage = ({ data }) => tell(data);
const tell = (change) => listeners.forEach((listener) => listener(change));
function changed(...uuids) {
tell({ uuids });
windows.postMessage({ uuids });
}
function uuid4() {
if (crypto.randomUUID) return crypto.randomUUID();
const bytes = crypto.getRandomValues(new Uint8Array(16));
bytes[6] = (bytes[6] & 15) | 64;
bytes[8] = (bytes[8] & 63) | 128;
const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
const whole = (user) => IDBKeyRange.bound([user, -Infinity], [user, Infinity]);
const get = async (uuid) => (await up2k.store()).get("queue", uuid);
async function all(user) {
user ??= (await up2k.me())?.id;
return user === undefined ? [] : (await up2k.store()).getAllFromIndex("queue", "order", whole(user));
}
const unsent = async (user) => (await all(user)).filter(({ state }) => state !== "saved");
const count = async (user) => (await unsent(user)).length;
async function others() {
const me = await up2k.me();
const found = new Map();
for (const { user, user_name, state } of await (await up2k.store()).getAll("queue")) {
if (user === me?.id || state === "saved") continue;
const one = found.get(user) || { user, name: user_name, count: 0 };
found.set(user, { ...one, count: one.count + 1 });
}
return [...found.values()];
}
async function status() {
const me = await up2k.me();
const mine = await unsent(me?.id);
const trouble = mine.filter(({ state }) => state !== "waiting" && state !== "sending").length;
return { me, count: mine.length, trouble, others: await others(), ...up2k.sender };
}
async function tidy() {
const me = await up2k.me();
const work = (await up2k.store()).transaction("queue", "readwrite");
for (const { uuid, user, state, saved_at } of await work.store.getAll()) {
if (state === "saved" && (user !== me?.id || saved_at < Date.now() - KEPT)) await work.store.delete(uuid);
}
await work.done;
}
function onChange(listener) {
listeners.add(listener);
return () => listeners.delete(listener);
}
up2k.queue = { tidy, get, all, count, others, status, onChange };
Object.assign(up2k, { changed, unsent, uuid4, wholeQueue: whole });
})();
(() => {
"use strict";
const up2k = window.up2k;
const BATCH = 20, PATIENCE = 45e3;
const FIRST = 2e3, LONGEST = 3e5;
const sender = (up2k.sender = { sending: 0, why: "" });
let running, timer, failures = 0, isWanted = false;
class Stop extends Error {}
async function ask(url, options = {}) {
const patience = new AbortController();
const end = setTimeout(() => patience.abort(), PATIENCE);
try {
const answer = await fetch(url, { cache: "no-store", redirect: "error", ...options, signal: patience.signal });
if (answer.status === 401) throw new Stop("login");
return { status: answer.status, body: await answer.json().catch(() => null) };
} catch (error) {
throw error instanceof Stop ? error : new Stop("offline");
} finally {
clearTimeout(end);
}
}
async function session(me) {
const { body } = await ask("/luring/saya.json");
if (!body?.csrf) throw new Stop("offline");
if (body.user !== me.id) throw new Stop("user");
return body.csrf;
}
async function device(me) {
const name = `device:${me.id}`;
return (await up2k.meta(name)) || (await up2k.keep(name, up2k.uuid4()), up2k.meta(name));
}
const sheetOf = ({ item }) => `${item.group} ${item.on}`;
async function waiting(me, leaving = []) {
const counts = Object.fromEntries(Object.keys(await up2k.meta(`told:${me.id}`, {})).map((sheet) => [sheet, 0]));
for (const row of await up2k.unsent(me.id)) {
counts[sheetOf(row)] = (counts[sheetOf(row)] || 0) + !leaving.includes(row.uuid);
}
const along = await up2k.meta(`along:${me.id}`, []);
for (const sheet of along) counts[sheet] ??= 0;
return Object.entries(counts).map(([sheet, count]) => {
const [group, on] = sheet.split(" ");
return { group: Number(group), on, count, along: along.includes(sheet) };
});
}
async function remember(me, told) {
const open = told.filter(({ count, along }) => count || along);
await up2k.keep(`told:${me.id}`, Object.fromEntries(open.map(({ group, on, count, along }) => [`${group} ${on}`, `${count} ${along}`])));
}
async function isNews(me, sheets) {
const told = await up2k.meta(`told:${me.id}`, {});
return sheets.some(({ group, on, count, along }) => told[`${group} ${on}`] !== `${count} ${along}`);
}
async function post(me, csrf, rows, sheets) {
const body = { format: up2k.FORMAT, user: me.id, device: await device(me), items: rows.map(({ item }) => up2k.converted(item)), waiting: sheets };
const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
return ask("/luring/kirim/", { method: "POST", headers, body: JSON.stringify(body) });
}
function fits(row, batch, mine) {
if (row.item.kind !== "count") return !batch.some(({ item }) => item.kind === "count");
return !mine.some((other) => other.seq < row.seq && sheetOf(other) === sheetOf(row));
}
function pick(mine, most) {
const batch = [];
for (const row of mine) {
if (batch.length === most) break;
const isReady = (row.state === "waiting" || row.state === "sending") && (row.next_at || 0) <= Date.now();
if (isReady && fits(row, batch, mine)) batch.push(row);
}
return batch;
}
async function mark(rows, act) {
const work = (await up2k.store()).transaction("queue", "readwrite");
for (const { uuid } of rows) {
const row = await work.store.get(uuid);
if (row) await work.store.put({ ...row, ...act(row) });
}
await work.done;
up2k.changed(...rows.map(({ uuid }) => uuid));
}
const STOPS = { user: "user", right: "right", format: "old", login: "login" };
const STATES = { saved: "saved", there: "saved", conflict: "conflict", foreign: "conflict", locked: "locked" };
function received(result) {
const state = STATES[result.state] || "refused";
const { message = "", fields = null, theirs = null, number = "", url = "" } = result;
return { state, message, fields, theirs, number, url, tries: 0, next_at: 0, ...(state === "saved" && { saved_at: Date.now() }) };
}
async function send(me, csrf, batch) {
await mark(batch, () => ({ state: "sending" }));
let answer;
try {
const sheets = await waiting(me, batch.map(({ uuid }) => uuid));
answer = await post(me, csrf, batch, sheets);
if (STOPS[answer.body?.code]) throw new Stop(STOPS[answer.body.code]);
if (answer.body?.results) await remember(me, sheets);
} catch (error) {
await mark(batch, ({ tries }) => ({ state: "waiting", tries: tries + 1 }));
throw error;
}
const results = new Map((answer.body?.results || []).map((one) => [one.uuid, one]));
await mark(batch, ({ uuid, tries }) => (results.has(uuid) ? received(results.get(uuid)) : { state: "waiting", tries: tries + 1 }));
return { answer, heard: batch.filter(({ uuid }) => results.has(uuid)).length };
}
async function stumble(batch, { status, body }) {
if (status < 500 && !body?.code) throw new Stop("offline");
if (batch.length > 1) return Math.ceil(batch.length / 2);
if (status < 500) return void (await mark(batch, () => received({ state: "refused", message: body.error })));
const message = "Portal belum dapat menerima setoran ini. Dicoba lagi sendiri.";
await mark(batch, ({ stumbles = 0 }) => ({ next_at: Date.now() + pause(stumbles), stumbles: stumbles + 1, message }));
return 1;
}
async function drain(me, progress) {
let most = BATCH, csrf;
for (;;) {
const mine = await up2k.unsent(me.id);
const batch = pick(mine, most);
if (!batch.length) return csrf;
csrf ||= await session(me);
sender.sending = batch.length;
const { answer, heard } = await send(me, csrf, batch);
progress.sent += heard;
most = heard ? BATCH : (await stumble(batch, answer)) || BATCH;
}
}
async function tellWaiting(me, csrf) {
const sheets = await waiting(me);
if (!sheets.length || !(await isNews(me, sheets))) return;
const { body } = await post(me, csrf || (await session(me)), [], sheets);
if (body?.results) await remember(me, sheets);
}
async function work(progress) {
const me = await up2k.me();
if (!me) throw new Stop((await up2k.meta("me")) ? "login" : "");
const held = (await up2k.unsent(me.id)).filter(({ state, next_at }) => state === "sending" || (progress.isAsked && next_at));
if (held.length) await mark(held, ({ state, tries }) => ({ next_at: 0, ...(state === "sending" && { state: "waiting", tries: tries + 1 }) }));
await tellWaiting(me, await drain(me, progress));
const [next] = (await up2k.unsent(me.id)).map(({ next_at }) => next_at).filter(Boolean).sort((a, b) => a - b);
if (next) later(Math.max(0, next - Date.now()));
}
const alone = (act) => (navigator.locks ? navigator.locks.request("up2k-send", { ifAvailable: true }, (lock) => (lock ? act() : Promise.reject(new Stop("busy")))) : act());
const pause = (tries) => Math.min(LONGEST, FIRST * 2 ** tries) * (0.5 + Math.random() / 2);
function later(after) {
clearTimeout(timer);
timer = setTimeout(again, after);
}
async function run(isAsked) {
const progress = { sent: 0, isAsked };
clearTimeout(timer);
try {
await alone(() => work(progress));
failures = 0;
sender.why = "";
} catch (error) {
if (!(error instanceof Stop) && !up2k.isOld) throw error;
sender.why = up2k.isOld ? "old" : error.message;
if (["offline", "busy"].includes(sender.why)) later(pause(failures++));
} finally {
sender.sending = 0;
running = undefined;
}
if (progress.sent) up2k.village.spoil().catch(() => {});
if (isWanted) later((isWanted = false) || 0);
const left = up2k.isOld ? 0 : await up2k.queue.count();
up2k.changed();
return { sent: progress.sent, left, why: sender.why };
}
const again = () => (running ||= run(false));
const sendNow = () => (running ||= run(true));
function sendSoon() {
if (running) isWanted = true;
else later(0);
}
addEventListener("online", () => {
failures = 0;
sendNow();
});
up2k.queue.sendNow = sendNow;
Object.assign(up2k, { sendSoon, ask });
})();
(() => {
"use strict";
const up2k = window.up2k;
const OFTEN = 10 * 60e3, SOON = 5e3;
async function load() {
const me = await up2k.me();
const { data, checked_at } = (me && (await (await up2k.store()).get("village", me.id))) || {};
return data ? { ...data, checked_at } : null;
}
const hold = async (row) => up2k.isLeaving || (await up2k.store()).put("village", row);
let soon;
async function spoil() {
const old = await (await up2k.store()).get("village", (await up2k.me()).id);
if (!old?.data) return;
await hold({ ...old, isStale: true });
clearTimeout(soon);
soon = setTimeout(() => refresh().catch(() => {}), SOON);
}
async function hasOne(me) {
const { body } = await up2k.ask("/luring/saya.json");
return body?.user === me.id && body.may_record && Boolean(body.village);
}
async function refresh(isForced = false) {
const me = await up2k.me();
const db = me && (await up2k.store());
const old = db && (await db.get("village", me.id));
const isFresh = old && !old.isStale && Date.now() - old.checked_at < OFTEN;
if (!me || (isFresh && !isForced)) return old?.data || null;
if (!old?.data && !(await hasOne(me))) return void (await hold({ user: me.id, data: null, checked_at: Date.now() }));
const checked_at = Date.now();
const answer = await fetch("/luring/data.json", { cache: "no-store", redirect: "error", headers: old?.etag ? { "If-None-Match": old.etag } : {} });
if (answer.status === 304) await hold({ ...old, isStale: false, checked_at });
else if (answer.ok) await keep(me, { data: await answer.json(), etag: bare(answer.headers.get("ETag")), checked_at });
else if (answer.status === 403) await hold({ user: me.id, data: null, checked_at });
return load();
}
const bare = (tag) => tag && tag.replace(/^W\//, "");
async function keep(me, found) {
if (found.data.user !== me.id) return;
await hold({ user: me.id, ...found });
up2k.changed();
}
async function arrive(me) {
const db = await up2k.store();
const before = await up2k.meta("me");
if (before?.id !== me.id || before.name !== me.name) await up2k.keep("me", me);
for (const user of await db.getAllKeys("village")) if (user !== me.id) await db.delete("village", user);
}
up2k.village = { load, refresh, arrive, spoil };
})();
(() => {
"use strict";
const up2k = window.up2k;
const bar = document.querySelector("[data-queue]");
let draws = 0;
const rows = (count) => `${count} setoran`;
const link = (words, url) => Object.assign(document.createElement("a"), { textContent: words, href: url });
function button(words, act) {
const made = Object.assign(document.createElement("button"), { type: "button", textContent: words });
made.addEventListener("click", act);
return made;
}
const here = () => location.pathname + location.search;
const toLogin = () => link("Masuk lagi untuk mengirim", `/masuk/?next=${encodeURIComponent(location.pathname === "/masuk/" ? "/antrean/" : here())}`);
const toQueue = () => link("Lihat antrean", "/antrean/");
const now = () => button("Kirim sekarang", () => up2k.queue.sendNow());
const SAYS = [
[() => up2k.isOld, () => "Portal sudah diperbarui. Antrean tetap aman.", () => [button("Muat ulang", () => location.reload())]],
[({ mine, why, me }) => mine && (why === "login" || !me), ({ mine }) => `${rows(mine)} menunggu di HP ini.`, ({ me }) => (!me && location.pathname === "/masuk/" ? ["Masuk lagi untuk mengirim."] : [toLogin()])],
[({ mine, why }) => mine && why === "right", ({ mine }) => `${rows(mine)} menunggu: akun ini tidak bertugas mencatat uang.`, () => [toQueue()]],
[({ mine, why }) => mine && why === "user", ({ mine }) => `${rows(mine)} menunggu: HP ini sedang dipakai orang lain.`, () => [button("Muat ulang", () => location.reload())]],
[({ sending }) => sending, ({ mine }) => `Mengirim ${rows(mine)}…`, () => [toQueue()]],
[({ mine, trouble }) => mine && trouble === mine, ({ trouble }) => `${rows(trouble)} perlu dilihat: belum tercatat di portal.`, () => [toQueue()]],
[({ mine, trouble }) => mine && trouble, ({ mine, trouble }) => `${rows(mine - trouble)} menunggu sinyal, ${trouble} perlu dilihat.`, () => [toQueue(), now()]],
[({ mine }) => mine, ({ mine }) => `${rows(mine)} menunggu sinyal.`, () => [toQueue(), now()]],
[({ others }) => others.length, ({ others }) => others.map(({ name, count }) => `${rows(count)} milik ${name} menunggu di HP ini.`).join(" "), ({ others }) => [`Yang dapat mengirim: ${others.map(({ name }) => name).join(", ")}.`]],
];
async function facts() {
const status = await up2k.queue.status();
const owner = status.me || (await up2k.meta("me", null));
const rest = status.me ? status.others : status.others.filter(({ user }) => user !== owner?.id);
const mine = status.me ? status.count : status.others.find(({ user }) => user === owner?.id)?.count || 0;
return { ...status, mine, others: rest };
}
async function draw() {
const turn = ++draws;
const known = up2k.isOld ? { others: [] } : await facts();
if (turn !== draws) return;
if (location.pathname === "/antrean/") return (bar.hidden = true);
const found = SAYS.find(([applies]) => applies(known));
bar.hidden = !found;
if (!found) return bar.replaceChildren();
const [, fact, acts] = found;
const words = Object.assign(document.createElement("b"), { textContent: fact(known) });
bar.replaceChildren(words, ...acts(known).flatMap((act) => [" ", act]));
}
function refuse(fact, ...rest) {
const words = Object.assign(document.createElement("b"), { textContent: fact });
draws++;
bar.hidden = false;
bar.replaceChildren(words, ...rest);
bar.tabIndex = -1;
bar.focus();
scrollTo(0, 0);
}
async function forget(me) {
up2k.isLeaving = true;
const db = await up2k.store();
const owners = new Set((await up2k.queue.others()).map(({ user }) => String(user)));
const isTheirs = (name) => owners.has(name.split(":")[1]);
await Promise.all([db.clear("village"), db.clear("drafts")]);
for (const name of await db.getAllKeys("meta")) if (!isTheirs(name)) await db.delete("meta", name);
for (const row of await db.getAll("queue")) if (row.state === "saved") await db.delete("queue", row.uuid);
for (const name of (await window.caches?.keys()) || []) if (!name.startsWith("up2k-shell-")) await caches.delete(name);
sessionStorage.clear();
localStorage.clear();
}
async function leave(form) {
const count = await up2k.queue.count();
if (count) return refuse(`Belum bisa keluar: ${rows(count)} masih menunggu di HP ini. `, toQueue(), ". Kirim dulu, atau simpan cadangannya ke berkas.");
if (!navigator.onLine) return refuse("Keluar perlu sinyal. Coba lagi nanti.");
const me = await up2k.me();
if (me) {
await up2k.keep(`along:${me.id}`, []);
await Promise.race([up2k.queue.sendNow().then(up2k.queue.sendNow), new Promise((done) => setTimeout(done, 3e3))]);
}
await forget(me);
form.submit();
}
document.addEventListener("submit", (event) => {
if (event.target.getAttribute("action") !== "/keluar/") return;
event.preventDefault();
leave(event.target).catch(() => event.target.submit());
}, true);
function unsent() {
for (const one of document.querySelectorAll("[data-sent]")) one.disabled = false;
refuse("Belum terkirim: tidak ada sinyal. ", "Isian tetap di halaman ini. Tekan lagi begitu ada sinyal.");
}
if (bar) {
navigator.serviceWorker?.addEventListener("message", ({ data }) => data === "unsent" && unsent());
up2k.queue.onChange(draw);
}
up2k.forget = forget;
})();
(() => {
"use strict";
const up2k = window.up2k;
const idle = (act) => (window.requestIdleCallback ? requestIdleCallback(act, { timeout: 5e3 }) : setTimeout(act, 1e3));
function takeOver(registration) {
if (!registration.waiting || !registration.active) return;
navigator.locks.request("up2k-send", () => registration.waiting?.postMessage("take over"));
}
async function serve() {
if (!navigator.serviceWorker) return;
const registration = await navigator.serviceWorker.register("/sw.js");
takeOver(registration);
registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", () => takeOver(registration)));
}
async function start() {
const me = await up2k.me();
if (document.body.dataset.user) await up2k.village.arrive(me);
await up2k.queue.tidy();
await up2k.queue.sendNow();
}
async function settle() {
const me = await up2k.me();
if (me || navigator.serviceWorker?.controller) await serve();
if (!me) return;
if (navigator.onLine) await up2k.village.refresh();
if (await up2k.village.load()) navigator.storage?.persist?.();
}
const quiet = () => {};
up2k.started = start().catch(quiet);
const rest = () => up2k.started.then(() => idle(() => settle().catch(quiet)));
if (document.readyState === "complete") rest();
else addEventListener("load", rest);
})();
