/** What became of asking: cards at the edge of the page, until they are put away or nothing is left to say. */

import { button, element, say, typeName } from "./elements.js";

/** @typedef {import("../messages.js").Request} Request */
/** @typedef {{send: ((submission: string) => (() => void) | null), withdraw: (id: string) => void, seen: (id: string, state: string) => void}} Answers */

const MOST_SHOWN = 3;
/** The longest a browser's timer can wait. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

export class Requests {
  /**
   * @param {HTMLElement} edge
   * @param {Answers} answers
   */
  constructor(edge, answers) {
    this.answers = answers;
    this.box = element("div", { className: "requests", role: "status" });
    edge.append(this.box);
    /** @type {Request[]} */
    this.known = [];
    /** @type {Record<string, string>} What a card says now, by the request's id. */
    this.said = {};
  }

  /**
   * Show how these stand; one that stood so before keeps its card, and the focus on it.
   *
   * @param {Request[]} requests
   * @param {(service: string) => string} nameOf
   */
  show(requests, nameOf) {
    this.known = requests;
    this.nameOf = nameOf;
    const now = Date.now();
    const shown = requests.map((one) => ({ ...one, state: stateAt(one, now) })).filter((one) => one.state !== one.hidden && one.state in PARTS);
    const wanted = shown.slice(0, MOST_SHOWN);
    const said = Object.fromEntries(wanted.map((one) => [one.id, JSON.stringify([one.state, one.approvals, Boolean(this.#again(one))])]));
    if (JSON.stringify(said) !== JSON.stringify(this.said)) this.box.replaceChildren(...wanted.map((one) => this.#card(one, nameOf)));
    this.said = said;
    clearTimeout(this.timer);
    const ends = requests.flatMap(({ ends_at }) => (ends_at ? [Date.parse(ends_at) - now] : [])).filter((wait) => wait > 0);
    if (ends.length) this.timer = setTimeout(() => this.show(this.known, nameOf), Math.min(...ends, LONGEST_WAIT_MS));
  }

  /** @param {Request} request */
  #again = ({ state, submission_id }) => (state === "active" ? this.answers.send(submission_id) : null);

  /**
   * @param {Request} request
   * @param {(service: string) => string} nameOf
   */
  #card(request, nameOf) {
    const { id, state } = request;
    const again = this.#again(request);
    const seen = () => this.answers.seen(id, state);
    const ways = [
      ...(again ? [button("send_now", () => (seen(), again()), "main")] : []),
      ...(state === "pending" ? [button("withdraw", () => this.answers.withdraw(id))] : []),
      button("close", seen),
    ];
    for (const way of ways) way.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the editor
    const more = state === "pending" && request.approvals ? [element("p", { textContent: say("request_pending_more") })] : [];
    return element(
      "section",
      { className: `notice request ${state}`, ariaLabel: say(`request_${state}_title`) },
      element("h2", { textContent: say(`request_${state}_title`) }),
      element("p", { textContent: say(`request_${state}_text`, ...(PARTS[state]?.(request, nameOf) ?? [])) }),
      ...more,
      element("div", { className: "ways" }, ...ways),
    );
  }
}

/**
 * Return how a request stands: what was granted ends by itself, whether or not anybody says so.
 *
 * @param {Request} request
 * @param {number} now
 */
export const stateAt = ({ state, ends_at }, now) => (state === "active" && ends_at && Date.parse(ends_at) <= now ? "expired" : state);

/** @param {string} at */
const clock = (at) => new Intl.DateTimeFormat(navigator.language, { hour: "2-digit", minute: "2-digit" }).format(new Date(at));

/** @type {Record<string, (request: Request, nameOf: (service: string) => string) => string[]>} What the sentence of each state is filled with. */
const PARTS = {
  pending: ({ created_at, answer_until }) => [clock(created_at), clock(answer_until)],
  active: ({ ends_at, kinds, service }, nameOf) => [clock(ends_at ?? ""), kinds.map(typeName).join(", ") || nameOf(service), nameOf(service)],
  rejected: ({ answer }) => [answer],
  lapsed: () => [],
  expired: () => [],
  ended: () => [],
};
