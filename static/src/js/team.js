/* Entry of the team app: one shell at /doi/, its screens chosen by the part of the address after #. */

import { applyLook } from "./components/look.js";
import { register } from "./components/register.js";
import { start } from "./components/start.js";
import { MODULES } from "./team-screens.js";

applyLook(document);
start(document, MODULES);
register();
