/* Has the next step ready before it is asked for, once this page is whole: on a slow line it would come in between.

   For: pages with a link rel=next. Not for: keeping it for a time without network; the worker and sync/pack.js do that. */

export function fetchNextPage() {
  if (document.readyState === "complete") hint();
  else addEventListener("load", hint, { once: true });
}

function hint() {
  const next = document.querySelector("a[rel=next]");
  if (!(next instanceof HTMLAnchorElement)) return;
  const link = document.createElement("link");
  link.rel = "prefetch";
  link.href = next.href;
  document.head.append(link);
}
