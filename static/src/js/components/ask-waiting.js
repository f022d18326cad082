/* On every page: has the worker send what a reader asked of the ward and could not be sent. Not for: the page that asks. */

/** Send on load, when the network is back, and when the page is looked at again. */
export function sendAsked() {
  const send = () => {
    try {
      if (document.visibilityState === "visible" && localStorage.getItem("gocua-hen")) navigator.serviceWorker?.controller?.postMessage({ type: "send-asks" });
    } catch { /* storage is off: then nothing is noted here */ }
  };
  addEventListener("load", send);
  addEventListener("online", send);
  document.addEventListener("visibilitychange", send);
}
