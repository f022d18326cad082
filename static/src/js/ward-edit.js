/* Entry of the guides' editor, beside app.js: only authors load it. */

import { guideEditor } from "./components/guide-editor.js";

const main = document.querySelector("main.ed");
if (main instanceof HTMLElement) guideEditor(main);
