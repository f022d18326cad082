/* The registry of citizen and ward pages: every name that data-module may hold there. Nothing else starts a component. */

import { brokenPicture } from "./components/broken-picture.js";
import { copyText } from "./components/copy-text.js";
import { counted, feedback } from "./components/feedback.js";
import { guideSaver } from "./components/guide-saver.js";
import { guideSearch } from "./components/guide-search.js";
import { liveParts } from "./components/live-parts.js";
import { printPage } from "./components/print-page.js";
import { publicWords } from "./components/public-words.js";
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
  "copy-text": copyText,
  counted,
  feedback,
  "guide-saver": guideSaver,
  "guide-search": guideSearch,
  "live-parts": liveParts,
  "print-page": printPage,
  "public-words": publicWords,
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
