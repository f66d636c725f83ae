/** Layers in, the policy that holds out, field by field; the twin of backend/policy/inheritance.py. */

import { documentOf, fieldsOf, groupOf, splitAttribute } from "./fields.js";
import { isAction, isOrdered, stricter } from "./strictness.js";
import { compare } from "./verdict.js";

/** @typedef {import("./taxonomy.js").Taxonomy} Taxonomy */
/** @typedef {import("./fields.js").Fields} Fields */
/** @typedef {{kind: string, id: string, name: string, version: number, author: string}} Origin */
/**
 * @typedef {object} Layer
 * @property {Origin} origin
 * @property {Fields} fields
 * @property {Record<string, string>} locks
 * @property {string[]} [passes] Kinds of layers whose locks do not hold it.
 * @property {Record<string, Origin>} [origins] Who of several groups set a field.
 */
/** @typedef {{field: string, origin: Origin, wished: any, held: any, mode: string, by: Origin}} Refusal */
/** @typedef {{fields: Fields, origins: Record<string, Origin>, guards: Layer[], refused: Refusal[]}} Stack */
/** @typedef {{document: Record<string, any>, provenance: Record<string, {origin: Origin, mode: string, held_by: Origin | null}>, refused: Refusal[], fields: Fields}} Effective */

const KEPT = Symbol("the wish counts for nothing, what is below stays");
const GROUP_LOCKS = ["custom.allowed", "custom.keywords", "custom.patterns", "custom.values", "rules", "entities", "families", "categories"];
const BEFORE_GROUPS = ["platform", "msp_template", "client"];
const AFTER_GROUPS = ["user", "exception"];
/** @type {Record<string, string>} */
const LAST_RESORT = { "remedies.warn": "justify", "remedies.block": "request_exception" };

/**
 * Return the layer of a partial document as the server stores it.
 *
 * @param {Record<string, any>} document
 * @param {Origin} origin
 * @returns {Layer}
 */
export function readLayer({ locks = {}, ...said }, origin) {
  return { origin, fields: fieldsOf(said), locks };
}

/**
 * Return what layers in their order make. Groups count as one layer, the stricter winning.
 *
 * @param {Layer[]} layers
 * @param {Taxonomy} taxonomy
 * @returns {Effective}
 */
export function effective(layers, taxonomy) {
  const known = taxonomy.withOwn(layers.map(({ fields }) => documentOf(fields)));
  const stack = stacked(groupsJoined(layers, known), known);
  const fields = inAgreement(stack.fields);
  const provenance = Object.fromEntries(
    Object.keys(fields).toSorted().map((path) => [path, { origin: /** @type {Origin} */ (stack.origins[path]), ...held(path, stack.guards, known) }]),
  );
  return { document: documentOf(fields), provenance, refused: stack.refused, fields };
}

/**
 * @param {Layer[]} layers
 * @param {Taxonomy} taxonomy
 * @returns {Stack}
 */
export function stacked(layers, taxonomy) {
  /** @type {Stack} */
  const nothing = { fields: {}, origins: {}, guards: [], refused: [] };
  return layers.reduce((below, layer) => laidOver(below, ofLayer(layer), taxonomy), nothing);
}

/**
 * @param {Layer} layer
 * @returns {Stack}
 */
export function ofLayer(layer) {
  const origins = Object.fromEntries(Object.keys(layer.fields).map((path) => [path, originOf(layer, path)]));
  return { fields: layer.fields, origins, guards: [layer], refused: [] };
}

/**
 * Return two stacks as one. It does not matter which of several is laid first.
 *
 * @param {Stack} below
 * @param {Stack} above
 * @param {Taxonomy} taxonomy
 * @returns {Stack}
 */
export function laidOver(below, above, taxonomy) {
  const passes = above.guards.length === 1 ? (above.guards[0]?.passes ?? []) : [];
  const fields = { ...below.fields };
  const origins = { ...below.origins };
  /** @type {Refusal[]} */
  const refused = [];
  for (const [path, wished] of Object.entries(above.fields)) {
    const { value, by } = heldTo(path, wished, below.guards, taxonomy, passes);
    const origin = /** @type {Origin} */ (above.origins[path]);
    if (value === KEPT && by) {
      const kept = below.fields[path] ?? null;
      if (!isSame(kept, wished)) refused.push({ field: path, origin, wished, held: kept, mode: by.mode, by: by.guard.origin });
      continue;
    }
    if (by && !isSame(value, wished)) refused.push({ field: path, origin, wished, held: value, mode: by.mode, by: originOf(by.guard, path) });
    fields[path] = value;
    origins[path] = by && !isSame(value, wished) ? by.guard.origin : origin;
  }
  return { fields, origins, guards: [...below.guards, ...above.guards], refused: [...below.refused, ...refused, ...above.refused] };
}

/**
 * Return the groups of one user as one layer: about each field, the strictest that speaks.
 *
 * @param {Layer[]} groups
 * @param {Taxonomy} taxonomy
 * @returns {Layer}
 */
export function joined(groups, taxonomy) {
  const ordered = groups.toSorted((a, b) => compare(a.origin.id, b.origin.id));
  const first = /** @type {Layer} */ (ordered[0]);
  if (ordered.length === 1) return first;
  /** @type {Fields} */
  const fields = {};
  /** @type {Record<string, string>} */
  const locks = {};
  /** @type {Record<string, Origin>} */
  const origins = {};
  for (const path of [...new Set(ordered.flatMap((layer) => Object.keys(layer.fields)))].toSorted()) {
    const said = ordered.flatMap((layer) => speaking(path, layer, taxonomy).map((name) => ({ layer, value: layer.fields[name] })));
    const value = said.map((one) => one.value).reduce((a, b) => stricter(path, a, b));
    fields[path] = value;
    origins[path] = (said.find((one) => isSame(one.value, value))?.layer ?? first).origin;
    const modes = ordered.flatMap((layer) => speaking(path, layer, taxonomy).map((name) => modeOf(layer, name)));
    if (modes.includes("locked")) locks[path] = "locked";
    else if (modes.includes("floor")) locks[path] = "floor";
  }
  for (const layer of ordered) {
    for (const name of GROUP_LOCKS) if (layer.locks[name]) locks[name] = locks[name] === "locked" ? "locked" : layer.locks[name];
  }
  const origin = {
    kind: "group",
    id: ordered.map((layer) => layer.origin.id).join("+"),
    name: ordered.map((layer) => layer.origin.name).join(" + "),
    version: Math.max(...ordered.map((layer) => layer.origin.version)),
    author: "",
  };
  return { origin, fields, locks, origins };
}

/**
 * @param {Layer[]} layers
 * @param {Taxonomy} taxonomy
 */
function groupsJoined(layers, taxonomy) {
  const of = (/** @type {string[]} */ kinds) => layers.filter((layer) => kinds.includes(layer.origin.kind));
  const groups = of(["group"]);
  return [...of(BEFORE_GROUPS), ...(groups.length ? [joined(groups, taxonomy)] : []), ...of(AFTER_GROUPS)];
}

/**
 * Return the fields of a layer that say something about `path`: itself or the next wider.
 *
 * @param {string} path
 * @param {Layer} layer
 * @param {Taxonomy} taxonomy
 */
function speaking(path, layer, taxonomy) {
  const [setting, attribute] = splitAttribute(path);
  /** @type {Set<string>} */
  const found = new Set();
  for (const chain of taxonomy.chains(setting)) {
    for (const step of chain) {
      const name = step === "default_action" ? (attribute === "on_unavailable" ? "on_unavailable" : step) : attribute ? `${step}.${attribute}` : step;
      if (Object.hasOwn(layer.fields, name) && (name === path || layer.fields[name] !== null)) {
        found.add(name);
        break;
      }
    }
  }
  return [...found];
}

/**
 * Return the value that guards leave of a wish, and the earliest guard that changed it.
 *
 * @param {string} path
 * @param {any} wish
 * @param {Layer[]} guards
 * @param {Taxonomy} taxonomy
 * @param {string[]} passes
 * @returns {{value: any, by: {mode: string, guard: Layer} | null}}
 */
function heldTo(path, wish, guards, taxonomy, passes = []) {
  let value = wish;
  let by = null;
  for (const guard of guards.toReversed()) {
    if (passes.includes(guard.origin.kind)) continue;
    const [kept, mode] = hold(path, value, guard, taxonomy);
    if (!isSame(kept, value)) [value, by] = [kept, { mode, guard }];
    if (value === KEPT) break;
  }
  return { value, by };
}

/**
 * Return what one layer leaves of a later layer's wish.
 *
 * @param {string} path
 * @param {any} wish
 * @param {Layer} guard
 * @param {Taxonomy} taxonomy
 * @returns {[any, string]}
 */
function hold(path, wish, guard, taxonomy) {
  if (isSwitch(path)) return holdSwitch(path, wish, guard);
  const isOwn = Object.hasOwn(guard.fields, path);
  if (!isOwn && isClosed(path, guard)) return [KEPT, "locked"];
  const holding = speaking(path, guard, taxonomy).map((name) => ({ mode: modeOf(guard, name), value: guard.fields[name] })).filter(({ mode }) => mode !== "default");
  if (wish === null && !isOwn) return [null, "default"];
  const values = holding.map(({ value }) => value);
  if (holding.some(({ mode }) => mode === "locked" || !isOrdered(path))) return [values.reduce((a, b) => stricter(path, a, b)), "locked"];
  return [values.reduce((a, b) => stricter(path, a, b), wish), "floor"];
}

/** @param {string} path */
const isSwitch = (path) => path.startsWith("switches.");

/**
 * An MSP's stop holds whoever is below; and observing only would undercut every floor.
 *
 * @param {string} path
 * @param {any} wish
 * @param {Layer} guard
 * @returns {[any, string]}
 */
function holdSwitch(path, wish, guard) {
  const thrown = Object.hasOwn(guard.fields, path) ? guard.fields[path] : null;
  if (thrown?.by === "msp" && wish?.by !== "msp" && !outlasts(wish, thrown)) return [thrown, "floor"];
  const isOwners = guard.origin.kind === "msp_template" && wish?.by === "msp";
  if (wish === null || wish.effect !== "observe" || !locksActions(guard) || isOwners) return [wish, "default"];
  // The mildest that a floor leaves of observing is no stop at all: the rules as ever.
  return [Object.hasOwn(guard.fields, path) ? guard.fields[path] : null, "locked"];
}

/**
 * Return whether a client's own word on a service is no milder than its MSP's.
 *
 * @param {any} wish
 * @param {any} thrown
 */
function outlasts(wish, thrown) {
  if (thrown.effect !== "block") return wish === null || wish.effect === "block";
  return wish !== null && wish.effect === "block" && Date.parse(wish.until) >= Date.parse(thrown.until);
}

/**
 * Return whether a layer lets nobody add to the group that a path is in.
 *
 * @param {string} path
 * @param {Layer} guard
 */
function isClosed(path, guard) {
  const top = groupOf(path);
  const group = top === "custom" ? path.split(".", 2).join(".") : top;
  if (group === path) return false;
  const mode = guard.locks[group] || guard.locks["*"];
  return mode === "locked" || (group === "custom.allowed" && mode === "floor");
}

/**
 * @param {string} path
 * @param {Layer[]} guards
 * @param {Taxonomy} taxonomy
 * @returns {{mode: string, held_by: Origin | null}}
 */
function held(path, guards, taxonomy) {
  /** @type {{mode: string, held_by: Origin | null}} */
  let found = { mode: "default", held_by: null };
  for (const guard of guards) {
    const modes = modesOf(path, guard, taxonomy);
    if (modes.includes("locked")) return { mode: "locked", held_by: originOf(guard, path) };
    if (modes.includes("floor") && !found.held_by) found = { mode: "floor", held_by: originOf(guard, path) };
  }
  return found;
}

/**
 * Return how a layer holds a field; of emergency stops, only an MSP's are held.
 *
 * @param {string} path
 * @param {Layer} guard
 * @param {Taxonomy} taxonomy
 */
function modesOf(path, guard, taxonomy) {
  if (isSwitch(path)) return Object.hasOwn(guard.fields, path) && guard.fields[path]?.by === "msp" ? ["floor"] : [];
  const modes = speaking(path, guard, taxonomy).map((name) => modeOf(guard, name));
  if (!Object.hasOwn(guard.fields, path) && isClosed(path, guard)) modes.push("locked");
  return modes;
}

/**
 * Return fields without what is taken out, and where they contradict, the stricter one.
 *
 * @param {Fields} fields
 */
function inAgreement(fields) {
  const kept = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  const prohibited = kept["services.prohibited"];
  if (prohibited) kept["services.prohibited"] = stricter("services.prohibited", prohibited, kept["services.unapproved"] ?? "flag");
  for (const path of Object.keys(LAST_RESORT)) if (kept[path]?.length === 0) kept[path] = [LAST_RESORT[path]];
  return Object.fromEntries(Object.entries(kept).filter(([path]) => !splitAttribute(path)[1] || Object.hasOwn(kept, splitAttribute(path)[0])));
}

/**
 * Return what a layer leaves to later ones about a field that it sets.
 *
 * @param {Layer} layer
 * @param {string} path
 */
export function modeOf(layer, path) {
  const modes = names(path).flatMap((name) => layer.locks[name] ?? []);
  if (path === "minimum_confidence" && locksActions(layer)) modes.push("floor");
  return modes.includes("locked") ? "locked" : modes.includes("floor") ? "floor" : "default";
}

/** @param {Layer} layer */
const locksActions = (layer) => Object.keys(layer.locks).some((name) => name === "*" || isAction(name));

/** @param {string} path */
function names(path) {
  const parts = path.split(".");
  return ["*", ...parts.map((_, count) => parts.slice(0, count + 1).join("."))];
}

/**
 * @param {Layer} layer
 * @param {string} path
 */
const originOf = (layer, path) => layer.origins?.[path] ?? layer.origin;

/**
 * @param {any} one
 * @param {any} other
 */
function isSame(one, other) {
  return one === other || (typeof one === "object" && typeof other === "object" && one !== null && other !== null && JSON.stringify(sorted(one)) === JSON.stringify(sorted(other)));
}

/** @param {any} value */
const sorted = (value) => (Array.isArray(value) ? value : Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => compare(a, b))));

