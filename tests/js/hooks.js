// Module hooks for Node's loader: a module of sync/ asked for as "…?tab=7" asks for its own imports as "?tab=7" too.
// So every tab of a test has modules, and memory, of its own; closing one is a real reload.
export async function resolve(specifier, context, next) {
  const tab = /\?tab=\w+$/.exec(context.parentURL ?? "")?.[0];
  const found = await next(specifier, context);
  const ours = found.url.includes("/js/sync/") && !found.url.includes("?tab=");
  return tab && ours ? { ...found, url: found.url + tab } : found;
}
