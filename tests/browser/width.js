/* What does not fit the width of the window: the page itself, and what an inner box cuts off or scrolls sideways. */
() => {
  const isShortened = (el) => getComputedStyle(el).textOverflow === "ellipsis";
  /* On a phone the row of sort links, a paper and a book's table with its columns; in the admin a list under very long names. */
  const MAY_SCROLL = ".lists thead, main.kartu, main.buku .scroll, #changelist .results";
  const root = document.scrollingElement;
  const cut = [...document.querySelectorAll("body *:not(svg *, input, select, textarea)")].filter((el) =>
    el.scrollWidth > el.clientWidth + 1 && el.clientWidth > 1 && getComputedStyle(el).overflowX !== "visible" && !isShortened(el) && !el.matches(MAY_SCROLL));
  const over = root.scrollWidth > innerWidth ? [`page: ${root.scrollWidth} px`] : [];
  return [...over, ...cut.map((el) => `${el.tagName.toLowerCase()}#${el.id}.${el.className}: ${el.scrollWidth} of ${el.clientWidth} px`)];
}
