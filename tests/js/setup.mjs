// What newer Node has by itself and Debian's Node 18 hides: Web Crypto as a global. Loaded before every test.
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto;
