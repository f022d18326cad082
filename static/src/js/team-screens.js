/* The registry of the team app: every name that data-module may hold in the shell. */

import { textSize, theme } from "./components/look.js";

/** @type {Record<string, (element: HTMLElement) => void>} */
export const MODULES = {
  "text-size": textSize,
  theme,
};
