/** Words directly before a value that say it is no secret: a commit, a digest, the id of a request. */

const REACH = 72;
const NAME =
  /(?:\.(?:tgz|git)#|(?<![A-Za-z])(?:commits?|checkout|cherry-pick|rev(?:ision|ert)?|(?:sha-?(?:1|224|256|384|512)?|md5|checksum|digest|hash)(?: (?:of|for)(?: [a-z0-9_./-]{1,24}){1,4})?|etag|integrity|fingerprint|image|layer|blob|tree|parent|build|snapshot|(?:x-)?(?:request|trace|span|correlation|event|message|deploy|deployment|build|job|run|order|transaction|session replay|invocation|activity|operation)[ _-]?id))(?:[ _-](?:id|no|number|hash|sum))?(?: (?:is|was|of))?[ \t"'`:=#(\[<>{/@.-]{0,4}$/i;

/**
 * Return whether such a word stands directly before `start`.
 *
 * @param {string} text
 * @param {number} start
 */
export function isNamedHarmless(text, start) {
  return NAME.test(text.slice(Math.max(0, start - REACH), start));
}
