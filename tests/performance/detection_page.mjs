// Runs inside Chromium: times the extension's detector, and every rule unfiltered beside it.
import { foundIn } from "/extension/src/content/pieces.js";
import { Detector } from "/extension/src/detection/engine.js";
import { folded, normalise } from "/extension/src/detection/normalise.js";
import { extract } from "/extension/src/documents/extraction.js";
import { compilePattern } from "/extension/src/detection/recognizers/pattern.js";

const PROMPT_LENGTH = 4096;
const KEYSTROKE = 1;
const PASTE_LENGTH = 200_000;
const ROUNDS = 5;
const FILE_LENGTH = 1024 * 1024;
const FILE_ROUNDS = 60;
/** Without a filter every pattern is tried: a tenth of the prompts says enough. */
const FEW = 20;

const load = async (path) => (await fetch(path)).json();

function timed(work) {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function quantiles(times) {
  const ordered = times.toSorted((a, b) => a - b);
  const at = (share) => ordered[Math.min(ordered.length - 1, Math.floor(share * ordered.length))];
  return { p50: at(0.5), p99: at(0.99), max: ordered.at(-1) };
}

/** Join texts, from another place each time, until a prompt is full. */
function prompts(texts, count, length) {
  return Array.from({ length: count }, (_, number) => {
    let prompt = "";
    for (let place = number * 7; prompt.length < length; place += 1) prompt += `${texts[place % texts.length]}\n`;
    return prompt.slice(0, length);
  });
}

function unfiltered(rulebook) {
  const patterns = rulebook.rules.filter(({ recognizer }) => recognizer === "pattern").map(compilePattern);
  return (text) => {
    const normalised = normalise(text).text;
    let matches = folded(normalised).length;
    for (const pattern of patterns) for (const found of normalised.matchAll(pattern)) matches += found[0].length;
    return matches;
  };
}

function rounds(work, inputs, count = ROUNDS) {
  for (const input of inputs) work(input);
  return quantiles(Array.from({ length: count }).flatMap(() => inputs.map((input) => timed(() => work(input)))));
}

/** From the held event to the same event made anew: read, looked through in pieces, put back into an input. */
async function files(detector, text, name, rounds = FILE_ROUNDS) {
  const input = Object.assign(document.createElement("input"), { type: "file" });
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const file = new File([text], name);
    const began = performance.now();
    const { text: read } = await extract(file, name);
    await foundIn(`${name}\n${read}`, (piece) => ({ findings: detector.detect(piece, false), isFinished: true }));
    const data = new DataTransfer();
    data.items.add(file);
    input.files = data.files;
    times.push(performance.now() - began);
  }
  return quantiles(times);
}

export async function measure() {
  const rulebook = { ...(await load("/shared-rules/rulebook.json")), phones: await load("/shared-rules/phones.json"), model: await load("/shared-rules/model.json") };
  const vectors = await load("/shared-rules/vectors/detection/examples.json");
  let detector;
  const built = timed(() => (detector = new Detector(rulebook)));
  const notes = await load("/shared-rules/vectors/detection/notes.json");
  const isSilent = ({ findings }) => !findings.length;
  const textOf = ({ text }) => text;
  const ordinary = prompts(notes.filter(isSilent).map(textOf), 200, PROMPT_LENGTH);
  const nearMisses = prompts(vectors.filter(isSilent).map(textOf), 200, PROMPT_LENGTH);
  const dense = prompts(vectors.map(textOf), 200, PROMPT_LENGTH);
  const first = timed(() => detector.detect(ordinary[0]));
  const pasted = prompts(vectors.map(textOf), 3, PASTE_LENGTH);
  const all = unfiltered(rulebook);
  const blind = { detect: () => [] };
  return {
    rules: rulebook.rules.length,
    "build the detector": { once: built },
    "first prompt": { once: first },
    "4 KB of prose, code and lists": rounds((text) => detector.detect(text), ordinary),
    "4 KB of every rule's near misses": rounds((text) => detector.detect(text), nearMisses),
    "4 KB full of findings": rounds((text) => detector.detect(text), dense),
    "keystroke in 4 KB": rounds((text) => detector.detectWindow(text, 2048, 2048 + KEYSTROKE), ordinary),
    "keystroke in 200,000 characters": rounds((text) => detector.detectWindow(text, 100_000, 100_000 + KEYSTROKE), pasted),
    "200,000 characters full of findings": rounds((text) => detector.detect(text), pasted, 1),
    "1 MB text file, held to released": await files(detector, prompts(notes.filter(isSilent).map(textOf), 1, FILE_LENGTH)[0], "notes.txt"),
    "1 MB text file full of findings": await files(detector, prompts(vectors.map(textOf), 1, FILE_LENGTH)[0], "rows.txt", ROUNDS),
    "yardstick: 1 MB text file, read and put back, not judged": await files(blind, prompts(notes.filter(isSilent).map(textOf), 1, FILE_LENGTH)[0], "notes.txt"),
    "yardstick: prose, every pattern, no filter": rounds(all, ordinary.slice(0, FEW), 1),
    "yardstick: near misses, every pattern, no filter": rounds(all, nearMisses.slice(0, FEW), 1),
  };
}
