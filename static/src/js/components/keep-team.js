/* Has the worker keep the team app on this phone. Called once the phone is enrolled: citizens never download it. */

/** @returns {Promise<boolean>} whether the whole app is on the phone now */
export async function keepTeamApp() {
  if (!("serviceWorker" in navigator)) return false;
  const { active } = await navigator.serviceWorker.ready;
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data.ok === true);
    active?.postMessage({ type: "precache-team" }, [port2]);
  });
}
