/* What a test wants to know of a page as it stands in the browser. Runs in the page and moves only the focus. */
() => {
  const CLICKABLE = "a[href], button:enabled, input:enabled:not([type=hidden]), select:enabled, textarea:enabled, summary";
  const SPOKEN = ["placeholder", "aria-label", "title", "alt"];
  const shown = (el) => el.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && el.getClientRects().length > 0;
  const named = (el) => (el.getAttribute("aria-label") || el.innerText || el.name || el.id || el.outerHTML).trim().slice(0, 40);
  const targets = [...document.querySelectorAll(CLICKABLE)].filter((el) => shown(el) && el.tabIndex >= 0);

  /* The area that a finger may hit: the label of a tick box, the row or card that a link spans, else the element. */
  function height(el) {
    const heights = [el, ...(el.labels || [])].filter(shown).map((one) => one.getBoundingClientRect().height);
    const span = getComputedStyle(el, "::after");
    if (span.content !== "none" && span.position === "absolute") heights.push(parseFloat(span.height));
    return Math.round(Math.max(...heights));
  }

  /* A link among the words of a sentence has the height of its line (WCAG 2.5.8 excepts it). */
  function isInText(el) {
    const sentence = el.closest("p, dd, li, td, small");
    return Boolean(sentence) && el.matches("a") && [...sentence.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  }

  /* The ring may be drawn on the element, on what it spans, or on the box of its field. */
  const looks = (el) => [[el], [el, "::after"], [el.parentElement], [el.closest("label") || el]].map(([one, part]) => {
    const style = getComputedStyle(one, part);
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow];
  }).join();

  function hasRing(el) {
    document.activeElement.blur();
    const before = looks(el);
    el.focus();
    return looks(el) !== before;
  }

  /* Whether all of what has the focus is hidden, by the edge or by a bar that sticks to it (WCAG 2.4.11). */
  function isCovered(el) {
    el.focus();
    const box = el.getClientRects()[0];
    return [4, box.width / 2, box.width - 4].every((x) => {
      const top = document.elementFromPoint(box.left + x, box.top + Math.min(box.height / 2, 20));
      return !top || ![el, ...(el.labels || [])].some((one) => one.contains(top) || top.contains(one));
    });
  }

  const spoken = [...document.querySelectorAll(SPOKEN.map((name) => `[${name}]`) + ", input[type=submit], input[type=button]")]
    .filter(shown)
    .map((el) => [...SPOKEN.map((name) => el.getAttribute(name) || ""), ["submit", "button"].includes(el.type) ? el.value : ""].join(" "));
  return {
    lang: document.documentElement.lang,
    title: document.title,
    headings: [...document.querySelectorAll("h1")].filter(shown).length,
    text: [document.title, document.body.innerText, ...spoken].join("\n"),
    small: targets.filter((el) => height(el) < 44 && !isInText(el)).map((el) => `${named(el)}: ${height(el)} px`),
    ringless: targets.filter((el) => !hasRing(el)).map(named),
    covered: targets.filter(isCovered).map(named),
  };
}
