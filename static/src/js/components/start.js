/* Joins elements and components: data-module="one two" starts both on that element. */

/**
 * Start every component asked for below root. An unknown name is an error of ours and is said in the console; the rest
 * of the page goes on.
 * @param {ParentNode} root
 * @param {Record<string, (element: HTMLElement) => void>} modules
 */
export function start(root, modules) {
  for (const element of root.querySelectorAll("[data-module]")) {
    if (!(element instanceof HTMLElement)) continue;
    for (const name of (element.dataset.module ?? "").split(" ").filter(Boolean)) startOne(element, name, modules[name]);
  }
}

/** @param {HTMLElement} element @param {string} name @param {((element: HTMLElement) => void) | undefined} component */
function startOne(element, name, component) {
  try {
    if (!component) throw new Error(`no component is called ${name}`);
    component(element);
  } catch (error) {
    console.error(error);
  }
}
