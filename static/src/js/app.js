/* Entry of citizens' pages: starts what the page asks for by data-module. The ward (ward.js) and the team app (team.js) have their own. */

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
