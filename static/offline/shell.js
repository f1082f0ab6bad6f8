/* The shell: which works without signal stands here, every other page says kindly that it needs some. */
(() => {
  "use strict";
  const up2k = window.up2k;
  const { h, icon, note } = up2k;
  const OFFERS = [["/lembar/", "sheet", "Lembar setoran"], ["/luring/#setoran", "cash", "Catat satu setoran"], ["/antrean/", "clock", "Antrean"]];
  const offers = () => h("nav", { class: "quick", "aria-label": "Yang bisa tanpa sinyal" }, OFFERS.map(([url, mark, words]) => h("a", { class: "q", href: url }, icon(mark), h("span", {}, words))));
  const again = () => h("button", { class: "btn", type: "button", onclick: () => location.reload() }, "Coba lagi");

  async function state() {
    const me = await up2k.me();
    if (!me) return note("info", "Di HP ini belum ada yang masuk.", "Masuk dulu sekali dengan sinyal, lalu lembarnya ikut tersimpan.");
    return null;
  }

  up2k.views.otherwise(async (el) => up2k.views.page(el, "Halaman ini perlu sinyal", h("p", {}, "Yang bisa tanpa sinyal: Lembar setoran, Catat satu setoran, Antrean."), await state(), offers(), again()));
  up2k.views.register(/^\/luring\/$/, async (el) => up2k.views.page(el, "Tanpa sinyal", h("p", {}, "Yang dicatat di sini tersimpan di HP ini dan terkirim sendiri begitu ada sinyal."), await state(), offers()));

  /* The start of the sheet without signal: which group, and the day of the meeting. */
  up2k.views.register(/^\/lembar\/$/, async (el, match, data) => {
    if (!data) return up2k.views.page(el, "Lembar Setoran", (await state()) || note("info", "Data desa belum ada di HP ini.", "Buka portal sekali dengan sinyal."), offers());
    const today = document.body.dataset.today;
    const choose = h("select", { id: "id_group", name: "group" }, data.groups.map(({ id, name }) => h("option", { value: id }, name)));
    const form = h("form", { class: "u-form", novalidate: true },
      h("div", { class: "u-field" }, h("label", { for: "id_group" }, "Kelompok"), h("div", { class: "u-in" }, choose)), up2k.fields.day(today), h("div", { class: "submit" }, h("button", { class: "btn btn-primary" }, "Buka lembar")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const { on, error } = up2k.fields.dayIn(form);
      if (!up2k.fields.showErrors(form, error ? { on: error } : {})) location.href = `/kelompok/${choose.value}/lembar/${on}/`;
    });
    up2k.views.page(el, "Lembar Setoran", form);
  });

  /* Kept pages are of the day on which they were kept; today is the phone's. */
  if ("shell" in document.body.dataset) document.body.dataset.today = up2k.iso(Date.now());
  document.addEventListener("DOMContentLoaded", () => up2k.views.show()); /* by then all views are registered */
})();
