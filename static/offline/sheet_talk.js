/* What the Lembar Setoran says beside its rows: notes, what the portal refused, what was pasted, the word of what was just
   done with its "Urungkan"; and the one question, whether all that is open is paid as due. */
(() => {
  "use strict";
  const { up2k } = window;
  const sheet = up2k.sheet;
  const { rupiah } = sheet;
  const { button } = sheet.rows;
  const h = (...parts) => up2k.h(...parts);
  const SHORTLY = 3e3; /* what is at the portal can only be corrected there: its word need not stay */

  sheet.talk = function talk(page, acts) {
    const notes = h("div", { class: "stack-s s-notes" });
    const trouble = h("div", { class: "s-trouble", role: "status", "aria-live": "polite" });
    const toast = h("div", { class: "s-toast", role: "status", "aria-live": "polite" });
    const ask = h("div", { class: "s-ask", role: "group", "aria-label": "Bayar sesuai tagihan untuk semua" });
    const all = button("all", "", "btn s-all");

    /* Above the rows, until she leaves the page. */
    function note(css, mark, title, ...more) {
      const made = h("div", { class: `u-note ${css}` }, up2k.icon(mark), h("div", {}, h("b", {}, title), more.map((one) => (typeof one === "string" ? h("small", {}, one) : one))));
      notes.append(made);
      return made;
    }

    /* What the portal refused, in the words that stand at the rows. */
    function tellTrouble() {
      const wrong = page.rows.filter((row) => row.records.some(({ state }) => ["refused", "conflict", "locked"].includes(state)) && sheet.problems(row).length);
      const told = wrong.map((row) => `${row.line.name}: ${sheet.problems(row).join(" ")}`);
      if (told.join() === trouble.dataset.told) return;
      trouble.dataset.told = told.join();
      const links = wrong.map((row, at) => h("li", {}, h("a", { href: `#baris-${row.line.key}`, "data-to": row.line.key }, told[at])));
      const facts = h("div", {}, h("b", {}, `Ada ${wrong.length} baris yang perlu diperbaiki`), h("ul", {}, links));
      trouble.replaceChildren(...(wrong.length ? [h("div", { class: "u-note bad" }, up2k.icon("stop"), facts)] : []));
    }

    /* What was `done` may be taken back as long as all of it waits in the phone. */
    function say(words, time, done = []) {
      clearTimeout(toast.timer);
      const act = button("undo", "Urungkan", "");
      toast.done = done;
      toast.replaceChildren(h("span", { class: "grow s-said" }, words), done.length ? act : "");
      act.addEventListener("click", () => (toast.replaceChildren(), acts.takeBack(done)));
      toast.timer = setTimeout(() => toast.replaceChildren(), time);
    }

    function meetSent(uuids) {
      if (!toast.querySelector("button") || !toast.done.some(({ uuid }) => uuids.includes(uuid))) return;
      say(toast.querySelector(".s-said").textContent, SHORTLY);
    }

    function tellPasted({ rows: filled, passed, unclear, unknown }) {
      const facts = [`${filled.length} baris ditempel.`];
      if (unclear.length) facts.push(`${unclear.length} tidak jelas: ${unclear.slice(0, 3).join(" ")}`);
      if (passed.length) facts.push(`Dilewati karena sudah tersimpan: ${passed.join(", ")}.`);
      if (unknown.length) facts.push(`Tidak ada barisnya: ${unknown.slice(0, 5).join(", ")}.`);
      const ready = filled.filter((row) => sheet.rows.read(row).isComplete);
      const keep = button("keep", `Simpan ${ready.length} baris`, "btn btn-sm btn-primary"), back = button("back", "Kembalikan", "btn btn-sm");
      notes.querySelector(".s-pasted")?.remove();
      const [css, mark] = unclear.length ? ["warn", "alert"] : ["info", "note"];
      const told = note(css, mark, facts[0], facts.slice(1).join(" "), h("div", { class: "s-acts" }, ready.length > 0 && keep, filled.length > 0 && back));
      told.classList.add("s-pasted");
      keep.addEventListener("click", () => (told.remove(), acts.commitAll(ready, false)));
      back.addEventListener("click", () => (told.remove(), acts.takeBackEdit()));
      page.say(facts.join(" "));
    }

    function offerAll(many) {
      all.hidden = !many || "open" in ask.dataset;
      all.replaceChildren(up2k.icon("check2"), `Bayar sesuai tagihan (${many})`);
    }

    function askForAll() {
      const ready = acts.payable();
      const money = rupiah(sheet.sum(ready.map(({ proposed }) => proposed.net)));
      ask.dataset.open = "1";
      all.hidden = true;
      const yes = button("yes", [up2k.icon("check2"), "Catat semua"], "btn btn-primary"), no = button("no", "Batal", "btn");
      ask.replaceChildren(h("p", { class: "grow" }, h("b", {}, `${ready.length} anggota, ${money}`), h("small", { class: "sub d-block" }, "yang belum diisi dan tidak ditandai tidak hadir")), yes, no);
      const close = () => (delete ask.dataset.open, ask.replaceChildren(), page.repaint([]));
      yes.addEventListener("click", () => (close(), (all.hidden = true), acts.commitAll(ready, true).then(() => page.toCount.focus({ preventScroll: true }))));
      no.addEventListener("click", () => (close(), all.focus()));
      yes.focus();
    }

    all.addEventListener("click", askForAll);
    trouble.addEventListener("click", (event) => {
      const row = page.byKey.get(event.target.closest("[data-to]")?.dataset.to);
      if (!row) return;
      event.preventDefault();
      row.isOpen = true;
      page.repaint([row]);
      (row.boxes.paid || row.el.querySelector("button")).focus();
    });
    return { notes, trouble, toast, ask, all, note, say, meetSent, tellTrouble, tellPasted, offerAll };
  };
})();
