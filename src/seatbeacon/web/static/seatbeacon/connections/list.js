// The list of connections: the toolbar acts on the row that is selected.
(function () {
  "use strict";

  const toolbar = document.querySelector("[data-toolbar]");
  if (!toolbar) return;
  const choices = [...document.querySelectorAll("[data-row] input[type=radio]")];

  function selected() {
    return choices.find((choice) => choice.checked);
  }

  // Addresses are made for connection 0; the selected one's number goes in its place.
  function addressFor(template, choice) {
    return template.replace("/0/", `/${encodeURIComponent(choice.value)}/`);
  }

  function refresh() {
    const choice = selected();
    for (const button of toolbar.querySelectorAll("button")) {
      button.disabled = !choice;
      button.title = choice ? "" : "Select a connection first";
    }
    for (const one of choices) one.closest("tr").classList.toggle("sb-selected", one.checked);
    if (!choice) return;
    for (const button of toolbar.querySelectorAll("[data-post]")) {
      button.formAction = addressFor(button.dataset.post, choice);
    }
    const toggle = toolbar.querySelector("[data-enable]");
    if (!toggle) return;
    const enabled = choice.dataset.enabled === "yes";
    toggle.value = enabled ? "no" : "yes";
    toggle.querySelector("span").textContent = enabled ? "Disable" : "Enable";
    const use = toggle.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, enabled ? "#player-pause" : "#check"));
  }

  document.addEventListener("change", (event) => {
    if (choices.includes(event.target)) refresh();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-toolbar] [data-go]");
    const choice = selected();
    if (button && choice) {
      window.location.assign(addressFor(button.dataset.go, choice));
      return;
    }
    const row = event.target.closest("[data-row]");
    if (!row || event.target.closest("a, button, input, label")) return;
    const own = row.querySelector("input[type=radio]");
    own.checked = true;
    own.focus({ preventScroll: true });
    refresh();
  });
  document.addEventListener("dblclick", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && !event.target.closest("a, button")) row.querySelector("a").click();
  });
  // Back in the history, browsers keep what was selected.
  window.addEventListener("pageshow", refresh);
  refresh();
})();
