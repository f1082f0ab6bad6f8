/* The service worker: pages come from the network as ever; without it the shell, which holds no data of persons.
   The server puts the lines BUILD, SHELL, ASSETS and SLOW before this. What is asked as JSON never passes here. */
const CACHE = `up2k-shell-${BUILD}`;
/* What works without signal: the sheet, a single payment, the queue, and the receipt of the phone. */
const OFFLINE_TOO = /^\/(?:lembar\/|antrean\/|luring\/|kelompok\/\d+\/lembar\/\d{4}-\d\d-\d\d\/)$/;
const DOWN = [502, 503, 504];

/* Nobody's page: asked without cookies, so that what is kept is the same for all. */
async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll(ASSETS);
  await cache.put(SHELL, await fetch(SHELL, { credentials: "omit", cache: "reload" }));
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

const shell = async () => (await caches.match(SHELL, { cacheName: CACHE })) || Response.error();

/* A weak signal may keep a page waiting for minutes: what works without does not wait so long. */
async function page(event, isOffline) {
  const asked = Promise.resolve(event.preloadResponse).then((early) => early || fetch(event.request));
  if (!isOffline) return asked.catch(shell);
  const patience = new Promise((done, fail) => setTimeout(fail, SLOW));
  try {
    const answer = await Promise.race([asked, patience]);
    return DOWN.includes(answer.status) ? shell() : answer;
  } catch {
    return shell();
  }
}

/* A form that does not reach the portal leaves its page as it is, with all that was typed, and the page says so. */
async function form({ request, clientId }) {
  try {
    return await fetch(request);
  } catch {
    const from = await clients.get(clientId);
    if (!from) return shell();
    from.postMessage("unsent");
    return new Response(null, { status: 204 });
  }
}

const kept = async (request) => (await caches.match(request, { cacheName: CACHE })) || fetch(request);

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => event.data === "take over" && self.skipWaiting());
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && request.mode === "navigate") event.respondWith(form(event));
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event, OFFLINE_TOO.test(url.pathname)));
  else if (ASSETS.includes(url.pathname)) event.respondWith(kept(request));
});
