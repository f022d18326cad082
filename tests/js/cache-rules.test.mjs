/* What the worker may keep: public and whole answers of public addresses, nothing else. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isAskPage, isGuideIndex, isGuidePage, isNever, isSearchPage, isTeamShell, mayKeep } from "../../static/src/js/sync/cache-rules.js";

const answer = (status, rule, redirected = false) => ({ status, redirected, headers: new Headers(rule ? { "Cache-Control": rule } : {}) });

test("personal and live addresses are never touched", () => {
  for (const path of ["/phuong/", "/phuong", "/phuong/ho-so/1/", "/sync/push/", "/dang-nhap/", "/bien-nhan/abc/", "/quan-tri/x/", "/y-kien/", "/goi-to/da-gui/HEN-ABCDE/"]) assert.ok(isNever(path), path);
  for (const path of ["/", "/huong-dan/vneid/", "/phuong-an/"]) assert.ok(!isNever(path), path);
});

test("guide pages are the home and all below huong-dan but the pack list", () => {
  assert.ok(isGuidePage("/") && isGuidePage("/en/") && isGuidePage("/huong-dan/") && isGuidePage("/huong-dan/vneid/3/vuong/"));
  assert.ok(!isGuidePage("/huong-dan/vneid/goi.json") && !isGuidePage("/phuong/") && !isGuidePage("/doi/"));
});

test("search and events are citizens' pages, and the index is what phones search in", () => {
  assert.ok(["/tim/", "/can/co-nguoi-mat/"].every((path) => isGuidePage(path) && !isNever(path)));
  assert.ok(isSearchPage("/tim/") && !isSearchPage("/tim/muc-luc.json") && !isSearchPage("/"));
  assert.ok(isGuideIndex("/tim/muc-luc.json") && !isGuideIndex("/tim/") && !isNever("/tim/muc-luc.json"));
});

test("procedures are citizens' pages, and what editors see of them is not", () => {
  assert.ok(["/thu-tuc/", "/thu-tuc/tam-tru/"].every((path) => isGuidePage(path) && !isNever(path)));
  assert.ok(!isGuidePage("/phuong/thu-tuc/") && isNever("/phuong/thu-tuc/"));
});

test("no guide page is an address that is never touched", () => {
  assert.ok(["/", "/huong-dan/", "/huong-dan/a/1/"].every((path) => isGuidePage(path) && !isNever(path)));
});

test("only an answer that calls itself public is kept", () => {
  assert.ok(mayKeep(answer(200, "public, max-age=60")));
  assert.ok(mayKeep(answer(200, "max-age=60, public")));
  for (const rule of ["", "no-store", "private, max-age=60", "public, no-store", "max-age=60", "not-public"]) assert.ok(!mayKeep(answer(200, rule)), rule);
});

test("an error or a redirect is not kept, public or not", () => {
  for (const status of [0, 204, 206, 302, 404, 500, 503]) assert.ok(!mayKeep(answer(status, "public")), String(status));
  assert.ok(!mayKeep(answer(200, "public", true)));
});

test("the shell is one address", () => {
  assert.ok(isTeamShell("/doi/") && isTeamShell("/doi") && !isTeamShell("/doi/x/") && !isTeamShell("/doi-ngu/"));
});

test("the page that asks for a visit is one page, and its receipts are never kept", () => {
  assert.ok(isAskPage("/goi-to/") && !isNever("/goi-to/") && !isAskPage("/goi-to/da-gui/HEN-ABCDE/"));
});
