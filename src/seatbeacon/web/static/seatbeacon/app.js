// What pages do beyond links and forms. Everything is declared by data attributes; nothing is inline.
(function () {
  "use strict";

  const zone = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

  function localTimes(scope) {
    for (const time of scope.querySelectorAll("time[data-local]")) {
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      time.title = time.textContent.trim();
      time.textContent = zone.format(at);
      time.removeAttribute("data-local");
    }
  }

  // <button data-dialog="id"> opens <dialog id="id">; <button data-close> closes the one it stands in.
  function dialogs(event) {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      event.preventDefault();
      document.getElementById(opener.dataset.dialog).showModal();
      return;
    }
    const closer = event.target.closest("dialog [data-close]");
    if (closer) closer.closest("dialog").close();
  }

  // <button data-copy="id"> copies the value or text of that element, and says so.
  async function copy(event) {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    const text = source.value ?? source.textContent;
    try {
      await navigator.clipboard.writeText(text.trim());
    } catch {
      source.select?.();
      document.execCommand("copy");
    }
    const label = button.querySelector("[data-copy-label]") ?? button;
    const before = label.textContent;
    label.textContent = "Copied";
    setTimeout(() => { label.textContent = before; }, 2000);
  }

  // <select data-submit> sends its form when chosen.
  function submitOnChange(event) {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  }

  // <input type="checkbox" data-ticks="name"> ticks all boxes of that name, or none.
  function tickAll(event) {
    const name = event.target.dataset.ticks;
    if (!name) return;
    for (const box of document.getElementsByName(name)) box.checked = event.target.checked;
  }

  // A page nobody looks at asks nothing; when it is looked at again, it asks at once.
  function poll() {
    document.body.addEventListener("htmx:beforeRequest", (event) => {
      if (document.hidden && event.target.hasAttribute("data-poll")) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      for (const element of document.querySelectorAll("[data-poll]")) {
        element.dispatchEvent(new CustomEvent("look-again"));
      }
    });
    document.body.addEventListener("htmx:responseError", (event) => {
      if (event.detail.xhr.status !== 401) return;
      document.getElementById("signed-out")?.removeAttribute("hidden");
      for (const element of document.querySelectorAll("[data-poll]")) element.remove();
    });
    document.body.addEventListener("htmx:afterSettle", (event) => localTimes(event.target));
  }

  // A panel that slides in is a dialog while it is open, and only then has a name of its own.
  document.addEventListener("show.bs.offcanvas", (event) => {
    event.target.setAttribute("aria-label", event.target.dataset.dialogLabel);
  });
  document.addEventListener("hidden.bs.offcanvas", (event) => event.target.removeAttribute("aria-label"));

  document.addEventListener("DOMContentLoaded", () => {
    localTimes(document);
    poll();
  });
  document.addEventListener("click", dialogs);
  document.addEventListener("click", copy);
  document.addEventListener("change", submitOnChange);
  document.addEventListener("change", tickAll);
})();
