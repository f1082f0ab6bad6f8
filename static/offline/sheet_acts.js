/* What a person does with a row of the Lembar Setoran: types, pays as due, marks absent, takes back; and how it stands
   in the queue. Every row is sent on its own as soon as it is left. */
(() => {
  "use strict";
  const { up2k } = window;
  const sheet = up2k.sheet;
  const { rupiah, CELLS } = sheet;
  const { papers, dueNow, read, isShown, refused } = sheet.rows;
  const SHOWN_FOR = 10e3; /* "Urungkan" */

  /* `page` is the open sheet: {group, on, rows, byKey, say, toast, repaint, …} (sheet.js). */
  sheet.acts = function acts(page) {
    const where = { group: page.group, on: page.on };

    /* ---- drafts: what is typed and not yet in the queue ---- */
    const drafts = new Map();
    function keepDraft(row) {
      clearTimeout(drafts.get(row));
      drafts.set(row, setTimeout(() => writeDraft(row), 300));
    }
    async function writeDraft(row) {
      drafts.delete(row);
      const draft = { entry: row.entry, isAdding: row.isAdding, editing: row.editing, at: Date.now() };
      try {
        if (sheet.isBlank(row.entry) && !row.entry.note) await up2k.drafts.clear(page.name, row.line.key);
        else await up2k.drafts.put(page.name, row.line.key, draft);
        page.tellDraft(draft.at);
        row.draftAt = draft.at;
        if (row.drafted) row.drafted.textContent = `Draf tersimpan ${sheet.clock(draft.at)}`;
      } catch {
        page.tellDraft(0);
      }
    }
    async function dropDraft(row) {
      clearTimeout(drafts.get(row));
      drafts.delete(row);
      await up2k.drafts.clear(page.name, row.line.key).catch(() => {});
    }

    function restore(found) {
      let latest = 0;
      for (const [key, draft] of Object.entries(found)) {
        const row = page.byKey.get(key);
        if (!row || (papers(row).length && !draft.isAdding && !draft.editing)) continue;
        Object.assign(row, { entry: draft.entry, isAdding: draft.isAdding, editing: draft.editing, isFilled: true });
        latest = Math.max(latest, draft.at);
      }
      return latest;
    }

    /* ---- edits; the last ones can be taken back as long as they are not sent ---- */
    const past = [];
    const copy = (entry) => ({ ...entry, parts: entry.parts && { ...entry.parts } });

    function remember(...rows) {
      past.push(rows.map((row) => ({ row, entry: copy(row.entry) })));
      if (past.length > 200) past.shift();
    }

    function set(row, entry) {
      row.entry = { ...row.entry, ...entry };
      row.problem = "";
      row.isFilled = true;
      keepDraft(row);
    }

    function typed(row, cell, text) {
      row.entry[cell] = text;
      if (cell === "paid") row.entry.parts = null;
      row.problem = "";
      keepDraft(row);
      page.repaint([row]);
    }

    /* Who divides one part herself divides all of them: the others stand as they would have been. */
    function typedPart(row, part, text) {
      if (!row.entry.parts) {
        const found = read(row);
        const told = sheet.share(found.isTyped ? found.income : dueNow(row).total, row.line, dueNow(row));
        row.entry.parts = Object.fromEntries(sheet.PARTS.map((name) => [name, told[name] ? sheet.dots(told[name]) : ""]));
        row.entry.paid = "";
      }
      row.entry.parts[part] = text;
      row.problem = "";
      keepDraft(row);
      page.repaint([row]);
    }

    function takeBackEdit() {
      const last = past.pop();
      if (!last) return page.say("Tidak ada ketikan yang dapat dikembalikan.");
      const open = last.filter(({ row }) => !isShown(row));
      for (const { row, entry } of open) set(row, entry);
      page.repaint(open.map(({ row }) => row));
      page.say("Ketikan dikembalikan.");
      return open[0]?.row;
    }

    /* ---- to the queue ---- */
    async function commit(row, { isQuiet = false } = {}) {
      if (isShown(row) || row.isSending || (page.isBusy && !isQuiet) || sheet.isBlank(row.entry)) return null;
      const found = read(row);
      if (!found.isComplete) {
        row.problem = Object.keys(found.wrong).length ? "" : sheet.unfinished(row.entry, found);
        if (row.problem || Object.keys(found.wrong).length) page.repaint([row]);
        return null;
      }
      row.isSending = true;
      const entry = copy(row.entry);
      const item = sheet.rowItem(where, row.line, found, row.index + 1, row.entry.note);
      try {
        const record = await (row.editing ? up2k.queue.replace(row.editing, item, row.line.name) : up2k.queue.put(item, row.line.name));
        if (!record) throw new Error("Setoran ini sudah terkirim. Salah? Pakai Koreksi pada buktinya.");
        if (record.state === "refused") await up2k.queue.retry(record.uuid); /* the same again: what was in its way may be gone */
        Object.assign(row, { entry: sheet.blank(), editing: "", isAdding: false, problem: "", isOpen: false });
        await dropDraft(row);
        if (!isQuiet) await page.sync();
        const done = { row, entry, uuid: record.uuid };
        row.draftAt = 0;
        if (!isQuiet) page.toast(`${row.line.name} tersimpan, ${rupiah(found.net)}`, SHOWN_FOR, [done]);
        return done;
      } catch (error) {
        row.problem = error.message || "Belum tersimpan di HP ini. Coba sekali lagi.";
        page.repaint([row]);
        return null;
      } finally {
        row.isSending = false;
      }
    }

    function payAsDue(row) {
      remember(row);
      if (!row.entry.paid.trim() && !row.entry.parts) set(row, { paid: sheet.dots(dueNow(row).total) });
      return commit(row);
    }

    /* Rows that "sesuai tagihan untuk semua" would record: still open, not absent, nothing wrong in them. */
    function payable() {
      return page.rows.filter((row) => {
        if (isShown(row) || refused(row) || row.editing || row.isAdding) return false;
        const entry = row.entry.paid.trim() || row.entry.parts ? row.entry : { ...row.entry, paid: sheet.dots(dueNow(row).total) };
        const found = sheet.read(entry, row.line, dueNow(row));
        row.proposed = found.isComplete ? { entry, net: found.net } : null;
        return Boolean(row.proposed) && (dueNow(row).total > 0 || !sheet.isBlank(row.entry));
      });
    }

    async function commitAll(rows, isAsDue) {
      const done = [];
      /* Two hundred rows are not drawn two hundred times; what is not drawn yet is not pressed either. */
      page.isBusy = true;
      for (const row of rows) {
        if (isAsDue) row.entry = row.proposed.entry;
        const one = await commit(row, { isQuiet: true });
        if (one) done.push(one);
        page.say(`${done.length} dari ${rows.length} baris dicatat.`);
      }
      await page.sync().finally(() => (page.isBusy = false));
      const sum = rupiah(sheet.sum(done.map(({ row }) => sheet.rows.broughtBy(row))));
      page.toast(`${done.length} baris tersimpan, ${sum}`, SHOWN_FOR, done);
      return done;
    }

    /* What still waits goes back into its boxes; what the server has, or may have, is corrected there: taken back and
       recorded again it would be there twice. */
    async function takeBack(done) {
      let late = 0;
      for (const { row, entry, uuid } of done) {
        try {
          const record = await up2k.queue.get(uuid);
          if (record?.state !== "waiting" || record.tries) throw new Error();
          await up2k.queue.remove(uuid);
          row.editing = "";
          set(row, entry);
        } catch {
          late++;
        }
      }
      await page.sync();
      page.toast(late ? `${late} setoran sudah dikirim, tidak dapat diurungkan. Salah catat? Pakai Ubah, atau Koreksi pada buktinya.` : "Diurungkan. Isinya masih ada di barisnya.", SHOWN_FOR);
    }

    /* A row that waits, or was refused, opens with its content; it keeps its key. */
    function reopen(row, record) {
      row.editing = record.uuid;
      row.entry = sheet.entryOf(record.item, row.line, dueNow(row));
      row.isFilled = true;
      row.problem = record.state === "refused" ? record.message : "";
    }

    async function markAbsent(row, isAbsent) {
      await up2k.queue.put(sheet.absentItem(where, row.line, isAbsent, row.index + 1), row.line.name);
      if (isAbsent) set(row, sheet.blank());
      row.isOpen = false;
      await dropDraft(row);
      await page.sync();
      page.say(`${row.line.name}: ${isAbsent ? "tidak hadir" : "hadir"}.`);
    }

    const DO = {
      pay: payAsDue,
      save: (row) => commit(row),
      more: (row) => (row.isOpen = !row.isOpen),
      use: (row, button) => (remember(row), set(row, { paid: sheet.dots(Number(button.dataset.amount)) })),
      absent: (row) => markAbsent(row, true),
      present: (row) => markAbsent(row, false),
      again: (row) => Object.assign(row, { isAdding: true, entry: sheet.blank(), isFilled: true }),
      cancel: (row) => (Object.assign(row, { isAdding: false, editing: "", entry: sheet.blank(), problem: "", isFilled: true }), dropDraft(row)),
      change: (row) => (reopen(row, papers(row).reverse().find(({ state }) => state === "waiting")), (row.isOpen = true)),
      take: (row) => {
        const record = papers(row).reverse().find(({ state }) => state === "waiting");
        return record && takeBack([{ row, entry: sheet.entryOf(record.item, row.line, row.due), uuid: record.uuid }]);
      },
      theirs: (row) => Promise.all(row.records.filter(({ state }) => state === "conflict").map(({ uuid }) => up2k.queue.remove(uuid))),
      renew: (row) => Promise.all(row.records.filter(({ state }) => state === "conflict").map(({ uuid }) => up2k.queue.renew(uuid))),
    };

    async function press(row, act, button) {
      if (page.isBusy) return;
      await DO[act](row, button);
      page.repaint([row]);
    }

    /* Its boxes are empty, its draft is gone. */
    function drop(row) {
      Object.assign(row, { entry: sheet.blank(), isOpen: false, isFilled: true });
      dropDraft(row);
    }

    return { press, drop, typed, typedPart, commit, commitAll, payable, payAsDue, remember, takeBack, takeBackEdit, set, restore, reopen, CELLS };
  };
})();
