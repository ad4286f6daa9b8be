// Lists of the inventory: the search's key, panels that close, columns that move. All of it works without.
(function () {
  "use strict";

  document.documentElement.dataset.scripts = "";

  const panels = () => document.querySelectorAll(".sb-pop[open]");

  function close(panel, focus) {
    panel.removeAttribute("open");
    if (focus) panel.querySelector("summary").focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const panel of panels()) close(panel, panel.contains(document.activeElement));
    }
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const search = document.querySelector("[data-listing] #q");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    }
  });

  document.addEventListener("click", (event) => {
    for (const panel of panels()) if (!panel.contains(event.target)) close(panel, false);
    const mover = event.target.closest("[data-move]");
    if (!mover) return;
    const item = mover.closest("li");
    if (mover.dataset.move === "up") item.previousElementSibling?.before(item);
    else item.nextElementSibling?.after(item);
    mover.focus();
  });

  // Opened by the keyboard or the mouse, a panel's first field takes what is typed.
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.(".sb-pop[open]")) return;
    event.target.querySelector(".sb-pop-panel :is(select, input:not([type=hidden]), a, button)")?.focus();
  }, true);

  // A condition such as “has no value” takes none.
  function conditions() {
    const condition = document.querySelector("[data-condition]");
    const value = document.getElementById("fv");
    if (condition && value) value.disabled = condition.value.endsWith("null");
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-condition]")) conditions();
    if (event.target.matches(".sb-columns input") && event.target.checked) joinShown(event.target);
  });

  // A column that is ticked stands behind those that are shown; from there it is moved.
  function joinShown(box) {
    const item = box.closest("li");
    const shown = [...item.parentElement.querySelectorAll("input:checked")].filter((other) => other !== box);
    shown.at(-1)?.closest("li").after(item);
    box.focus();
    item.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("DOMContentLoaded", conditions);

  // What had the focus may be gone with the part that was replaced: then the count of rows takes it.
  document.addEventListener("htmx:afterSettle", (event) => {
    conditions();
    if (event.target.id !== "listing") return;
    if (document.activeElement === document.body) document.getElementById("listing-count")?.focus({ preventScroll: true });
  });
})();
