/**
 * Two values of one field, side by side; a person chooses, nothing merges silently.
 * For: #/hai-ban/<id>. Not for: finding conflicts; the server does, and closes them when the choice arrives.
 */
import { finalise } from "../sync/outbox.js";
import { get } from "../sync/records.js";
import { bar } from "./bar.js";
import { fill, h, one } from "./dom.js";
import { showErrors } from "./fields.js";
import { when } from "./format.js";
import { kept } from "./kept.js";
import { go } from "./router.js";
import { toast } from "./toast.js";
import { knows, line, t } from "./words.js";

/** @type {import("./router.js").Screen} */
export const conflictScreen = {
  name: "hai-ban",
  paths: ["/hai-ban/:conflict"],
  async show({ root, params }) {
    const conflict = await get("conflict", params.conflict);
    const subject = conflict && (await get(conflict.record, conflict.subject));
    const home = subject && (conflict.record === "household" ? subject : await get("household", subject.household));
    if (!home) return void go("/hop-gui", { replace: true });
    bar(root, { home, up: "#/hop-gui" });
    one(root, "[data-what]").textContent = t("conflict.what", { field: fieldName(conflict.field), time: when(conflict.at) });
    fill(one(root, "[data-versions]"),
      version("ours", conflict.ours, t("conflict.ours")), version("theirs", conflict.theirs, line(t("conflict.theirs"), conflict.by)));
    showErrors(root, {});
    one(root, "[data-keep]").onclick = () => void keep(root, conflict, subject, home);
  },
};

/** @param {string} field */
const fieldName = (field) => (knows(`name.${field}`) ? t(`name.${field}`) : field);

/** @param {string} value @param {any} text @param {string} from */
const version = (value, text, from) => h("label", { class: "pick" }, h("input", { type: "radio", name: "keep", value }),
  h("span", {}, h("span", { class: "sub" }, from), text === null || text === "" ? t("conflict.blank") : String(text)));

/** @param {HTMLElement} root @param {any} conflict @param {any} subject @param {any} home */
async function keep(root, conflict, subject, home) {
  const chosen = /** @type {HTMLInputElement | null} */ (root.querySelector("[name=keep]:checked"));
  if (showErrors(root, { keep: chosen ? "" : t("conflict.choose") })) return;
  const value = conflict[chosen?.value ?? "ours"] ?? "";
  // Whoever decides has seen both: the value in use and the other one. Without the latter the conflict stays open.
  const seen = { [conflict.field]: [...(subject.writers?.[conflict.field] ?? []), conflict.entry].filter(Boolean) };
  const done = await kept(finalise({
    kind: "edit", subject: conflict.subject, chain: home.id, area: home.area, seen,
    body: { record: conflict.record, fields: { [conflict.field]: value } },
    label: { title: t("label.choice"), who: subject.name ?? subject.head ?? "", house: home.number },
  }));
  if (!done) return;
  toast(t("sync.local"));
  go("/hop-gui", { replace: true });
}
