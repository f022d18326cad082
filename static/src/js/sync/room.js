/* How much room the browser still gives this app, and how much of it belongs to the day's work.

   No DOM. Not for: showing it (storage-gauge.js) or making room; only sending does. */

/** Bytes that nothing may take that comes by itself: some hundred photos of papers. Below it the team is warned. */
export const FOR_WORK = 50_000_000;

/** @returns {Promise<number | null>} bytes; null when the browser does not say */
export async function roomLeft() {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return quota ? Math.max(0, quota - usage) : null;
}

/** Whether something may be fetched that nobody waits for. @returns {Promise<boolean>} */
export async function isRoomy() {
  const left = await roomLeft();
  return left === null || left > FOR_WORK;
}
