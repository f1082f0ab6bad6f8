/* What a line of the Lembar Setoran owes, what was typed into it, and the item that is sent. Pure: no page, no store.
   Whole rupiah. A line is one of the offline data; an entry holds the texts of its boxes. */
(() => {
  "use strict";
  const up2k = (window.up2k ||= {});
  const { amountOf, terbilang, dots } = up2k.money;
  const CELLS = ["paid", "voluntary", "withdraw"]; /* the boxes of the grid, in the order of a pasted block */
  const PARTS = ["loan", "mandatory", "contribution", "initial"]; /* of what was paid, when somebody divides it herself */
  const PIECES = [100000, 75000, 50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100];
  const MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"];
  const rupiah = (n) => `${n < 0 ? "−" : ""}Rp${dots(n)}`;
  const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);

  /* "25 September 2026" of 2026-09-25 */
  function dayWords(iso) {
    const [year, month, day] = iso.split("-").map(Number);
    return `${day} ${MONTHS[month - 1]} ${year}`;
  }

  /* In Central Indonesia, as the portal tells it. */
  const clock = (at) => new Date(at + 8 * 3600e3).toISOString().slice(11, 16).replace(":", ".");

  /* ---- amounts as typed or pasted: nothing is guessed; the sentences are the server's ---- */
  const FAULTS = [
    [/^[-.,]*$/, () => "Isi jumlah rupiah dengan angka, misalnya 50.000."],
    [/^[-−–]/, (text) => `Jumlah “${text}” tidak boleh negatif; tulis misalnya 50.000.`],
    [/[^0-9.,\- ]/, (text) => `Jumlah “${text}” hanya boleh berisi angka 0–9 dan titik ribuan, misalnya 50.000.`],
    [/\d /, (text) => `Jumlah “${text}” terpotong spasi; pisahkan ribuan dengan titik, misalnya 50.000.`],
    [/,\d{3}(\D|$)/, (text) => `Jumlah “${text}” memakai koma; pisahkan ribuan dengan titik, misalnya 50.000.`],
    [/\.\d{1,2}$/, (text) => `Jumlah “${text}” tidak jelas: sesudah titik harus tiga angka, misalnya 50.000.`],
    [/,/, (text) => `Jumlah “${text}” memakai sen; tulis rupiah bulat tanpa koma, misalnya 50.000.`],
    [/^/, (text) => `Jumlah “${text}” tidak jelas: letakkan titik tiap tiga angka, misalnya 50.000 atau 1.500.000.`],
  ];
  const tidy = (text) => text.replace(/[ \t\u00a0\u2007\u2009\u202f]+/g, " ").trim();

  function fault(text) {
    const bare = text.toLowerCase().replace(/rp\.?/, "").trim();
    return FAULTS.find(([pattern]) => pattern.test(bare))[1](text.slice(0, 40));
  }

  /* The amount of a text: a number, or null for an empty one. Throws what is wrong with it. */
  function parse(text) {
    const said = tidy(text || "");
    if (!said) return null;
    const amount = amountOf(said);
    if (amount === null) throw new Error(fault(said));
    if (amount > 1e12) throw new Error("Jumlah ini terlalu besar: paling banyak 1.000.000.000.000. Periksa angka nolnya.");
    return amount;
  }

  /* ---- what is due on the day of the sheet ---- */
  const monthsBetween = (from, to) => (+to.slice(0, 4) - +from.slice(0, 4)) * 12 + +to.slice(5, 7) - +from.slice(5, 7);

  /* The data say what was due when they were made: a sheet of a later month, drawn without signal, has grown by the
     monthly sum; one of an earlier month owed less. */
  function savingDue(saving, madeOn, on) {
    if (!saving) return 0;
    return Math.max(0, (saving.due || 0) + (saving.monthly || 0) * monthsBetween(madeOn, on));
  }

  function dueOf(line, on, madeOn) {
    const rows = (line.rows || []).filter(([day]) => day <= on);
    const due = {
      principal: sum(rows.map((row) => row[1])),
      fee: sum(rows.map((row) => row[2])),
      penalty: line.penalty || 0,
      mandatory: savingDue(line.mandatory, madeOn, on),
      contribution: savingDue(line.contribution, madeOn, on),
    };
    due.loan = due.principal + due.fee + due.penalty;
    due.total = due.loan + due.mandatory + due.contribution;
    return due;
  }

  const dueWords = (due) =>
    [["pokok", due.principal], ["jasa", due.fee], ["denda", due.penalty], ["wajib", due.mandatory], ["iuran", due.contribution]]
      .filter(([, amount]) => amount).map(([name, amount]) => `${name} ${dots(amount)}`).join(", ");

  /* A total as the server divides one: the loan's dues, then wajib and iuran, then ahead on the loan or to sukarela. */
  function share(total, line, due) {
    const loan = Math.min(total, due.loan);
    const mandatory = Math.min(total - loan, due.mandatory);
    const contribution = Math.min(total - loan - mandatory, due.contribution);
    const rest = total - loan - mandatory - contribution;
    const toLoan = line.loan && !(line.member && line.ahead === "voluntary");
    return { loan: loan + (toLoan ? rest : 0), mandatory, contribution, initial: 0, voluntary: toLoan ? 0 : rest };
  }

  /* ---- what was typed ---- */
  const blank = () => ({ paid: "", voluntary: "", withdraw: "", parts: null, note: "" });
  const isBlank = (entry) => !entry.parts && CELLS.every((name) => !entry[name].trim());

  function unlikely(paid, line, due) {
    const offered = [10, 100, 1000].map((times) => paid / times).find((one) => one === due.total) || due.total;
    const words = `Lebih besar dari sisa pinjaman ${rupiah(line.left + (line.penalty || 0))}.`;
    return { words: offered ? `${words} Mungkin maksudnya ${dots(offered)}?` : words, offered };
  }

  /* What an entry says: parts in rupiah, what comes in and goes out, and by box what is wrong with it. */
  function read(entry, line, due) {
    const wrong = {};
    const take = (name, text) => {
      try {
        return parse(text);
      } catch (error) {
        wrong[name] = error.message;
        return null;
      }
    };
    const [paid, voluntary, withdraw] = CELLS.map((name) => take(name, entry[name]));
    let parts = share(paid || 0, line, due);
    if (entry.parts) {
      parts = { voluntary: 0 };
      for (const name of PARTS) parts[name] = take(name, entry.parts[name]) || 0;
    }
    const found = { parts, withdraw: withdraw || 0, wrong, offered: 0, isTyped: paid !== null || Boolean(entry.parts) };
    parts.voluntary += voluntary || 0;
    found.income = sum(Object.values(parts));
    found.net = found.income - found.withdraw;
    found.short = Math.max(0, due.total - (found.income - (voluntary || 0)));
    check(found, line, due, paid);
    found.isComplete = !Object.keys(wrong).length && (found.isTyped || !due.total) && found.income + found.withdraw > 0;
    return found;
  }

  function check(found, line, due, paid) {
    const { parts, wrong } = found;
    if (!line.loan && parts.loan) wrong.loan = "Tidak ada pinjaman yang berjalan. Pindahkan jumlah ini ke simpanan.";
    if (!line.loan && paid > due.total && line.member) {
      wrong.paid = `Lebih ${rupiah(paid - due.total)} dari wajib dan iuran. Isi kelebihannya di Sukarela.`;
    }
    if (line.loan && line.left !== undefined && parts.loan > line.left + (line.penalty || 0)) {
      const { words, offered } = unlikely(found.income - parts.voluntary, line, due);
      wrong[found.isTyped && paid === null ? "loan" : "paid"] = words;
      found.offered = offered;
    }
    const held = (line.withdrawable || 0) + parts.voluntary;
    if (found.withdraw > held) {
      wrong.withdraw = held ? `Simpanan sukarelanya ${rupiah(held)}. Tarik paling banyak sejumlah itu.` : "Belum ada simpanan sukarela yang dapat ditarik.";
    }
  }

  /* The words for a row that is left before all of it is said. */
  const unfinished = (entry, found) =>
    !found.isTyped && !isBlank(entry) ? "Dibayar belum diisi: tekan Sesuai, atau isi 0 bila tidak membayar." : "";

  /* ---- items: the queue adds their key, their format and the clock ---- */
  const item = (kind, sheet, rest) => ({ kind, group: sheet.group, on: sheet.on, ...rest });

  function rowItem(sheet, line, found, order, note = "") {
    const { loan, ...savings } = found.parts;
    const more = found.withdraw ? { withdraw: { voluntary: found.withdraw } } : {};
    return item("row", sheet, { member: line.member, loan: line.loan, amount: loan, savings, ...more, note, order });
  }

  const absentItem = (sheet, line, absent, order) => item("absent", sheet, { member: line.member, absent, order });
  const countItem = (sheet, pieces, explanation) => item("count", sheet, { pieces, explanation, order: 9999 });

  /* The boxes that would say an item again. */
  function entryOf(sent, line, due) {
    const told = (n) => (n ? dots(n) : "");
    const { mandatory = 0, contribution = 0, initial = 0, voluntary = 0 } = sent.savings || {};
    const loan = sent.amount || 0;
    const paid = loan + mandatory + contribution + initial;
    const same = share(paid, line, due);
    const isShared = same.loan === loan && same.mandatory === mandatory && same.contribution === contribution && !initial && !same.voluntary;
    const parts = { loan: told(loan), mandatory: told(mandatory), contribution: told(contribution), initial: told(initial) };
    return {
      paid: isShared ? told(paid) || (voluntary || sent.withdraw ? "0" : "") : "",
      voluntary: told(voluntary),
      withdraw: told(sent.withdraw?.voluntary),
      parts: isShared ? null : parts,
      note: sent.note || "",
    };
  }

  /* What an item, or a receipt of the sheet, brought to the table and took from it. */
  function moneyOf(sent) {
    const savings = sent.savings || {};
    const voluntary = savings.voluntary || 0;
    const paid = (sent.amount || 0) + (savings.mandatory || 0) + (savings.contribution || 0) + (savings.initial || 0);
    const withdraw = sent.withdraw?.voluntary || 0;
    return { paid, voluntary, withdraw, net: paid + voluntary - withdraw };
  }

  /* ---- a block from Excel: rows of cells; a lone dash is an empty cell there ---- */
  function blockOf(text) {
    const rows = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
    return rows.map((row) => row.split("\t").map((cell) => (/^(?:rp\.?)?\s*[-–]$/i.test(tidy(cell)) ? "" : tidy(cell))));
  }

  /* Whether the first column of a block holds names rather than amounts. */
  const hasNames = (block) => block.every((row) => row.length > 1 && /[a-z]{2}/i.test(row[0].replace(/^rp\.?/i, "")));

  /* ---- the cash on the table ---- */
  function differenceWords(counted, expected) {
    const off = counted - expected;
    if (!off) return { off, text: "Uang di meja cocok dengan lembar." };
    return { off, text: `Uang ${off < 0 ? "kurang" : "lebih"} ${rupiah(Math.abs(off))} dari lembar`, words: terbilang(Math.abs(off)) };
  }

  up2k.sheet = {
    CELLS, PARTS, PIECES, rupiah, dots, sum, terbilang, dayWords, clock, parse, dueOf, dueWords, share, blank, isBlank, read, unfinished,
    rowItem, absentItem, countItem, entryOf, moneyOf, blockOf, hasNames, differenceWords,
  };
})();
