// The page at the callback address: it tells the page that opened it, and closes.
(function () {
  "use strict";

  // The code in the address was used; it need not stay in the history.
  window.history.replaceState(null, "", window.location.pathname);
  const news = { kind: "came-back" };
  const channel = new BroadcastChannel("seatbeacon-authorize");
  channel.addEventListener("message", (event) => {
    if (event.data?.kind === "heard") setTimeout(() => window.close(), 300);
  });
  channel.postMessage(news);
  if (window.opener && window.opener !== window) window.opener.postMessage(news, window.location.origin);
  document.querySelector("[data-close-window]")?.addEventListener("click", () => window.close());
})();
