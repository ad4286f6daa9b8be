// Generate…: Microsoft's sign-in in a window of its own, and the ways back from it.
(function () {
  "use strict";

  const NAME = "seatbeacon-authorize";
  const dialog = document.querySelector("[data-authorization-dialog]");
  if (!dialog) return;
  let popup = null;
  let watching = 0;

  function usesWindow() {
    return document.getElementById("id_flow").value !== "device-code";
  }

  // The window is opened while the click lasts, or the browser takes it for an advertisement; where it
  // goes is known once the server has answered.
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-generate]")) {
      popup = null;
      if (!usesWindow()) return;
      popup = window.open("", NAME, "popup,width=520,height=720");
      if (popup) {
        try {
          popup.document.title = "Microsoft sign-in";
          popup.document.body.textContent = "Opening Microsoft’s sign-in…";
        } catch {
          // A window of this name that is elsewhere already: it is sent on below.
        }
      }
    }
    if (event.target.closest("[data-again]")) {
      event.preventDefault();
      open(event.target.closest("[data-again]").href);
    }
  }, true);

  function open(address) {
    popup = popup && !popup.closed ? popup : window.open("", NAME, "popup,width=520,height=720");
    const blocked = !popup;
    tell("[data-blocked]", blocked);
    tell("[data-closed]", false);
    if (blocked) return;
    popup.location.replace(address);
    popup.focus();
    clearInterval(watching);
    watching = setInterval(() => {
      if (!popup || !popup.closed) return;
      clearInterval(watching);
      tell("[data-closed]", true);
    }, 500);
  }

  function tell(selector, shown) {
    const part = dialog.querySelector(selector);
    if (part) part.hidden = !shown;
  }

  function finish() {
    clearInterval(watching);
    if (popup && !popup.closed) popup.close();
    popup = null;
  }

  document.body.addEventListener("htmx:afterSwap", (event) => {
    // A form that is refused is answered with nothing to show here.
    if (event.target.id !== "generate-body" || !event.target.firstElementChild) return;
    if (!dialog.open) dialog.showModal();
    const start = dialog.querySelector("[data-authorize]");
    if (start) {
      open(start.dataset.authorize);
      start.removeAttribute("data-authorize");
    }
  });
  document.body.addEventListener("generate-refused", finish);
  document.body.addEventListener("htmx:sendError", (event) => {
    if (event.target.closest?.("[data-generate]")) finish();
  });
  document.body.addEventListener("htmx:responseError", (event) => {
    if (event.target.closest?.("[data-generate]")) finish();
  });
  document.body.addEventListener("authorized", () => {
    finish();
    if (dialog.open) dialog.close();
    document.getElementById("id_refresh_token")?.focus({ preventScroll: true });
  });
  dialog.addEventListener("close", () => {
    finish();
    // What polls in it has nothing more to ask.
    document.getElementById("generate-body").replaceChildren();
  });

  // The window at our own callback address tells that it is there; what came of it, the server is asked.
  function look() {
    for (const element of dialog.querySelectorAll("[data-poll]")) {
      element.dispatchEvent(new CustomEvent("look-again"));
    }
  }
  const channel = new BroadcastChannel(NAME);
  channel.addEventListener("message", (event) => {
    if (event.data?.kind !== "came-back" || !dialog.open) return;
    channel.postMessage({ kind: "heard" });
    look();
  });
  window.addEventListener("message", (event) => {
    if (event.origin !== window.location.origin || event.data?.kind !== "came-back" || !dialog.open) return;
    look();
  });
})();
