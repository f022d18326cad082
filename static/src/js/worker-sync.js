/* The worker's one link to sending: called when the browser says that there is network again (Background Sync).

   For: joining worker.js with sync/sync.js. Not for: any logic of its own; phones without Background Sync send from
   the page, so nothing may depend on this being called. */

import { syncNow } from "./sync/sync.js";

export const SYNC_TAG = "gocua-outbox";

/** Send what is waiting. @param {string} reason @returns {Promise<void>} rejects when the browser should try again later */
export async function sendInBackground(reason) {
  const { outcome } = await syncNow(reason);
  if (outcome === "offline") throw new Error("still no network");
}
