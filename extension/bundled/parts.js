// Written by `quillgate rules compile` from shared-rules/adapters.
/** @type {Record<string, {paths: string[], requests: string[]} | undefined>} */
globalThis.quillgateParts = {
 "github.com": {
  "paths": [
   "/copilot"
  ],
  "requests": [
   "https://api.individual.githubcopilot.com/github/chat/threads/*/messages",
   "https://api.business.githubcopilot.com/github/chat/threads/*/messages",
   "https://api.enterprise.githubcopilot.com/github/chat/threads/*/messages"
  ]
 },
 "huggingface.co": {
  "paths": [
   "/chat"
  ],
  "requests": [
   "https://huggingface.co/chat/conversation/*"
  ]
 },
 "x.com": {
  "paths": [
   "/i/grok"
  ],
  "requests": [
   "https://x.com/rest/app-chat/conversations/new",
   "https://x.com/rest/app-chat/conversations/*/responses",
   "https://grok.x.com/2/grok/add_response.json"
  ]
 }
}
