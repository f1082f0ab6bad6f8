/* What every page does once it stands: who is here, send what waits, and in idle time the service worker and the village. */
(() => {
  "use strict";
  const up2k = window.up2k;
  const idle = (act) => (window.requestIdleCallback ? requestIdleCallback(act, { timeout: 5e3 }) : setTimeout(act, 1e3));

  /* A new worker takes over as soon as no window sends. */
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
    if (me || navigator.serviceWorker?.controller) await serve(); /* who only checks a receipt needs no worker */
    if (!me) return;
    if (navigator.onLine) await up2k.village.refresh();
    if (await up2k.village.load()) navigator.storage?.persist?.();
  }

  const quiet = () => {}; /* without store, worker or signal the pages work as ever */
  up2k.started = start().catch(quiet);
  const rest = () => up2k.started.then(() => idle(() => settle().catch(quiet)));
  if (document.readyState === "complete") rest();
  else addEventListener("load", rest);
})();
