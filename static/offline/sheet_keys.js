/* The Lembar Setoran from the keyboard, as in Excel: Enter down, Tab and the arrows, F2, Ctrl Z, a block pasted. */
(() => {
  "use strict";
  const { up2k } = window;
  const sheet = up2k.sheet;
  const { CELLS } = sheet;
  const { isShown, dueNow } = sheet.rows;
  const PAGE = 10;
  const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE };
  const SIDES = { ArrowLeft: -1, ArrowRight: 1 };
  const CARDS = matchMedia("(max-width: 767.98px)");

  sheet.keys = function keys(page, acts) {
    const rowOf = (el) => page.byKey.get(el.closest("[data-key]")?.dataset.key);
    const cellsOf = (cell) => [...page.table.querySelectorAll(`[data-cell=${cell}]`)].filter((one) => one.offsetParent);

    function focusOn(input) {
      input.focus();
      input.select();
    }

    /* Down or up a column, over the rows that are recorded already; beyond the last one to the sum bar. */
    function move(input, by) {
      const column = cellsOf(input.dataset.cell);
      const at = column.indexOf(input) + by;
      if (at < 0) return focusOn(column[0]);
      if (at >= column.length && Math.abs(by) === 1) return page.bar.querySelector("button").focus();
      focusOn(column[Math.min(at, column.length - 1)]);
    }

    function aside(event, input, by) {
      const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
      const atEdge = by < 0 ? input.selectionEnd === 0 : input.selectionStart === input.value.length;
      const row = rowOf(input);
      const names = CELLS.filter((name) => row.boxes[name]);
      const next = row.boxes[names[names.indexOf(input.dataset.cell) + by]];
      if (!(whole || atEdge) || !next) return;
      event.preventDefault();
      focusOn(next);
    }

    /* F2: on in the amount that stands there, or in the one that is proposed. */
    function edit(input) {
      if (!input.value && input.placeholder) {
        input.value = input.placeholder;
        acts.typed(rowOf(input), input.dataset.cell, input.value);
      }
      input.setSelectionRange(input.value.length, input.value.length);
    }

    function takeBack(input) {
      const row = rowOf(input);
      const before = input.dataset.before ?? "";
      if (input.value !== before) {
        acts.set(row, { [input.dataset.cell]: before });
        return page.repaint([row]);
      }
      const other = acts.takeBackEdit();
      if (other?.boxes.paid) focusOn(other.boxes.paid);
    }

    function onKey(event) {
      const input = event.target;
      if (event.isComposing) return;
      if (event.key === "?" && !input.matches("[data-note]")) return act(event, page.showKeys);
      if (!input.matches("[data-cell]")) return onPartKey(event, input);
      const row = rowOf(input);
      if (event.key === "Enter") return act(event, () => onEnter(input, row, event.shiftKey ? -1 : 1));
      if (event.key in STEPS) return act(event, () => move(input, STEPS[event.key]));
      if (event.key in SIDES && !event.shiftKey && !event.ctrlKey) return aside(event, input, SIDES[event.key]);
      if (event.key === "F2") return act(event, () => edit(input));
      if (event.key === "Escape") return act(event, () => input.value !== (input.dataset.before ?? "") && takeBack(input));
      if (event.key === " " && input.dataset.cell === "paid") {
        return act(event, () => (acts.remember(row), acts.set(row, { paid: dueNow(row).total ? sheet.dots(dueNow(row).total) : "0", parts: null }), page.repaint([row])));
      }
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") return act(event, () => takeBack(input));
      if (event.key === "/") return act(event, () => page.search.focus());
    }

    function act(event, run) {
      event.preventDefault();
      run();
    }

    function onEnter(input, row, by) {
      if (CARDS.matches) return void acts.commit(row).then((done) => done && document.activeElement.blur());
      const isLast = by > 0 && cellsOf(input.dataset.cell).at(-1) === input;
      move(input, by); /* the row is left, and so it is sent */
      if (isLast) acts.commit(row);
    }

    function onPartKey(event, input) {
      if (event.key !== "Enter" || !input.matches("[data-part], [data-note]")) return;
      event.preventDefault();
      acts.commit(rowOf(input));
    }

    /* ---- a block from Excel: in the order of the rows from here on, or by the names in its first column ---- */
    function paste(event) {
      const input = event.target;
      const text = event.clipboardData.getData("text");
      if (!input.matches("[data-cell]") || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
      event.preventDefault();
      const block = sheet.blockOf(text);
      const done = sheet.hasNames(block) ? byName(block) : inOrder(block, input);
      page.repaint(done.rows);
      input.dataset.before = input.value; /* Ctrl Z takes back the block, not this box alone */
      page.tellPasted(done);
    }

    function fill(row, names, cells, done) {
      const texts = Object.fromEntries(names.map((name, at) => [name, cells[at]]).filter(([name, said]) => name && said));
      if (!Object.keys(texts).length) return;
      if (isShown(row)) return done.passed.push(row.line.name);
      for (const name of Object.keys(texts)) {
        try {
          texts[name] = sheet.dots(sheet.parse(texts[name]));
        } catch (error) {
          done.unclear.push(`${row.line.name}: ${error.message}`);
        }
      }
      done.rows.push(row);
      done.texts.push(texts);
    }

    function apply(done) {
      acts.remember(...done.rows);
      done.rows.forEach((row, at) => acts.set(row, { ...done.texts[at], ...("paid" in done.texts[at] ? { parts: null } : {}) }));
      return done;
    }
    const none = () => ({ rows: [], texts: [], passed: [], unclear: [], unknown: [] });

    function inOrder(block, input) {
      const done = none();
      const from = page.rows.indexOf(rowOf(input));
      const names = CELLS.slice(CELLS.indexOf(input.dataset.cell));
      block.forEach((cells, at) => {
        const row = page.rows[from + at];
        if (row) fill(row, names, cells, done);
        else if (cells.some(Boolean)) done.unknown.push(cells.join(" "));
      });
      return apply(done);
    }

    function byName(block) {
      const done = none();
      for (const [name, ...cells] of block) {
        const row = page.rows.find(({ line }) => line.name.toLowerCase() === name.toLowerCase());
        if (row) fill(row, CELLS, cells, done);
        else if (cells.some(Boolean)) done.unknown.push(name);
      }
      return apply(done);
    }

    /* ---- leaving a row sends it ---- */
    let pressed = null;
    document.addEventListener("pointerdown", (event) => {
      pressed = event.target.closest?.("[data-key]");
      setTimeout(() => (pressed = null), 700);
    }, true);

    function onLeave(event) {
      const body = event.target.closest("[data-key]");
      const next = event.relatedTarget;
      if (!body || body.contains(next) || (!next && (pressed === body || !document.hasFocus()))) return;
      const row = rowOf(event.target);
      if (!event.target.matches("[data-cell], [data-part], [data-note]")) return;
      acts.commit(row);
    }

    page.table.addEventListener("keydown", onKey);
    page.table.addEventListener("paste", paste);
    page.table.addEventListener("focusout", onLeave);
    page.table.addEventListener("focusin", ({ target }) => {
      if (!target.matches("[data-cell]")) return;
      target.dataset.before = target.value;
      acts.remember(rowOf(target));
      target.select();
    });
    /* At the document: by then the dots stand in the box (up2k.js). */
    document.addEventListener("input", ({ target }) => {
      if (!page.table.contains(target)) return;
      if (target.dataset.cell) acts.typed(rowOf(target), target.dataset.cell, target.value);
      if (target.dataset.part) acts.typedPart(rowOf(target), target.dataset.part, target.value);
      if ("note" in target.dataset) acts.set(rowOf(target), { note: target.value });
    });
    page.table.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-act]");
      if (button) page.press(rowOf(button), button.dataset.act, button);
    });
  };
})();
