/* Entry of the team app: one shell at /doi/, its screens chosen by the part of the address after #. */

import { applyLook } from "./components/look.js";
import { register } from "./components/register.js";
import { startTeamApp } from "./components/team-app.js";

applyLook(document);
void startTeamApp();
register();
