/* Entry of the guides' editor, beside app.js: only authors load it. */

import { fileBound } from "./components/file-bound.js";
import { guideEditor } from "./components/guide-editor.js";
import { photoMarks } from "./components/photo-marks.js";
import { recorder } from "./components/recorder.js";

const main = document.querySelector("main.ed");
if (main instanceof HTMLElement) {
  guideEditor(main);
  photoMarks(main);
}
fileBound(document);
for (const part of document.querySelectorAll("[data-recorder]")) if (part instanceof HTMLElement) recorder(part);
