/* "Hitung uang di meja": pieces by denomination against what should lie on the table, the difference in words. */
(() => {
  "use strict";
  const { up2k } = window;
  const sheet = up2k.sheet;
  const { PIECES, dots, rupiah } = sheet;
  const h = (...parts) => up2k.h(...parts);
  const LINE = "hitung"; /* its draft's name */

  sheet.count = function count(page) {
    const pieces = {};
    const boxes = {}, sums = {};
    const total = h("td", { class: "num", colspan: "2" });
    const facts = h("dl", { class: "u-dl" });
    const words = h("p", { class: "s-diff", role: "status" });
    const cause = h("input", { id: "sebab", type: "text", maxlength: "300", autocomplete: "off", placeholder: "misalnya kembalian Ibu Fatimah" });
    const causeField = h("div", { class: "u-field" }, h("label", { for: "sebab" }, "Sebab selisih"), h("p", { class: "err", id: "sebab_error" }), h("div", { class: "u-in" }, cause));
    const save = h("button", { type: "button", class: "btn w-100" }, up2k.icon("check"), "Simpan hitungan");
    const state = h("div", { class: "s-counted" });
    const el = h("section", { class: "u-card s-count", id: "hitung", tabindex: "-1", "aria-labelledby": "hitung-judul" },
      h("h2", { id: "hitung-judul" }, "Hitung uang di meja"), h("p", { class: "hint" }, "Tulis berapa lembar atau keping."),
      h("table", { class: "s-pieces" }, h("thead", {}, h("tr", {}, h("th", { scope: "col", class: "num" }, "Pecahan"), h("th", { scope: "col", class: "num" }, "Lembar"), h("th", { scope: "col", class: "num" }, "Jumlah"))),
        h("tbody", {}, ...PIECES.map(line)), h("tfoot", {}, h("tr", {}, h("th", { scope: "row" }, "Dihitung"), total))),
      facts, words, causeField, save, state);

    function line(piece) {
      boxes[piece] = h("input", { type: "text", inputmode: "numeric", autocomplete: "off", maxlength: "6", enterkeyhint: "next", "data-piece": String(piece), "aria-label": `Lembar ${dots(piece)}` });
      sums[piece] = h("td", { class: "num" });
      return h("tr", {}, h("th", { scope: "row", class: "num" }, dots(piece)), h("td", { class: "cell" }, boxes[piece]), sums[piece]);
    }

    const countOf = (text) => (/^\d{1,6}$/.test(text.trim()) ? Number(text) : 0);
    const isBad = (text) => Boolean(text.trim()) && !/^\d{1,6}$/.test(text.trim());
    const counted = () => sheet.sum(PIECES.map((piece) => piece * (pieces[piece] || 0)));
    const isEmpty = () => PIECES.every((piece) => !boxes[piece].value.trim());

    function paint() {
      for (const piece of PIECES) {
        const isWrong = isBad(boxes[piece].value);
        pieces[piece] = countOf(boxes[piece].value);
        sums[piece].textContent = isWrong ? "angka saja" : pieces[piece] ? dots(piece * pieces[piece]) : "";
        boxes[piece].setAttribute("aria-invalid", String(isWrong));
      }
      total.textContent = dots(counted());
      const { onSheet, elsewhere, expected } = page.expected();
      const rows = [["Menurut lembar ini", onSheet], ...(elsewhere ? [[elsewhere > 0 ? "Dari lembar lain, belum disetor" : "Sudah disetor ke kas", elsewhere]] : [])];
      const found = sheet.differenceWords(counted(), expected);
      if (rows.length > 1) rows.push(["Seharusnya di meja", expected]);
      facts.replaceChildren(...rows.map(([name, sum]) => h("div", {}, h("dt", {}, name), h("dd", { class: "rp" }, rupiah(sum)))));
      words.replaceChildren(...(isEmpty() ? [] : [h("b", {}, found.text), ...(found.words ? [`: ${found.words}.`] : [])]));
      words.className = `s-diff ${isEmpty() ? "" : found.off ? "bad" : "ok"}`;
      causeField.hidden = isEmpty() || !found.off;
      page.tellCounted(isEmpty() ? null : found);
    }

    function fault(text) {
      const line = causeField.querySelector(".err");
      line.replaceChildren(...(text ? [up2k.icon("stop"), h("span", {}, text)] : []));
      cause.setAttribute("aria-invalid", String(Boolean(text)));
      causeField.classList.toggle("has-err", Boolean(text));
    }

    async function send() {
      const wrong = PIECES.find((piece) => isBad(boxes[piece].value));
      if (wrong) return boxes[wrong].focus();
      if (isEmpty()) return boxes[PIECES[0]].focus();
      const { off } = sheet.differenceWords(counted(), page.expected().expected);
      if (off && !cause.value.trim()) {
        fault("Tulis sebab selisihnya, misalnya kembalian belum diberikan.");
        return cause.focus();
      }
      fault("");
      const told = Object.fromEntries(PIECES.filter((piece) => pieces[piece]).map((piece) => [piece, pieces[piece]]));
      const item = sheet.countItem(page, told, off ? cause.value.trim() : "");
      const refused = page.counts.find(({ state: one }) => one === "refused" || one === "waiting");
      await (refused ? up2k.queue.replace(refused.uuid, item, "Hitung uang di meja") : up2k.queue.put(item, "Hitung uang di meja"));
      await up2k.drafts.clear(page.name, LINE).catch(() => {});
      await page.sync();
    }

    function paintState() {
      const last = page.counts.at(-1);
      const { badge } = sheet.rows;
      if (!last) return state.replaceChildren();
      const key = last.state === "refused" ? "wrong" : last.state;
      const mark = [badge(key), ...(last.url ? [" ", h("a", { href: last.url }, last.number || "Lihat hitungan")] : [])];
      state.replaceChildren(h("p", {}, ...mark), ...(last.message ? [h("p", { class: "err" }, up2k.icon("stop"), h("span", {}, last.message))] : []));
    }

    function restore(draft) {
      for (const piece of PIECES) boxes[piece].value = draft?.pieces?.[piece] ?? "";
      cause.value = draft?.cause ?? "";
    }

    let timer;
    el.addEventListener("input", () => {
      paint();
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const said = Object.fromEntries(PIECES.map((piece) => [piece, boxes[piece].value]));
        const at = Date.now();
        await up2k.drafts.put(page.name, LINE, { pieces: said, cause: cause.value, at }).catch(() => {});
        page.tellDraft(at);
      }, 300);
    });
    el.addEventListener("keydown", (event) => {
      const at = PIECES.indexOf(Number(event.target.dataset?.piece));
      const by = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (at < 0 || !by) return;
      event.preventDefault();
      const next = boxes[PIECES[at + by]] || (by > 0 ? (causeField.hidden ? save : cause) : null);
      next?.focus();
      next?.select?.();
    });
    el.addEventListener("focusin", ({ target }) => target.select?.());
    save.addEventListener("click", () => send().catch((error) => fault(error.message)));
    return { el, paint, paintState, restore, LINE, open: () => (boxes[PIECES[0]].focus(), el.scrollIntoView({ block: "start" })) };
  };
})();
