/**
 * What the team must know before anything else: sending stopped, a new QR is needed, the phone is nearly full.
 * For: the top of Today and of the outbox, one banner each, said once. Not for: news that need nothing done.
 */
import { current } from "../sync/enrol.js";
import { on } from "../sync/events.js";
import { isRoomy } from "../sync/room.js";
import { banner, fill } from "./dom.js";
import { t } from "./words.js";

/** @type {string} the last outcome of sending that needs a person */
let outcome = "";

on("sync", ({ outcome: now = "" } = {}) => {
  if (now) outcome = now;
});

/** Tell the screens what the last run of sending came to. @param {string} now */
export const noteOutcome = (now) => { outcome = now; };

/** @param {HTMLElement} place */
export async function notice(place) {
  const device = await current();
  const roomy = await isRoomy();
  const days = device ? Math.floor((device.validTo - Date.now()) / 86_400_000) : 99;
  fill(place,
    (outcome === "reauth" || device?.reauth || days < 0) && banner("fix", "alert-triangle", t("notice.reauth"), t("notice.reauth_do")),
    outcome === "inactive" && banner("fix", "alert-triangle", t("notice.inactive"), t("notice.inactive_do")),
    outcome === "update" && banner("wait", "refresh", t("notice.update"), t("notice.update_do")),
    !roomy && banner("fix", "device-mobile", t("storage.low"), t("storage.low_do")));
}
