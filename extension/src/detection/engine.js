/** The detector: every reading of a text, searched for literals, then by rules that can match. */

import { endingsOfMany, isInOtherLetters, isPartOfName, isWholeWord, Words } from "./context.js";
import { Tagger } from "./model/tagger.js";
import { folded } from "./normalise.js";
import { once } from "./once.js";
import { Places } from "./places.js";
import { modelRecognizer } from "./recognizers/model.js";
import { patternRecognizer } from "./recognizers/pattern.js";
import { phoneRecognizer } from "./recognizers/phone.js";
import { topicRecognizer } from "./recognizers/topic.js";
import { wordsRecognizer } from "./recognizers/words.js";
import { gate, held, isChecked, mayStandAlone } from "./rulebook.js";
import { toCodePoints, windowAround, withoutOverlaps, withoutVaguer, worstOfEachSpan } from "./spans.js";
import { readings } from "./unveiling.js";
import { LONGEST_ALONE, verified } from "./verification.js";
import { Where } from "./where.js";

/** @typedef {import("./finding.js").Finding} Finding */
/** @typedef {import("./rulebook.js").Rulebook} Rulebook */
/** @typedef {import("./verification.js").Recognizer} Recognizer */
/** @typedef {import("./views.js").View} View */
/** @typedef {{reading: import("./verification.js").Reading, found: Finding[], waiting: Set<Recognizer>}} Read */

/** Up to this many UTF-16 units a whole text is as quick as a part of it. */
const WHOLE_LENGTH = 2048;

export class Detector {
  /** @param {Rulebook} rulebook */
  constructor(rulebook) {
    this.version = rulebook.version;
    /** @type {Recognizer[]} */
    this.recognizers = rulebook.rules.map((rule) => recognizerOf(rule, rulebook));
    /** Reads names and addresses, made when the first text is read; a server may send none. @type {() => Tagger | null} */
    this.tagger = once(() => (rulebook.model ? new Tagger(rulebook.model) : null));
    /** By rule, the families of which one must be found too. @type {Map<string, string[]>} */
    this.company = new Map(rulebook.rules.flatMap(({ id, company }) => (company ? [[id, company]] : [])));
    /** @type {Map<string, number[]>} */
    const gates = new Map();
    const contextWords = new Set(rulebook.rules.flatMap((rule) => rule.context.words));
    /** @type {number[]} */
    this.ungated = [];
    this.topics = this.recognizers.filter(({ rule }) => rule.topic);
    /** Rules that find a value in a text that is nothing else, with the longest word that it may hold. @type {[number, number][]} */
    this.alone = [];
    rulebook.rules.forEach((rule, number) => {
      const literals = gate(rule);
      if (!literals.length && !rule.topic) this.ungated.push(number);
      const isOpened = rule.literals.length > 0 && !rule.keywords.length; // by what it always holds
      if (mayStandAlone(rule) && !isOpened) this.alone.push([number, rule.longest_word ?? LONGEST_ALONE]);
      for (const literal of literals) {
        const opened = gates.get(literal);
        if (opened) opened.push(number);
        else gates.set(literal, [number]);
      }
    });
    const literals = [...new Set([...contextWords, ...gates.keys()])];
    this.opened = literals.map((literal) => gates.get(literal) ?? []);
    this.numbers = new Map(literals.map((literal, number) => [literal, number]));
    /** By the number of a word, the lists of context words it is on. @type {Record<number, string[][]>} */
    this.wanted = {};
    for (const { context } of rulebook.rules) for (const word of context.words) (this.wanted[/** @type {number} */ (this.numbers.get(word))] ??= []).push(context.words);
    const labels = new Set(rulebook.rules.flatMap(({ context, least_digits: digits }) => (context.need === "label" || (context.need === "word" && digits) ? context.words : [])));
    /** What may follow a word that stands whole. @type {(word: string) => string} */
    this.endingsOf = (word) => (labels.has(word) ? endingsOfMany(word) : "");
    this.places = new Places(literals, contextWords, anywhere(rulebook), this.endingsOf);
  }

  /**
   * Return what the rulebook finds in `text`, without overlaps, in text order, in code points.
   *
   * @param {string} text
   * @param {boolean} [isMarked] Whether the model is asked; else names are found by their labels alone.
   * @returns {Finding[]}
   */
  detect(text, isMarked = true) {
    const read = [...readings(text)].map((view) => this.#read(view, isMarked));
    this.#findBesideOthers(read);
    /** @type {Finding[][]} */
    const found = [];
    for (const { reading, found: every } of read) {
      const some = reading.view.isDecoded ? worstOfEachSpan(every) : every;
      if (reading.view.labels) found[0]?.push(...some); // a text and its labels in words are one
      else found.push(some);
    }
    return withoutOverlaps(...this.#withTopics(this.#inCompany(found.map(withoutVaguer)), /** @type {Read} */ (read[0])));
  }

  /**
   * Return what was found, with what the text speaks of where nothing says so by itself.
   *
   * @param {Finding[][]} found
   * @param {Read} read The text as it stands.
   */
  #withTopics(found, { reading }) {
    const there = kindsOf(found.flat());
    for (const topic of this.topics) {
      const { family, company } = topic.rule;
      if (!there.has(family) && (!company || company.some((name) => there.has(name)))) found[0]?.push(...verified(topic, reading));
    }
    return found;
  }

  /**
   * Let those rules find that waited for others of the text, until nothing is new.
   *
   * @param {Read[]} read
   */
  #findBesideOthers(read) {
    for (let isNew = true; isNew; ) {
      const there = kindsOf(read.flatMap(({ found }) => found));
      isNew = false;
      for (const { reading, found, waiting } of read) {
        for (const recognizer of waiting) {
          if (!recognizer.rule.company?.some((name) => there.has(name))) continue;
          waiting.delete(recognizer);
          this.places.look(reading.words.folded); // again, where another reading was looked at since
          found.push(...verified(recognizer, reading));
          isNew = true;
        }
      }
    }
  }

  /**
   * Return what was found, without what counts only beside something that was not found. A word that was found with
   * it is company enough. What is lonely itself is nobody's company.
   *
   * @param {Finding[][]} found
   */
  #inCompany(found) {
    const all = found.flat();
    const counts = (/** @type {Finding} */ { rule, context }) => context !== null || !lonely.has(rule);
    let lonely = new Set(all.map(({ rule }) => rule).filter((rule) => this.company.has(rule)));
    while (lonely.size) {
      const there = kindsOf(all.filter(counts));
      const left = [...lonely].filter((rule) => !this.company.get(rule)?.some((name) => there.has(name)));
      if (left.length === lonely.size) break;
      lonely = new Set(left);
    }
    return found.map((some) => some.filter(counts));
  }

  /**
   * Look again after a change: at all of a short text, else only around [from, to) in UTF-16 units.
   * For a hint while typing, without the model; what is sent is judged by `detect`.
   *
   * @param {string} text
   * @param {number} from
   * @param {number} to
   * @returns {{start: number, end: number, findings: Finding[]}} Code points; findings outside it stay as they were.
   */
  detectWindow(text, from, to) {
    const points = toCodePoints(text);
    const [first, last] = text.length <= WHOLE_LENGTH ? [0, text.length] : windowAround(text, from, to);
    const start = points(first);
    const findings = this.detect(text.slice(first, last), false).map((finding) => ({ ...finding, start: finding.start + start, end: finding.end + start }));
    return { start, end: points(last), findings };
  }

  /**
   * Return a reading of a text, what is found in it, and the rules that wait: what they find counts beside something
   * else alone, and mostly there is nothing.
   *
   * @param {View} view
   * @param {boolean} isMarked
   * @returns {Read}
   */
  #read(view, isMarked) {
    const plain = (view.folded ??= folded(view.text));
    const { opened, words, parts, where } = this.#prefilter(view.text, plain);
    const marked = once(() => (isMarked && this.tagger()?.tagged(view.text)) || []);
    const reading = { view, text: view.text, words, parts, where, marked };
    /** @type {Finding[]} */
    const found = [];
    /** @type {Set<Recognizer>} */
    const waiting = new Set();
    const labelled = view.labels && words.in(view.labels);
    for (const number of opened) {
      const recognizer = /** @type {Recognizer} */ (this.recognizers[number]);
      const { rule } = recognizer;
      if (labelled && !isLabelled(rule, words, labelled)) continue;
      if (view.isJoined && !isChecked(rule)) continue;
      if (rule.company && !mayCountAlone(rule, words)) waiting.add(recognizer);
      else found.push(...verified(recognizer, reading));
    }
    return { reading, found, waiting };
  }

  /**
   * Return which rules may match at all, in their order, where they may, and where the context words stand.
   *
   * @param {string} text
   * @param {string} plain The text in lower case.
   */
  #prefilter(text, plain) {
    const { places } = this;
    places.look(plain);
    /** Those of the words that a rule wants which are there. @type {Map<string[], string[]>} */
    const there = new Map();
    for (const literal of places.found) {
      for (const wanted of this.wanted[literal] ?? []) {
        const word = /** @type {string} */ (places.automaton.literals[literal]);
        const words = there.get(wanted);
        if (words) words.push(word);
        else there.set(wanted, [word]);
      }
    }
    const startsOf = (/** @type {string} */ word) => places.of(this.numbers.get(word));
    const isWhole = (/** @type {string} */ word, /** @type {number} */ start, endings = "") => isWholeWord(plain, start, start + word.length, isInOtherLetters(word), endings);
    const words = new Words(plain, there, (word) => startsOf(word).filter((start) => isWhole(word, start, this.endingsOf(word))));
    const parts = new Words(plain, there, (word) => startsOf(word).filter((start) => isWhole(word, start) || isPartOfName(text, plain, start, start + word.length)));
    const where = new Where(plain, startsOf, words, parts);
    const opened = new Set(this.ungated);
    for (const literal of places.found) for (const number of /** @type {number[]} */ (this.opened[literal])) opened.add(number);
    if (words.points(plain.length) <= LONGEST_ALONE) {
      const longest = longestWord(plain);
      for (const [number, most] of this.alone) if (most >= longest) opened.add(number);
    }
    const possible = [...opened].filter((number) => {
      const { rule, limits } = /** @type {Recognizer} */ (this.recognizers[number]);
      return where.has(rule, limits);
    });
    return { opened: possible.sort((a, b) => a - b), words, parts, where };
  }
}

/**
 * Return the families and types of findings, which a rule may name as its company.
 *
 * @param {Finding[]} found
 */
const kindsOf = (found) => new Set(found.flatMap(({ family, type }) => [family, type]));

/**
 * Return whether one of its own words may be company enough for what a rule finds.
 *
 * @param {import("./rulebook.js").Rule} rule
 * @param {Words} words
 */
const mayCountAlone = ({ context, recognizer }, words) => recognizer !== "words" && words.hasAny(context.words);

/**
 * Return whether a rule wants a word of one of some labels that were written out.
 *
 * @param {import("./rulebook.js").Rule} rule
 * @param {Words} words
 * @param {Set<string>} labelled
 */
const isLabelled = ({ context }, words, labelled) => context.edges === "whole" && (words.there.get(context.words) ?? []).some((word) => labelled.has(word));

/** @param {string} plain A text in lower case. */
const longestWord = (plain) => (plain.match(/[a-z]+/g) ?? []).reduce((most, { length }) => Math.max(most, length), 0);

/**
 * Return the literals of which it counts where they stand, inside a word too. Of others it is enough that they are there.
 *
 * @param {Rulebook} rulebook
 */
const anywhere = ({ rules }) => new Set(rules.flatMap((rule) => [...(rule.context.edges === "parts" ? rule.context.words : []), ...held(rule)]));

/**
 * @param {import("./rulebook.js").Rule} rule
 * @param {Rulebook} rulebook
 */
function recognizerOf(rule, { phones }) {
  if (rule.recognizer === "phone") return phoneRecognizer(rule, phones);
  if (rule.recognizer === "words") return wordsRecognizer(rule);
  if (rule.topic) return topicRecognizer(rule, rule.topic);
  return rule.recognizer === "model" ? modelRecognizer(rule) : patternRecognizer(rule);
}
