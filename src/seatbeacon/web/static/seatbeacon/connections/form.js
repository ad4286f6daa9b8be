// The form of a connection: fills, exposes and enables fields as one chooses, and holds edits until Save.
(function () {
  "use strict";

  const form = document.getElementById("connection-form");
  if (!form) return;
  const choices = document.getElementById("choices");
  const clouds = JSON.parse(choices.dataset.clouds);
  const presets = JSON.parse(choices.dataset.presets);
  const touched = new Set();
  let saved = snapshot();
  let leaving = false;

  function field(name) {
    return form.elements.namedItem(name);
  }

  // What would be saved, as one text. Disabled fields are no part of it, as they are none of what is sent.
  function snapshot() {
    const parts = [];
    for (const [name, value] of new FormData(form)) {
      if (name === "csrfmiddlewaretoken" || name === "touched") continue;
      parts.push([name, value instanceof File ? `${value.name}:${value.size}` : value]);
    }
    return JSON.stringify(parts);
  }

  function isEdited() {
    return snapshot() !== saved;
  }

  function showEdited() {
    form.querySelector("[data-unsaved]").hidden = !isEdited();
  }

  // data-when="flow=a,b|preset!=c": shown while one of the alternatives holds.
  function holds(condition) {
    return condition.split("|").some((one) => {
      const [, name, not, values] = one.match(/^(\w+)(!?)=(.*)$/);
      return values.split(",").includes(field(name).value) !== (not === "!");
    });
  }

  function expose() {
    for (const part of form.querySelectorAll("[data-when]")) part.hidden = !holds(part.dataset.when);
    for (const set of form.querySelectorAll("[data-enabled-by]")) {
      set.disabled = !field(set.dataset.enabledBy).checked;
    }
  }

  function fill(name, value) {
    const target = field(name);
    if (!target || target.value === value) return;
    target.value = value;
    touched.add(name);
    target.classList.add("sb-filled");
    setTimeout(() => target.classList.remove("sb-filled"), 1200);
  }

  function fillCloud() {
    const cloud = clouds[field("cloud").value];
    if (!cloud) return;
    for (const [name, value] of Object.entries(cloud)) if (value) fill(name, value);
    const native = form.querySelector("[data-native]");
    if (native && cloud.redirect_uri) native.dataset.value = cloud.redirect_uri;
  }

  function fillPreset() {
    const preset = presets[field("preset").value];
    if (!preset) return;
    for (const [name, value] of Object.entries(preset)) if (value) fill(name, value);
    // An app of one's own is another than the one that stood there.
    // Until somebody has been there, nothing is wrong with its being empty.
    if (!preset.client_id && isPresetsClient(field("client_id").value)) {
      fill("client_id", "");
      touched.delete("client_id");
    }
  }

  function isPresetsClient(value) {
    return Object.values(presets).some((preset) => preset.client_id && preset.client_id === value);
  }

  function edited() {
    form.querySelector("[data-touched]").value = [...touched].join(",");
    showEdited();
    form.querySelector("[data-validate]").dispatchEvent(new CustomEvent("sb-edited"));
  }

  // What stands beside a field is also said of the field itself.
  function markErrors() {
    let first = null;
    for (const place of form.querySelectorAll("[data-error-of]")) {
      const target = document.getElementById(`id_${place.dataset.errorOf}`);
      const wrong = place.textContent.trim() !== "";
      if (target && target.type !== "hidden") {
        target.classList.toggle("is-invalid", wrong);
        if (wrong) target.setAttribute("aria-invalid", "true");
        else target.removeAttribute("aria-invalid");
      }
      if (wrong && !first) first = target && target.type !== "hidden" ? target : place;
    }
    return first;
  }

  form.addEventListener("change", (event) => {
    if (!event.target.name) return;
    touched.add(event.target.name);
    if (event.target.name === "cloud") fillCloud();
    if (event.target.name === "preset") fillPreset();
    expose();
    edited();
  });
  form.addEventListener("click", (event) => {
    const filler = event.target.closest("[data-fill]");
    if (!filler) return;
    fill(filler.dataset.fill, filler.dataset.value);
    edited();
  });
  // Looked at as one types, once the typing rests for a moment.
  let pause = 0;
  form.addEventListener("input", (event) => {
    if (!event.target.name) return;
    showEdited();
    clearTimeout(pause);
    pause = setTimeout(() => {
      touched.add(event.target.name);
      edited();
    }, 600);
  });

  // Exit asks when something would be lost, and so does the browser.
  document.addEventListener("click", (event) => {
    const exit = event.target.closest("[data-exit]");
    if (exit) {
      if (isEdited()) document.getElementById("leave").showModal();
      else window.location.assign(exit.dataset.exit);
    }
    if (event.target.closest("[data-leave]")) leaving = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (leaving || !isEdited()) return;
    event.preventDefault();
    event.returnValue = "";
  });

  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== form) return;
    if (!event.detail.successful) {
      const place = document.getElementById("error-form");
      const said = event.detail.xhr.status === 413 || event.detail.xhr.status === 400
        ? "What was entered is too large to be taken."
        : "It was not saved: the server did not answer as it should. Nothing here is lost; try again.";
      const notice = document.createElement("div");
      notice.className = "sb-notice sb-notice-error";
      notice.setAttribute("role", "alert");
      notice.textContent = said;
      place.replaceChildren(notice);
      place.scrollIntoView({ block: "center" });
    }
  });
  // Saved: the server sends the browser on, and nothing is lost by it.
  document.body.addEventListener("connection-saved", () => {
    leaving = true;
    saved = snapshot();
  });
  function goToFirstError() {
    const first = markErrors();
    if (!first) return;
    first.focus?.({ preventScroll: true });
    first.scrollIntoView({ block: "center", behavior: "auto" });
  }
  document.body.addEventListener("connection-refused", () => {
    for (const element of form.elements) if (element.name) touched.add(element.name);
    goToFirstError();
  });
  document.body.addEventListener("generate-refused", goToFirstError);
  document.body.addEventListener("htmx:oobAfterSwap", () => setTimeout(markErrors));
  document.body.addEventListener("authorized", () => setTimeout(() => { showEdited(); edited(); }));

  expose();
  markErrors();
  saved = snapshot();
  showEdited();
})();
