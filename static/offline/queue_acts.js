/* What changes the queue in this phone; the calls are told at the top of queue.js. */
(() => {
  "use strict";
  const up2k = window.up2k;
  const { changed, unsent, uuid4, wholeQueue: whole } = up2k;
  const DURABLE = { durability: "strict" }; /* not only in memory when the phone dies */

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

  /* The browser's own errors are English, and say nothing to her. */
  const told = (error) => (error instanceof DOMException || error instanceof TypeError ? new Error("HP ini tidak dapat menyimpannya, mungkin karena penuh. Catat dulu di kertas.") : error);

  /* One record through one function, in one piece: what another window does meanwhile is seen. `act` gets the record
     and gives the new one, or nothing to leave it. */
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

  /* The new one takes the place of the old one in one piece: neither both nor none. */
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
