/* Names, for who hears the page, of fields that Django leaves without: those that search as one types (select2) have
   the words of their label, those in the rows of a table the heading of their column. */
(() => {
  "use strict";
  function nameSearch(selection) {
    const field = selection.closest(".select2")?.previousElementSibling;
    const label = field?.id && document.querySelector(`label[for="${field.id}"]`);
    if (!label) return;
    label.id ||= `${field.id}_label`;
    for (const part of [selection, selection.querySelector(".select2-selection__rendered")]) part?.setAttribute("aria-labelledby", label.id);
  }

  function nameCell(field) {
    const column = /\bfield-([-\w]+)/.exec(field.closest("td").className)?.[1];
    const heading = column && field.closest("table").querySelector(`thead .column-${column}`);
    if (heading && !field.labels?.length) field.setAttribute("aria-label", heading.innerText.trim());
  }

  function all() {
    for (const selection of document.querySelectorAll(".select2-selection")) nameSearch(selection);
    for (const field of document.querySelectorAll(".tabular td :is(input:not([type=hidden]), select, textarea)")) nameCell(field);
  }
  all();
  new MutationObserver(all).observe(document.body, { childList: true, subtree: true }); /* select2 comes when it likes */
})();
