/**
 * Everything that is said between tabs, pages and the worker, as one tagged union.
 *
 * @typedef {"unconnected" | "starting" | "protected" | "degraded" | "offline" | "suspended" | "ended"} State
 * @typedef {{status: "suspended" | "lapsed", since: string, grace_until: string}} Suspension
 * @typedef {import("./detection/rulebook.js").Rulebook} Rulebook
 * @typedef {import("./policy/decide.js").Policy} Policy
 * @typedef {import("./policy/services.js").Service} Service
 * @typedef {{transport: string, method: string, host?: string, path: string, body: string, text: string[], shared?: boolean, when?: string}} PromptRequest
 * @typedef {{id: string, v: number, service: string, match: string[], editor: string, replace: string, composer: string[], send: string[], fileInput?: string[], submitKeys: string[], fallbackText: string, requests: PromptRequest[], health: {composerWithinMs: number}}} Adapter
 *
 * @typedef {object} Rules What a verified bundle holds for tabs.
 * @property {string} clientName
 * @property {{version: number, etag: string, document: Policy}} policy
 * @property {Service[]} services
 * @property {Adapter[]} adapters
 * @property {Rulebook} rulebook
 * @property {import("./policy/exemptions.js").Exemption[]} exemptions What this person has been granted.
 * @property {import("./detection/custom/custom.js").Custom | null} custom What the client adds to it.
 * @property {Suspension | null} suspension Of the organisation.
 *
 * @typedef {object} EventFinding
 * @property {string} rule
 * @property {string} type
 * @property {string} category
 * @property {string} severity
 * @property {number} start
 * @property {number} end
 * @property {number} confidence
 *
 * @typedef {object} AuditEvent One entry of the queue; there is no field for text.
 * @property {string} event_id
 * @property {string} submission_id
 * @property {"verdict" | "disposition"} entry_kind
 * @property {string} service
 * @property {string} channel
 * @property {number} size
 * @property {import("./policy/decide.js").Action} action
 * @property {string} disposition
 * @property {EventFinding[]} findings
 * @property {number} policy_version
 * @property {string} rulebook_version
 * @property {string} occurred_at
 * @property {boolean} late
 * @property {import("./content/reasons.js").Reason} [reason] Why somebody went on after a warning.
 *
 * @typedef {object} ServerVerdict The answer of POST /api/v1/analyze/prompt.
 * @property {string} submission_id
 * @property {import("./policy/decide.js").Action} action
 * @property {(EventFinding & {reason: string})[]} findings
 * @property {number} policy_version
 * @property {string} rulebook_version
 * @property {string[]} remedies
 * @property {string} message
 * @property {number[]} to_redact
 *
 * @typedef {{t: "state", state: State, hasRules: boolean, clientName: string, isNoticeSeen: boolean, canStop: boolean, now: number}} StateMessage `canStop`: requests can be stopped from outside a page; `now` is the server's time.
 * @typedef {Omit<Rules, "rulebook"> & {rulebook: Rulebook | null}} ToldRules Without the rulebook where a tab has it already.
 * @typedef {{t: "rules", rules: ToldRules}} RulesMessage
 * @typedef {{t: "judged", id: string, verdict: ServerVerdict | null}} JudgedMessage
 * @typedef {{t: "kept", id: string}} KeptMessage An event is stored; the tab need not tell it again.
 * @typedef {{t: "stopped", name: string}} StoppedMessage Something of a frame without room was stopped; the text of this name says so.
 * @typedef {"composer" | "body" | "request" | "page"} Problem The editor, the shape of a body, the address of a prompt are not where an adapter says; the page's own world is not hooked.
 * @typedef {{id: string, v: number, problems: Problem[]}} AdapterHealth
 * @typedef {{t: "health", health: AdapterHealth}} HealthMessage
 * @typedef {{t: "left", id: string, hashes: string[]}} LeftMessage Texts of these hashes may leave the page; "noted" answers where there is an id.
 * @typedef {{t: "noted", id: string}} NotedMessage
 * @typedef {object} Request What became of asking for an exception; `answer` is why it was declined.
 * @property {string} id
 * @property {string} submission_id
 * @property {string} service
 * @property {string[]} kinds
 * @property {string} state
 * @property {number} approvals
 * @property {string} created_at
 * @property {string} answer_until
 * @property {string | null} ends_at
 * @property {string} answer
 * @property {string} hidden The state in which somebody has put it away.
 *
 * @typedef {{t: "asked", id: string, trouble: Trouble | null}} AskedMessage
 * @typedef {{t: "requests", requests: Request[]}} RequestsMessage
 * @typedef {StateMessage | RulesMessage | JudgedMessage | KeptMessage | AskedMessage | RequestsMessage | StoppedMessage | NotedMessage} ToTab
 *
 * @typedef {{t: "judge", id: string, text: string, service: string, channel: string}} JudgeMessage
 * @typedef {{t: "event", event: AuditEvent}} EventMessage
 * @typedef {{t: "obeyed", version: number, rulebookVersion: string}} ObeyedMessage
 * @typedef {{t: "notice-seen"}} NoticeSeenMessage
 * @typedef {{t: "more"}} MoreMessage Somebody wants to read more than the notice says.
 * @typedef {{t: "ask", id: string, submissionId: string, justification: string, words: string}} AskMessage
 * @typedef {{t: "withdraw", request: string}} WithdrawMessage
 * @typedef {{t: "seen", request: string, state: string}} SeenMessage
 * @typedef {JudgeMessage | EventMessage | ObeyedMessage | NoticeSeenMessage | MoreMessage | AskMessage | WithdrawMessage | SeenMessage | StoppedMessage | LeftMessage | HealthMessage} FromTab
 *
 * @typedef {{code: string, detail: string}} Trouble What is wrong: `trouble_CODE` says it, or the server's own sentence.
 *
 * @typedef {{id: string, at: string, action: string, service: string, kinds: string[]}} Decision
 *
 * @typedef {{at: string, path: string, said: unknown}} Sent What was told to the server, as it was told.
 *
 * @typedef {{names: string[], origins: string[], isWatched: boolean}} Beyond AI services on whose pages no script of this copy stands; whether what leaves for them is seen.
 *
 * @typedef {object} Overview What popup and options show.
 * @property {State} state
 * @property {boolean} hasRules
 * @property {string} server
 * @property {string} clientName
 * @property {string} userName
 * @property {number | null} policyVersion
 * @property {string | null} rulebookVersion
 * @property {boolean} canStop Whether requests can be stopped from outside a page.
 * @property {number} unguarded Tabs that were open before we came, and have to be loaded anew.
 * @property {number} waiting Events not yet delivered.
 * @property {Decision[]} recent
 * @property {Sent[]} sent
 * @property {boolean} isShort Whether storage was too full for notes.
 * @property {{host: string, isChecked: boolean}} here The page in front; its host is empty where it is none of our business.
 * @property {string[]} checked Names of the AI services that are checked.
 * @property {Beyond} beyond Those that came with the rules alone.
 * @property {string} contact Whom to speak with, as the policy says.
 * @property {string} graceUntil To when a suspended organisation's browsers go on as ever; else empty.
 * @property {string | null} lastContact
 * @property {Trouble | null} trouble
 *
 * @typedef {{id: string, name: string, state: string, decision: string, endsAt: string | null}} ServiceRequest One request of this person to use an AI service.
 *
 * @typedef {{t: "overview?"} | {t: "enrol", server: string, code: string, email: string} | {t: "sync"} | {t: "notice-seen"} | {t: "services?"} | {t: "ask-service", service: string, reason: string, days: number}} FromPage
 * @typedef {{t: "overview", overview: Overview} | {t: "enrolled"} | {t: "services", requests: ServiceRequest[], names: string[]} | {t: "refused", trouble: Trouble}} ToPage
 */

/** Names of the ports. */
export const TAB = "tab";
export const PAGE = "page";

/** Return a UUID version 7 (RFC 9562, section 5.7). */
export function uuid7() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let milliseconds = Date.now();
  for (let index = 5; index >= 0; index -= 1) {
    bytes[index] = milliseconds % 256;
    milliseconds = Math.floor(milliseconds / 256);
  }
  bytes[6] = 0x70 | (/** @type {number} */ (bytes[6]) & 0x0f);
  bytes[8] = 0x80 | (/** @type {number} */ (bytes[8]) & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
