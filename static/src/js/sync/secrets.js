/**
 * Whether free text holds a citizen's password or OTP; the twin of looks_like_a_secret() in onboarding/text.py.
 * For: every field of free words. Apart from text.js, because pages that only search need not carry it.
 */

import { fold, unmarked } from "./text.js";

const SIX_DIGITS = /^\p{Nd}{3}[ .-]?\p{Nd}{3}$/u;
// What a secret is called. "mk" is also how people write "mình", so alone it names nothing.
const SECRET_WORDS = /\b(?:mat khau|password|otp|passcode|ma pin|ma xac (?:thuc|nhan)|cau hoi bao mat)\b/;
const SECRET_DIGITS = /(?:^|\D)\d{4,8}(?!\d)/;
// Between the name and the value: of which account, whose, how it came.
const OWN =
  "(?:vneid|dvc|dich vu(?: cong)?|cong dan|ung dung|app|tai khoan|dinh danh|dien (?:tu|thoai)|dang nhap|mo khoa" +
  "|zalo|may|sim|the|can cuoc|cccd|muc [12]|cua(?: (?!la\\b)[a-z]+){1,3}|bac|ong|ba|toi|em|chau|minh|co|chu|anh|chi" +
  "|moi|cu|hien tai|hien nay|bay gio|nay|vua|doc|nhan|gui|ve|duoc|thi)";
const NAMED =
  `\\b(?:(?:mat khau|password|pass|passcode|otp|ma pin|ma xac (?:thuc|nhan)|cau hoi bao mat)(?: ${OWN}){0,6}` +
  `|mk(?: ${OWN}){1,6}|mk(?= ?[:=]))`;
const NO_VALUE =
  "(?:gi|bao nhieu|the nao|bi mat|cua|chua|quen|khong (?:biet|nho|ro|co|doc|noi|duoc|phai|can)" +
  "|(?:\\d{1,2}|sau|tam|day) (?:chu )?so)\\b";
const SECRET_SAID = new RegExp(`${NAMED}(?: la\\b| ?[:=])[ :=]*(?!${NO_VALUE})[^ :=]`);
const SECRET_BESIDE = new RegExp(`${NAMED} (?=\\S*[a-z])(?=\\S*[\\d@#$%&*_])[^\\s,.;?!]{6,}|\\bmk \\d{4,8}\\b`);

/**
 * Say whether free text seems to hold a citizen's password, passcode or OTP: a secret's name beside a value
 * ("OTP 428190", "mật khẩu VNeID là hoamai"), or six digits and nothing else. "Bác quên mật khẩu" is fine.
 * @param {string} value
 * @returns {boolean}
 */
export function looksLikeASecret(value) {
  const text = value.normalize("NFC").trim();
  if (SIX_DIGITS.test(text)) return true;
  const folded = fold(text);
  if (SECRET_WORDS.test(folded) && SECRET_DIGITS.test(folded)) return true;
  const bare = unmarked(text).replace(/\s+/g, " ");
  return SECRET_SAID.test(bare) || SECRET_BESIDE.test(bare);
}
