/* The registry of citizens' pages: every name that data-module may hold there; the ward has a few more (ward.js). */

import { brokenPicture } from "./components/broken-picture.js";
import { counted, feedback } from "./components/feedback.js";
import { guideSaver } from "./components/guide-saver.js";
import { guideSearch } from "./components/guide-search.js";
import { printPage } from "./components/print-page.js";
import { readAloud } from "./components/read-aloud.js";
import { recorded } from "./components/recorded.js";
import { resume, rememberStep } from "./components/resume.js";
import { savedList } from "./components/saved-list.js";
import { share } from "./components/share.js";
import { teamDoor } from "./components/team-door.js";
import { swipe } from "./components/swipe.js";
import { textSize, theme } from "./components/look.js";

/** @type {Record<string, (element: HTMLElement) => void>} */
export const MODULES = {
  "broken-picture": brokenPicture,
  counted,
  feedback,
  "guide-saver": guideSaver,
  "guide-search": guideSearch,
  "print-page": printPage,
  "read-aloud": readAloud,
  recorded,
  "remember-step": rememberStep,
  resume,
  "saved-list": savedList,
  share,
  swipe,
  "team-door": teamDoor,
  "text-size": textSize,
  theme,
};
