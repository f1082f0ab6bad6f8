/* The village in this phone: what the sheet and a single payment need without signal. Fetched in idle time on a visit,
   at most every ten minutes, and only if it is another (ETag); only the present user's is kept. */
(() => {
  "use strict";
  const up2k = window.up2k;
  const OFTEN = 10 * 60e3, SOON = 5e3;

  /* With checked_at: what was recorded before is in these data, what came after is not. */
  async function load() {
    const me = await up2k.me();
    const { data, checked_at } = (me && (await (await up2k.store()).get("village", me.id))) || {};
    return data ? { ...data, checked_at } : null;
  }

  /* After her nothing of the village is written any more: what was on its way here comes too late. */
  const hold = async (row) => up2k.isLeaving || (await up2k.store()).put("village", row);

  /* What was just sent has changed the dues: soon, or on the next page, they are fetched anew. */
  let soon;
  async function spoil() {
    const old = await (await up2k.store()).get("village", (await up2k.me()).id);
    if (!old?.data) return;
    await hold({ ...old, isStale: true });
    clearTimeout(soon);
    soon = setTimeout(() => refresh().catch(() => {}), SOON);
  }

  /* Only who records the money of one village has a village to keep. */
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
    else if (answer.status === 403) await hold({ user: me.id, data: null, checked_at }); /* hers no more */
    return load();
  }

  /* Packed on its way an answer gets a weak tag; the server compares its own. */
  const bare = (tag) => tag && tag.replace(/^W\//, "");

  async function keep(me, found) {
    if (found.data.user !== me.id) return; /* the session is another's by now */
    await hold({ user: me.id, ...found });
    up2k.changed();
  }

  /* She who was here before has her queue kept, nothing else. */
  async function arrive(me) {
    const db = await up2k.store();
    const before = await up2k.meta("me");
    if (before?.id !== me.id || before.name !== me.name) await up2k.keep("me", me);
    for (const user of await db.getAllKeys("village")) if (user !== me.id) await db.delete("village", user);
  }

  up2k.village = { load, refresh, arrive, spoil };
})();
