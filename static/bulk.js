/* In the grid of pasted members Enter and the arrows go down and up a column, as in Excel. Works without it too. */
(() => {
  "use strict";
  const STEPS = { Enter: 1, ArrowDown: 1, ArrowUp: -1 };
  const grid = document.querySelector("[data-block]");
  const column = (box) => box.name.split("-")[0];

  grid?.addEventListener("keydown", (event) => {
    const box = event.target;
    const step = event.key === "Enter" && event.shiftKey ? -1 : STEPS[event.key];
    if (!step || !box.matches("input:not([type=checkbox])") || event.isComposing) return;
    event.preventDefault();
    const boxes = [...grid.querySelectorAll(`input[name^="${column(box)}-"]`)];
    const next = boxes[boxes.indexOf(box) + step];
    if (!next) return;
    next.focus();
    next.select();
  });
})();
