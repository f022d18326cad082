/* Larger text and the three themes. The choice is a cookie, so that the server draws the next page right at once. */

const SIZES = ["100", "115", "130"];
const THEMES = ["light", "dark", "sun"];

/** @param {string} name @param {string} [cookies] @returns {string} "" when there is none */
export function cookie(name, cookies = document.cookie) {
  const found = cookies.split("; ").find((one) => one.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/** The size after this one; after the largest comes the first again. @param {string} size */
export const nextSize = (size) => SIZES[(SIZES.indexOf(size) + 1) % SIZES.length] ?? "100";

/** A page from a cache was drawn for somebody else's cookies: correct it. @param {Document} page */
export function applyLook(page) {
  const theme = cookie("theme", page.cookie);
  const size = cookie("text", page.cookie);
  const root = page.documentElement;
  if (THEMES.includes(theme)) root.dataset.theme = theme;
  if (SIZES.includes(size)) root.dataset.text = size;
}

/** @param {string} name @param {string} value */
function remember(name, value) {
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax`;
}

/** 'Chữ to': each tap is one size larger, then back to the first. @param {HTMLElement} button */
export function textSize(button) {
  button.addEventListener("click", () => {
    const root = document.documentElement;
    root.dataset.text = nextSize(root.dataset.text ?? "100");
    remember("text", root.dataset.text);
  });
}

/** A button that chooses the theme in data-theme-name. @param {HTMLElement} button */
export function theme(button) {
  button.addEventListener("click", () => {
    const name = button.dataset.themeName ?? "light";
    document.documentElement.dataset.theme = name;
    remember("theme", name);
  });
}
