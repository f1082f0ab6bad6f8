/* On every page: what waits in this phone in one line above the page, and no logout while it does. */
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

  /* The first that applies: [whether, fact, what comes next]. */
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
    if (location.pathname === "/antrean/") return (bar.hidden = true); /* it says all this itself */
    const found = SAYS.find(([applies]) => applies(known));
    bar.hidden = !found;
    if (!found) return bar.replaceChildren();
    const [, fact, acts] = found;
    const words = Object.assign(document.createElement("b"), { textContent: fact(known) });
    bar.replaceChildren(words, ...acts(known).flatMap((act) => [" ", act]));
  }

  /* ---- logout ---- */
  function refuse(fact, ...rest) {
    const words = Object.assign(document.createElement("b"), { textContent: fact });
    draws++;
    bar.hidden = false;
    bar.replaceChildren(words, ...rest);
    bar.tabIndex = -1;
    bar.focus();
    scrollTo(0, 0);
  }

  /* After her nothing of the village stays: what remains belongs to others who still have to send. */
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
      await up2k.keep(`along:${me.id}`, []); /* no sheet is along in a phone that forgets it */
      await Promise.race([up2k.queue.sendNow().then(up2k.queue.sendNow), new Promise((done) => setTimeout(done, 3e3))]);
    }
    await forget(me);
    form.submit();
  }

  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") !== "/keluar/") return;
    event.preventDefault();
    leave(event.target).catch(() => event.target.submit()); /* a phone that keeps nothing has nothing to lose */
  }, true);

  /* The worker could not send a form: the page stands as she filled it, and its buttons wake. */
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
