/* Entry of the page 'Gọi tổ hỗ trợ', beside app.js: only this page needs sealing and a database. */

import { askForm, dropDraft } from "./components/ask-form.js";

const form = document.querySelector("form[data-ask]");
const section = document.querySelector("[data-asks]");
if (form instanceof HTMLFormElement && section instanceof HTMLElement) askForm(form, section);
if (document.querySelector("[data-asked]")) dropDraft();
