/** A page's line to the worker: one question, one answer. */

import { connect } from "../browser.js";
import { PAGE } from "../messages.js";

/** @typedef {import("../messages.js").FromPage} FromPage */
/** @typedef {import("../messages.js").ToPage} ToPage */

/**
 * Ask once more when the worker is ended before it has answered.
 *
 * @param {FromPage} question
 * @returns {Promise<ToPage>}
 */
export async function ask(question) {
  return (await askOnce(question)) ?? (await askOnce(question)) ?? { t: "refused", trouble: { code: "broken", detail: "" } };
}

/**
 * @param {FromPage} question
 * @returns {Promise<ToPage | null>}
 */
function askOnce(question) {
  return new Promise((resolve) => {
    const port = connect(PAGE);
    port.onMessage.addListener((answer) => {
      resolve(answer);
      port.disconnect();
    });
    port.onDisconnect.addListener(() => resolve(null));
    port.postMessage(question);
  });
}

/** @returns {Promise<import("../messages.js").Overview>} */
export async function overview() {
  const answer = await ask({ t: "overview?" });
  if (answer.t !== "overview") throw new Error("the worker does not answer");
  return answer.overview;
}
