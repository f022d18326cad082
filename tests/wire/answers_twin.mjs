/* Reads one answer after the other as the browser does. In: JSON lines {spec, others, answers, today}; out: JSON lines
   {kept} or {rule, values}. For tests/wire/test_answers_twin.py only. */
import { createInterface } from "node:readline";
import { across, read } from "../../static/src/js/components/answer-rules.js";

const rulesOf = ({ type, required, max, days, after, by, numbers, choices }) =>
  ({ type, required, max, days, after, by, numbers, choices: choices?.map(({ code }) => code) });

function judge({ specs, answers, today }) {
  const kept = {};
  for (const spec of specs) {
    const result = read({ ...rulesOf(spec), required: false }, answers[spec.name] ?? "");
    if ("wrong" in result) return { name: spec.name, ...result.wrong };
    kept[spec.name] = result.value;
  }
  for (const spec of specs.filter(({ name }) => kept[name])) {
    const wrong = across(rulesOf(spec), kept[spec.name], kept, today);
    if (wrong) return { name: spec.name, ...wrong };
  }
  return { kept };
}

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(judge(JSON.parse(line))));
