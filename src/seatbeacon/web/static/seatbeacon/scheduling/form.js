// The form of a schedule: the kind exposes its fields, and what is typed is told in words beside it.
(function () {
  "use strict";

  const form = document.getElementById("schedule-form");
  if (!form) return;
  const preview = document.getElementById("schedule-preview");

  function expose() {
    const kind = form.elements.namedItem("kind").value;
    const on = form.elements.namedItem("month_on").value;
    for (const part of form.querySelectorAll("[data-kind]")) part.hidden = !part.dataset.kind.split(" ").includes(kind);
    for (const part of form.querySelectorAll("[data-month]")) part.hidden = part.dataset.month !== on;
    for (const part of form.querySelectorAll("[data-without-script]")) part.hidden = true;
  }

  // A new schedule is meant for where one sits, unless one says otherwise.
  function takeOwnZone() {
    if (!("fresh" in form.dataset)) return;
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const known = [...document.querySelectorAll("#zones option")].some((option) => option.value === own);
    const field = form.elements.namedItem("time_zone");
    if (!known || field.value === own) return;
    field.value = own;
    tell();
  }

  function tell() {
    preview.dispatchEvent(new CustomEvent("sb-edited"));
  }

  form.addEventListener("change", () => { expose(); tell(); });
  form.addEventListener("input", tell);
  window.addEventListener("pageshow", expose);
  expose();
  document.addEventListener("DOMContentLoaded", takeOwnZone);
})();
