/* What the measurement calls inside the real team page: the shipped sources of sync/, bundled by the build's own tool.
   Not for: the app; nothing of it is served. */
export { enrol } from "../static/src/js/sync/enrol.js";
export { finalise, list } from "../static/src/js/sync/outbox.js";
export { save } from "../static/src/js/sync/drafts.js";
export { setPin } from "../static/src/js/sync/vault.js";
export { uuid7 } from "../static/src/js/sync/ids.js";
