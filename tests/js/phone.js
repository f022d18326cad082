// A phone for tests: one disk, one set of locks, clocks that move by hand, and tabs that can be opened and killed.
import { register } from "node:module";
import "../../static/src/node_modules/fake-indexeddb/auto/index.mjs";
import { IDBFactory } from "../../static/src/node_modules/fake-indexeddb/build/esm/index.js";

register("./hooks.js", import.meta.url);

export const START = Date.UTC(2026, 10, 23, 2, 0, 0);
const SYNC = new URL("../../static/src/js/sync/", import.meta.url).href;
let tabs = 0;

/** The promise of something that will never happen: a killed tab's next step. */
export const never = () => new Promise(() => {});

export class Phone {
  constructor(server) {
    this.server = server;
    this.disk = new IDBFactory();
    this.locks = new Locks();
    this.members = new Set();
    this.wall = START;
    this.steady = 1000;
    this.timers = new Set();
  }

  /** Let time pass, on both clocks unless told otherwise, and ring what is due. */
  async pass(ms, { wall = ms, steady = ms } = {}) {
    this.wall += wall;
    this.steady += steady;
    for (const timer of [...this.timers].filter((one) => one.due <= this.steady)) {
      this.timers.delete(timer);
      timer.work();
    }
    await settle();
  }

  /** Open a tab: fresh modules on the same disk. */
  async tab(given = {}) {
    const name = `tab=${(tabs += 1)}`;
    const load = (module) => import(`${SYNC}${module}.js?${name}`);
    const { setDeps, deps } = await load("deps");
    const tab = { alive: true, points: [], at: {} };
    setDeps({
      fetch: async (path, init) => {
        if (!tab.alive) return never();
        const answer = await this.server.fetch(path, init);
        return tab.alive ? answer : never();
      },
      now: () => this.wall,
      monotonic: () => this.steady,
      chance: () => 0.5,
      indexedDB: this.disk,
      locks: this.locks.of(tab),
      channel: () => this.channel(tab),
      later: (ms, work) => this.later(tab, ms, work),
      estimate: async () => ({ usage: 1000, quota: 1_000_000 }),
      build: "test",
      argonMemory: 64,
      reached: async (point) => {
        tab.points.push(point);
        if (!tab.alive) return never();
        await tab.at[point]?.();
      },
      ...given,
    });
    const modules = ["db", "vault", "session", "enrol", "drafts", "records", "outbox", "receipts", "sync", "events",
      "lease", "wire", "files", "identity", "backoff", "wipe", "push", "pull", "hello", "seal"];
    for (const module of modules) tab[module] = await load(module);
    tab.deps = deps;
    tab.kill = async () => {
      tab.alive = false;
      tab.locks?.forEach((free) => free());
      this.members.delete(tab.member);
      for (const timer of this.timers) if (timer.tab === tab) this.timers.delete(timer);
      await tab.db.closeDb().catch(() => {});
    };
    return tab;
  }

  later(tab, ms, work) {
    const timer = { due: this.steady + ms, work, tab, ms };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  channel(tab) {
    const member = { onmessage: null, close: () => this.members.delete(member) };
    member.postMessage = (data) => {
      const copy = structuredClone(data);
      for (const other of this.members) if (other !== member) queueMicrotask(() => other.onmessage?.({ data: copy }));
    };
    tab.member = member;
    this.members.add(member);
    return member;
  }
}

/** navigator.locks, as far as { ifAvailable } needs it. */
class Locks {
  held = new Map();

  of(tab) {
    tab.locks = new Set();
    return {
      request: async (name, options, work) => {
        if (this.held.has(name)) return options.ifAvailable ? work(null) : never();
        let free;
        const dead = new Promise((resolve) => { free = () => { this.held.delete(name); resolve(); }; });
        this.held.set(name, tab);
        tab.locks.add(free);
        try {
          return await Promise.race([work({ name }), dead]);
        } finally {
          free();
          tab.locks.delete(free);
        }
      },
    };
  }
}

/** Let everything that is ready run. */
export async function settle(turns = 20) {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Wait until a condition holds. WebCrypto works in threads of its own, so turns of the loop alone prove nothing. */
export async function until(condition) {
  for (let turn = 0; turn < 20_000; turn += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error("never happened");
}

export const PIN = "204816";
export const HOUSE = "01920000-0000-7000-8000-00000000a001";
export const OTHER_HOUSE = "01920000-0000-7000-8000-00000000a002";
export const AREA = "01920000-0000-7000-8000-0000000000f1";

/** An enrolled phone with a PIN, unlocked, in one tab. */
export async function readyPhone(server, given = {}) {
  const phone = new Phone(server);
  const tab = await phone.tab(given);
  const result = await tab.enrol.enrol({ token: server.newToken(), name: "Máy 1" });
  if (!result.ok) throw new Error(`enrol: ${result.code}`);
  await tab.vault.setPin(PIN);
  return { phone, tab };
}

/** A finished visit, as a screen would hand it over. */
export function visit(over = {}) {
  const body = { outcome: "met", note: "Bà Nhạn ở nhà", appointment: null, started: START, ended: START + 60_000, people: [] };
  return {
    draft: null, kind: "visit", subject: HOUSE, chain: HOUSE, area: AREA, body,
    label: { title: "Lượt thăm", who: "Lò Thị Nhạn", house: "Số 12 ngõ 4" }, ...over,
  };
}

/** A finished submission with photos. */
export function submission(files, over = {}) {
  const body = { household: HOUSE, resident: HOUSE, answers: { "ho-ten": "Lò Thị Nhạn" }, consent: HOUSE, replaces: null };
  const subject = `01920000-0000-7000-8000-${String(Math.random()).slice(2, 14).padEnd(12, "0")}`;
  return visit({ kind: "submission", subject, form: "luu-tru@1", body, files, ...over });
}

/** A photo of so many bytes, not all the same. */
export const photo = (slot, size) => ({ slot, type: "image/jpeg", bytes: Uint8Array.from({ length: size }, (_, at) => (at * 31) % 251).buffer });
