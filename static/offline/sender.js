/* Sends what waits, in its order, for the present user alone. One window sends at a time (a lock of the browser, which a
   killed page gives back); what it was sending is then simply sent again: the server knows it by its uuid. */
(() => {
  "use strict";
  const up2k = window.up2k;
  const BATCH = 20, PATIENCE = 45e3;
  const FIRST = 2e3, LONGEST = 3e5;
  const sender = (up2k.sender = { sending: 0, why: "" });
  let running, timer, failures = 0, isWanted = false;

  class Stop extends Error {} /* message: why nothing more is sent now */

  /* A page of a hotspot that answers everything is no answer of the portal: as if there were no signal. */
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

  /* How many rows of each sheet stay in this phone when `leaving` has been received; also the sheets told before. */
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

  /* A count of the money on the table waits for all other rows of its sheet, and goes alone. */
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

  /* Codes of the server that speak of the whole sending, not of an item. */
  const STOPS = { user: "user", right: "right", format: "old", login: "login" };
  const STATES = { saved: "saved", there: "saved", conflict: "conflict", foreign: "conflict", locked: "locked" };
  function received(result) {
    const state = STATES[result.state] || "refused";
    const { message = "", fields = null, theirs = null, number = "", url = "" } = result;
    return { state, message, fields, theirs, number, url, tries: 0, next_at: 0, ...(state === "saved" && { saved_at: Date.now() }) };
  }

  /* Gives how many of the batch the server has spoken of; those it has not, wait on. */
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

  /* An answer without results: smaller batches; a single item that the server stumbles over steps aside for a while. */
  async function stumble(batch, { status, body }) {
    if (status < 500 && !body?.code) throw new Stop("offline"); /* 403: the next try brings a new token */
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
    /* What a killed page was sending may have arrived: it counts as a try. */
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
  const sendNow = () => (running ||= run(true)); /* by hand, or on a new page: also what stepped aside */

  /* After a put. One that comes while we send is picked up at the next look, or by one more run. */
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
