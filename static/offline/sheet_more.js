/* Below a row of the Lembar Setoran: what is wrong with it, the amount in words, its receipts, and when it is opened
   the division by hand, the absence and another payment of the same day. */
(() => {
  "use strict";
  const { up2k } = window;
  const sheet = up2k.sheet;
  const { rupiah, dots, PARTS } = sheet;
  const { papers, dueNow, read, isShown, button, badge, links, PART_WORDS } = sheet.rows;
  const h = (...parts) => up2k.h(...parts);

  /* What is wrong with a row, in the words of its summary too: by box as typed, or as the server said. */
  function problems(row) {
    if (row.problem) return [row.problem];
    if (isShown(row)) return row.records.filter(({ state }) => state === "conflict" || state === "locked").map(({ message }) => message);
    return [...new Set(Object.values(read(row).wrong))];
  }

  function offer(row) {
    const offered = !isShown(row) && !row.entry.parts && read(row).offered;
    return offered ? [button("use", `Pakai ${dots(offered)}`, "btn btn-sm", { "data-amount": String(offered) })] : [];
  }

  function versions(row) {
    const found = row.records.find(({ state, theirs }) => state === "conflict" && theirs);
    if (!found) return [];
    const told = (content) => rupiah(sheet.moneyOf(content || {}).net);
    return [h("p", { class: "s-versions" }, `Di portal ${told(found.theirs.content)}${found.theirs.number ? ` (${found.theirs.number})` : ""}, di HP ini ${told(found.item)}.`),
      h("div", { class: "s-acts" }, button("theirs", "Pakai yang di portal"), button("renew", "Catat juga yang di HP ini"))];
  }

  /* Seldom needed, so folded: who divides the money herself, and a note for the receipt. */
  function rest(row) {
    const fold = h("details", { class: "fold s-fold" }, h("summary", {}, "Bagi sendiri, catatan"), parts(row), note(row));
    fold.open = Boolean(row.isSplit || row.entry.parts || row.entry.note);
    fold.addEventListener("toggle", () => (row.isSplit = fold.open));
    return fold;
  }

  function parts(row) {
    const found = sheet.share(read(row).isTyped ? read(row).income - (row.voluntary || 0) : dueNow(row).total, row.line, dueNow(row));
    const names = PARTS.filter((name) => (name === "loan" ? row.line.loan : row.line.member));
    return h("fieldset", { class: "s-parts", "aria-label": "Bagi sendiri" }, ...names.map((name) => {
      const id = `${name}-${row.line.key}`;
      const input = h("input", { id, type: "text", inputmode: "numeric", autocomplete: "off", "data-part": name, "data-rupiah": "", placeholder: row.entry.parts ? "" : dots(found[name] || 0) });
      input.value = row.entry.parts?.[name] || "";
      return h("label", { for: id }, PART_WORDS[name], input);
    }));
  }

  function receipts(row) {
    const found = papers(row);
    if (!found.length) return [];
    return [h("ul", { class: "s-papers" }, ...found.map((paper) => h("li", {}, h("b", { class: "rp" }, rupiah(paper.money.net)), ...(paper.number ? [links(paper)] : [badge(paper.state === "sending" ? "waiting" : paper.state)]))))];
  }

  function acts(row) {
    const isWaiting = papers(row).some(({ state }) => state === "waiting");
    const found = [];
    if (row.line.member && !row.sheetLocked && !papers(row).length) {
      found.push(row.isAbsent ? button("present", "Hadir") : button("absent", "Tidak hadir"));
    }
    if (papers(row).length && isShown(row) && !row.sheetLocked) found.push(button("again", "Tambah lagi"));
    if (row.isAdding || row.editing) found.push(button("cancel", "Batal"));
    if (isWaiting && isShown(row)) found.push(button("change", "Ubah"), button("take", "Urungkan"));
    return found.length ? [h("div", { class: "s-acts" }, ...found)] : [];
  }

  function note(row) {
    const id = `catatan-${row.line.key}`;
    const input = h("input", { id, type: "text", maxlength: "200", autocomplete: "off", "data-note": "" });
    input.value = row.entry.note;
    return h("label", { for: id, class: "s-note" }, "Catatan (boleh dikosongkan)", input);
  }

  /* Built anew only when it is another: a box that has the focus must stay. */
  sheet.paintMore = function paintMore(row, state) {
    const wrong = problems(row);
    const look = [row.isOpen, isShown(row), wrong.join(), papers(row).map(({ number, state: one }) => number || one).join(), row.isAbsent, row.isAdding, row.editing, row.locked].join("|");
    if (look !== row.moreLook) {
      row.moreLook = look;
      row.words = h("p", { class: "words" });
      const body = [];
      if (row.isOpen) body.push(row.words);
      const message = h("p", { class: "err s-err", id: `pesan-${row.line.key}` });
      if (wrong.length) message.append(up2k.icon("stop"), h("span", {}, wrong.join(" ")));
      body.push(message, h("div", { class: "s-acts s-offer" }, ...offer(row)), ...versions(row));
      if (row.locked && row.isOpen && row.lockedWhy) body.push(h("p", { class: "sub" }, row.lockedWhy));
      if (row.isOpen) body.push(...receipts(row), ...acts(row), isShown(row) ? "" : rest(row), isShown(row) ? "" : (row.drafted = h("small", { class: "sub only-p" })));
      row.more.replaceChildren(h("td", { class: "s-rest", colspan: "11", id: `rinci-${row.line.key}` }, ...body));
      row.more.classList.toggle("has-none", !row.isOpen && !wrong.length);
    }
    const found = isShown(row) || sheet.isBlank(row.entry) ? null : read(row);
    if (row.drafted) row.drafted.textContent = row.draftAt ? `Draf tersimpan ${sheet.clock(row.draftAt)}` : "";
    row.words.textContent = found && found.income && !wrong.length ? sheet.terbilang(found.income) : "";
    for (const input of row.more.querySelectorAll("[data-part]")) {
      const said = row.entry.parts?.[input.dataset.part] || "";
      if (input !== document.activeElement && input.value !== said) input.value = said;
    }
  };
  sheet.problems = problems;
})();
