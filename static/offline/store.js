/* The phone's own store: IndexedDB "up2k" through idb (window.idb), and who is signed in here.

   meta     what the phone knows of itself: "me" {id, name}, "device:<user>", "told:<user>", "along:<user>"
   village  the data of one village, key user: {user, data, etag, checked_at}
   queue    what waits to be sent, key uuid; index "order" [user, seq]
   drafts   typed and not yet kept, key [user, sheet, line]: up2k.drafts.put(sheet, line, value) / .all(sheet) / .clear(sheet, line) */
(() => {
  "use strict";
  const VERSION = 2, FORMAT = 2;
  const SAVINGS = ["mandatory", "voluntary", "initial", "contribution"];
  const up2k = (window.up2k ||= {});
  let opened, asked;

  const STORES = { meta: {}, village: { keyPath: "user" }, drafts: {}, queue: { keyPath: "uuid" } };

  /* An item of format 1 had its savings side by side and called a single payment "payment". */
  function converted(item) {
    if (item.format !== 1) return item;
    const rest = Object.fromEntries(Object.entries(item).filter(([name]) => !SAVINGS.includes(name)));
    const savings = Object.fromEntries(SAVINGS.filter((name) => name in item).map((name) => [name, item[name]]));
    return { ...rest, format: FORMAT, kind: item.kind === "payment" ? "total" : item.kind, savings: { ...savings, ...item.savings } };
  }

  /* A newer portal finds the queue of an older one: nothing is dropped, the order stays. */
  async function upgrade(db, old, now, work) {
    for (const [name, options] of Object.entries(STORES)) {
      if (!db.objectStoreNames.contains(name)) db.createObjectStore(name, options);
    }
    const queue = work.objectStore("queue");
    queue.createIndex("order", ["user", "seq"]);
    const rows = (await queue.getAll()).sort((a, b) => (a.made_at < b.made_at ? -1 : 1));
    await Promise.all(rows.map((row, seq) => queue.put({ tries: 0, ...row, state: row.state === "sending" ? "waiting" : row.state, item: converted(row.item), seq })));
  }

  /* The page of a newer portal wants the store: it gets it, and this page says that it is old. */
  function blocking() {
    opened?.then((db) => db.close());
    opened = undefined;
    up2k.isOld = true;
  }

  async function store() { /* also what the browser refuses at once becomes a rejection */
    opened ||= idb.openDB("up2k", VERSION, { upgrade, blocking, terminated: () => (opened = undefined) });
    return opened.catch((error) => {
      opened = undefined;
      if (error.name === "VersionError") up2k.isOld = true;
      throw error;
    });
  }

  const meta = async (name, fallback) => (await (await store()).get("meta", name)) ?? fallback;
  const keep = async (name, value) => (await store()).put("meta", value, name);

  /* Whose page this is. A page of the portal names its user; the shell, which knows nobody, asks the phone. */
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
