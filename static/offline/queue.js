/* What waits in this phone to be sent: window.up2k.queue. All calls return promises.

   A record: {uuid, user, user_name, item, person, state, tries, next_at, message, fields, theirs, number, url, made_at, seq}
     state    waiting | sending | refused (message, fields: what would be right) | conflict (theirs: the other version) |
              locked (message: why, whom to ask) | saved (number, url: the receipt; kept for a day, then gone)
     tries    sendings without an answer: the portal may have it, so that it is changed under its key and not taken back
     person   the name to show beside it ("Norhasanah"); it never leaves the phone

   put(item, person)      keeps an item of the present user and tries to send it; fills uuid, format and recorded_at if missing.
                          Same uuid again: the same content changes nothing, other content replaces it as `replace` does.
                          Resolves once the phone has it on its disk, to the record. Rejects (with an Indonesian message) if it has not.
   replace(uuid, item, person)  other content under the same uuid; refused while it is being sent ("Sedang dikirim…") and once it is saved
   renew(uuid)            sends it as a new one: same content, new uuid; resolves to the new record
   retry(uuid)            back to waiting, and send (wake(uuid): without sending)
   remove(uuid)           the person was asked before; the page offers backup([uuid]) first
   get(uuid) · all(user)  records in their order; all() is the present user's
   count(user)            how many are not on the server (every state but saved)
   others()               [{user, name, count}] of those who are not the present user
   sendNow()              {sent, left, why}; why: "" | "offline" | "login" | "user" | "right" | "busy" | "old"
   status()               {me, count, trouble, others, sending, why}; trouble = refused + conflict + locked
   onChange(fn)           fn({uuids}) after every change, of this and of other windows; returns a function that stops it
   backup(uuids)          File "antrean-….json": {up2k: "antrean", format, user, name, items: […]} of the unsent (or of the given)
   download(file)         hands a file to the person
   takeAlong(group, on, isAlong) · isAlong(group, on)   the sheet is (not) taken along in this phone: told to the server, "menunggu 1 HP"

   Every page can read (this file); what changes the queue (queue_acts.js) comes with offline-pages.js.
   Beside it: up2k.me() → {id, name} | null · up2k.village.load() → the offline data of the present user | null
   up2k.village.refresh(true) · up2k.drafts (store.js) · up2k.views.register(regex, mount(el, match, data)) and
   up2k.h(tag, attributes, ...children), up2k.icon(name) (views.js, on the shell, queue and sheet pages) */
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

  /* randomUUID is missing where a page comes without TLS. */
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

  /* What is on the server stays a day, to show its number; of others who came before, nothing. */
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
