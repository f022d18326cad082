/* Entry of the ward's pages: what citizens' pages have (app.js), and what only an office needs. */

import { copyText } from "./components/copy-text.js";
import { liveParts } from "./components/live-parts.js";
import { applyLook } from "./components/look.js";
import { publicWords } from "./components/public-words.js";
import { register } from "./components/register.js";
import { start } from "./components/start.js";
import { MODULES } from "./modules.js";

applyLook(document);
start(document, { ...MODULES, "copy-text": copyText, "live-parts": liveParts, "public-words": publicWords });
register();
