/* "Bawa lembar ini": the sheet goes along to a meeting without signal; the portal then knows that this phone is awaited. */
(() => {
  "use strict";
  const { up2k } = window;
  const sheet = up2k.sheet;

  sheet.along = function along(page) {
    const { h, icon } = up2k;
    const words = h("p", { class: "sub small", role: "status" });
    const go = h("button", { type: "button", class: "btn btn-sm", "aria-pressed": "false" });
    const el = h("section", { class: "u-card s-along", "aria-label": "Pertemuan tanpa sinyal" }, words, go);

    async function paint() {
      const isAlong = await up2k.queue.isAlong(page.group, page.on);
      words.textContent = isAlong ? "Lembar ini dibawa di HP ini. Yang lain melihat “menunggu 1 HP” sampai setorannya terkirim." : "Pertemuannya tanpa sinyal? Bawa lembar ini di HP.";
      go.replaceChildren(icon(isAlong ? "check" : "down"), isAlong ? "Selesai, tidak dibawa lagi" : "Bawa lembar ini");
      go.setAttribute("aria-pressed", String(isAlong));
    }

    async function press() {
      const wanted = go.getAttribute("aria-pressed") !== "true";
      try {
        if (wanted && !(await up2k.village.refresh(true))) throw new Error("Data desa belum bisa disimpan di HP ini. Coba lagi saat ada sinyal.");
        await up2k.queue.takeAlong(page.group, page.on, wanted);
        await paint();
      } catch (error) {
        words.textContent = error.message;
      }
    }

    go.addEventListener("click", press);
    paint().catch(() => (el.hidden = true));
    return el;
  };
})();
