/* Entry of citizen and ward pages: starts what the page asks for by data-module. The team app has its own (team.js). */

import { sendAsked } from "./components/ask-waiting.js";
import { sendSaid } from "./components/feedback.js";
import { applyLook } from "./components/look.js";
import { fetchNextPage } from "./components/next-page.js";
import { register } from "./components/register.js";
import { start } from "./components/start.js";
import { MODULES } from "./modules.js";

applyLook(document);
start(document, MODULES);
fetchNextPage();
sendSaid();
sendAsked();
register();
